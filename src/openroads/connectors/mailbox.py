"""A mailbox: new mail in one folder, read over IMAP without changing anything there."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final

from openroads.archive.message import Message
from openroads.connectors.failures import Refused
from openroads.connectors.imap import TLS_AT_ONCE, Fetched, Imap
from openroads.connectors.mailtext import LeftOut, as_message
from openroads.connectors.port import Field, Page, Rejected
from openroads.connectors.searching import BACK, Searched, Slice, days_back
from openroads.connectors.sentences import Sentence, say
from openroads.connectors.servers import SERVER

A_PAGE: Final = 50
MOST_MAILS: Final = 2_000
"""Of one visit; the next visit goes on where it stopped."""
MOST_WAIT: Final = 300
HOST: Final = Field(
    SERVER.name,
    say("IMAP server"),
    say("For instance imap.example.org; always encrypted: on port 993, or by STARTTLS on another, such as :143 behind the name."),
)  # fmt: skip
USER: Final = Field("user", say("User name"), say("Often the address of the mailbox."))
WORD: Final = Field(
    "word",
    say("App password"),
    say("Made for the house alone, not the one people sign in with."),
    secret=True,
)
FOLDER: Final = Field("topic", say("Folder"), required=False, default="INBOX")
WAIT: Final = Field(
    "wait",
    say("Seconds to wait for new mail"),
    say("At the end of each visit, where the server tells of new mail by itself (IDLE)."),
    required=False,
    default="20",
)
SENDERS: Final = Field(
    "authserv",
    say("Name under which your server checks senders"),
    say(
        "What stands first in the lines “Authentication-Results” of a mail in this mailbox, such as mx.google.com; a "
        "minus sign (-) where none stands, as at Microsoft 365. Without it anybody can write in the name of somebody else, and nobody sees it."
    ),
    required=False,
)
_COUNTED: Final[dict[LeftOut, Sentence]] = {
    LeftOut.AUTOMATIC: say("automatic"),
    LeftOut.BOUNCE: say("undeliverable"),
    LeftOut.OWN: say("our own"),
    LeftOut.PUZZLE: say("not readable"),
    LeftOut.EMPTY: say("empty"),
}


@dataclass(frozen=True, slots=True)
class _Place:
    """How far a folder has been read: the mark under which its numbers hold, and the last number."""

    validity: int = 0
    uid: int = 0

    @classmethod
    def of(cls, cursor: str) -> "_Place":
        try:
            told = json.loads(cursor) if cursor else {}
            return cls(int(told["validity"]), int(told["uid"]))
        except (ValueError, TypeError, KeyError):
            return cls()

    def cursor(self) -> str:
        return json.dumps({"validity": self.validity, "uid": self.uid})


class Mailbox(Searched):
    """Reads one folder of a mailbox."""

    kind: ClassVar[str] = "mail"
    label: ClassVar[str] = say("Mailbox")
    reads: ClassVar[str] = say(
        "New mail in one folder, its own words without signature and quotes; no attachments, nothing that machines send."
    )
    asks: ClassVar[str] = say("A server that speaks IMAP, a user name and an app password.")
    fields: ClassVar[tuple[Field, ...]] = (HOST, USER, WORD, FOLDER, SENDERS, BACK, WAIT)
    every: ClassVar[int] = 5

    def read(self, topic: str, cursor: str = "") -> Iterator[Page]:
        """Mail that came in since the last visit; where the server numbers anew, everything of the days
        asked for once more, which adds nothing twice. Then a while of waiting for the next."""
        user = self._told.get(USER.name, "")
        wait = wait_in(self._told.get(WAIT.name, ""))
        host, port = server_in(self._told.get(HOST.name, ""))
        imap = Imap(self._client, host, port, at_once=port == TLS_AT_ONCE)
        try:
            imap.sign_in(user, self._told.get(WORD.name, ""))
            place = _Place.of(cursor)
            validity = imap.look_at(topic.strip() or FOLDER.default)
            left_out: Counter[LeftOut] = Counter()
            if place.validity != validity:
                place = _Place(validity)
            while True:
                uids = self._new(imap, place)
                for page in self._pages(imap, uids[:MOST_MAILS], place, user, left_out):
                    place = _Place.of(page.cursor)
                    yield page
                if len(uids) > MOST_MAILS or not (wait and imap.can_wait()):
                    return
                # Once: who waits for ever keeps a worker from everybody else.
                if not imap.wait(wait, lambda: self._pause(0.01)):
                    return
                wait = 0
        finally:
            imap.close()

    def _new(self, imap: Imap, place: _Place) -> list[int]:
        if place.uid:
            return imap.above(place.uid)
        days = days_back(self._told.get(BACK.name, ""))
        return imap.since((self._now - timedelta(days=days)).date())

    def _pages(
        self, imap: Imap, uids: list[int], place: _Place, user: str, left_out: Counter[LeftOut]
    ) -> Iterator[Page]:
        for start in range(0, len(uids), A_PAGE):
            some = uids[start : start + A_PAGE]
            messages: list[Message] = []
            rejected: list[Rejected] = []
            for mail in imap.fetch(some):
                found = self._read(mail, user)
                if isinstance(found, Message):
                    messages.append(found)
                    continue
                left_out[found] += 1
                if found is LeftOut.PUZZLE:
                    where = say("mail {number}", number=str(mail.uid))
                    rejected.append(Rejected(where, say("This mail is nested too deeply; it is not read."), ""))  # fmt: skip
            last = start + A_PAGE >= len(uids)
            place = _Place(place.validity, max(some))
            notes = tuple(_note(left_out)) if last else ()
            yield Page(messages, place.cursor(), rejected, notes=notes)

    def _read(self, mail: Fetched, user: str) -> Message | LeftOut:
        ours, server = user if "@" in user else "", self._told.get(SENDERS.name, "")
        return as_message(mail.raw, mail.came_at, self._now, ours, server)

    def _ask(self, search: str, since: object, older: str) -> Slice:
        raise Refused(say("A mailbox is not searched."))


def server_in(told: str) -> tuple[str, int]:
    """The host and port a person wrote. Raises Refused for what is none."""
    host, colon, port = told.strip().rpartition(":")
    if not colon:
        host, port = told.strip(), str(TLS_AT_ONCE)
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65_536:
        raise Refused(say("“{given}” is not the address of a server.", given=told[:100]))
    return host, int(port)


def wait_in(told: str) -> int:
    """Seconds of waiting. Raises Refused for what is no such number."""
    seconds = told.strip() or WAIT.default
    if not (seconds.isascii() and seconds.isdigit() and int(seconds) <= MOST_WAIT):
        raise Refused(say("“{told}” is not a number of seconds from 0 to {most}.", told=seconds[:20], most=MOST_WAIT))  # fmt: skip
    return int(seconds)


def _note(left_out: Counter[LeftOut]) -> Iterator[Sentence]:
    for why, number in sorted(left_out.items()):
        yield say("Mail left out: {number} {why}.", number=number, why=_COUNTED[why])
    left_out.clear()
