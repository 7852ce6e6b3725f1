"""Everything a connector says can be put in another language, and nothing told can spoil it."""

import ast
import copy
import json
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

import openroads.connectors
from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.files import Reading, RejectedFile, detect, read
from openroads.connectors.port import Rejected
from openroads.connectors.sentences import Sentence, as_json, filled, from_json, say

ROOM = Path(openroads.connectors.__file__).parent
# Per thing that carries a sentence, the places of the sentences among its arguments.
CARRIERS = {
    "Refused": (0,), "TryLater": (0,), "Unclear": (0,), "Unreadable": (0,), "Blocked": (0,),
    "UnknownShape": (0,), "Rejected": (1,), "PreviewRow": (3,), "_skip": (1,),
}  # fmt: skip
HOSTILE = [
    "{0.__class__}", "{name.__class__}", "{", "}", "{}", "{name", "{name!r:>99999999}", "%(name)s",
    "%s%n", "\\1\\g<0>", "{name}", "",
]  # fmt: skip


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROOM.rglob("*.py")):
        yield path.relative_to(ROOM).as_posix(), ast.parse(path.read_text("utf-8"))


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) == name:
            yield node


def _assigned(tree: ast.Module, name: str) -> ast.AST:
    return next(
        node for node in tree.body if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name
    )  # fmt: skip


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _texts(node: ast.AST) -> Iterator[str]:
    """The pieces of text in an expression, those given to say() or read from JSON left out."""
    if isinstance(node, ast.Call) and _name(node) in ("say", "from_json"):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from _texts(child)


def _docstrings(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


# ------------------------------------------------------------------- the sentences of the connectors
def test_every_reason_is_made_with_say() -> None:
    found = 0
    for file, tree in _modules():
        for carrier, places in CARRIERS.items():
            for call in _calls(tree, carrier):
                for place in places:
                    if place < len(call.args):
                        found += 1
                        bare = list(_texts(call.args[place]))
                        assert not bare, f"{file}:{call.lineno} {carrier} says {bare}"
    assert found > 100


def test_no_sentence_stands_anywhere_outside_say() -> None:
    """Whatever begins with a capital or a quotation mark and ends like a sentence is one; what a
    language model is asked is for no person."""
    for file, tree in _modules():
        passed_over = {id(node) for node in _docstrings(tree)}
        if file == "language_model.py":
            passed_over |= {id(node) for node in ast.walk(_assigned(tree, "ASKED"))}
        for call in (*_calls(tree, "say"), *_calls(tree, "Field")):
            passed_over |= {id(node) for node in ast.walk(call)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
                looks_so = " " in text and text.rstrip().endswith(".") and (
                    text[0].isupper() or text[0] in "“{"
                )  # fmt: skip
                assert id(node) in passed_over or not looks_so, f"{file}:{node.lineno} {text}"


def test_every_template_is_written_out_and_has_a_word_for_each_place() -> None:
    found = 0
    for file, tree in _modules():
        if file == "sentences.py":
            continue
        for call in _calls(tree, "say"):
            found += 1
            (template,) = call.args
            where = f"{file}:{call.lineno}"
            assert isinstance(template, ast.Constant) and isinstance(template.value, str), where
            given = {str(word.arg): f"<{word.arg}>" for word in call.keywords}
            text = filled(template.value, given)
            assert "{" not in text and "}" not in text, f"{where} leaves a place open: {text}"
            assert all(word in text for word in given.values()), f"{where} tells more than it says"
            assert template.value.format(**given) == text, where
    assert found > 120


def test_an_error_passes_its_sentence_on_and_not_its_text() -> None:
    """str() of an error is English for good: reasons travel by `why`."""
    for file, tree in _modules():
        caught = {
            node.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ExceptHandler)
            and node.name
            and ast.unparse(node.type or ast.Constant(None)).strip("()").split(", ")[0]
            in {"Refused", "TryLater", "Unclear", "Unreadable", "Blocked", "UnknownShape"}
        }
        for call in _calls(tree, "str"):
            assert ast.unparse(call.args[0]) not in caught, f"{file}:{call.lineno}"


# ---------------------------------------------------------------------------------- what a sentence is
def test_a_sentence_is_its_english_text_and_remembers_how_it_was_made() -> None:
    told = say("“{name}” has {rows} rows.", name="a.csv", rows=1_234_567)
    assert told == "“a.csv” has 1,234,567 rows." and told.endswith("rows.")
    assert told.template == "“{name}” has {rows} rows."
    assert told.told == {"name": "a.csv", "rows": 1_234_567}
    assert str(say("{n} MB", n=0.5)) == "0.5 MB" and str(say("{n} MB", n=2.0)) == "2 MB"


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda s: pickle.loads(pickle.dumps(s))]
)
def test_a_sentence_survives_copies_and_the_way_to_another_process(again) -> None:
    inner = say("{what} is empty.", what=say("The feed"))
    whole = again(inner)
    assert whole == "The feed is empty." and whole.template == inner.template
    assert isinstance(whole.told["what"], Sentence) and whole.told["what"].template == "The feed"


def test_errors_carry_their_sentence_to_another_process() -> None:
    late = pickle.loads(pickle.dumps(TryLater(say("{host} rests.", host="b.example"), 7.0)))
    assert late.after == 7.0 and late.why.told == {"host": "b.example"}
    refused = pickle.loads(pickle.dumps(Refused(say("{host} says no.", host="b.example"))))
    assert refused.why.template == "{host} says no." and str(refused) == "b.example says no."


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_told_is_never_read_as_a_template(name: str) -> None:
    told = say("“{name}” and {other}.", name=name, other=say("a file called {name}", name=name))
    assert told == f"“{name}” and a file called {name}."
    assert from_json(json.loads(json.dumps(as_json(told)))) == told


def test_a_place_nobody_fills_stays_as_it_is() -> None:
    assert filled("{name.__class__} {0} {missing} {name}", {"name": "x"}) == (
        "{name.__class__} {0} {missing} x"
    )


# ------------------------------------------------------------------------------------------ in JSON
def test_a_sentence_goes_to_json_and_back_with_what_is_inside_it() -> None:
    told = say("{what} has {n} parts, {share} read.", what=say("The page"), n=3, share=0.5)
    again = from_json(json.loads(json.dumps(as_json(told))))
    assert isinstance(again, Sentence) and again == told and again.template == told.template
    assert isinstance(again.told["what"], Sentence) and again.told["n"] == 3


def test_plain_strings_and_old_readings_are_still_accepted() -> None:
    assert as_json("plain") == "plain" and from_json("plain") == "plain"
    assert from_json({"text": "No template."}) == "No template."
    assert from_json({"text": "x", "template": "{a}", "told": None}) == "x"
    old = {"format": "csv", "problems": ["A problem."],
           "preview": [{"where": "row 2", "cells": {}, "read": {}, "reason": "No text."}]}  # fmt: skip
    reading = Reading.from_json(old)
    assert reading.problems == ("A problem.",) and reading.preview[0].reason == "No text."


def test_a_reading_keeps_its_templates_in_json(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,text,date\n1,Dit is een bericht,01/02/2024\n2,,2024-02-30\n", "utf-8")
    found = detect(path)
    again = Reading.from_json(json.loads(json.dumps(found.as_json())))
    assert again == found and again.problems
    for before, after in zip(found.problems, again.problems, strict=True):
        assert isinstance(before, Sentence) and isinstance(after, Sentence)
        assert (after.template, after.told) == (before.template, before.told)
    row = again.preview[1]
    assert isinstance(row.reason, Sentence) and isinstance(row.where, Sentence)
    assert row.where.template == "row {number}" and row.where.told == {"number": "3"}


# -------------------------------------------------------------------------- the file of rejected rows
def test_a_file_of_rejected_rows_in_dutch_is_read_without_its_reasons(tmp_path: Path) -> None:
    original = tmp_path / "a.csv"
    original.write_text(
        "id;tekst;datum\n1;Goed bericht hier;2024-03-01\n2;Later;gisteren\n", "utf-8"
    )
    reading = detect(original)
    rejected = [row for page in read(original, reading) for row in page.rejected]
    path = tmp_path / "rejected.csv"
    with RejectedFile(path, reading.header, reason="reden van weigering") as file:
        for row in rejected:
            file.add(Rejected("rij 3", "“gisteren” is geen datum.", row.raw))
    lines = path.read_text("utf-8-sig").splitlines()
    assert lines == [
        "id,tekst,datum,reden van weigering", "2,Later,gisteren,rij 3: “gisteren” is geen datum.",
    ]  # fmt: skip
    path.write_text(path.read_text("utf-8-sig").replace("2,Later,gisteren", "2,Later,2024-03-02"))
    mended = detect(path)
    assert mended.is_rejected_file and mended.fingerprint == reading.fingerprint
    assert [m.native_id for page in read(path, mended) for m in page.messages] == ["2"]


def test_a_column_called_reden_is_a_column_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,datum,reden\n1,2024-03-01,De accu is snel leeg en dat valt tegen\n" * 2)
    reading = detect(path)
    assert not reading.is_rejected_file and reading.columns["text"] == "reden"
