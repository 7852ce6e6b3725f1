"""Two choices of posts side by side: their figures, the difference of their tone, their words."""

from collections.abc import Container, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import numpy as np
from django.http import QueryDict

from openroads.analysis.intervals import Estimate, difference, net_sentiment
from openroads.analysis.term_docs import TermDocs
from openroads.archive.client import Archive
from openroads.archive.queries import explore as archive_questions
from openroads.archive.queries import gap as term_questions
from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.explore import halvings_for
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening import queries as room
from openroads.listening.explore import asking
from openroads.listening.explore.asking import Asked, Part
from openroads.listening.explore.filter import ExploreFilter
from openroads.listening.explore.reading import (
    LEAST_POSTS,
    SURE,
    ExploreReading,
    odds_within,
)
from openroads.listening.explore.words import written
from openroads.listening.gap_counting import left_out_terms
from openroads.listening.remembering import remembered
from openroads.listening.sight.seeing import sight_of
from openroads.listening.topics.queries import filed_as

SECOND = "with."
"""What stands before the names of the second choice's fields in the address."""
MOST_WORDS = 60


@dataclass(frozen=True)
class Compared:
    """Both choices with their sentences, readings and words."""

    first: Asked
    second: Asked
    readings: tuple[ExploreReading, ExploreReading]
    words: tuple["SharedWord", ...]

    @property
    def swapped(self) -> str:
        """The address with the two changed about."""
        return address(self.second.filter, self.first.filter)

    def with_word(self, word: "SharedWord") -> str:
        """The address of both narrowed to posts with a word."""
        mine, theirs = self.first.filter, self.second.filter
        return address(
            replace(mine, words=(*mine.words, word.key)),
            replace(theirs, words=(*theirs.words, word.key)),
        )


def compared(told: QueryDict, person: Person, *, language: str) -> Compared | None:
    """The two choices of an address; without a second one, as many days before the first.

    None when the query of either has a fault: that is mended on the page it was written on.
    """
    first_told, second_told = split(told)
    first = asking.asked(first_told, person, language=language)
    if not second_told:
        second_told = QueryDict(asking.days_before(first.filter).query())
    second = asking.asked(second_told, person, language=language)
    sight = sight_of(person)
    queries = [written(each.filter.q, sight) for each in (first, second)]
    if any(query.faults for query in queries):
        return None
    conditions = [query.condition for query in queries]
    pairs = list(zip((first.filter, second.filter), conditions, strict=True))
    one, two = (asking.reading(*pair, words=False) for pair in pairs)
    sieves = [asking.sieve_of(*pair) for pair in pairs]
    names = room.reader().names
    key = f"words:{address(first.filter, second.filter)}:{names}:{_filed(first, second)}"
    words = remembered(
        key,
        lambda: words_of_both(
            archive(),
            *sieves,
            readings=(one, two),
            leave_out=left_out_terms(archive(), names),
        ),
    )
    return Compared(
        beside(first, second.filter, second=False),
        beside(second, first.filter, second=True),
        (one, two),
        words,
    )


def _filed(first: Asked, second: Asked) -> str:
    return filed_as((*first.filter.topics, *second.filter.topics))


@dataclass(frozen=True)
class SharedWord:
    """A word of two choices: posts with it in each (of the draws), and z, positive where the first
    uses it more. Rates are posts with it per 1,000 posts."""

    key: str
    shown: str
    language: str
    first: int
    second: int
    first_rate: float
    second_rate: float
    z: float

    @property
    def side(self) -> str:
        """Whose word it is: "first", "second" or "both"."""
        if abs(self.z) < SURE:
            return "both"
        return "first" if self.z > 0 else "second"


def split(told: QueryDict) -> tuple[QueryDict, QueryDict]:
    """The address's two choices; fields of the second begin with `SECOND`."""
    first, second = QueryDict(mutable=True), QueryDict(mutable=True)
    for name, values in told.lists():
        if name.startswith(SECOND):
            second.setlist(name.removeprefix(SECOND), values)
        else:
            first.setlist(name, values)
    return first, second


def address(first: ExploreFilter, second: ExploreFilter) -> str:
    """The address of both choices, without the question mark."""
    pairs = [(f"{SECOND}{name}", value) for name, value in second.pairs()]
    return urlencode([*first.pairs(), *pairs])


def beside(asked: Asked, other: ExploreFilter, *, second: bool) -> Asked:
    """The sentence of one side whose links keep the other side as it is."""

    def kept(query: str) -> str:
        mine = QueryDict(query)
        if second:
            pairs = [(f"{SECOND}{name}", v) for name, values in mine.lists() for v in values]
            return urlencode([*other.pairs(), *pairs])
        pairs = [(f"{SECOND}{name}", value) for name, value in other.pairs()]
        return f"{mine.urlencode()}&{urlencode(pairs)}"

    def part(each: Part) -> Part:
        return replace(each, choices=[replace(c, query=kept(c.query)) for c in each.choices])

    return replace(
        asked,
        parts={name: part(each) for name, each in asked.parts.items()},
        more=[part(each) for each in asked.more],
        chips=[replace(chip, query=kept(chip.query)) for chip in asked.chips],
    )


def words_of_both(
    kept: Archive,
    first: Sieve,
    second: Sieve,
    *,
    readings: tuple[ExploreReading, ExploreReading],
    leave_out: Container[int] = (),
) -> tuple[SharedWord, ...]:
    """The words that tell two choices apart, surest first, and some that do not.

    Log-odds with the pooled counts as prior (Monroe, Colaresi and Quinn 2008); at least ten posts
    on the louder side. A post in both choices counts in both. Terms to `leave_out` are the names of
    brands and products: that they are named is what was asked for, not what is said.
    """

    def said(sieve: Sieve, reading: ExploreReading) -> TermDocs:
        halvings = halvings_for(reading.posts)
        return archive_questions.terms_in(kept, sieve, halvings=halvings).docs()

    with ThreadPoolExecutor(2) as asked:
        mine, other = asked.map(said, (first, second), readings)
    sizes = float(mine.docs.sum()), float(other.docs.sum())
    if not all(sizes):
        return ()
    ids = np.union1d(*(docs.at_least(LEAST_POSTS).ids for docs in (mine, other)))
    ours, theirs = (docs.of(ids).astype(np.float64) for docs in (mine, other))
    z = odds_within(ours, theirs, sizes)
    enough = np.where(z > 0, ours, theirs) >= LEAST_POSTS
    order = np.argsort(-np.abs(z), kind="stable")
    places = [int(place) for place in order if enough[place] and int(ids[place]) not in leave_out]
    # Some that both say alike, the most used of them: they show what is no difference.
    sure = [p for p in places if abs(z[p]) >= SURE][:MOST_WORDS]
    alike = sorted((p for p in places if abs(z[p]) < 1), key=lambda p: -(ours[p] + theirs[p]))[:4]
    known = {term.id: term for term in term_questions.terms(kept, ids[sure + alike].tolist())}
    drawn = [max(reading.posts / reading.one_in, 1.0) for reading in readings]
    return tuple(
        SharedWord(
            term.key, term.shown, term.language, int(ours[p]), int(theirs[p]),
            1000 * float(ours[p]) / drawn[0], 1000 * float(theirs[p]) / drawn[1], float(z[p]),
        )
        for p in sure + alike
        if (term := known.get(int(ids[p]))) is not None
    )  # fmt: skip


def tone_of(reading: ExploreReading) -> Estimate:
    """Net sentiment over the posts whose tone is known."""
    return net_sentiment(reading.positive, reading.negative, reading.rated)


def tone_apart(first: ExploreReading, second: ExploreReading) -> Estimate:
    """First minus second, with its interval; as if the two choices shared no post."""
    return difference(tone_of(first), tone_of(second))


def of_side(words: Sequence[SharedWord], side: str) -> list[SharedWord]:
    """The words of one side, surest first."""
    return [word for word in words if word.side == side]
