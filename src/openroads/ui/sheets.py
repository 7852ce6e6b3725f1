"""Tables that leave as CSV: cells no spreadsheet takes for a formula, one line at a time."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from openroads.analysis.cells import safe_cell


def csv_lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Rows as lines of a CSV file; texts are made safe, figures stay figures."""
    line = io.StringIO()
    writer = csv.writer(line)
    yield "\ufeff"  # Excel takes a file without this mark for its own code page
    for row in rows:
        writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
