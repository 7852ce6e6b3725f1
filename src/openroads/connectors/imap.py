"""IMAP over a guarded connection: signing in, looking, fetching the beginning of each mail, waiting for news."""

import base64
import imaplib
import re
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.http import Guarded
from openroads.connectors.plain import one_line
from openroads.connectors.sentences import say
from openroads.connectors.socket_line import SocketLine, TooMuch

TLS_AT_ONCE, TLS_AFTERWARDS = 993, 143
PORTS: Final = (TLS_AT_ONCE, TLS_AFTERWARDS)
A_COMMAND: Final = 60.0
"""Seconds for one question."""
MOST_OF_A_MAIL: Final = 1_000_000
"""Bytes: header and words stand first, pictures and files behind them are never fetched."""
MOST_OF_A_VISIT: Final = 400_000_000
MOST_OF_A_LINE: Final = 1_000_000
AT_ONCE: Final = 10
MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_UID: Final = re.compile(rb"\bUID (\d{1,10})\b")
_CAME: Final = re.compile(rb'INTERNALDATE "([^"]{5,40})"')


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail as the server has it: its number, when it came in, and its beginning."""

    uid: int
    came_at: datetime
    raw: bytes


class _Protocol(imaplib.IMAP4):
    """The standard library's IMAP, on a line of ours instead of a socket of its own."""

    def __init__(self, line: SocketLine) -> None:
        self._line = line
        super().__init__()

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        self.host, self.port = host, port

    def read(self, size: int) -> bytes:
        if size > MOST_OF_A_MAIL + 1_000:
            raise TooMuch
        return self._line.read(size)

    def readline(self) -> bytes:
        return self._line.readline(MOST_OF_A_LINE)

    def send(self, data: Any) -> None:
        self._line.send(bytes(data))

    def shutdown(self) -> None:
        self._line.close()

    def begin_tls(self) -> None:
        """STARTTLS. What was offered before it is not believed."""
        kind, told = self._simple_command("STARTTLS")
        if kind != "OK":
            raise self.error(told[-1])
        self._line.secure()
        self._tls_established = True
        self._get_capabilities()

    def idle(self, seconds: float, beat: Any = None) -> bool:
        """Wait until the server tells of a new mail, at most so many seconds; `beat` is called every
        second or two. Whether it did."""
        tag = self._new_tag()
        self.send(tag + b" IDLE\r\n")
        until, news, begun = time.monotonic() + seconds, False, False
        while not news and (not begun or time.monotonic() < until):
            if begun and not self._line.has_news(min(2.0, max(0.0, until - time.monotonic()))):
                if beat:
                    beat()
                continue
            told = self.readline()
            if not told or told.startswith(tag):
                return news  # it does not wait, or hung up
            begun = begun or told.startswith(b"+")
            news = told.upper().rstrip().endswith(b" EXISTS")
        self.send(b"DONE\r\n")
        while (told := self.readline()) and not told.startswith(tag):
            news = news or told.upper().rstrip().endswith(b" EXISTS")
        return news


class Imap:
    """One folder of a mailbox, looked at without changing anything in it. Always encrypted: `at_once`, or
    by STARTTLS before anything is said."""

    def __init__(self, client: Guarded, host: str, port: int, *, at_once: bool) -> None:
        self._host = host
        self._line = client.line_to(host, port, ports=PORTS, timeout=A_COMMAND)
        self._line.most = MOST_OF_A_VISIT
        try:
            with self._in_words():
                self._imap = self._begin(host, at_once)
        except BaseException:
            self._line.close()
            raise

    def _begin(self, host: str, at_once: bool) -> _Protocol:
        if at_once:
            self._line.secure()
            return _Protocol(self._line)
        imap = _Protocol(self._line)
        if "STARTTLS" not in imap.capabilities:
            raise Refused(say("{host} does not offer an encrypted connection on this port.", host=host))  # fmt: skip
        imap.begin_tls()
        return imap

    def sign_in(self, user: str, word: str) -> None:
        """With a user name and an app password. Raises Refused when they are not let in."""
        if any(ord(letter) < 32 for letter in user + word):
            raise Refused(
                say("The user name or the app password holds a character that cannot be.")
            )
        with self._in_words():
            try:
                if "AUTH=PLAIN" in self._imap.capabilities:
                    self._imap.authenticate("PLAIN", lambda _: f"\0{user}\0{word}".encode())
                else:
                    self._imap.login(user, word)
            except imaplib.IMAP4.abort:
                raise
            except (imaplib.IMAP4.error, UnicodeError):
                raise Refused(say("{host} does not let this user in with this app password.", host=self._host)) from None  # fmt: skip
            # What may be asked is often told only to who is signed in.
            self._imap._get_capabilities()

    def look_at(self, folder: str) -> int:
        """Open a folder for reading only; its UIDVALIDITY, the mark under which its numbers hold."""
        with self._in_words():
            kind, _ = self._imap.select(quoted(folder), readonly=True)
            if kind != "OK":
                raise Refused(say("There is no folder “{folder}” in this mailbox.", folder=folder[:80]))  # fmt: skip
            _, marks = self._imap.response("UIDVALIDITY")
            mark = marks[0] if marks else None
            if not isinstance(mark, bytes) or not mark.isdigit():
                raise Refused(say("{host} does not number its mails in a way that lasts.", host=self._host))  # fmt: skip
            return int(mark)

    def since(self, day: date) -> list[int]:
        """The numbers of mails that came in on a day or later."""
        return self._search("SINCE", f"{day.day:02d}-{MONTHS[day.month - 1]}-{day.year}")

    def above(self, uid: int) -> list[int]:
        """The numbers of mails above a number. TRICKY: `n:*` gives the last mail also when it is lower."""
        return [found for found in self._search("UID", f"{uid + 1}:*") if found > uid]

    def with_number(self, message_id: str) -> list[int]:
        """The numbers of mails with a Message-ID."""
        if (
            not message_id.isascii()
            or not message_id.isprintable()
            or set(message_id) & set('"\\ ')
        ):
            raise Refused(say("This is not the number of a mail."))
        return self._search("HEADER", "Message-ID", f'"<{message_id}>"')

    def fetch(self, uids: Sequence[int]) -> Iterator[Fetched]:
        """Each of these mails that is still there, some at a time; nothing is marked as read."""
        for start in range(0, len(uids), AT_ONCE):
            some = ",".join(map(str, uids[start : start + AT_ONCE]))
            what = f"(UID INTERNALDATE BODY.PEEK[]<0.{MOST_OF_A_MAIL}>)"
            with self._in_words():
                kind, told = self._imap.uid("FETCH", some, what)
                if kind != "OK":
                    raise Refused(say("{host} does not hand over the mails.", host=self._host))
            yield from _mails(told)

    def can_wait(self) -> bool:
        """Whether the server tells of new mail by itself."""
        return "IDLE" in self._imap.capabilities

    def wait(self, seconds: float, beat: Any = None) -> bool:
        """Whether a new mail came in within so many seconds."""
        with self._in_words():
            self._line.give(seconds + A_COMMAND)
            return self._imap.idle(seconds, beat)

    def close(self) -> None:
        """Leave. A server that does not answer any more is left all the same."""
        try:
            self._line.give(5.0)
            self._imap.logout()
        except (imaplib.IMAP4.error, OSError, TooMuch):
            pass
        finally:
            self._line.close()

    def _search(self, *asked: str) -> list[int]:
        with self._in_words():
            kind, told = self._imap.uid("SEARCH", *asked)
            if kind != "OK":
                raise Refused(say("{host} does not search its mails.", host=self._host))
        words = b" ".join(each for each in told if isinstance(each, bytes)).split()
        return sorted({int(each) for each in words if each.isdigit()})

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """What goes wrong, as a sentence; each question has its own time."""
        self._line.give(A_COMMAND)
        try:
            yield
        except ssl.SSLCertVerificationError:
            raise Refused(say("The security certificate of {host} is not valid.", host=self._host)) from None  # fmt: skip
        except TooMuch:
            raise Refused(say("{host} sends more than a mailbox should.", host=self._host)) from None  # fmt: skip
        except TimeoutError:
            raise TryLater(say("{host} took longer than {seconds} seconds to answer.", host=self._host, seconds=A_COMMAND)) from None  # fmt: skip
        except (imaplib.IMAP4.abort, OSError, EOFError):
            raise TryLater(say("{host} broke off while it answered.", host=self._host)) from None
        except imaplib.IMAP4.error as error:
            why = one_line(str(error), 200)
            raise Refused(say("{host} answers, but not as a mail server does: {why}", host=self._host, why=why)) from None  # fmt: skip


def _mails(told: Sequence[Any]) -> Iterator[Fetched]:
    """The mails of an answer. What is said of one stands before its text, or behind it."""
    for place, each in enumerate(told):
        if not isinstance(each, tuple):
            continue
        behind = told[place + 1] if place + 1 < len(told) else b""
        about = each[0] + (behind if isinstance(behind, bytes) else b"")
        number, came = _UID.search(about), _CAME.search(about)
        if number:
            yield Fetched(int(number[1]), _moment(came[1] if came else b""), bytes(each[1]))


def _moment(told: bytes) -> datetime:
    try:
        came = parsedate_to_datetime(told.decode("ascii", "replace").strip().replace("-", " ", 2))
    except (ValueError, TypeError, OverflowError):
        return datetime.now(UTC)
    return came.astimezone(UTC) if came.tzinfo else came.replace(tzinfo=UTC)


def quoted(folder: str) -> str:
    """The name of a folder as IMAP writes it: modified UTF-7 (RFC 3501, 5.1.3), between quotation
    marks. Raises Refused for one with control characters."""
    if not folder or any(ord(letter) < 32 or ord(letter) == 127 for letter in folder):
        raise Refused(say("There is no folder “{folder}” in this mailbox.", folder=folder[:80]))
    written, other = [], ""
    for letter in [*folder, ""]:
        if letter and not 32 <= ord(letter) < 127:
            other += letter
            continue
        if other:
            packed = base64.b64encode(other.encode("utf-16-be", "replace")).rstrip(b"=")
            written.append(f"&{packed.decode().replace('/', ',')}-")
            other = ""
        written.append("&-" if letter == "&" else letter)
    inside = "".join(written).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inside}"'
