"""Every token met so far under a number, with what holds for it in any language: batches are
counted in arrays of these numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from openroads.analysis import marks as marking
from openroads.analysis.duplicates import trace

Number = TypeVar("Number", bound=np.generic)

NO_VOTE = -1
MOST = 250_000
"""Tokens; then the owner starts afresh. With a thousand new words a minute that is every four
hours.
"""

MOST_CHARACTERS = 10_000_000


class Column(Generic[Number]):
    """A growing array: one value per number."""

    def __init__(self, kind: type[Number], filling: int = 0) -> None:
        self.held: NDArray[Number] = np.full(1024, filling, kind)
        """The values; behind the last number stands the filling."""
        self._filling = filling

    def put(self, start: int, values: Sequence[int]) -> None:
        """Set the values of the numbers from `start` on."""
        self.reach(start + len(values))
        self.held[start : start + len(values)] = np.array(values, self.held.dtype)

    def reach(self, length: int) -> None:
        """Make room for the numbers below `length`."""
        if length > len(self.held):
            more = np.full(max(length, len(self.held)), self._filling, self.held.dtype)
            self.held = np.concatenate((self.held, more))


class Met(Column[np.int64]):
    """Per number what a question about its token answers, asked when it is first met."""

    UNASKED = -1

    def __init__(self, ask: Callable[[str], int]) -> None:
        """`ask` never answers -1."""
        super().__init__(np.int64, self.UNASKED)
        self._ask = ask

    def at(self, numbers: NDArray[np.int32], tokens: Sequence[str]) -> NDArray[np.int64]:
        """The answer for each of these numbers; `tokens` holds every token by its number."""
        self.reach(len(tokens))
        answers = self.held[numbers]
        new = np.unique(numbers[answers == self.UNASKED])
        if not len(new):
            return answers
        self.held[new] = [self._ask(tokens[number]) for number in new.tolist()]
        return self.held[numbers]


@dataclass(frozen=True)
class Cut:
    """A batch of texts as tokens: text i has tokens[i], and their numbers stand in `numbers` from
    starts[i] to starts[i + 1].
    """

    tokens: list[list[str]]
    numbers: NDArray[np.int32]
    starts: NDArray[np.int64]
    owner: NDArray[np.int64]
    """The text each number belongs to."""

    def any_of(self, marks: NDArray[np.uint64]) -> list[int]:
        """Per text the marks its tokens have together; `marks` has one value per place."""
        found = np.zeros(len(self.tokens), np.uint64)
        filled = np.flatnonzero(np.diff(self.starts))
        if len(filled):
            found[filled] = np.bitwise_or.reduceat(marks, self.starts[filled])
        together: list[int] = found.tolist()
        return together

    def count(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How many of the chosen places each text has."""
        return np.bincount(self.owner[chosen], minlength=len(self.tokens))

    def places(self, chosen: NDArray[np.bool_]) -> list[list[int]]:
        """The chosen places of each text, counted from its first token."""
        if not chosen.any():
            return [[]] * len(self.tokens)
        where = np.flatnonzero(chosen)
        owner = self.owner[where]
        inside = (where - self.starts[owner]).tolist()
        ends = np.searchsorted(owner, np.arange(len(self.tokens) + 1)).tolist()
        return [inside[start:end] for start, end in pairwise(ends)]


class Tokenbook(dict[str, int]):
    """Token to number, in order of first appearance. Numbers hold until its owner starts afresh."""

    def __init__(self, marks: Mapping[str, int], votes: Mapping[str, int]) -> None:
        """`marks` are those of words that mean something to a rule (what a token is by its looks is
        added), `votes` the language a word votes for, by its place.
        """
        super().__init__()
        self.tokens: list[str] = []
        self.pieces: list[str] = []
        """What each adds to the key of its text."""
        self.marks = Column(np.uint64)
        self.hashes = Column(np.uint64)
        """Nonzero for tokens that near-copies share."""
        self.votes = Column(np.int8, NO_VOTE)
        self._marks = marks
        self._voters = votes
        self._characters = 0

    @property
    def is_full(self) -> bool:
        """Whether it is time to start afresh (never within a batch)."""
        return len(self.tokens) >= MOST or self._characters >= MOST_CHARACTERS

    def __missing__(self, token: str) -> int:
        number = self[token] = len(self.tokens)
        self.tokens.append(token)
        return number

    def cut(self, tokens: list[list[str]]) -> Cut:
        """The tokens of a batch by number."""
        lengths = np.fromiter(map(len, tokens), np.int64, len(tokens))
        starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
        known = len(self.tokens)
        everything = chain.from_iterable(tokens)
        numbers = np.fromiter(map(self.__getitem__, everything), np.int32, int(starts[-1]))
        self._learn(known, self.tokens[known:])
        return Cut(tokens, numbers, starts, np.repeat(np.arange(len(tokens)), lengths))

    def _learn(self, start: int, tokens: Sequence[str]) -> None:
        """Fill the columns of new tokens."""
        if not tokens:
            return
        traces = [trace(token) for token in tokens]
        self.pieces.extend(piece for piece, _ in traces)
        self.hashes.put(start, [shared for _, shared in traces])
        known = self._marks
        self.marks.put(start, [marking.of_token(one) | known.get(one, 0) for one in tokens])
        self.votes.put(start, [self._voters.get(token, NO_VOTE) for token in tokens])
        self._characters += sum(map(len, tokens))
