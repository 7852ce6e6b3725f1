"""Long texts cut into passages about as long as a post, so that both sides of a gap compare."""

import re
from collections.abc import Iterator
from typing import Final

PASSAGE_WORDS: Final = 60
_SHORT: Final = 8
"""Paragraphs of fewer words, such as headings, go with the paragraph after them."""

_PARAGRAPH = re.compile(r"\n\s*\n|\n")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-ZÀ-ÖØ-Þ0-9])")
# Points after these do not end a sentence.
_ABBREVIATED = re.compile(
    r"(?:\b(?:bijv|bv|o\.a|d\.w\.z|m\.n|t\.w\.v|i\.v\.m|incl|excl|nr|dr|drs|ir|mr|mevr|dhr|prof|st|"
    r"ca|resp|vgl|evt|tel|e\.g|i\.e|mrs|ms|vs|etc|approx|no)|\b[A-Z])\.$",
    re.IGNORECASE,
)


def cut_passages(text: str, words: int = PASSAGE_WORDS) -> list[str]:
    """The text as passages of at most `words` words, in order, nothing left out but white space.

    Paragraphs stay whole when they fit; longer ones are cut between sentences, and a sentence
    that is too long by itself between words. A short heading goes with what follows it.
    """
    passages: list[str] = []
    waiting: list[str] = []  # words of short paragraphs before this one
    for paragraph in _PARAGRAPH.split(text):
        count = len(paragraph.split())
        if not count:
            continue
        # A long paragraph is cut between sentences anyway: its heading may as well lead it.
        if waiting and count <= words < len(waiting) + count:
            passages.append(" ".join(waiting))
            waiting = []
        if count < _SHORT and len(waiting) + count < words:
            waiting += paragraph.split()
            continue
        if waiting:
            paragraph = " ".join([*waiting, paragraph])
            waiting = []
        passages.extend(_fitted(paragraph, words))
    if waiting:
        last = len(passages[-1].split()) if passages else words
        if last + len(waiting) <= words:
            passages[-1] += " " + " ".join(waiting)
        else:
            passages.append(" ".join(waiting))
    return passages


def _fitted(paragraph: str, words: int) -> Iterator[str]:
    gathered: list[str] = []
    for sentence in _sentences(paragraph):
        parts = sentence.split()
        if gathered and len(gathered) + len(parts) > words:
            yield " ".join(gathered)
            gathered = []
        while len(parts) > words:
            yield " ".join(parts[:words])
            parts = parts[words:]
        gathered += parts
    if gathered:
        yield " ".join(gathered)


def _sentences(paragraph: str) -> Iterator[str]:
    start = 0
    for end in _SENTENCE.finditer(paragraph):
        if _ABBREVIATED.search(paragraph[max(start, end.start() - 12) : end.start()]):
            continue
        yield paragraph[start : end.end()]
        start = end.end()
    yield paragraph[start:]
