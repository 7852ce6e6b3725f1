"""A query in plain words, and everything that is said about queries ready for another language."""

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings

import openroads.analysis.query
from openroads.analysis.query.explain import explained
from openroads.analysis.query.known import Known
from openroads.analysis.query.parse import parse
from openroads.analysis.query.syntax import HAS, KINDS, TONES, Node
from openroads.analysis.sentences import Sentence, as_json, filled, from_json
from tests.analysis.query.trees import trees

ROOM = Path(openroads.analysis.query.__file__).parent
KNOWN = Known(brands={1: "Windmee"}, networks={"appstore": "App Store"})


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("accu", ["with the word “accu”"]),
        ("accu NOT demo*", ["with the word “accu”", "not: with a word of the form “demo*”"]),
        ("accu OR leeg", ["with one of the words “accu”, “leeg”"]),
        ('(accu leeg) OR "op is"', [
            "one of these: all of this: with the word “accu”; with the word “leeg”; "
            "with the words “op is” in this order, side by side"]),
        ("accu NEAR/3 (leeg OR op)", [
            "with the word “accu” and the word “leeg” or the word “op”, 3 words between at most"]),
        ("accu ONEAR/3 leeg", [
            "with the word “accu”, and behind it, 3 words between at most, the word “leeg”"]),
        ("brand:1 network:appstore views:>1000", [
            "about the brand Windmee", "on App Store", "views: more than 1000"]),
        ("date:2026-01 lang:unknown", [
            "posted from 2026-01-01 to 2026-01-31", "in a language that cannot be told"]),
        ("date:2026-01-05 rating:<=4.5", ["posted on 2026-01-05", "rating: at most 4.5"]),
        ("date:>2026-01-05 product:3", ["posted on 2026-01-06 or later", "about the product 3"]),
        ("date:<2026-01-05 @noor", ["posted on 2026-01-04 or earlier", "that mentions @noor"]),
    ],
)  # fmt: skip
def test_a_query_in_plain_words(text: str, lines: list[str]) -> None:
    query = parse(text, KNOWN).query
    assert query is not None
    assert [str(line) for line in explained(query, KNOWN)] == lines


def test_every_value_of_a_list_has_its_words() -> None:
    for name, values in (("tone", TONES), ("kind", KINDS), ("has", HAS)):
        said = set()
        for value in values:
            query = parse(f"{name}:{value}").query
            assert query is not None
            said.add(explained(query))
        assert len(said) == len(values)


@settings(max_examples=200, deadline=None)
@given(trees)
def test_every_query_can_be_said_and_kept(query: Node) -> None:
    for line in explained(query):
        assert isinstance(line, Sentence)
        again = from_json(as_json(line))
        assert (str(again), again.template, again.told) == (str(line), line.template, line.told)


def test_every_sentence_is_written_out_and_has_a_word_for_each_place() -> None:
    found = 0
    for path in sorted(ROOM.glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "say":
                (template,) = call.args
                assert isinstance(template, ast.Constant) and isinstance(template.value, str)
                told = {str(word.arg): f"<{word.arg}>" for word in call.keywords}
                text = filled(template.value, told)
                assert "{" not in text, f"{path.name}:{call.lineno} leaves a place open"
                assert all(word in text for word in told.values()), f"{path.name}:{call.lineno}"
                found += 1
    assert found > 90
