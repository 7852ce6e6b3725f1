"""Writing down what happens in a case, once for every figure that is ever made of it."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from openroads.directory.models import Person
from openroads.webcare.models import Case, CaseEvent, Message

Actor = CaseEvent.Actor
Type = CaseEvent.Type


def happened(
    case: Case,
    type: str,
    /,
    *,
    by: Person | None = None,
    actor: str = "",
    at: datetime | None = None,
    message: Message | None = None,
    **data: Any,
) -> CaseEvent:
    """Append to the log of a case; the team is the one it is in at this moment. Without `actor` it is the
    person, or the house where that is the system person or nobody."""
    human = by is not None and not by.is_system
    return CaseEvent.objects.create(
        case=case, cycle=case.cycle, type=type, at=at or timezone.now(),
        actor=actor or (Actor.HUMAN if human else Actor.HOUSE), by=by if human else None,
        team_id=case.team_id, network=case.network, message=message, data=data,
    )  # fmt: skip
