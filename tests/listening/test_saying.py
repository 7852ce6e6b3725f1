"""A Dutch reader reads Dutch: what connectors say, on pages, in files and on the command line."""

import csv
import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from openroads.connectors.failures import Refused
from openroads.connectors.http import Guarded
from openroads.connectors.port import Rejected
from openroads.connectors.sentences import say
from openroads.listening.actions import imports, sources
from openroads.listening.actions.reading import read_import
from openroads.listening.models import Import, Source
from openroads.listening.report import Question, write_report
from openroads.listening.saying import in_words, language_of, line_of, reason_column, translated

# Row 3 has no text; no date shows which part is the day.
POSTS = "id;tekst;datum\n1;De accu van mijn fiets is leeg;01/02/2024\n2;;03/02/2024\n"
HOSTILE = ["{0.__class__}", "{name.__class__.__mro__}", "{", "}", "{}", "%(name)s", "%d", "\\1", ""]


def upload(text: str = POSTS, name: str = "berichten.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def received(person: Any, text: str = POSTS) -> Import:
    return imports.receive_file(by=person, name="berichten.csv", content=[text.encode()])


def read(person: Any, text: str = POSTS) -> Import:
    item = imports.start_import(by=person, item=received(person, text))
    return read_import(item=item)


def speaking(person: Any, language: str) -> Any:
    person.language = language
    person.save(update_fields=["language"])
    return person


# ------------------------------------------------------------------------------------- sentences
def test_a_sentence_is_put_in_the_language_of_the_moment() -> None:
    sentence = say("“{name}” is empty (0 bytes).", name="mei.csv")
    with override("nl"):
        assert translated(sentence) == "“mei.csv” is leeg (0 bytes)."
    with override("en"):
        assert translated(sentence) == "“mei.csv” is empty (0 bytes)."


def test_a_sentence_inside_a_sentence_and_amounts_are_dutch_too() -> None:
    nested = say("{what} unpacks to more than {size} MB; it is not read.", what=say("The sitemap"), size=0.5)  # fmt: skip
    cell = say("A cell of this row is longer than {most} characters.", most=200_000)
    with override("nl"):
        assert (
            translated(nested) == "De sitemap is uitgepakt groter dan 0,5 MB en wordt niet gelezen."
        )
        assert translated(cell) == "Een cel van deze rij is langer dan 200.000 tekens."
    with override("en"):
        assert translated(nested) == nested and translated(cell) == cell


def test_plain_strings_are_looked_up_and_empty_ones_stay_empty() -> None:
    with override("nl"):
        assert translated("This row has no date.") == "Deze rij heeft geen datum."
        assert translated("Nobody translated this.") == "Nobody translated this."
        assert translated("") == ""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_full_of_braces_is_shown_as_it_is(name: str) -> None:
    sentence = say("The file “{name}” cannot be opened.", name=name)
    with override("nl"):
        assert translated(sentence) == f"Het bestand “{name}” is niet te openen."


def test_a_name_that_is_also_a_word_of_ours_is_not_translated() -> None:
    row = Rejected("Home", say("This file has no text."), "Home")
    with override("nl"):
        assert translated("Home") != "Home"  # it is a word of ours
        assert line_of(row) == "Home: Dit bestand heeft geen tekst."
        assert in_words(row).where == "Home"
        assert line_of(Rejected(say("row {number}", number="12345"), "", "")) == "rij 12345: "


def test_a_person_is_written_to_in_their_own_language_or_that_of_the_house(settings) -> None:
    settings.LANGUAGE_CODE = "nl"
    assert language_of(SimpleNamespace(language="en")) == "en"  # type: ignore[arg-type]
    assert language_of(SimpleNamespace(language="")) == "nl"  # type: ignore[arg-type]
    assert language_of(None) == "nl"


def test_the_column_of_reasons_has_a_name_that_reading_knows() -> None:
    with override("nl"):
        assert reason_column() == "reden van weigering"
    for other in ("en", "de"):
        with override(other):
            assert reason_column() == "reason"


# ----------------------------------------------------------------------------------------- pages
def test_a_file_that_cannot_be_read_is_refused_in_dutch(archive_here, sanne, signed_in) -> None:
    browser = signed_in(speaking(sanne, "nl"))
    page = browser.post(reverse("listening:imports"), {"file": upload("%PDF-1.7 x", "mei.csv")})
    assert page.status_code == 400
    assert "“mei.csv” is een pdf-document. Openroads leest CSV" in page.content.decode()


def test_the_preview_speaks_the_language_of_who_looks(archive_here, sanne, signed_in) -> None:
    item = received(speaking(sanne, "nl"))
    address = reverse("listening:import", args=(item.pk,))
    dutch = signed_in(sanne).get(address).content.decode()
    assert "Aan geen enkele datum in “datum” is te zien welk deel de dag is" in dutch
    assert "rij 3: Deze rij heeft geen tekst." in dutch
    english = signed_in(speaking(sanne, "en")).get(address).content.decode()
    assert "No date in “datum” shows which part is the day" in english
    assert "row 3: This row has no text." in english


def test_a_correction_that_cannot_be_is_refused_in_dutch(archive_here, sanne, signed_in) -> None:
    item = received(speaking(sanne, "nl"))
    form = {"column_text": "tekst", "column_said_at": "datum", "date_order": "dmy", "timezone": "Mars/Olympus",
            "default_network": "x"}  # fmt: skip
    page = signed_in(sanne).post(reverse("listening:import", args=(item.pk,)), form)
    assert "Er is geen tijdzone die “Mars/Olympus” heet." in page.content.decode()


def test_own_texts_that_cannot_be_read_are_told_in_dutch(archive_here, sanne, signed_in) -> None:
    from openroads.directory.company import Brand

    brand = Brand.objects.create(name="Windmee")
    browser = signed_in(speaking(sanne, "nl"))
    address = reverse("listening:add_texts")
    empty = browser.post(
        address, {"brand": brand.pk, "file": upload("prijs;kleur\n1;rood\n", "a.csv")}
    )
    assert "heeft geen kolom “tekst”" in empty.content.decode()
    table = "tekst;geldig vanaf\nWij maken fietsen voor de stad en de polder.;1-2-2024\n;1-2-2024\n"
    page = browser.post(address, {"brand": brand.pk, "file": upload(table, "a.csv")}, follow=True)
    assert "rij 3: Deze rij heeft geen tekst." in page.content.decode()


# ----------------------------------------------------------------------------------------- files
@pytest.mark.parametrize(
    ("language", "heading", "reason"),
    [
        ("nl", "reden van weigering", "rij 3: Deze rij heeft geen tekst."),
        ("en", "reason", "row 3: This row has no text."),
    ],
)
def test_rejected_rows_are_told_in_the_language_of_who_started(
    archive_here, sanne, language: str, heading: str, reason: str
) -> None:
    item = read(speaking(sanne, language))
    assert item.state == Import.State.DONE and item.rejected == 1
    rows = list(csv.reader(io.StringIO(Path(item.rejected_path).read_text("utf-8-sig"))))
    assert rows[0][-1] == heading and rows[1][-1] == reason


def test_who_chose_no_language_is_told_in_that_of_the_house(archive_here, sanne, settings) -> None:
    settings.LANGUAGE_CODE = "nl"
    item = read(speaking(sanne, ""))
    assert "rij 3: Deze rij heeft geen tekst." in Path(item.rejected_path).read_text("utf-8-sig")


def test_mended_dutch_rows_are_read_without_their_reasons(archive_here, sanne) -> None:
    item = read(speaking(sanne, "nl"))
    mended = Path(item.rejected_path).read_text("utf-8-sig").replace("2,,", "2,Nu met tekst,")
    again = read(sanne, mended)
    assert (again.added, again.rejected, again.source) == (1, 0, item.source)


def test_an_import_that_fails_says_why_in_dutch(archive_here, sanne) -> None:
    item = imports.start_import(by=sanne, item=received(speaking(sanne, "nl")))
    item.cursor = "nergens"
    assert read_import(item=item).error == (
        "De plek waar het lezen stopte, hoort niet bij dit bestand; begin opnieuw."
    )


# --------------------------------------------------------------------- sources and the command line
def test_a_deaf_source_says_why_in_the_language_of_the_house(archive_here, sanne, settings) -> None:
    settings.LANGUAGE_CODE = "nl"
    source = Source.objects.create(kind=Source.Kind.FEED, name="Feed", address="http://127.0.0.1/")
    with override("en"):
        sources.visit_source(by=sanne, source=source, client=Guarded())
    source.refresh_from_db()
    assert source.last_error.startswith("127.0.0.1 staat niet op het openbare internet.")


def test_a_dutch_report_is_refused_and_told_in_dutch(tmp_path: Path) -> None:
    posts = tmp_path / "posts.csv"
    asked = Question(says=(posts,), brand=(str(tmp_path),), language="nl")
    posts.write_bytes(b"")
    with pytest.raises(Refused, match=r"“posts.csv” is leeg"):
        write_report(asked, tmp_path / "archive", tmp_path / "out.html", say=lambda _line: None)
    posts.write_text(POSTS, "utf-8")
    (tmp_path / "wij.txt").write_text("Wij maken fietsen voor de stad en voor de polder.", "utf-8")
    (tmp_path / "leeg.txt").write_text("", "utf-8")
    made = write_report(asked, tmp_path / "other", tmp_path / "out.html", say=lambda _line: None)
    told = made.told
    assert any("posts.csv: Aan geen enkele datum in “datum”" in line for line in told)
    assert "leeg.txt: Dit bestand is leeg (0 bytes)." in told
    rejected = (tmp_path / "posts-geweigerd.csv").read_text("utf-8-sig")
    assert rejected.splitlines()[-1] == "2,,03/02/2024,rij 3: Deze rij heeft geen tekst."
