"""The out-tray at work: one delivery at a time is claimed, sent, and its outcome written down.

Late is better than twice: mail that may have left already is never sent again by itself. A hook is: the
other side tells a double by its id. An answer that may have left is looked up at the network first.
"""

import random
import smtplib
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.http import Guarded
from openroads.connectors.signatures import sign
from openroads.delivery.hooks import keys_of
from openroads.delivery.models import Delivery, Endpoint
from openroads.delivery.outcomes import Later, LookLater, Never, Unknown
from openroads.delivery.queries import mail_leaves
from openroads.delivery.replying import send_at, send_reply

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8
GONE = 410
MOST_ANSWERED = 100_000
State = Delivery.State


def send_due(limit: int = 200) -> int:
    """Send what is due, at most `limit`; returns how many were taken up.

    Mail stays due as long as no mail server is set: nothing is ever called sent that was not.
    """
    reap()
    kinds = [kind for kind in Delivery.Kind if kind != Delivery.Kind.MAIL or mail_leaves()]
    taken = 0
    while taken < limit and (delivery := claim(kinds)):
        send(delivery)
        taken += 1
    return taken


def claim(kinds: Sequence[str] = tuple(Delivery.Kind)) -> Delivery | None:
    """Take one due delivery of these kinds; two workers never take the same one."""
    now = timezone.now()
    due = Delivery.objects.filter(state__in=Delivery.WAITING, due_at__lte=now, kind__in=kinds)
    if not due.exists():
        return None
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        found = due.order_by("due_at", "pk").first()
        if found is None:
            return None
        lease = uuid.uuid4().hex
        # Of an answer it stays, as long as nobody knows how the attempt before this one ended.
        begun = found.attempt_started_at if found.kind == Delivery.Kind.REPLY else None
        mine = Delivery.objects.filter(pk=found.pk, state=found.state, lease=found.lease).update(
            state=State.SENDING,
            lease=lease,
            lease_until=now + LEASE,
            attempt_started_at=begun,
            attempts=found.attempts + 1,
        )
        return Delivery.objects.get(pk=found.pk) if mine else None


def send(delivery: Delivery) -> None:
    """Send a claimed delivery and write down what became of it."""
    try:
        facts = SENDERS[delivery.kind](delivery)
    except Later as problem:
        _again(delivery, problem)
    except Never as problem:
        _settle(delivery, State.REFUSED, error=str(problem))
    except Unknown as problem:
        _settle(delivery, State.NEEDS_A_LOOK, error=str(problem))
    else:
        told: dict[str, Any] = {"sent_at": timezone.now(), **facts}
        _settle(delivery, State.SENT, **told)


def _again(delivery: Delivery, problem: Later) -> None:
    """Put it back, later each time, or as the other side asked; in the end a person looks."""
    # What certainly did not leave may be sent again without a look; so may what never began.
    ended = {} if isinstance(problem, LookLater) else {"attempt_started_at": None}
    if delivery.attempts >= MOST_ATTEMPTS:
        _settle(delivery, State.NEEDS_A_LOOK, error=str(problem))
        return
    wait = min(60 * 2 ** (delivery.attempts - 1), 6 * 3600) * random.uniform(0.75, 1.25)  # noqa: S311
    due = timezone.now() + timedelta(seconds=wait if problem.after is None else problem.after)
    _settle(delivery, State.RETRY, error=str(problem), due_at=due, **ended)
    if delivery.kind == Delivery.Kind.REPLY:
        send_at(delivery, due)


def reap() -> int:
    """Take back what a dead worker held. Not begun, or a hook: due again. Mail that was begun: a person
    must look, because mail cannot be looked up at the other side; an answer can, and is."""
    over: QuerySet[Delivery] = Delivery.objects.filter(
        state=State.SENDING, lease_until__lt=timezone.now()
    )
    again = Q(attempt_started_at__isnull=True) | Q(
        kind__in=(Delivery.Kind.HOOK, Delivery.Kind.REPLY)
    )
    not_begun = over.filter(again).update(state=State.DUE, lease="")
    begun = over.exclude(again).update(
        state=State.NEEDS_A_LOOK,
        lease="",
        last_error="The worker stopped while sending; nobody knows whether it left.",
    )
    return not_begun + begun


def _send_mail(delivery: Delivery) -> dict[str, object]:
    """The proof is the Message-ID: the same for the same deed, so that receivers can tell a double."""
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
    return {"proof": message_id}


def _send_hook(delivery: Delivery) -> dict[str, object]:
    """The proof is what the other side answered. The message keeps its id over all tries and is signed anew
    for each; every answer but 2xx is tried again, as Standard Webhooks asks, and 410 ends it."""
    endpoint = delivery.endpoint
    if endpoint is None or endpoint.ended_at is not None:
        raise Never("The endpoint was taken out.")
    if not endpoint.is_on:
        raise Later("The endpoint is told nothing for now.")
    now, body = timezone.now(), delivery.text.encode()
    number = f"msg_{uuid.uuid5(uuid.NAMESPACE_URL, delivery.deed).hex}"
    moment = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "webhook-id": number,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(sign(key, number, moment, body) for key in keys_of(endpoint, now)),
    }  # fmt: skip
    Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease).update(attempt_started_at=now)
    client = Guarded(settings.OPENROADS.http_allow)
    try:
        answer = client.post_bytes(
            endpoint.address, body, headers=headers, max_bytes=MOST_ANSWERED, also=range(300, 600)
        )
    except TryLater as problem:
        raise Later(str(problem)) from problem
    except Refused as problem:
        raise Never(str(problem)) from problem
    if answer.status == GONE:
        Endpoint.objects.filter(pk=endpoint.pk).update(
            is_on=False, why_off="It answered 410: it wants no more."
        )
        raise Never("The other side wants no more (410).")
    if not 200 <= answer.status < 300:
        raise Later(f"The other side answered {answer.status}.")
    return {"proof": f"{answer.status} {number}"}


def _send_reply(delivery: Delivery) -> dict[str, object]:
    """The proof is what it is called at the network."""
    if delivery.attempts > MOST_ATTEMPTS:
        raise Unknown(_("It was tried too often."))
    return send_reply(delivery, LEASE)


SENDERS: dict[str, Callable[[Delivery], dict[str, object]]] = {
    Delivery.Kind.MAIL: _send_mail,
    Delivery.Kind.HOOK: _send_hook,
    Delivery.Kind.REPLY: _send_reply,
}


def _settle(delivery: Delivery, state: str, *, error: str = "", **more: object) -> None:
    """Write the outcome down, if the delivery is still in these hands."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, lease=delivery.lease)
    if not mine.update(state=state, lease="", lease_until=None, last_error=error[:500], **more):
        log.warning("delivery was settled by somebody else", delivery=delivery.pk)


def _short(problem: BaseException) -> str:
    return " ".join(str(problem).split())[:300] or type(problem).__name__
