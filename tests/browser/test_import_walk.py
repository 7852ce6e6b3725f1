"""The walk of an import: upload, look, correct, watch, fetch what was rejected; also without a script."""

import csv
import io
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.pages import LISTENER, too_wide, violations

ROWS = 4_200
"""More than two batches, so that there is something to watch."""
BAD = 2


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    """A Dutch spreadsheet export no other test has: semicolons, day first, a column nobody can guess."""
    place, mark = tmp_path / f"berichten {uuid.uuid4().hex[:6]}.csv", uuid.uuid4().hex[:6]
    with place.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["bericht id", "datum", f"zegger {mark}", "bericht"])
        for row in range(ROWS):
            said = f"De accu van mijn fiets is café-kapot, rit {row} van {mark} viel tegen"
            writer.writerow([900_000_000_000_000_000 + row, f"{13 + row % 15}-10-2024 12:{row % 60:02}", f"fietser{row % 700}", said])  # fmt: skip
        writer.writerow(["1", "31-02-2024 10:00", "x", "Deze dag bestaat niet"])
        writer.writerow(["2", "13-10-2024 10:00", "y", ""])
    return place


def outcome(page: Any) -> dict[str, int]:
    """What the page says came of it."""
    rows = page.locator("dl.outcome > div").all()
    return {row.locator("dt").inner_text(): int(row.locator("dd").inner_text().replace(",", "")) for row in rows}  # fmt: skip


def upload(page: Any, file: Path) -> None:
    page.goto("/listen/imports/")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Look at this file").click()
    page.wait_for_url("**/listen/imports/*/")


def corrected(page: Any) -> None:
    """The preview as found, then with the author's column put right."""
    assert page.locator("table.preview tbody tr").count() == 50
    first = page.locator("table.preview tbody tr").first
    assert "café-kapot" in first.inner_text(), "the code page is found"
    assert "900000000000000000" in first.inner_text(), "an id of 18 digits stays whole"
    assert "13 October" in first.inner_text(), "the day comes first"
    assert "fietser0" not in first.inner_text()
    columns = page.locator("details.how-columns")
    if columns.get_attribute("open") is None:
        columns.locator("summary").click()
    choice = page.locator("select[name=column_author]")
    choice.select_option(index=3)
    page.get_by_role("button", name="Show again with my corrections").click()
    assert "fietser0" in page.locator("table.preview tbody tr").first.inner_text()


def test_the_rows_are_drawn_again_as_soon_as_the_writing_is_put_right(
    enter: Any, posts: Path
) -> None:
    page = enter(LISTENER).page
    upload(page, posts)
    page.evaluate("window.sameDocument = true")
    first = page.locator("table.preview tbody tr").first
    encoding = page.locator("select[name=encoding]")
    encoding.focus()
    encoding.select_option("mac_roman")
    page.get_by_text("cafÈ-kapot").first.wait_for()
    assert page.evaluate("window.sameDocument && document.activeElement.name") == "encoding"
    assert page.get_by_text("Found: Windows, Western Europe (cp1252)").is_visible()
    heading = page.locator("input[name=heading]")
    heading.fill("0")
    heading.blur()
    page.get_by_role("option", name="column 4").first.wait_for(state="attached")
    page.get_by_text("“datum” is not a date").wait_for()
    zone = page.locator("input[name=timezone]")
    zone.fill("Amsterdam")
    zone.blur()
    page.get_by_text("There is no time zone called “Amsterdam”.").wait_for()
    assert violations(page) == []
    zone.fill("Europe/Amsterdam")
    zone.blur()
    page.get_by_text("There is no time zone called “Amsterdam”.").wait_for(state="detached")
    heading.fill("1")
    heading.blur()
    page.get_by_role("option", name="bericht id").first.wait_for(state="attached")
    encoding.select_option("cp1252")
    first.get_by_text("café-kapot").wait_for()
    page.get_by_role("button", name="Leave this file").click()


def rejected_rows(page: Any, folder: Path) -> Iterator[list[str]]:
    with page.expect_download() as got:
        page.get_by_role("link", name="Download the rejected rows").click()
    got.value.save_as(folder / "rejected.csv")
    return csv.reader(io.StringIO((folder / "rejected.csv").read_text(encoding="utf-8-sig")))


def test_a_file_is_looked_at_corrected_imported_and_adds_nothing_twice(
    enter: Any, posts: Path, tmp_path: Path
) -> None:
    page = enter(LISTENER).page
    upload(page, posts)
    faults = violations(page)
    corrected(page)
    page.get_by_role("button", name="Import this file").click()
    page.evaluate("window.sameDocument = true")
    page.locator("dl.outcome").wait_for(timeout=90_000)
    assert page.evaluate("window.sameDocument"), "the page followed the import by itself"
    assert outcome(page) == {"New": ROWS, "Already here": 0, "Changed": 0, "Rejected": BAD}
    assert "4,200 new posts" in page.locator("main h1").inner_text()
    faults += violations(page)

    page.set_viewport_size({"width": 320, "height": 800})
    faults += violations(page) + too_wide(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    head, *rows = rejected_rows(page, tmp_path)
    assert head[-1] == "reason"
    assert [row[3] for row in rows] == ["Deze dag bestaat niet", ""]
    assert all(row[-1].startswith("row ") for row in rows), rows

    upload(page, posts)
    assert "fietser0" in page.locator("table.preview tbody tr").first.inner_text(), (
        "it is remembered"
    )
    page.get_by_role("button", name="Import this file").click()
    page.locator("dl.outcome").wait_for(timeout=90_000)
    assert outcome(page) == {"New": 0, "Already here": ROWS, "Changed": 0, "Rejected": BAD}
    page.get_by_role("link", name="See the brand gap").click()
    page.wait_for_url("**/listen/gap/**")
    assert faults == []


def test_the_same_walk_goes_without_a_script(enter: Any, posts: Path, tmp_path: Path) -> None:
    page = enter(LISTENER, script=False).page
    upload(page, posts)
    corrected(page)
    page.get_by_role("button", name="Import this file").click()
    for _look in range(120):
        if page.locator("dl.outcome").count():
            break
        page.get_by_role("link", name="See how far it is now").click()
        page.wait_for_timeout(500)
    assert outcome(page) == {"New": ROWS, "Already here": 0, "Changed": 0, "Rejected": BAD}
    assert len(list(rejected_rows(page, tmp_path))) == 1 + BAD


def test_the_keyboard_alone_brings_a_file_in(enter: Any, tmp_path: Path) -> None:
    place = tmp_path / "few.csv"
    mark = uuid.uuid4().hex
    place.write_text(f"text,date,id\nThe battery is flat {mark},2024-10-01,{mark}1\nThe saddle creaks {mark},2024-10-02,{mark}2\n")  # fmt: skip
    visitor = enter(LISTENER)
    page, keys = visitor.page, visitor.page.keyboard
    keys.press("Control+K")
    page.locator("dialog[open]").wait_for()
    keys.type("import")
    keys.press("Enter")
    page.wait_for_url("**/listen/imports/")
    visitor.tab_to("input file File")
    # The dialog that Enter opens is the system's own and no part of the page; the field has focus.
    page.locator("input[type=file]").set_input_files(place)
    visitor.tab_to("Look at this file")
    keys.press("Enter")
    page.wait_for_url("**/listen/imports/*/")
    visitor.tab_to("Import this file")
    keys.press("Enter")
    page.locator("dl.outcome").wait_for(timeout=60_000)
    assert outcome(page)["New"] == 2
    visitor.tab_to("See the brand gap")


def test_a_file_that_cannot_be_read_says_why_at_the_field(enter: Any, tmp_path: Path) -> None:
    visitor = enter(LISTENER)
    visitor.expected.add(400)
    page = visitor.page
    place = tmp_path / "empty.xlsx"
    place.write_bytes(b"")
    page.goto("/listen/imports/")
    page.get_by_label("File", exact=True).set_input_files(place)
    page.get_by_role("button", name="Look at this file").click()
    told = page.locator(".errorlist").inner_text()
    assert told.endswith(".") and "Traceback" not in told
    assert page.get_by_label("File", exact=True).get_attribute("aria-invalid") == "true"
    assert violations(page) == []
