"""The words met so far, each once: the pieces it is made of and the cues it gives, as numbers."""

import threading
import weakref
from array import array
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from openroads.analysis import emoji, tone_en, tone_nl
from openroads.analysis.tokens import TOO_LONG, is_emoji, is_link

MOST = 200_000
"""Words; then a new book is begun. About 30 MB."""

SHORTEST, LONGEST = 3, 4
"""Letters of a piece, the blanks around the word counted (2 to 5 scored the same, and cost more)."""

WORD_CUES = (
    "mentions", "links", "figures", "exclamations", "questions", "hashtags", "negations", "emoji",
)  # fmt: skip
"""What is summed over the words of a post."""

NEGATIONS = tone_en.NEGATIONS | tone_nl.NEGATIONS | {"no", "not"}
SILENT = frozenset('.,:;()[]"/|\n…“”«»-&')
"""Marks that are no word of their own."""

MENTION, LINK, CODE = "@", "http", "\x00code"


class Wordbook(dict[str, int]):
    """Token to place in the book. Holds no text of posts, is never written to disk, and belongs
    to one thread.

    Mentions, links and figures stand under one place per shape: who was spoken to teaches
    nothing, and it is personal.
    """

    def __init__(self) -> None:
        super().__init__()
        self.hashes = array("I")
        """Per place one number for the word as a whole; 0 for a mark that is no word."""
        self.pieces = array("I")
        self.ends = array("Q", [0])
        """The pieces of place i are `pieces[ends[i]:ends[i + 1]]`."""
        self.cues = array("d")
        """Per place one figure for each of `WORD_CUES`."""
        self.tables: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()
        """What models worked out for the words of this book; each keeps its own."""

    def __missing__(self, token: str) -> int:
        shape = _shape(token)
        place = self.get(shape)
        if place is None:
            place = self[shape] = self._learn(shape, token)
        if shape not in (MENTION, LINK, CODE):
            self[token] = place
        return place

    def _learn(self, shape: str, token: str) -> int:
        silent = all(sign in SILENT for sign in shape)
        whole = 0 if silent else hashed(shape)
        self.hashes.append(whole)
        if not silent:
            self.pieces.extend(sorted(_pieces(shape) | {whole}))
        self.ends.append(len(self.pieces))
        self.cues.extend(_cues(shape, token))
        return len(self.hashes) - 1


def hashed(text: str) -> int:
    """A number for a piece of text, the same in every process; never 0."""
    return crc32(text.encode("utf-8", "surrogatepass")) or 1


def pairs(hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """A number for each two neighbours in a row of word hashes."""
    mixed = (hashes[:-1] * np.uint64(0x9E3779B97F4A7C15)) ^ (
        hashes[1:] * np.uint64(0xC2B2AE3D27D4EB4F)
    )
    return ((mixed >> np.uint64(20)) & np.uint64(0xFFFFFFFF)).astype(np.uint32)


_mine = threading.local()


def wordbook() -> Wordbook:
    """This thread's book; a fresh one when the last is full."""
    book: Wordbook | None = getattr(_mine, "book", None)
    if book is None or len(book) >= MOST:
        book = _mine.book = Wordbook()
    return book


def _shape(token: str) -> str:
    """What a token counts as."""
    first = token[0]
    if first == "@" and len(token) > 1:
        return MENTION
    if is_link(token):
        return LINK
    if len(token) > TOO_LONG:
        return CODE
    if first.isdigit():
        return "".join("0" if sign.isdigit() else sign for sign in token)[:6]
    return token


def _pieces(shape: str) -> set[int]:
    """The runs of letters in a word, with the blanks around it."""
    if not (shape[0].isalpha() or shape[0] == "#") or shape == LINK:
        return set()
    padded = f" {shape} "
    return {
        hashed("+" + padded[start : start + length])
        for length in range(SHORTEST, LONGEST + 1)
        for start in range(len(padded) - length + 1)
    }


def _cues(shape: str, token: str) -> tuple[float, ...]:
    word = shape.lstrip("#")
    return (
        float(shape == MENTION),
        float(shape == LINK),
        float(shape[0].isdigit()),
        float(token.count("!")),
        float(token.count("?")) if shape != LINK else 0.0,
        float(shape[0] == "#"),
        float(word in NEGATIONS or word.replace("'", "") in NEGATIONS or "n't" in word),
        emoji.feeling(token) if is_emoji(token) or token in emoji.EMOTICONS else 0.0,
    )
