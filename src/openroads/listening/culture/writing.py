"""A set of posts as a file: CSV, Excel or Parquet, with columns that are documented."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from openroads.analysis.cells import safe_cell
from openroads.analysis.learning.aspects import MOOD_NAMES
from openroads.archive.queries.posts import Quote
from openroads.ui.sheets import csv_lines

BATCH = 2_000

COLUMNS: tuple[tuple[str, Any], ...] = (
    ("id", pa.string()),
    ("published_at", pa.timestamp("ms", "UTC")),
    ("source", pa.string()),
    ("network", pa.string()),
    ("person", pa.int32()),
    ("title", pa.string()),
    ("text", pa.string()),
    ("language", pa.string()),
    ("tone", pa.string()),
    ("tone_value", pa.float32()),
    ("kind", pa.string()),
    ("likes", pa.int64()),
    ("replies", pa.int64()),
    ("reposts", pa.int64()),
    ("views", pa.int64()),
    ("rating", pa.float32()),
    ("quotes", pa.string()),
    ("brands", pa.string()),
    ("products", pa.string()),
)
"""Name and type of each column; docs/how-to/export-posts.md says what they mean."""


@dataclass(frozen=True)
class Names:
    """What numbers stand for."""

    sources: dict[int, str]
    brands: dict[int, str]
    products: dict[int, str]


def rows_of(posts: Iterable[Quote], names: Names) -> Iterator[list[Any]]:
    """A row per post. Who wrote it is a number that counts within this file: the same number is the
    same person, and says nothing outside; nameless posts have none. What a network did not tell is
    empty, never 0."""
    people: dict[int, int] = {}
    for post in posts:
        person = people.setdefault(post.author_key, len(people) + 1) if post.author_key else None
        yield [
            str(post.id), post.published_at, names.sources.get(post.source, ""), post.network,
            person, post.title, post.text, post.language if post.language != "und" else "",
            MOOD_NAMES.get(post.mood, ""), None if post.tone != post.tone else round(post.tone, 3),
            post.kind, post.likes, post.replies, post.reposts, post.views, post.rating,
            "yes" if post.quotes else "no",
            _named(post.brands, names.brands), _named(post.products, names.products),
        ]  # fmt: skip


def write_csv(path: Path, rows: Iterable[Sequence[Any]]) -> int:
    """UTF-8 with a mark Excel knows; no cell begins a formula. Returns how many rows."""
    written = 0

    def counted() -> Iterator[list[object]]:
        nonlocal written
        yield [name for name, _kind in COLUMNS]
        for row in rows:
            written += 1
            yield [_plain(cell) for cell in row]

    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_lines(counted()))
    return written


def write_xlsx(path: Path, rows: Iterable[Sequence[Any]]) -> int:
    """One sheet, texts as texts: nothing is a formula, a link or a number that was none."""
    import xlsxwriter  # noqa: PLC0415 (40 ms that no page needs)

    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False, "remove_timezone": True,
    }  # fmt: skip
    written = 0
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("posts")
        bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})  # fmt: skip
        sheet.freeze_panes(1, 0)
        for place, (name, _kind) in enumerate(COLUMNS):
            sheet.write_string(0, place, name, bold)
        for row in rows:
            written += 1
            for place, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(written, place, cell, moment)
                elif isinstance(cell, int | float):
                    sheet.write_number(written, place, cell)
                elif cell:
                    sheet.write_string(written, place, safe_cell(cell)[:32_767])
    return written


def write_parquet(path: Path, rows: Iterable[Sequence[Any]]) -> int:
    """Typed columns, zstd; texts as they were said, because nothing here runs a formula."""
    schema = pa.schema([pa.field(name, kind) for name, kind in COLUMNS])
    written = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in _batches(rows):
            columns = list(zip(*batch, strict=True))
            arrays = [
                pa.array(column, kind)
                for column, (_name, kind) in zip(columns, COLUMNS, strict=True)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            written += len(batch)
    return written


WRITERS = {"csv": write_csv, "xlsx": write_xlsx, "parquet": write_parquet}


def _plain(cell: Any) -> object:
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    return "" if cell is None else cell


def _named(ids: Sequence[int], names: dict[int, str]) -> str:
    return ", ".join(names[one] for one in ids if one in names)


def _batches(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    batch: list[Sequence[Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
