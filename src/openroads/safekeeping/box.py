"""One file that holds many: written aside and renamed when whole, checked to the last byte when read.

It is an ordinary `.tar.zst`, which `tar --zstd -xf` opens too. Its first member says what it is of,
its last member gives size and SHA-256 of every other, and behind it stands the SHA-256 of all the
bytes before, in a frame that zstd programs skip.
"""

import errno
import fcntl
import hashlib
import io
import json
import os
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

import pyarrow as pa

from openroads.safekeeping.faults import CannotKeep, Damaged

SUMS = "sums.json"
PIECE = 1 << 20
NOTE = b"openroads box 1 "
FRAME = (0x184D2A5E).to_bytes(4, "little")
"""A frame of zstd that every reader passes over."""
TRAILER = len(FRAME) + 4 + len(NOTE) + hashlib.sha256().digest_size
ASIDE = ".part"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says of a disk, a share of it or a file that can hold no more."""

Told = Callable[[int], object]
"""Is told how many bytes were taken in (writing) or read (reading) since the last time."""


class Packing:
    """Writes a box. Inside a `with` block; without a failure the file stands there at its end, and
    with one nothing does."""

    def __init__(self, path: Path, told: Told = lambda size: None) -> None:
        """`path` must not exist. Raises CannotKeep when it does or when it cannot be written."""
        self.path, self._aside = path, path.with_name(path.name + ASIDE)
        self._told = told
        self._sums: list[tuple[str, int, str]] = []
        self._file = _take(path, self._aside)

    def __enter__(self) -> Self:
        self._all = _Summed(self._file)
        self._packed = pa.CompressedOutputStream(pa.PythonFile(self._all, mode="w"), "zstd")
        self._tar = tarfile.open(fileobj=self._packed, mode="w|", format=tarfile.PAX_FORMAT)
        return self

    def add_bytes(self, name: str, data: bytes) -> None:
        """Put something small in."""
        self._add(name, len(data), io.BytesIO(data))

    def add_file(self, name: str, path: Path) -> None:
        """Put a file in. It must not change meanwhile."""
        with path.open("rb") as file:
            self._add(name, os.fstat(file.fileno()).st_size, file)

    def _add(self, name: str, size: int, file: IO[bytes]) -> None:
        head = tarfile.TarInfo(name)
        head.size, head.mode, head.mtime = size, 0o600, int(time.time())
        summed = _Reading(file, self._told)
        self._tar.addfile(head, cast("IO[bytes]", summed))
        self._sums.append((name, size, summed.sum.hexdigest()))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._end()
            else:
                for part in (self._tar, self._packed):
                    with suppress(Exception):
                        part.close()
        except OSError as problem:
            self._aside.unlink(missing_ok=True)
            raise _cannot_write(self.path, problem) from problem
        finally:
            self._file.close()
            if error is not None:
                self._aside.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _cannot_write(self.path, error) from error

    def _end(self) -> None:
        self.add_bytes(SUMS, json.dumps({"members": self._sums}).encode())
        self._tar.close()
        self._packed.close()
        note = NOTE + self._all.sum.digest()
        self._file.write(FRAME + len(note).to_bytes(4, "little") + note)
        self._file.flush()
        os.fsync(self._file.fileno())
        os.replace(self._aside, self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def clear_left_over(folder: Path) -> int:
    """Take away what writers that were killed left in a folder; returns how many files."""
    gone = 0
    for aside in folder.glob(f"openroads-*{ASIDE}"):
        with suppress(OSError), aside.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            aside.unlink()
            gone += 1
    return gone


def check_whole(path: Path, told: Told = lambda size: None) -> str:
    """Read every byte and compare with the sum behind them; returns that sum. Raises Damaged."""
    with _open(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size < TRAILER:
            raise Damaged(f"{path} is no backup of Openroads, or only the beginning of one.")
        found, left = hashlib.sha256(), size - TRAILER
        while piece := file.read(min(PIECE, left)):
            found.update(piece)
            left -= len(piece)
            told(len(piece))
        frame = file.read()
    note = NOTE + found.digest()
    if not frame.startswith(FRAME) or NOTE not in frame:
        raise Damaged(f"{path} is no backup of Openroads, or its end is missing.")
    if frame != FRAME + len(note).to_bytes(4, "little") + note:
        raise Damaged(f"{path} is damaged: its bytes are not those that were written. Use another backup.")  # fmt: skip
    return found.hexdigest()


def members(path: Path, told: Told = lambda size: None) -> Iterator[tuple[str, int, IO[bytes]]]:
    """Each member in turn: its name, size and content, to be read before the next is asked for.

    After the last one every sum was compared: raises Damaged, naming the member, for one that
    differs or is missing.
    """
    found: list[tuple[str, int, str]] = []
    with _open(path) as file:
        inside = _Inside(file, os.fstat(file.fileno()).st_size - TRAILER, told)
        try:
            unpacked = pa.CompressedInputStream(pa.PythonFile(inside, mode="r"), "zstd")
            with tarfile.open(fileobj=unpacked, mode="r|") as tar:
                for head in tar:
                    if not head.isreg() or not _is_plain(head.name):
                        raise Damaged(f"{path} holds {head.name!r}, which no backup has.")
                    content = tar.extractfile(head)
                    assert content is not None
                    if head.name == SUMS:
                        _compare(path, found, content.read())
                        return
                    summed = _Reading(content)
                    yield head.name, head.size, cast("IO[bytes]", summed)
                    while summed.read(PIECE):
                        continue
                    found.append((head.name, head.size, summed.sum.hexdigest()))
        except (tarfile.TarError, pa.ArrowException, EOFError) as problem:
            raise Damaged(f"{path} is damaged: {problem}.") from problem
    raise Damaged(f"{path} is damaged: the list of what is in it is missing.")


def first_member(path: Path) -> bytes:
    """What the first member holds. Raises Damaged for a file that is no box."""
    for _name, size, content in members(path):
        return content.read(size)
    raise Damaged(f"{path} is empty.")


def _compare(path: Path, found: list[tuple[str, int, str]], told: bytes) -> None:
    written = [tuple(member) for member in json.loads(told)["members"]]
    for (name, *_rest), (other, *_others) in zip(written, found, strict=False):
        if name != other:
            raise Damaged(f"{path} is damaged: {name} is missing.")
    for was, now in zip(written, found, strict=False):
        if was != now:
            raise Damaged(f"{path} is damaged: {was[0]} is not what was put in.")
    if len(written) != len(found):
        raise Damaged(f"{path} is damaged: it holds {len(found)} members and had {len(written)}.")


def _is_plain(name: str) -> bool:
    return bool(name) and not name.startswith("/") and ".." not in name.split("/") and "\0" not in name  # fmt: skip


def _open(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as problem:
        raise CannotKeep(f"{path} cannot be read: {problem.strerror}.") from problem


def _take(path: Path, aside: Path) -> IO[bytes]:
    """The file aside, empty, readable by its owner only, and nobody else's meanwhile."""
    if path.exists():
        raise CannotKeep(f"{path} is there already. Choose another name with --out.")
    try:
        file = os.fdopen(os.open(aside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "wb")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise CannotKeep(f"Another backup is being written to {path}.") from None
        os.fchmod(file.fileno(), 0o600)
        file.truncate(0)
        return file
    except OSError as problem:
        raise _cannot_write(path, problem) from problem


def _cannot_write(path: Path, problem: OSError) -> CannotKeep:
    mend = " Make room on that disk, or name another with --out." if problem.errno in FULL else ""
    return CannotKeep(f"{path} cannot be written: {problem.strerror or problem}.{mend} Nothing was left there.")  # fmt: skip


class _Summed:
    """A file that is written through, with the sum of what went through."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.sum, self.closed = file, hashlib.sha256(), False

    def write(self, data: Any) -> int:
        self.sum.update(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self.closed = True  # the file itself goes on


class _Reading:
    """A file that is read through, with the sum of what went through."""

    def __init__(self, file: IO[bytes], told: Told = lambda size: None) -> None:
        self._file, self._told, self.sum = file, told, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.sum.update(data)
        self._told(len(data))
        return data


class _Inside:
    """A file without its last bytes."""

    def __init__(self, file: IO[bytes], size: int, told: Told) -> None:
        self._file, self._left, self._told, self.closed = file, max(0, size), told, False

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        self._told(len(data))
        return data

    def close(self) -> None:
        self.closed = True
