"""Two choices of posts side by side: their figures, the difference of their tone, their words."""

from collections.abc import Callable, Container, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode

import numpy as np
from django.http import QueryDict

from openroads.analysis.intervals import Estimate, difference, net_sentiment
from openroads.analysis.pipeline import Name
from openroads.analysis.term_docs import TermDocs
from openroads.archive.client import Archive
from openroads.archive.queries import gap as term_questions
from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.explore import People, halvings_for
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening import queries as room
from openroads.listening.explore import asking
from openroads.listening.explore.asking import Asked
from openroads.listening.explore.filter import ExploreFilter
from openroads.listening.explore.reading import (
    LEAST_POSTS,
    SURE,
    ChoiceFigures,
    Keep,
    Look,
    as_asked,
    figures_of,
    odds_within,
)
from openroads.listening.explore.sentence import Part
from openroads.listening.explore.words import written
from openroads.listening.gap_counting import left_out_terms
from openroads.listening.remembering import remembered
from openroads.listening.sight.seeing import sight_of
from openroads.listening.topics.queries import filed_as

SECOND = "with."
"""What stands before the names of the second choice's fields in the address."""
MOST_WORDS = 60

Words = tuple["SharedWord", ...]


@dataclass(frozen=True)
class Compared:
    """Both choices with their sentences, figures and words."""

    first: Asked
    second: Asked
    sides: tuple["Side", "Side"]
    words: "Words"

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
    filters = first.filter, second.filter
    sieves = [
        asking.sieve_of(*pair)
        for pair in zip(filters, [query.condition for query in queries], strict=True)
    ]
    names = room.reader().names
    key = f"words:{address(*filters)}:{names}:{_filed(first, second)}"
    sides, words = read_both(
        archive(),
        (sieves[0], sieves[1]),
        names,
        keep=(asking.kept_parts(first.filter), asking.kept_parts(second.filter)),
        keep_words=lambda ask: remembered(key, ask),
    )
    return Compared(
        beside(first, second.filter, second=False),
        beside(second, first.filter, second=True),
        sides,
        words,
    )


def _filed(first: Asked, second: Asked) -> str:
    return filed_as((*first.filter.topics, *second.filter.topics))


@dataclass(frozen=True, kw_only=True)
class Side(ChoiceFigures):
    """What one choice is compared by. `people` are their number: nobody's name is looked up."""

    days: int
    people: People


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


def read_both(
    kept: Archive,
    sieves: tuple[Sieve, Sieve],
    names: Iterable[Name],
    *,
    keep: tuple[Keep, Keep] = (as_asked, as_asked),
    keep_words: Callable[[Callable[[], Words]], Words] = lambda ask: ask(),
) -> tuple[tuple[Side, Side], Words]:
    """Two choices and the words that tell them apart, all counted at the same time; the `names` of
    brands and products are left out. What is remembered is given by `keep` and `keep_words`."""
    looks = Look(kept, sieves[0]), Look(kept, sieves[1])
    with ThreadPoolExecutor(4) as asked:
        counted = [
            asked.submit(one, "counted", look.counted)
            for one, look in zip(keep, looks, strict=True)
        ]
        people = [
            asked.submit(one, "how many people", partial(look.people, 0))
            for one, look in zip(keep, looks, strict=True)
        ]
        figures = [
            figures_of(each.result(), sieve) for each, sieve in zip(counted, sieves, strict=True)
        ]
        posts = figures[0]["posts"], figures[1]["posts"]
        words = keep_words(
            lambda: words_of_both(kept, looks, posts, leave_out=left_out_terms(kept, names))
        )
        one, two = (
            Side(days=(sieve.scope.until - sieve.scope.since).days, people=each.result(), **figure)
            for sieve, each, figure in zip(sieves, people, figures, strict=True)
        )
    return (one, two), words


def words_of_both(
    kept: Archive,
    looks: tuple[Look, Look],
    posts: tuple[int, int],
    *,
    leave_out: Container[int] = (),
) -> Words:
    """The words that tell two choices of so many posts apart, surest first, and some that do not.

    Log-odds with the pooled counts as prior (Monroe, Colaresi and Quinn 2008); at least ten posts
    on the louder side. A post in both choices counts in both. Terms to `leave_out` are the names of
    brands and products: that they are named is what was asked for, not what is said.
    """

    def said(look: Look, n: int) -> TermDocs:
        return look.terms(halvings_for(n)).docs()

    with ThreadPoolExecutor(2) as asked:
        mine, other = asked.map(said, looks, posts)
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
    drawn = [max(n / 2 ** halvings_for(n), 1.0) for n in posts]
    return tuple(
        SharedWord(
            term.key, term.shown, term.language, int(ours[p]), int(theirs[p]),
            1000 * float(ours[p]) / drawn[0], 1000 * float(theirs[p]) / drawn[1], float(z[p]),
        )
        for p in sure + alike
        if (term := known.get(int(ids[p]))) is not None
    )  # fmt: skip


def tone_of(reading: ChoiceFigures) -> Estimate:
    """Net sentiment over the posts whose tone is known."""
    return net_sentiment(reading.positive, reading.negative, reading.rated)


def tone_apart(first: ChoiceFigures, second: ChoiceFigures) -> Estimate:
    """First minus second, with its interval; as if the two choices shared no post."""
    return difference(tone_of(first), tone_of(second))


def of_side(words: Sequence[SharedWord], side: str) -> list[SharedWord]:
    """The words of one side, surest first."""
    return [word for word in words if word.side == side]
