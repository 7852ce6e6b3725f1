"""Server-sent events on a guarded line, with an eye on the heartbeat (WHATWG HTML, 9.2)."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import h11

from openroads.connectors.failures import Refused
from openroads.connectors.http import TIMEOUT, USER_AGENT, Guarded
from openroads.connectors.lines import MOST_PENDING, Line, judged
from openroads.connectors.sentences import say

SILENCE: Final = 50.0
"""Seconds without an event or a sign of life; Mastodon's servers give one every fifteen."""


@dataclass(frozen=True, slots=True)
class Event:
    """What a server sent: the name of the event and its text."""

    name: str
    text: str


class EventStream:
    """An open stream of events. Raises TryLater when it is over or silently dead, Refused when the
    server has none."""

    def __init__(
        self,
        client: Guarded,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        silence: float = SILENCE,
    ) -> None:
        self.line = client.open_line(address, silence=silence)
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=100_000)
        self._pending = b""
        self._name, self._said = "", list[str]()
        self._size = 0
        try:
            self._ask(self.line, address, headers or {})
        except BaseException:
            self.line.close()
            raise

    def events(self, seconds: float) -> list[Event]:
        """Events that came in whole within about this time."""
        # First what came along with the headers: the line may have ended behind it.
        if found := self._taken():
            return found
        if content := self.line.receive(seconds):
            self._http.receive_data(content)
        return self._taken()

    def close(self) -> None:
        self.line.close()

    def _ask(self, line: Line, address: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(address)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        asked = {
            "Host": parts.netloc,
            "User-Agent": USER_AGENT,
            "Accept": "text/event-stream",
            "Accept-Encoding": "identity",
            **headers,
        }
        request = h11.Request(method="GET", target=target, headers=list(asked.items()))
        for each in (request, h11.EndOfMessage()):
            line.send(self._http.send(each) or b"")
        until = time.monotonic() + TIMEOUT
        while True:
            answer = self._next()
            if isinstance(answer, h11.Response):
                break
            if time.monotonic() > until:
                raise line.broken()
            if content := line.receive(1.0):
                self._http.receive_data(content)
        if trouble := judged(answer.status_code, line.host):
            raise trouble
        if not _kind(answer).lower().startswith(b"text/event-stream"):
            raise Refused(say("{host} does not speak as a stream does.", host=line.host))
        line.heard()

    def _next(self) -> object:
        try:
            return self._http.next_event()
        except h11.RemoteProtocolError:
            raise self.line.broken() from None

    def _taken(self) -> list[Event]:
        """What is here already. Raises TryLater at the end of the line, after what came before it."""
        found: list[Event] = []
        while True:
            part = self._next()
            if isinstance(part, h11.Data):
                found += self._read(bytes(part.data))
            elif part is h11.NEED_DATA or found:
                return found
            else:
                raise self.line.broken()

    def _read(self, piece: bytes) -> Iterator[Event]:
        """Line by line: an empty one ends an event, a colon begins a sign of life."""
        *lines, self._pending = (self._pending + piece).split(b"\n")
        self._size += len(piece)
        if self._size > MOST_PENDING:
            raise self.line.too_large()
        for raw in lines:
            told = raw.rstrip(b"\r").decode("utf-8", "replace")
            if not told:
                if self._said:
                    yield Event(self._name, "\n".join(self._said))
                self._name, self._said = "", []
                self._whole()
            elif told.startswith(":"):
                self._whole()
            else:
                field, _, value = told.partition(":")
                value = value.removeprefix(" ")
                if field == "event":
                    self._name = value
                elif field == "data":
                    self._said.append(value)

    def _whole(self) -> None:
        self.line.heard()
        self._size = len(self._pending) + sum(map(len, self._said))


def _kind(answer: h11.Response) -> bytes:
    return next((value for name, value in answer.headers if name == b"content-type"), b"")
