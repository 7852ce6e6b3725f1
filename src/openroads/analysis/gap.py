"""The brand gap as an object: what they say, what we say, how far apart, how sure; from counts,
without any text.

"They" are the customers, "we" is the brand. Counts are documents: posts on their side, passages and
own posts on ours.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openroads.analysis import divergence, intervals, keyness
from openroads.analysis.divergence import Band, Documents
from openroads.analysis.overlap import longer_words_only

Counts = NDArray[np.int64]
Figures = NDArray[np.float64]
Side = Literal["they", "we", "both"]
Shortage = Literal["posts", "passages"]

PER_WORDS = 10_000
"""Rates are documents with the term per this many words of that side."""


@dataclass(frozen=True, slots=True)
class TermCounts:
    """Counts per term, column by column; all columns have one length.

    `keys` are grouping keys (two words joined by one space make a 2-gram), `shown` what a reader
    sees, `languages` BCP 47. `they_*` counts posts (docs, of which positive and negative) and
    people, `we_*` passages. `they_people` may be counted for the common terms only: 0 elsewhere,
    such terms are then shown nowhere.
    """

    ids: Counts
    keys: Sequence[str]
    shown: Sequence[str]
    languages: Sequence[str]
    they_docs: Counts
    they_positive: Counts
    they_negative: Counts
    they_people: Counts
    we_docs: Counts
    we_positive: Counts
    we_negative: Counts

    def __len__(self) -> int:
        return len(self.ids)

    def of(self, chosen: NDArray[np.bool_]) -> "TermCounts":
        """The same columns for the chosen terms only."""
        places = np.flatnonzero(chosen).tolist()
        return TermCounts(
            self.ids[places],
            [self.keys[place] for place in places],
            [self.shown[place] for place in places],
            [self.languages[place] for place in places],
            self.they_docs[places],
            self.they_positive[places],
            self.they_negative[places],
            self.they_people[places],
            self.we_docs[places],
            self.we_positive[places],
            self.we_negative[places],
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """What was read: their posts, people and words; our texts (documents a reader would count),
    passages and words.
    """

    posts: int
    people: int
    they_words: int
    texts: int
    passages: int
    we_words: int


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a word, a list or a score may be shown. The defaults stand in the reader's
    method note.
    """

    z: float = 3.3
    rule: Literal["z", "bh"] = "z"
    q: float = 0.05
    min_posts: int = 10
    min_people: int = 5
    min_passages: int = 5
    """Passages of ours that must hold a word before it is ours, or before both can be said to say
    it.
    """
    min_ratio: float = 2.0
    """'They say it, we don't' asks for at least so many times our rate; a surer but smaller
    difference stays on the axis.
    """
    few_posts: int = 30
    few_passages: int = 5
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class Feel:
    """Net sentiment of a word on one side, -100..100, with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Word:
    """One word (or pair of words) of the gap.

    `z` is the balanced log-odds z, positive where THEY say it more; `place` on the word axis is -z,
    because they stand on the left. `sure` says whether it passes the threshold. Rates are documents
    per 10,000 words. `share` is what it adds to the divergence, 0..1 of the whole. `they_feel` and
    `we_feel` are None where nobody says it.
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
    sure: bool
    side: Side
    contested: bool
    share: float
    they_feel: Feel | None
    we_feel: Feel | None
    feel_gap: Feel | None
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
class Score:
    """The gap score, all 0..1 (the reader sees times 100): the value, its interval and what chance
    alone gives.
    """

    value: float
    interval: Band
    chance: Band
    method: Literal["documents", "counts"]
    """Whether the bands come from shuffled documents or, a little narrower, from counts alone."""

    @property
    def beyond_chance(self) -> bool:
        """Whether the score lies above everything that chance gives."""
        return self.value > self.chance.high


@dataclass(frozen=True, slots=True)
class Gap:
    """The whole gap. With too little read there is no score and no list, only `shortage` saying of
    what.
    """

    totals: Totals
    thresholds: Thresholds
    shortage: Shortage | None
    score: Score | None
    they_say: tuple[Word, ...] = ()
    """They say it, we don't: surest first."""
    we_say: tuple[Word, ...] = ()
    contested: tuple[Word, ...] = ()
    """Both say it and feel it differently; the surest difference of feeling first."""
    words: tuple[Word, ...] = ()
    """Every word that may be shown, most used first: the stock the axis chooses from."""


def assemble_gap(
    counts: TermCounts,
    totals: Totals,
    *,
    they_sample: Documents | None = None,
    we_documents: Documents | None = None,
    thresholds: Thresholds | None = None,
    leave_out: Set[int] = frozenset(),
    draws: int = divergence.DRAWS,
    seed: int = 1,
) -> Gap:
    """The gap between their words and ours.

    `they_sample` is a random sample of their documents, `we_documents` all of ours, both as indices
    into `counts` (`Documents.of_ids`); with them the bands come from whole documents, without them
    from counts. `leave_out` are term ids that count nowhere (the names of the brand itself). Every
    outcome is the same for the same input and seed.
    """
    limits = thresholds or Thresholds()
    shortage = shortage_of(totals, limits)
    if shortage:
        return Gap(totals, limits, shortage, None)
    used = (counts.they_docs + counts.we_docs) >= min(limits.min_posts, limits.min_passages)
    used &= ~np.isin(counts.ids, np.fromiter(leave_out, np.int64, len(leave_out)))
    kept = counts.of(used)
    if not kept.they_docs.sum() or not kept.we_docs.sum():
        return Gap(totals, limits, "posts" if not kept.they_docs.sum() else "passages", None)
    sample = None if they_sample is None else _within(they_sample, used)
    own = None if we_documents is None else _within(we_documents, used)
    score = _score(kept, totals, sample, own, draws=draws, seed=seed, limits=limits)
    words = _words(kept, totals, limits)
    return Gap(
        totals,
        limits,
        None,
        score,
        they_say=_list(words, "they", limits),
        we_say=_list(words, "we", limits),
        contested=_contested(words),
        words=tuple(sorted(words, key=lambda word: (-word.rate, word.key))),
    )


def shortage_of(totals: Totals, limits: Thresholds) -> Shortage | None:
    """What there is too little of for a score, if anything."""
    if totals.posts < limits.few_posts:
        return "posts"
    return "passages" if totals.passages < limits.few_passages else None


def _within(documents: Documents, used: NDArray[np.bool_]) -> Documents:
    """The same documents with indices into the used terms only."""
    return Documents.of_ids(documents.offsets, documents.terms, np.flatnonzero(used))


def _score(
    counts: TermCounts,
    totals: Totals,
    sample: Documents | None,
    own: Documents | None,
    *,
    draws: int,
    seed: int,
    limits: Thresholds,
) -> Score:
    they, we = counts.they_docs, counts.we_docs
    value = float(divergence.gap_score(they, we))
    level = limits.confidence
    if sample is None or own is None:
        interval = divergence.interval_of_counts(they, we, seed=seed, confidence=level)
        chance = divergence.chance_of_counts(they, we, seed=seed + 1, confidence=level)
        return Score(value, interval, chance, "counts")
    interval = divergence.score_interval(they, own, draws=draws, seed=seed, confidence=level)
    chance = divergence.chance_band(
        they, totals.posts, sample, own, draws=draws, seed=seed + 1, confidence=level
    )
    return Score(value, interval, chance, "documents")


def _rates(docs: Counts, words: int) -> Figures:
    return np.asarray(docs, dtype=np.float64) * (PER_WORDS / max(words, 1))


def _feel(estimate: intervals.Estimate, place: int) -> Feel:
    return Feel(
        float(estimate.value[place]), float(estimate.low[place]), float(estimate.high[place])
    )


@dataclass(frozen=True, slots=True)
class _Measures:
    """Every measure per term, column by column, before words are made of them."""

    z: Figures
    q: Figures
    sure: NDArray[np.bool_]
    shown: NDArray[np.bool_]
    apart: NDArray[np.bool_]
    share: Figures
    they_rate: Figures
    we_rate: Figures
    they_feel: intervals.Estimate
    we_feel: intervals.Estimate
    feel_gap: intervals.Estimate


def _measure(counts: TermCounts, totals: Totals, limits: Thresholds) -> _Measures:
    z = keyness.balanced_log_odds(counts.they_docs, counts.we_docs).z
    q = keyness.benjamini_hochberg(keyness.two_sided_p(z))
    ours = counts.we_docs >= limits.min_passages
    theirs = (counts.they_docs >= limits.min_posts) & (counts.they_people >= limits.min_people)
    shown = np.where(z >= 0, theirs, ours)
    louder = np.where(z >= 0, counts.they_docs, counts.we_docs)
    shown &= longer_words_only(counts.keys, louder, shown, z >= 0)
    shares = divergence.divergence_shares(counts.they_docs, counts.we_docs)
    they_feel = intervals.net_sentiment(
        counts.they_positive, counts.they_negative, counts.they_docs, confidence=limits.confidence
    )
    we_feel = intervals.net_sentiment(
        counts.we_positive, counts.we_negative, counts.we_docs, confidence=limits.confidence
    )
    feel_gap = intervals.difference(we_feel, they_feel)
    return _Measures(
        z=z,
        q=q,
        sure=np.abs(z) >= limits.z if limits.rule == "z" else q < limits.q,
        shown=shown,
        apart=_feel_apart(feel_gap, ours & theirs, limits),
        share=np.asarray(shares / max(float(shares.sum()), 1e-300)),
        they_rate=_rates(counts.they_docs, totals.they_words),
        we_rate=_rates(counts.we_docs, totals.we_words),
        they_feel=they_feel,
        we_feel=we_feel,
        feel_gap=feel_gap,
    )


def _words(counts: TermCounts, totals: Totals, limits: Thresholds) -> list[Word]:
    """Every word that may be shown, overlaps of one and two words settled, in the order of
    `counts`.
    """
    found = _measure(counts, totals, limits)
    words = [_word(counts, found, place) for place in np.flatnonzero(found.shown).tolist()]
    return [_settled(word, limits) for word in words]


def _word(counts: TermCounts, found: _Measures, place: int) -> Word:
    theirs, ours = bool(counts.they_docs[place]), bool(counts.we_docs[place])
    z = float(found.z[place])
    return Word(
        id=int(counts.ids[place]),
        key=counts.keys[place],
        shown=counts.shown[place],
        language=counts.languages[place],
        they_docs=int(counts.they_docs[place]),
        they_people=int(counts.they_people[place]),
        we_docs=int(counts.we_docs[place]),
        they_rate=float(found.they_rate[place]),
        we_rate=float(found.we_rate[place]),
        z=z,
        q=float(found.q[place]),
        sure=bool(found.sure[place]),
        side=("they" if z > 0 else "we") if found.sure[place] else "both",
        contested=bool(found.apart[place]),
        share=float(found.share[place]),
        they_feel=_feel(found.they_feel, place) if theirs else None,
        we_feel=_feel(found.we_feel, place) if ours else None,
        feel_gap=_feel(found.feel_gap, place) if theirs and ours else None,
    )


def _feel_apart(
    feel_gap: intervals.Estimate, both: NDArray[np.bool_], limits: Thresholds
) -> NDArray[np.bool_]:
    """Where both say it and the difference of feeling holds: its interval leaves 0 out, and so does
    BH over all words.

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


def _settled(word: Word, limits: Thresholds) -> Word:
    """A word of one side alone is not contested, however it feels: it stands in one list only."""
    return replace(word, contested=word.contested and not _says_alone(word, limits))


def _list(words: Sequence[Word], side: Side, limits: Thresholds) -> tuple[Word, ...]:
    chosen = [word for word in words if word.side == side and _says_alone(word, limits)]
    return tuple(sorted(chosen, key=lambda word: (-abs(word.z), word.key)))


def _contested(words: Sequence[Word]) -> tuple[Word, ...]:
    chosen = [word for word in words if word.contested]
    return tuple(sorted(chosen, key=lambda word: (-_distance(word), word.key)))


def _distance(word: Word) -> float:
    """How far apart the feelings surely are: the end of the interval nearest to 0, in points."""
    gap = word.feel_gap
    if gap is None:
        return 0.0
    return max(gap.low, -gap.high, 0.0)
