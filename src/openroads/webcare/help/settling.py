"""What came of an answer: which articles and replies were used, and whether people asked again."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from openroads.delivery.models import Delivery
from openroads.webcare.help.models import Article, Use
from openroads.webcare.help.outcomes import WITHIN
from openroads.webcare.models import Case, CaseEvent, Contact, Message
from openroads.webcare.saved.models import SavedReply

LOOK_BACK = timedelta(days=7)
"""How old an answer may be of which it is noted with what it was made."""
AT_ONCE = 500


@transaction.atomic
def note_uses(*, message: Message) -> int:
    """Note with what an answer of ours was made (`helped_by`: "article 12", "reply 3"), each once a
    cycle of a case; returns how many are new. What does not exist (any more) is passed over."""
    numbers: dict[str, set[int]] = {"article": set(), "reply": set()}
    for told in message.helped_by:
        kind, _space, number = str(told).partition(" ")
        if kind in numbers and number.isdecimal() and len(number) < 10:
            numbers[kind].add(int(number))
    articles = Article.objects.filter(number__in=numbers["article"]).values_list("pk", flat=True)
    replies = SavedReply.objects.filter(pk__in=numbers["reply"]).values_list("pk", flat=True)
    told = {
        "case_id": message.case_id,
        "cycle": message.cycle,
        "message": message,
        "at": message.said_at,
    }
    rows = [Use(article_id=one, **told) for one in articles] + [
        Use(reply_id=one, **told) for one in replies
    ]
    before = Use.objects.filter(case=message.case_id, cycle=message.cycle).count()
    Use.objects.bulk_create(rows, ignore_conflicts=True)
    return Use.objects.filter(case=message.case_id, cycle=message.cycle).count() - before


def gather_uses(*, now: datetime) -> int:
    """Note it of every answer of the last days that has left; returns how many uses are new."""
    left = Q(delivery=None) | Q(delivery__state=Delivery.State.SENT)
    rows = Message.objects.filter(
        left, kind=Message.Kind.OURS, taken_back_at=None, said_at__gte=now - LOOK_BACK,
        approval__in=(Message.Approval.NONE, Message.Approval.GIVEN),
    ).exclude(helped_by=[])  # fmt: skip
    return sum(note_uses(message=message) for message in rows.iterator(chunk_size=AT_ONCE))


def settle_uses(*, now: datetime, alive: Callable[[], bool] = lambda: True) -> int:
    """Say of every use whose cycle closed fourteen days ago whether its person asked again; returns of
    how many. Of a case that became part of another nothing can be said: it is left out."""
    edge, settled = now - WITHIN, 0
    waiting = Use.objects.filter(settled_at=None, at__lte=edge).select_related("case__identity")
    for use in waiting.order_by("at", "pk").iterator(chunk_size=AT_ONCE):
        if not alive():
            break
        if use.case.merged_into_id is not None:
            Use.objects.filter(pk=use.pk).update(settled_at=now)
            continue
        closed = _closed_at(use)
        if closed is not None and closed <= edge:
            again = asked_again(use.case, use.cycle, closed)
            Use.objects.filter(pk=use.pk).update(settled_at=now, asked_again=again)
            settled += 1
    return settled


def asked_again(case: Case, cycle: int, closed: datetime) -> bool:
    """Whether somebody of the same contact wrote about it within fourteen days of the closing: in a later
    cycle of the same case, or in a case that shares a topic with it. A cycle that was nothing but
    thanks does not count."""
    words = Message.objects.filter(
        kind=Message.Kind.THEIRS, said_at__gt=closed, said_at__lte=closed + WITHIN,
        case__identity__contact__in=_same_person(case.identity.contact_id),
    ).exclude(case=case, cycle__lte=cycle)  # fmt: skip
    topics = {str(topic) for topic in case.topics or ()}
    rows = list(words.values_list("case", "cycle", "case__topics").distinct())
    meant = {
        (number, which)
        for number, which, about in rows
        if number == case.pk or topics & {str(topic) for topic in about or ()}
    }
    events = CaseEvent.objects.filter(
        type__in=(CaseEvent.Type.THANKS, CaseEvent.Type.REPLIED),
        case__in={number for number, _which in meant},
    ).values_list("type", "case", "cycle")
    told: dict[str, set[tuple[int, int]]] = {
        CaseEvent.Type.THANKS: set(),
        CaseEvent.Type.REPLIED: set(),
    }
    for kind, number, which in events:
        told[kind].add((number, which))
    thanks = told[CaseEvent.Type.THANKS] - told[CaseEvent.Type.REPLIED]
    return bool(meant - thanks)


def _closed_at(use: Use) -> datetime | None:
    closed = CaseEvent.objects.filter(case=use.case_id, cycle=use.cycle, type=CaseEvent.Type.CLOSED)
    moment: datetime | None = closed.aggregate(last=Max("at"))["last"]
    return moment


def _same_person(contact: int) -> set[int]:
    """A contact with everybody that was found to be the same."""
    root, seen = contact, {contact}
    while (
        into := Contact.objects.filter(pk=root).values_list("merged_into", flat=True).first()
    ) and into not in seen:
        root = into
        seen.add(root)
    edge = {root}
    found = {root}
    while edge:
        edge = (
            set(Contact.objects.filter(merged_into__in=edge).values_list("pk", flat=True)) - found
        )
        found |= edge
    return found
