"""Telling the programs of others what becomes of cases: numbers and moments, never a word or a name of people outside.

It is read off the log once a minute, not told while it happens: an answer may be taken back, or not leave, and
what a program was told cannot be taken back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from openroads.delivery.hooks import tell_hooks
from openroads.delivery.models import Delivery, Endpoint
from openroads.directory.people import system_person
from openroads.webcare.models import Case, CaseEvent, Message

OPENED, ANSWERED, CLOSED = "case.opened", "case.answered", "case.closed"
EVENTS = (OPENED, ANSWERED, CLOSED)
TOLD_AFTERWARDS = timedelta(days=1)
"""What happened while nobody worked is still told for so long."""


@dataclass(frozen=True)
class Telling:
    """One thing to be told: what, when it happened, and the deed by which it is told once."""

    event: str
    case: Case
    at: datetime
    deed: str
    cycle: int


def tell_cases(*, now: datetime) -> int:
    """Tell every endpoint that asked what was opened, answered and closed; returns how many things that
    were. Once each, however often it is looked."""
    asking = [one for one in Endpoint.objects.filter(is_on=True, ended_at=None) if set(one.events) & set(EVENTS)]  # fmt: skip
    if not asking:
        return 0
    # Of what was before anybody asked nobody is told.
    since = max(now - TOLD_AFTERWARDS, min(one.made_at for one in asking))
    wanted = {event for one in asking for event in one.events}
    known = set(
        Delivery.objects.filter(kind=Delivery.Kind.HOOK, subject__in=EVENTS, made_at__gte=since)
        .values_list("deed", flat=True)
    )  # fmt: skip
    told = 0
    for telling in _tellings(since):
        askers = [one for one in asking if telling.event in one.events]
        if telling.event not in wanted or all(f"hook {one.pk} {telling.deed}" in known for one in askers):  # fmt: skip
            continue
        tell_hooks(by=system_person(), event=telling.event, deed=telling.deed, facts=facts_of(telling))  # fmt: skip
        told += 1
    return told


def facts_of(telling: Telling) -> dict[str, object]:
    """What a program is told: ids, the network, the kind, the team, moments and the address in the house."""
    case = telling.case
    return {
        "case": case.pk,
        "cycle": telling.cycle,
        "network": case.network,
        "kind": case.kind,
        "team": case.team.name if case.team is not None else None,
        "at": telling.at.isoformat(),
        "opened_at": case.opened_at.isoformat(),
        "first_reply_at": case.first_reply_at.isoformat() if case.first_reply_at else None,
        "closed_at": case.closed_at.isoformat() if case.closed_at else None,
        "ending": case.ending or None,
        "url": f"{settings.OPENROADS.url.rstrip('/')}{reverse('webcare:case', args=(case.pk,))}",
    }


def _tellings(since: datetime) -> Iterator[Telling]:
    """Everything since a moment that stands, oldest first within its kind."""
    began = CaseEvent.objects.filter(
        type__in=(CaseEvent.Type.OPENED, CaseEvent.Type.REOPENED), at__gte=since
    )
    for event in began.select_related("case__team").order_by("at", "pk"):
        yield Telling(OPENED, event.case, event.at, f"case {event.case_id} opened {event.cycle}", event.cycle)  # fmt: skip
    elsewhere = Q(delivery=None, received_at__gte=since, approval=Message.Approval.NONE)
    left = Q(delivery__state=Delivery.State.SENT, delivery__sent_at__gte=since)
    ours = Message.objects.filter(elsewhere | left, kind=Message.Kind.OURS, taken_back_at=None)
    for message in ours.select_related("case__team", "delivery").order_by("pk"):
        sent_at = message.delivery.sent_at if message.delivery is not None else None
        yield Telling(ANSWERED, message.case, sent_at or message.received_at, f"case message {message.pk} answered", message.cycle)  # fmt: skip
    for case in _closed(since):
        assert case.closed_at is not None
        yield Telling(CLOSED, case, case.closed_at, f"case {case.pk} closed {case.cycle}", case.cycle)  # fmt: skip


def _closed(since: datetime) -> list[Case]:
    """The cases closed for good: no answer of theirs is still on its way or can be taken back."""
    on_its_way = Message.objects.filter(
        kind=Message.Kind.OURS, taken_back_at=None,
        delivery__state__in=(*Delivery.WAITING, Delivery.State.SENDING),
    ).values("case")  # fmt: skip
    rows = Case.objects.filter(state=Case.State.CLOSED, closed_at__gte=since)
    return list(rows.exclude(pk__in=on_its_way).select_related("team").order_by("closed_at", "pk"))
