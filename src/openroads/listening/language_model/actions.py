"""Allowing a source to be read by a language model, having a label written, and saying whether it is right."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from openroads.analysis.sentences import as_json
from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.explore import newest_posts
from openroads.archive.queries.gap import Term
from openroads.archive.queries.gap import terms as terms_of
from openroads.archive.queries.posts import Quote
from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.http import Guarded
from openroads.connectors.language_model import (
    MOST_WRITTEN,
    ModelServer,
    NothingWritten,
    Question,
    Reply,
    Written,
    ask,
    read_written,
)
from openroads.connectors.sentences import Sentence, say
from openroads.delivery.jobs import enqueue
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening.drilling import telling
from openroads.listening.language_model import policy, queries
from openroads.listening.language_model.models import (
    AllowedSource,
    LabelVerdict,
    ModelMonth,
    WrittenFrom,
    WrittenLabel,
)
from openroads.listening.models import MonthTheme, Source
from openroads.listening.sight.seeing import unnamed
from openroads.listening.themes.page import month_filter

WRITE = "listening.write_label"
GLANCE, MOST, FEWEST = 60, 20, 5
"""Posts looked at, sent at most, and needed at least."""
LONGEST = 400
"""Characters of a post that are sent."""
_NUMBER = re.compile(r"(?<!\w)(?:\+|[A-Z]{2}(?=\d{2}))?\d(?:[\s.\-/()]?[A-Z]{0,4}\d){6,}")


@transaction.atomic
def allow_source(*, by: Person, source: Source) -> AllowedSource:
    """Let posts of a source be sent to the language model, without names. Raises Refused when no model is
    set, or when the network's terms keep its posts in the house."""
    directory_policy.require(by, policy.may_allow_sources)
    asked = _server()
    if queries.stays(source):
        raise Refused(say("The terms of this network keep its posts in the house."))
    row, made = AllowedSource.objects.get_or_create(source=source, defaults={"by": by})
    if made:
        trail.record(by, "let a language model read a source", source, model=asked.name, at=asked.host)  # fmt: skip
    return row


@transaction.atomic
def stop_source(*, by: Person, source: Source) -> None:
    """Send nothing of a source any more; what was written stays."""
    directory_policy.require(by, policy.may_allow_sources)
    if AllowedSource.objects.filter(source=source).delete()[0]:
        trail.record(by, "let no language model read a source", source)


@transaction.atomic
def ask_label(*, by: Person, theme: MonthTheme) -> WrittenLabel:
    """Have a label of a theme written. Raises Refused when no model is set or no source is allowed; one
    that waits already is given back."""
    directory_policy.require(by, policy.may_ask_label)
    asked = _server()
    if not queries.allowed_sources():
        raise Refused(say("No source may be read by the language model; an administrator says which may."))  # fmt: skip
    mine = WrittenLabel.objects.filter(brand=theme.brand_id, month=theme.month, line=theme.line)
    waiting = mine.filter(state=WrittenLabel.State.WAITING).first()
    if waiting is not None:
        return waiting
    written = WrittenLabel.objects.create(
        brand_id=theme.brand_id,
        month=theme.month,
        line=theme.line,
        words=queries.told_by(theme),
        language=by.language or settings.LANGUAGE_CODE,
        written_by=queries.written_by(asked),
        by=by,
    )
    trail.record(by, "asked a language model for a label", written, month=theme.month.isoformat())
    enqueue(WRITE, key=f"label-{written.pk}", by=by, written_id=written.pk)
    return written


def write_label(*, written: WrittenLabel, client: Guarded) -> WrittenLabel:
    """Ask the language model once and keep what it wrote, or why not. It is never asked twice for one
    label: whoever wants another try asks again, and sees what the first one cost."""
    if written.state != WrittenLabel.State.WAITING:
        return written
    if written.posts:  # a worker died on the way: nobody knows whether it was written
        return _failed(written, say("The house stopped while it waited for the answer; it is counted in full."))  # fmt: skip
    try:
        asked = _server()
        found = _posts(written)
        question = Question(_words(written), [sent(post) for post in found], written.language)
        most = asked.cost(question.most_tokens(), MOST_WRITTEN)
        now = timezone.now()
        _count(written, [post.id for post in found], most, now)
    except Refused as refused:
        return _failed(written, refused.why)
    return _asked(written, client, asked, question, most, now)


def _asked(
    written: WrittenLabel,
    client: Guarded,
    asked: ModelServer,
    question: Question,
    most: Decimal,
    now: datetime,
) -> WrittenLabel:
    try:
        reply = ask(client, asked, question)
    except NothingWritten as refused:
        return _failed(written, refused.why, back=most, now=now)
    except (Refused, TryLater) as fault:
        return _failed(written, fault.why)  # nobody knows what it did: the worst case stands
    back = most - _used(asked, reply, question)
    try:
        told = read_written(reply.text)
    except Refused as refused:
        return _failed(written, refused.why, back=back, now=now)
    return _kept(written, told, back, now)


def _used(asked: ModelServer, reply: Reply, question: Question) -> Decimal:
    """What it cost by the server's own count; what it does not tell counts as the worst case."""
    tokens_in = question.most_tokens() if reply.tokens_in is None else reply.tokens_in
    tokens_out = MOST_WRITTEN if reply.tokens_out is None else reply.tokens_out
    return asked.cost(tokens_in, tokens_out)


def _posts(written: WrittenLabel) -> list[Quote]:
    """Posts of the theme from allowed sources, one a person, without names."""
    allowed = queries.allowed_sources()
    if not allowed:  # an empty choice would let all through
        raise Refused(say("No source may be read by the language model; an administrator says which may."))  # fmt: skip
    for count in (2, 1):
        found = telling(newest_posts(archive(), _sieve(written, count, allowed), limit=GLANCE), MOST)  # fmt: skip
        if len(found) >= FEWEST:
            return unnamed().posts(found)
    raise Refused(
        say(
            "Fewer than {n} people wrote posts with these words in sources that may be read; nothing was sent.",
            n=FEWEST,
        )
    )


def _sieve(written: WrittenLabel, count: int, allowed: Sequence[int]) -> Sieve:
    theme = MonthTheme(brand_id=written.brand_id, month=written.month)
    scope = month_filter(theme, written.brand_id, ()).scope
    return replace(Sieve(scope), terms=tuple(written.words[:count]), sources=tuple(allowed))


def _words(written: WrittenLabel) -> list[str]:
    shown: dict[int, Term] = {term.id: term for term in terms_of(archive(), written.words)}
    return [shown[term].shown for term in written.words if term in shown]


def sent(post: Quote) -> str:
    """What leaves the house of a post without names: its words, capped, without long numbers."""
    whole = f"{post.title}\n{post.text}" if post.title else post.text
    return _NUMBER.sub("#", whole)[:LONGEST]


@transaction.atomic
def _count(written: WrittenLabel, posts: Sequence[int], most: Decimal, now: datetime) -> None:
    """Count the worst case before anything is sent. Raises Refused, and counts nothing, when this month's
    budget does not reach for it."""
    budget = settings.OPENROADS.language_model_budget or Decimal(0)
    ModelMonth.objects.get_or_create(begins_on=queries.month_of(now))
    month = ModelMonth.objects.select_for_update().get(begins_on=queries.month_of(now))
    if month.money + most > budget:
        raise Refused(
            say(
                "The budget of this month, {budget} {currency}, does not reach for another question ({most} at most); {spent} is spent.",
                budget=f"{budget:.2f}", currency=settings.OPENROADS.language_model_currency,
                most=f"{most:.4f}", spent=f"{month.money:.4f}",
            )
        )  # fmt: skip
    month.money, month.questions = month.money + most, month.questions + 1
    month.save(update_fields=["money", "questions"])
    written.posts, written.cost = len(posts), most
    written.save(update_fields=["posts", "cost"])
    WrittenFrom.objects.bulk_create(WrittenFrom(label=written, post=post) for post in posts)


@transaction.atomic
def _kept(written: WrittenLabel, told: Written, back: Decimal, now: datetime) -> WrittenLabel:
    _give_back(written, back, now)
    written.state, written.label, written.summary = WrittenLabel.State.WRITTEN, told.label, told.summary  # fmt: skip
    written.answered_at = timezone.now()
    if WrittenFrom.objects.filter(label=written).count() < written.posts:
        # A post was erased while the model wrote of it.
        written.state, written.label, written.summary = WrittenLabel.State.FAILED, "", ""
        written.why = {"why": as_json(say("A post it was written from was erased meanwhile."))}
    written.save()
    return written


@transaction.atomic
def _failed(
    written: WrittenLabel,
    why: str | Sentence,
    back: Decimal = Decimal(0),
    now: datetime | None = None,
) -> WrittenLabel:
    if now is not None:
        _give_back(written, back, now)
    written.state, written.why = WrittenLabel.State.FAILED, {"why": as_json(why)}
    written.answered_at = timezone.now()
    written.save()
    return written


def _give_back(written: WrittenLabel, back: Decimal, now: datetime) -> None:
    """Count what it came to in the place of the worst case: in the month it was counted in."""
    month = ModelMonth.objects.filter(begins_on=queries.month_of(now))
    month.update(money=F("money") - back)
    written.cost -= back


@transaction.atomic
def judge_label(*, by: Person, written: WrittenLabel, right: bool) -> LabelVerdict:
    """Say whether a label and its summary are right; saying it again changes one's mind."""
    directory_policy.require(by, policy.may_judge_label)
    verdict, _made = LabelVerdict.objects.update_or_create(
        label=written, by=by, defaults={"right": right}
    )
    trail.record(by, "judged a written label", written, right=right)
    return verdict


def forget_written(*, posts: Sequence[int]) -> int:
    """Delete every label that was written from these posts, which are erased; returns how many."""
    labels = WrittenLabel.objects.filter(written_from__post__in=list(posts))
    waiting = labels.filter(state=WrittenLabel.State.WAITING).values_list("pk", flat=True)
    WrittenFrom.objects.filter(label__in=list(waiting), post__in=list(posts)).delete()
    gone = WrittenLabel.objects.filter(
        pk__in=list(labels.exclude(state=WrittenLabel.State.WAITING).values_list("pk", flat=True))
    )
    return gone.delete()[1].get("listening.WrittenLabel", 0)


def _server() -> ModelServer:
    asked = queries.server()
    if asked is None:
        raise Refused(say("No language model is set (OPENROADS_LANGUAGE_MODEL_URL)."))
    return asked
