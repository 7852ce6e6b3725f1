"""What a person says of how a file is written goes before what the file shows; the rest follows from it."""

from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from openroads.connectors.failures import Refused
from openroads.connectors.files import NOTHING_SAID, Reading, Writing, detect, propose, read
from openroads.connectors.files.writing import (
    DELIMITERS,
    ENCODINGS,
    delimiter_named,
    encoding_named,
    quote_named,
)

NOW = datetime(2026, 11, 1, tzinfo=UTC)
POSTS = "id;tekst;datum\n1;De accu, helaas, is leeg;13-02-2024\n2;Het zadel kraakt;14-02-2024\n"


def texts(path: Path, reading: Reading) -> list[str]:
    return [message.text for page in read(path, reading, now=NOW) for message in page.messages]


def file(folder: Path, text: str, encoding: str = "utf-8", name: str = "posts.csv") -> Path:
    (folder / name).write_bytes(text.encode(encoding))
    return folder / name


def said(path: Path, **what: object) -> Reading:
    return propose(path, now=NOW, said=Writing(**what))  # type: ignore[arg-type]


def test_every_encoding_that_can_be_chosen_gives_its_own_letters_and_goes_on_half_way(
    tmp_path: Path,
) -> None:
    letters = {"cp1250": "zażółć", "cp1251": "велосипед", "cp1253": "ποδήλατο", "cp1254": "ışık", "cp437": "café"}  # fmt: skip
    for codec, _words in ENCODINGS:
        word = letters.get(codec, "café")
        body = "id,text,date\n" + "".join(
            f"{n},{word} nummer {n},2024-02-13\n" for n in range(2_300)
        )
        path = file(tmp_path, body, codec, f"{codec}.csv")
        reading = said(path, encoding=codec)
        pages = list(read(path, reading, now=NOW))
        assert pages[0].messages[7].text == f"{word} nummer 7", codec
        rest = [m.native_id for page in read(path, reading, cursor=pages[0].cursor, now=NOW) for m in page.messages]  # fmt: skip
        assert rest == [str(n) for n in range(2_000, 2_300)], codec


def test_a_wrong_guess_of_the_code_page_is_put_right(tmp_path: Path) -> None:
    path = file(tmp_path, "id,text,date\n1,Mijn fiets is stuk ž,2024-02-13\n", "cp1250")
    found = propose(path, now=NOW)
    assert (found.encoding, found.sure_of_encoding) == ("cp1252", False)
    right = said(path, encoding="cp1250")
    assert texts(path, right) == ["Mijn fiets is stuk ž"]
    assert (right.problems, right.by_hand) == ((), Writing(encoding="cp1250"))


def test_bytes_that_do_not_fit_the_encoding_said_are_shown_as_rows_to_be_rejected(
    tmp_path: Path,
) -> None:
    path = file(tmp_path, "id,text,date\n1,Café,2024-02-13\n2,Prima zo,2024-02-13\n", "cp1252")
    shown = said(path, encoding="utf-8").preview
    assert [bool(row.reason) for row in shown] == [True, False]


@pytest.mark.parametrize(("name", "sign", "_words"), DELIMITERS)
def test_every_delimiter_can_be_said(tmp_path: Path, name: str, sign: str, _words: str) -> None:
    if name == "none":
        path = file(tmp_path, POSTS)
        assert texts(path, said(path, delimiter=sign, heading=1)) == POSTS.splitlines()[1:]
        return
    path = file(tmp_path, POSTS.replace(";", sign) if sign != "," else 'id,tekst,datum\n1,"De accu, helaas, is leeg",13-02-2024\n2,Het zadel kraakt,14-02-2024\n')  # fmt: skip
    reading = said(path, delimiter=delimiter_named(name))
    assert reading.header == ("id", "tekst", "datum")
    assert texts(path, reading) == ["De accu, helaas, is leeg", "Het zadel kraakt"]


def test_what_was_not_said_is_found_again_around_it(tmp_path: Path) -> None:
    path = file(tmp_path, "id§'tekst'§datum\n1§'De § accu is leeg'§13-02-2024\n")
    reading = said(path, delimiter="§")
    assert (reading.quote, reading.date_order, reading.columns["said_at"]) == ("'", "dmy", "datum")


def test_quotation_marks_can_be_said(tmp_path: Path) -> None:
    path = file(tmp_path, 'id,text,date\n1,"Zo, dat was het",2024-02-13\n2,Prima,2024-02-13\n')
    assert texts(path, said(path, quote='"'))[0] == "Zo, dat was het"
    assert said(path, quote="").preview[0].reason.startswith("This row has 4 cells")


def test_the_row_with_the_headings_can_be_said(tmp_path: Path) -> None:
    notes = "Export van 2024;;\nalleen intern;;\n"
    path = file(tmp_path, notes + "nr;verhaal van de klant;wanneer\n" + POSTS.split("\n", 1)[1])
    reading = said(path, heading=3)
    assert reading.header == ("nr", "verhaal van de klant", "wanneer")
    assert (reading.heading, len(texts(path, reading))) == (3, 2)
    none = said(file(tmp_path, POSTS.split("\n", 1)[1]), heading=0)
    assert none.header == ("column 1", "column 2", "column 3")
    assert (none.heading, len(none.preview)) == (0, 2)
    with pytest.raises(Refused, match="Row 900 is empty"):
        said(path, heading=900)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Blad1"  # type: ignore[union-attr]
    for name, rows in (("Blad1", [("id", "text", "date")] + [(f"a{n}", f"Rit nummer {n}", "2024-02-13") for n in range(5)]), ("Reviews", [("id", "bericht"), ("x1", "Het zadel kraakt bij elke rit")])):  # fmt: skip
        sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "posts.xlsx")
    return tmp_path / "posts.xlsx"


def test_the_sheet_can_be_said(workbook: Path) -> None:
    found = propose(workbook, now=NOW)
    assert (found.sheet, found.sheets) == ("Blad1", ("Blad1", "Reviews"))
    other = said(workbook, sheet="Reviews")
    assert texts(workbook, other) == ["Het zadel kraakt bij elke rit"]
    assert not any("sheets" in problem for problem in other.problems), "the person has chosen"
    with pytest.raises(Refused, match="Its sheets are “Blad1”, “Reviews”"):
        said(workbook, sheet="Blad9")


def test_what_a_kind_of_file_does_not_have_cannot_be_said_of_it(
    workbook: Path, tmp_path: Path
) -> None:
    lines = file(tmp_path, '{"text": "De accu is leeg", "date": "2024-02-13"}\n', name="a.jsonl")
    for path, what in (
        (workbook, {"delimiter": ";"}),
        (workbook, {"encoding": "utf-8"}),
        (lines, {"heading": 2}),
        (file(tmp_path, POSTS), {"sheet": "Blad1"}),
    ):
        with pytest.raises(Refused, match="A file of this kind"):
            said(path, **what)
    assert texts(lines, said(lines, encoding="cp1252")) == ["De accu is leeg"]


@pytest.mark.parametrize(
    "what",
    [{"encoding": "klingon"}, {"delimiter": "ab"}, {"delimiter": "e"}, {"quote": "|"}, {"heading": 99_999}],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_a_sentence(tmp_path: Path, what: dict[str, object]) -> None:
    with pytest.raises(Refused, match=r"\.$"):
        said(file(tmp_path, POSTS), **what)


def test_people_write_names_in_their_own_way() -> None:
    assert [encoding_named(name) for name in ("UTF8", "latin1", "Windows-1252", "MacRoman", "klingon")] == ["utf-8", "cp1252", "cp1252", "mac_roman", "klingon"]  # fmt: skip
    assert [delimiter_named(name) for name in ("Semicolon", ";", "\\t", "tab")] == [";", ";", "\t", "\t"]  # fmt: skip
    assert [quote_named(name) for name in ("single", '"', "none")] == ["'", '"', ""]


def test_a_table_without_a_column_of_texts_waits_for_a_person(tmp_path: Path) -> None:
    path = file(tmp_path, "nr,vraag 7\n1,ja\n2,nee\n3,ja\n")
    with pytest.raises(Refused, match="no column with texts.*“vraag 7”"):
        detect(path, now=NOW)
    reading = propose(path, now=NOW)
    assert "text" not in reading.columns
    assert reading.preview[0].cells == {"nr": "1", "vraag 7": "ja"}
    assert [problem for problem in reading.problems if problem.startswith("No column seems")]


def test_a_reading_keeps_what_was_said_and_found(tmp_path: Path) -> None:
    path = file(tmp_path, POSTS)
    found = propose(path, now=NOW)
    assert found.by_hand == NOTHING_SAID
    assert found.found == Writing(encoding="utf-8", delimiter=";", quote='"', heading=1)
    assert found.found_fingerprint == found.fingerprint
    again = said(path, delimiter=",", heading=0)
    assert Reading.from_json(again.as_json()) == again
