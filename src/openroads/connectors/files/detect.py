"""How an unknown file should be read, found from its contents: a proposal that imports as it stands."""

import os
import re
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from itertools import islice
from pathlib import Path
from typing import Final

from openroads.connectors.dates import zone
from openroads.connectors.failures import Refused
from openroads.connectors.files.dialect import detect_dialect
from openroads.connectors.files.encoding import Encoding, detect_encoding, refuse_binary
from openroads.connectors.files.heading_row import find_headings
from openroads.connectors.files.headings import RANKS, fold
from openroads.connectors.files.jsonlines import flat, json_objects
from openroads.connectors.files.lines import TextLines
from openroads.connectors.files.meaning import SAMPLE_ROWS, Found, mean
from openroads.connectors.files.pages import with_preview
from openroads.connectors.files.reading import Reading, fingerprint, named, unique_names
from openroads.connectors.files.records import Row
from openroads.connectors.files.sources import first_byte, rows
from openroads.connectors.files.workbook import sheet_names
from openroads.connectors.files.writing import NOTHING_SAID, PARTS, Writing
from openroads.connectors.files.zeeschuimer import HEADER, is_capture
from openroads.connectors.sentences import say

_SAMPLE_CHARACTERS: Final = 20_000_000
_DIALECT_CHARACTERS: Final = 262_144


def detect(
    path: str | os.PathLike[str],
    *,
    name: str = "",
    now: datetime | None = None,
    timezone: str = "Europe/Amsterdam",
    fallback_date: date | None = None,
) -> Reading:
    """How to read a file that nobody looks at first: as `propose`, and Refused without a text."""
    reading = propose(path, name=name, now=now, timezone=timezone, fallback_date=fallback_date)
    if "text" not in reading.columns:
        raise Refused(
            say(
                "“{name}” has no column with texts in it. The columns are {columns}.",
                name=name or Path(path).name,
                columns=named(reading.header),
            )
        )
    return reading


def propose(
    path: str | os.PathLike[str],
    *,
    name: str = "",
    now: datetime | None = None,
    timezone: str = "Europe/Amsterdam",
    fallback_date: date | None = None,
    said: Writing = NOTHING_SAID,
) -> Reading:
    """How to read a file, with a preview of 50 rows and sentences on what a person should check.

    `name` is what the person called the file; its contents decide, not its extension. `timezone`
    is that of dates that name none. A file without dates gets `fallback_date` (the day the file
    was last changed when not given) for every row, and says so. What was `said` of how the file is
    written is law; the rest is found again around it. Where no column can be the text, the person
    must say which it is. Raises Refused, with a sentence, for files that hold no rows.
    """
    place = Path(path)
    name = name or place.name
    now = now or datetime.now(UTC)
    said.check()
    found = _opened(place, name, said)
    _refuse_unfit(said, found.reading)
    found.reading = replace(found.reading, timezone=timezone, by_hand=said)
    if found.reading.format != "zeeschuimer":
        mean(found, place, name, now, fallback_date or _changed_on(place, now, zone(timezone)))
    reading = replace(
        found.reading,
        fingerprint=fingerprint(found.reading.format, found.reading.header),
        problems=tuple(found.problems),
    )
    if said == NOTHING_SAID:
        reading = replace(reading, found=reading.writing, found_fingerprint=reading.fingerprint)
    return with_preview(place, reading, now=now)


def describe(path: str | os.PathLike[str], name: str = "") -> Reading:
    """The format, dialect and headings of a file, without asking what the columns mean.

    Raises Refused, with a sentence, for files that hold no table.
    """
    place = Path(path)
    return _opened(place, name or place.name).reading


def _opened(place: Path, name: str, said: Writing = NOTHING_SAID) -> Found:
    try:
        size = place.stat().st_size
        with place.open("rb") as file:
            head = file.read(8)
    except OSError:
        raise Refused(say("The file “{name}” cannot be opened.", name=name)) from None
    if size == 0:
        raise Refused(say("“{name}” is empty (0 bytes).", name=name))
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _workbook(place, name, said)
    refuse_binary(head, name)
    return _text_file(place, name, said)


def _refuse_unfit(said: Writing, reading: Reading) -> None:
    """Refused when something was said that this kind of file does not have, such as a sheet of CSV."""
    for name in said.said.keys() - reading.writing.said.keys():
        raise Refused(
            say(
                "A file of this kind ({format}) has no {what}.",
                format=reading.format,
                what=PARTS[name],
            )
        )


def _changed_on(place: Path, now: datetime, here: tzinfo) -> date:
    """The day by the clock of who reads it: before midnight UTC it is tomorrow already in Amsterdam."""
    changed = datetime.fromtimestamp(place.stat().st_mtime, UTC)
    return min(changed, now).astimezone(here).date()


def _workbook(place: Path, name: str, said: Writing) -> Found:
    best: Found | None = None
    best_known, filled = -1, 0
    sheets = sheet_names(place, name)
    if said.sheet is not None and said.sheet not in sheets:
        raise Refused(
            say(
                "“{name}” has no sheet “{sheet}”. Its sheets are {sheets}.",
                name=name,
                sheet=said.sheet,
                sheets=named(sheets),
            )
        )
    for sheet in sheets[:20] if said.sheet is None else [said.sheet]:
        reading = Reading(
            "xlsx", encoding="", delimiter="", quote="", sheet=sheet, sheets=tuple(sheets)
        )
        found = _table(place, reading, said.heading)
        if found is None:
            continue
        filled += 1
        known = sum(
            1 for head in found.reading.header for ranks in RANKS.values() if fold(head) in ranks
        )
        if known > best_known:
            best, best_known = found, known
    if best is None and said.sheet is not None:
        raise Refused(say("The sheet “{sheet}” is empty.", sheet=said.sheet))
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


def _text_file(place: Path, name: str, said: Writing) -> Found:
    encoding = Encoding(said.encoding) if said.encoding else detect_encoding(place, name)
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
    base = Reading("csv", encoding=encoding.name, sure_of_encoding=encoding.sure)
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
        dialect = detect_dialect(sample, said)
        reading = replace(
            base,
            format="tsv" if dialect.delimiter == "\t" else "csv",
            delimiter=dialect.delimiter,
            quote=dialect.quote,
            escape=dialect.escape,
            skip_space=dialect.skip_space,
        )
        table = _table(place, reading, said.heading)
        if table is None:
            raise Refused(say("“{name}” holds no rows.", name=name))
        found = table
    found.problems[:0] = encoding.problems
    if name.lower().endswith((".xlsx", ".xls", ".ods")):
        why = say("The file is called a workbook but holds plain text; it is read as such.")
        found.problems.append(why)
    return found


def _json_file(place: Path, name: str, base: Reading) -> Found:
    names: dict[str, None] = {}
    sampled: list[dict[str, str]] = []
    captures = others = length = 0
    with TextLines(place, base.encoding, first_byte(place, base.encoding)) as lines:
        for _, value, _, _ in islice(json_objects(lines), SAMPLE_ROWS):
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
        return Found(reading)
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
    return Found(replace(base, format="jsonl", skip=0, has_header=False, header=header), cells)


def _table(place: Path, reading: Reading, said: int | None) -> Found | None:
    """The headings and a sample of a table; None when no row has a filled cell. `said` is the row of
    the headings, where a person named one."""
    sample = _sample(place, reading)
    headings = find_headings(sample, said)
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
    return Found(
        replace(reading, skip=headings.skip, has_header=headings.found, header=header),
        cells,
        problems,
    )


def _sample(place: Path, reading: Reading) -> list[Row]:
    sample: list[Row] = []
    length = 0
    for row in islice(rows(place, reading), SAMPLE_ROWS):
        sample.append(row._replace(cells=[cell[:20_000] for cell in row.cells]))
        length += sum(map(len, sample[-1].cells))
        if length > _SAMPLE_CHARACTERS:
            break
    return sample
