"""Reading the brand gap from the archive: counts in, a gap, its months and its products out. Knows no database."""

from collections.abc import Iterable, Sequence
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
    dated_brand_documents,
    month_starts,
    posts_by_month,
)
from openroads.archive.scope import Scope

SAMPLE = 6_000
"""Customers' posts drawn for the chance band; more changes its ends by less than a point."""
VOCABULARY = 1_500
"""Most used words that months and products are compared on: the score hardly moves beyond them."""
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
    limits = Thresholds()
    shortage = gaps.shortage_of(read, limits)
    if shortage:
        return GapReading(scope, Gap(read, limits, shortage, None), left_out)
    names_out = left_out_terms(archive, names)
    counts = _counts(archive, scope, limits, names_out)
    theirs, ours = (
        asking.sample_documents(archive, scope, SAMPLE),
        asking.brand_documents(archive, scope),
    )
    gap = gaps.assemble_gap(
        counts,
        read,
        they_sample=Documents.of_ids(theirs.offsets, theirs.terms, counts.ids),
        we_documents=Documents.of_ids(ours.offsets, ours.terms, counts.ids),
        leave_out=names_out,
    )
    months = _months(archive, scope, names_out)
    return GapReading(
        scope,
        gap,
        left_out,
        months,
        _year_ago(archive, scope, names_out),
        tuple((product, _product(archive, scope, product, names_out)) for product in products),
    )


def left_out_terms(archive: Archive, names: Iterable[Name]) -> frozenset[int]:
    """Terms that are nothing but the name of a brand or product."""
    found = (
        asking.term_id(archive, key)
        for key in sorted({_name_key(name) for name in names if name.forms})
    )
    return frozenset(term for term in found if term is not None)


def _name_key(name: Name) -> str:
    """The grouping key the analyser gives a recognised name."""
    return " ".join(name.forms[0].split())


def words_of(archive: Archive, theirs: Scope, ours: Scope) -> tuple[TermCounts, tuple[int, int]]:
    """Customers' words in two scopes side by side, the second in the brand's place, and posts in both."""
    first = asking.term_counts(archive, theirs)
    second = asking.term_counts(archive, ours)
    posts = tuple(
        sum(row.posts for row in posts_by_month(archive, each)) for each in (theirs, ours)
    )
    return _side_by_side(archive, theirs, first, second, Thresholds()), (posts[0], posts[1])


def _counts(archive: Archive, scope: Scope, limits: Thresholds, out: frozenset[int]) -> TermCounts:
    theirs = asking.term_counts(archive, scope, least=2)
    ours = asking.brand_term_counts(archive, scope)
    return _side_by_side(archive, scope, theirs, ours, limits)


def _side_by_side(
    archive: Archive,
    scope: Scope,
    theirs: asking.TermCounts,
    ours: asking.TermCounts,
    limits: Thresholds,
) -> TermCounts:
    """Both sides over one vocabulary: words rarer than anything that could be shown are left out."""
    least = min(limits.min_posts, limits.min_passages)
    ids: Ids = np.union1d(theirs.term, ours.term).astype(np.int64)
    they = [
        _aligned(ids, theirs.term, each) for each in (theirs.docs, theirs.positive, theirs.negative)
    ]
    we = [_aligned(ids, ours.term, each) for each in (ours.docs, ours.positive, ours.negative)]
    kept = np.flatnonzero(they[0] + we[0] >= least)
    ids, they, we = ids[kept], [each[kept] for each in they], [each[kept] for each in we]
    known = {term.id: term for term in asking.terms(archive, ids.tolist())}
    people = _people(archive, scope, ids, they[0], we[0], limits)
    words = [known.get(int(term)) for term in ids]
    return TermCounts(
        ids,
        [word.key if word else "" for word in words],
        [word.shown if word else "" for word in words],
        [word.language if word else "" for word in words],
        *they,
        people,
        *we,
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


def _months(archive: Archive, scope: Scope, out: frozenset[int]) -> tuple[GapPoint, ...]:
    """The gap of the twelve calendar months that end with the scope's last day."""
    last = scope.until - timedelta(days=1)
    since = _months_back(last, 11)
    year = replace(scope, since=since, until=scope.until)
    starts = month_starts(since, scope.until)
    rows = asking.term_counts_by_month(archive, year)
    ours = dated_brand_documents(archive, year)
    vocabulary = _most_used(rows.term.astype(np.int64), rows.docs, ours.documents, out)
    they = np.zeros((len(starts), len(vocabulary)), dtype=np.int64)
    place = {np.datetime64(start): row for row, start in enumerate(starts)}
    column = np.searchsorted(vocabulary, rows.term)
    column = np.minimum(column, max(len(vocabulary) - 1, 0))
    known = vocabulary[column] == rows.term if len(vocabulary) else np.zeros(len(rows), bool)
    month = np.array(
        [place.get(each, -1) for each in rows.month.astype("datetime64[D]")], dtype=np.int64
    )
    known &= month >= 0
    np.add.at(they, (month[known], column[known]), rows.docs[known])
    documents = Documents.of_ids(ours.documents.offsets, ours.documents.terms, vocabulary)
    we, passages = _ours_by_month(
        documents, ours.since, ours.until, starts, scope.until, len(vocabulary)
    )
    posts = {row.month: row.posts for row in posts_by_month(archive, year)}
    return gap_series(starts, they, we, [posts.get(start, 0) for start in starts], passages)


def _ours_by_month(
    documents: Documents,
    since: NDArray[np.datetime64],
    until: NDArray[np.datetime64],
    starts: Sequence[date],
    end: date,
    words: int,
) -> tuple[NDArray[np.int64], list[int]]:
    """What the brand said in each month: passages that stood on some day of it; shape (months, words)."""
    counts = np.zeros((len(starts), words), dtype=np.int64)
    passages = []
    lengths = np.diff(documents.offsets)
    for row, start in enumerate(starts):
        after = starts[row + 1] if row + 1 < len(starts) else end
        stood = (since < np.datetime64(after)) & (until > np.datetime64(start))
        chosen = np.repeat(stood, lengths)
        counts[row] = np.bincount(documents.terms[chosen], minlength=words)
        passages.append(int(stood.sum()))
    return counts, passages


def _most_used(
    terms: Ids, docs: NDArray[np.int64], ours: asking.Documents, out: frozenset[int]
) -> Ids:
    """The most used terms of both sides together, sorted by id; names are left out."""
    every = np.concatenate((terms, ours.terms.astype(np.int64)))
    weight = np.concatenate(
        (docs.astype(np.float64), np.ones(len(ours.terms)) * _balance(docs, ours))
    )
    ids, place = np.unique(every, return_inverse=True)
    use = np.bincount(place, weights=weight)
    use[np.isin(ids, np.fromiter(out, np.int64, len(out)))] = 0
    chosen = np.argsort(-use, kind="stable")[:VOCABULARY]
    return np.sort(ids[chosen[use[chosen] > 0]])


def _balance(docs: NDArray[np.int64], ours: asking.Documents) -> float:
    """What one passage weighs against one post, so that both sides choose half of the vocabulary."""
    return float(docs.sum()) / max(len(ours.terms), 1)


def _months_back(day: date, months: int) -> date:
    """The first of the month that many months before the month of `day`."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def _year_ago(archive: Archive, scope: Scope, out: frozenset[int]) -> Score | None:
    back = timedelta(weeks=52)
    return _plain(archive, replace(scope, since=scope.since - back, until=scope.until - back), out)[
        2
    ]


def _product(archive: Archive, scope: Scope, product: int, out: frozenset[int]) -> GapPoint:
    one = replace(scope, products=(product,))
    posts, passages, score = _plain(archive, one, out)
    return GapPoint(scope.since, posts, passages, score)


def _plain(archive: Archive, scope: Scope, out: frozenset[int]) -> tuple[int, int, Score | None]:
    """Posts, passages and score of a scope, from counts alone."""
    theirs = asking.term_counts(archive, scope, least=2)
    ours = asking.brand_documents(archive, scope)
    posts = sum(row.posts for row in posts_by_month(archive, scope))
    vocabulary = _most_used(theirs.term.astype(np.int64), theirs.docs, ours, out)
    if not len(vocabulary):
        return posts, len(ours), None
    known = np.isin(theirs.term, vocabulary)
    they = np.zeros(len(vocabulary), dtype=np.int64)
    they[np.searchsorted(vocabulary, theirs.term[known])] = theirs.docs[known]
    we = Documents.of_ids(ours.offsets, ours.terms, vocabulary).counts(len(vocabulary))
    return posts, len(ours), score_of_counts(they, we, posts=posts, passages=len(ours))


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
        posts_with_term(archive, scope, term, None, posts) if posts else (),
        passages_with_term(archive, scope, term, limit=1) if posts else (),
    )
