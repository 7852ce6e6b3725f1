"""How a file is written can be put right by hand, on the page and by the action, and is remembered."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from openroads.connectors.failures import Refused
from openroads.connectors.files import NOTHING_SAID, Reading, Writing
from openroads.delivery.runner import work_off
from openroads.listening.actions import imports
from openroads.listening.forms.reading import ReadingForm
from openroads.listening.models import Import, RememberedReading
from openroads.listening.whence import whence

CAFE = "id;tekst;datum\n1;Het café is dicht;13-02-2024\n2;Mooie reünie langs de rivier;14-02-2024\n"
LINES = "nummer|verhaal|wanneer\n1|De accu is leeg, alweer|13-02-2024\n2|Het zadel kraakt, au|14-02-2024\n"


def reading_of(item: Import) -> Reading:
    return Reading.from_json(Import.objects.get(pk=item.pk).reading)


def texts(item: Import) -> list[str]:
    return [row.read.get("text", "") for row in reading_of(item).preview]


def page_of(item: Import) -> str:
    return reverse("listening:import", args=(item.pk,))


def posted(item: Import, **other: Any) -> dict[str, Any]:
    """What a browser posts of the form as it is shown, with some fields told otherwise."""
    reading = reading_of(item)
    form = ReadingForm(reading=reading, whence=whence(reading), initial={"brand": item.brand})
    shown = {name: form[name].value() for name in form.fields} | other
    return {
        name: value
        for name, value in shown.items()
        if value not in (None, "") and value is not False
    }


def workbook(*sheets: tuple[str, list[tuple[str, ...]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    told = io.BytesIO()
    book.save(told)
    return told.getvalue()


def test_the_encoding_is_put_right_on_the_page_without_a_script(
    received: Any, sanne: Any, signed_in: Any
) -> None:
    item = received(CAFE.encode("mac_roman").replace(b"\n2", b"\n\x812", 1))
    browser, wrong = signed_in(sanne), texts(item)
    assert wrong[0] != "Het café is dicht" or reading_of(item).encoding == "mac_roman"
    item = received(CAFE.encode("cp1252"))
    page = browser.get(page_of(item))
    assert {"encoding", "delimiter", "quote", "heading"} <= set(page.context["form"].fields)
    answer = browser.post(page_of(item), posted(item, encoding="mac_roman"), follow=True)
    assert answer.redirect_chain[0][1] == 302
    assert "Het cafÈ is dicht" in answer.content.decode(), "the rows are drawn again"
    assert "Found: Windows, Western Europe (cp1252)" in answer.content.decode()
    browser.post(page_of(item), posted(item, encoding="cp1252"))
    assert reading_of(item).by_hand == NOTHING_SAID, "back to what the file shows, nothing is said"
    assert texts(item)[0] == "Het café is dicht"


def test_with_a_script_the_same_form_answers_in_one_go(
    received: Any, sanne: Any, signed_in: Any
) -> None:
    item = received(LINES)
    browser, ajax = signed_in(sanne), {"HX-Request": "true"}
    told = browser.post(page_of(item), posted(item, delimiter="comma"), headers=ajax, follow=True)
    assert told.status_code == 200 and 'id="shown"' in told.content.decode()
    assert reading_of(item).delimiter == ","
    wrong = browser.post(page_of(item), posted(item, heading="77"), headers=ajax)
    assert wrong.status_code == 200, "htmx shows no other answer"
    assert "Row 77 is empty" in wrong.content.decode()
    assert browser.post(page_of(item), posted(item, heading="77")).status_code == 400


def test_rows_nobody_has_seen_are_shown_before_they_are_read(
    received: Any, sanne: Any, signed_in: Any
) -> None:
    item = received(LINES)
    browser = signed_in(sanne)
    answer = browser.post(page_of(item), posted(item, heading="0", start="1"), follow=True)
    assert "read in another way now" in answer.content.decode()
    item.refresh_from_db()
    assert (item.state, len(texts(item))) == (Import.State.CHECKING, 3)
    browser.post(page_of(item), posted(item, start="1"))
    item.refresh_from_db()
    assert item.state == Import.State.WAITING


def test_a_button_pressed_while_the_rows_are_drawn_again_posts_the_page_from_before(
    received: Any, sanne: Any, signed_in: Any
) -> None:
    item = received(LINES)
    browser, before = signed_in(sanne), posted(item, seen=ReadingForm(reading=reading_of(item), whence=whence(reading_of(item))).seen)  # fmt: skip
    browser.post(page_of(item), before | {"heading": "0"}, headers={"HX-Request": "true"})
    answer = browser.post(page_of(item), before | {"heading": "0", "start": "1"}, follow=True)
    assert answer.status_code == 200, answer.context["form"].errors
    assert "read in another way now" in answer.content.decode()
    item.refresh_from_db()
    assert item.state == Import.State.CHECKING
    assert reading_of(item).columns["text"] == "column 2"


def test_a_page_of_a_file_that_somebody_started_meanwhile_is_fetched_anew(
    received: Any, sanne: Any, signed_in: Any
) -> None:
    item = received(LINES)
    told = posted(item, heading="0")
    imports.start_import(by=sanne, item=item)
    before = reading_of(item)
    answer = signed_in(sanne).post(page_of(item), told, headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"
    assert reading_of(item) == before


def test_a_script_of_a_page_that_was_left_undoes_nothing_said_since(
    received: Any, sanne: Any, signed_in: Any
) -> None:
    item = received(CAFE.encode("cp1252"))
    late = posted(item, encoding="mac_roman")
    browser = signed_in(sanne)
    browser.post(page_of(item), posted(item, heading="0"))
    said = reading_of(item)
    answer = browser.post(page_of(item), late, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "column 2" in answer.content.decode()
    assert reading_of(item) == said


def test_what_was_said_of_columns_stands_as_long_as_the_headings_do(
    received: Any, sanne: Any
) -> None:
    item = received(CAFE.encode("cp1252"))
    columns = {"text": "datum", "native_id": "id", "said_at": "datum"}
    item = imports.correct_reading(by=sanne, item=item, columns=columns, timezone="UTC")
    item = imports.correct_reading(by=sanne, item=item, writing=Writing(encoding="cp850"))
    assert (dict(reading_of(item).columns), reading_of(item).timezone) == (columns, "UTC")
    item = imports.correct_reading(by=sanne, item=item, writing=Writing(heading=0))
    assert reading_of(item).columns["text"] == "column 2", "other headings are looked at afresh"


def test_what_is_not_named_stays_the_brand_too(received: Any, windmee: Any, sanne: Any) -> None:
    item = received(LINES, brand=windmee)
    assert imports.correct_reading(by=sanne, item=item, timezone="UTC").brand == windmee
    assert imports.correct_reading(by=sanne, item=item, brand=None).brand is None


def test_a_way_of_writing_that_cannot_be_changes_nothing(received: Any, sanne: Any) -> None:
    item = received(LINES)
    before = reading_of(item)
    with pytest.raises(Refused, match="Row 40 is empty"):
        imports.correct_reading(by=sanne, item=item, writing=Writing(heading=40))
    assert reading_of(item) == before


def agreed(person: Any, item: Import, **writing: Any) -> Import:
    item = imports.correct_reading(by=person, item=item, writing=Writing(**writing))
    imports.start_import(by=person, item=item)
    work_off()
    return item


def test_a_correction_is_made_again_where_the_same_was_found(received: Any, sanne: Any) -> None:
    agreed(sanne, received(CAFE.encode("cp850")), encoding="cp850")
    later = received(CAFE.replace("dicht", "weer open").encode("cp850"))
    assert texts(later) == ["Het café is weer open", "Mooie reünie langs de rivier"]
    proven = reading_of(received(CAFE.encode("utf-8")))
    assert (proven.encoding, proven.by_hand) == ("utf-8", NOTHING_SAID), "this file shows its own"


def test_our_own_file_of_rejected_rows_is_read_as_we_wrote_it(received: Any, sanne: Any) -> None:
    first = received('id,tekst,datum\n1,"Zo, klaar",13-02-2024\n2,"Nee, toch",31-02-2024\n')
    item = agreed(sanne, first, quote="")
    item.refresh_from_db()
    assert item.rejected == 1, "the day of the second row does not exist"
    back = received(Path(item.rejected_path).read_bytes(), name="rejected.csv")
    assert (reading_of(back).quote, reading_of(back).by_hand) == ('"', NOTHING_SAID)


def test_other_headings_than_were_found_are_remembered_too(received: Any, sanne: Any) -> None:
    notes = "tekst;datum;id\n"  # a first row that looks like the headings and is not
    body = "verhaal;wanneer;nummer\nDe accu is leeg;13-02-2024;a1\n"
    first = received(notes + body)
    assert reading_of(first).heading == 1
    agreed(sanne, first, heading=2)
    later = received(notes + body + "Het zadel kraakt;14-02-2024;a2\n", name="later.csv")
    assert (reading_of(later).heading, texts(later)) == (2, ["De accu is leeg", "Het zadel kraakt"])
    assert reading_of(later).found.heading == 1


def test_another_sheet_is_remembered(received: Any, sanne: Any, signed_in: Any) -> None:
    overview = ("Overzicht", [("id", "tekst", "datum"), ("1", "Totaal van deze maand", "2024-02-13")])  # fmt: skip
    reviews = ("Reviews", [("code", "bericht"), ("x1", "Het zadel kraakt bij elke rit")])
    item = received(workbook(overview, reviews), name="posts.xlsx")
    assert reading_of(item).sheet == "Overzicht"
    browser = signed_in(sanne)
    browser.post(page_of(item), posted(item, sheet="Reviews"))
    assert texts(item) == ["Het zadel kraakt bij elke rit"]
    browser.post(page_of(item), posted(item, start="1"))
    more = ("Reviews", [*reviews[1], ("x2", "De bel doet het niet meer, jammer")])
    later = received(workbook(overview, more), name="posts.xlsx")
    assert (reading_of(later).sheet, len(texts(later))) == ("Reviews", 2)
    gone = reading_of(received(workbook(overview, ("Blad9", [("a", "b")])), name="posts.xlsx"))
    assert gone.sheet == "Overzicht", "the sheet of last time is not in this workbook"


def test_what_is_remembered_holds_no_post(received: Any, sanne: Any) -> None:
    agreed(sanne, received(LINES), heading=0)
    kept = [each.reading for each in RememberedReading.objects.all()]
    assert len(kept) == 2 and "accu" not in str(kept)


def test_a_table_without_texts_waits_for_a_person_to_choose(
    received: Any, sanne: Any, signed_in: Any
) -> None:
    survey = "nr,vraag 7,datum\n1,ja,2024-02-13\n2,nee,2024-02-13\n3,ja,2024-02-14\n"
    item, browser = received(survey), signed_in(sanne)
    page = browser.get(page_of(item)).content.decode()
    assert "No column seems to hold texts" in page and "1 · ja · 2024-02-13" in page
    refused = browser.post(page_of(item), posted(item, start="1"))
    assert refused.status_code == 400
    assert "Choose the column that holds the text." in refused.content.decode()
    browser.post(page_of(item), posted(item, column_text="vraag 7"))
    assert texts(item) == ["ja", "nee", "ja"]
    browser.post(page_of(item), posted(item, start="1"))
    later = reading_of(received(survey))
    assert later.columns["text"] == "vraag 7"
    assert not [each for each in later.problems if each.startswith("No column seems")]


def test_a_time_zone_nobody_knows_is_told_at_its_field(
    received: Any, sanne: Any, signed_in: Any
) -> None:
    item = received(LINES)
    answer = signed_in(sanne).post(page_of(item), posted(item, timezone="Amsterdam"))
    assert answer.status_code == 400
    assert answer.context["form"].errors["timezone"] == [
        "There is no time zone called “Amsterdam”."
    ]


def test_the_zone_of_times_without_one_moves_them(received: Any, sanne: Any) -> None:
    item = received("id,text,date\n1,De accu is leeg,2024-02-13 10:00\n")
    item = imports.correct_reading(by=sanne, item=item, timezone="America/New_York")
    assert reading_of(item).preview[0].read["said_at"] == "2024-02-13T15:00:00+00:00"


def test_a_file_that_went_missing_is_told_in_a_sentence(
    received: Any, sanne: Any, signed_in: Any
) -> None:
    item = received(LINES)
    Path(item.path).unlink()
    for told in (posted(item, timezone="UTC"), posted(item, heading="0")):
        answer = signed_in(sanne).post(page_of(item), told)
        assert answer.status_code == 400
        assert answer.context["form"].non_field_errors()


def test_an_upload_that_is_a_file_already_is_taken_over(
    windmee: Any, sanne: Any, tmp_path: Path
) -> None:
    place = tmp_path / "upload"
    place.write_text(LINES)
    item = imports.receive_file(by=sanne, name="posts.csv", content=place)
    assert not place.exists() and Path(item.path).read_text() == LINES
    assert item.size == len(LINES)
