"""Reading a choice of posts from the archive: counts in, figures with their intervals out. Knows no
database."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.expected import BEFORE, Expected, expected_days
from openroads.analysis.keyness import ALPHA0, log_odds
from openroads.analysis.term_docs import TermDocs
from openroads.archive.client import Archive
from openroads.archive.queries import explore as asking
from openroads.archive.queries import gap as term_questions
from openroads.archive.queries.alike import copies_in
from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.explore import (
    ARCHIVES_FIRST,
    Counted,
    DayRow,
    DrawnTerms,
    LanguageRow,
    People,
    SourceRow,
    halvings_for,
)
from openroads.archive.queries.gathered import Gathered, gather

Figures = NDArray[np.float64]

FINALISTS = 200
"""Words whose posts in the rest are counted one by one where a draw of the rest chose them."""
LEAST_POSTS = 10
"""Posts that must use a word before it is shown."""
SURE = 3.3
"""Log-odds z from which a word counts as used more than in the rest: p < .001, two-sided."""
HISTORY = timedelta(days=BEFORE)
AUTHORS = 12
WORDS = 30


@dataclass(frozen=True)
class DayFigure:
    """One day: posts by tone, and what was to be expected (None: too little history)."""

    on: date
    posts: int
    positive: int
    negative: int
    unknown: int
    low: float | None
    high: float | None

    @property
    def stands_out(self) -> bool:
        """More posts than expected."""
        return self.high is not None and self.posts > self.high


@dataclass(frozen=True)
class KeyWord:
    """A word of the choice against the rest: `posts` and `rest` are posts with it (of the draw)."""

    id: int
    key: str
    shown: str
    language: str
    posts: int
    positive: int
    negative: int
    rest: int
    z: float


@dataclass(frozen=True, kw_only=True)
class ChoiceFigures:
    """How many posts a choice has, by tone and kind; its words are counted in one of `one_in`."""

    posts: int
    positive: int
    negative: int
    unknown: int
    questions: int
    complaints: int
    praise: int

    @property
    def one_in(self) -> int:
        """Words are counted in one of so many posts."""
        return int(2 ** halvings_for(self.posts))

    @property
    def rated(self) -> int:
        """Posts with a known tone."""
        return self.posts - self.unknown


@dataclass(frozen=True, kw_only=True)
class ExploreReading(ChoiceFigures):
    """Everything the page counts."""

    days: tuple[DayFigure, ...]
    sources: Sequence[SourceRow]
    languages: Sequence[LanguageRow]
    people: People
    words: tuple[KeyWord, ...]
    copies: int = 0
    """Posts of the choice that repeat an earlier one: in none of the figures."""

    @property
    def standing_out(self) -> tuple[DayFigure, ...]:
        """Days with more posts than expected, the furthest out first."""
        out = [day for day in self.days if day.stands_out]
        return tuple(sorted(out, key=lambda day: (day.high or 0) - day.posts))


Keep = Callable[[str, Callable[[], Any]], Any]
"""Gives a part of a reading by its name: what it remembers, or what asking gives."""


def as_asked(_part: str, ask: Callable[[], Any]) -> Any:
    """Remembers nothing."""
    return ask()


def read_choice(
    archive: Archive, sieve: Sieve, *, words: bool = True, keep: Keep = as_asked
) -> ExploreReading:
    """Count a choice: per day with what was expected, by source, language and author, and (unless
    nobody wants them) its words."""
    look = Look(archive, sieve)
    counted: Counted = keep("counted", look.counted)
    figures = figures_of(counted, sieve)
    posts = figures["posts"]
    # The engine answers two questions at once, and numpy counts meanwhile.
    with ThreadPoolExecutor(2) as asked:
        people = asked.submit(keep, "people", look.people)
        said = (
            asked.submit(keep, "words", lambda: key_words(archive, sieve, posts, look.terms))
            if posts and words
            else None
        )
        copied = asked.submit(keep, "copies", lambda: copies_in(archive, sieve))
        days = days_of(counted.days, sieve)
    return ExploreReading(
        days=days,
        sources=counted.sources,
        languages=counted.languages,
        people=people.result(),
        words=said.result() if said else (),
        copies=copied.result(),
        **figures,
    )


def figures_of(counted: Counted, sieve: Sieve) -> dict[str, int]:
    """The fields of `ChoiceFigures`, added up over the days of the choice (not those before it)."""
    within = [row for row in counted.days if row.day >= sieve.scope.since]
    return {name: sum(getattr(row, name) for row in within) for name in asking.FIGURES}


class Look:
    """What is asked of the posts of one choice: of few posts, narrowed by what they say, all from one
    look at them; of others in looks of their own. A look is taken when it is first needed."""

    def __init__(self, archive: Archive, sieve: Sieve) -> None:
        self._archive, self._sieve = archive, sieve
        self._first = Lock()

    @cached_property
    def _gathered(self) -> Gathered | None:
        return gather(self._archive, self._sieve, history=HISTORY)

    def _in_hand(self) -> Gathered | None:
        with self._first:
            return self._gathered

    def counted(self) -> Counted:
        """The figures by day, source and language."""
        if found := self._in_hand():
            return found.counted()
        return asking.counted(self._archive, self._sieve, history=HISTORY)

    def people(self, most: int = AUTHORS) -> People:
        """Who wrote, so many of those who wrote most by name."""
        if found := self._in_hand():
            return found.people(self._archive, most)
        return asking.people_in(self._archive, self._sieve, most)

    def terms(self, halvings: int) -> DrawnTerms:
        """The terms of a draw; of few posts it is all of them."""
        if not halvings and (found := self._in_hand()):
            return found.terms()
        return asking.terms_in(self._archive, self._sieve, halvings=halvings)


def days_of(rows: Sequence[DayRow], sieve: Sieve) -> tuple[DayFigure, ...]:
    """Every day of the period, also those without posts, with the expected range."""
    scope = sieve.scope
    known = {row.day: row for row in rows}
    # History that was never collected is unknown, not zero: it begins with the first post, and days
    # of the period before that have nothing to be held against.
    first = min((row.day for row in rows), default=scope.since)
    start = max(scope.since - timedelta(days=BEFORE), first)
    every = [start + timedelta(days=n) for n in range((scope.until - start).days)]
    place = max((scope.since - start).days, 0)
    expected = expected_days([known[day].posts if day in known else 0 for day in every], place)
    shown = [_day(day, known.get(day), expected, row) for row, day in enumerate(every[place:])]
    before = [scope.since + timedelta(days=n) for n in range((start - scope.since).days)]
    return (*(DayFigure(day, 0, 0, 0, 0, None, None) for day in before), *shown)


def _day(on: date, row: DayRow | None, expected: Expected, place: int) -> DayFigure:
    low, high = float(expected.low[place]), float(expected.high[place])
    known = low == low
    return DayFigure(
        on,
        row.posts if row else 0,
        row.positive if row else 0,
        row.negative if row else 0,
        row.unknown if row else 0,
        low if known else None,
        high if known else None,
    )


def rest_of(sieve: Sieve) -> tuple[Sieve, bool]:
    """What a choice is compared with, and whether that is the time before.

    A narrowed choice is held against all other posts of the same brand, products, languages and
    days; one that is not narrowed against as many days right before it.
    """
    scope = sieve.scope
    plain = Sieve(scope, voice=sieve.voice)
    if plain != sieve:
        return plain, False
    since = max(scope.since - (scope.until - scope.since), ARCHIVES_FIRST)
    return Sieve(replace(scope, since=since, until=scope.since), sieve.voice), True


def key_words(
    archive: Archive,
    sieve: Sieve,
    posts: int,
    terms: Callable[[int], DrawnTerms] | None = None,
) -> tuple[KeyWord, ...]:
    """The words a choice of so many posts uses surely more than the rest, surest first (log-odds z
    with the pooled counts as prior; Monroe, Colaresi and Quinn 2008). `terms` gives its words, after
    so many halvings, to who has them at hand."""
    halvings = halvings_for(posts)
    with ThreadPoolExecutor(1) as asked:
        beside = asked.submit(_rest, archive, sieve, halvings)
        drawn = terms(halvings) if terms else asking.terms_in(archive, sieve, halvings=halvings)
        rest = beside.result()
    ours = drawn.docs()
    said = int(ours.docs.sum())
    sizes = float(said), float(int(rest.docs.docs.sum()) - (0 if rest.apart else said))
    ids = ours.at_least(LEAST_POSTS).ids
    ids = ids[~np.isin(ids, np.array(sieve.terms, np.int64))]
    if not len(ids) or sizes[1] <= 0:
        return ()

    def surely(theirs: Figures) -> tuple[Figures, Figures, Figures]:
        """Posts with each term here and in the rest, and z."""
        here = ours.of(ids).astype(np.float64)
        there = theirs if rest.apart else np.maximum(theirs - here, 0.0)
        return here, there, odds_within(here, there, sizes)

    here, there, z = surely(rest.docs.of(ids).astype(np.float64))
    if rest.estimated:  # which words they are is settled by counting these
        ids = np.sort(ids[np.argsort(-z, kind="stable")[:FINALISTS]])
        here, there, z = surely(_counted_in(archive, rest.sieve, ids) / drawn.one_in)
    first = np.argsort(-z, kind="stable")
    places = [int(place) for place in first if z[place] >= SURE][:WORDS]
    called = {term.id: term for term in term_questions.terms(archive, ids[places].tolist())}
    tones = [drawn.docs_of_mood(mood, ids[places]).tolist() for mood in (1, -1)]
    return tuple(
        KeyWord(
            term.id, term.key, term.shown, term.language, int(here[place]), positive, negative,
            round(float(there[place])), float(z[place]),
        )
        for place, positive, negative in zip(places, *tones, strict=True)
        if (term := called.get(int(ids[place]))) is not None
    )  # fmt: skip


@dataclass(frozen=True)
class _Rest:
    """Posts per term in the rest, on the scale of the choice's draw.

    `apart`: the choice is not in it. `estimated`: read from a smaller draw than the choice.
    """

    sieve: Sieve
    docs: TermDocs
    apart: bool
    estimated: bool


def _rest(archive: Archive, sieve: Sieve, halvings: int) -> _Rest:
    rest, is_before = rest_of(sieve)
    fewer = halvings
    if not is_before:
        fewer = max(halvings_for(asking.size_of(archive, rest)), halvings)
    if fewer == 0 and rest.scope.summable:
        parts = term_questions.docs_parts(archive, rest.scope, rest.voice)
        docs = TermDocs.of_parts([(block.term, block.docs) for block in parts])
    else:
        docs = asking.terms_in(archive, rest, halvings=fewer).docs().times(2 ** (fewer - halvings))
    return _Rest(rest, docs, is_before, fewer != halvings)


def _counted_in(archive: Archive, sieve: Sieve, ids: NDArray[np.int64]) -> Figures:
    """Posts with each of these terms (ascending), one by one."""
    counts = term_questions.term_counts(archive, sieve.scope, sieve.voice, terms=ids.tolist())
    found = np.zeros(len(ids))
    found[np.searchsorted(ids, counts.term)] = counts.docs
    return found


def odds_within(ours: Figures, theirs: Figures, sizes: tuple[float, float]) -> Figures:
    """Log-odds z of some of the terms of two sides that come to these sizes in all."""
    pooled = ALPHA0 * (ours + theirs) / sum(sizes)
    return log_odds(ours, theirs, first_size=sizes[0], second_size=sizes[1], prior=pooled).z
