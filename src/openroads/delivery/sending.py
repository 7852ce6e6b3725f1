"""The out-tray at work: one delivery at a time is claimed, sent, and its outcome written down.

Late is better than twice: whatever may have left already is never sent again by itself.
"""

import random
import smtplib
import uuid
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from openroads.delivery.models import Delivery
from openroads.delivery.queries import mail_leaves

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8
State = Delivery.State


class Unknown(Exception):
    """It may have left and it may not: the line broke after the sending had begun."""


class Later(Exception):
    """It has certainly not left, and may later."""


class Never(Exception):
    """The other side will not have it."""


def send_due(limit: int = 200) -> int:
    """Send what is due, at most `limit`; returns how many were taken up.

    Mail stays due as long as no mail server is set: nothing is ever called sent that was not.
    """
    reap()
    if not mail_leaves():
        return 0
    taken = 0
    while taken < limit and (delivery := claim()):
        send(delivery)
        taken += 1
    return taken


def claim() -> Delivery | None:
    """Take one due delivery; two workers never take the same one."""
    now = timezone.now()
    due = Delivery.objects.filter(state__in=Delivery.WAITING, due_at__lte=now)
    if not due.exists():
        return None
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        found = due.order_by("due_at", "pk").first()
        if found is None:
            return None
        lease = uuid.uuid4().hex
        mine = Delivery.objects.filter(pk=found.pk, state=found.state, lease=found.lease).update(
            state=State.SENDING,
            lease=lease,
            lease_until=now + LEASE,
            attempt_started_at=None,
            attempts=found.attempts + 1,
        )
        return Delivery.objects.get(pk=found.pk) if mine else None


def send(delivery: Delivery) -> None:
    """Send a claimed delivery and write down what became of it."""
    try:
        proof = _send_mail(delivery)
    except Later as problem:
        if delivery.attempts >= MOST_ATTEMPTS:
            _settle(delivery, State.NEEDS_A_LOOK, error=str(problem))
        else:
            wait = min(60 * 2 ** (delivery.attempts - 1), 6 * 3600) * random.uniform(0.75, 1.25)  # noqa: S311
            due = timezone.now() + timedelta(seconds=wait)
            _settle(delivery, State.RETRY, error=str(problem), due_at=due)
    except Never as problem:
        _settle(delivery, State.REFUSED, error=str(problem))
    except Unknown as problem:
        _settle(delivery, State.NEEDS_A_LOOK, error=str(problem))
    else:
        _settle(delivery, State.SENT, sent_at=timezone.now(), proof=proof)


def reap() -> int:
    """Take back what a dead worker held. Not begun: due again. Begun: a person must look, because
    mail cannot be looked up at the other side."""
    over: QuerySet[Delivery] = Delivery.objects.filter(
        state=State.SENDING, lease_until__lt=timezone.now()
    )
    not_begun = over.filter(attempt_started_at__isnull=True).update(state=State.DUE, lease="")
    begun = over.filter(attempt_started_at__isnull=False).update(
        state=State.NEEDS_A_LOOK,
        lease="",
        last_error="The worker stopped while sending; nobody knows whether it left.",
    )
    return not_begun + begun


def _send_mail(delivery: Delivery) -> str:
    """Returns the Message-ID: the same for the same deed, so that receivers can tell a double."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    message_id = f"<{uuid.uuid5(uuid.NAMESPACE_URL, delivery.deed).hex}@{host}>"
    mail = EmailMultiAlternatives(
        subject=delivery.subject,
        body=delivery.text,
        to=[delivery.recipient],
        headers={**delivery.headers, "Message-ID": message_id},
    )
    if delivery.html:
        mail.attach_alternative(delivery.html, "text/html")
    server = get_connection()
    try:
        server.open()
    except OSError as problem:  # smtplib's errors are OSErrors too; nothing has left yet
        raise Later(f"The mail server could not be reached: {_short(problem)}") from problem
    begun = Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease).update(
        attempt_started_at=timezone.now()
    )
    if not begun:
        server.close()
        raise Unknown("Another worker took this over.")
    try:
        server.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as problem:
        codes = [code for code, _text in problem.recipients.values()]
        kind = Later if all(400 <= code < 500 for code in codes) else Never
        raise kind(f"The address was refused: {_short(problem)}") from problem
    except smtplib.SMTPResponseException as problem:
        kind = Later if 400 <= problem.smtp_code < 500 else Never
        raise kind(f"The mail server said no: {_short(problem)}") from problem
    except OSError as problem:
        raise Unknown(f"The line broke while sending: {_short(problem)}") from problem
    finally:
        server.close()
    return message_id


def _settle(delivery: Delivery, state: str, *, error: str = "", **more: object) -> None:
    """Write the outcome down, if the delivery is still in these hands."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, lease=delivery.lease)
    if not mine.update(state=state, lease="", lease_until=None, last_error=error[:500], **more):
        log.warning("delivery was settled by somebody else", delivery=delivery.pk)


def _short(problem: BaseException) -> str:
    return " ".join(str(problem).split())[:300] or type(problem).__name__
