"""Posts as files: the columns, formulas that are none, who may, and that files go again."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from openroads.archive.queries.posts import Quote
from openroads.delivery.models import Notice
from openroads.directory.models import TrailEntry
from openroads.listening.culture.actions import exporting
from openroads.listening.culture.models import Export
from openroads.listening.culture.writing import (  # fmt: skip
    COLUMNS,
    Names,
    rows_of,
    write_csv,
    write_parquet,
    write_xlsx,
)
from tests.conftest import on_the_payroll
from tests.listening import corpus
from tests.listening.culture.conftest import PERIOD

HOSTILE = ["=1+1", "+31 6", "-2 graden", "@windmee", "\t=1", "\r=1", "'=1", "plain, “quoted”\nline"]


def post(place: int, text: str, author: int) -> Quote:
    at = datetime(2026, 6, 1, 10, place % 60, tzinfo=UTC)
    return Quote(
        2**64 - 1 - place, at, 3, "bluesky", "customer", author, "secret-handle", "Secret Name",
        "https://x.example/secret-handle/1", "", text, "nl", float("nan"), -128, "other", 3,
        None, 0, 2, None, None, "", "", "at://secret/1" if place % 2 else "", False, 0, [1], [], [],
    )  # fmt: skip


@pytest.fixture
def rows() -> list[list[Any]]:
    posts = [post(place, text, (5, 6, 0)[place % 3]) for place, text in enumerate(HOSTILE)]
    return list(rows_of(posts, Names({3: "=Bluesky"}, {1: "Windmee"}, {})))


def test_who_wrote_is_a_number_of_this_file_and_unknown_is_empty(rows: list[list[Any]]) -> None:
    told = dict(zip([name for name, _kind in COLUMNS], rows[0], strict=True))
    assert [row[4] for row in rows[:4]] == [1, 2, None, 1]
    assert (told["likes"], told["replies"], told["tone"], told["tone_value"]) == (None, 0, "", None)
    quotes = [name for name, _kind in COLUMNS].index("quotes")
    assert [row[quotes] for row in rows[:3]] == ["no", "yes", "no"]
    assert "secret" not in str(rows).lower()


def test_no_cell_of_a_csv_begins_a_formula(rows: list[list[Any]], tmp_path: Path) -> None:
    assert write_csv(tmp_path / "a.csv", rows) == len(HOSTILE)
    read = list(
        csv.reader(io.StringIO((tmp_path / "a.csv").read_bytes().decode("utf-8-sig"), newline=""))
    )
    assert read[0] == [name for name, _kind in COLUMNS]
    texts = [line[6] for line in read[1:]]
    assert texts[:7] == ["'=1+1", "'+31 6", "'-2 graden", "'@windmee", "'\t=1", "'\r=1", "''=1"]
    assert texts[7] == HOSTILE[7] and read[1][2] == "'=Bluesky"


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(
    rows: list[list[Any]], tmp_path: Path
) -> None:
    assert write_xlsx(tmp_path / "a.xlsx", rows) == len(HOSTILE)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    cells = [cell for line in sheet.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n", "d"}
    assert not any(cell.hyperlink for cell in cells)
    assert [sheet.cell(line + 2, 7).value for line in range(4)] == ["'=1+1", "'+31 6", "'-2 graden", "'@windmee"]  # fmt: skip
    assert sheet.cell(2, 1).value == str(2**64 - 1), "ids are texts: Excel keeps fifteen digits"
    assert sheet.cell(2, 2).value == datetime(2026, 6, 1, 10, 0)  # noqa: DTZ001 (Excel knows no zones)


def test_parquet_keeps_types_and_texts_as_they_are(rows: list[list[Any]], tmp_path: Path) -> None:
    assert write_parquet(tmp_path / "a.parquet", rows) == len(HOSTILE)
    table = pq.read_table(tmp_path / "a.parquet")
    assert table["text"].to_pylist() == HOSTILE
    assert str(table.schema.field("published_at").type) == "timestamp[ms, tz=UTC]"
    assert table["likes"].to_pylist() == [None] * len(HOSTILE)


@pytest.mark.django_db
def test_a_small_file_comes_at_once_and_the_trail_knows(sanne_here: Any, signed_in: Any) -> None:
    browser = signed_in(sanne_here)
    address = f"/listen/export/?brand=0&q=battery&{PERIOD}"
    assert "40 posts as a file" in browser.get(address).content.decode()
    answer = browser.post(address, {"format": "csv"}, follow=True)
    told = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert len(list(csv.reader(io.StringIO(told)))) == corpus.BATTERY + 1
    assert "battery0" not in told, "no handle leaves"
    entry = TrailEntry.objects.get(verb="exported posts")
    assert (entry.by, entry.facts["posts"], entry.facts["value"]) == (sanne_here, 40, "csv")


@pytest.mark.django_db(transaction=False)
def test_a_large_file_is_a_job_that_tells_and_holds_no_more_than_it_may(
    sanne_here: Any, signed_in: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 10)
    monkeypatch.setattr(exporting, "MOST", 30)
    browser = signed_in(sanne_here)
    address = f"/listen/export/?brand=0&q=battery&{PERIOD}"
    assert "at most 30 posts" in browser.get(address).content.decode()
    assert browser.post(address, {"format": "parquet"}).url == "/listen/export/"
    export = Export.objects.get()
    assert export.state == Export.State.WAITING
    exporting.write_export(export=export)
    export.refresh_from_db()
    assert (export.state, export.rows, export.is_left_out) == (Export.State.DONE, 30, 10)
    assert Notice.objects.filter(to=sanne_here, deed=f"export {export.pk} is ready").exists()
    assert "10 posts are not in it" in browser.get("/listen/export/").content.decode()


@pytest.mark.django_db
def test_who_may_not_takes_nothing_and_nobody_takes_a_colleagues(
    sanne_here: Any, signed_in: Any
) -> None:
    daan = on_the_payroll("Daan", "daan@windmee.example", "webcare_agent")
    noor = on_the_payroll("Noor", "noor@windmee.example", "conversation_manager")
    with pytest.raises(PermissionDenied):
        exporting.ask_export(by=daan, query=f"brand=0&{PERIOD}", form="csv", found=5)
    export = exporting.ask_export(by=sanne_here, query=f"brand=0&q=charger&{PERIOD}", form="csv", found=14)  # fmt: skip
    exporting.write_export(export=export)
    assert signed_in(noor).get(f"/listen/export/{export.pk}/file/").status_code == 404
    # Who lost the right while the job waited gets no file.
    late = exporting.ask_export(by=noor, query=f"brand=0&q=charger&{PERIOD}", form="csv", found=14)
    noor.grants.update(since="2026-01-01", until="2026-01-02")
    noor.__dict__.pop("_grants_of_today", None)
    assert exporting.write_export(export=late).state == Export.State.WAITING


@pytest.mark.django_db
def test_files_go_after_a_day_and_at_once_when_somebody_is_erased(sanne_here: Any) -> None:
    made = [
        exporting.write_export(
            export=exporting.ask_export(
                by=sanne_here, query=f"brand=0&q=charger&{PERIOD}", form=form, found=14
            )  # fmt: skip
        )
        for form in ("csv", "xlsx")
    ]
    paths = [Path(export.path) for export in made]
    assert all(path.exists() for path in paths)
    now = timezone.now()
    assert exporting.delete_old(now=now + timedelta(hours=23)) == 0
    Export.objects.filter(pk=made[0].pk).update(asked_at=now - timedelta(hours=25))
    assert exporting.delete_old(now=now) == 1 and not paths[0].exists()
    assert exporting.forget_exports() == 1 and not paths[1].exists()
    assert set(Export.objects.values_list("state", "path")) == {("gone", "")}
