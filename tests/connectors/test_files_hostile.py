"""Bad files: each gets a sentence or a rejected row, quickly, and never costs the rows around it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroads.archive.message import Message
from openroads.connectors.failures import Refused
from openroads.connectors.files import detect, read
from openroads.connectors.port import Rejected

NOW = datetime(2026, 11, 1, tzinfo=UTC)
HEAD = "id,text,date\n"


def told(path: Path) -> tuple[list[Message], list[Rejected]]:
    messages: list[Message] = []
    rejected: list[Rejected] = []
    for page in read(path, detect(path, now=NOW), now=NOW):
        messages += page.messages
        rejected += page.rejected
    return messages, rejected


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    began = time.thread_time()
    yield
    assert time.thread_time() - began < 4, "a hostile file may not hold anybody up"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("leeg.csv", b"", "is empty"),
        ("leeg.xlsx", b"", "is empty"),
        ("wit.csv", b"\n\n  \n", "only blank lines"),
        ("rapport.csv", b"%PDF-1.7 ...", "a PDF document"),
        ("foto.csv", b"\x89PNG\r\n\x1a\n....", "a picture"),
        ("oud.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "old or password-protected"),
        ("pak.csv", b"\x1f\x8b\x08....", "gzip"),
        ("x.xls", b"<html><table><tr><td>tekst</td></tr></table></html>", "web page or XML"),
        ("x.csv", b"<?xml version='1.0'?><a/>", "web page or XML"),
        ("x.csv", bytes(range(256)) * 50, "not a text file"),
        ("x.json", b'[{"text": "hallo daar"}]', "one JSON list"),
        ("x.json", b'{\n  "text": "hallo daar"\n}', "one object on each line"),
        ("kop.csv", b"id,text,date\n", "headings but no rows"),
        ("getallen.csv", b"a,b\n1,2\n3,4\n", "no column with texts"),
        ("x.zip", b"PK\x05\x06" + b"\0" * 18, "zip archive"),
        ("x.xlsx", b"PK\x03\x04 niet echt", "damaged"),
    ],
)
def test_what_holds_no_posts_is_refused_with_a_sentence(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused, match=sentence) as refused:
        detect(path, now=NOW)
    assert name in refused.value.why


def test_a_file_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be opened"):
        detect(tmp_path / "weg.csv", now=NOW)


def test_a_cell_of_ten_megabytes_is_rejected_and_its_neighbours_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    huge = "x y " * 2_500_000
    path.write_text(
        HEAD
        + f'1,Ervoor iets gezegd,2025-02-16\n2,"{huge}",2025-02-16\n3,Erna iets gezegd,2025-02-16\n'
    )
    messages, rejected = told(path)
    assert [m.native_id for m in messages] == ["1", "3"]
    assert [row.where for row in rejected] == ["row 3"]
    assert "longer than 200,000 characters" in rejected[0].reason
    assert isinstance(rejected[0].raw, dict) and len(rejected[0].raw["text"]) <= 32_000


def test_a_line_without_end_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w") as file:
        file.write(HEAD + "1,Ervoor iets gezegd,2025-02-16\n2,")
        for _ in range(20):
            file.write("x" * 1_000_000)
        file.write(",2025-02-16\n3,Erna iets gezegd,2025-02-16\n")
    messages, rejected = told(path)
    assert [m.native_id for m in messages] == ["1", "3"]
    assert "too long" in rejected[0].reason


def test_a_quote_that_never_closes_costs_one_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = "".join(f"{n},Bericht nummer {n},2025-02-16\n" for n in range(3_000))
    path.write_text(
        HEAD + rows + 'x,"open en nooit dicht,2025-02-16\n' + rows.replace(",Be", ",Nog be")
    )
    messages, rejected = told(path)
    assert len(messages) == 6_000
    assert [(row.where, row.reason) for row in rejected] == [
        ("row 3002", "A quotation mark opens in this row and is never closed.")
    ]


def test_quotes_that_do_not_match_cost_one_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = "".join(f'{n},"Bericht, nummer {n}",2025-02-16\n' for n in range(50))
    path.write_text(
        HEAD + rows + '50,"een "vreemd" citaat",2025-02-16\n51,"Goed, dus",2025-02-16\n'
    )
    messages, rejected = told(path)
    assert len(messages) == 51
    assert rejected[0].where == "row 52" and "do not match" in rejected[0].reason


def test_broken_bytes_cost_their_own_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    good = "".join(f"{n},Café nummer {n},2025-02-16\n" for n in range(200)).encode()
    path.write_bytes(
        HEAD.encode() + good + b"x,Caf\xe9 kapot,2025-02-16\n" + b"y,Prima zo hoor,2025-02-16\n"
    )
    reading = detect(path, now=NOW)
    assert reading.encoding == "utf-8" and "not valid UTF-8" in reading.problems[0]
    messages, rejected = told(path)
    assert len(messages) == 201
    assert "do not fit the encoding" in rejected[0].reason
    assert isinstance(rejected[0].raw, dict) and rejected[0].raw["text"] == "Caf\ufffd kapot"


def test_windows_letters_far_below_are_still_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    plain_rows = "".join(f"{n},Bericht nummer {n} hier,2025-02-16\n" for n in range(60_000))
    path.write_bytes(
        HEAD.encode() + plain_rows.encode() + "z,Geen zorg €5 café,2025-02-16\n".encode("cp1252")
    )
    reading = detect(path, now=NOW)
    assert reading.encoding == "cp1252"
    messages, _ = told(path)
    assert messages[-1].text == "Geen zorg €5 café"


def test_a_mac_file_keeps_its_accents(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    text = "Reünie in het café, één coëfficiënt, geïnteresseerd, façade, hè hè"
    rows = "".join(f'{n},"{text} {n}",2025-02-16\n' for n in range(30))
    path.write_bytes((HEAD + rows).encode("mac_roman"))
    assert told(path)[0][0].text == f"{text} 0"


def test_garbled_text_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    text = "Het cafÃ© was geÃ«erd met Ã©Ã©n prijs"
    path.write_text(HEAD + f"1,{text},2025-02-16\n")
    reading = detect(path, now=NOW)
    assert any("garbled" in problem for problem in reading.problems)
    assert told(path)[0][0].text == text


def test_nul_bytes_are_rejected(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(HEAD.encode() + b"1,Goed bericht,2025-02-16\n2,Ka\0pot,2025-02-16\n")
    messages, rejected = told(path)
    assert [m.native_id for m in messages] == ["1"] and "NUL" in rejected[0].reason


def test_too_many_cells_are_told_and_too_few_are_filled(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = "".join(f"{n},Bericht nummer {n},2025-02-16,nl\n" for n in range(9))
    path.write_text(
        "id,text,date,lang\n"
        + rows
        + "x,Een, komma te veel,2025-02-16,nl\ny,Zonder taal,2025-02-16\n,,,\n"
    )
    messages, rejected = told(path)
    assert [m.native_id for m in messages][-1] == "y" and len(messages) == 10
    assert "5 cells where the heading has 4" in rejected[0].reason


def test_markup_in_cells_is_words_and_formulas_stay_words(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    deep = "<div>" * 20_000
    path.write_text(
        HEAD + f'1,"<p>Hallo <script>alert(1)</script>daar</p>",2025-02-16\n'
        f'2,"{deep}diep gezonken",2025-02-16\n3,"=HYPERLINK(""http://evil.example"")",2025-02-16\n'
    )
    messages, _ = told(path)
    assert [m.text for m in messages] == [
        "Hallo daar", "diep gezonken", '=HYPERLINK("http://evil.example")',
    ]  # fmt: skip


def test_a_workbook_by_name_only_is_read_by_its_contents(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text(HEAD + "1,Toch gewoon tekst,2025-02-16\n")
    assert any("called a workbook" in problem for problem in detect(path, now=NOW).problems)
    assert len(told(path)[0]) == 1


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    content=st.binary(max_size=400)
    | st.text(max_size=300).map(lambda t: t.encode("utf-8", "replace"))
)
def test_any_bytes_are_messages_rejected_rows_or_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    try:
        told(path)
    except Refused as refused:
        assert refused.why.endswith((".", ")"))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(junk=st.text(alphabet="\"',;\n\r\t\\ab<é", max_size=60))
def test_junk_between_rows_never_costs_more_than_the_rows_it_touches(
    tmp_path: Path, junk: str
) -> None:
    rows = [f'"{n}","Bericht, nummer {n}","2025-02-16"\n' for n in range(40)]
    path = tmp_path / "a.csv"
    path.write_text(
        '"id","text","date"\n' + "".join(rows[:20]) + junk + "\n" + "".join(rows[20:]), newline=""
    )
    messages, _ = told(path)
    read_ids = {m.native_id for m in messages}
    lost = {str(n) for n in range(40)} - read_ids
    assert len(lost) <= 3, lost
