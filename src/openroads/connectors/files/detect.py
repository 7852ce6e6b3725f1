"""How an unknown file should be read, found from its contents: a proposal that imports as it stands."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from openroads.connectors.dates import OrderVotes, votes
from openroads.connectors.files.columns import (
    Look,
    by_content,
    by_heading,
    doubts_about_dates,
    look,
)
from openroads.connectors.files.dialect import detect_dialect
from openroads.connectors.files.encoding import detect_encoding, refuse_binary
from openroads.connectors.files.heading_row import find_headings
from openroads.connectors.files.headings import RANKS, fold, is_utc
from openroads.connectors.files.jsonlines import flat, json_objects
from openroads.connectors.files.lines import TextLines
from openroads.connectors.files.pages import with_preview
from openroads.connectors.files.reading import (
    Reading,
    fingerprint,
    is_reason,
    unique_names,
)
from openroads.connectors.files.records import NO_DELIMITER, Row
from openroads.connectors.files.sources import body, first_byte, rows
from openroads.connectors.files.workbook import sheet_names
from openroads.connectors.files.zeeschuimer import HEADER, is_capture
from openroads.connectors.networks import network_of_name
from openroads.connectors.port import Refused
from openroads.connectors.sentences import say

_SAMPLE_ROWS: Final = 5_000
_SAMPLE_CHARACTERS: Final = 20_000_000
_DIALECT_CHARACTERS: Final = 262_144
_SCAN_ROWS: Final = 2_000_000


@dataclass
class _Found:
    """What is known so far: the reading, sampled cells under its header, sentences."""

    reading: Reading
    cells: list[list[str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def detect(
    path: str | os.PathLike[str],
    *,
    name: str = "",
    now: datetime | None = None,
    timezone: str = "Europe/Amsterdam",
    fallback_date: date | None = None,
) -> Reading:
    """How to read a file, with a preview of 50 rows and sentences on what a person should check.

    `name` is what the person called the file; its contents decide, not its extension. `timezone`
    is that of dates that name none. A file without dates gets `fallback_date` (the day the file
    was last changed when not given) for every row, and says so. Raises Refused, with a sentence,
    for files that hold no table or no text.
    """
    place = Path(path)
    name = name or place.name
    now = now or datetime.now(UTC)
    found = _opened(place, name)
    found.reading = replace(found.reading, timezone=timezone)
    if found.reading.format != "zeeschuimer":
        _mean_columns(found, place, name, now)
        _settle_dates(found, place, now, fallback_date or _changed_on(place, now))
        _settle_network(found, name)
    reading = replace(
        found.reading,
        fingerprint=fingerprint(found.reading.format, found.reading.header),
        problems=tuple(found.problems),
    )
    return with_preview(place, reading, now=now)


def describe(path: str | os.PathLike[str], name: str = "") -> Reading:
    """The format, dialect and headings of a file, without asking what the columns mean.

    Raises Refused, with a sentence, for files that hold no table.
    """
    place = Path(path)
    return _opened(place, name or place.name).reading


def _opened(place: Path, name: str) -> _Found:
    try:
        size = place.stat().st_size
        with place.open("rb") as file:
            head = file.read(8)
    except OSError:
        raise Refused(say("The file “{name}” cannot be opened.", name=name)) from None
    if size == 0:
        raise Refused(say("“{name}” is empty (0 bytes).", name=name))
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _workbook(place, name)
    refuse_binary(head, name)
    return _text_file(place, name)


def _changed_on(place: Path, now: datetime) -> date:
    changed = datetime.fromtimestamp(place.stat().st_mtime, UTC)
    return min(changed, now).date()


def _workbook(place: Path, name: str) -> _Found:
    best: _Found | None = None
    best_known, filled = -1, 0
    for sheet in sheet_names(place, name)[:20]:
        reading = Reading("xlsx", encoding="", delimiter="", quote="", sheet=sheet)
        found = _table(place, reading)
        if found is None:
            continue
        filled += 1
        known = sum(
            1 for head in found.reading.header for ranks in RANKS.values() if fold(head) in ranks
        )
        if known > best_known:
            best, best_known = found, known
    if best is None:
        raise Refused(say("“{name}” has no sheet with rows in it.", name=name))
    if filled > 1:
        why = say(
            "The workbook has {sheets} sheets; “{sheet}” is read.",
            sheets=filled,
            sheet=best.reading.sheet,
        )
        best.problems.append(why)
    return best


def _text_file(place: Path, name: str) -> _Found:
    encoding = detect_encoding(place, name)
    with TextLines(place, encoding.name, first_byte(place, encoding.name)) as lines:
        sample = lines.peek(_DIALECT_CHARACTERS)
    start = sample.lstrip()[:300].lower()
    if not start:
        raise Refused(say("“{name}” holds only blank lines.", name=name))
    if start.startswith(("<!doctype", "<html", "<table", "<?xml", "<head", "<meta")):
        raise Refused(
            say(
                "“{name}” is a web page or XML, whatever its name says. Open it in a spreadsheet and "
                "save it as .xlsx or .csv.",
                name=name,
            )
        )
    base = Reading("csv", encoding=encoding.name)
    if start.startswith("{"):
        found = _json_file(place, name, base)
    elif re.match(r"\[\s*[{\]]", start):
        raise Refused(
            say(
                "“{name}” is one JSON list. Openroads reads JSON Lines: one object on each line "
                "(for example with `jq -c .[]`).",
                name=name,
            )
        )
    else:
        dialect = detect_dialect(sample)
        reading = replace(
            base,
            format="tsv" if dialect.delimiter == "\t" else "csv",
            delimiter=dialect.delimiter,
            quote=dialect.quote,
            escape=dialect.escape,
            skip_space=dialect.skip_space,
        )
        table = _table(place, reading)
        if table is None:
            raise Refused(say("“{name}” holds no rows.", name=name))
        found = table
    found.problems[:0] = encoding.problems
    if name.lower().endswith((".xlsx", ".xls", ".ods")):
        why = say("The file is called a workbook but holds plain text; it is read as such.")
        found.problems.append(why)
    return found


def _json_file(place: Path, name: str, base: Reading) -> _Found:
    names: dict[str, None] = {}
    sampled: list[dict[str, str]] = []
    captures = others = length = 0
    with TextLines(place, base.encoding, first_byte(place, base.encoding)) as lines:
        for _, value, _, _ in islice(json_objects(lines), _SAMPLE_ROWS):
            if value is None:
                others += 1
            elif is_capture(value):
                captures += 1
            else:
                sampled.append(flat(value))
                names.update(dict.fromkeys(sampled[-1]))
                length += sum(map(len, sampled[-1].values()))
            if length > _SAMPLE_CHARACTERS:
                break
    if captures > len(sampled):
        reading = replace(
            base, format="zeeschuimer", has_header=False, header=HEADER, columns={one: one for one in HEADER},
            default_network="web",
        )  # fmt: skip
        return _Found(reading)
    if not sampled:
        raise Refused(
            say(
                "“{name}” starts like JSON, but no line of it is a whole object. Openroads reads "
                "JSON Lines: one object on each line.",
                name=name,
            )
        )
    header = tuple(list(names)[:400])
    cells = [[one.get(key, "") for key in header] for one in sampled]
    return _Found(replace(base, format="jsonl", skip=0, has_header=False, header=header), cells)


def _table(place: Path, reading: Reading) -> _Found | None:
    """The headings and a sample of a table; None when no row has a filled cell."""
    sample = _sample(place, reading)
    headings = find_headings(sample)
    if not headings.names:
        return None
    problems: list[str] = []
    if headings.found and not headings.sure:
        problems.append(
            say("The first row is taken for headings; say so if it is a row like the rest.")
        )
    if headings.skip == 1:
        problems.append(say("The first row, above the headings, is left out."))
    elif headings.skip:
        problems.append(
            say("The first {rows} rows, above the headings, are left out.", rows=headings.skip)
        )
    header = unique_names(headings.names)
    above = headings.skip + headings.found
    cells = [
        (row.cells + [""] * len(header))[: len(header)]
        for row in sample
        if row.number > above and not row.reason and any(row.cells)
    ]
    if headings.found and not cells and not any(row.number > above for row in sample):
        problems.append(say("The file has headings and no rows below them."))
    return _Found(
        replace(reading, skip=headings.skip, has_header=headings.found, header=header),
        cells,
        problems,
    )


def _sample(place: Path, reading: Reading) -> list[Row]:
    sample: list[Row] = []
    length = 0
    for row in islice(rows(place, reading), _SAMPLE_ROWS):
        sample.append(row._replace(cells=[cell[:20_000] for cell in row.cells]))
        length += sum(map(len, sample[-1].cells))
        if length > _SAMPLE_CHARACTERS:
            break
    return sample


def _mean_columns(found: _Found, place: Path, name: str, now: datetime) -> None:
    header = found.reading.header
    looks = [look([row[p] for row in found.cells], now) for p in range(len(header))]
    own = is_reason(header[-1])
    known = header[:-1] if own else header
    columns = by_heading(known, looks)
    by_content(known, looks, columns, found.cells)
    _warn_of_lost_digits(found, known, looks, columns)
    if "text" not in columns:
        seen = ", ".join(f"“{one[:40]}”" for one in known[:12])
        if found.cells:
            raise Refused(
                say(
                    "“{name}” has no column with texts in it. The columns are {columns}.",
                    name=name,
                    columns=seen,
                )
            )
        raise Refused(
            say(
                "“{name}” has headings but no rows. The columns are {columns}.",
                name=name,
                columns=seen,
            )
        )
    if found.reading.delimiter == NO_DELIMITER:
        found.problems.append(say("Every line of the file is read as one text."))
    found.reading = replace(found.reading, columns=columns)


def _warn_of_lost_digits(
    found: _Found, header: Sequence[str], looks: Sequence[Look], columns: dict[str, str]
) -> None:
    for heading, seen in zip(header, looks, strict=False):
        if fold(heading) not in RANKS["native_id"] or not seen.lossy:
            continue
        if seen.lossy < 0.5 and columns.get("native_id") == heading:
            found.problems.append(
                say(
                    "Some ids in “{heading}” were stored as figures and lost their last digits; those "
                    "rows are rejected.",
                    heading=heading,
                )
            )
            continue
        if columns.get("native_id") == heading:
            del columns["native_id"]
        found.problems.append(
            say(
                "The ids in “{heading}” were stored as figures and lost their last digits, so they "
                "are not used: rows are told apart by text, date and author. Format the column as "
                "text and export again to keep the ids.",
                heading=heading,
            )
        )


def _settle_dates(found: _Found, place: Path, now: datetime, fallback: date) -> None:
    heading = found.reading.columns.get("said_at")
    if heading is None:
        found.reading = replace(found.reading, default_said_at=fallback)
        found.problems.append(
            say(
                "No column holds a date. Every row gets {day}; give another day if that is wrong.",
                day=f"{fallback:%Y-%m-%d}",
            )
        )
        return
    position = found.reading.header.index(heading)
    seen = votes((row[position] for row in found.cells), now)
    if seen.ambiguous and len(found.cells) >= _SAMPLE_ROWS // 2:
        seen = _all_votes(place, found.reading, position, now)
    if is_utc(heading):
        found.reading = replace(found.reading, timezone="UTC")
    order = seen.order or "iso"
    found.reading = replace(found.reading, date_order=order, date_mixed=seen.mixed)
    found.problems += doubts_about_dates(heading, seen, order)


def _all_votes(place: Path, reading: Reading, position: int, now: datetime) -> OrderVotes:
    """The votes of the whole column: a file sorted by date can hide its proof far below."""
    cells = (
        row.cells[position]
        for row in islice(body(place, reading), _SCAN_ROWS)
        if position < len(row.cells)
    )
    return votes(cells, now)


def _settle_network(found: _Found, name: str) -> None:
    words = {word for head in found.reading.header for word in fold(head).split()}
    network = "file"
    if "tweet" in words or "retweet" in words or "retweets" in words:
        network = "x"
    elif named := _network_in_name(name):
        network = named
    elif "rating" in found.reading.columns:
        network = "review"
    found.reading = replace(found.reading, default_network=network)


def _network_in_name(name: str) -> str:
    for word in re.split(r"[^A-Za-z0-9]+", Path(name).stem):
        if len(word) >= 3 and word.lower() not in ("file", "web") and network_of_name(word):
            return network_of_name(word)
    return ""
