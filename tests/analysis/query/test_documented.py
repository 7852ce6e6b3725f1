"""The page about the language says what the code does: its examples are read, its tables are whole."""

import re
from dataclasses import asdict, fields
from pathlib import Path

import pytest

from openroads.analysis.query.faults import LIMITS, Limits, Report
from openroads.analysis.query.fields import ALIASES, Fields
from openroads.analysis.query.known import Known
from openroads.analysis.query.parse import parse
from openroads.analysis.query.show import DUTCH
from openroads.analysis.query.syntax import HAS, KINDS, TONES
from openroads.analysis.query.terms import Terms

PAGE = (Path(__file__).parents[3] / "docs/reference/query-language.md").read_text("utf-8")
KNOWN = Known(brands={1: "Windmee"}, sources={3: "Forum of fans"}, networks={"bluesky": "Bluesky"})
REFUSED = {"NOT demo", "accu OR NOT demo", "has:image", "autor:noor", "raw:", "wor?d"}
NAMES = {
    name
    for line in PAGE.splitlines()
    if line.startswith("| `")
    for name in re.findall(r"`(\w+)`", line)
}


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def examples() -> list[str]:
    told = re.findall(r"`([^`]+)`", PAGE)
    return sorted({each for each in told if each not in REFUSED and each not in NAMES})


@pytest.mark.parametrize("text", examples())
def test_every_example_is_a_query(text: str) -> None:
    assert parse(text, KNOWN).faults == ()


@pytest.mark.parametrize("text", sorted(REFUSED - {"raw:", "wor?d"}))
def test_what_is_said_to_be_refused_is(text: str) -> None:
    assert parse(text, KNOWN).query is None


def test_both_languages_of_an_example_mean_the_same() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|", section("Operators"), re.MULTILINE)
    assert len(rows) == 6
    for english, dutch in rows:
        assert parse(english).query == parse(dutch).query != None  # noqa: E711


def test_every_field_and_value_is_in_the_table() -> None:
    table = section("Fields")
    limits = Limits()
    report = Report()
    known = Fields(report, Terms(report, limits), Known())
    for name in known._readers:
        assert f"`{name}`" in table, name
        assert name not in DUTCH.fields or f"`{DUTCH.fields[name]}`" in table, name
        assert name not in DUTCH.fields or ALIASES[DUTCH.fields[name]] == name
    for value in (*TONES, *KINDS, *HAS):
        assert f"`{value}`" in table, value


def test_every_limit_is_in_the_table() -> None:
    told = re.findall(r"\| ([\d,]+) \|$", section("Limits"), re.MULTILINE)
    values = [f"{value:,}" for value in asdict(LIMITS).values()]
    assert sorted(told) == sorted(values)
    assert len(told) == len(fields(Limits))
