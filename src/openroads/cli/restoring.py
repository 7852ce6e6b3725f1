"""`openroads restore`: a house from a backup, wholly or not at all."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from openroads.cli import house
from openroads.cli.backing_up import Passphrase, progress


def restore(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    data: Annotated[Path, typer.Option("--data", help="An empty directory; it may hold the keys.json of the house.")],
    passphrase_file: Passphrase = None,
) -> None:  # fmt: skip
    """Restore a house from a backup into an empty directory: all of it, or nothing.

    A damaged file, other keys, a newer version and a directory with something in it are refused
    before anything is written.
    """
    from openroads.config.keys import write_keys  # noqa: PLC0415 (`openroads --help` must be quick)
    from openroads.safekeeping import box, card, faults, sealing  # noqa: PLC0415
    from openroads.safekeeping.marks import KEYS_CAME  # noqa: PLC0415

    if not file.is_file():
        raise faults.CannotKeep(f"There is no file {file}.")
    file, folder = file.absolute(), data.absolute()
    passphrase = sealing.passphrase_in(passphrase_file) if passphrase_file else ""
    with progress("Restoring") as told:
        size, read = max(1, 2 * file.stat().st_size), 0

        def more(bytes_read: int) -> None:
            nonlocal read
            read += bytes_read
            told(read / size)

        box.check_whole(file, more)
        known = card.card_of(file)
        known.refuse_newer_archive()
        with filling(folder) as mark:
            brought = _keys_to_bring(file, known, folder, passphrase)
            if brought is not None:
                (mark / KEYS_CAME).touch()
                write_keys(folder, brought)
            os.environ["OPENROADS_DATA"] = str(folder)
            house.load()
            from openroads.safekeeping import restoring  # noqa: PLC0415 (needs settings)

            restoring.refuse_unfit(known)
            done = restoring.restore_house(file, known, more)
    _report(known, folder, done)


@contextmanager
def filling(folder: Path) -> Iterator[Path]:
    """An empty data directory with the mark that it is being filled; what stands there at the end is
    a house, and after a failure nothing does."""
    from django.db import DatabaseError  # noqa: PLC0415 (`openroads --help` must be quick)

    from openroads.archive.whole import NotCopied  # noqa: PLC0415
    from openroads.safekeeping.faults import CannotKeep  # noqa: PLC0415
    from openroads.safekeeping.marks import MARK, taken_up  # noqa: PLC0415

    was_there = folder.is_dir()
    with taken_up(folder) as left_over:
        if left_over:
            _clear(folder)
            (folder / MARK).mkdir(mode=0o700)
        try:
            yield folder / MARK
        except BaseException as problem:
            _clear(folder)
            if not was_there and not any(folder.iterdir()):
                folder.rmdir()
            if isinstance(problem, OSError | sqlite3.Error | DatabaseError | NotCopied):
                why = " ".join(str(problem).split()).rstrip(".")
                raise CannotKeep(
                    f"{folder} could not be filled: {why}. Make room on that disk if it is full, and run "
                    "this again. Nothing was left there."
                ) from problem
            raise
        _clear_mark(folder)


def _clear(folder: Path) -> None:
    os.environ["OPENROADS_DATA"] = str(folder)
    if (folder / "keys.json").exists():
        house.load()
        from openroads.safekeeping import restoring  # noqa: PLC0415 (needs settings)

        restoring.clear_away(folder)
    else:
        _clear_mark(folder)  # it had not begun


def _clear_mark(folder: Path) -> None:
    import shutil  # noqa: PLC0415

    from openroads.safekeeping.marks import MARK  # noqa: PLC0415

    shutil.rmtree(folder / MARK, ignore_errors=True)


def _keys_to_bring(file: Path, known: Any, folder: Path, passphrase: str) -> bytes | None:
    """The content of keys.json out of the backup; None when the directory has the right keys."""
    from openroads.config.keys import kept_keys  # noqa: PLC0415
    from openroads.safekeeping import box, card, faults, sealing  # noqa: PLC0415

    kept = kept_keys(folder)
    if kept is not None:
        handed_over = os.environ.get("OPENROADS_ENCRYPTION_KEYS", "")
        ring = [key.strip() for key in handed_over.split(",") if key.strip()]
        known.refuse_other_keys(card.held(kept.author_key, ring or kept.encryption_keys), folder)
        return None
    if not known.sealed or not passphrase:
        known.refuse_other_keys(None, folder)
    for name, _size, content in box.members(file):
        if name == card.SEALED:
            brought = sealing.opened(content.read(), passphrase)
            known.refuse_other_keys(sealing.keys_in(brought), folder)
            return brought
    raise faults.Damaged(f"{file} says that it holds keys, and holds none.")


def _report(known: Any, folder: Path, done: Any) -> None:
    typer.echo(f"Restored {done.posts:,} posts and {done.rows:,} rows of the database into {folder}, as of {known.moment:%Y-%m-%d %H:%M} UTC.")  # fmt: skip
    for fault in done.faults:
        typer.secho(f"The trail: {fault}", err=True, fg=typer.colors.YELLOW)
    if not done.faults:
        typer.echo(f"The trail is whole: {done.entries:,} entries, each fits the one before it.")
    typer.echo("Whoever was erased after that moment is in it again: erase them once more.")
    typer.echo(f"Start it: openroads run --data {folder}")
