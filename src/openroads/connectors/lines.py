"""Connections that stay open: checked like every other, read in small steps, watched for silence."""

import selectors
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self

import httpcore2

from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.sentences import say

AT_ONCE: Final = 65_536
MOST_PENDING: Final = 4_000_000
"""Bytes of one thing that is not complete yet; more is refused."""

Clock = Callable[[], float]


class Line:
    """An open connection to a server, to be read a little at a time.

    `silence` is how many seconds it may say nothing at all, and how many one thing it says may take to
    come in whole: a server that drips a byte now and then holds nobody. TryLater says that it is over.
    """

    def __init__(
        self, stream: Any, host: str, *, silence: float, clock: Clock = time.monotonic
    ) -> None:
        self._stream = stream
        self._clock = clock
        self._silence = silence
        self._whole_at = clock()
        self.host = host

    def send(self, content: bytes) -> None:
        """Say something. Raises TryLater when nobody takes it any more."""
        try:
            self._stream.write(content, timeout=self._silence)
        except (httpcore2.NetworkError, httpcore2.TimeoutException, OSError):
            raise self.broken() from None

    def receive(self, seconds: float) -> bytes | None:
        """What comes in within this time; None when nothing does. Raises TryLater when the other side
        ended, broke off, or was silent for too long."""
        self.watch()
        try:
            content: bytes = self._stream.read(AT_ONCE, timeout=seconds)
        except httpcore2.TimeoutException:
            return None
        except (httpcore2.NetworkError, OSError):
            raise self.broken() from None
        if not content:
            raise self.broken()
        return content

    def watch(self) -> None:
        """Raise TryLater when nothing came in whole for too long."""
        if self._clock() - self._whole_at > self._silence:
            raise TryLater(say("{host} has gone silent; it is called again.", host=self.host))

    def heard(self) -> None:
        """Something came in whole, if only a sign of life."""
        self._whole_at = self._clock()

    def broken(self) -> TryLater:
        """What is said of a line that is over."""
        return TryLater(say("{host} ended the line; it is called again.", host=self.host))

    def too_large(self) -> TryLater:
        """What is said of something that does not end. It may go better from the next thing on."""
        return TryLater(say("{host} sent something too large to be read.", host=self.host))

    @property
    def waits(self) -> bool:
        """Whether something lies here already, taken off the wire and not read."""
        opened = self._stream.get_extra_info("ssl_object")
        return bool(opened is not None and opened.pending())

    @property
    def socket(self) -> Any:
        """What can be waited for."""
        return self._stream.get_extra_info("socket")

    def close(self) -> None:
        """Let go; harmless twice."""
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:  # fmt: skip
        self.close()


def with_something(lines: list[Line], seconds: float) -> list[Line]:
    """The lines on which something can be read, waited for so long at most."""
    here = [line for line in lines if line.waits]
    if here:
        return here
    with selectors.DefaultSelector() as asked:  # select() itself knows the first 1,024 files only
        for line in lines:
            asked.register(line.socket, selectors.EVENT_READ, line)
        return [key.data for key, _ready in asked.select(seconds)]


def judged(status: int, host: str) -> Refused | TryLater | None:
    """What the answer to a question for a lasting line means: None that it is open."""
    code = str(status)
    if status in (101, 200):
        return None
    if status in (408, 425, 429) or status >= 500:
        return TryLater(say("{host} has trouble ({code}).", host=host, code=code))
    if status in (401, 403):
        return Refused(say("{host} does not let us listen ({code}).", host=host, code=code))
    if status in (404, 405, 410):
        return Refused(say("{host} has no stream at this address ({code}).", host=host, code=code))
    return Refused(say("{host} refused the request ({code}).", host=host, code=code))
