"""Looking a backup through: every byte, every member, the database opened, the archive opened."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from openroads.archive import whole
from openroads.archive.client import Archive
from openroads.safekeeping import box, card, sealing, state
from openroads.safekeeping.faults import CannotKeep, Damaged

Told = Callable[[int], object]


@dataclass(frozen=True)
class Look:
    """One thing looked at: whether it holds, in a sentence."""

    holds: bool
    told: str


def look_through(
    path: Path, *, passphrase: str = "", told: Told = lambda size: None
) -> Iterator[Look]:
    """Everything that can be known of a backup without its house, one sentence at a time.

    Takes as much disk beside the file as the house has. What it finds wrong is told, not raised.
    """
    try:
        box.check_whole(path, told)
        yield Look(
            True,
            f"The file is whole: {path.stat().st_size / 1e6:,.1f} MB, every byte as it was written.",
        )
        with _aside(path) as folder:
            yield from _look_inside(path, folder, passphrase, told)
    except CannotKeep as problem:
        yield Look(False, str(problem))


def _look_inside(path: Path, folder: Path, passphrase: str, told: Told) -> Iterator[Look]:
    known = card.card_of(path)
    yield Look(True, f"Made {known.moment:%Y-%m-%d %H:%M} UTC by Openroads {known.version}.")
    known.refuse_newer_archive()
    for name, _size, content in box.members(path, told):
        if name == known.state or name.startswith("archive/") or name == card.SEALED:
            place = folder / name
            if name.startswith("archive/") and known.archive == card.ENGINE:
                place = whole.place_for_copy(folder / "engine") / name.removeprefix("archive/")
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("wb") as file:
                shutil.copyfileobj(content, file, box.PIECE)
    yield Look(True, f"Every member has its sum; {known.uploads} uploaded files are among them.")
    yield _look_at_state(known, folder)
    yield _look_at_archive(known, folder)
    if known.sealed:
        yield _look_at_keys(known, folder, passphrase)
    else:
        yield Look(True, f"It holds no keys. Keep keys.json elsewhere: restoring needs {', '.join(known.used) or 'its author key'}.")  # fmt: skip


def _look_at_state(known: card.Card, folder: Path) -> Look:
    rows = state.count_copy(known.state, folder / known.state)
    wrong = {name: n for name, n in known.rows.items() if rows.get(name) != n}
    if wrong:
        name, n = next(iter(wrong.items()))
        return Look(False, f"The database is not what it was: {name} had {n} rows and has {rows.get(name, 0)}.")  # fmt: skip
    return Look(True, f"The database opens: {len(rows)} tables, {sum(rows.values()):,} rows, as many as there were.")  # fmt: skip


def _look_at_archive(known: card.Card, folder: Path) -> Look:
    by_table = known.archive == card.PARQUET
    with Archive.open(folder / "engine", readers=1, bare=not by_table) as archive:
        if by_table:
            files = sorted((folder / "archive").glob("*.parquet"))
            whole.read_parquet(archive, files, sums=False)
        else:
            whole.put_back(archive)
        counts = whole.counts(archive)
    found = {name: count.rows for name, count in counts.items()}
    told = {name: [count.rows, count.content] for name, count in counts.items()}
    if {name: told.get(name) for name in known.counts} != known.counts:
        return Look(
            False, f"The archive is not what it was: it had {known.counts} and has {found}."
        )
    return Look(True, f"The archive opens: {found.get('post', 0):,} posts and {found.get('passage', 0):,} passages, as many as there were.")  # fmt: skip


def _look_at_keys(known: card.Card, folder: Path, passphrase: str) -> Look:
    if not passphrase:
        return Look(True, "It holds the keys under a passphrase; name it with --passphrase-file to try it.")  # fmt: skip
    keys = sealing.keys_in(sealing.opened((folder / card.SEALED).read_bytes(), passphrase))
    if keys.author != known.author:
        raise Damaged("The keys in the backup are not those of its house.")
    return Look(True, "The passphrase opens the keys, and they are those of the house.")


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """A folder beside the file, or where it may not be written, in the system's own."""
    try:
        made = Path(tempfile.mkdtemp(prefix=".openroads-verify-", dir=path.parent))
    except OSError:
        made = Path(tempfile.mkdtemp(prefix="openroads-verify-"))
    try:
        yield made
    except (OSError, whole.NotCopied) as problem:
        why = problem.strerror if isinstance(problem, OSError) else problem
        raise CannotKeep(f"There is no room beside {path} to look it through: {why}.") from problem
    finally:
        shutil.rmtree(made, ignore_errors=True)
