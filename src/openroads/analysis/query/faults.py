"""What can be wrong with a query, as values that point at the place, and how much is allowed."""

from dataclasses import dataclass, field

from openroads.analysis.query.syntax import Node
from openroads.analysis.sentences import Sentence


@dataclass(frozen=True)
class Limits:
    """The most a query may hold. They keep a search over millions of posts within seconds, and one
    post in a stream within microseconds."""

    letters: int = 4_000
    """Characters in the whole query."""
    depth: int = 12
    """Parentheses within parentheses."""
    words: int = 200
    in_phrase: int = 20
    word_letters: int = 64
    fields: int = 100
    wildcards: int = 10
    """Words with a star."""
    stars: int = 2
    """Stars in one word."""
    before_star: int = 2
    """Letters a word must have before its first star."""
    nears: int = 10
    distance: int = 20
    """Words that may stand between, in NEAR."""


LIMITS = Limits()

HIDDEN = frozenset({"hidden_author", "hidden_mention"})
"""Faults of who names people and does not see names."""
MOST_FAULTS = 20
"""More than this many are not told: whoever pasted something else needs only the first."""


@dataclass(frozen=True)
class Fault:
    """Something the writer should look at, between the characters `start` and `end` of the query."""

    id: str
    """A name that stays the same whatever the text: "unclosed_quote"."""
    start: int
    end: int
    text: Sentence
    """One or two plain sentences, in English and ready to be put in another language."""
    fix: str = ""
    """What could stand there instead; empty when only the writer can know."""


@dataclass(frozen=True)
class Parsed:
    """What became of a query's text: a tree, unless something is wrong with it.

    `faults` keep it from being searched; `notes` do not, they say what may not have been meant.
    Both are in the order of their places.
    """

    text: str
    query: Node | None
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()


@dataclass
class Report:
    """Gathers faults and notes while a query is read."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)

    def fault(self, id: str, start: int, end: int, text: Sentence, fix: str = "") -> None:
        """Something that keeps the query from being searched."""
        self.faults.append(Fault(id, start, end, text, fix))

    def note(self, id: str, start: int, end: int, text: Sentence, fix: str = "") -> None:
        """Something that may not have been meant."""
        self.notes.append(Fault(id, start, end, text, fix))

    def told(self) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
        """Faults and notes by place, the first of them only."""
        return _first(self.faults), _first(self.notes)


def _first(found: list[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(found, key=lambda each: (each.start, each.end))[:MOST_FAULTS])
