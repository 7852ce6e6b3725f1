"""Records of a delimited file one by one; a record that is not well formed never stops the rest."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from openroads.connectors.files.lines import RECORD_LIMIT, Runaway, TextLines
from openroads.connectors.sentences import Sentence, say

# TRICKY: this limit is one for the whole process. The module's own limits per line, record and
# cell are what keeps memory bounded; csv's default of 128 kB would end reading with an error.
csv.field_size_limit(RECORD_LIMIT + 1)

NO_DELIMITER: Final = "\x1f"
"""Stands for "every line is one cell"; no export uses this control character."""


class Row(NamedTuple):
    """One record: its number as a spreadsheet counts (from 1), its cells, why it cannot be read
    (empty when it can), and the byte behind it. `raw` is set where there are no cells."""

    number: int
    cells: list[str]
    reason: str
    after: int
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are set apart: delimiter, quote (may be empty), escape, blanks after delimiters."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    skip_space: bool = False

    def reader(self, lines: Iterator[str]) -> "Iterator[list[str]]":
        """A strict csv reader over lines."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote or None,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            escapechar=self.escape or None,
            doublequote=not self.escape,
            skipinitialspace=self.skip_space,
            strict=True,
        )


def records(lines: TextLines, dialect: Dialect, number: int = 0) -> Iterator[Row]:
    """Every record after `lines`' place, blank ones too (they count in a spreadsheet's numbering).

    A record that breaks the rules of quoting is handed over as its first line with a reason, and
    reading goes on at the next line. `number` is the number of the record before the first.
    """
    reader = dialect.reader(lines)
    while True:
        lines.begin()
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, Runaway) as error:
            reason = _reason(error, lines)
            raw = lines.first_line[:2_000]
            lines.rewind_to_second_line()
            reader = dialect.reader(lines)
            yield Row(number, _roughly(raw, dialect), reason, lines.offset, raw)
            continue
        if lines.broken:
            yield Row(number, _readable(cells), _BROKEN, lines.offset)
        else:
            yield Row(number, cells, "", lines.offset)


_BROKEN: Final[Sentence] = say("This row holds bytes that do not fit the encoding of the file.")


def _reason(error: Exception, lines: TextLines) -> Sentence:
    if lines.cut:
        return say("This row holds a cell that is too long to be a post.")
    if isinstance(error, Runaway) or "unexpected end" in str(error):
        return say("A quotation mark opens in this row and is never closed.")
    return say("The quotation marks in this row do not match.")


def _roughly(raw: str, dialect: Dialect) -> list[str]:
    """The cells of a malformed line as well as they can be told, for the file of rejected rows."""
    return _readable(raw.rstrip("\r\n").split(dialect.delimiter))


def _readable(cells: list[str]) -> list[str]:
    return [re.sub("[\udc80-\udcff]", "\ufffd", cell) for cell in cells]
