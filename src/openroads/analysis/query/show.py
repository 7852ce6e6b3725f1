"""Writes a tree as the text of a query again, in one form, with English or Dutch operators."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from openroads.analysis.query.syntax import (
    About,
    And,
    Days,
    Field,
    Figure,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Run,
    Word,
)

Language = Literal["en", "nl"]


@dataclass(frozen=True)
class _Words:
    """How one language writes operators, fields and their values."""

    and_: str
    or_: str
    not_: str
    near: str
    ordered: str
    fields: dict[str, str]
    values: dict[str, str]


ENGLISH = _Words("AND", "OR", "NOT", "NEAR", "ONEAR", {}, {})
DUTCH = _Words(
    "EN", "OF", "NIET", "BIJ", "VOOR",
    {
        "author": "auteur", "lang": "taal", "network": "netwerk", "source": "bron",
        "tone": "toon", "kind": "soort", "replies": "reacties", "reposts": "gedeeld",
        "views": "weergaven", "rating": "cijfer", "date": "datum", "brand": "merk", "has": "heeft",
    },
    {
        "positive": "positief", "neutral": "neutraal", "negative": "negatief",
        "unknown": "onbekend", "question": "vraag", "complaint": "klacht", "praise": "compliment",
        "other": "overig", "title": "titel", "author": "auteur", "reply": "antwoord", "quote": "citaat",
        "mention": "vermelding", "rating": "cijfer", "replies": "reacties", "reposts": "gedeeld",
        "views": "weergaven",
    },
)  # fmt: skip
_TRANSLATED = ("tone", "kind", "has")
_MARKS = {"hashtag": "#", "mention": "@"}


def show(query: Node, language: Language = "en") -> str:
    """The query's text; reading it gives the same tree."""
    words = DUTCH if language == "nl" else ENGLISH
    if isinstance(query, Not):
        return f"{words.not_} {_within(query.part, words, language, And, Or, Near)}"
    if isinstance(query, And):
        parts = (_within(part, words, language, Or) for part in query.parts)
        return f" {words.and_} ".join(parts)
    if isinstance(query, Or):
        parts = (_within(part, words, language, And) for part in query.parts)
        return f" {words.or_} ".join(parts)
    if isinstance(query, Near):
        operator = words.ordered if query.ordered else words.near
        left, right = (_runs(side, words) for side in (query.left, query.right))
        return f"{left} {operator}/{query.between} {right}"
    if isinstance(query, Word | Phrase):
        return _run(query)
    return _leaf(query, words)


def _within(part: Node, words: _Words, language: Language, *bracketed: type) -> str:
    text = show(part, language)
    return f"({text})" if isinstance(part, bracketed) else text


def _runs(side: tuple[Run, ...], words: _Words) -> str:
    text = f" {words.or_} ".join(map(_run, side))
    return text if len(side) == 1 else f"({text})"


def _run(run: Run) -> str:
    if isinstance(run, Word):
        return run.text
    return f'"{" ".join(word.text for word in run.words)}"'


def _leaf(leaf: Field | About | Figure | Days, words: _Words) -> str:
    if isinstance(leaf, Days):
        return f"{words.fields.get('date', 'date')}:{_days(leaf)}"
    name = words.fields.get(leaf.name, leaf.name)
    if isinstance(leaf, About):
        return f"{name}:{leaf.id}"
    if isinstance(leaf, Figure):
        test = "" if leaf.test == "=" else leaf.test
        return f"{name}:{test}{figure(leaf.value)}"
    if leaf.name in _MARKS:
        return f"{_MARKS[leaf.name]}{leaf.value}"
    value = words.values.get(leaf.value, leaf.value) if leaf.name in _TRANSLATED else leaf.value
    if leaf.name == "lang" and value == "und":
        value = words.values.get("unknown", "unknown")
    bare = leaf.name == "emoji" or re.fullmatch(r"[\w*.-]+", value)
    return f"{name}:{value}" if bare else f'{name}:"{value}"'


def figure(value: float) -> str:
    """A figure as a query writes it: whole, or with one or two decimals."""
    return str(int(value)) if value == int(value) else f"{value:.2f}".rstrip("0")


def _days(days: Days) -> str:
    last = days.until - timedelta(days=1) if days.until else None
    if days.since == last and last:
        return last.isoformat()
    return f"{days.since or ''}..{last or ''}"
