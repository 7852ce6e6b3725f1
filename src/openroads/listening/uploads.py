"""The folder uploads stand in: how large a file may be, and what nobody points to any more."""

import os
import shutil
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from openroads.ui.formats import number

LEFT_FREE: Final = 500_000_000
"""Bytes of the disk that no upload may take: database, archive and log go on."""
COPIES: Final = 2
"""An upload stands on the disk twice for a moment: as it came in, and as the file inside it."""
FORGOTTEN: Final = timedelta(days=1)
"""After so long a file that nobody points to was left behind by a process that was killed."""


def folder() -> Path:
    """The folder, made at the first call; nobody but the house reads it."""
    place: Path = settings.OPENROADS.data / "uploads"
    place.mkdir(parents=True, exist_ok=True)
    os.chmod(place, 0o700)
    return place


def room() -> int:
    """Bytes an upload may have before the disk is too full for it."""
    return max(0, shutil.disk_usage(settings.OPENROADS.data).free - LEFT_FREE) // COPIES


def largest() -> int:
    """Bytes an upload may have now: what the house allows, or what the disk has room for."""
    limit: int = settings.OPENROADS.upload_limit
    return min(limit, room())


def size_words(size: int) -> str:
    """A size as people say it, in thousands: "2 GB", "1.5 GB", "120 MB", "3 kB"."""
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size >= unit:
            rounded = round(size / unit, 1)
            return f"{number(rounded, 0 if rounded == int(rounded) or rounded >= 10 else 1)} {name}"
    return _("%(n)s bytes") % {"n": number(size)}


def limit_words() -> str:
    """How large a file may be now, for under a field."""
    if room() < settings.OPENROADS.upload_limit:
        return _("At most %(size)s now: the disk has no room for more.") % {
            "size": size_words(room())
        }
    return at_most_words(settings.OPENROADS.upload_limit)


def at_most_words(size: int) -> str:
    return _("At most %(size)s.") % {"size": size_words(size)}


def too_large_words(size: int | None, most: int) -> str:
    """Why a file is not taken, and what to do about it. The size is left out where nobody knows it."""
    told = _("This file is too large: at most %(most)s can be brought. Split it.")
    if size is not None:
        told = _("This file is %(size)s; at most %(most)s can be brought. Split it.")
    return told % {"size": size_words(size or 0), "most": size_words(most)}


def way_on_words() -> str:
    """What is left to who wants to import a file that is too large for a browser."""
    return _("Or let the administrator run “openroads import” on the server: it has no limit.")


def clear_out_forgotten(*, kept: Collection[str], now: datetime) -> int:
    """Delete what processes that were killed left in the folder: files older than a day that are none
    of those `kept`. Returns how many."""
    gone = 0
    for place in folder().iterdir():
        try:
            changed = place.lstat().st_mtime
        except FileNotFoundError:  # somebody else was quicker
            continue
        if str(place) in kept or now.timestamp() - changed < FORGOTTEN.total_seconds():
            continue
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place, ignore_errors=True)
        else:
            place.unlink(missing_ok=True)
        gone += 1
    return gone
