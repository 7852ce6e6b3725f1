"""Cuts the text of a query into its pieces, each with its place. Never fails: every text has pieces."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["open", "close", "and", "or", "not", "near", "quote", "field", "plain"]

QUOTES = '"“”„«»'
OPERATORS: dict[str, Kind] = {
    "AND": "and", "EN": "and", "OR": "or", "OF": "or", "NOT": "not", "NIET": "not",
}  # fmt: skip
"""In capitals only: small letters are words to search for."""
ORDERED = {"NEAR": False, "BIJ": False, "ONEAR": True, "VOOR": True}
"""The operators of nearness, and whether they keep the order."""

_NEAR = re.compile(r"(O?NEAR|BIJ|VOOR)/(.*)|(O?NEAR|BIJ)", re.DOTALL)
_FIELD = re.compile(r"([^\W\d_]+):(.*)", re.DOTALL)
_ENDS = re.compile(rf"[\s(){QUOTES}]")
_CLOSING = re.compile(f"[{QUOTES}]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a query: an operator, a parenthesis, a quotation, a field with its value, or words.

    `text` is what was written; `name` and `value` are of a field (its value may be quoted, or be
    absent because a parenthesis follows), of a quotation without its marks, and of an operator of
    nearness with what stands behind its slash.
    """

    kind: Kind
    start: int
    end: int
    text: str
    name: str = ""
    value: str = ""
    closed: bool = True
    """Whether a quotation has its second mark."""

    @property
    def value_start(self) -> int:
        """Where the value of a field begins."""
        return self.start + len(self.name) + 1


def pieces(text: str) -> list[Piece]:
    """All pieces in order; only white space is left out."""
    found, place = [], 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        piece = _piece(text, place)
        found.append(piece)
        place = piece.end
    return found


def _piece(text: str, start: int) -> Piece:
    if text[start] in "()":
        return Piece("open" if text[start] == "(" else "close", start, start + 1, text[start])
    if text[start] in QUOTES:
        value, end, closed = _quoted(text, start)
        return Piece("quote", start, end, text[start:end], value=value, closed=closed)
    ends = _ENDS.search(text, start)
    end = ends.start() if ends else len(text)
    chunk = text[start:end]
    if chunk in OPERATORS:
        return Piece(OPERATORS[chunk], start, end, chunk)
    if near := _NEAR.fullmatch(chunk):
        return Piece("near", start, end, chunk, near[1] or near[3], near[2] or "")
    if field := _FIELD.fullmatch(chunk):
        value, closed = field[2], True
        if not value and end < len(text) and text[end] in QUOTES:
            value, end, closed = _quoted(text, end)
        return Piece("field", start, end, text[start:end], field[1], value, closed)
    return Piece("plain", start, end, chunk)


def _quoted(text: str, start: int) -> tuple[str, int, bool]:
    """What stands within the quotation that begins here, where it ends, and whether it does."""
    closing = _CLOSING.search(text, start + 1)
    if closing is None:
        return text[start + 1 :], len(text), False
    return text[start + 1 : closing.start()], closing.end(), True
