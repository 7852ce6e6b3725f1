"""The rows of any file, whatever its format, from a place where reading stopped before."""

from collections.abc import Iterator
from pathlib import Path

from openroads.connectors.files.jsonlines import json_rows
from openroads.connectors.files.lines import TextLines
from openroads.connectors.files.reading import Reading
from openroads.connectors.files.records import Dialect, Row, records
from openroads.connectors.files.workbook import sheet_rows
from openroads.connectors.files.zeeschuimer import capture_rows

_BOM_LENGTH = {"utf-8": 3, "utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}


def first_byte(path: Path, encoding: str) -> int:
    """The number of bytes of the byte order mark at the start of a file."""
    length = _BOM_LENGTH.get(encoding, 0)
    with path.open("rb") as file:
        head = file.read(length)
    try:
        return length if head and head.decode(encoding) == "\ufeff" else 0
    except UnicodeDecodeError:
        return 0


def rows(path: Path, reading: Reading, number: int = 0, offset: int = 0) -> Iterator[Row]:
    """Every row behind row `number`, which ends at byte `offset`; 0, 0 starts at the top.

    Includes titles and the heading row of a table, so that numbers are those of a spreadsheet.
    """
    if reading.format == "xlsx":
        yield from sheet_rows(path, reading.sheet, after=number)
        return
    if number == 0:
        offset = first_byte(path, reading.encoding)
    with TextLines(path, reading.encoding, offset) as lines:
        if reading.format == "jsonl":
            yield from json_rows(lines, reading.header, number)
        elif reading.format == "zeeschuimer":
            yield from capture_rows(lines, number)
        else:
            dialect = Dialect(reading.delimiter, reading.quote, reading.escape, reading.skip_space)
            yield from records(lines, dialect, number)


def body(path: Path, reading: Reading, number: int = 0, offset: int = 0) -> Iterator[Row]:
    """The rows below the heading, blank ones included."""
    above = reading.skip + reading.has_header
    for row in rows(path, reading, number, offset):
        if row.number > above:
            yield row
