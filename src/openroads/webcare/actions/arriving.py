"""What became of an answer: it did not leave, it did after all, or it was given at the network itself."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.delivery.models import Delivery
from openroads.delivery.notices import notify
from openroads.directory import policy as directory_policy
from openroads.directory.models import Person
from openroads.webcare import policy
from openroads.webcare.actions.claiming import check_free, check_not_merged, hold, locked
from openroads.webcare.actions.leaving import locked_with, open_again, to_do_again
from openroads.webcare.happening import Type, happened
from openroads.webcare.models import Case, CaseEvent, Draft, Message
from openroads.webcare.settling import DID_NOT_LEAVE, add_message, settle


@transaction.atomic
def note_answered_elsewhere(*, by: Person, case: Case, text: str, url: str) -> Message:
    """Write down that we answered at the network itself, where nothing can leave from here: what was
    said and where it stands. Raises ValidationError without an address or without words."""
    directory_policy.require(by, policy.may_act_in, case)
    case = locked(case)
    check_not_merged(case)
    check_free(case, by)
    if not url.startswith(("https://", "http://")):
        raise ValidationError({"url": _("Give the address where the answer stands.")})
    if not text.strip():
        raise ValidationError({"text": _("Write what was answered.")})
    if case.state == Case.State.CLOSED:
        open_again(case, by)
    message = add_message(
        case, kind=Message.Kind.OURS, said_at=timezone.now(), by=by, text=text.strip(),
        language=case.language, elsewhere_url=url[:2_000],
    )  # fmt: skip
    hold(case, by)
    happened(case, Type.REPLIED, by=by, message=message, elsewhere=True)
    case.state = Case.State.WAITING
    happened(case, Type.WAITS, by=by)
    Draft.objects.filter(case=case, by=by).delete()
    settle(case)
    return message


def note_failures() -> int:
    """Say of answers that did not leave that they did not: the case is to do again and its writer is
    told. Returns how many were found."""
    failed = Message.objects.filter(
        kind=Message.Kind.OURS, taken_back_at=None, delivery__state__in=DID_NOT_LEAVE
    ).exclude(pk__in=CaseEvent.objects.filter(type=Type.FAILED).values("message"))
    found = 0
    for message in failed.select_related("case", "delivery", "by"):
        with transaction.atomic():
            case, message = locked_with(message)
            assert message.delivery is not None
            happened(case, Type.FAILED, message=message)
            to_do_again(case)
            if message.by is not None:
                notify(
                    to=message.by, deed=f"message {message.pk} did not leave",
                    title=_("%(code)s: your answer did not leave") % {"code": case.code},
                    text=message.delivery.last_error, url=f"/answer/cases/{case.pk}/",
                )  # fmt: skip
        found += 1
    return found


def note_arrivals() -> int:
    """Answers that were said not to have left, and did after all: somebody looked, or tried again. They
    wait no longer. Returns of how many cases."""
    arrived = Message.objects.filter(
        kind=Message.Kind.OURS, taken_back_at=None, delivery__state=Delivery.State.SENT,
        case__state=Case.State.TODO, case__waiting_since__lte=F("received_at"),
        pk__in=CaseEvent.objects.filter(type=Type.FAILED).values("message"),
    )  # fmt: skip
    found = 0
    for message in arrived:
        with transaction.atomic():
            case, message = locked_with(message)
            settle(case)
            if case.state == Case.State.TODO and case.waiting_since is None:
                case.state = Case.State.WAITING
                happened(case, Type.WAITS, message=message)
                settle(case)
                found += 1
    return found
