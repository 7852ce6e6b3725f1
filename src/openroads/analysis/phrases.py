"""Finds fixed runs of words in a list of tokens without trying every phrase on every text."""

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Generic, NamedTuple, TypeVar

Value = TypeVar("Value")


class Hit(NamedTuple, Generic[Value]):
    """A phrase found: where it starts, how many tokens it takes, and what it stands for."""

    start: int
    length: int
    value: Value


class Phrases(Generic[Value]):
    """Phrases by their first word. Looking through a text costs a question per token: ask only for
    texts that may hold one (see `marks.of_phrases`).
    """

    def __init__(self, phrases: Iterable[tuple[str, Value]]) -> None:
        starts: dict[str, list[tuple[list[str], Value]]] = {}
        for phrase, value in phrases:
            first, *rest = phrase.split()
            starts.setdefault(first, []).append((rest, value))
        for tails in starts.values():
            tails.sort(key=lambda tail: -len(tail[0]))
        self._starts = starts

    def __iter__(self) -> Iterator[list[str]]:
        """The words of every phrase."""
        for first, tails in self._starts.items():
            for rest, _ in tails:
                yield [first, *rest]

    def find(self, tokens: Sequence[str], places: Iterable[int]) -> list[Hit[Value]]:
        """The phrases in `tokens`, longest first at each place and never overlapping. They are
        sought at `places` (ascending): none may begin elsewhere.
        """
        hits: list[Hit[Value]] = []
        free = 0
        for place in places:
            if place < free:
                continue
            for rest, value in self._starts.get(tokens[place], ()):
                end = place + 1 + len(rest)
                if rest == tokens[place + 1 : end]:
                    hits.append(Hit(place, 1 + len(rest), value))
                    free = end
                    break
        return hits

    def any(self, tokens: Sequence[str], present: Set[str]) -> bool:
        """Whether at least one phrase occurs; `present` is the set of the tokens."""
        return not self._starts.keys().isdisjoint(present) and bool(
            self.find(tokens, range(len(tokens)))
        )
