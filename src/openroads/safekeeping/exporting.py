"""Everything in formats that other programs read, and a new house from it: JSON Lines, Parquet, a manifest."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from openroads import __version__
from openroads.archive import whole
from openroads.archive.batch import author_key
from openroads.archive.client import Archive
from openroads.directory import trail
from openroads.directory.conversations import archive, close_archive
from openroads.directory.people import system_person
from openroads.directory.versions import applied
from openroads.listening.models import Import
from openroads.listening.networks import staying_sources
from openroads.safekeeping import box, card, making, tables
from openroads.safekeeping.faults import CannotKeep, Damaged

MANIFEST = "manifest.json"
WHAT, FORMAT = "openroads export", 1
FILE = ".tar.zst"

Told = Callable[[int], object]


def make_export(
    source: Archive, path: Path, *, share: making.Share = lambda share: None
) -> dict[str, Any]:
    """Write everything to `path`: a file when its name ends in .tar.zst, a new directory else. It
    stands there whole, or not at all. Returns the manifest.

    Whoever writes to the archive waits meanwhile; pages go on. Secrets stay behind.
    """
    if path.exists():
        raise CannotKeep(f"{path} is there already. Choose another name.")
    if not path.parent.is_dir():
        raise CannotKeep(f"There is no directory {path.parent}. Make it, or name another.")
    if path.name.endswith(FILE):
        with making.alone() as work:
            with making.room_is_told():
                manifest = _write(source, work / "export", share)
            with box.Packing(path) as packing:
                for name in (MANIFEST, *manifest["files"]):
                    packing.add_file(name, work / "export" / name)
        return manifest
    aside = path.with_name(path.name + box.ASIDE)
    try:
        shutil.rmtree(aside, ignore_errors=True)
        manifest = _write(source, aside, share)
        os.rename(aside, path)
    except OSError as problem:
        raise CannotKeep(f"{path} cannot be written: {problem.strerror}.") from problem
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return manifest


@contextmanager
def unpacked(path: Path, work: Path, told: Told = lambda size: None) -> Iterator[Path]:
    """The directory of an export, out of its file if it is one."""
    if path.is_dir():
        yield path
        return
    box.check_whole(path, told)
    for name, _size, content in box.members(path, told):
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        with (work / name).open("wb") as file:
            shutil.copyfileobj(content, file, box.PIECE)
    yield work


def manifest_in(folder: Path) -> dict[str, Any]:
    """The manifest, after every file was compared with it. Raises Damaged."""
    try:
        told: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if told["what"] != WHAT:
            raise Damaged(f"{folder} is no export of Openroads.")
        if told["format"] > FORMAT:
            raise CannotKeep(f"This export was made by a newer Openroads ({told['version']}). Install that one.")  # fmt: skip
        for name, file in told["files"].items():
            if _sum(folder / name) != file["sha256"]:
                raise Damaged(f"{name} is not what was exported.")
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise Damaged(
            f"{folder} is no export of Openroads, or not all of it: {problem}."
        ) from problem
    return told


def stayed_behind(path: Path) -> int:
    """How many posts an export left out, because their network lets them leave the house in no file."""
    if path.is_dir():
        told = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    else:
        _name, _size, content = next(iter(box.members(path)))
        told = json.loads(content.read())
    return int(told.get("stayed", {}).get("posts", 0))


def refuse_unfit(manifest: dict[str, Any], author: str, *, new_keys: bool) -> None:
    """Raise CannotKeep for an export of a newer version, and for other keys unless that is meant."""
    known = set(MigrationLoader(None).disk_migrations)
    if {tuple(each) for each in manifest["migrations"]} - known:
        raise CannotKeep(f"This export was made by a newer Openroads ({manifest['version']}). Install that one.")  # fmt: skip
    if author != manifest["author"] and not new_keys:
        raise CannotKeep(
            "The keys here are not those of the house that was exported, so no author who was erased would be kept "
            "out any more. Put its keys.json into the directory first, or say --new-keys to begin with new ones."
        )


def take_over(folder: Path, manifest: dict[str, Any]) -> dict[str, int]:
    """Fill a new house, whose settings are loaded and which holds nothing, from an export; returns
    the rows of each table. The caller takes everything out again when this raises."""
    call_command("migrate", interactive=False, verbosity=0)
    files = manifest["files"]
    rows = tables.read_tables(
        {name.removeprefix("state/").removesuffix(".jsonl"): folder / name for name in files if name.startswith("state/")}
    )  # fmt: skip
    for name, count in rows.items():
        if count != files[f"state/{name}.jsonl"]["rows"]:
            raise Damaged(
                f"{name} had {files[f'state/{name}.jsonl']['rows']} rows, and {count} came."
            )
    given = settings.OPENROADS
    parquet = [folder / name for name in files if name.startswith("archive/")]
    if card.held(given.author_key, ()).author != manifest["author"]:
        parquet = [path for path in parquet if whole.table_of(path) != "erased_author"]
        whole.read_parquet(archive(), parquet, change=_under_our_key)
    else:
        whole.read_parquet(archive(), parquet)
    found = whole.counts(archive())
    for name, (count, content) in manifest["archive"].items():
        if name != "erased_author" and [found[name].rows, found[name].content] != [count, content]:
            raise Damaged(f"{name} had {count} rows in the archive, and {found[name].rows} came, or others.")  # fmt: skip
    _settle_in(manifest)
    close_archive()
    return rows


def _under_our_key(table: str, block: pa.Table) -> pa.Table:
    """Posts under the pseudonyms that this house gives their authors."""
    if table != "post":
        return block
    ours = settings.OPENROADS.author_key
    pairs = zip(block["network"].to_pylist(), block["author"].to_pylist(), strict=True)
    keys = pa.array(
        [author_key(*pair, ours) for pair in pairs], block.schema.field("author_key").type
    )
    return block.set_column(block.schema.get_field_index("author_key"), "author_key", keys)


def _write(source: Archive, folder: Path, share: making.Share) -> dict[str, Any]:
    (folder / "state").mkdir(parents=True)
    os.chmod(folder, 0o700)
    files: dict[str, dict[str, Any]] = {}
    # TRICKY: nothing may be written to the database in here: who writes there now may be waiting for
    # the archive, and would be waited for. So nobody is told how far it is either.
    with source.write_lock:
        staying = sorted(staying_sources())
        counts = whole.counts(source, staying)
        stayed = whole.counts(source)["post"].rows - counts["post"].rows
        with _one_moment():
            for model in tables.tables():
                name = f"state/{model._meta.label_lower}.jsonl"
                rows = tables.write_table(model, folder / name)
                files[name] = {"rows": rows, "sha256": _sum(folder / name)}
            migrations = sorted(map(list, applied()))
        for path in whole.write_parquet(source, folder / "archive", staying=staying):
            name = f"archive/{path.name}"
            files[name] = {"rows": pq.read_metadata(path).num_rows, "sha256": _sum(path)}
    share(0.9)
    manifest = {
        "what": WHAT,
        "format": FORMAT,
        "version": __version__,
        "made_at": timezone.now().isoformat(),
        "author": card.held(settings.OPENROADS.author_key, ()).author,
        "migrations": migrations,
        "files": files,
        "archive": {name: [count.rows, count.content] for name, count in counts.items()},
        "left_out": tables.STAYS,
        "stayed": {"posts": stayed, "why": "their network lets them leave the house in no file"},
    }
    (folder / MANIFEST).write_text(tables.as_told(manifest), encoding="utf-8")
    return manifest


@contextmanager
def _one_moment() -> Iterator[None]:
    """Everything read in the block is of one moment, and nobody who writes waits for it."""
    begin = {
        "sqlite": "BEGIN DEFERRED",
        "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    }
    if connection.in_atomic_block:  # a test's own
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(begin[connection.vendor])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


@transaction.atomic
def _settle_in(manifest: dict[str, Any]) -> None:
    """Uploads do not go along: what was read of them is in the archive."""
    Import.objects.exclude(path="", rejected_path="").update(path="", rejected_path="")
    trail.record(system_person(), "took a house over", None, made=manifest["made_at"], version=manifest["version"])  # fmt: skip


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
