"""How an answer leaves and comes back, whoever writes, approves or refuses it."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.archive.queries.cases import Collected
from openroads.connectors.answering import Draft as Outgoing
from openroads.connectors.answering import Picture
from openroads.delivery.actions import queue_reply
from openroads.directory.models import Person
from openroads.ui.formats import number
from openroads.webcare.actions.claiming import locked
from openroads.webcare.answerable import Way
from openroads.webcare.happening import Type, happened
from openroads.webcare.models import Case, Draft, Message
from openroads.webcare.settling import settle
from openroads.webcare.words import last_word_of

UNDO = timedelta(seconds=15)
THEN = {"waiting": Case.State.WAITING, "closed": Case.State.CLOSED, "todo": Case.State.TODO}


def leave(by: Person, case: Case, message: Message, way: Way, last: Collected | None) -> Message:
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


def _picture(message: Message) -> Picture | None:
    """The picture of a message, as it goes along."""
    if message.picture is None:
        return None
    return Picture(
        message.picture_name, message.picture_kind, bytes(message.picture), message.picture_alt
    )


def _reply_subject(title: str) -> str:
    return title if title.lower().startswith("re:") or not title else f"Re: {title}"


def checked(text: str, way: Way, private: bool) -> str:
    """What is said, fit to leave this way. Raises ValidationError where it is not."""
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


def locked_with(message: Message) -> tuple[Case, Message]:
    """A message as it stands now, in the case it is in now, for this transaction alone: it may have moved
    to another case since it was read."""
    rows = Message.objects.select_related("by", "delivery")
    for _once_more in range(3):
        case = locked(Message.objects.select_related("case").get(pk=message.pk).case)
        now = rows.get(pk=message.pk)
        if now.case_id == case.pk:
            return case, now
    raise ValidationError(_("This case is part of another. Go on there."))


def give_back(case: Case, message: Message) -> None:
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


def open_again(case: Case, by: Person) -> None:
    """Somebody answers in a case that was closed: that is a new cycle, begun by us."""
    case.cycle += 1
    case.state, case.closed_at, case.ending = Case.State.TODO, None, ""
    case.save()
    happened(case, Type.REOPENED, by=by)


def to_do_again(case: Case) -> None:
    """After an answer came to nothing: they wait again since when they did."""
    if case.state in (Case.State.WAITING, Case.State.CLOSED):
        case.state, case.closed_at, case.ending = Case.State.TODO, None, ""
    settle(case)
