"""Where the heading row of a table is, if it has one, below the titles and notes exports begin with."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from openroads.connectors.dates import shape
from openroads.connectors.failures import Refused
from openroads.connectors.files.headings import KNOWN, RANKS, fold
from openroads.connectors.files.records import Row
from openroads.connectors.sentences import say

_LOOK_AT: Final = 30
_FIGURE = re.compile(r"[-+]?[\d.,:/\s%€$]+")
_SURE: Final = (
    frozenset(RANKS["text"]) | frozenset(RANKS["said_at"]) | frozenset(RANKS["native_id"])
)


@dataclass(frozen=True, slots=True)
class Headings:
    """The names of all columns, the records above them, and whether the file has such a row."""

    names: list[str]
    skip: int
    found: bool
    sure: bool


def find_headings(rows: Sequence[Row], said: int | None = None) -> Headings:
    """The headings of a table from its first records (blank ones included).

    `said` is the number of the row a person named, 0 for none. Refused when that row is empty.
    """
    full = [row for row in rows if any(cell.strip() for cell in row.cells)]
    widths = Counter(len(row.cells) for row in full if row.number > (said or 0))
    usual = widths.most_common(1)[0][0] if widths else 0
    if said == 0:
        return Headings([""] * usual, 0, False, True)
    if said is not None:
        row = next((row for row in full if row.number == said), None)
        if row is None:
            raise Refused(say("Row {row} is empty: it cannot hold the headings.", row=str(said)))
        return Headings(_as_wide(row, full, usual), said - 1, True, True)
    best, best_known = None, 0
    for row in full[:_LOOK_AT]:
        known = sum(1 for cell in row.cells if fold(cell) in KNOWN)
        if known > best_known and not any(map(_is_value, row.cells)):
            best, best_known = row, known
    if best is not None and (best_known >= 2 or _one_is_enough(best, usual)):
        return Headings(_as_wide(best, full, usual), best.number - 1, True, True)
    if full and _stands_out(full[0], full[1:200]):
        return Headings(_as_wide(full[0], full, usual), full[0].number - 1, True, False)
    return Headings([""] * usual, 0, False, False)


def _one_is_enough(row: Row, usual: int) -> bool:
    return len(row.cells) == usual and any(fold(cell) in _SURE for cell in row.cells)


def _is_value(cell: str) -> bool:
    """Whether a cell holds what no heading holds: a date, an address, a figure, a long text."""
    cell = cell.strip()
    if not cell:
        return False
    return (
        len(cell) > 80
        or bool(_FIGURE.fullmatch(cell))
        or cell.lower().startswith(("http://", "https://"))
        or shape(cell) is not None
    )


def _stands_out(first: Row, below: Sequence[Row]) -> bool:
    """Whether a first row without a heading we know is one all the same: short, distinct names
    over columns of figures, dates or long texts."""
    names = [cell.strip() for cell in first.cells]
    if len(below) < 2 or len(set(names)) != len(names) or not all(names):
        return False
    if any(_is_value(name) or len(name) > 40 or len(name.split()) > 5 for name in names):
        return False
    for place in range(len(names)):
        cells = [row.cells[place] for row in below if place < len(row.cells) and row.cells[place]]
        if cells and sum(map(_is_value, cells)) > 0.8 * len(cells):
            return True
    return False


def _as_wide(row: Row, full: Sequence[Row], usual: int) -> list[str]:
    """The names, as many as most rows have cells."""
    names = list(row.cells)
    while len(names) > usual and not names[-1].strip():
        names.pop()
    if usual == len(names) + 1 and _counts_rows([r for r in full if r.number > row.number]):
        return ["", *names]  # R writes row numbers without giving their column a heading
    return names + [""] * (usual - len(names))


def _counts_rows(rows: Sequence[Row]) -> bool:
    firsts = [row.cells[0].strip() for row in rows[:50]]
    return (
        len(firsts) > 1
        and all(cell.isdigit() for cell in firsts)
        and firsts
        == [str(number) for number in range(int(firsts[0]), int(firsts[0]) + len(firsts))]
    )
