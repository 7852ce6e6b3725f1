"""Reading the brand gap from the archive: counts in, a gap out. Knows no database."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np

from openroads.analysis import gap as gaps
from openroads.analysis.gap import Gap, TermCounts, Thresholds, Word
from openroads.analysis.gap_words import candidates, doubtful, tell_apart, words_of
from openroads.analysis.pipeline import Name
from openroads.archive.client import Archive
from openroads.archive.queries import gap as asking
from openroads.archive.queries.documents import Sample, dated_brand_documents, sample_documents
from openroads.archive.queries.explore import halvings_for
from openroads.archive.queries.totals import Totals, people_in, totals, volume
from openroads.archive.scope import Scope
from openroads.listening.gap_beside import AT_ONCE, Beside, days_beside, read_beside
from openroads.listening.gap_counting import (
    Heard,
    Ids,
    OneByOne,
    Ours,
    Tones,
    counted_people,
    details,
    heard_in,
    left_out_terms,
    most_used,
    one_by_one,
    people_behind,
    people_in_sample,
    side_by_side,
    worth_counting,
)
from openroads.listening.gap_scores import Headline

SAMPLE = 6_000
"""Customers' posts drawn for the chance band; more changes its ends by less than a point."""


@dataclass(frozen=True)
class LeftOut:
    """Posts that do not count as what customers say."""

    reposts: int
    copies: int
    own: int


@dataclass(frozen=True)
class GapReading:
    """The gap of a scope with everything the page says about it. `beside` is what it is set beside:
    None where only the gap itself was read."""

    scope: Scope
    gap: Gap
    left_out: LeftOut
    vocabulary: Ids = field(default_factory=lambda: np.empty(0, np.int64), compare=False)
    """The words its score is over, in ascending order; the scores beside it are over the same ones."""
    beside: Beside | None = None


def read_gap(
    archive: Archive, scope: Scope, products: Sequence[int], names: Iterable[Name]
) -> GapReading:
    """The gap in `scope` and all that it is set beside; see `read_gap_alone` and `read_beside`."""
    found = read_gap_alone(archive, scope, names)
    return replace(found, beside=read_beside(archive, scope, found.vocabulary, products))


def read_gap_alone(archive: Archive, scope: Scope, names: Iterable[Name]) -> GapReading:
    """The gap in `scope`, nothing beside it: what a page shows first.

    The names of the company's own brands and products are left out: that people name a thing they
    speak about is no finding.
    """
    # The archive answers in threads of its own while this one counts. To count in several threads
    # as well would gain nothing: their thousands of small steps wait for one another.
    with ThreadPoolExecutor(AT_ONCE) as asked:
        return _Reading(archive, scope, names, asked).read()


class _Reading:
    """One reading under way."""

    def __init__(
        self, archive: Archive, scope: Scope, names: Iterable[Name], asked: Executor
    ) -> None:
        self.archive, self.scope, self.asked = archive, scope, asked
        self.days = days_beside(scope)
        everything = replace(scope, since=self.days.since, products=())
        self.own = asked.submit(dated_brand_documents, archive, everything)
        self.names = asked.submit(left_out_terms, archive, names)
        self.people = asked.submit(people_in, archive, scope)

    def read(self) -> GapReading:
        """Everything, in the order in which one thing is needed for the next."""
        posted = volume(self.archive, self.scope)
        posts = posted.between(self.scope.since, self.scope.until).posts
        said = self.asked.submit(heard_in, self.archive, self.scope, posts)
        ours = Ours(self.own.result())
        stood = ours.stood(self.scope.since, self.scope.until, self.scope.products)
        found = totals(self.archive, self.scope, posted, self.people.result(), ours.passages(stood))
        heard, limits = _heard(found), Thresholds()
        reading = GapReading(
            self.scope,
            Gap(heard, limits, gaps.shortage_of(heard, limits), None),
            LeftOut(found.left_out_reposts, found.left_out_duplicates, found.own_posts),
        )
        if reading.gap.shortage:
            return reading
        sampled = None if halvings_for(posts) else self._sample(posts)
        leave_out, what = self.names.result(), said.result()
        they, we = what.docs, ours.docs(stood)
        counts = side_by_side(they, we, leave_out)
        if empty := gaps.empty_side(counts):
            return replace(reading, gap=replace(reading.gap, shortage=empty))
        always = ours.stood(self.days.since, self.scope.until, self.scope.products)
        vocabulary = most_used(they, counts, ours.docs(always), leave_out)
        they_say, finalists, head = they.of(vocabulary), None, None

        def drawn_by_chance() -> tuple[Headline, Sample]:
            sample = sampled.result() if sampled else self._sample_of(what, posts)
            return Headline(ours, vocabulary, self.scope, heard, sample), sample

        if what.drawn:
            ids = worth_counting(counts, vocabulary)
            counting = self.asked.submit(one_by_one, self.archive, self.scope, ids)
            head = drawn_by_chance()
            finalists = counting.result()
            counts = counts.counted(ids, they=finalists.docs)
            they_say = finalists.docs_of(vocabulary)
        words = _Words(self.archive, self.scope, counts, heard, self.asked, finalists)
        headline, sample = head or drawn_by_chance()
        score = headline.score(they_say)
        shown = words.read(sample, ours.tones(stood, words.ids))
        return replace(reading, gap=gaps.gap_of(shown, score, heard, limits), vocabulary=vocabulary)

    def _sample_of(self, heard: Heard, posts: int) -> Sample:
        """The sample from the draw at hand, which holds it unless it is a very small one."""
        found = heard.sample(SAMPLE)
        return found if len(found) == min(SAMPLE, posts) else self._sample(posts).result()

    def _sample(self, posts: int) -> Future[Sample]:
        return self.asked.submit(sample_documents, self.archive, self.scope, SAMPLE, posts=posts)


def _heard(found: Totals) -> gaps.Totals:
    """What was read, as the analysis counts it: an own post is a text of one passage."""
    return gaps.Totals(
        found.posts,
        found.people,
        found.words,
        found.texts + found.own_posts,
        found.passages + found.own_posts,
        found.brand_words,
        found.nameless,
    )


class _Words:
    """The words that may be shown; what must be known of them is asked as soon as it is clear which
    they may be."""

    def __init__(
        self,
        archive: Archive,
        scope: Scope,
        counts: TermCounts,
        heard: gaps.Totals,
        asked: Executor,
        finalists: OneByOne | None,
    ) -> None:
        self._archive, self._scope, self._counts, self._heard = archive, scope, counts, heard
        self._apart = tell_apart(counts)
        self.ids = candidates(counts, self._apart, Thresholds())
        if finalists:  # of the others only an estimate is known
            self.ids = self.ids[np.isin(self.ids, finalists.ids)]
            self._counted = asked.submit(lambda: finalists)
        else:
            self._counted = asked.submit(one_by_one, archive, scope, self.ids)
        self._called = asked.submit(asking.terms, archive, self.ids.tolist())

    def read(self, sample: Sample, ours: Tones) -> tuple[Word, ...]:
        """The words. People are counted in the sample first: where five of them use a word there, no
        more need be counted, and most words that matter are used by many."""
        limits, people = Thresholds(), people_in_sample(sample, self.ids)
        tones = self._counted.result().tones_of(self.ids)
        known = details(self.ids, self._called.result(), tones, ours, people)
        asked = doubtful(self._counts, self._apart, known, self._heard, limits)
        if len(asked) and len(sample) < self._heard.posts:
            known = known.with_people(asked, counted_people(self._archive, self._scope, asked))
        return words_of(self._counts, self._apart, known, self._heard, limits)


@dataclass(frozen=True)
class Changed:
    """Customers' words in two periods, and how many posts were read in each. `short`: so few in one of
    them that their words are no measure; without words that is no sameness."""

    words: tuple[Word, ...]
    now: int
    before: int
    short: bool


def changed_words(archive: Archive, now: Scope, before: Scope, names: Iterable[Name]) -> Changed:
    """Customers' words in two periods side by side, the earlier one in the brand's place; no words
    with too little in either. People are all counted."""
    limits = Thresholds()
    posts = [volume(archive, each).between(each.since, each.until).posts for each in (now, before)]
    heard = gaps.Totals(posts[0], posts[0], posts[0], 1, posts[1], posts[1])
    short = min(posts) < limits.few_posts
    if gaps.shortage_of(heard, limits):
        return Changed((), posts[0], posts[1], short)
    leave_out = left_out_terms(archive, names)
    heard_now, heard_before = (
        heard_in(archive, scope, n) for scope, n in zip((now, before), posts, strict=True)
    )
    counts = side_by_side(heard_now.docs, heard_before.docs, leave_out)
    finalists: list[OneByOne] = []
    if heard_now.drawn or heard_before.drawn:
        ids = worth_counting(counts)
        finalists = [one_by_one(archive, scope, ids) for scope in (now, before)]
        counts = counts.counted(ids, they=finalists[0].docs, we=finalists[1].docs)
    apart = tell_apart(counts)
    ids = candidates(counts, apart, limits)
    if finalists:
        ids = ids[np.isin(ids, finalists[0].ids)]
    else:
        finalists = [one_by_one(archive, scope, ids) for scope in (now, before)]
    felt, felt_before = (each.tones_of(ids) for each in finalists)
    called = asking.terms(archive, ids.tolist())
    known = details(ids, called, felt, felt_before, counted_people(archive, now, ids))
    return Changed(words_of(counts, apart, known, heard, limits), posts[0], posts[1], short)


def with_people(archive: Archive, reading: GapReading) -> GapReading:
    """The same reading, everybody behind each word counted: for a list that says how many."""
    gap = reading.gap
    if not gap.words:
        return reading
    ids = np.array(sorted(word.id for word in gap.words), np.int64)
    counts = (row.tolist() for row in people_behind(archive, reading.scope, ids))
    known = dict(zip(ids.tolist(), zip(*counts, strict=True), strict=True))
    words = tuple(
        replace(word, they_people=known[word.id][0], they_nameless=known[word.id][1])
        for word in gap.words
    )
    return replace(reading, gap=gaps.gap_of(words, gap.score, gap.totals, gap.thresholds))
