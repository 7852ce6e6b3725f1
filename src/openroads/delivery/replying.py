"""Sending one answer: what may have left already is looked up at the network before anything is sent."""

import traceback
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.connectors.answering import ANSWERING, Answering, Draft, Picture, Receipt
from openroads.connectors.failures import Refused, TryLater, Unsure
from openroads.delivery.channels import answering_of
from openroads.delivery.jobs import SEND_DUE, enqueue
from openroads.delivery.models import Channel, Delivery
from openroads.delivery.outcomes import Later, LookLater, Never, Unknown
from openroads.ui.saying import translated

log = structlog.get_logger(__name__)

LOOK_AFTER = 45.0
"""Seconds until what may have left is looked for: a network shows a post some moments after it took it."""


def send_at(delivery: Delivery, due: datetime) -> None:
    """Have somebody look at the tray at this very moment: the time-table comes round once a minute only."""
    key = f"{SEND_DUE} {delivery.pk} {delivery.attempts}"
    enqueue(SEND_DUE, key=key, by=delivery.by, after=due)


def as_row(draft: Draft) -> dict[str, Any]:
    """A draft as JSON, without the bytes of its picture; those stand in a column of their own."""
    told = asdict(draft)
    if draft.picture is not None:
        told["picture"] = {"name": draft.picture.name, "kind": draft.picture.kind, "alt": draft.picture.alt}  # fmt: skip
    return told


def draft_of(delivery: Delivery) -> Draft:
    """The draft again. Raises Never when its words were taken out."""
    told = dict(delivery.draft or {})
    if not told:
        raise Never(_("Its words are not kept any more."))
    shown = told.pop("picture", None)
    picture = Picture(body=bytes(delivery.picture or b""), **shown) if shown else None
    told["references"] = tuple(told.get("references", ()))
    return Draft(picture=picture, **told)


def send_reply(delivery: Delivery, lease: timedelta) -> dict[str, object]:
    """What is to be written down of an answer that arrived. Raises Later, LookLater, Never and Unknown."""
    draft, channel = draft_of(delivery), delivery.channel
    begun = delivery.attempt_started_at is not None
    if channel is None:
        raise Never(_("The channel is not there any more."))
    if not channel.is_on:
        raise (LookLater if begun else Later)(_("The channel is off for now."))
    if channel.kind not in ANSWERING:
        raise (LookLater if begun else Later)(_("This Openroads does not know its way of answering."))  # fmt: skip
    way = answering_of(channel)
    if begun and (receipt := _found(way, delivery, draft)):
        return _arrived(channel, receipt)
    mine = Delivery.objects.filter(
        pk=delivery.pk, lease=delivery.lease, state=Delivery.State.SENDING
    )
    now = timezone.now()
    if not mine.update(attempt_started_at=now, lease_until=now + lease):
        raise Unknown("Another worker took this over.")
    return _arrived(channel, _published(way, channel, draft))


def _published(way: Answering, channel: Channel, draft: Draft) -> Receipt:
    try:
        return way.publish(draft)
    except TryLater as problem:
        _trouble(channel, problem.why)
        raise Later(translated(problem.why), problem.after) from None
    except Refused as problem:
        _trouble(channel, problem.why)
        raise Never(translated(problem.why)) from None
    except Unsure as problem:
        _trouble(channel, problem.why)
        raise LookLater(translated(problem.why), LOOK_AFTER) from None
    except Exception as problem:  # noqa: BLE001 (whatever it is, it may have left)
        # Only the places: the message of an error may hold a token.
        places = "".join(traceback.format_tb(problem.__traceback__))
        log.error("a way of answering failed", channel=channel.pk, kind=type(problem).__name__, places=places)  # fmt: skip
        raise LookLater(_("Something went wrong in the house while it was sent."), LOOK_AFTER) from None  # fmt: skip


def _found(way: Answering, delivery: Delivery, draft: Draft) -> Receipt | None:
    """What stands at the network of an attempt that was begun; None: it is not there."""
    try:
        receipt = way.find(draft)
    except TryLater as problem:
        raise LookLater(translated(problem.why), problem.after) from None
    except (Refused, Unsure) as problem:
        raise Unknown(translated(problem.why)) from None
    if receipt is None:
        return None
    others = Delivery.objects.filter(channel=delivery.channel, receipt_id=receipt.native_id)
    if others.exclude(pk=delivery.pk).exists():
        # The same words were said twice to one post: what is found is the proof of the other.
        raise Unknown(_("Another answer with the same words stands there; nobody knows whether this one does."))  # fmt: skip
    return receipt


def _arrived(channel: Channel, receipt: Receipt) -> dict[str, object]:
    now = timezone.now()
    Channel.objects.filter(pk=channel.pk).update(last_ok_at=now, last_error="")
    sent_at: datetime = receipt.sent_at or now
    return {
        "proof": receipt.native_id[:255],
        "receipt_id": receipt.native_id[:500],
        "receipt_url": receipt.url[:2_000],
        "sent_at": sent_at,
    }


def _trouble(channel: Channel, why: str) -> None:
    Channel.objects.filter(pk=channel.pk).update(last_error=translated(why)[:500])
