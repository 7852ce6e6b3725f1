"""Scores over one vocabulary: of a period, its months, its products and the year before. Knows no database."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from openroads.analysis import gap as gaps
from openroads.analysis.divergence import Documents
from openroads.analysis.gap import Score, TermCounts, Thresholds
from openroads.analysis.gap_views import GapPoint, gap_series, score_of_counts
from openroads.archive.queries.documents import Sample
from openroads.archive.queries.gap import DocsByProduct, DocsByStretch, OfTerms
from openroads.archive.queries.timeline import month_starts
from openroads.archive.queries.totals import Volume
from openroads.archive.scope import Scope
from openroads.listening.gap_counting import Ids, Ours, added, placed


class Headline:
    """The score of a period from whole documents. All that is drawn by chance is drawn when this is made,
    which may be while the archive still counts what people said."""

    def __init__(
        self, ours: Ours, vocabulary: Ids, scope: Scope, heard: gaps.Totals, sample: Sample
    ) -> None:
        self._vocabulary = vocabulary
        stood = ours.stood(scope.since, scope.until, scope.products)
        self._we = ours.documents(stood, vocabulary)
        drawn = Documents.of_ids(sample.offsets, sample.terms, vocabulary)
        self._shuffles = gaps.shuffles_of(len(vocabulary), heard, drawn, self._we)

    def score(self, they: Ids) -> Score:
        """The score; `they` are the customers' posts per word of the vocabulary."""
        we = self._we.counts(len(they)).astype(np.int64)
        counts = TermCounts(self._vocabulary, they, we)
        return gaps.score_of(counts, self._we, self._shuffles, Thresholds())


class Compared:
    """Scores of other periods and of products, from counts alone."""

    def __init__(self, ours: Ours, vocabulary: Ids, posted: Volume) -> None:
        self._vocabulary, self._posted = vocabulary, posted
        self._ours = ours.within(vocabulary)

    def months(self, year: Scope, found: DocsByStretch) -> tuple[GapPoint, ...]:
        """The gap of each calendar month, the last one up to the last day of the scope."""
        starts = month_starts(year.since, year.until)
        size = len(self._vocabulary)
        spans = list(zip(starts, [*starts[1:], year.until], strict=True))
        we = [self._ours.counts(*span, year.products) for span in spans]
        return gap_series(
            starts,
            np.array([self._they(found.between(*span)) for span in spans]).reshape(-1, size),
            np.array([counts for counts, _ in we]),
            [self._posted.between(*span).posts for span in spans],
            [stood for _, stood in we],
        )

    def point(self, scope: Scope, found: OfTerms) -> GapPoint:
        """The gap of one other period."""
        posts = self._posted.between(scope.since, scope.until).posts
        return self._point(scope.since, scope.until, found, posts, scope.products)

    def product(self, scope: Scope, product: int, found: DocsByProduct) -> GapPoint:
        """The gap of a product in the period of a scope."""
        own = found.product == product
        parts = OfTerms(found.term[own], found.docs[own])
        posts = self._posted.between(scope.since, scope.until, product=product).posts
        return self._point(scope.since, scope.until, parts, posts, (product,))

    def _point(
        self, since: date, until: date, found: OfTerms, posts: int, products: Sequence[int]
    ) -> GapPoint:
        they = self._they(found)
        we, stood = self._ours.counts(since, until, products)
        return GapPoint(since, posts, stood, score_of_counts(they, we, posts=posts, passages=stood))

    def _they(self, found: OfTerms) -> Ids:
        """Customers' posts per word of the vocabulary."""
        place, known = placed(self._vocabulary, found.term)
        return added(place, found.docs[known], len(self._vocabulary))
