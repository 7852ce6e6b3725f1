"""The inbox and one case as the pages say them: rows, the stream of what was said and done, words for both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.archive.queries.cases import Collected, Said
from openroads.delivery.models import Delivery
from openroads.directory.company import Product
from openroads.directory.models import Person
from openroads.ui.formats import moment, number
from openroads.ui.networks import network_word
from openroads.webcare.belonging import is_false
from openroads.webcare.clocks import showing
from openroads.webcare.clocks.queries import Book, hours_book
from openroads.webcare.clocks.words import length_words
from openroads.webcare.models import Case, CaseEvent, Message
from openroads.webcare.networks import MAIL
from openroads.webcare.words import mark_of

SNIPPET = 160
STATE = Delivery.State


@dataclass(frozen=True)
class Clock:
    """How long is left, in few words; `how` is empty, soon or late."""

    words: str
    how: str = ""
    promised: showing.Clock | None = None


@dataclass(frozen=True)
class Row:
    """One case in a queue."""

    case: Case
    name: str
    snippet: str
    language: str
    removed: bool
    clock: Clock
    network: str
    about: str
    tail: str
    is_false: bool = False


@dataclass(frozen=True)
class Entry:
    """One thing in the stream of a case: `kind` is theirs, other, ours, note or event."""

    kind: str
    at: datetime
    who: str = ""
    post: Collected | None = None
    message: Message | None = None
    lines: Sequence[str] = ()
    state: str = ""
    how: str = ""
    is_settled: bool = True
    may_approve: bool = False
    url: str = ""
    sender: str = ""
    is_false: bool = False


@dataclass
class CasePage:
    """All that the page of one case shows, beside its forms."""

    name: str
    handle: str
    network: str
    entries: Sequence[Entry]
    clock: Clock
    about: str
    mood: Collected | None
    removed: bool
    past: Sequence["Past"] = ()
    insights: Sequence[Any] = ()
    others: str = ""
    claim: str = ""

    @property
    def mark(self) -> str:
        """The address of their last word in the listening room."""
        return mark_of(self.mood) if self.mood is not None else ""


@dataclass(frozen=True)
class Past:
    """An earlier case with the same person."""

    case: Case
    about: str
    ended: str


@dataclass(frozen=True)
class Known:
    """What many cases are told with, read once for a page: names of products, and opening hours."""

    products: Mapping[int, str]
    hours: Book


def known_for(cases: Sequence[Case]) -> Known:
    """What is needed to tell these cases; asks nothing for none."""
    products = product_names({case.product for case in cases if case.product is not None})
    runs = any(case.due_at is not None and case.state == Case.State.TODO for case in cases)
    return Known(products, hours_book() if runs else Book((), {}))


def rows(
    cases: Sequence[Case], words: Mapping[int, Said], now: datetime, known: Known | None = None
) -> list[Row]:
    """Cases of a queue as rows; `words` are their last words by case, those that are gone absent."""
    known = known or known_for(cases)
    return [_row(case, words.get(case.pk), known, now) for case in cases]


def name_of(post: Collected | Said | None) -> str:
    """What a person is called; somebody whose posts are gone has no name any more."""
    if post is None:
        return _("Somebody whose posts are gone")
    return post.author_name or post.author or _("Somebody without a name")


def product_names(products: set[int]) -> dict[int, str]:
    """Names of products by their number; asks nothing for none."""
    if not products:
        return {}
    return dict(Product.objects.filter(pk__in=products).values_list("pk", "name"))


def about_words(case: Case, products: Mapping[int, str]) -> str:
    """What a case is about, in two words: "Kade, question"."""
    kind = {
        "question": _("question"), "complaint": _("complaint"), "praise": _("praise"),
    }.get(case.intent, "")  # fmt: skip
    return ", ".join(part for part in (products.get(case.product or 0, ""), kind) if part)


def clock_of(case: Case, now: datetime, known: Book | None = None) -> Clock:
    """What stands at the right of a row: what is left of its time, or why no time runs. A list hands in the
    opening hours, read once."""
    if case.state == Case.State.SNOOZED and case.snoozed_until is not None:
        return Clock(_("back %(when)s") % {"when": soon(case.snoozed_until, now)})
    if case.state == Case.State.CLOSED and case.closed_at is not None:
        return Clock(moment(case.closed_at, now))
    if case.state == Case.State.WAITING:
        return Clock(_("waits for them"))
    if case.due_at is not None:
        shown = showing.clock_of(case, now, known)
        return Clock(shown.words, shown.tone, shown)
    if case.waiting_since is not None:
        return Clock(
            _("%(time)s waiting") % {"time": length_words(now - case.waiting_since, days=True)}
        )
    return Clock(_("no clock"))


def soon(when: datetime, now: datetime) -> str:
    """A moment to come: "09:40", "tomorrow 09:40", "4 December"."""
    local, today = timezone.localtime(when), timezone.localdate(now)
    clock = f"{local:%H:%M}"
    days = (local.date() - today).days
    if days == 0:
        return clock
    if days == 1:
        return _("tomorrow %(time)s") % {"time": clock}
    return moment(when, now)


def case_page(
    case: Case,
    messages: Sequence[Message],
    posts: Mapping[int, Collected],
    around: Sequence[Collected],
    events: Sequence[CaseEvent],
    person: Person,
    now: datetime,
    known: Known,
) -> CasePage:
    """One case: who it is, and everything said and done, in its order."""
    theirs = [
        posts[one.post] for one in messages if one.kind == Message.Kind.THEIRS and one.post in posts
    ]
    last = theirs[-1] if theirs else None
    entries = [_said(one, posts, person, now) for one in messages if one.taken_back_at is None]
    entries += [Entry("other", post.published_at, name_of(post), post) for post in around]
    entries += [Entry("event", at, lines=[line]) for at, line in _events(events)]
    entries.sort(key=lambda entry: entry.at)
    claim = ""
    holder = case.held_by(now)
    if holder is not None and case.claimed_at is not None:
        when = moment(case.claimed_at, now)
        claim = (
            _("Claimed by you, %(when)s") % {"when": when}
            if holder.pk == person.pk
            else _("Claimed by %(name)s, %(when)s") % {"name": holder, "when": when}
        )
    return CasePage(
        name=name_of(last),
        handle=last.author if last is not None and last.author_name else "",
        network=network_word(case.network),
        entries=_folded(entries),
        clock=clock_of(case, now, known.hours),
        about=about_words(case, known.products),
        mood=last,
        removed=last is None,
        claim=claim,
    )


def past_of(cases: Sequence[Case], now: datetime, known: Known | None = None) -> list[Past]:
    """Earlier cases with somebody, newest first."""
    products = (known or known_for(cases)).products
    return [
        Past(
            case,
            about_words(case, products) or network_word(case.network),
            moment(case.closed_at or case.opened_at, now),
        )
        for case in cases
    ]


def sender_words(post: Collected | None) -> str:
    """What is known of who sent a mail, where there is something to say."""
    if post is None or post.network != MAIL or post.proven:
        return ""
    if is_false(post):
        return _("The sender’s address was not proven: this may be somebody else.")
    return _("Nobody checked whether the sender’s address is theirs.")


def state_words(message: Message, now: datetime) -> tuple[str, str]:
    """What became of something we said, and how that looks (empty, soon, late)."""
    if message.approval == Message.Approval.ASKED:
        return _("waits for a second person"), "soon"
    if message.approval == Message.Approval.REFUSED:
        return _("sent back: %(why)s") % {"why": message.approval_why}, "late"
    delivery = message.delivery
    if delivery is None:
        return (_("answered at the network itself"), "") if message.elsewhere_url else ("", "")
    if delivery.state in (STATE.DUE, STATE.SENDING):
        left = delivery.due_at - now
        if left > timedelta(0):
            seconds = max(int(left.total_seconds()) + 1, 1)
            return (
                ngettext("leaves in %(n)s second", "leaves in %(n)s seconds", seconds)
                % {"n": number(seconds)},
                "",
            )
        return _("on its way"), ""
    if delivery.state == STATE.RETRY:
        return _("did not get through yet, tried again %(when)s") % {"when": soon(delivery.due_at, now)}, "soon"  # fmt: skip
    if delivery.state == STATE.SENT:
        return _("sent %(when)s") % {"when": moment(delivery.sent_at, now)}, ""
    if delivery.state == STATE.REFUSED:
        return _("refused: %(why)s") % {"why": delivery.last_error}, "late"
    if delivery.state == STATE.NEEDS_A_LOOK:
        return _("nobody knows whether it arrived: look at the network"), "late"
    if delivery.state == STATE.LEFT:
        return _("let be, and not sent again"), "late"
    return _("taken back"), ""


def is_settled(message: Message) -> bool:
    """Whether nothing more happens to it by itself."""
    moving = (STATE.DUE, STATE.SENDING, STATE.RETRY)
    return message.delivery is None or message.delivery.state not in moving


def _row(case: Case, post: Said | None, known: Known, now: datetime) -> Row:
    text = " ".join((post.text or post.title).split()) if post is not None else ""
    tail = str(case.assignee) if case.assignee is not None else ""
    holder = case.held_by(now)
    if not tail and holder is not None:
        tail = str(holder)
    return Row(
        case=case,
        name=name_of(post),
        snippet=text[:SNIPPET],
        language=post.language if post is not None and post.language != "und" else "",
        removed=post is None,
        clock=clock_of(case, now, known.hours),
        network=network_word(case.network),
        about=about_words(case, known.products),
        tail=tail,
        is_false=post is not None and is_false(post),
    )


def _said(one: Message, posts: Mapping[int, Collected], person: Person, now: datetime) -> Entry:
    post = posts.get(one.post) if one.post is not None else None
    if one.kind == Message.Kind.THEIRS:
        return Entry(
            "theirs", one.said_at, name_of(post), post, one, sender=sender_words(post),
            is_false=post is not None and is_false(post),
        )  # fmt: skip
    if one.kind == Message.Kind.NOTE:
        return Entry("note", one.said_at, str(one.by or ""), message=one)
    state, how = state_words(one, now)
    delivery = one.delivery
    who = str(one.by) if one.by is not None else _("A colleague, at the network itself")
    return Entry(
        "ours", one.received_at, who, post, one, state=state, how=how,
        is_settled=is_settled(one),
        may_approve=one.approval == Message.Approval.ASKED and one.by_id != person.pk,
        url=(delivery.receipt_url if delivery is not None else "") or one.elsewhere_url,
    )  # fmt: skip


SEEN_OTHERWISE = (
    CaseEvent.Type.CAME_IN, CaseEvent.Type.REPLIED, CaseEvent.Type.NOTED, CaseEvent.Type.WAITS,
    CaseEvent.Type.APPROVAL, CaseEvent.Type.FAILED,
)  # fmt: skip
"""What stands in the stream as a message, and needs no line of its own."""


def _events(events: Sequence[CaseEvent]) -> list[tuple[datetime, str]]:
    return [
        (event.at, f"{timezone.localtime(event.at):%H:%M} {event_words(event)}")
        for event in events
        if event.type not in SEEN_OTHERWISE
    ]


def event_words(event: CaseEvent) -> str:
    """What happened, as a short sentence with who."""
    who = {
        CaseEvent.Actor.HUMAN: str(event.by or _("A colleague")),
        CaseEvent.Actor.RULE: _("A rule"),
        CaseEvent.Actor.CUSTOMER: _("They"),
    }.get(CaseEvent.Actor(event.actor), "Openroads")
    return _("%(who)s %(did)s.") % {"who": who, "did": event.get_type_display()}


def _folded(entries: Sequence[Entry]) -> list[Entry]:
    """Events that follow each other become one grey line."""
    folded: list[Entry] = []
    for entry in entries:
        if entry.kind == "event" and folded and folded[-1].kind == "event":
            last = folded[-1]
            folded[-1] = Entry("event", last.at, lines=[*last.lines, *entry.lines])
        else:
            folded.append(entry)
    return folded


def tone_of(post: Collected | None) -> dict[str, Any]:
    """Tone and mood of a post for the small line that shows them."""
    return {"tone": post.tone, "mood": post.mood} if post is not None else {}
