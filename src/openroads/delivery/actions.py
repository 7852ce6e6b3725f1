"""Doing things to what leaves: posting mail, settling what is in doubt, stopping a job."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.delivery import policy, queue
from openroads.delivery.jobs import enqueue
from openroads.delivery.models import Delivery, QueuedJob
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person

SEND_DUE = "delivery.send_due"


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
def call_sent(*, by: Person, delivery: Delivery) -> None:
    """A person looked: it did leave."""
    directory_policy.require(by, policy.may_keep_delivery)
    changed = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.NEEDS_A_LOOK).update(
        state=Delivery.State.SENT, sent_at=delivery.attempt_started_at or timezone.now()
    )
    if changed:
        trail.record(by, "called delivery sent", delivery)


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
