"""The keys of this house: made once at the first start, kept in a file only its owner can read."""

import fcntl
import json
import os
import secrets
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from openroads.config.env import WrongSettings

FILE = "keys.json"


@dataclass(frozen=True)
class Keys:
    """`secret_key` signs, `encryption_keys` (newest first) hide, `author_key` makes pseudonyms."""

    secret_key: str
    encryption_keys: tuple[str, ...]
    author_key: bytes


def house_keys(data: Path, *, secret_key: str = "", encryption_keys: tuple[str, ...] = ()) -> Keys:
    """The keys of the house in `data`; keys that were handed over take the place of the file's.

    TRICKY: the author key is never replaced: with another one, every author in the archive would
    become a stranger. It is kept in the file even when the other two are handed over.
    """
    _check_fernet(encryption_keys)
    kept = _read(data / FILE) or _make(data / FILE)
    stored = tuple(kept["encryption_keys"])
    _check_fernet(stored)
    return Keys(
        secret_key=secret_key or str(kept["secret_key"]),
        encryption_keys=encryption_keys or stored,
        author_key=bytes.fromhex(str(kept["author_key"])),
    )


def kept_keys(data: Path) -> Keys | None:
    """The keys in the file of a data folder; None when there is no such file. Makes none."""
    kept = _read(data / FILE)
    if kept is None:
        return None
    return Keys(
        str(kept["secret_key"]),
        tuple(kept["encryption_keys"]),
        bytes.fromhex(str(kept["author_key"])),
    )


def write_keys(data: Path, content: bytes) -> None:
    """Put a file of keys into a data folder that has none; durable when this returns."""
    aside = _aside(data / FILE, json.loads(content))
    os.link(aside, data / FILE)  # fails when there is one
    os.unlink(aside)


class KeyRing:
    """The encryption keys of the house as they are now, newest first: `ring()`.

    Those of the file are read again when it changed, because `openroads keys rotate` may run beside
    a server: that must read what is encrypted under the new key, and use it itself.
    """

    def __init__(self, file: Path, keys: tuple[str, ...], *, handed_over: bool) -> None:
        """`handed_over`: the keys come from the environment, and the file does not count."""
        self._file = file
        self._keys = keys
        self.handed_over = handed_over
        self._seen = None if handed_over else _stamp(file)

    def __call__(self) -> tuple[str, ...]:
        if not self.handed_over and (now := _stamp(self._file)) != self._seen and now is not None:
            kept = _read(self._file)
            if kept is not None:
                self._keys, self._seen = tuple(kept["encryption_keys"]), now
        return self._keys


def add_encryption_key(file: Path) -> str:
    """Make a new key and put it first in the file; the old ones stay, for reading. Returns it.

    Durable when this returns: what is encrypted under the key afterwards can always be read.
    """
    made = Fernet.generate_key().decode()
    with _changed(file) as kept:
        kept["encryption_keys"] = [made, *kept["encryption_keys"]]
    return made


def drop_encryption_keys(file: Path, keys: Collection[str]) -> None:
    """Take keys out of the file for good. The newest always stays."""
    with _changed(file) as kept:
        newest, *older = kept["encryption_keys"]
        kept["encryption_keys"] = [newest, *(key for key in older if key not in keys)]


@contextmanager
def _changed(file: Path) -> Iterator[dict[str, Any]]:
    """What the file holds, written back whole and at once after the block; one writer at a time."""
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if _read(file) is None:
            raise WrongSettings(f"{file} is not there. Put it back from a backup.")
        kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        yield kept
        owner = file.stat()
        aside = _aside(file, kept)
        if os.geteuid() == 0:  # an administrator's shell must not take the file from the server
            os.chown(aside, owner.st_uid, owner.st_gid)
        os.replace(aside, file)
        os.fsync(folder)
    finally:
        os.close(folder)


def _stamp(file: Path) -> tuple[int, int] | None:
    """What differs once the file was written again."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _check_fernet(keys: tuple[str, ...]) -> None:
    for number, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            raise WrongSettings(
                f"OPENROADS_ENCRYPTION_KEYS: key {number} is no Fernet key. Make one with: "
                'python -c "from cryptography.fernet import Fernet; '
                'print(Fernet.generate_key().decode())"'
            ) from None


def _read(path: Path) -> dict[str, Any] | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {name: kept[name] for name in ("secret_key", "encryption_keys", "author_key")}
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        raise WrongSettings(
            f"{path} cannot be read: {problem.strerror}. Check its owner."
        ) from None
    except (ValueError, KeyError, TypeError):
        raise WrongSettings(
            f"{path} is damaged. Put it back from a backup: without it, stored secrets are lost."
        ) from None


def _make(path: Path) -> dict[str, Any]:
    """Written aside and linked into place, so that two first starts at once agree on one file."""
    made = {
        "secret_key": secrets.token_urlsafe(50),
        "encryption_keys": [Fernet.generate_key().decode()],
        "author_key": secrets.token_hex(32),
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = _aside(path, made)
    except OSError as problem:
        raise WrongSettings(
            f"OPENROADS_DATA: {path.parent} cannot be written: {problem.strerror}. "
            "Name a folder that this user may write in."
        ) from None
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(aside)
    return _read(path) or made


def _aside(path: Path, keys: dict[str, Any]) -> str:
    """A durable file beside `path`, with these keys, that only its owner can read."""
    number, aside = tempfile.mkstemp(dir=path.parent, prefix=".keys-")  # mkstemp makes it 0600
    with os.fdopen(number, "w", encoding="utf-8") as file:
        json.dump(keys, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    return aside
