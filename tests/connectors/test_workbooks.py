"""Workbooks: real cells come through exactly, lost digits are told, bombs are never opened."""

import io
import time
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from openroads.connectors.failures import Refused
from openroads.connectors.files import detect, read

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def workbook(path: Path, rows: list[list[Any]], **more: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for title, others in more.items():
        extra = book.create_sheet(title)
        for row in others:
            extra.append(row)
    book.save(path)
    return path


def test_long_ids_kept_as_text_survive_and_dates_are_dates(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["tweet_id", "text", "created_at", "likes", "rating"],
            [
                "567588278875213824",
                "De accu is leeg, alweer",
                datetime(2025, 2, 16, 10, 0),
                12,
                4.5,
            ],
            ["567588278875213825", "Top fiets gekocht hoor", date(2025, 2, 17), 3.0, 5],
        ],
    )
    reading = detect(path, now=NOW)
    assert (reading.format, reading.problems) == ("xlsx", ())
    (page,) = read(path, reading, now=NOW)
    assert page.rejected == []
    assert [m.native_id for m in page.messages] == ["567588278875213824", "567588278875213825"]
    assert page.messages[0].said_at == datetime(2025, 2, 16, 9, 0, tzinfo=UTC)
    assert page.messages[1].said_at.date() == date(2025, 2, 17)
    assert [m.likes for m in page.messages] == [12, 3]
    assert [m.rating for m in page.messages] == [4.5, 5.0]


def test_ids_that_became_figures_are_never_used_in_silence(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["id", "text", "date"]]
    rows += [[567588278875213824 + n, f"Bericht nummer {n}", "2025-02-16"] for n in range(10)]
    path = workbook(tmp_path / "a.xlsx", rows)
    reading = detect(path, now=NOW)
    assert "native_id" not in reading.columns
    assert any("lost their last digits" in problem for problem in reading.problems)
    (page,) = read(path, reading, now=NOW)
    assert len({m.native_id for m in page.messages}) == 10
    from dataclasses import replace

    forced = replace(reading, columns={**reading.columns, "native_id": "id"})
    (page,) = read(path, forced, now=NOW)
    assert page.messages == [] and "lost its last digits" in page.rejected[0].reason


def test_small_figures_as_ids_are_exact(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [["id", "text", "date"], [9007199254740991, "Net nog precies", "2025-02-16"]],
    )
    (page,) = read(path, detect(path, now=NOW), now=NOW)
    assert page.messages[0].native_id == "9007199254740991"


def test_excel_day_numbers_are_dates(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["datum", "bericht"]]
    rows += [[45704.5 + n, f"Bericht nummer {n}"] for n in range(5)]
    path = workbook(tmp_path / "a.xlsx", rows)
    reading = detect(path, now=NOW)
    assert reading.date_order == "excel"
    (page,) = read(path, reading, now=NOW)
    assert page.messages[0].said_at.date() == date(2025, 2, 16)


def test_the_sheet_with_the_posts_is_chosen_and_titles_above_are_left_out(tmp_path: Path) -> None:
    posts: list[list[Any]] = [
        ["Export Windmee"], [], ["Datum", "Auteur", "Bericht"],
        ["16-02-2025", "marloes", "De accu is leeg"], ["17-02-2025", "ida", "Top fiets"],
    ]  # fmt: skip
    path = workbook(tmp_path / "a.xlsx", [["Toelichting"], ["Gemaakt door Ada"]], Berichten=posts)
    reading = detect(path, now=NOW)
    assert reading.sheet == "Berichten"
    assert any("2 sheets" in problem for problem in reading.problems)
    (page,) = read(path, reading, now=NOW)
    assert [m.author for m in page.messages] == ["marloes", "ida"]
    assert reading.preview[0].where == "row 4"


def test_workbooks_resume_by_row(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["id", "text", "date"]]
    rows += [[f"p{n}", f"Bericht nummer {n}", "2025-02-16"] for n in range(2_500)]
    path = workbook(tmp_path / "a.xlsx", rows)
    reading = detect(path, now=NOW)
    first, second = read(path, reading, now=NOW)
    (again,) = read(path, reading, cursor=first.cursor, now=NOW)
    assert [m.native_id for m in again.messages] == [m.native_id for m in second.messages]
    assert len(first.messages) + len(second.messages) == 2_500


def empty_workbook() -> dict[str, bytes]:
    held = io.BytesIO()
    openpyxl.Workbook().save(held)
    with zipfile.ZipFile(held) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def test_a_zip_bomb_is_not_opened(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.xlsx", {**empty_workbook(), "xl/media/a.bin": b"\0" * 60_000_000})
    began = time.thread_time()
    with pytest.raises(Refused, match="times its size"):
        detect(path, now=NOW)
    assert time.thread_time() - began < 1


def test_a_zip_bomb_that_lies_about_its_size_is_not_opened(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.xlsx", {**empty_workbook(), "xl/media/a.bin": b"\0" * 60_000_000})
    content = path.read_bytes()
    true_size, small = (60_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")
    assert content.count(true_size) >= 1
    path.write_bytes(content.replace(true_size, small))
    began = time.thread_time()
    with pytest.raises(Refused, match="multiple of its size|damaged"):
        detect(path, now=NOW)
    assert time.thread_time() - began < 1


def test_two_cells_that_span_a_universe_are_not_opened(tmp_path: Path) -> None:
    sheet = (
        f'<worksheet {NS}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>b</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    path = packed(tmp_path / "a.xlsx", {**empty_workbook(), SHEET: sheet.encode()})
    with pytest.raises(Refused, match="more than fits in memory"):
        detect(path, now=NOW)


def test_other_zips_and_broken_workbooks_are_sentences(tmp_path: Path) -> None:
    for parts, sentence in (
        ({"content.xml": b"<a/>"}, "OpenDocument"),
        ({"word/document.xml": b"<a/>"}, "Word document"),
        ({"foto.jpg": b"x"}, "zip archive"),
        ({"xl/workbook.xml": b"<kapot"}, "cannot be opened|no sheet"),
        (empty_workbook(), "no sheet with rows"),
    ):
        with pytest.raises(Refused, match=sentence):
            detect(packed(tmp_path / "a.xlsx", parts), now=NOW)


def test_entities_in_a_sheet_are_not_followed(tmp_path: Path) -> None:
    sheet = (
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "&a;&a;">]>'
        f'<worksheet {NS}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>text</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>hallo &b; daar</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    path = packed(tmp_path / "a.xlsx", {**empty_workbook(), SHEET: sheet.encode()})
    try:
        pages = list(read(path, detect(path, now=NOW), now=NOW))
    except Refused:
        return
    assert "root:" not in str(pages)
