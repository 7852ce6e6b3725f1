"""Finds fixed runs of words in a list of tokens without trying every phrase on every text."""

from collections.abc import Iterable, Sequence, Set
from typing import Generic, NamedTuple, TypeVar

Value = TypeVar("Value")


class Hit(NamedTuple, Generic[Value]):
    """A phrase found: where it starts, how many tokens it takes, and what it stands for."""

    start: int
    length: int
    value: Value


class Phrases(Generic[Value]):
    """Phrases by their first word; a look-up costs next to nothing for a text that holds no first
    word.
    """

    def __init__(self, phrases: Iterable[tuple[str, Value]]) -> None:
        starts: dict[str, list[tuple[list[str], Value]]] = {}
        for phrase, value in phrases:
            first, *rest = phrase.split()
            starts.setdefault(first, []).append((rest, value))
        for tails in starts.values():
            tails.sort(key=lambda tail: -len(tail[0]))
        self._starts = starts
        self._first = frozenset(starts)

    def find(self, tokens: Sequence[str], present: Set[str]) -> list[Hit[Value]]:
        """The phrases in `tokens`, longest first at each place and never overlapping; `present`
        is its set of words.
        """
        if self._first.isdisjoint(present):
            return []
        hits: list[Hit[Value]] = []
        free = 0
        for place, token in enumerate(tokens):
            if place < free or token not in self._starts:
                continue
            for rest, value in self._starts[token]:
                end = place + 1 + len(rest)
                if rest == tokens[place + 1 : end]:
                    hits.append(Hit(place, 1 + len(rest), value))
                    free = end
                    break
        return hits

    def any(self, tokens: Sequence[str], present: Set[str]) -> bool:
        """Whether at least one phrase occurs."""
        return bool(self.find(tokens, present))
