"""Making a backup: database, archive and uploads of one moment, into one file."""

import fcntl
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from openroads import __version__
from openroads.archive import whole
from openroads.archive.client import Archive
from openroads.directory.kept_secrets import secrets_by_key
from openroads.directory.versions import applied
from openroads.safekeeping import box, card, state
from openroads.safekeeping.faults import CannotKeep

FOLDER = "backups"
WORK = ".backing-up"
LEFT_FREE = 500_000_000
"""Bytes of the disk that no backup may take: database, archive and log go on."""

Share = Callable[[float], object]
"""Is told how far it is, 0 to 1; may raise to call the backup off."""


@dataclass(frozen=True)
class Made:
    """A backup that stands there whole."""

    path: Path
    size: int
    sum: str
    card: card.Card


def usual_folder() -> Path:
    """Where backups go when nobody says where; made at the first call."""
    place: Path = settings.OPENROADS.data / FOLDER
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def usual_name(why: str, now: datetime) -> str:
    """A name no other backup has."""
    return f"openroads-{why}-{now:%Y%m%d-%H%M%S}.tar.zst"


def keys_to_seal() -> bytes:
    """The keys of this house as keys.json has them, to be sealed under a passphrase."""
    given = settings.OPENROADS
    told = {
        "secret_key": settings.SECRET_KEY,
        "encryption_keys": list(given.key_ring()),
        "author_key": given.author_key.hex(),
    }
    return json.dumps(told, indent=2).encode()


def bytes_of_house(data: Path) -> int:
    """Bytes of database, archive and uploads as they stand on the disk, without asking the engine."""
    kept = [data / "db.sqlite3", *(data / "archive").rglob("*"), *(data / "uploads").rglob("*")]
    return sum(_size(path) for path in kept)


def _size(path: Path) -> int:
    try:
        return 0 if path.is_symlink() or not path.is_file() else path.stat().st_size
    except OSError:  # the engine merges its files while we look
        return 0


def room_needed(archive: Archive) -> tuple[int, int]:
    """Bytes that copies on the disk of the house take for a while, and those the file may take."""
    copies = whole.bytes_on_disk(archive)
    database = Path(settings.DATABASES["default"]["NAME"])
    if database.is_file():
        copies += database.stat().st_size
    uploads = sum(path.stat().st_size for path in _uploads())
    return copies, copies + uploads


def make_backup(
    archive: Archive,
    path: Path,
    *,
    why: str,
    sealed: bytes = b"",
    share: Share = lambda share: None,
) -> Made:
    """Write everything to `path`; it stands there whole, or not at all.

    Whoever writes to the archive waits until the copies are taken, which takes seconds; pages go
    on. `sealed` are the keys under a passphrase. Raises CannotKeep with what to do about it.
    """
    if not path.parent.is_dir():
        raise CannotKeep(
            f"There is no directory {path.parent}. Make it, or name another with --out."
        )
    with alone() as work:
        box.clear_left_over(path.parent)
        _refuse_full_disk(archive, path)
        far = _Far(share)
        with box.Packing(path, far.add) as packing:
            # TRICKY: nothing may be written to the database in here: who writes there now may be
            # waiting for the archive, and would be waited for.
            try:
                with archive.write_lock, room_is_told():
                    copy, rows = state.copy_state(work)
                    folder = _copy_archive(archive, work)
                    uploads = _link_uploads(work / "uploads")
                    steps, counts = whole.steps_done(archive), whole.counts(archive)
                told = _card(archive, why, bool(sealed), rows, steps, counts, uploads)
                parts = sorted(each for each in folder.rglob("*") if each.is_file())
                far.total = sum(each.stat().st_size for each in (copy, *uploads, *parts))
                packing.add_bytes(card.NAME, told.as_json())
                if sealed:
                    packing.add_bytes(card.SEALED, sealed)
                packing.add_file(told.state, copy)
                for each in uploads:
                    packing.add_file(f"uploads/{each.relative_to(work / 'uploads')}", each)
                for each in parts:
                    packing.add_file(f"archive/{each.relative_to(folder)}", each)
            finally:
                if not archive.on_server:
                    whole.clear_copy(archive)
    return Made(path, path.stat().st_size, box_sum(path), told)


@contextmanager
def room_is_told() -> Iterator[None]:
    """What goes wrong with copies in the data folder, most likely for want of room, is CannotKeep."""
    try:
        yield
    except (OSError, sqlite3.Error, whole.NotCopied) as problem:
        raise CannotKeep(
            f"The copies that a backup is made of could not be written to {settings.OPENROADS.data}: {problem} "
            "Make room on that disk and run it again. Nothing was left there."
        ) from problem


def box_sum(path: Path) -> str:
    """The sum that stands behind a box, without reading the box."""
    with path.open("rb") as file:
        file.seek(-32, os.SEEK_END)
        return file.read().hex()


def keep_newest(folder: Path, why: str, number: int) -> list[Path]:
    """Delete all but the newest backups made for this reason; returns those that went."""
    old = sorted(folder.glob(f"openroads-{why}-*.tar.zst"))[:-number]
    for path in old:
        path.unlink(missing_ok=True)
    return old


def clear_work() -> None:
    """Take away what a backup that was killed left in the data folder."""
    work: Path = settings.OPENROADS.data / WORK
    if work.is_dir():
        with suppress(CannotKeep), alone():
            pass


@contextmanager
def alone() -> Iterator[Path]:
    """A folder to work in, empty, for one backup at a time; gone afterwards."""
    work: Path = settings.OPENROADS.data / WORK
    work.mkdir(mode=0o700, exist_ok=True)
    held = os.open(work, os.O_RDONLY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotKeep("A backup of this house is being made already. Wait for that one.") from None  # fmt: skip
        _empty(work)  # of one that was killed
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
    finally:
        os.close(held)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _copy_archive(archive: Archive, work: Path) -> Path:
    if not archive.on_server:
        return whole.copy_whole(archive)
    whole.write_parquet(archive, work / "archive")
    return work / "archive"


def _uploads() -> list[Path]:
    folder: Path = settings.OPENROADS.data / "uploads"
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _link_uploads(place: Path) -> list[Path]:
    """The uploads under second names: one that is deleted meanwhile is still there."""
    linked = []
    folder: Path = settings.OPENROADS.data / "uploads"
    for path in _uploads():
        second = place / path.relative_to(folder)
        second.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # it went this very moment
            try:
                os.link(path, second)
            except PermissionError:
                shutil.copy2(path, second)  # a file system without second names
            linked.append(second)
    return linked


def _refuse_full_disk(archive: Archive, path: Path) -> None:
    copies, file = room_needed(archive)
    needed = {settings.OPENROADS.data: copies, path.parent: file}
    by_disk: dict[int, int] = {}
    for folder, size in needed.items():
        disk = folder.stat().st_dev
        by_disk[disk] = by_disk.get(disk, 0) + size
    for folder in needed:
        size = by_disk[folder.stat().st_dev] + LEFT_FREE
        free = shutil.disk_usage(folder).free
        if free < size:
            raise CannotKeep(
                f"The disk of {folder} has {free / 1e9:.1f} GB free; this backup may need {size / 1e9:.1f} GB. "
                "Free some, or name another disk with --out."
            )


def _card(
    archive: Archive, why: str, sealed: bool, rows: state.Rows, steps: list[int],
    counts: dict[str, whole.Count], uploads: list[Path],
) -> card.Card:  # fmt: skip
    given = settings.OPENROADS
    keys = card.held(given.author_key, given.key_ring())
    return card.Card(
        made_at=timezone.now().isoformat(),
        version=__version__,
        why=why,
        state=state.kind(),
        archive=card.PARQUET if archive.on_server else card.ENGINE,
        author=keys.author,
        keys=list(keys.ids),
        used=_used(keys.ids),
        sealed=sealed,
        migrations=sorted(map(list, applied())),
        steps=steps,
        rows=rows,
        counts={name: [count.rows, count.content] for name, count in counts.items()},
        uploads=len(uploads),
    )


def _used(ours: tuple[str, ...]) -> list[str]:
    """The keys that secrets stand under; all of ours for a database of another version."""
    try:
        return sorted(secrets_by_key())
    except DatabaseError:
        return list(ours)


class _Far:
    """How far the packing is, told a hundred times in all."""

    def __init__(self, share: Share) -> None:
        self.total, self._done, self._told, self._share = 0, 0, 0, share

    def add(self, size: int) -> None:
        self._done += size
        part = int(100 * self._done / self.total) if self.total else 0
        if part > self._told:
            self._told = part
            self._share(min(1.0, part / 100))
