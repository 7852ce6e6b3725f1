"""What a backup says of the house it is of: its version, its keys by their fingerprints, its counts."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from openroads.archive.steps import known_steps
from openroads.directory.encryption import key_id
from openroads.safekeeping import box
from openroads.safekeeping.faults import CannotKeep, Damaged

NAME = "house.json"
WHAT = "openroads backup"
FORMAT = 1
SEALED = "keys.sealed"
ENGINE, PARQUET = "engine", "parquet"
"""How the archive stands in a backup: as the embedded engine copies itself, or table by table."""


@dataclass(frozen=True)
class Card:
    """The first member of a backup. `rows` are of the tables of the state, `counts` pairs of rows and
    a sum over their content of the tables of the archive; `used` are the keys its secrets stand under."""

    made_at: str
    version: str
    why: str
    state: str
    archive: str
    author: str
    keys: list[str]
    used: list[str]
    sealed: bool
    migrations: list[list[str]] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    counts: dict[str, list[Any]] = field(default_factory=dict)
    uploads: int = 0

    def as_json(self) -> bytes:
        return json.dumps({"what": WHAT, "format": FORMAT, **asdict(self)}, indent=1).encode()

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    @property
    def posts(self) -> int:
        return int(self.counts.get("post", [0])[0])

    def refuse_newer_archive(self) -> None:
        """Raise CannotKeep when its archive has steps that this code does not know."""
        if set(self.steps) - {number for number, _name, _text in known_steps()}:
            raise _newer(self)

    def refuse_newer_state(self, known: Iterable[tuple[str, str]]) -> None:
        """The same of its database, with every migration this code knows."""
        if {tuple(each) for each in self.migrations} - set(known):
            raise _newer(self)

    def refuse_other_keys(self, keys: "Held | None", place: Path) -> None:
        """Raise CannotKeep when these keys cannot open what the backup holds."""
        if keys is None:
            bring = f"Put the keys.json of that house into {place}, readable by its owner only"
            if self.sealed:
                bring += ", or name its passphrase with --passphrase-file"
            raise CannotKeep(f"There are no keys, and this backup is useless without those of its house. {bring}.")  # fmt: skip
        if keys.author != self.author:
            raise CannotKeep(
                f"The keys here are of another house (authors {keys.author}, the backup has {self.author}): every "
                f"author would become a stranger. Put the keys.json of that house into {place}. Nothing was restored."
            )
        if missing := sorted(set(self.used) - set(keys.ids)):
            raise CannotKeep(
                f"The secrets in this backup stand under keys that are not here: {', '.join(missing)}. Put the "
                f"keys.json of its time into {place}, or add them to OPENROADS_ENCRYPTION_KEYS. Nothing was restored."
            )


@dataclass(frozen=True)
class Held:
    """The keys at hand, by what tells them apart and gives nothing away."""

    author: str
    ids: tuple[str, ...]


def held(author_key: bytes, encryption_keys: Iterable[str]) -> Held:
    """What tells these keys apart from others."""
    author = hashlib.sha256(b"openroads author key" + author_key).hexdigest()[:16]
    return Held(author, tuple(map(key_id, encryption_keys)))


def card_of(path: Path) -> Card:
    """The card of a backup. Raises Damaged for a file that is none."""
    try:
        told = json.loads(box.first_member(path))
        if told.pop("what") != WHAT:
            raise Damaged(f"{path} is no backup of Openroads.")
        if told.pop("format") > FORMAT:
            raise CannotKeep(f"{path} was made by a newer Openroads ({told.get('version')}). Install that one.")  # fmt: skip
        return Card(**told)
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise Damaged(f"{path} is no backup of Openroads: {problem}.") from problem


def _newer(card: Card) -> CannotKeep:
    return CannotKeep(
        f"This backup was made by a newer Openroads ({card.version}). Install that version or a later one and "
        "restore with that. Nothing was restored."
    )
