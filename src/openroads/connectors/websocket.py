"""Messages over a websocket on a guarded line: the protocol is the library's, the wire is ours."""

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake, InvalidStatus, InvalidURI, PayloadTooBig
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from openroads.connectors.failures import Refused
from openroads.connectors.http import TIMEOUT, USER_AGENT, Guarded
from openroads.connectors.lines import Line, judged
from openroads.connectors.sentences import say

MAX_MESSAGE: Final = 1_000_000
SILENCE: Final = 60.0
"""Seconds without a whole message after which a line is given up: a network is never that quiet."""


class WebSocket:
    """An open websocket; `messages` gives what came in. Raises TryLater when it is over."""

    def __init__(
        self,
        client: Guarded,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        silence: float = SILENCE,
    ) -> None:
        """Connect and shake hands. Raises Refused for a server that has no stream there."""
        line = client.open_line(address, silence=silence)
        try:
            self._protocol = self._shake_hands(line, address, headers or {})
        except BaseException:
            line.close()
            raise
        self._line = line
        self._parts: list[bytes] = []

    def messages(self, seconds: float) -> list[str]:
        """Texts that came in whole within about this time, in order; none when nothing did."""
        texts = self._taken()
        if texts:
            return texts
        content = self._line.receive(seconds)
        if content is not None:
            self._protocol.receive_data(content)
            self._answer()
            texts = self._taken()
        if self._protocol.state is not State.OPEN and not texts:
            if isinstance(self._protocol.parser_exc, PayloadTooBig):
                raise self._line.too_large()
            raise self._line.broken()
        return texts

    def close(self) -> None:
        """Take leave and hang up."""
        with suppress(Exception):
            self._protocol.send_close(1000)
            self._answer()
        self._line.close()

    def _taken(self) -> list[str]:
        """The texts among the frames that were read; pieces are put together."""
        texts: list[str] = []
        for frame in self._protocol.events_received():
            self._line.heard()
            if isinstance(frame, Frame) and frame.opcode in (Opcode.TEXT, Opcode.CONT):
                self._parts.append(bytes(frame.data))
                if frame.fin:
                    texts.append(b"".join(self._parts).decode("utf-8", "replace"))
                    self._parts = []
        return texts

    def _answer(self) -> None:
        """Say what the protocol has to: pongs, and its half of a farewell."""
        for content in self._protocol.data_to_send():
            if content:
                self._line.send(content)

    def _shake_hands(self, line: Line, address: str, headers: Mapping[str, str]) -> ClientProtocol:
        try:
            protocol = ClientProtocol(parse_uri(_as_socket(address)), max_size=MAX_MESSAGE)
        except InvalidURI:
            raise Refused(say("“{url}” is not a web address.", url=address[:100])) from None
        request = protocol.connect()
        request.headers["User-Agent"] = USER_AGENT
        for name, value in headers.items():
            request.headers[name] = value
        protocol.send_request(request)
        for content in protocol.data_to_send():
            line.send(content)
        until = time.monotonic() + TIMEOUT
        while protocol.state is State.CONNECTING and protocol.handshake_exc is None:
            if time.monotonic() > until:
                raise line.broken()
            if came := line.receive(1.0):
                protocol.receive_data(came)
        trouble = protocol.handshake_exc
        if isinstance(trouble, InvalidStatus):
            raise judged(trouble.response.status_code, line.host) or line.broken()
        if isinstance(trouble, InvalidHandshake):
            raise Refused(say("{host} does not speak as a stream does.", host=line.host))
        if trouble is not None:
            raise line.broken()
        return protocol


def _as_socket(address: str) -> str:
    scheme, _, rest = address.strip().partition("://")
    return f"{'ws' if scheme.lower() in ('ws', 'http') else 'wss'}://{rest}"
