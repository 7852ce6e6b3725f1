"""The archive as a whole: the engine's own copy of it, and its tables as Parquet files and back."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import pyarrow as pa
import pyarrow.parquet as pq
from defusedxml.ElementTree import parse

from openroads.archive.client import Archive, Params
from openroads.archive.queries import whole as sql
from openroads.archive.rollups import months_in_archive, rebuild_rollups, settled

WORK = Archive.WORK
PAGE = 50_000
"""Rows read at a time: some 30 MB."""

Told = Callable[[int], object]
"""Is told how many rows were written or read since the last time."""

Change = Callable[[str, pa.Table], pa.Table]


class NotCopied(Exception):
    """A copy of the archive could not be made, or put back, whole; the text says why."""


@dataclass(frozen=True)
class Count:
    """Rows of a table that are in force, and a sum over what they say."""

    rows: int
    content: str


@dataclass(frozen=True)
class _Number:
    number: int


@dataclass(frozen=True)
class _Bytes:
    bytes: int


def copy_whole(archive: Archive) -> Path:
    """A copy of every table as it is now, made by the engine; returns its folder, which is the
    caller's to delete. Waits for who writes, and lets nobody write meanwhile; readers go on.

    Embedded engine only. Raises NotCopied, and leaves nothing, when it could not be made whole.
    """
    place = place_for_copy(Path(archive.location))
    with archive.write_lock:
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(exist_ok=True)
        if "unsettled_month" in tables(archive):
            settled(archive)
        try:
            archive.command(sql.COPY)
        except Exception as problem:
            clear_copy(archive)
            raise NotCopied(f"The archive could not be copied: {_in_short(problem)}") from problem
    if not _is_all_there(place):
        clear_copy(archive)
        raise NotCopied(f"The archive could not be copied: the disk of {archive.location} is full.")
    return place


def _is_all_there(place: Path) -> bool:
    """Whether a copy has every file that its own list names, each of the size it must have.

    TRICKY: the engine says that a copy was made, without any error, when the disk was full and most
    of it, or its list, was not written.
    """
    try:
        contents = parse(place / ".backup").getroot().findall("contents/file")
        for file in contents:
            size, name = int(file.findtext("size", "0")), file.findtext("name", "")
            # One of several files that are alike stands there once, under the name of the first.
            if size and (place / file.findtext("data_file", name)).stat().st_size != size:
                return False
    except (OSError, ValueError, ParseError):
        return False
    return bool(contents)


def _in_short(problem: Exception) -> str:
    return " ".join(str(problem).split())[:300]


def clear_copy(archive: Archive) -> None:
    """Delete the copy that `copy_whole` made."""
    shutil.rmtree(Path(archive.location) / WORK, ignore_errors=True)


def place_for_copy(location: Path) -> Path:
    """The folder in which `put_back` looks for a copy."""
    return location / WORK / "whole"


def put_back(archive: Archive) -> None:
    """Make every table of the copy in `place_for_copy` in an archive that has none, and delete the
    copy. The archive is a bare one (`Archive.open(bare=True)`). Raises NotCopied."""
    try:
        archive.command(sql.PUT_BACK)
    except Exception as problem:
        raise NotCopied(f"The archive could not be put back: {_in_short(problem)}") from problem
    clear_copy(archive)


def tables(archive: Archive) -> list[str]:
    """The names of its tables."""
    names: list[str] = archive.written(sql.TABLES, {})["name"].to_pylist()
    return names


def steps_done(archive: Archive) -> list[int]:
    """The numbers of the steps it has had."""
    steps: list[int] = archive.written(sql.STEPS, {})["number"].to_pylist()
    return steps


def counts(archive: Archive, staying: Sequence[int] = ()) -> dict[str, Count]:
    """What is in the tables that nothing else can be made from, without the posts of some sources."""
    there = set(tables(archive))
    found = {}
    for name, text in sql.COUNTS.items():
        if name in there:
            (row,) = archive.written(text, {"staying": list(staying)}).to_pylist()
            found[name] = Count(row["rows"], row["content"])
    return found


def is_empty(archive: Archive) -> bool:
    """Whether it holds nothing that would be lost."""
    return not any(count.rows for count in counts(archive).values())


def take_out(archive: Archive) -> None:
    """Drop every table of ours, with what is in it; tables of others in the database stay. The
    archive is a bare one."""
    for name in sorted(set(tables(archive)) & set(sql.OURS), key=lambda name: "feed" not in name):
        archive.command(sql.TAKE_OUT, {"name": name})


def bytes_on_disk(archive: Archive) -> int:
    """Bytes of the rows in force, indexes included."""
    return archive.rows(_Bytes, sql.BYTES, {})[0].bytes


def write_parquet(
    archive: Archive,
    folder: Path,
    told: Told = lambda rows: None,
    staying: Sequence[int] = (),
) -> list[Path]:
    """Write posts (a file per month), passages, terms, erased authors and which posts each version of
    a topic found (a file per version) to `folder`; sums are left out, they are made anew from the
    posts. Posts of the sources in `staying` are left out. An archive of an older version is written as
    it is. Returns the files."""
    left: dict[str, Any] = {"staying": list(staying)} if staying else {}
    posts, filed = (sql.POSTS_BUT, sql.FILED_BUT) if staying else (sql.POSTS, sql.FILED)
    made = []
    there = set(tables(archive))
    months = archive.written(sql.MONTHS, {})["month"].to_pylist()
    kinds: list[tuple[str, Iterator[pa.Table]]] = [
        (f"post-{month}", _by_moment(archive, posts, {**left, "month": int(month)}))
        for month in months
    ]
    kinds += [
        ("passage", _by_two(archive, sql.PASSAGES, "text_id", "position")),
        ("term", _by_one(archive, sql.TERMS, "id")),
    ]
    if "erased_author" in there:
        kinds.append(("erased_author", _by_one(archive, sql.ERASED, "author_key")))
    if "topic_post" in there:
        versions = archive.written(sql.VERSIONS_FILED, {})["version"].to_pylist()
        kinds += [
            (
                f"topic_post-{version}",
                _by_moment(archive, filed, {**left, "filed_as": int(version)}),
            )
            for version in versions
        ]
    folder.mkdir(parents=True, exist_ok=True)
    for name, pages in kinds:
        path = folder / f"{name}.parquet"
        writer: Any = None
        for page in pages:
            writer = writer or pq.ParquetWriter(path, page.schema, compression="zstd")
            writer.write_table(page)
            told(page.num_rows)
        if writer is not None:
            writer.close()
            made.append(path)
    return made


def read_parquet(
    archive: Archive,
    files: list[Path],
    told: Told = lambda rows: None,
    change: Change = lambda table, block: block,
    sums: bool = True,
) -> None:
    """Put the rows of such files into an archive that has none, and make its sums unless it is only
    looked at. Words first: a post names them by number. `change` may change a block of a table on
    its way."""
    order = {"term": 0, "erased_author": 1, "passage": 2, "topic_post": 3, "post": 4}
    with archive.write_lock:
        for path in sorted(files, key=lambda path: (order[table_of(path)], path.name)):
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(batch_size=PAGE):
                    block = change(table_of(path), pa.Table.from_batches([batch]))
                    archive.insert(table_of(path), block)
                    told(batch.num_rows)
        # Terms and versions that were read at the opening are those of an empty archive.
        archive.memory.clear()
        if sums:
            rebuild_rollups(archive, months_in_archive(archive))


def table_of(path: Path) -> str:
    """Of which table such a file is. Raises ValueError for a name that is none of these."""
    table = path.stem.partition("-")[0]
    if table not in sql.COUNTS:
        raise ValueError(f"{path.name} is of no table of the archive.")
    return table


def _by_moment(archive: Archive, text: str, params: Params) -> Iterator[pa.Table]:
    after, after_id = 0, 0
    while True:
        page = archive.written(
            text, {**params, "after": after, "after_id": after_id, "limit": PAGE}
        )
        if page.num_rows:
            yield page
        if page.num_rows < PAGE:
            return
        last = page.slice(page.num_rows - 1)
        after = last["published_at"].cast(pa.timestamp("ms", "UTC")).cast(pa.int64())[0].as_py()
        after_id = last["id"][0].as_py()


def _by_two(archive: Archive, text: str, first: str, second: str) -> Iterator[pa.Table]:
    # Nothing stands before the first of both: positions begin at 0, so 0, 0 would be passed over.
    after, after_id = -1, 0
    while True:
        params = {"after": after, "after_id": after_id, "limit": PAGE}
        page = archive.written(text, params)
        if page.num_rows:
            yield page
        if page.num_rows < PAGE:
            return
        last = page.slice(page.num_rows - 1)
        after, after_id = last[first][0].as_py(), last[second][0].as_py()


def _by_one(archive: Archive, text: str, name: str) -> Iterator[pa.Table]:
    after = 0
    while True:
        page = archive.written(text, {"after": after, "limit": PAGE})
        if page.num_rows:
            yield page
        if page.num_rows < PAGE:
            return
        after = page[name][page.num_rows - 1].as_py()
