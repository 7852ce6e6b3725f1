"""Rows of an XLSX workbook as text, after a check that opening it cannot fill the memory."""

import copy
import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

import python_calamine

from openroads.connectors.failures import Refused
from openroads.connectors.files.records import Row
from openroads.connectors.sentences import Sentence, say

MAX_UNPACKED: Final = 400_000_000
"""Bytes all parts of a workbook may take when unpacked."""
MAX_CELLS: Final = 16_000_000
"""Cells between the first and the last used one; the reader keeps them all in memory at once."""
MAX_RATIO: Final = 200
MAX_PARTS: Final = 2_000
_FREE: Final = 5_000_000
"""Unpacked bytes below which a ratio says nothing: small sheets of zeros pack very well."""
_CELL: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
_EXACT: Final = 2**53


def guard(path: Path, name: str) -> None:
    """Refused when the workbook is not a zip, is a bomb, or spans more cells than fit in memory.

    Sizes are measured by unpacking, not by what the file declares about itself.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_declared(parts, path, name)
            if not any(part.filename.startswith("xl/") for part in parts):
                raise Refused(_not_a_workbook(parts, name))
            real = 0
            for part in parts:
                real += _measure(archive, part, name, MAX_UNPACKED - real)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
        raise Refused(
            say(
                "“{name}” is damaged: it says it is a workbook, but it cannot be unpacked.",
                name=name,
            )
        ) from None
    except RuntimeError:  # zipfile's word for an encrypted part
        raise Refused(
            say("“{name}” is protected with a password. Save it without one.", name=name)
        ) from None


def _not_a_workbook(parts: list[zipfile.ZipInfo], name: str) -> Sentence:
    names = {part.filename for part in parts}
    if "content.xml" in names:
        return say("“{name}” is an OpenDocument file. Save it as .xlsx or .csv.", name=name)
    if any(one.startswith("word/") for one in names):
        return say("“{name}” is a Word document, not a table.", name=name)
    return say(
        "“{name}” is a zip archive, not a workbook. Unpack it and bring the files inside.",
        name=name,
    )


def _check_declared(parts: list[zipfile.ZipInfo], path: Path, name: str) -> None:
    declared = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or declared > MAX_UNPACKED:
        raise Refused(_too_large(name))
    packed = max(1, path.stat().st_size)
    if declared > _FREE and declared / packed > MAX_RATIO:
        raise Refused(
            say(
                "“{name}” unpacks to {times} times its size; it is not opened.",
                name=name,
                times=declared // packed,
            )
        )


def _too_large(name: str) -> Sentence:
    return say(
        "“{name}” is too large to open as a workbook (more than {size} MB unpacked). Save it as CSV: "
        "a CSV file may be of any size.",
        name=name,
        size=MAX_UNPACKED // 10**6,
    )


def _measure(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str, room: int) -> int:
    """Unpack one part to nowhere; its real size. Counts the cells of sheets on the way."""
    # TRICKY: zipfile stops at the declared size, other readers do not. A copy that declares more
    # makes it unpack to the real end.
    honest = copy.copy(part)
    honest.file_size = MAX_UNPACKED * 4
    is_sheet = part.filename.startswith("xl/worksheets/")
    size = rows = columns = 0
    tail = b""
    with archive.open(honest) as stream:
        while chunk := stream.read(1 << 20):
            size += len(chunk)
            if size > room:
                raise Refused(_too_large(name))
            if size > _FREE and size > MAX_RATIO * 4 * max(1, part.compress_size):
                raise Refused(
                    say("“{name}” unpacks to a multiple of its size; it is not opened.", name=name)
                )
            if is_sheet:
                for letters, digits in set(_CELL.findall(tail + chunk)):
                    rows = max(rows, int(digits))
                    columns = max(columns, _column(letters))
                if rows * columns > MAX_CELLS:
                    raise Refused(
                        say(
                            "A sheet of “{name}” spans {rows} rows by {columns} columns, which is "
                            "more than fits in memory. Save it as CSV.",
                            name=name,
                            rows=rows,
                            columns=columns,
                        )
                    )
                tail = chunk[-32:]
    return size


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def sheet_names(path: Path, name: str) -> list[str]:
    """The visible sheets with cells, in the workbook's order."""
    with _open(path, name) as book:
        return [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == python_calamine.SheetVisibleEnum.Visible
            and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]


@lru_cache(maxsize=32)
def _guarded(path: Path, changed: int, size: int, name: str) -> None:
    """`guard`, once for a file that has not changed: detecting opens a workbook several times."""
    guard(path, name)


def _open(path: Path, name: str) -> python_calamine.CalamineWorkbook:
    _guarded(path, path.stat().st_mtime_ns, path.stat().st_size, name)
    try:
        return python_calamine.CalamineWorkbook.from_path(path)
    except python_calamine.PasswordError:
        raise Refused(
            say("“{name}” is protected with a password. Save it without one.", name=name)
        ) from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise Refused(
            say("“{name}” cannot be opened as a workbook. Save it again as .xlsx.", name=name)
        ) from None


def sheet_rows(path: Path, sheet: str, name: str = "", after: int = 0) -> Iterator[Row]:
    """Every row of a sheet below row `after`, numbered as the spreadsheet numbers them.

    `after` of a row is its own number: the cursor of workbooks.
    """
    name = name or path.name
    with _open(path, name) as book:
        try:
            page = book.get_sheet_by_name(sheet)
        except (python_calamine.CalamineError, ValueError):
            raise Refused(
                say("“{name}” has no sheet “{sheet}” that can be read.", name=name, sheet=sheet)
            ) from None
        start = page.start[0] if page.start else 0
        for number, cells in enumerate(page.iter_rows(), start=start + 1):
            if number > after:
                yield Row(number, [cell_text(cell) for cell in cells], "", number)


def cell_text(cell: object) -> str:
    """A cell as it would stand in a CSV file.

    Whole figures lose ".0". A figure beyond 2**53 keeps its exponent ("5.67588e+17"): its last
    digits were lost when the cell became a figure, and showing them would be a lie.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        if not abs(cell) <= _EXACT:  # so that "not a number" lands here too
            return f"{float(cell):.16e}"
        return str(int(cell)) if cell == int(cell) else repr(cell)
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    return "" if cell is None else str(cell)
