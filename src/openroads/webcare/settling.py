"""What a case is waiting for, worked out from what was said in it: the one place that says so.

Whatever changes the messages of a case (a word that comes in, an answer, one taken back, a merge) calls
`settle`, so that no two ways of getting somewhere can differ.
"""

from typing import Any

from django.db.models import Q

from openroads.delivery.models import Delivery
from openroads.webcare.clocks.actions import set_due
from openroads.webcare.models import Case, CaseEvent, Message

DID_NOT_LEAVE = (
    Delivery.State.REFUSED, Delivery.State.NEEDS_A_LOOK, Delivery.State.LEFT,
)  # fmt: skip


def add_message(case: Case, **told: Any) -> Message:
    """Put a message at the end of a case, which must be locked by its row."""
    case.last_seq += 1
    message = Message.objects.create(case=case, seq=case.last_seq, cycle=case.cycle, **told)
    case.save(update_fields=["last_seq"])
    return message


def answers_of(case: Case) -> Any:
    """What we said that counts as an answer: not taken back, not waiting for a second person, and not
    known to have failed. One still on its way counts."""
    rows = Message.objects.filter(case=case, kind=Message.Kind.OURS, taken_back_at=None)
    return rows.exclude(approval__in=(Message.Approval.ASKED, Message.Approval.REFUSED)).exclude(
        delivery__state__in=DID_NOT_LEAVE
    )


def settle(case: Case) -> Case:
    """Work out since when they wait, when the first answer of the cycle was, when the last word of either
    side was, and what is due; then store it. What happened must be written down before."""
    theirs = Message.objects.filter(case=case, kind=Message.Kind.THEIRS)
    ours = answers_of(case)
    last_in = theirs.order_by("-said_at", "-seq").values_list("said_at", "post").first()
    case.last_in_at, case.last_in = last_in or (None, None)
    case.last_out_at = ours.order_by("-received_at").values_list("received_at", flat=True).first()
    ended = _ended_waiting(case)
    unanswered = theirs.filter(cycle=case.cycle)
    if ended is not None:
        unanswered = unanswered.filter(received_at__gt=ended)
    first = unanswered.order_by("received_at", "seq").values_list("received_at", flat=True).first()
    case.waiting_since = first if case.is_open else None
    in_cycle = theirs.filter(cycle=case.cycle).order_by("received_at", "seq")
    case.first_in_at = in_cycle.values_list("received_at", flat=True).first()
    first_out = ours.filter(cycle=case.cycle).order_by("received_at", "seq")
    case.first_reply_at = first_out.values_list("received_at", flat=True).first()
    case.save()
    set_due(case)
    return case


def _ended_waiting(case: Case) -> Any:
    """When their waiting was last ended: by an answer, or because a colleague said none is needed."""
    said = answers_of(case).order_by("-received_at").values_list("received_at", flat=True).first()
    thanks = (
        CaseEvent.objects.filter(Q(type=CaseEvent.Type.THANKS), case=case)
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
    )
    return max((moment for moment in (said, thanks) if moment is not None), default=None)
