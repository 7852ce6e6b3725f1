"""`openroads gap`: two small files in, one report out, in both languages, on screen and on paper."""

import csv
import functools
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import html5lib
import pytest

from tests.cli.houses import openroads
from tests.listening import corpus

TOLD = {
    "en": (f"{corpus.POSTS} posts by {corpus.PEOPLE} people", "riders talk about", "The gap", "How it is counted"),
    "nl": (f"{corpus.POSTS} berichten van {corpus.PEOPLE} mensen", "rijders praten over", "De kloof", "geteld"),
}  # fmt: skip
BAD = 'bad1,never,lia,"No day, at all",en,False\n'


@pytest.fixture(scope="module")
def heaps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("heaps")
    (folder / "says.csv").write_text(corpus.posts_csv() + BAD, encoding="utf-8")
    (folder / "ours.csv").write_text(corpus.texts_csv(), encoding="utf-8")
    return folder


@functools.cache
def report(
    heaps: Path, language: str, suffix: str
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    out = heaps / f"report-{language}{suffix}"
    customers = {"en": "riders", "nl": "rijders"}[language]
    made = openroads(
        "gap", "--says", heaps / "says.csv", "--brand", heaps / "ours.csv", "--name", "Windmee",
        "--customers", customers, "--product", "Kade: Windmee Kade", "--own", "@windmee",
        "--language", language, "--out", out,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return out, made


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_report_holds_finding_lists_and_people(heaps: Path, language: str) -> None:
    out, made = report(heaps, language, ".html")
    html = out.read_text(encoding="utf-8")
    page = html5lib.parse(html, namespaceHTMLElements=False)
    text = " ".join("".join(page.itertext()).split())
    for words in TOLD[language]:
        assert words in text, words
    assert page.attrib["lang"] == language
    (heading,) = page.iter("h1")
    assert "premium" in (told := "".join(heading.itertext())) and "battery" in told, told
    listed = {"".join(each.itertext()).strip() for each in page.iter("th")}
    assert {"battery", "saddle", "premium", "design", "Kade"} <= listed
    assert "charger" not in text, "said by fewer than five people"
    assert len(list(page.iter("blockquote"))) == 2

    rejected = heaps / {"en": "says-rejected.csv", "nl": "says-geweigerd.csv"}[language]
    assert rejected.name in made.stderr, "the file of rejected rows is named"
    with rejected.open(encoding="utf-8-sig", newline="") as file:
        head, row = csv.reader(file)
    assert head[-1] == {"en": "reason", "nl": "reden van weigering"}[language]
    assert row[3] == "No day, at all" and row[-1].endswith(".")


def test_the_report_stands_alone_and_runs_nothing(heaps: Path) -> None:
    out, _made = report(heaps, "en", ".html")
    page = html5lib.parse(out.read_text(encoding="utf-8"), namespaceHTMLElements=False)
    for element in page.iter():
        if isinstance(element.tag, str):
            assert element.tag not in ("script", "iframe", "link", "img"), element.tag
            for name, value in element.attrib.items():
                assert not str(name).startswith("on"), name
                assert name != "src" and not (element.tag == "a" and value.startswith("?")), value
    styles = "".join(style.text or "" for style in page.iter("style"))
    assert not re.search(r"url\(\s*['\"]?https?:|@import", styles)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_report_on_paper_says_the_same(heaps: Path, language: str) -> None:
    out, _made = report(heaps, language, ".pdf")
    assert out.read_bytes().startswith(b"%PDF-")
    if shutil.which("pdftotext") is None:
        if os.environ.get("OPENROADS_TEST_EVERYTHING"):
            pytest.fail("pdftotext is missing: install poppler-utils")
        pytest.skip("pdftotext is missing: install poppler-utils")
    text = subprocess.run(["pdftotext", str(out), "-"], capture_output=True, text=True, check=True).stdout  # fmt: skip
    plain = " ".join(text.split())
    for words in (TOLD[language][0], TOLD[language][1], "battery", "saddle", "premium"):
        assert words in plain, words
    assert "charger" not in plain


def test_a_heap_too_small_for_a_gap_says_so_in_the_report(tmp_path: Path) -> None:
    (tmp_path / "says.csv").write_text("id,date,text\n1,2026-06-01,The battery is flat\n")
    (tmp_path / "ours.txt").write_text("Windmee gives you the freedom of the open road.\n")
    out = tmp_path / "small.html"
    made = openroads("gap", "--says", tmp_path / "says.csv", "--brand", tmp_path / "ours.txt", "--out", out)  # fmt: skip
    assert made.returncode == 1, "a report without a gap is no success"
    assert "Too few posts to speak of a gap: found 1 of 30 posts." in made.stderr
    html = out.read_text(encoding="utf-8")
    assert "Too few posts to speak of a gap" in html
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "ours.txt",
        "says.csv",
        "small.html",
    ]


def test_only_the_days_asked_for_count(heaps: Path) -> None:
    out = heaps / "week.html"
    words: tuple[Any, ...] = ("--since", "2026-06-01", "--until", "2026-06-14", "--out", out)
    made = openroads("gap", "--says", heaps / "says.csv", "--brand", heaps / "ours.csv", "--own", "windmee", *words)  # fmt: skip
    assert made.returncode == 0, made.stderr
    counted = re.search(r"(\d+) posts by", out.read_text(encoding="utf-8"))
    assert counted and 0 < int(counted[1]) < corpus.POSTS


def test_no_file_that_stands_there_is_written_over_or_removed(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("id,date,text\n1,2026-06-01,The battery is flat\n2,never,x\n")
    mended = "id,date,text,reason\n3,2026-06-02,The saddle creaks,row 2: no day\n"
    (tmp_path / "p-rejected.csv").write_text(mended)
    (tmp_path / "ours.txt").write_text("Windmee gives you the freedom of the open road.\n")
    made = openroads(
        "gap", "--says", tmp_path / "p.csv", "--says", tmp_path / "p-rejected.csv",
        "--brand", tmp_path / "ours.txt", "--out", tmp_path / "r.html", "--language", "en",
    )  # fmt: skip
    assert (tmp_path / "p-rejected.csv").read_text() == mended, made.stderr
    assert "p-rejected-2.csv" in made.stderr
    assert "never" in (tmp_path / "p-rejected-2.csv").read_text("utf-8-sig")
    assert not (tmp_path / "p-rejected-rejected.csv").exists()


def test_a_heading_that_looks_like_markup_and_two_companies_in_a_heap_are_told(
    tmp_path: Path,
) -> None:
    """Two companies answer in it: without --own both are told, with it only ours is ours."""
    rows = "".join(
        f"{n},01-02-2026,{['ann', 'sprintcare', 'delta'][n % 3]},{n % 3 == 0},Rit {n} was mooi\n"
        for n in range(9)
    )
    (tmp_path / "says.csv").write_text(f"id,date [/b],author_id,inbound,text\n{rows}")
    (tmp_path / "ours.txt").write_text("Windmee gives you the freedom of the open road.\n")
    words = ("gap", "--says", tmp_path / "says.csv", "--brand", tmp_path / "ours.txt")
    made = openroads(*words, "--out", tmp_path / "all.html")
    assert made.returncode == 1 and "Traceback" not in made.stderr
    assert "[/b]" in made.stderr
    assert "says.csv marks 2 accounts as the company: delta, sprintcare." in made.stderr
    assert "found 3 of 30 posts." in made.stderr
    made = openroads(*words, "--own", "sprintcare", "--out", tmp_path / "ours.html")
    assert "accounts" not in made.stderr
    assert "found 6 of 30 posts." in made.stderr
