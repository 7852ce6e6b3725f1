"""Answering: what we say to people outside, checked, held back for a few seconds, and sent once."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.archive.queries.cases import Collected
from openroads.connectors.answering import Picture
from openroads.delivery.actions import recall
from openroads.directory import policy as directory_policy
from openroads.directory.models import Person
from openroads.ui.formats import number
from openroads.webcare import policy
from openroads.webcare.actions.claiming import check_free, check_not_merged, hold, locked
from openroads.webcare.actions.leaving import (
    THEN,
    checked,
    give_back,
    leave,
    locked_with,
    open_again,
    to_do_again,
)
from openroads.webcare.answerable import way_of
from openroads.webcare.happening import Type, happened
from openroads.webcare.models import Case, Draft, Message
from openroads.webcare.settling import add_message, settle
from openroads.webcare.words import last_word_of


class NewerWords(ValidationError):
    """They wrote, or a colleague answered, since the writer began; `newer` are those messages."""

    def __init__(self, newer: Sequence[Message]) -> None:
        names = ", ".join(sorted({str(one.by) for one in newer if one.by is not None}))
        told = ngettext(
            "%(n)s new message since you began", "%(n)s new messages since you began", len(newer)
        ) % {"n": number(len(newer))}  # fmt: skip
        if names:
            told = _("%(told)s, by %(names)s") % {"told": told, "names": names}
        super().__init__(
            _("%(told)s. Read it first; then send, or change your answer.") % {"told": told}
        )
        self.newer = newer


def send_reply(
    *,
    by: Person,
    case: Case,
    text: str,
    key: str,
    seen: int,
    private: bool = False,
    then: str = "waiting",
    helped_by: Sequence[str] = (),
    regardless: bool = False,
    picture: Picture | None = None,
) -> Message:
    """Answer somebody, with a picture or without. It leaves after fifteen seconds, in which it can be taken back; where a rule asks,
    after a second person looked. `key` is one per opened form: the same again is the same answer.

    Raises ValidationError for nothing written, too much for the network, no way out, or a window that closed;
    its kinds Held when somebody else has the case, and NewerWords (unless `regardless`) when something was
    said since message `seen`.
    """
    directory_policy.require(by, policy.may_act_in, case)
    known = _sent_before(key, by)
    if known is not None:
        return known
    last = last_word_of(case)  # the archive is asked before anything is locked
    with transaction.atomic():
        return _send(by, case, text, key, seen, private, then, helped_by, regardless, last, picture)


def _send(
    by: Person, case: Case, text: str, key: str, seen: int, private: bool, then: str,
    helped_by: Sequence[str], regardless: bool, last: Collected | None, picture: Picture | None,
) -> Message:  # fmt: skip
    case = locked(case)
    known = _sent_before(key, by)
    if known is not None:  # the same form, sent twice at the same moment
        return known
    check_not_merged(case)
    check_free(case, by)
    newer = newer_than(case, seen, by)
    if newer and not regardless:
        raise NewerWords(newer)
    way = way_of(case)
    said = checked(text, way, private)
    if picture is not None and way.limits is not None and not way.limits.picture:
        raise ValidationError({"picture": _("This network takes no pictures from here.")})
    if case.state == Case.State.CLOSED:
        open_again(case, by)
    asks = case.needs_approval
    message = add_message(
        case, kind=Message.Kind.OURS, said_at=timezone.now(), by=by, text=said, private=private,
        key=key, language=case.language, helped_by=list(helped_by), then=then if then in THEN else "waiting",
        approval=Message.Approval.ASKED if asks else Message.Approval.NONE, **_kept(picture),
    )  # fmt: skip
    hold(case, by)
    Draft.objects.filter(case=case, by=by).delete()
    if asks:
        happened(case, Type.APPROVAL, by=by, message=message, asked=True)
        settle(case)
        return message
    return leave(by, case, message, way, last)


@transaction.atomic
def take_back(*, by: Person, message: Message) -> Message:
    """Take an answer back before it leaves; what was written is a draft again. Raises ValidationError
    when it has left, or may have."""
    case, message = locked_with(message)
    directory_policy.require(by, policy.may_act_in, case)
    if message.kind != Message.Kind.OURS or message.taken_back_at is not None:
        return message
    if message.delivery is not None and not recall(by=by, delivery=message.delivery):
        raise ValidationError(_("It has left already. Write to them again to put something right."))
    if message.delivery is None and message.approval != Message.Approval.ASKED:
        raise ValidationError(_("It did not leave from here, so it cannot be taken back here."))
    message.taken_back_at = timezone.now()
    if message.approval == Message.Approval.ASKED:
        message.approval = Message.Approval.NONE  # nobody has to look at it any more
    message.save(update_fields=["taken_back_at", "approval"])
    happened(case, Type.TOOK_BACK, by=by, message=message)
    give_back(case, message)
    to_do_again(case)
    return message


def newer_than(case: Case, seen: int, by: Person) -> list[Message]:
    """What was said after a message, by them or by a colleague; notes are no news to them outside."""
    rows = Message.objects.filter(case=case, seq__gt=seen, taken_back_at=None)
    rows = rows.exclude(kind=Message.Kind.NOTE).exclude(by=by).select_related("by")
    return list(rows.order_by("seq"))


def _kept(picture: Picture | None) -> dict[str, Any]:
    """A picture as a message keeps it."""
    if picture is None:
        return {}
    return {
        "picture": picture.body, "picture_kind": picture.kind, "picture_name": picture.name,
        "picture_alt": picture.alt,
    }  # fmt: skip


def _sent_before(key: str, by: Person) -> Message | None:
    """The answer that was made with the same form. Raises ValidationError for a key that is none of theirs:
    nothing is called sent that was not."""
    known = Message.objects.filter(key=key).first() if key else None
    if not key or (known is not None and (known.by_id, known.kind) != (by.pk, Message.Kind.OURS)):
        raise ValidationError(_("Open the case anew, and send it from there."))
    return known
