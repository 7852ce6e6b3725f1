"""Mail to a colleague who is asked something, and their answer as it comes back by mail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.connectors.mailtext import ids_in
from openroads.connectors.quoting import own_words
from openroads.ui.formats import weekday
from openroads.webcare.approach.models import ColleagueQuestion
from openroads.webcare.approach.tokens import token_of

MOST_WORDS = 8_000
_ADDRESS = re.compile(r"[^\s<>,;:\"]{1,64}@[^\s<>,;:\"]{1,255}")
_TO = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
_MACHINES = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-failed-recipients")
_BULK = ("bulk", "list", "junk", "auto_reply")


@dataclass(frozen=True)
class Mail:
    """Everything the out-tray needs."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class AnswerInMail:
    """What a mail says that may be a colleague's answer; nothing of it is believed yet.

    `token` is what stood behind the plus of our address, `answers` the left parts of the ids of the mails
    it answers, `sender` who it says it is from, `text` its own words.
    """

    token: str
    answers: tuple[str, ...]
    sender: str
    text: str


def answer_url(question: ColleagueQuestion) -> str:
    """The whole address of the page on which it is answered."""
    path = reverse("colleague:answer", args=[token_of(question)])
    return f"{settings.OPENROADS.url.rstrip('/')}{path}"


def mail_of(question: ColleagueQuestion, *, by_mail: bool, reminder: int = 0) -> Mail:
    """The mail that asks, or reminds, in the active language. Of the customer it holds what the asker
    wrote and nothing else."""
    who = question.asked_by.name
    begins = " ".join(question.words.split())[:80]
    if reminder:
        subject = _("Still waiting: %(begins)s") % {"begins": begins}
        first = _("%(who)s still waits for your answer to this question:") % {"who": who}
    else:
        subject = _("%(who)s asks: %(begins)s") % {"who": who, "begins": begins}
        first = _("%(who)s asks you something, to answer somebody outside:") % {"who": who}
    on = {"day": weekday(question.due_on)}
    late = timezone.localdate() > question.due_on
    parts = [
        first,
        question.words,
        _("An answer was asked by %(day)s.") % on if late else _("Please answer by %(day)s.") % on,
        _("Answer here, without signing in:") + f"\n{answer_url(question)}",
        _("Or just answer this mail.") if by_mail else "",
        _(
            "The address is yours alone: who has it can answer in your place. It works for two weeks, and until the conversation is closed."
        ),
    ]
    return Mail(" ".join(subject.split())[:250], "\n\n".join(part for part in parts if part))


def answer_in_mail(headers: Mapping[str, str], body: str, *, ours: str) -> AnswerInMail | None:
    """A mail as a possible answer to a question of ours; None for what machines send, for a mail of our
    own, one that answers nothing, and one without words of its own.

    `ours` is the address of the mailbox. `body` is its plain text, quotes and all.
    """
    told = {name.lower(): value for name, value in headers.items()}
    senders = _ADDRESS.findall(told.get("from", "").lower())
    sender = senders[-1] if senders else ""
    if not sender or sender == ours.lower() or _is_of_machine(told, sender):
        return None
    token = _token_in(" ".join(told.get(name, "") for name in _TO), ours)
    ids = [*ids_in(told.get("in-reply-to", "")), *ids_in(told.get("references", ""))]
    answers = tuple(dict.fromkeys(one.partition("@")[0].lower() for one in ids))
    text = own_words(body).strip()[:MOST_WORDS]
    if not text or not (token or answers):
        return None
    return AnswerInMail(token, answers, sender, text)


def _token_in(addresses: str, ours: str) -> str:
    """What stands behind the plus of our own address."""
    local, _at, domain = ours.lower().rpartition("@")
    for address in _ADDRESS.findall(addresses.lower()):
        before, _sign, behind = address.rpartition("@")
        name, plus, token = before.partition("+")
        if plus and name == local and behind == domain:
            return str(token)
    return ""


def _is_of_machine(told: Mapping[str, str], sender: str) -> bool:
    """What no person sent (RFC 3834): an absence, a bounce, a list."""
    automatic = told.get("auto-submitted", "no").strip().lower()
    return (
        not automatic.startswith("no")
        or told.get("precedence", "").strip().lower() in _BULK
        or any(told.get(name) for name in _MACHINES)
        or sender.partition("@")[0] in ("mailer-daemon", "postmaster")
        or told.get("return-path", "-").strip() == "<>"
    )
