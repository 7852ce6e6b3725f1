"""The accounts through which answers leave: adding one, changing it, trying it, and what it lets us say."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.connectors.answering import ANSWERING, Answering, Limits
from openroads.connectors.answering import mail as by_mail
from openroads.connectors.answering.port import SEAL
from openroads.connectors.failures import Refused, TryLater, Unsure
from openroads.connectors.http import Guarded
from openroads.delivery import policy
from openroads.delivery.jobs import enqueue
from openroads.delivery.models import Channel
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Account, Person
from openroads.ui.saying import translated

CHECK = "delivery.check_channel"
WHERE_TO = frozenset({"server", "address", "imap"})
"""Settings that say who gets to see the secrets."""


def way_of(channel: Channel) -> type[Answering]:
    """How a channel answers. Raises KeyError for a way this Openroads does not know."""
    return ANSWERING[channel.kind]


def answering_of(channel: Channel) -> Answering:
    """A channel ready to answer, over the guarded client, its secrets among its settings."""
    secrets = json.loads(channel.secrets) if channel.secrets else {}
    told = {**channel.told, **secrets, SEAL: _seal()}
    return way_of(channel)(Guarded(settings.OPENROADS.http_allow), told)


def limits_of(channel: Channel) -> Limits:
    """What an answer through it may be; the length as its very server told it."""
    limits = way_of(channel).limits
    return replace(limits, characters=channel.characters or limits.characters)


def is_our_mail(message_id: str) -> bool:
    """Whether a mail with this Message-ID was sent by this house: what answers it is no forged thread."""
    return by_mail.is_ours(message_id, _seal())


@transaction.atomic
def add_channel(
    *,
    by: Person,
    kind: str,
    name: str,
    told: Mapping[str, str],
    account: Account | None = None,
    sources: Sequence[int] = (),
) -> Channel:
    """Answer through another account from now on; whether it works is tried at once."""
    directory_policy.require(by, policy.may_keep_delivery)
    if kind not in ANSWERING:
        raise ValidationError(_("There is no such way of answering."))
    _refuse_same_name(name)
    shown, secret = _parted(kind, told)
    channel = Channel.objects.create(
        kind=kind, name=name, told=shown, secrets=json.dumps(secret) if secret else "",
        account=account, sources=sorted(set(sources)), by=by,
    )  # fmt: skip
    trail.record(by, "added answering channel", channel, kind=kind, name=name)
    enqueue(CHECK, key=f"{CHECK} {channel.pk}", by=by, channel=channel.pk)
    return channel


@transaction.atomic
def change_channel(
    *,
    by: Person,
    channel: Channel,
    name: str,
    told: Mapping[str, str],
    is_on: bool,
    account: Account | None = None,
    sources: Sequence[int] = (),
) -> None:
    """Sign in otherwise, answer other sources, or not for now: what waits then leaves when it is on again.

    A secret left empty stays, but never for another server: what opens one is not sent to another.
    """
    directory_policy.require(by, policy.may_keep_delivery)
    _refuse_same_name(name, but=channel)
    shown, given = _parted(channel.kind, told)
    kept = json.loads(channel.secrets) if channel.secrets else {}
    moved = any(shown.get(field) != channel.told.get(field) for field in WHERE_TO)
    needed = [field.name for field in ANSWERING[channel.kind].fields if field.secret]
    if moved and not all(given.get(field) for field in needed):
        raise ValidationError(_("It signs in elsewhere now: give what is secret anew."))
    secret = {field: given.get(field) or kept.get(field, "") for field in needed}
    facts: dict[str, object] = {}
    said = {"name": name, "is_on": is_on, "sources": sorted(set(sources)), "account": account, "told": shown}  # fmt: skip
    for field, new in said.items():
        if getattr(channel, field) != new:
            facts[field] = _change(field, getattr(channel, field), new)
            setattr(channel, field, new)
    if secret != kept:
        channel.secrets = json.dumps(secret) if any(secret.values()) else ""
        facts["secret"] = True
    if not facts:
        return
    # What a check writes at the same moment (who we are there, how long an answer may be) stays.
    channel.save(update_fields=[*said, "secrets"])
    trail.record(by, "changed answering channel", channel, **facts)
    if is_on:
        enqueue(CHECK, key=f"{CHECK} {channel.pk}", by=by, channel=channel.pk)


@transaction.atomic
def try_channel(*, by: Person, channel: Channel) -> None:
    """Try whether it lets us in; nothing is published."""
    directory_policy.require(by, policy.may_keep_delivery)
    trail.record(by, "tried answering channel", channel, name=channel.name)
    enqueue(CHECK, key=f"{CHECK} {channel.pk}", by=by, channel=channel.pk)


def check_channel(channel: Channel) -> None:
    """Sign in, and write down who we are there and how long an answer may be, or why it did not work."""
    now, seen = timezone.now(), Channel.objects.filter(pk=channel.pk)
    try:
        way = answering_of(channel)
        handle, characters = way.check(), way.characters()
    except KeyError:
        seen.update(checked_at=now, last_error=_("This Openroads does not know its way of answering."))  # fmt: skip
    except (TryLater, Refused, Unsure) as problem:
        seen.update(checked_at=now, last_error=translated(problem.why)[:500])
    else:
        seen.update(checked_at=now, last_ok_at=now, last_error="", handle=handle[:200], characters=characters)  # fmt: skip


def _parted(kind: str, told: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The settings a way knows: those that may be seen, and the secret ones."""
    shown: dict[str, str] = {}
    secret: dict[str, str] = {}
    for field in ANSWERING[kind].fields:
        value = str(told.get(field.name, "")).strip()
        (secret if field.secret else shown)[field.name] = value
    return shown, secret


def _refuse_same_name(name: str, but: Channel | None = None) -> None:
    others = Channel.objects.exclude(pk=but.pk) if but else Channel.objects.all()
    if others.filter(name=name).exists():
        raise ValidationError({"name": _("There is a channel of this name already.")})


def _change(field: str, was: object, now: object) -> object:
    """What the trail keeps: of settings that they changed, of an account who it is."""
    if field == "told":
        return True
    return {"was": str(was) if isinstance(was, Account) else was, "now": str(now) if isinstance(now, Account) else now}  # fmt: skip


def _seal() -> str:
    """What marks mail of this house; it leaves the house nowhere, only what it signed does."""
    return hmac.new(settings.SECRET_KEY.encode(), b"openroads answering", hashlib.sha256).hexdigest()  # fmt: skip
