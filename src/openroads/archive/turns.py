"""Whose turn it is to write: threads of one process by a lock, processes that share a server by turns."""

import fcntl
import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Protocol

from openroads.analysis.sentences import say
from openroads.archive.lock import ArchiveBusy


class TurnLost(ArchiveBusy):
    """This process may no longer be the only one that writes; what it was at is done again."""


class Turn(Protocol):
    """One of several processes at a time. A process that dies loses its turn by that alone."""

    def take(self, *, wait: bool) -> bool:
        """Have the turn; False (never when told to `wait`) when somebody else has it."""

    def check(self) -> None:
        """Raise `TurnLost` when the turn is not certainly ours any more."""

    def give(self) -> None:
        """Let somebody else have it."""


class TurnOfHost:
    """Turns among the processes of one machine, by a file they share."""

    def __init__(self, file: Path) -> None:
        self._path = file
        self._file = -1

    def take(self, *, wait: bool) -> bool:
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            os.close(file)
            return False
        except BaseException:
            os.close(file)
            raise
        self._file = file
        return True

    def check(self) -> None:
        """The system takes it from nobody who lives."""

    def give(self) -> None:
        os.close(self._file)
        self._file = -1


class WriteLock:
    """Held by whoever writes, from first look to last insert; may be taken again by its holder.

    With a `turn`, the outermost `with` waits for it, then calls `begin`; before it gives the turn
    away it calls `end`, told whether all went well.
    """

    def __init__(self, begin: Callable[[], None], end: Callable[[bool], None]) -> None:
        self.of_threads = threading.RLock()
        """Alone enough for who only asks with the writer's client."""
        self.turn: Turn | None = None
        self._begin, self._end = begin, end
        self._depth = 0

    def __enter__(self) -> None:
        self.of_threads.acquire()
        if self.turn is None or self._depth:
            self._depth += 1
            return
        try:
            self.turn.take(wait=True)
            self._had()
        except BaseException:
            self.of_threads.release()
            raise

    def _had(self) -> None:
        """The turn is ours: begin."""
        assert self.turn is not None
        self._depth = 1
        try:
            self._begin()
        except BaseException:
            self._depth = 0
            self.turn.give()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self.turn is None or self._depth > 1:
                self._depth -= 1
                return
            try:
                self._end(kind is None)
            finally:
                self._depth = 0
                self.turn.give()
        finally:
            self.of_threads.release()

    def begin_if_free(self) -> bool:
        """Have the turn once, for what `begin` and `end` do, unless somebody else has it now."""
        assert self.turn is not None
        with self.of_threads:
            if not self.turn.take(wait=False):
                return False
            self._had()
            self.of_threads.acquire()  # what leaving gives back
            self.__exit__(None, None, None)
            return True

    def check(self) -> None:
        """Before each write."""
        if self.turn is not None:
            self.turn.check()


def lost() -> TurnLost:
    return TurnLost(
        say(
            "The state database went away while this process wrote in the archive, so that another "
            "may write there now. What was not finished is done again."
        )
    )
