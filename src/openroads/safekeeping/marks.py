"""The mark on a data folder that is being filled: it is no house yet."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openroads.safekeeping.faults import CannotKeep

MARK = ".restoring"
KEYS_CAME, DATABASE, ARCHIVE = "keys-came-along", "database-was-empty", "archive-was-empty"
"""Files in it: the keys are the backup's and not the administrator's; the database, and the archive on
a server, are ours to empty."""


def refuse_half_restored(data: Path) -> None:
    """Raise CannotKeep for a folder in which a restore was cut off, or is under way."""
    if (data / MARK).exists():
        raise CannotKeep(
            f"{data} is only half restored: openroads restore is at work there, or was cut off. Run it again; "
            "it clears away what is there and begins anew."
        )


@contextmanager
def taken_up(folder: Path) -> Iterator[bool]:
    """The folder, made if need be, with the mark put up and nobody else filling it. Gives whether a
    try that was cut off left something there. Raises CannotKeep for a folder that holds something."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = os.open(folder, os.O_RDONLY)
    except OSError as problem:
        raise CannotKeep(f"{folder} cannot be made: {problem.strerror}.") from problem
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotKeep(f"Another openroads is at work in {folder}. Nothing was changed.") from None  # fmt: skip
        left_over = (folder / MARK).exists()
        others = sorted(path.name for path in folder.iterdir() if not _may_stand_there(path))
        if others and not left_over:
            raise CannotKeep(
                f"{folder} is not empty: {', '.join(others[:3])} stand{'s' if len(others) == 1 else ''} there. "
                "Name an empty directory; nothing was changed."
            )
        (folder / MARK).mkdir(mode=0o700, exist_ok=True)
        os.fsync(held)
        yield left_over
    finally:
        os.close(held)


def _may_stand_there(path: Path) -> bool:
    """The keys of the house, and what a disk or a command that only looked leaves."""
    if path.name == "uploads":
        return not any(path.iterdir())
    return path.name in ("keys.json", "lost+found")
