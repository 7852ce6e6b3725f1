"""SMTP over a guarded connection: signing in, and handing over one mail in steps of which each is sure or not."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from openroads.connectors.failures import Refused, TryLater, Unsure
from openroads.connectors.http import Guarded
from openroads.connectors.plain import one_line
from openroads.connectors.sentences import say
from openroads.connectors.socket_line import SocketLine, TooMuch

TLS_AT_ONCE, TLS_AFTERWARDS = 465, 587
PORTS: Final = (TLS_AT_ONCE, TLS_AFTERWARDS)
A_STEP: Final = 30.0
"""Seconds for one question; a server may take its time over a whole mail."""
A_MAIL: Final = 120.0


class _Sock:
    """The line as smtplib holds a socket."""

    def __init__(self, line: SocketLine) -> None:
        self._line = line

    def sendall(self, said: bytes) -> None:
        self._line.send(said)

    def close(self) -> None:
        self._line.close()


class _Heard:
    """The line as smtplib reads from it."""

    def __init__(self, line: SocketLine) -> None:
        self._line = line

    def readline(self, limit: int) -> bytes:
        return self._line.readline(limit)

    def close(self) -> None:
        pass


class _Protocol(smtplib.SMTP):
    """The standard library's SMTP, on a line of ours instead of a socket of its own."""

    def __init__(self, line: SocketLine, name: str) -> None:
        super().__init__(local_hostname=name)
        self._line = line
        self.sock: Any = _Sock(line)
        self.file: Any = _Heard(line)

    def begin_tls(self) -> None:
        """STARTTLS. What was offered before it is not believed."""
        code, told = self.docmd("STARTTLS")
        if code != 220:
            raise smtplib.SMTPResponseException(code, told)
        self._line.secure()
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False


class Smtp:
    """A server that takes mail of ours. Always encrypted: at once, or by STARTTLS before anything is said.
    `name` is how we call ourselves."""

    def __init__(self, client: Guarded, host: str, port: int, name: str) -> None:
        self._host = host
        self._line = client.line_to(host, port, ports=PORTS, timeout=A_STEP)
        try:
            with self._in_words():
                self._begin(port == TLS_AT_ONCE, name)
        except BaseException:
            self._line.close()
            raise

    def _begin(self, at_once: bool, name: str) -> None:
        if at_once:
            self._line.secure()
        self._smtp = _Protocol(self._line, name)
        code, told = self._smtp.getreply()
        if code != 220:
            raise smtplib.SMTPResponseException(code, told)
        self._smtp.ehlo_or_helo_if_needed()
        if at_once:
            return
        if not self._smtp.has_extn("starttls"):
            raise Refused(say("{host} does not offer an encrypted connection on this port.", host=self._host))  # fmt: skip
        self._smtp.begin_tls()
        self._smtp.ehlo_or_helo_if_needed()

    def sign_in(self, user: str, word: str) -> None:
        """Raises Refused when this user is not let in with this word."""
        with self._in_words():
            try:
                self._smtp.login(user, word)
            except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError, UnicodeError):
                raise Refused(say("{host} does not let this user in with this app password.", host=self._host)) from None  # fmt: skip

    def hand_over(self, sender: str, to: str, raw: bytes) -> None:
        """Give one mail to the server. Before its words are sent nothing can have left; after that a broken
        line is Unsure, and only the server's own no is a no."""
        with self._in_words():
            for code, told in (self._smtp.mail(sender), self._smtp.rcpt(to), self._smtp.docmd("data")):  # fmt: skip
                if not (200 <= code < 400):
                    raise smtplib.SMTPResponseException(code, told)
        self._line.give(A_MAIL)
        try:
            self._smtp.send(_dotted(raw))
            code, told = self._smtp.getreply()
        except (smtplib.SMTPException, OSError, EOFError, TooMuch):
            raise Unsure(say("{host} broke off while it took the mail.", host=self._host)) from None
        if code != 250:
            raise self._no(code, told)

    def close(self) -> None:
        """Leave. A server that does not answer any more is left all the same."""
        try:
            self._line.give(5.0)
            self._smtp.docmd("quit")
        except (smtplib.SMTPException, OSError, EOFError, TooMuch):
            pass
        finally:
            self._line.close()

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """What goes wrong, as a sentence; each step has its own time."""
        self._line.give(A_STEP)
        try:
            yield
        except ssl.SSLCertVerificationError:
            raise Refused(say("The security certificate of {host} is not valid.", host=self._host)) from None  # fmt: skip
        except TooMuch:
            raise Refused(say("{host} sends more than a mail server should.", host=self._host)) from None  # fmt: skip
        except TimeoutError:
            raise TryLater(say("{host} took longer than {seconds} seconds to answer.", host=self._host, seconds=A_STEP)) from None  # fmt: skip
        except smtplib.SMTPResponseException as problem:
            raise self._no(problem.smtp_code, problem.smtp_error) from None
        except (smtplib.SMTPException, OSError, EOFError):
            raise TryLater(say("{host} broke off while it answered.", host=self._host)) from None

    def _no(self, code: int, told: bytes | str) -> TryLater | Refused:
        said = told.decode("utf-8", "replace") if isinstance(told, bytes) else told
        why = f"{code} {one_line(said, 200)}"
        if 400 <= code < 500 or code < 0:
            return TryLater(say("{host} does not take the mail now: {why}", host=self._host, why=why))  # fmt: skip
        return Refused(say("{host} does not take the mail: {why}", host=self._host, why=why))


def _dotted(raw: bytes) -> bytes:
    """A mail as SMTP sends it: lines ended as it wants, points doubled, closed by one (RFC 5321, 4.5.2)."""
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n").split(b"\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"  # fmt: skip
