"""The file of rejected rows: mended in Excel and brought back, never run as a formula."""

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroads.analysis.cells import safe_cell
from openroads.connectors.files import RejectedFile, detect, read
from openroads.connectors.files.rows import unprefixed
from openroads.connectors.port import Rejected

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def write_rejected(path: Path, header: Sequence[str], rejected: Iterable[Rejected]) -> int:
    with RejectedFile(path, header) as file:
        for row in rejected:
            file.add(row)
        return file.rows


def test_rejected_rows_are_mended_and_imported_again(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text(
        "id;tekst;datum\n1;Goed bericht;16-02-2025\n2;=1+1 is een som, toch?;16-02-2031\n"
        "3;@windmee hoe zit dat;16-02-2032\n",
        encoding="utf-8",
    )
    first = detect(source, now=NOW)
    (page,) = read(source, first, now=NOW)
    back = tmp_path / "rejected.csv"
    assert write_rejected(back, first.header, page.rejected) == 2
    text = back.read_text(encoding="utf-8-sig")
    assert "'=1+1" in text and "'@windmee" in text and "row 3: The date" in text
    back.write_text(text.replace("2031", "2025").replace("2032", "2025"), encoding="utf-8-sig")
    second = detect(back, now=NOW)
    assert second.fingerprint == first.fingerprint
    assert "reason" not in second.columns.values()
    (page,) = read(back, second, now=NOW)
    assert page.rejected == []
    assert [(m.native_id, m.text) for m in page.messages] == [
        ("2", "=1+1 is een som, toch?"),
        ("3", "@windmee hoe zit dat"),
    ]


def test_rows_that_stay_wrong_come_back_with_one_reason_column(tmp_path: Path) -> None:
    back = tmp_path / "r.csv"
    row = {"id": "1", "text": "Nog steeds fout", "date": "2031-01-01"}
    write_rejected(back, ("id", "text", "date"), [Rejected("row 2", "Because.", row)])
    reading = detect(back, now=NOW)
    (page,) = read(back, reading, now=NOW)
    again = tmp_path / "r2.csv"
    write_rejected(again, reading.header, page.rejected)
    with again.open(encoding="utf-8-sig", newline="") as file:
        heading, only = list(csv.reader(file))
    assert heading == ["id", "text", "date", "reason"]
    assert only[:3] == ["1", "Nog steeds fout", "2031-01-01"]


@given(st.text(alphabet="'=+-@\t\ra1", max_size=8))
def test_the_mark_before_formulas_comes_off_exactly(cell: str) -> None:
    marked = safe_cell(cell)
    assert not marked.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unprefixed(marked) == cell


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=30), min_size=3, max_size=3))
def test_no_cell_of_the_file_is_a_formula(tmp_path: Path, cells: list[str]) -> None:
    path = tmp_path / "r.csv"
    row = Rejected("row 1", "Because.", dict(zip(("a", "b", "c"), cells, strict=True)))
    write_rejected(path, ("a", "b", "c"), [row])
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line in csv.reader(file):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in line)


def test_a_file_left_half_written_goes_on_where_it_was_durable(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    row = Rejected("row 2", "Because.", {"a": "één", "b": "x"})
    with RejectedFile(path, ("a", "b")) as file:
        file.add(row)
        size = file.durable()
        file.add(Rejected("row 3", "Written, but not yet promised.", {"a": "y", "b": "z"}))
    with RejectedFile(path, ("a", "b"), keep=size) as file:
        file.add(Rejected("row 4", "After.", {"a": "q", "b": "w", "column 3": "over"}))
    with path.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened))
    assert rows == [
        ["a", "b", "reason"],
        ["één", "x", "row 2: Because."],
        ["q", "w | over", "row 4: After."],
    ]


def test_raw_lines_are_kept_in_the_first_column(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    write_rejected(path, ("a", "b"), [Rejected("row 9", "No JSON.", "{kapot")])
    assert "{kapot,,row 9: No JSON." in path.read_text(encoding="utf-8-sig")
