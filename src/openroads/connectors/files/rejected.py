"""Rejected rows as a CSV file that a person can mend in Excel and bring back."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from openroads.analysis.cells import safe_cell
from openroads.connectors.files.reading import REASON_COLUMNS, is_reason
from openroads.connectors.port import Rejected


class RejectedFile:
    """A CSV file (UTF-8 with a mark, so that Excel reads it) of rows that were not imported.

    It has the columns of the original and a last one, `reason` (one of REASON_COLUMNS), which
    reading leaves out: rows that are mended in it can be imported as they are. With `keep`, the number of bytes `durable`
    gave, a file that was left half written is cut back to there and written on.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        header: Sequence[str],
        *,
        keep: int = 0,
        reason: str = REASON_COLUMNS["en"],
    ) -> None:
        names = list(header)
        if names and is_reason(names[-1]):
            names.pop()
        self._names = names or ["line"]
        place = Path(path)
        if keep and place.exists():
            os.truncate(place, min(keep, place.stat().st_size))
        fresh = not keep or not place.exists()
        self._file = place.open(
            "w" if fresh else "a",
            encoding="utf-8-sig" if fresh else "utf-8",
            newline="",
            errors="replace",
        )
        self._writer = csv.writer(self._file)
        if fresh:
            self._writer.writerow([*(safe_cell(name) for name in self._names), reason])
        self.rows = 0

    def __enter__(self) -> "RejectedFile":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def add(self, row: Rejected) -> None:
        """Write one rejected row. Cells under headings the file does not have join the last one."""
        if isinstance(row.raw, str):
            cells = [row.raw] + [""] * (len(self._names) - 1)
        else:
            cells = [row.raw.get(name, "") for name in self._names]
            known = set(self._names)
            extra = [cell for name, cell in row.raw.items() if name not in known and cell]
            if extra:
                cells[-1] = " | ".join([cells[-1], *extra])
        reason = f"{row.where}: {row.reason}"
        self._writer.writerow(
            [safe_cell(cell.replace("\0", "\ufffd")) for cell in cells] + [reason]
        )
        self.rows += 1

    def durable(self) -> int:
        """Put what was added on the disk; the size of the file in bytes."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return os.fstat(self._file.fileno()).st_size

    def close(self) -> None:
        """Finish the file."""
        self._file.close()
