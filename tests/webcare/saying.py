"""What happens in a case, written down as the inbox does: their words, ours, closing, asking again."""

from datetime import datetime
from typing import Any

from openroads.webcare.happening import Type, happened
from openroads.webcare.models import Case, Message


def theirs(case: Case, at: datetime, *, post: int) -> Message:
    """A word of theirs."""
    message = _say(case, Message.Kind.THEIRS, at, post=post)
    happened(case, Type.CAME_IN, actor="customer", at=at, message=message)
    return message


def ours(
    case: Case, at: datetime, *, by: Any, helped_by: tuple[str, ...] = (), text: str = ""
) -> Message:
    """An answer of ours that has left."""
    message = _say(case, Message.Kind.OURS, at, by=by, helped_by=list(helped_by), text=text)
    happened(case, Type.REPLIED, by=by, actor="human", at=at, message=message)
    return message


def close(case: Case, at: datetime, *, by: Any = None) -> None:
    """Close a case."""
    case.state, case.closed_at, case.ending = Case.State.CLOSED, at, Case.Ending.ANSWERED
    case.save()
    happened(case, Type.CLOSED, by=by, at=at)


def again(case: Case, at: datetime, *, post: int) -> None:
    """Its person writes once more after it was closed: a new cycle."""
    case.state, case.closed_at, case.ending = Case.State.TODO, None, ""
    case.cycle += 1
    case.save()
    theirs(case, at, post=post)


def _say(case: Case, kind: str, at: datetime, **told: Any) -> Message:
    case.last_seq += 1
    case.save()
    return Message.objects.create(
        case=case, seq=case.last_seq, cycle=case.cycle, kind=kind, said_at=at, **told
    )
