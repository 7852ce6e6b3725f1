"""One bit for everything a text must hold before a rule is worth trying; found for a whole batch at
once.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.emoji import IRONIC as IRONIC_FACES
from openroads.analysis.tokens import is_emoji

WORD, HASHTAG, MENTION, FACE = (1 << place for place in range(4))
"""A word; a name behind #, behind @; an emoji."""

ASKED, LOUD, IRONIC = (1 << place for place in range(4, 7))
"""A question mark, an exclamation mark, an emoji that turns praise round."""

TURNED, WHY_NL, WHY_EN = (1 << place for place in range(7, 10))
"""A Dutch "but"; a word that asks why."""

(
    REQUEST_NL, COMPLAINT_NL, PRAISE_NL, FEELING_NL,
    REQUEST_EN, COMPLAINT_EN, PRAISE_EN, NAMED,
) = (1 << place for place in range(16, 24))  # fmt: skip
"""A phrase of these kinds may stand here; a name of ours may."""

PHRASES = 0xFF << 16
"""All of these."""

_FIRST, _SECOND = 24, 40
"""How many bits further stand the first and the second word of such a phrase."""


def of_token(token: str) -> int:
    """What a token is by its looks."""
    first = token[0]
    if first.isalpha():
        return WORD
    if first in "#@":
        return (HASHTAG if first == "#" else MENTION) if len(token) > 1 else 0
    if first in ".!?":
        return (ASKED if "?" in token else 0) | (LOUD if "!" in token and first != "." else 0)
    return (FACE if is_emoji(token) else 0) | (IRONIC if first in IRONIC_FACES else 0)


def of_phrases(phrases: Iterable[Sequence[str]], mark: int) -> dict[str, int]:
    """The marks of the words that phrases begin with: `mark` itself for a phrase of one word."""
    found: dict[str, int] = {}
    for first, *rest in phrases:
        found[first] = found.get(first, 0) | (mark << _FIRST if rest else mark)
        if rest:
            found[rest[0]] = found.get(rest[0], 0) | mark << _SECOND
    return found


def perhaps(tokens: Iterable[str], marks: Mapping[str, int]) -> int:
    """What tokens in any order may mark their text with together, words by the table `marks`."""
    found = 0
    for token in tokens:
        found |= of_token(token) | marks.get(token, 0)
    return found | (found >> _FIRST & PHRASES)


def together(*tables: Mapping[str, int]) -> dict[str, int]:
    """Several tables of words and their marks as one."""
    found: dict[str, int] = {}
    for table in tables:
        for word, mark in table.items():
            found[word] = found.get(word, 0) | mark
    return found


def with_phrases(marks: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The marks of tokens in a row, completed where the first two words of a phrase follow each
    other.
    """
    first, second = marks[:-1] >> np.uint64(_FIRST), marks[1:] >> np.uint64(_SECOND)
    whole = marks.copy()
    whole[:-1] |= first & second & np.uint64(PHRASES)
    return whole
