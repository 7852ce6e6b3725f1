"""What the analyser makes of a text changes only together with its version, however fast it becomes."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from openroads.analysis.pipeline import ANALYSER, Analyser, Analysis, Name

KEPT = Path(__file__).with_name("outcomes.jsonl")
"""Posts of the demo company and odd ones, with what version 1 said of them when it was new. Made by
the straightforward code, one text and one token at a time, that came before the present one.
"""
HEAD, *POSTS = map(json.loads, KEPT.read_text(encoding="utf-8").splitlines())


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser(names=[Name(**name) for name in HEAD["names"]])


def told(found: Analysis, row: int) -> dict[str, Any]:
    """One text in the words of the file."""
    terms = slice(found.term_offsets[row], found.term_offsets[row + 1])
    tone = float(found.tone[row])
    return {
        "language": found.language[row],
        "belief": round(float(found.language_p[row]), 4),
        "tone": None if np.isnan(tone) else round(tone, 5),
        "mood": int(found.mood[row]),
        "kind": found.kind[row],
        "words": int(found.words[row]),
        "terms": list(zip(found.term_keys[terms], found.term_shown[terms], strict=True)),
        "hashtags": found.hashtags[row],
        "mentions": found.mentions[row],
        "emoji": found.emoji[row],
        "brands": found.brands[row],
        "products": found.products[row],
        "same_key": int(found.same_key[row]),
        "bands": found.bands[row].tolist()[:2],
    }


def kept(post: dict[str, Any]) -> dict[str, Any]:
    """The same from the file."""
    said = {name: value for name, value in post.items() if name not in ("text", "hint")}
    return said | {"terms": list(post["terms"].items())}


def test_the_kept_outcomes_are_of_this_version() -> None:
    assert HEAD["analyser"] == ANALYSER, "outcomes changed with the version: keep the new ones"
    assert len(POSTS) > 100


def test_every_outcome_is_what_this_version_said_when_it_was_new(analyser: Analyser) -> None:
    found = analyser.analyse([post["text"] for post in POSTS], [post["hint"] for post in POSTS])
    for row, post in enumerate(POSTS):
        assert told(found, row) == kept(post), post["text"]


def test_texts_one_by_one_say_the_same(analyser: Analyser) -> None:
    for post in POSTS[::3]:
        found = analyser.analyse([post["text"]], [post["hint"]])
        assert told(found, 0) == kept(post), post["text"]


def test_starting_afresh_changes_no_outcome(
    analyser: Analyser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openroads.analysis.tokenbook.MOST", 50)
    monkeypatch.setattr("openroads.analysis.termfinder.MOST_LANGUAGES", 1)
    for start in range(0, len(POSTS), 10):
        some = POSTS[start : start + 10]
        found = analyser.analyse([post["text"] for post in some], [post["hint"] for post in some])
        assert [told(found, row) for row in range(len(some))] == list(map(kept, some))
