"""Answering: what we say to people outside, checked, held back for a few seconds, and sent once."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.archive.queries.cases import Collected
from openroads.connectors.answering import Draft as Outgoing
from openroads.connectors.answering import Picture
from openroads.delivery.actions import queue_reply, recall
from openroads.delivery.models import Delivery
from openroads.delivery.notices import notify
from openroads.directory import policy as directory_policy
from openroads.directory.models import Person
from openroads.ui.formats import number
from openroads.webcare import policy
from openroads.webcare.actions.claiming import check_free, check_not_merged, hold, locked
from openroads.webcare.answerable import Way, way_of
from openroads.webcare.happening import Type, happened
from openroads.webcare.models import Case, CaseEvent, Draft, Message
from openroads.webcare.settling import DID_NOT_LEAVE, add_message, settle
from openroads.webcare.words import last_word_of

UNDO = timedelta(seconds=15)
THEN = {"waiting": Case.State.WAITING, "closed": Case.State.CLOSED, "todo": Case.State.TODO}


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
    said = _checked(text, way, private)
    if picture is not None and way.limits is not None and not way.limits.picture:
        raise ValidationError({"picture": _("This network takes no pictures from here.")})
    if case.state == Case.State.CLOSED:
        _open_again(case, by)
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
    return _leave(by, case, message, way, last)


@transaction.atomic
def take_back(*, by: Person, message: Message) -> Message:
    """Take an answer back before it leaves; what was written is a draft again. Raises ValidationError
    when it has left, or may have."""
    case, message = _locked_with(message)
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
    _give_back(case, message)
    _to_do_again(case)
    return message


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
    _checked(message.text, way, message.private)
    if case.state == Case.State.CLOSED:
        _open_again(case, by)
        message.cycle = case.cycle
        message.save(update_fields=["cycle"])
    message.approval, message.approved_by = Message.Approval.GIVEN, by
    message.save(update_fields=["approval", "approved_by"])
    happened(case, Type.APPROVAL, by=by, message=message, given=True)
    return _leave(message.by or by, case, message, way, last)


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
    _give_back(case, message)
    if message.by is not None:
        notify(
            to=message.by, deed=f"message {message.pk} sent back",
            title=_("%(code)s: your answer was sent back") % {"code": case.code}, text=reason,
            url=f"/answer/cases/{case.pk}/",
        )  # fmt: skip
    _to_do_again(case)
    return message


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
        _open_again(case, by)
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
            case, message = _locked_with(message)
            assert message.delivery is not None
            happened(case, Type.FAILED, message=message)
            _to_do_again(case)
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
            case, message = _locked_with(message)
            settle(case)
            if case.state == Case.State.TODO and case.waiting_since is None:
                case.state = Case.State.WAITING
                happened(case, Type.WAITS, message=message)
                settle(case)
                found += 1
    return found


def newer_than(case: Case, seen: int, by: Person) -> list[Message]:
    """What was said after a message, by them or by a colleague; notes are no news to them outside."""
    rows = Message.objects.filter(case=case, seq__gt=seen, taken_back_at=None)
    rows = rows.exclude(kind=Message.Kind.NOTE).exclude(by=by).select_related("by")
    return list(rows.order_by("seq"))


def _leave(by: Person, case: Case, message: Message, way: Way, last: Collected | None) -> Message:
    """Put an answer in the out-tray, and the case where its writer wants it."""
    assert way.channel is not None
    message.delivery = queue_reply(
        by=by, channel=way.channel, draft=_draft_of(case, message, last),
        deed=f"answer {message.pk}", after=UNDO,
    )  # fmt: skip
    message.save(update_fields=["delivery"])
    now = timezone.now()
    happened(case, Type.REPLIED, by=by, at=now, message=message)
    state = THEN[message.then or "waiting"]
    case.state = state
    if state == Case.State.WAITING:
        happened(case, Type.WAITS, by=by, at=now)
    if state == Case.State.CLOSED:
        case.closed_at, case.ending = now, Case.Ending.ANSWERED
        happened(case, Type.CLOSED, by=by, at=now, ending=case.ending)
    settle(case)
    return message


def _draft_of(case: Case, message: Message, last: Collected | None) -> Outgoing:
    """What leaves: an answer to their last word, in its thread. `last` was asked a moment ago; when they
    wrote since, it is asked again."""
    post = last if last is not None and last.id == case.last_in else last_word_of(case)
    if post is None:
        raise ValidationError(
            _(
                "Their post is not there any more: it was taken back, or erased. There is nothing to answer."
            )
        )
    before = tuple(
        Message.objects.filter(case=case, delivery__receipt_id__gt="")
        .order_by("seq")
        .values_list("delivery__receipt_id", flat=True)
    )
    # The form's own key makes it one of its kind, also in a house that was put back from a copy: a network
    # that knows the key would take another answer for this one.
    return Outgoing(
        key=f"case-{case.pk}-{message.seq}-{message.key}", text=message.text, private=message.private,
        to=post.author, reply_to=post.native_id, thread=post.thread_key,
        subject=_reply_subject(post.title), references=(post.thread_key, *before),
        language=case.language, picture=_picture(message),
    )  # fmt: skip


def _kept(picture: Picture | None) -> dict[str, Any]:
    """A picture as a message keeps it."""
    if picture is None:
        return {}
    return {
        "picture": picture.body, "picture_kind": picture.kind, "picture_name": picture.name,
        "picture_alt": picture.alt,
    }  # fmt: skip


def _picture(message: Message) -> Picture | None:
    """The picture of a message, as it goes along."""
    if message.picture is None:
        return None
    return Picture(
        message.picture_name, message.picture_kind, bytes(message.picture), message.picture_alt
    )


def _reply_subject(title: str) -> str:
    return title if title.lower().startswith("re:") or not title else f"Re: {title}"


def _checked(text: str, way: Way, private: bool) -> str:
    said = text.strip()
    if not said:
        raise ValidationError({"text": _("Write an answer first.")})
    if way.channel is None:
        raise ValidationError({"text": way.why})
    limits = way.limits
    assert limits is not None
    if private and not limits.private:
        raise ValidationError({"text": _("This network takes no private messages from here.")})
    if not private and not limits.public:
        raise ValidationError({"text": _("Here one can only answer in private.")})
    over = limits.count(said) - limits.characters if limits.characters is not None else 0
    if over > 0:
        raise ValidationError({
            "text": ngettext(
                "%(n)s character too many for this network.",
                "%(n)s characters too many for this network.", over,
            ) % {"n": number(over)}
        })  # fmt: skip
    if way.is_closed:
        raise ValidationError({"text": way.window_words})
    return said


def _asked(by: Person, message: Message) -> tuple[Case, Message]:
    case, message = _locked_with(message)
    directory_policy.require(by, policy.may_act_in, case)
    if message.approval != Message.Approval.ASKED or message.taken_back_at is not None:
        raise ValidationError(_("This answer waits for nobody any more."))
    directory_policy.require(by, policy.may_approve, message.by)
    return case, message


def _locked_with(message: Message) -> tuple[Case, Message]:
    """A message as it stands now, in the case it is in now, for this transaction alone: it may have moved
    to another case since it was read."""
    rows = Message.objects.select_related("by", "delivery")
    for _once_more in range(3):
        case = locked(Message.objects.select_related("case").get(pk=message.pk).case)
        now = rows.get(pk=message.pk)
        if now.case_id == case.pk:
            return case, now
    raise ValidationError(_("This case is part of another. Go on there."))


def _give_back(case: Case, message: Message) -> None:
    """What was written is a draft of its writer again, before what they have been writing since."""
    if message.by is None:
        return
    begun = Draft.objects.filter(case=case, by=message.by).first()
    text, since = message.text, begun.text.strip() if begun is not None else ""
    if since and since != text:
        text = f"{text}\n\n{since}"
    Draft.objects.update_or_create(
        case=case, by=message.by,
        defaults={
            "text": text[:20_000], "kind": "private" if message.private else "public",
            "helped_by": message.helped_by, "seen": case.last_seq, "saved_at": timezone.now(),
        },
    )  # fmt: skip


def _sent_before(key: str, by: Person) -> Message | None:
    """The answer that was made with the same form. Raises ValidationError for a key that is none of theirs:
    nothing is called sent that was not."""
    known = Message.objects.filter(key=key).first() if key else None
    if not key or (known is not None and (known.by_id, known.kind) != (by.pk, Message.Kind.OURS)):
        raise ValidationError(_("Open the case anew, and send it from there."))
    return known


def _open_again(case: Case, by: Person) -> None:
    """Somebody answers in a case that was closed: that is a new cycle, begun by us."""
    case.cycle += 1
    case.state, case.closed_at, case.ending = Case.State.TODO, None, ""
    case.save()
    happened(case, Type.REOPENED, by=by)


def _to_do_again(case: Case) -> None:
    """After an answer came to nothing: they wait again since when they did."""
    if case.state in (Case.State.WAITING, Case.State.CLOSED):
        case.state, case.closed_at, case.ending = Case.State.TODO, None, ""
    settle(case)
