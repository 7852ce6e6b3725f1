"""The door between settings and archive: opens it once per process and closes it last."""

import threading

from django.conf import settings

from openroads.archive.client import Archive

_lock = threading.Lock()
_opened: list[Archive] = []


def archive() -> Archive:
    """The archive of this process, opened at the first call.

    Raises `openroads.archive.client.ArchiveBusy` when another process owns the directory.
    """
    with _lock:
        if not _opened:
            given = settings.OPENROADS
            _opened.append(
                Archive.open(
                    given.archive_location,
                    memory_bytes=given.archive_memory,
                    author_key=given.author_key,
                )
            )
        return _opened[0]


def is_open() -> bool:
    """Whether this process holds the archive already."""
    return bool(_opened)


def close_archive() -> None:
    """Close it; harmless when it never was opened. Every thread that queries must have stopped."""
    with _lock:
        while _opened:
            _opened.pop().close()
