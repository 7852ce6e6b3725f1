"""The keys of this house: made once at the first start, kept in a file only its owner can read."""

import json
import os
import secrets
import tempfile
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
        number, aside = tempfile.mkstemp(dir=path.parent, prefix=".keys-")  # mkstemp makes it 0600
        with os.fdopen(number, "w", encoding="utf-8") as file:
            json.dump(made, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
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
