"""One process owns an archive's directory: the lock that says so, in words."""

import fcntl
import os
from pathlib import Path

from openroads.analysis.sentences import Said, say


class ArchiveBusy(Said):
    """Somebody else has this archive open; `why` is one plain sentence to show."""


class ArchiveAway(Said):
    """The server that holds the archive does not answer, or does not let us in."""


class DirectoryLock:
    """Holds an archive for this process; freed by `release` or when the process dies."""

    def __init__(self, directory: Path) -> None:
        """Take the directory, or raise `ArchiveBusy`."""
        # The engine has a lock of its own, but when that is taken it only says "error initializing"
        # and prints the reason where no program can read it. So ours is asked first.
        self._file = os.open(directory / "openroads.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _refuse_if_engine_runs(directory)
        except OSError as error:
            os.close(self._file)
            raise ArchiveBusy(
                say(
                    "The archive in {place} is in use by another running Openroads; stop that one "
                    "first, or work through it.",
                    place=str(directory),
                )
            ) from error

    def release(self) -> None:
        """Let another process have the directory."""
        os.close(self._file)


def _refuse_if_engine_runs(directory: Path) -> None:
    """Raise OSError when an engine outside Openroads holds the directory."""
    try:
        status = os.open(directory / "status", os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(status, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(status)
