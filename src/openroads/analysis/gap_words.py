"""The words of a gap: which of them are worth a look, whose they are, and the three lists."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openroads.analysis import divergence, intervals, keyness
from openroads.analysis.gap_counts import Counts, TermCounts, TermDetails, Thresholds, Totals
from openroads.analysis.overlap import longer_words_only

Figures = NDArray[np.float64]
Side = Literal["they", "we", "both"]

PER_WORDS = 10_000
"""Rates are documents with the term per this many words of that side."""
MOST_CANDIDATES = 300
"""Words of each kind that are looked at closely: surest of theirs, surest of ours, most used by both."""


@dataclass(frozen=True, slots=True)
class Feel:
    """Net sentiment of a word on one side, -100..100, with its interval, over the `n` documents
    whose tone is known.
    """

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class FeelGap:
    """How much happier we sound about a word than they do, in points, with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Word:
    """One word (or pair of words) of the gap.

    `z` is the balanced log-odds z, positive where THEY say it more; `place` on the word axis is -z,
    because they stand on the left. `sure` says whether it passes the threshold. `they_people` is
    how many people use it at least, a post of an unknown author as one more: enough to be shown. Rates are
    documents per 10,000 words. `share` is what it adds to the divergence, 0..1 of the whole.
    `they_feel` and `we_feel` are None where nobody says it in a tone that is known.
    """

    id: int
    key: str
    shown: str
    language: str
    they_docs: int
    they_people: int
    we_docs: int
    they_rate: float
    we_rate: float
    z: float
    q: float
    times: float
    """How many times as often the louder side says it at least: the lower end of the ratio of odds,
    1 where it may be none at all."""
    sure: bool
    side: Side
    contested: bool
    share: float
    they_feel: Feel | None
    we_feel: Feel | None
    feel_gap: FeelGap | None
    they_nameless: int = 0
    """Posts of unknown authors that use it, where all were counted: `they_people` is then without."""
    """We minus they, with its interval; positive where we sound happier about it."""

    @property
    def place(self) -> float:
        """Where the word stands on the axis: negative (left) when they say it more."""
        return -self.z

    @property
    def rate(self) -> float:
        """The larger of both rates: how big the word is drawn."""
        return max(self.they_rate, self.we_rate)


@dataclass(frozen=True, slots=True)
class Apart:
    """How far apart both sides are on each term, column by column beside the counts."""

    z: Figures
    times: Figures
    """Lower end of the ratio of odds, of whichever side is the louder; at least 1."""
    q: Figures
    share: Figures


def tell_apart(counts: TermCounts, *, confidence: float = 0.95) -> Apart:
    """z, ratio, q (Benjamini-Hochberg over all terms) and share of the divergence of every term."""
    odds = keyness.balanced_log_odds(counts.they_docs, counts.we_docs)
    z = odds.z
    shares = divergence.divergence_shares(counts.they_docs, counts.we_docs)
    half = intervals.normal_quantile(confidence) * np.sqrt(odds.variance)
    return Apart(
        z,
        np.exp(np.maximum(np.abs(odds.delta) - half, 0.0)),
        keyness.benjamini_hochberg(keyness.two_sided_p(z)),
        np.asarray(shares / max(float(shares.sum()), 1e-300)),
    )


def candidates(
    counts: TermCounts, apart: Apart, limits: Thresholds, most: int = MOST_CANDIDATES
) -> Counts:
    """Ids of the terms that may be shown as far as counts alone can tell, in ascending order."""
    theirs = np.flatnonzero((counts.they_docs >= limits.min_posts) & (apart.z >= 0))
    ours = np.flatnonzero(counts.we_docs >= limits.min_passages)
    chosen = np.concatenate(
        (
            _first(theirs, -apart.z, most),
            _first(ours, apart.z, most),
            _first(ours, -counts.they_docs, most),
        )
    )
    return counts.ids[np.unique(chosen)]


def _first(places: Counts, order: NDArray[np.generic], most: int) -> Counts:
    """The first of these places in ascending order of their figures."""
    return places[np.argsort(order[places], kind="stable")[:most]]


@dataclass(frozen=True, slots=True)
class _Measures:
    """Every measure per candidate, column by column, before words are made of them."""

    they_docs: Counts
    we_docs: Counts
    z: Figures
    times: Figures
    q: Figures
    share: Figures
    sure: NDArray[np.bool_]
    ours: NDArray[np.bool_]
    theirs: NDArray[np.bool_]
    """Whether enough posts use it; whether enough people do is another question."""
    apart: NDArray[np.bool_]
    """Whether both say it and feel it differently."""
    they_rate: Figures
    we_rate: Figures
    they_feel: intervals.Estimate
    we_feel: intervals.Estimate
    feel_gap: intervals.Estimate


def doubtful(
    counts: TermCounts, apart: Apart, details: TermDetails, totals: Totals, limits: Thresholds
) -> Counts:
    """Ids of the candidates that say something if enough people use them, where it is not known yet
    whether they do: words that are theirs, and words felt differently."""
    found = _measure(counts, apart, details, totals, limits)
    needed = found.theirs & ((found.sure & (found.z >= 0)) | found.apart)
    return details.ids[needed & (details.they_people < limits.min_people)]


def words_of(
    counts: TermCounts, apart: Apart, details: TermDetails, totals: Totals, limits: Thresholds
) -> tuple[Word, ...]:
    """Every word that may be shown, overlaps of one and two words settled; most used first."""
    found = _measure(counts, apart, details, totals, limits)
    theirs = found.theirs & (details.they_people >= limits.min_people)
    shown = np.where(found.z >= 0, theirs, found.ours)
    louder = np.where(found.z >= 0, found.they_docs, found.we_docs)
    shown &= longer_words_only(details.keys, louder, shown, found.z >= 0)
    found = replace(found, apart=found.apart & theirs)
    words = [_word(details, found, place) for place in np.flatnonzero(shown).tolist()]
    return tuple(sorted(words, key=lambda word: (-word.rate, word.key)))


def _measure(
    counts: TermCounts, apart: Apart, details: TermDetails, totals: Totals, limits: Thresholds
) -> _Measures:
    places = counts.places(details.ids)
    they, we, z = counts.they_docs[places], counts.we_docs[places], apart.z[places]
    q = apart.q[places]
    ours, theirs = we >= limits.min_passages, they >= limits.min_posts
    they_feel = intervals.net_sentiment(
        details.they_positive, details.they_negative, details.they_rated,
        confidence=limits.confidence,
    )  # fmt: skip
    we_feel = intervals.net_sentiment(
        details.we_positive, details.we_negative, details.we_rated, confidence=limits.confidence
    )
    feel_gap = intervals.difference(we_feel, they_feel)
    they_rate, we_rate = _rates(they, totals.they_words), _rates(we, totals.we_words)
    sure = np.abs(z) >= limits.z if limits.rule == "z" else q < limits.q
    more, less = np.where(z > 0, (they_rate, we_rate), (we_rate, they_rate))
    felt = (details.they_rated > 0) & (details.we_rated > 0)
    apart_in_feeling = _feel_apart(feel_gap, ours & theirs & felt, limits)
    return _Measures(
        they_docs=they,
        we_docs=we,
        z=z,
        times=apart.times[places],
        q=q,
        share=apart.share[places],
        sure=sure,
        ours=ours,
        theirs=theirs,
        # A word of one side alone is not contested, however it feels: it stands in one list only.
        apart=apart_in_feeling & ~(sure & (more >= limits.min_ratio * less)),
        they_rate=they_rate,
        we_rate=we_rate,
        they_feel=they_feel,
        we_feel=we_feel,
        feel_gap=feel_gap,
    )


def _rates(docs: Counts, words: int) -> Figures:
    return np.asarray(docs, dtype=np.float64) * (PER_WORDS / max(words, 1))


def _word(details: TermDetails, found: _Measures, place: int) -> Word:
    they_n, we_n = int(details.they_rated[place]), int(details.we_rated[place])
    z = float(found.z[place])
    return Word(
        id=int(details.ids[place]),
        key=details.keys[place],
        shown=details.shown[place],
        language=details.languages[place],
        they_docs=int(found.they_docs[place]),
        they_people=int(details.they_people[place]),
        we_docs=int(found.we_docs[place]),
        they_rate=float(found.they_rate[place]),
        we_rate=float(found.we_rate[place]),
        z=z,
        q=float(found.q[place]),
        times=float(found.times[place]),
        sure=bool(found.sure[place]),
        side=("they" if z > 0 else "we") if found.sure[place] else "both",
        contested=bool(found.apart[place]),
        share=float(found.share[place]),
        they_feel=Feel(*_ends(found.they_feel, place), they_n) if they_n else None,
        we_feel=Feel(*_ends(found.we_feel, place), we_n) if we_n else None,
        feel_gap=FeelGap(*_ends(found.feel_gap, place)) if they_n and we_n else None,
    )


def _ends(estimate: intervals.Estimate, place: int) -> tuple[float, float, float]:
    return (
        float(estimate.value[place]), float(estimate.low[place]), float(estimate.high[place])
    )  # fmt: skip


def _feel_apart(
    feel_gap: intervals.Estimate, both: NDArray[np.bool_], limits: Thresholds
) -> NDArray[np.bool_]:
    """Where both say it and the difference of feeling holds: its interval leaves 0 out, and so does
    BH over all words both use.

    With two hundred shared words, intervals alone would call ten of them contested for nothing.
    """
    apart = np.zeros(len(both), dtype=np.bool_)
    places = np.flatnonzero(both)
    value, low, high = feel_gap.value[places], feel_gap.low[places], feel_gap.high[places]
    half = np.where(value > 0, value - low, high - value)
    z = value / np.maximum(half, 1e-9) * intervals.normal_quantile(limits.confidence)
    q = keyness.benjamini_hochberg(keyness.two_sided_p(z))
    apart[places] = ((low > 0) | (high < 0)) & (q < limits.q)
    return apart


def _says_alone(word: Word, limits: Thresholds) -> bool:
    more, less = word.they_rate, word.we_rate
    if word.side == "we":
        more, less = less, more
    return word.side != "both" and more >= limits.min_ratio * less


def words_of_side(words: Sequence[Word], side: Side, limits: Thresholds) -> tuple[Word, ...]:
    """The words one side says and the other does not, the furthest apart for sure first.

    Not by z: with much said on both sides, z puts first what everybody says a little more or less,
    and a word of one side alone (where the other never says it, its variance is large) far below.
    """
    chosen = [word for word in words if word.side == side and _says_alone(word, limits)]
    return tuple(sorted(chosen, key=lambda word: (-word.times, word.key)))


def contested_words(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words both say and feel differently, the surest difference of feeling first."""
    chosen = [word for word in words if word.contested]
    return tuple(sorted(chosen, key=lambda word: (-_distance(word), word.key)))


def _distance(word: Word) -> float:
    """How far apart the feelings surely are: the end of the interval nearest to 0, in points."""
    gap = word.feel_gap
    if gap is None:
        return 0.0
    return max(gap.low, -gap.high, 0.0)
