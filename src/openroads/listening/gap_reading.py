"""Reading the brand gap from the archive: counts in, a gap, its months and its products out. Knows no database."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from openroads.analysis import gap as gaps
from openroads.analysis.divergence import Documents
from openroads.analysis.gap import Gap, Score, TermCounts, Thresholds
from openroads.analysis.gap_views import GapPoint, gap_series, score_of_counts
from openroads.analysis.pipeline import Name
from openroads.archive.client import Archive
from openroads.archive.queries import gap as asking
from openroads.archive.queries.posts import OwnWords, Quote, passages_with_term, posts_with_term
from openroads.archive.queries.timeline import (
    DatedDocuments,
    dated_brand_documents,
    month_starts,
    posts_by_month,
)
from openroads.archive.scope import Scope

SAMPLE = 6_000
"""Customers' posts drawn for the chance band; more changes its ends by less than a point."""
VOCABULARY = 1_500
"""Most used words that months and products are compared on: the score hardly moves beyond them."""
DRAWS = 50
"""Draws for the band of a month or product: drawn small, read to a whole figure."""
YEAR = timedelta(weeks=52)
AT_ONCE = 3
"""Parts of a reading made side by side; the archive keeps four readers."""
NEWEST = 24
GLANCE = 180
"""Characters of a quote beside a figure; the newest of `NEWEST` posts that are that short are shown."""
CANDIDATES = 600
"""Words for which people are counted: the surest of both sides, and the most used ones."""

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class LeftOut:
    """Posts that do not count as what customers say."""

    reposts: int
    copies: int
    own: int


@dataclass(frozen=True)
class GapReading:
    """The gap of a scope with everything the page says about it."""

    scope: Scope
    gap: Gap
    left_out: LeftOut
    months: tuple[GapPoint, ...] = ()
    year_ago: Score | None = None
    products: tuple[tuple[int, GapPoint], ...] = ()


@dataclass(frozen=True)
class Drilled:
    """One word with its people and what the brand says with it."""

    id: int
    key: str
    shown: str
    language: str
    side: str
    posts_in_all: int
    people: int
    posts: Sequence[Quote]
    passages: Sequence[OwnWords]


def read_gap(
    archive: Archive, scope: Scope, products: Sequence[int], names: Iterable[Name]
) -> GapReading:
    """The gap in `scope`, its last twelve months, the same a year ago, and each of `products`.

    The names of the company's own brands and products are left out: that people name a thing they
    speak about is no finding.
    """
    totals = asking.totals(archive, scope)
    left_out = LeftOut(totals.left_out_reposts, totals.left_out_duplicates, totals.left_out_own)
    read = gaps.Totals(
        totals.posts,
        totals.people,
        totals.words,
        totals.texts + totals.own_posts,
        totals.passages + totals.own_posts,
        totals.brand_words,
    )
    shortage = gaps.shortage_of(read, Thresholds())
    if shortage:
        return GapReading(scope, Gap(read, Thresholds(), shortage, None), left_out)
    names_out = left_out_terms(archive, names)
    past = replace(scope, since=scope.since - YEAR, until=scope.until - YEAR)
    since = min(past.since, _months_back(scope.until - timedelta(days=1), 11))
    ours = Ours(dated_brand_documents(archive, replace(scope, since=since)))
    theirs = _theirs(archive, scope, ours)
    # One vocabulary for months, products and the year before, so that they compare.
    words = _most_used(theirs, ours.terms(ours.stood(since, scope.until)), names_out)
    # Each part asks the archive a few questions and then counts: while one waits, another counts.
    with ThreadPoolExecutor(AT_ONCE) as parts:
        gap = parts.submit(_gap, archive, scope, theirs, ours, read, names_out)
        months = parts.submit(_months, archive, scope, ours, words)
        before = parts.submit(_score, archive, past, ours, words)
        each = [
            parts.submit(_score, archive, replace(scope, products=(product,)), ours, words)
            for product in products
        ]
        return GapReading(
            scope,
            gap.result(),
            left_out,
            months.result(),
            before.result()[2],
            tuple(
                (product, GapPoint(scope.since, *one.result()))
                for product, one in zip(products, each, strict=True)
            ),
        )


class Ours:
    """What the brand said, with its days, read once and looked at for every period and product."""

    def __init__(self, dated: DatedDocuments) -> None:
        self._dated = dated
        self._lengths = np.diff(dated.documents.offsets)

    def stood(self, since: date, until: date, products: Sequence[int] = ()) -> NDArray[np.bool_]:
        """Which documents stood on some day of the period and are about one of the products."""
        found = (self._dated.since < np.datetime64(until)) & (
            self._dated.until > np.datetime64(since)
        )
        if products:
            wanted = frozenset(products)
            found &= np.array([bool(wanted & about) for about in self._dated.products], dtype=bool)
        return np.asarray(found)

    def terms(self, stood: NDArray[np.bool_]) -> Ids:
        """Term ids of the documents chosen, one after the other."""
        return self._dated.documents.terms[np.repeat(stood, self._lengths)].astype(np.int64)

    def counts(self, stood: NDArray[np.bool_]) -> asking.TermCounts:
        """Documents per term among those chosen, and how many of them are positive and negative."""
        chosen = self.terms(stood)
        ids, place = np.unique(chosen, return_inverse=True)
        moods = np.repeat(self._dated.mood[stood], self._lengths[stood])
        return asking.TermCounts(
            ids.astype(np.uint32),
            np.bincount(place, minlength=len(ids)),
            np.bincount(place, weights=moods == 1, minlength=len(ids)).astype(np.int64),
            np.bincount(place, weights=moods == -1, minlength=len(ids)).astype(np.int64),
        )

    def documents(self, stood: NDArray[np.bool_], vocabulary: Ids) -> Documents:
        """The documents chosen as indices into a vocabulary."""
        offsets = np.concatenate(([0], np.cumsum(self._lengths[stood])))
        return Documents.of_ids(offsets, self.terms(stood), vocabulary)


def left_out_terms(archive: Archive, names: Iterable[Name]) -> frozenset[int]:
    """Terms that are nothing but the name of a brand or product."""
    keys = sorted({key for name in names if name.forms for key in _name_keys(name)})
    return frozenset(asking.term_ids(archive, keys).values())


def _name_keys(name: Name) -> set[str]:
    """The grouping keys a name can come in: as recognised, and its last word as an ordinary word,
    for a product people call "the Kade" where no form of it was recognised."""
    whole = " ".join(name.forms[0].split())
    return {whole, whole.lower(), whole.split()[-1].lower()}


def words_of(archive: Archive, theirs: Scope, ours: Scope) -> tuple[TermCounts, tuple[int, int]]:
    """Customers' words in two scopes side by side, the second in the brand's place, and posts in both."""
    first, second = asking.term_counts(archive, theirs), asking.term_counts(archive, ours)
    posts = [sum(row.posts for row in posts_by_month(archive, each)) for each in (theirs, ours)]
    return _side_by_side(archive, theirs, first, second), (posts[0], posts[1])


def _theirs(archive: Archive, scope: Scope, ours: Ours) -> asking.TermCounts:
    """Customers' words: those used often enough to be shown, and those that are ours, however rare."""
    least = min(Thresholds().min_posts, Thresholds().min_passages)
    common = asking.term_counts(archive, scope, least=least)
    own = ours.counts(ours.stood(scope.since, scope.until, scope.products))
    rare = np.setdiff1d(own.term[own.docs >= least], common.term)
    if not len(rare):
        return common
    found = asking.term_counts(archive, scope, terms=rare.tolist())
    return asking.TermCounts(
        np.concatenate((common.term, found.term)),
        np.concatenate((common.docs, found.docs)),
        np.concatenate((common.positive, found.positive)),
        np.concatenate((common.negative, found.negative)),
    )


def _gap(
    archive: Archive,
    scope: Scope,
    theirs: asking.TermCounts,
    ours: Ours,
    read: gaps.Totals,
    out: frozenset[int],
) -> Gap:
    stood = ours.stood(scope.since, scope.until, scope.products)
    counts = _side_by_side(archive, scope, theirs, ours.counts(stood))
    sample = asking.sample_documents(archive, scope, SAMPLE)
    return gaps.assemble_gap(
        counts,
        read,
        they_sample=Documents.of_ids(sample.offsets, sample.terms, counts.ids),
        we_documents=ours.documents(stood, counts.ids),
        leave_out=out,
    )


def _side_by_side(
    archive: Archive, scope: Scope, theirs: asking.TermCounts, ours: asking.TermCounts
) -> TermCounts:
    """Both sides over one vocabulary: words rarer than anything that could be shown are left out."""
    limits = Thresholds()
    least = min(limits.min_posts, limits.min_passages)
    ids: Ids = np.union1d(theirs.term, ours.term).astype(np.int64)
    they = [
        _aligned(ids, theirs.term, each) for each in (theirs.docs, theirs.positive, theirs.negative)
    ]
    we = [_aligned(ids, ours.term, each) for each in (ours.docs, ours.positive, ours.negative)]
    kept = np.flatnonzero(they[0] + we[0] >= least)
    ids, they, we = ids[kept], [each[kept] for each in they], [each[kept] for each in we]
    known = {term.id: term for term in asking.terms(archive, ids.tolist())}
    words = [known.get(int(term)) for term in ids]
    return TermCounts(
        ids,
        [word.key if word else "" for word in words],
        [word.shown if word else "" for word in words],
        [word.language if word else "" for word in words],
        they[0],
        they[1],
        they[2],
        _people(archive, scope, ids, they[0], we[0], limits),
        we[0],
        we[1],
        we[2],
    )


def _aligned(ids: Ids, terms: NDArray[np.uint32], counts: NDArray[np.int64]) -> Ids:
    """Counts in the order of `ids` (sorted), 0 where a term is absent."""
    found = np.zeros(len(ids), dtype=np.int64)
    found[np.searchsorted(ids, terms.astype(np.int64))] = counts
    return found


def _people(
    archive: Archive, scope: Scope, ids: Ids, they: Ids, we: Ids, limits: Thresholds
) -> Ids:
    """People per term for the terms that could be shown; counting them for all would cost more than it tells.

    TRICKY: a term said once by somebody is rarely said by ten others; it is the candidates, not the
    whole vocabulary, whose authors matter.
    """
    worth = np.flatnonzero(they >= limits.min_posts)
    if len(worth) > CANDIDATES:
        total_they, total_we = max(int(they.sum()), 1), max(int(we.sum()), 1)
        apart = np.abs(np.log((they + 1) / total_they) - np.log((we + 1) / total_we)) * np.sqrt(
            they + 1
        )
        both = np.where(we >= limits.min_passages, they + 1.0, 0.0)
        first = worth[np.argsort(-apart[worth], kind="stable")[: CANDIDATES * 2 // 3]]
        second = worth[np.argsort(-both[worth], kind="stable")[: CANDIDATES // 3]]
        worth = np.union1d(first, second)
    rows = asking.term_people(archive, scope, ids[worth].tolist())
    people = np.zeros(len(ids), dtype=np.int64)
    people[np.searchsorted(ids, rows.term.astype(np.int64))] = rows.people
    return people


def _months(archive: Archive, scope: Scope, ours: Ours, vocabulary: Ids) -> tuple[GapPoint, ...]:
    """The gap of the twelve calendar months that end with the scope's last day."""
    since = _months_back(scope.until - timedelta(days=1), 11)
    year = replace(scope, since=since)
    starts = month_starts(since, scope.until)
    rows = asking.term_counts_by_month(archive, year, vocabulary.tolist())
    they = np.zeros((len(starts), len(vocabulary)), dtype=np.int64)
    we = np.zeros_like(they)
    passages = []
    for row, start in enumerate(starts):
        month = rows.month == np.datetime64(start)
        they[row] = _of(vocabulary, rows.term[month], rows.docs[month])
        after = starts[row + 1] if row + 1 < len(starts) else scope.until
        stood = ours.stood(start, after, scope.products)
        counts = ours.counts(stood)
        we[row] = _of(vocabulary, counts.term, counts.docs)
        passages.append(int(stood.sum()))
    posts = {row.month: row.posts for row in posts_by_month(archive, year)}
    counted = [posts.get(start, 0) for start in starts]
    return gap_series(starts, they, we, counted, passages, draws=DRAWS)


def _score(
    archive: Archive, scope: Scope, ours: Ours, vocabulary: Ids
) -> tuple[int, int, Score | None]:
    """Posts, passages and score of a scope, from counts alone."""
    theirs = asking.term_counts(archive, scope, terms=vocabulary.tolist())
    stood = ours.stood(scope.since, scope.until, scope.products)
    we = ours.counts(stood)
    posts, passages = sum(row.posts for row in posts_by_month(archive, scope)), int(stood.sum())
    score = score_of_counts(
        _of(vocabulary, theirs.term, theirs.docs),
        _of(vocabulary, we.term, we.docs),
        posts=posts,
        passages=passages,
        draws=DRAWS,
    )
    return posts, passages, score


def _of(vocabulary: Ids, terms: NDArray[np.uint32], counts: NDArray[np.int64]) -> Ids:
    """Counts in the order of a sorted vocabulary; other terms are left out."""
    known = np.isin(terms, vocabulary)
    return _aligned(vocabulary, terms[known], counts[known])


def _most_used(theirs: asking.TermCounts, ours: Ids, out: frozenset[int]) -> Ids:
    """The most used terms of both sides together, sorted by id; names are left out.

    A passage of ours weighs as much as it takes for both sides to choose half of the vocabulary.
    """
    weight = float(theirs.docs.sum()) / max(len(ours), 1)
    every = np.concatenate((theirs.term.astype(np.int64), ours))
    ids, place = np.unique(every, return_inverse=True)
    use = np.bincount(place, weights=np.concatenate((theirs.docs, np.full(len(ours), weight))))
    use[np.isin(ids, np.fromiter(out, np.int64, len(out)))] = 0
    chosen = np.argsort(-use, kind="stable")[:VOCABULARY]
    return np.sort(ids[chosen[use[chosen] > 0]])


def _months_back(day: date, months: int) -> date:
    """The first of the month that many months before the month of `day`."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def telling(posts: Sequence[Quote], most: int) -> list[Quote]:
    """The newest posts short enough to be read at a glance; longer ones only where there is no other.

    One post a person: two quotes are two people.
    """
    chosen: dict[object, Quote] = {}
    for post in sorted(posts, key=lambda each: len(each.text) > GLANCE or len(each.text) < 30):
        chosen.setdefault(post.author_key or post.id, post)
    return list(chosen.values())[:most]


def drill(
    archive: Archive, scope: Scope, reading: GapReading, key: str, *, posts: int = 2
) -> Drilled | None:
    """The people behind a word and what the brand says with it; None for a word nobody ever used."""
    word = next((each for each in reading.gap.words if each.key == key), None)
    term = word.id if word else asking.term_id(archive, key)
    if term is None:
        return None
    shown, language, side = (word.shown, word.language, word.side) if word else ("", "", "both")
    if word is None:
        known = asking.terms(archive, [term])
        shown, language = (known[0].shown, known[0].language) if known else (key, "")
    people = asking.term_people(archive, scope, [term])
    return Drilled(
        term,
        key,
        shown,
        language,
        side,
        int(people.posts[0]) if len(people) else 0,
        int(people.people[0]) if len(people) else 0,
        telling(posts_with_term(archive, scope, term, None, NEWEST), posts) if posts else (),
        passages_with_term(archive, scope, term, limit=1) if posts else (),
    )
