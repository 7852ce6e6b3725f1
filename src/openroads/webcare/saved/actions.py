"""Doing things with saved replies: proposing, changing, approving, ending; warning of what ends."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from openroads.connectors.plain import clean
from openroads.delivery.notices import language_of, notify
from openroads.directory import trail
from openroads.directory.models import Person
from openroads.directory.people import system_person
from openroads.directory.policy import require
from openroads.ui.formats import day
from openroads.webcare.help.actions import make_reply_findable
from openroads.webcare.saved import policy
from openroads.webcare.saved.filling import check_places
from openroads.webcare.saved.models import WARN_BEFORE, SavedReply

State = SavedReply.State


@transaction.atomic
def propose_reply(
    *, by: Person, title: str, code: str, language: str, text: str, expires_on: date,
    owner: Person | None = None, policy_url: str = "",
) -> SavedReply:  # fmt: skip
    """Propose a saved reply; a second person approves it. Raises ValidationError for a short code that is
    taken, a place nobody can fill in, and a day that is over."""
    require(by, policy.may_propose)
    reply = SavedReply(owner=owner or by, proposed_by=by)
    _tell(reply, title, code, language, text, expires_on, policy_url)
    reply.save()
    make_reply_findable(reply)
    trail.record(by, "proposed a saved reply", reply, title=reply.title, until=reply.expires_on)
    return reply


@transaction.atomic
def change_reply(
    *, by: Person, reply: SavedReply, title: str, code: str, language: str, text: str,
    expires_on: date, owner: Person, policy_url: str = "",
) -> SavedReply:  # fmt: skip
    """Change a saved reply. With other words, or a longer life, it waits for a second person again: what
    was approved were the words, until that day."""
    require(by, policy.may_propose)
    _check_not_ended(reply)
    was = (reply.text, reply.policy_url)
    longer = expires_on > reply.expires_on
    before = reply.owner
    _tell(reply, title, code, language, text, expires_on, policy_url)
    reply.owner = owner
    if (reply.text, reply.policy_url) != was or longer:
        reply.state, reply.proposed_by, reply.proposed_at = State.PROPOSED, by, timezone.now()
        reply.approved_by = reply.approved_at = None
    reply.save()
    make_reply_findable(reply)
    trail.record(
        by, "changed a saved reply", reply, title=reply.title, until=reply.expires_on,
        owner={"was": str(before), "now": str(owner)} if before != owner else "",
    )  # fmt: skip
    return reply


@transaction.atomic
def approve_reply(*, by: Person, reply: SavedReply) -> None:
    """Let colleagues use it: by somebody else than who wrote it."""
    require(by, policy.may_approve, reply)
    if reply.state != State.PROPOSED:
        raise ValidationError(_("“%(title)s” does not wait for anybody.") % {"title": reply.title})
    reply.state, reply.approved_by, reply.approved_at = State.APPROVED, by, timezone.now()
    reply.save(update_fields=["state", "approved_by", "approved_at"])
    trail.record(by, "approved a saved reply", reply, title=reply.title)
    if reply.proposed_by != by:
        with translation.override(language_of(reply.proposed_by)):
            title = _("“%(title)s” can be used now") % {"title": reply.title}
        notify(
            to=reply.proposed_by, deed=f"saved reply {reply.pk} approved {reply.approved_at}",
            title=title, url=f"/answer/saved/{reply.pk}/",
        )  # fmt: skip


@transaction.atomic
def end_reply(*, by: Person, reply: SavedReply) -> None:
    """Use it no more. Its uses are remembered."""
    require(by, policy.may_end, reply)
    if reply.state != State.ENDED:
        _end(by, reply)


@transaction.atomic
def end_expired(*, now: datetime) -> int:
    """End what has come to its day; returns how many."""
    rows = SavedReply.objects.exclude(state=State.ENDED)
    over = list(rows.filter(expires_on__lte=timezone.localdate(now)))
    for reply in over:
        _end(system_person(), reply)
    return len(over)


@transaction.atomic
def warn_owners(*, now: datetime) -> int:
    """Tell owners what ends within fourteen days, once for each day it is to end; returns how many are near."""
    today = timezone.localdate(now)
    rows = SavedReply.objects.exclude(state=State.ENDED).select_related("owner")
    near = list(rows.filter(expires_on__gt=today, expires_on__lte=today + WARN_BEFORE))
    for reply in near:
        with translation.override(language_of(reply.owner)):
            title = _("“%(title)s” ends on %(day)s") % {
                "title": reply.title,
                "day": day(reply.expires_on),
            }
            text = _("Look whether it is still right, and give it a later day; or let it end.")
        notify(
            to=reply.owner, deed=f"saved reply {reply.pk} ends {reply.expires_on}", title=title,
            text=text, url=f"/answer/saved/{reply.pk}/",
        )  # fmt: skip
    return len(near)


def _end(by: Person, reply: SavedReply) -> None:
    reply.state, reply.ended_at = State.ENDED, timezone.now()
    reply.save(update_fields=["state", "ended_at"])
    trail.record(by, "ended a saved reply", reply, title=reply.title)


def _tell(
    reply: SavedReply, title: str, code: str, language: str, text: str, expires_on: date,
    policy_url: str,
) -> None:  # fmt: skip
    reply.title = " ".join(clean(title).split())[:120]
    reply.code = slugify(code.removeprefix("/"))[:30]
    reply.language, reply.text = language, clean(text)
    reply.policy_url, reply.expires_on = policy_url, expires_on
    if not reply.title or not reply.text:
        raise ValidationError({"text": _("A saved reply has a title and words.")})
    if not reply.code:
        raise ValidationError(
            {"code": _("Give a short code of letters and figures, such as accu.")}
        )
    check_places(reply.text)
    if expires_on <= timezone.localdate():
        raise ValidationError({"expires_on": _("Choose a day that is still to come.")})
    others = SavedReply.objects.exclude(state=State.ENDED).exclude(pk=reply.pk)
    if others.filter(code=reply.code, language=language).exists():
        raise ValidationError({"code": _("Another saved reply has this short code.")})


def _check_not_ended(reply: SavedReply) -> None:
    if reply.state == State.ENDED:
        raise ValidationError(
            _("“%(title)s” has ended. Propose a new one.") % {"title": reply.title}
        )
