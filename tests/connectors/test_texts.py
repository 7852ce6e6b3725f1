"""The brand's own texts from files, and passages about as long as a post."""

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.connectors import CONNECTORS, TEXT_SOURCES
from openroads.connectors.failures import Refused
from openroads.connectors.files.upload import Upload
from openroads.connectors.passages import cut_passages
from openroads.connectors.port import Can
from openroads.connectors.texts import read_texts

PARAGRAPH = "De Kade is een fiets voor de stad, met een accu die een hele week meegaat en remmen die pakken."


def test_a_folder_of_pages_and_documents(tmp_path: Path) -> None:
    (tmp_path / "diep").mkdir()
    (tmp_path / "a.html").write_text(
        f"<html lang=nl><head><title>Kade</title></head><body><p>{PARAGRAPH}</p></body></html>"
    )
    (tmp_path / "diep" / "onze-belofte.txt").write_bytes(
        "Geïnteresseerd? Wij bellen terug.".encode("cp1252")
    )
    (tmp_path / "z.md").write_text(
        f"---\nlayout: x\n---\n# De **Polder**\n\n- [Lees]( /x) {PARAGRAPH}\n"
    )
    (tmp_path / "leeg.txt").write_text("")
    (tmp_path / "foto.jpg").write_bytes(b"\xff\xd8\xff")
    texts, rejected = read_texts(tmp_path)
    assert [(text.url, text.title) for text in texts] == [
        ("a.html", "Kade"), ("diep/onze-belofte.txt", "onze belofte"), ("z.md", "De Polder"),
    ]  # fmt: skip
    assert texts[1].text == "Geïnteresseerd? Wij bellen terug."
    assert texts[2].text.splitlines()[0] == "De Polder" and f"Lees {PARAGRAPH}" in texts[2].text
    assert [(row.where, row.reason) for row in rejected] == [
        ("leeg.txt", "This file is empty (0 bytes).")
    ]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "geheim.txt"
    secret.write_text("Dit is niet van ons merk")
    folder = tmp_path / "teksten"
    folder.mkdir()
    (folder / "goed.txt").write_text("Dit is wel van ons merk")
    (folder / "link.txt").symlink_to(secret)
    texts, rejected = read_texts(folder)
    assert [text.url for text in texts] == ["goed.txt"]
    assert "outside the folder" in rejected[0].reason


def test_a_table_of_texts_with_the_days_they_held(tmp_path: Path) -> None:
    path = tmp_path / "teksten.csv"
    path.write_text(
        "url;titel;tekst;geldig vanaf;geldig tot\n"
        "https://windmee.example/kade;Kade;De accu gaat een week mee;13-01-2024;01-06-2024\n"
        "https://windmee.example/kade;Kade;De accu gaat vijf dagen mee;01-06-2024;\n"
        "javascript:x;Fout;Eindigt voor het begin;01-06-2024;01-01-2024\n"
        ";Leeg;;01-06-2024;\n"
    )
    texts, rejected = read_texts(path)
    assert [(text.valid_from, text.valid_to) for text in texts] == [
        (date(2024, 1, 13), date(2024, 6, 1)), (date(2024, 6, 1), None),
    ]  # fmt: skip
    assert [row.where for row in rejected] == ["row 4", "row 5"]
    assert "ends before it begins" in rejected[0].reason


def test_json_lines_of_texts(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text(
        '{"url": "https://windmee.example/a", "title": "A", "text": "Wij komen aan huis"}\n'
        '{"title": "B", "text": "Vijf jaar garantie", "valid_from": "2024-03-01"}\n'
    )
    texts, _rejected = read_texts(path, name="teksten.jsonl")
    assert [text.valid_from for text in texts] == [None, date(2024, 3, 1)]


def test_nothing_to_read_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no .html"):
        read_texts(tmp_path)
    with pytest.raises(Refused, match="not there"):
        read_texts(tmp_path / "weg.csv")
    (tmp_path / "a.csv").write_text("prijs,kleur\n1,rood\n2,blauw\n")
    with pytest.raises(Refused, match="“prijs”, “kleur”"):
        read_texts(tmp_path / "a.csv")
    (tmp_path / "a.txt").write_text("")
    with pytest.raises(Refused, match="empty"):
        read_texts(tmp_path / "a.txt", name="brief.txt")


def test_hostile_markdown_is_words_within_a_second(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    for hostile in (
        "[" * 400_000,
        "![](" * 100_000,
        "[a](" * 100_000,
        "# " * 200_000,
        "-" * 400_000,
    ):
        path.write_text("Begin hier. " + hostile)
        began = time.thread_time()
        read_texts(path)
        assert time.thread_time() - began < 1


@given(st.text(max_size=3_000), st.integers(5, 80))
def test_passages_lose_no_word_and_never_grow_too_long(text: str, words: int) -> None:
    passages = cut_passages(text, words)
    assert " ".join(passages).split() == text.split()
    assert all(0 < len(passage.split()) <= words for passage in passages)


def test_passages_follow_paragraphs_and_sentences() -> None:
    text = (
        "Onze belofte\n\n"
        + " ".join(["Wij staan voor u klaar, o.a. in Utrecht."] * 10)
        + "\n\n"
        + PARAGRAPH
    )
    passages = cut_passages(text)
    assert passages[0].startswith("Onze belofte Wij staan")
    assert all(passage.endswith(".") for passage in passages)
    assert passages[-1] == PARAGRAPH


def test_every_connector_is_listed_once_with_its_form() -> None:
    assert [one.kind for one in CONNECTORS] == [
        "file", "feed",
        "bluesky", "mastodon", "hackernews", "discourse", "lemmy", "stackexchange",
        "facebook", "instagram", "google", "trustpilot", "appstore", "mail",
        "youtube", "reddit", "linkedin", "x",
    ]  # fmt: skip
    assert [one.kind for one in TEXT_SOURCES] == ["site"]
    for one in (*CONNECTORS, *TEXT_SOURCES):
        assert one.label and one.fields and one.can & Can.READ


def test_a_file_is_a_connector_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,text,date\n1,Hallo daar iedereen,2025-02-16\n")
    (page,) = Upload(now=datetime(2026, 11, 1, tzinfo=UTC)).read(str(path))
    assert page.messages[0].native_id == "1"
