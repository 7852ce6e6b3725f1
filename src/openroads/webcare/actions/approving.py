"""A second look: an answer of a colleague is let go, or sent back with a reason."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from openroads.archive.queries.cases import Collected
from openroads.delivery.notices import notify
from openroads.directory import policy as directory_policy
from openroads.directory.models import Person
from openroads.webcare import policy
from openroads.webcare.actions.leaving import (
    checked,
    give_back,
    leave,
    locked_with,
    open_again,
    to_do_again,
)
from openroads.webcare.answerable import way_of
from openroads.webcare.happening import Type, happened
from openroads.webcare.models import Case, Message
from openroads.webcare.words import last_word_of


def approve_reply(*, by: Person, message: Message) -> Message:
    """Let an answer of a colleague go. Nobody approves their own. Raises ValidationError when it waits for
    nobody any more, and when there is no way out for it now."""
    directory_policy.require(by, policy.may_act_in, message.case)
    last = last_word_of(message.case)  # the archive is asked before anything is locked
    with transaction.atomic():
        return _approve(by, message, last)


def _approve(by: Person, message: Message, last: Collected | None) -> Message:
    case, message = _asked(by, message)
    way = way_of(case)
    checked(message.text, way, message.private)
    if case.state == Case.State.CLOSED:
        open_again(case, by)
        message.cycle = case.cycle
        message.save(update_fields=["cycle"])
    message.approval, message.approved_by = Message.Approval.GIVEN, by
    message.save(update_fields=["approval", "approved_by"])
    happened(case, Type.APPROVAL, by=by, message=message, given=True)
    return leave(message.by or by, case, message, way, last)


@transaction.atomic
def refuse_reply(*, by: Person, message: Message, why: str) -> Message:
    """Send an answer back to its writer, with a reason. Raises ValidationError without one."""
    case, message = _asked(by, message)
    reason = " ".join(why.split())
    if not reason:
        raise ValidationError({"why": _("Say what should be different.")})
    message.approval, message.approved_by = Message.Approval.REFUSED, by
    message.approval_why = reason[:300]
    message.save(update_fields=["approval", "approved_by", "approval_why"])
    happened(case, Type.APPROVAL, by=by, message=message, given=False)
    give_back(case, message)
    if message.by is not None:
        notify(
            to=message.by, deed=f"message {message.pk} sent back",
            title=_("%(code)s: your answer was sent back") % {"code": case.code}, text=reason,
            url=f"/answer/cases/{case.pk}/",
        )  # fmt: skip
    to_do_again(case)
    return message


def _asked(by: Person, message: Message) -> tuple[Case, Message]:
    case, message = locked_with(message)
    directory_policy.require(by, policy.may_act_in, case)
    if message.approval != Message.Approval.ASKED or message.taken_back_at is not None:
        raise ValidationError(_("This answer waits for nobody any more."))
    directory_policy.require(by, policy.may_approve, message.by)
    return case, message
