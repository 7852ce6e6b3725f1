"""The signs by which a colleague's answer is known: the address of their page, of their mail, of our mails."""

import re
import uuid
from collections.abc import Iterator

from django.utils.crypto import constant_time_compare, salted_hmac

from openroads.webcare.approach.models import ColleagueQuestion

REMINDERS = 3
LONGEST_LOCAL = 64
"""Characters before the @ of a mail address (RFC 5321, 4.5.3.1.1)."""
_TOKEN = re.compile(r"([0-9]{1,10})-([0-9a-f]{32})")


def token_of(question: ColleagueQuestion) -> str:
    """What lets one answer one question, without signing in: its number, signed with the key of the
    house and with its own. In small letters, as mail servers may make it so."""
    return f"{question.pk}-{_signature(question)}"


def number_in(token: str) -> int | None:
    """The number of the question a token speaks of, not yet believed; None where it is no token."""
    found = _TOKEN.fullmatch(token.strip().lower())
    return int(found[1]) if found else None


def is_of(token: str, question: ColleagueQuestion) -> bool:
    """Whether a token is that of this question."""
    return constant_time_compare(token.strip().lower(), token_of(question))


def deeds_of(question: ColleagueQuestion) -> Iterator[str]:
    """What each mail about a question is called in the out-tray; the key in it makes its Message-ID one
    that nobody can guess."""
    for number in range(REMINDERS + 1):
        yield deed_of(question, number)


def deed_of(question: ColleagueQuestion, reminder: int = 0) -> str:
    """The first mail, or the reminder of that number."""
    more = f" reminder {reminder}" if reminder else ""
    return f"colleague question {question.pk} {question.key}{more}"


def mail_numbers(question: ColleagueQuestion) -> set[str]:
    """The left parts of the Message-IDs of our mails about a question (see `delivery.sending`)."""
    return {uuid.uuid5(uuid.NAMESPACE_URL, deed).hex for deed in deeds_of(question)}


def reply_address(mailbox: str, question: ColleagueQuestion) -> str:
    """The address of the mailbox with the token behind a plus, so that an answer is known also where a
    mail program leaves out what it answers; the plain one where that would be too long."""
    local, _at, domain = mailbox.rpartition("@")
    signed = f"{local}+{token_of(question)}"
    return f"{signed}@{domain}" if len(signed) <= LONGEST_LOCAL else mailbox


def _signature(question: ColleagueQuestion) -> str:
    made = salted_hmac(
        "openroads.webcare.colleague", f"{question.pk}:{question.key}", algorithm="sha256"
    )
    return made.hexdigest()[:32]
