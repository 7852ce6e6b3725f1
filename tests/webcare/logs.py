"""Cases with a log written by hand: what happened when, in minutes after a Monday morning at nine."""

from datetime import UTC, datetime, timedelta
from typing import Any

from openroads.webcare.happening import Actor, Type, happened
from openroads.webcare.models import Case, Contact, Identity

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""Nine o'clock in Amsterdam."""
FRIDAY_AT_HALF_PAST_FOUR = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
ACTORS = {"we": Actor.HUMAN, "rule": Actor.RULE, "house": Actor.HOUSE, "they": Actor.CUSTOMER}


def after(minutes: float, since: datetime = MONDAY) -> datetime:
    """A moment in minutes after Monday at nine."""
    return since + timedelta(minutes=minutes)


def a_case(
    *lines: tuple[float, str, str],
    since: datetime = MONDAY,
    cycle: int = 1,
    of: Case | None = None,
    contact: Contact | None = None,
    **told: Any,
) -> Case:
    """A case with this log: `a_case((0, "came_in", "they"), (30, "replied", "we"))`; "closed spam" is an
    ending. With `of` its lines come after those of a case, in another cycle."""
    n = Case.objects.count() + 1
    network = told.pop("network", "bluesky")
    if of is None:
        identity = Identity.objects.create(
            contact=contact or Contact.objects.create(), network=network, author=1000 + n
        )
        of = Case.objects.create(
            identity=identity,
            network=network,
            source=7,
            thread=f"thread-{n}",
            opened_at=since,
            **told,
        )
    of.cycle = cycle
    of.state, of.closed_at, of.ending = Case.State.TODO, None, ""
    for minutes, said, who in lines:
        type, _space, ending = said.partition(" ")
        more = {"ending": ending} if ending else {}
        happened(of, type, at=after(minutes, since), actor=ACTORS[who], **more)
        if type == Type.CLOSED:
            of.state, of.closed_at, of.ending = Case.State.CLOSED, after(minutes, since), ending
        elif type == Type.WAITS:
            of.state = Case.State.WAITING
        elif type == Type.CAME_IN:
            of.state = Case.State.TODO
    of.save()
    return of
