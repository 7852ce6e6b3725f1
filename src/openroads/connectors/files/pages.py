"""Reading a file page by page: messages, what was rejected and why, and where to go on."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from openroads.archive.message import Message
from openroads.connectors.failures import Refused
from openroads.connectors.files.reading import PreviewRow, Reading
from openroads.connectors.files.records import Row
from openroads.connectors.files.rows import MAX_CELL, RowReader, Unreadable
from openroads.connectors.files.sources import body
from openroads.connectors.port import Page, Rejected, row_of
from openroads.connectors.sentences import say

PAGE_ROWS: Final = 2_000
PAGE_CHARACTERS: Final = 8_000_000
"""A page ends early when its texts are this long together, so that memory stays bounded."""
PREVIEW_ROWS: Final = 50
_PREVIEW_CELL: Final = 300


def read(
    path: str | os.PathLike[str],
    reading: Reading,
    *,
    cursor: str = "",
    now: datetime | None = None,
    max_cell: int = MAX_CELL,
) -> Iterator[Page]:
    """The messages of a file in pages of at most 2,000 rows, from where `cursor` left off.

    Rows that cannot be read come back as `rejected`, with the raw cells; they never stop a file.
    Raises Refused when the reading does not fit the file at all. `now` is the present, for dates
    that cannot be; the machine's clock when not given.
    """
    place = Path(path)
    number, offset = _parse(cursor)
    reader = RowReader(reading, now or datetime.now(UTC), max_cell)
    source = body(place, reading, number, offset)
    try:
        size = max(1, place.stat().st_size)
        while True:
            page, last = _page(source, reader, size if reading.format != "xlsx" else 0)
            if last is None:
                return
            yield page
    except FileNotFoundError:
        raise Refused(say("The file “{name}” is not there any more.", name=place.name)) from None


def _page(source: Iterator[Row], reader: RowReader, size: int) -> tuple[Page, Row | None]:
    messages: list[Message] = []
    rejected: list[Rejected] = []
    last: Row | None = None
    length = 0
    for row in islice(source, PAGE_ROWS):
        last = row
        try:
            if row.reason:
                raise Unreadable(row.reason)
            message = reader.message(row.cells)
        except Unreadable as why:
            raw = reader.raw(row.cells) if row.cells else row.raw
            rejected.append(Rejected(row_of(row.number), why.why, raw))
            length += sum(map(len, row.cells))
        else:
            if message is not None:
                messages.append(message)
                length += len(message.text)
        if length > PAGE_CHARACTERS:
            break
    cursor = f"{last.number}:{last.after}" if last else ""
    share = min(1.0, last.after / size) if last and size else None
    return Page(messages, cursor, rejected, share=share), last


def _parse(cursor: str) -> tuple[int, int]:
    if not cursor:
        return 0, 0
    number, _, offset = cursor.partition(":")
    if not (number.isdigit() and offset.isdigit()):
        raise Refused(say("The place where reading stopped is not one of this file; start again."))
    return int(number), int(offset)


def with_preview(
    path: str | os.PathLike[str], reading: Reading, *, now: datetime | None = None
) -> Reading:
    """The reading with its first 50 rows and how each would be read, after a correction too.

    Without a column for the text the rows are only shown as they stand in the file.
    """
    reader = RowReader(reading, now or datetime.now(UTC)) if "text" in reading.columns else None
    place, rows = Path(path), list[PreviewRow]()
    try:
        for row in body(place, reading):
            if len(rows) == PREVIEW_ROWS:
                break
            shown = _preview(row, reader, reading.header)
            if shown:
                rows.append(shown)
    except FileNotFoundError:
        raise Refused(say("The file “{name}” is not there any more.", name=place.name)) from None
    return replace(reading, preview=tuple(rows))


def _preview(row: Row, reader: RowReader | None, header: tuple[str, ...]) -> PreviewRow | None:
    where = row_of(row.number)
    raw = reader.raw(row.cells) if reader else dict(zip(header, row.cells, strict=False))
    cells = {name: cell[:_PREVIEW_CELL] for name, cell in raw.items()}
    if row.raw and not row.cells:
        cells = {"line": row.raw[:_PREVIEW_CELL]}
    if reader is None:
        return PreviewRow(where, cells, {}) if any(cells.values()) else None
    try:
        if row.reason:
            raise Unreadable(row.reason)
        message = reader.message(row.cells)
    except Unreadable as why:
        return PreviewRow(where, cells, {}, why.why)
    return None if message is None else PreviewRow(where, cells, _told(message))


def _told(message: Message) -> dict[str, str]:
    """What the preview shows of a message: the filled fields, as text."""
    told: dict[str, str] = {}
    for name in Message.__slots__:
        value = getattr(message, name)
        if value in (None, "", False):
            continue
        if isinstance(value, datetime):
            value = value.isoformat()
        told[name] = str(value)[:_PREVIEW_CELL]
    told.pop("op", None)
    return told


def own_authors(path: str | os.PathLike[str], reading: Reading) -> frozenset[str]:
    """The authors a column of the file marks as the company itself (`inbound` is false).

    Empty when the file has no such column. At most 10,000 names: more is not a company.
    """
    if "inbound" not in reading.columns:
        return frozenset()
    reader = RowReader(reading, datetime.now(UTC))
    names: set[str] = set()
    for row in body(Path(path), reading):
        if not row.reason and reader.is_from_company(row.cells):
            names.add(reader.author(row.cells))
        if len(names) > 10_000:
            break
    return frozenset(names - {""})
