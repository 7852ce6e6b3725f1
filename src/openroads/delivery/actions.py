"""Doing things to what leaves: posting mail and answers, taking back, settling what is in doubt, stopping a job."""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.connectors.answering import ANSWERING, Draft
from openroads.connectors.plain import web_address
from openroads.delivery import policy, queue
from openroads.delivery.channels import limits_of, way_of
from openroads.delivery.jobs import SEND_DUE, enqueue
from openroads.delivery.models import Channel, Delivery, QueuedJob
from openroads.delivery.replying import as_row, send_at
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person
from openroads.directory.people import system_person

AT_ONCE = timedelta(0)


@transaction.atomic
def post_mail(
    *,
    by: Person,
    deed: str,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    headers: dict[str, str] | None = None,
    due_at: datetime | None = None,
) -> Delivery:
    """Put one mail in the out-tray, in the transaction at hand.

    The same `deed` ("digest 2026-11 for person 12") is posted once, however often it is asked.

    Raises ValidationError for an address that is none and for line breaks in what becomes a header.
    """
    try:
        validate_email(to)
    except ValidationError:
        raise ValidationError({"to": _("This is no e-mail address.")}) from None
    for line in (subject, *(headers or {}), *(headers or {}).values()):
        if "\r" in line or "\n" in line:
            raise ValidationError({"subject": _("A subject has no line breaks.")})
    delivery, made = Delivery.objects.get_or_create(
        deed=deed,
        defaults={
            "kind": Delivery.Kind.MAIL,
            "recipient": to,
            "subject": subject[:255],
            "text": text,
            "html": html,
            "headers": headers or {},
            "by": by,
            "due_at": due_at or timezone.now(),
        },
    )
    if made:
        enqueue(SEND_DUE, key=SEND_DUE, by=by)
    return delivery


@transaction.atomic
def queue_reply(
    *, by: Person, channel: Channel, draft: Draft, deed: str, after: timedelta = AT_ONCE
) -> Delivery:
    """Put one answer in the out-tray, in the transaction at hand; until `after` has passed it can be taken
    back. Whether `by` may answer is asked by the room that queues it.

    The same `deed` ("case 12 reply 3") leaves once, however often it is asked. Raises ValidationError for
    what the channel cannot send: too long, no words, private where nothing is, a picture where none fits.
    """
    if len(deed) > 200:
        deed = f"{deed[:130]} {hashlib.sha256(deed.encode()).hexdigest()}"
    _refuse_what_cannot_be(channel, draft)
    body = draft.picture.body if draft.picture else None
    delivery, made = Delivery.objects.get_or_create(
        deed=deed,
        defaults={
            "kind": Delivery.Kind.REPLY,
            "channel": channel,
            "draft": as_row(draft),
            "picture": body,
            "recipient": channel.name,
            "by": by,
            "due_at": timezone.now() + after,
        },
    )
    if made:
        trail.record(by, "queued answer", delivery, name=channel.name)
        send_at(delivery, delivery.due_at)
    return delivery


def _refuse_what_cannot_be(channel: Channel, draft: Draft) -> None:
    limits, said = limits_of(channel), way_of(channel).words(draft)
    if not channel.is_on:
        raise ValidationError(_("The channel %(name)s is off.") % {"name": channel.name})
    if not draft.text.strip():
        raise ValidationError({"text": _("An answer without words is not sent.")})
    if draft.private and not limits.private:
        raise ValidationError({"private": _("Nothing private can be sent through this channel.")})
    if draft.picture is not None and not limits.picture:
        raise ValidationError({"picture": _("No picture can go along through this channel.")})
    if limits.characters is not None and (n := limits.count(said)) > limits.characters:
        raise ValidationError({"text": _("This is %(n)s characters; the network takes %(most)s.") % {"n": n, "most": limits.characters}})  # fmt: skip


@transaction.atomic
def recall(*, by: Person, delivery: Delivery) -> bool:
    """Take an answer back. True when it has certainly not left and will not; False when it is leaving, has
    left, or may have. Whether `by` may is asked by the room that queued it."""
    taken = Delivery.objects.filter(
        pk=delivery.pk, kind=Delivery.Kind.REPLY, state__in=Delivery.WAITING,
        attempt_started_at__isnull=True,
    ).update(state=Delivery.State.RECALLED, last_error="")  # fmt: skip
    if taken:
        trail.record(by, "took answer back", delivery)
    return bool(taken)


@transaction.atomic
def try_again(*, by: Person, delivery: Delivery) -> None:
    """A person looked: it did not leave, or must leave once more."""
    directory_policy.require(by, policy.may_keep_delivery)
    open_to_doubt = (Delivery.State.NEEDS_A_LOOK, Delivery.State.REFUSED)
    changed = Delivery.objects.filter(pk=delivery.pk, state__in=open_to_doubt).update(
        state=Delivery.State.DUE, due_at=timezone.now(), attempts=0, attempt_started_at=None
    )
    if changed:
        trail.record(by, "tried delivery again", delivery)
        enqueue(SEND_DUE, key=SEND_DUE, by=by)


@transaction.atomic
def call_sent(*, by: Person, delivery: Delivery, address: str = "") -> None:
    """A person looked: it did leave; of an answer they may say where it stands."""
    directory_policy.require(by, policy.may_keep_delivery)
    if address and not web_address(address):
        raise ValidationError({"address": _("This is no web address.")})
    changed = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.NEEDS_A_LOOK).update(
        state=Delivery.State.SENT,
        sent_at=delivery.attempt_started_at or timezone.now(),
        receipt_url=web_address(address),
    )
    if changed:
        trail.record(by, "called delivery sent", delivery, url=address)


@transaction.atomic
def found_standing(*, delivery: Delivery, native_id: str, url: str, at: datetime) -> bool:
    """An answer nobody was sure of was read back from its network: it did leave. One that is to be tried
    again is looked up by who tries it. True when that ended the doubt."""
    doubtful = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.NEEDS_A_LOOK)
    address = web_address(url)[:2_000]
    ended = doubtful.update(
        state=Delivery.State.SENT, sent_at=at, last_error="", proof=native_id[:255],
        receipt_id=native_id[:500], receipt_url=address,
    )  # fmt: skip
    if ended:
        trail.record(system_person(), "called delivery sent", delivery, url=address)
    return bool(ended)


@transaction.atomic
def leave_it(*, by: Person, delivery: Delivery) -> None:
    """A person looked, and lets an answer be: it is not sent again, whether or not it left."""
    directory_policy.require(by, policy.may_keep_delivery)
    ended = (Delivery.State.NEEDS_A_LOOK, Delivery.State.REFUSED)
    found = Delivery.objects.filter(pk=delivery.pk, kind=Delivery.Kind.REPLY, state__in=ended)
    if found.update(state=Delivery.State.LEFT):
        trail.record(by, "left delivery as it is", delivery)


@transaction.atomic
def cancel_job(*, by: Person, job: QueuedJob) -> None:
    """Stop a job: one that waits at once, one that runs when it next asks. Who asked for it may."""
    if job.by_id != by.pk:
        directory_policy.require(by, policy.may_keep_delivery)
    queue.cancel(job.pk)
    trail.record(by, "stopped job", job, name=job.name)


def take_words_out(*, deeds: str, instead: str) -> int:
    """Put a sentence in the place of the words of every mail whose deed begins so: somebody was erased
    whose words may stand there. What has left has left; what waits leaves with the sentence. Returns
    how many mails."""
    mails = Delivery.objects.filter(kind=Delivery.Kind.MAIL, deed__startswith=deeds)
    return mails.exclude(text=instead).update(text=instead, html="")


def forget_replies(*, network: str, to: Collection[str], answering: Collection[str]) -> int:
    """Take the words out of every answer on a network to these handles, or to posts of these native ids: their
    author was erased. What waits does not leave; what is just leaving keeps its words for now. Returns how
    many were emptied."""
    kinds = [kind for kind, way in ANSWERING.items() if network in way.networks]
    theirs = Q(draft__reply_to__in=list(answering))
    for handle in to:
        theirs |= Q(draft__to__iexact=handle)
    found = Delivery.objects.filter(theirs, kind=Delivery.Kind.REPLY, channel__kind__in=kinds)
    waiting = found.filter(state__in=Delivery.WAITING, attempt_started_at__isnull=True)
    waiting.update(state=Delivery.State.RECALLED)
    ended = found.exclude(state__in=(*Delivery.WAITING, Delivery.State.SENDING))
    return ended.update(draft=None, picture=None)


def empty_replies(deliveries: Collection[int]) -> int:
    """Take the words out of these answers, which are past the time they are kept; of what waits, or is just
    leaving, they stay. Returns how many were emptied."""
    ended = Delivery.objects.filter(pk__in=deliveries, draft__isnull=False)
    ended = ended.exclude(state__in=(*Delivery.WAITING, Delivery.State.SENDING))
    return ended.update(draft=None, picture=None)
