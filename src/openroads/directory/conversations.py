"""The door between settings and archive: opens it once per process and closes it last."""

import threading

from django.conf import settings
from django.utils.translation import gettext as _

from openroads.archive.client import Archive, ArchiveBusy
from openroads.directory.turns import turn_of_house

_lock = threading.Lock()
_opened: list[Archive] = []
_closing = threading.Event()


class HouseCloses(ArchiveBusy):
    """This process is on its way out: who still asks for the archive comes too late."""


def archive() -> Archive:
    """The archive of this process, opened at the first call.

    Raises `openroads.archive.client.ArchiveBusy` when another process owns the directory, and its
    kind `HouseCloses` when this one has begun to close: what is open may be used to its end, but a
    thread that is late must not open it again behind the back of who just closed it.
    """
    with _lock:
        if not _opened:
            if _closing.is_set():
                raise HouseCloses(
                    _("Openroads is closing. It goes on where it was at the next start.")
                )
            _opened.append(_open(upgrade=True))
        return _opened[0]


def open_unchanged() -> Archive:
    """The same, but an archive that an older Openroads made is not upgraded: raises
    `openroads.archive.steps.ArchiveTooOld`, so that a backup can be made first."""
    with _lock:
        if not _opened:
            _opened.append(_open(upgrade=False))
        return _opened[0]


def is_open() -> bool:
    """Whether this process holds the archive already."""
    return bool(_opened)


def begin_closing() -> None:
    """From now on nobody opens the archive in this process (again)."""
    _closing.set()


def is_closing() -> bool:
    return _closing.is_set()


def close_archive() -> None:
    """Close it; harmless when it never was opened. Every thread that queries must have stopped."""
    with _lock:
        while _opened:
            _opened.pop().close()


def _open(*, upgrade: bool) -> Archive:
    given = settings.OPENROADS
    return Archive.open(
        given.archive_location,
        memory_bytes=given.archive_memory,
        author_key=given.author_key,
        upgrade=upgrade,
        turn=None if given.archive_is_embedded else turn_of_house(),
    )
