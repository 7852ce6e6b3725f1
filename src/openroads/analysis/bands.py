"""How sure a gap score is: the band that chance alone gives, and the interval of the score."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openroads.analysis.divergence import Documents, Figures, Indices, gap_score
from openroads.analysis.intervals import normal_quantile

SHUFFLES = 200
"""Shuffles of documents for the chance band, whose ends are quantiles."""
RESAMPLES = 60
"""Resamples for an interval: enough for a standard deviation (within 9%)."""
SPREAD_DRAWS = 6
"""Draws per term for an interval from counts alone. Terms are independent, so the spreads of many
hundred terms add up to one that is sure to a few per cent."""
CHANCE_DRAWS = 12
"""The same for a chance band, whose middle is drawn too: sure to a third of the spread."""


@dataclass(frozen=True, slots=True)
class Band:
    """Ends of an interval on the scale of the gap score, 0..1."""

    low: float
    high: float


NOTHING_KNOWN = Band(0.0, 1.0)


class _Drawing:
    """Documents from which some are drawn again and again, over the words they use."""

    def __init__(self, documents: Documents, vocabulary: int) -> None:
        used = np.zeros(vocabulary, dtype=np.bool_)
        used[documents.terms] = True
        self.words = np.flatnonzero(used)
        """Indices into the vocabulary; the counts of a draw are over these."""
        place = np.zeros(vocabulary, dtype=np.int32)
        place[self.words] = np.arange(len(self.words), dtype=np.int32)
        self._terms = place[documents.terms]
        self._starts = documents.offsets[:-1].astype(np.int32)
        self._lengths = np.diff(documents.offsets).astype(np.int32)

    def counts(self, chosen: Indices) -> Indices:
        """Documents per word among those chosen; a document drawn twice counts twice.

        One draw at a time: its arrays stay in the processor's cache, which is many times faster
        than all draws in one table.
        """
        lengths = self._lengths[chosen]
        ends = np.cumsum(lengths, dtype=np.int32)
        places = np.repeat(self._starts[chosen] - (ends - lengths), lengths)
        places += np.arange(len(places), dtype=np.int32)
        return np.bincount(self._terms[places], minlength=len(self.words))


Shares = NDArray[np.float32]
"""Shares in single precision, whose logarithms are four times as quick: a score of thousands of them
is off by less than a millionth, and the bands are read to a hundredth."""
_LEAST = np.float32(1e-30)


def _surprise(share: Shares, middle: Shares) -> Shares:
    """share log2(share / middle), with 0 log 0 = 0."""
    ratio = share / np.maximum(middle, _LEAST)
    np.log2(np.maximum(ratio, _LEAST, out=ratio), out=ratio)
    ratio *= share
    return np.asarray(ratio)


def _score_of_shares(p: Shares, q: Shares, besides: float = 0.0) -> float:
    """Gap score of two distributions; `besides` are bits of words that are in neither."""
    m = (p + q) * np.float32(0.5)
    bits = _surprise(p, m).sum(dtype=np.float64) + _surprise(q, m).sum(dtype=np.float64) + besides
    return float(np.sqrt(min(max(float(bits) / 2.0, 0.0), 1.0)))


def _shares(counts: ArrayLike, total: float) -> Shares:
    return np.asarray(np.asarray(counts) / max(total, 1.0), dtype=np.float32)


class Shuffles:
    """Whole documents that change sides, again and again: as many as the brand has, drawn from everybody's, so
    that words that come together stay together.

    What is drawn does not hang on the exact counts of all documents, so it can be drawn while those are
    still being counted. `they_sample` is a random sample of the `they_documents` documents of others, and
    stands for the whole. `we` are the brand's documents; both use words of a `vocabulary` of so many. Same
    seed, same shuffles.
    """

    def __init__(
        self, they_documents: int, they_sample: Documents, we: Documents, vocabulary: int, *,
        draws: int = SHUFFLES, seed: int = 1,
    ) -> None:  # fmt: skip
        self._own = we.counts(vocabulary)
        self._drawn: list[tuple[Indices, Indices]] = []
        """Of each draw the words in it, as indices into the vocabulary, and their documents."""
        n = len(we)
        if not n or not len(they_sample):
            return
        both = _Drawing(
            Documents(
                np.concatenate((we.offsets, they_sample.offsets[1:] + we.offsets[-1])),
                np.concatenate((we.terms, they_sample.terms)),
            ),
            vocabulary,
        )
        random = np.random.default_rng(seed)
        for own in random.hypergeometric(n, max(they_documents, 1), n, size=draws):
            rest = n - int(own)
            repeat = rest > len(they_sample)
            chosen = np.concatenate(
                (
                    random.choice(n, own, replace=False),
                    n + random.choice(len(they_sample), rest, replace=repeat),
                )
            )
            counts = both.counts(chosen)
            words = np.flatnonzero(counts)
            self._drawn.append((both.words[words], counts[words]))

    def band(self, they_counts: ArrayLike, *, confidence: float = 0.95) -> Band:
        """The gap scores that the shuffles give against the rest of everybody's documents; `they_counts` are
        exact counts over all documents of others."""
        if not self._drawn:
            return NOTHING_KNOWN
        pool = np.asarray(they_counts, dtype=np.float64) + self._own
        everything = float(pool.sum())
        scores = [
            _against_the_rest(counts, pool[words], everything) for words, counts in self._drawn
        ]
        low, high = np.quantile(scores, ((1 - confidence) / 2, (1 + confidence) / 2))
        return Band(float(low), float(high))


def chance_band(
    they_counts: ArrayLike,
    they_documents: int,
    they_sample: Documents,
    we: Documents,
    *,
    draws: int = SHUFFLES,
    seed: int = 1,
    confidence: float = 0.95,
) -> Band:
    """The gap scores that shuffled documents give, by a permutation test; see `Shuffles`."""
    counts = np.asarray(they_counts, dtype=np.float64)
    shuffled = Shuffles(they_documents, they_sample, we, len(counts), draws=draws, seed=seed)
    return shuffled.band(counts, confidence=confidence)


def _against_the_rest(counts: Indices, pool: Figures, everything: float) -> float:
    """Gap score of drawn counts against what is left of the pool.

    Words that were not drawn add half their share on the other side, so that logarithms are taken
    for the others only.
    """
    left = float(counts.sum())
    right = everything - left
    if left <= 0 or right <= 0:
        return 0.0
    others = np.maximum(pool - counts, 0.0)
    unseen = max(1.0 - float(others.sum()) / right, 0.0)
    return _score_of_shares(_shares(counts, left), _shares(others, right), unseen)


def score_interval(
    they_counts: ArrayLike,
    we: Documents,
    *,
    draws: int = RESAMPLES,
    seed: int = 2,
    confidence: float = 0.95,
) -> Band:
    """Interval of the gap score, as wide as a bootstrap is spread: the brand's documents drawn again
    with return, customers' counts as Poisson.

    The brand's few documents carry nearly all of the uncertainty; for the customers' many posts a
    Poisson count per term has the right variance without carrying the posts. The interval lies round
    the score itself.

    TRICKY: resampling adds sampling noise once more, and noise only ever widens a gap: the resampled
    scores lie above the score they are of. Their spread is right, their place is not.
    """
    counts = np.asarray(they_counts, dtype=np.float64)
    n = len(we)
    if not n or not len(counts):
        return NOTHING_KNOWN
    own = _Drawing(we, len(counts))
    # Words only the customers use add half their share, whichever words they are: one sum of them.
    theirs = np.append(counts[own.words], max(counts.sum() - counts[own.words].sum(), 0.0))
    random = np.random.default_rng(seed)
    scores = np.empty(draws)
    for draw in range(draws):
        drawn = np.append(own.counts(random.integers(0, n, n)), 0)
        they = _poisson(random, theirs, 1)[0]
        p, q = _shares(they, float(they.sum())), _shares(drawn, float(drawn.sum()))
        scores[draw] = _score_of_shares(p, q)
    return _round_the_score(
        float(gap_score(counts, we.counts(len(counts)))), float(scores.std(ddof=1)), confidence
    )


def _round_the_score(score: float, deviation: float, confidence: float) -> Band:
    half = normal_quantile(confidence) * deviation
    return Band(max(score - half, 0.0), min(score + half, 1.0))


def _poisson(random: np.random.Generator, means: Figures, draws: int) -> Shares:
    """Poisson counts of shape (draws, terms); a normal stands in above 12, where the two are the
    same to the eye.
    """
    result = np.empty((draws, len(means)), np.float32)
    many, few = np.flatnonzero(means > 12), np.flatnonzero(means <= 12)
    result[:, few] = random.poisson(means[few], size=(draws, len(few)))
    normal = random.standard_normal((draws, len(many)), dtype=np.float32) * np.sqrt(means[many])
    result[:, many] = np.maximum(normal + means[many], 0.0)
    return result


def _spread_of_counts(
    random: np.random.Generator, they: Figures, we: Figures, draws: int
) -> tuple[float, float]:
    """Mean and standard deviation of the gap score when every count is a Poisson draw round its mean.

    The divergence is a sum over terms drawn independently, so its variance is the sum of theirs:
    that is sure after a few draws, where the scatter of as many whole scores would not be. Shares
    are of the mean totals; what a drawn total away from its mean would change is taken off to first
    order (each side's part of the divergence times how far off the total is).
    """
    p = _shares(_poisson(random, they, draws), float(they.sum()))
    q = _shares(_poisson(random, we, draws), float(we.sum()))
    m = (p + q) * np.float32(0.5)
    left, right = _surprise(p, m), _surprise(q, m)
    of_they, of_we = (side.sum(axis=1, dtype=np.float64) / 2.0 for side in (left, right))
    whole = of_they * (2.0 - p.sum(axis=1)) + of_we * (2.0 - q.sum(axis=1))
    terms = (left + right) * np.float32(0.5)
    terms -= np.float32(of_they.mean()) * p
    terms -= np.float32(of_we.mean()) * q
    middle = max(float(whole.mean()), 1e-12)
    variance = float(terms.var(axis=0, ddof=1).sum(dtype=np.float64))
    return float(np.sqrt(middle)), float(np.sqrt(variance) / (2.0 * np.sqrt(middle)))


def _used_counts(they: ArrayLike, we: ArrayLike) -> tuple[Figures, Figures]:
    first, second = np.asarray(they, dtype=np.float64), np.asarray(we, dtype=np.float64)
    used = (first + second) > 0
    return first[used], second[used]


def interval_of_counts(
    they_counts: ArrayLike,
    we_counts: ArrayLike,
    *,
    draws: int = SPREAD_DRAWS,
    seed: int = 3,
    confidence: float = 0.95,
) -> Band:
    """Interval of the score from counts alone (Poisson), for months and products where documents are
    not read.

    A little too narrow, because it forgets that words come in documents; `score_interval` knows.
    """
    they, we = _used_counts(they_counts, we_counts)
    if not they.sum() or not we.sum():
        return NOTHING_KNOWN
    _, deviation = _spread_of_counts(np.random.default_rng(seed), they, we, draws)
    return _round_the_score(float(gap_score(they, we)), deviation, confidence)


def chance_of_counts(
    they_counts: ArrayLike,
    we_counts: ArrayLike,
    *,
    draws: int = CHANCE_DRAWS,
    seed: int = 4,
    confidence: float = 0.95,
) -> Band:
    """The scores that two samples of these sizes from one common vocabulary give, from counts
    alone.
    """
    they, we = _used_counts(they_counts, we_counts)
    if not they.sum() or not we.sum():
        return NOTHING_KNOWN
    shares = (they + we) / (they.sum() + we.sum())
    random = np.random.default_rng(seed)
    centre, deviation = _spread_of_counts(random, shares * they.sum(), shares * we.sum(), draws)
    return _round_the_score(centre, deviation, confidence)
