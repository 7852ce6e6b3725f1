"""The mailbox in which colleagues' answers arrive: setting it, and reading what came in."""

import email
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.http import Guarded
from openroads.connectors.imap import TLS_AT_ONCE, Fetched, Imap
from openroads.connectors.mailbox import server_in
from openroads.connectors.mailtext import MOST, LeftOut, as_message, header
from openroads.connectors.plain import one_line
from openroads.directory import trail
from openroads.directory.models import Person
from openroads.directory.policy import require
from openroads.webcare.approach import policy, queries
from openroads.webcare.approach.actions.answering import take_answer_by_mail
from openroads.webcare.approach.mails import AnswerInMail, answer_in_mail
from openroads.webcare.approach.models import MAILBOX, AnswerMailbox

BACK = timedelta(days=2)
"""How far back is read the first time, and where a server numbers anew."""
MOST_MAILS = 500
HEADERS = (
    "From", "To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "In-Reply-To", "References",
    "Auto-Submitted", "Precedence", "Return-Path", "X-Autoreply", "X-Autorespond", "X-Auto-Reply",
    "X-Failed-Recipients",
)  # fmt: skip


@transaction.atomic
def set_mailbox(
    *, by: Person, address: str, server: str, user: str, password: str, folder: str, is_on: bool
) -> AnswerMailbox:
    """Say where colleagues' answers by mail arrive. An empty password keeps the one there was; another
    server, user or folder is read from its beginning (two days back)."""
    require(by, policy.may_set_mailbox)
    try:
        server_in(server)
    except Refused as problem:
        raise ValidationError({"server": str(problem)}) from problem
    row = queries.mailbox() or AnswerMailbox(pk=MAILBOX)
    place = (row.server, row.user, row.folder)
    if not password and (not row.password or (server, user) != place[:2]):
        raise ValidationError({"password": _("Give the app password of this mailbox.")})
    row.address, row.server, row.user, row.folder, row.is_on = address.lower(), server, user, folder or "INBOX", is_on  # fmt: skip
    if password:
        row.password = password
    if (row.server, row.user, row.folder) != place:
        row.validity = row.uid = 0
    row.why, row.failed_at = "", None
    row.save()
    trail.record(by, "set the mailbox of colleagues", row, address=row.address, reads=is_on)
    return row


def read_answers(
    *, now: datetime, client: Guarded | None = None, alive: Callable[[], bool] = lambda: True
) -> int:
    """Read what came into the mailbox since the last time, and take in what answers a question; returns how
    many did. Nothing is changed there. What goes wrong is written down for who set it; the next minute tries
    again."""
    row = queries.open_mailbox()
    if row is None:
        return 0
    taken = 0
    try:
        for validity, letter in _new(row, client or Guarded(settings.OPENROADS.http_allow), now):
            found = answer_of(letter, row.address, now)
            taken += bool(found and take_answer_by_mail(found=found, now=now))
            # Beside the answer itself, which taken in twice changes nothing.
            AnswerMailbox.objects.filter(pk=row.pk).update(validity=validity, uid=letter.uid)
            if not alive():
                return taken
    except (Refused, TryLater) as problem:
        AnswerMailbox.objects.filter(pk=row.pk).update(failed_at=now, why=str(problem)[:300])
        return taken
    AnswerMailbox.objects.filter(pk=row.pk).update(read_at=now, failed_at=None, why="")
    return taken


def _new(row: AnswerMailbox, client: Guarded, now: datetime) -> Iterator[tuple[int, Fetched]]:
    host, port = server_in(row.server)
    imap = Imap(client, host, port, at_once=port == TLS_AT_ONCE)
    try:
        imap.sign_in(row.user, row.password)
        validity = imap.look_at(row.folder)
        same = validity == row.validity
        uids = imap.above(row.uid) if same else imap.since((now - BACK).date())
        for letter in imap.fetch(uids[:MOST_MAILS]):
            yield validity, letter
    finally:
        imap.close()


def answer_of(letter: Fetched, ours: str, now: datetime) -> AnswerInMail | None:
    """A mail as a possible answer; None for what machines send, or nobody can read, or says nothing."""
    message = as_message(letter.raw, letter.came_at, max(now, datetime.now(UTC)), ours)
    if isinstance(message, LeftOut):
        return None
    mail = email.message_from_bytes(letter.raw[:MOST])
    if message.text == one_line(header(mail, "Subject")):
        return None  # nothing but a subject: nobody answered anything
    headers = {name: header(mail, name) for name in HEADERS if mail.get(name) is not None}
    # Addresses that are folded or repeated: all of them.
    for name in ("To", "Cc", "Delivered-To"):
        headers[name] = " ".join(str(one) for one in mail.get_all(name) or [])[:4_000]
    return answer_in_mail(headers, message.text, ours=ours)
