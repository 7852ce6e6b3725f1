"""Answering by mail: in the thread, from our own address, under a number only this house can have made."""

import hashlib
import hmac
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import ClassVar, Final

from openroads.connectors.answering.port import (
    SEAL,
    Answering,
    Draft,
    Limits,
    Receipt,
    picture_of,
)
from openroads.connectors.answering.smtp import TLS_AFTERWARDS, Smtp
from openroads.connectors.failures import Refused, TryLater, Unsure
from openroads.connectors.imap import TLS_AT_ONCE, Imap
from openroads.connectors.mailbox import server_in
from openroads.connectors.plain import clean, one_line
from openroads.connectors.port import Field
from openroads.connectors.sentences import say

MOST_OF_A_PICTURE: Final = 5_000_000
MOST_REFERENCES: Final = 20
HOST: Final = Field(
    "server",
    say("SMTP server"),
    say("For instance smtp.example.org; always encrypted: by STARTTLS on port 587, or at once on :465 behind the name."),
)  # fmt: skip
ADDRESS: Final = Field("address", say("Our address"), say("From which answers come."))
NAME: Final = Field("sender", say("Name beside it"), say("As customers see it."), required=False)
USER: Final = Field("user", say("User name"), say("Often the address itself."))
WORD: Final = Field(
    "word",
    say("App password"),
    say("Made for the house alone, not the one people sign in with."),
    secret=True,
)
SENT_HOST: Final = Field(
    "imap",
    say("IMAP server"),
    say("Where the same user finds what was sent. With it the house can see whether a mail left when the line broke; without it a person looks."),
    required=False,
)  # fmt: skip
SENT: Final = Field("sent", say("Folder of what was sent"), required=False, default="Sent")


class AnsweringMail(Answering):
    """Sends mail over one account, each mail to one person."""

    kind: ClassVar[str] = "mail"
    label: ClassVar[str] = say("Mail")
    fields: ClassVar[tuple[Field, ...]] = (HOST, ADDRESS, NAME, USER, WORD, SENT_HOST, SENT)
    networks: ClassVar[tuple[str, ...]] = ("mail",)
    limits: ClassVar[Limits] = Limits(None, True, False, True)
    asks: ClassVar[str] = say("A server that speaks SMTP, a user name and an app password.")

    def publish(self, draft: Draft) -> Receipt:
        now = datetime.now(UTC)
        number, mail = self._number(draft), self._mail(draft, now)
        smtp = self._signed_in()
        try:
            smtp.hand_over(self._address, draft.to.strip(), mail.as_bytes())
        finally:
            smtp.close()
        return Receipt(number, "", now)

    def find(self, draft: Draft) -> Receipt | None:
        """In the folder of what was sent, by its number. That it is not there proves nothing: not every
        server keeps what it sends."""
        if not self._text(SENT_HOST.name):
            raise Unsure(say("Nobody can look whether this mail left; ask the receiver, or look in the mailbox."))  # fmt: skip
        host, port = server_in(self._text(SENT_HOST.name))
        number = self._number(draft)
        imap = Imap(self._client, host, port, at_once=port == TLS_AT_ONCE)
        try:
            imap.sign_in(self._text(USER.name), self._told.get(WORD.name, ""))
            imap.look_at(self._text(SENT.name, SENT.default))
            if not imap.with_number(number):
                raise Unsure(say("This mail is not in the folder of what was sent, which proves nothing; look in the mailbox."))  # fmt: skip
        finally:
            imap.close()
        return Receipt(number)

    def check(self) -> str:
        _place(self._address)
        self._signed_in().close()
        if self._text(SENT_HOST.name):
            host, port = server_in(self._text(SENT_HOST.name))
            imap = Imap(self._client, host, port, at_once=port == TLS_AT_ONCE)
            try:
                imap.sign_in(self._text(USER.name), self._told.get(WORD.name, ""))
                imap.look_at(self._text(SENT.name, SENT.default))
            finally:
                imap.close()
        return self._address

    @property
    def _address(self) -> str:
        return self._text(ADDRESS.name)

    def _number(self, draft: Draft) -> str:
        return number_of(draft.key, self._told.get(SEAL, ""), _place(self._address))

    def _signed_in(self) -> Smtp:
        host, port = server_in(_with_port(self._text(HOST.name)))
        smtp = Smtp(self._client, host, port, _place(self._address))
        try:
            smtp.sign_in(self._text(USER.name), self._told.get(WORD.name, ""))
        except (TryLater, Refused):
            smtp.close()
            raise
        return smtp

    def _mail(self, draft: Draft, now: datetime) -> EmailMessage:
        """A person wrote it, so it does not call itself automatic (RFC 3834). Text alone: what we send can
        be read everywhere, and follows nobody."""
        picture = picture_of(draft, MOST_OF_A_PICTURE)
        to = draft.to.strip()
        _place(to)
        name, _, domain = self._address.rpartition("@")
        mail = EmailMessage(policy=SMTP)
        mail["From"] = Address(one_line(self._text(NAME.name), 120), name, domain)
        mail["To"] = Address("", *to.rsplit("@", 1))
        mail["Subject"] = one_line(draft.subject, 200)
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = f"<{self._number(draft)}>"
        thread = [each for each in map(_bare, draft.references[-MOST_REFERENCES:]) if each]
        answered = _bare(draft.reply_to)
        if answered:
            mail["In-Reply-To"] = f"<{answered}>"
            thread = [*(each for each in thread if each != answered), answered]
        if thread:
            mail["References"] = " ".join(f"<{each}>" for each in thread)
        mail.set_content(clean(draft.text) + "\n", cte="quoted-printable")
        if picture:
            main, _, sub = picture.kind.partition("/")
            mail.add_attachment(picture.body, main, sub, filename=one_line(picture.name, 100) or f"picture.{sub}")  # fmt: skip
        if draft.language:
            mail["Content-Language"] = one_line(draft.language, 20)
        return mail


def number_of(key: str, seal: str, domain: str) -> str:
    """The Message-ID of a deed, the same every time: the key as a hash, and a signature over it by which an
    answer to us is told from one that only says so."""
    deed = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"{deed}.{_signature(deed, seal)}@{domain}"


def is_ours(message_id: str, seal: str) -> bool:
    """Whether a Message-ID was made under this seal; never without one."""
    deed, _, signature = _bare(message_id).rpartition("@")[0].partition(".")
    right = _signature(deed, seal)
    return bool(seal) and hmac.compare_digest(right.encode(), signature.encode("utf-8", "replace"))


def _signature(deed: str, seal: str) -> str:
    return hmac.new(seal.encode(), b"openroads mail " + deed.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]  # fmt: skip


def _bare(message_id: str) -> str:
    """An id without its brackets; empty for what is no id a header may hold, such as one the archive made."""
    told = message_id.strip().removeprefix("<").removesuffix(">")
    fits = "@" in told and told.isascii() and told.isprintable() and len(told) <= 250
    return told if fits and not any(sign in told for sign in " <>") else ""


def _place(address: str) -> str:
    """The part of a mail address behind the @. Raises Refused for what is no such address."""
    name, _, domain = address.rpartition("@")
    fits = name and "." in f"{domain}." and address.isascii() and address.isprintable() and len(address) <= 254  # fmt: skip
    if not fits or not domain or any(sign in address for sign in ' <>,;:"()[]\\'):
        raise Refused(say("“{address}” is not a mail address the house can write to.", address=address[:80]))  # fmt: skip
    return domain


def _with_port(told: str) -> str:
    return told if ":" in told else f"{told}:{TLS_AFTERWARDS}"
