"""A guarded connection for servers that do not speak HTTP: the address checked, every wait bounded."""

import selectors
import socket
import ssl
import time
from typing import Final, Self

import httpcore2

from openroads.connectors.wire import Guard

PIECE: Final = 65_536


class TooMuch(Exception):
    """The other side sends more than anybody should."""


class SocketLine:
    """A connection on which nothing outlives the deadline, however slowly the other side drips, and
    which carries no more than `most` bytes to us. TLS begins with `secure`."""

    def __init__(
        self, sock: socket.socket, host: str, deadline: float, context: ssl.SSLContext
    ) -> None:
        self.most = 10_000_000
        self._sock = sock
        self._host = host
        self._deadline = deadline
        self._context = context
        self._here = bytearray()
        self._came = 0

    @classmethod
    def to(
        cls, guard: Guard, host: str, port: int, deadline: float, context: ssl.SSLContext
    ) -> Self:
        """Connect to one of the addresses of a host that were checked."""
        trouble: OSError = ConnectionError(f"no address for {host}")
        for address in guard.checked(host, port):
            left = deadline - time.monotonic()
            if left <= 0:
                raise httpcore2.ConnectTimeout("the connection took too long")
            try:
                # The address, never the name: a second look-up could answer something else.
                return cls(socket.create_connection((address, port), left), host, deadline, context)
            except OSError as error:
                trouble = error
        raise trouble

    def secure(self) -> None:
        """Speak TLS from here on, with a certificate of this host. Raises ssl.SSLError and OSError.

        What the other side sent before is thrown away: somebody in between may have put it there.
        """
        self._here.clear()
        self._sock.settimeout(self._left())
        bare = self._sock
        try:
            self._sock = self._context.wrap_socket(bare, server_hostname=self._host)
        except BaseException:
            bare.close()
            raise

    def give(self, seconds: float) -> None:
        """So many seconds from now on for all that follows."""
        self._deadline = time.monotonic() + seconds

    def has_news(self, seconds: float) -> bool:
        """Whether something is here, or arrives within so many seconds."""
        if self._here or (isinstance(self._sock, ssl.SSLSocket) and self._sock.pending()):
            return True
        # select() itself knows the first 1,024 files only.
        with selectors.DefaultSelector() as asked:
            asked.register(self._sock, selectors.EVENT_READ)
            return bool(asked.select(max(0.0, min(seconds, self._left()))))

    def readline(self, limit: int) -> bytes:
        """Up to the end of the line. Raises TooMuch for a line that is longer than `limit`."""
        seen = 0
        while (end := self._here.find(b"\n", seen)) < 0:
            seen = len(self._here)
            if seen > limit:
                raise TooMuch
            if not self._more():
                return self._take(len(self._here))
        if end >= limit:
            raise TooMuch
        return self._take(end + 1)

    def read(self, size: int) -> bytes:
        """So many bytes; fewer when the other side ends."""
        while len(self._here) < size and self._more():
            pass
        return self._take(min(size, len(self._here)))

    def send(self, said: bytes) -> None:
        """Send all of it."""
        self._sock.settimeout(self._left())
        self._sock.sendall(said)

    def close(self) -> None:
        self._sock.close()

    def _more(self) -> bool:
        self._sock.settimeout(self._left())
        came = self._sock.recv(PIECE)
        self._came += len(came)
        if self._came > self.most:
            raise TooMuch
        self._here += came
        return bool(came)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._here[:size])
        del self._here[:size]
        return taken

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the whole visit took too long")
        return left
