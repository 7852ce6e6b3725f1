"""What is taken from a gap for the eye: the words of the axis, the words of the finding, the score
by month and product.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openroads.analysis import bands, divergence
from openroads.analysis.gap import Gap, Score, Thresholds, Word

Course = Literal["widening", "narrowing", "none", "unknown"]


@dataclass(frozen=True, slots=True)
class Headline:
    """Words for a finding such as "We sell a and b; riders talk about c, d and e"; either side may
    be empty.
    """

    we: tuple[Word, ...]
    they: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class GapPoint:
    """The gap of one period (or product): score None where there was too little to say."""

    since: date
    posts: int
    passages: int
    score: Score | None


def axis_words(gap: Gap, *, most: int = 50) -> tuple[Word, ...]:
    """At most `most` words for the word axis: surest of both sides in equal parts, the contested, a
    few shared ones.

    What one group leaves free the others take. Order: most used first, the order in which they are
    laid out.
    """
    groups = {
        "they": [word for word in gap.words if word.side == "they" and not word.contested],
        "we": [word for word in gap.words if word.side == "we" and not word.contested],
        "contested": list(gap.contested),
        "both": [word for word in gap.words if word.side == "both" and not word.contested],
    }
    for side in ("they", "we"):
        groups[side].sort(key=lambda word: (-abs(word.z), word.key))
    wanted = {"they": 0.4, "we": 0.4, "contested": 0.14, "both": 0.06}
    taken = {name: min(len(groups[name]), round(most * part)) for name, part in wanted.items()}
    for name in ("they", "we", "contested", "both"):
        left = most - sum(taken.values())
        taken[name] += max(min(len(groups[name]) - taken[name], left), 0)
    chosen = [word for name, group in groups.items() for word in group[: taken[name]]]
    return tuple(sorted(chosen, key=lambda word: (-word.rate, word.key))[:most])


def headline(gap: Gap, *, language: str = "", we: int = 2, they: int = 3) -> Headline:
    """The surest words of each list for a finding sentence, as data; the caller writes the
    sentence.

    Words in `language` come first, others fill what is missing. A word whose key is part of an
    earlier one (or holds it) is passed over, so that no sentence says "service and service desk".
    """
    return Headline(_pick(gap.we_say, language, we), _pick(gap.they_say, language, they))


def _pick(words: Sequence[Word], language: str, most: int) -> tuple[Word, ...]:
    chosen: list[Word] = []
    for word in sorted(words, key=lambda word: bool(language) and word.language != language):
        parts = set(word.key.split(" "))
        if len(chosen) < most and not any(parts & set(other.key.split(" ")) for other in chosen):
            chosen.append(word)
    return tuple(chosen)


def score_of_counts(
    they_docs: ArrayLike,
    we_docs: ArrayLike,
    *,
    posts: int,
    passages: int,
    thresholds: Thresholds | None = None,
    seed: int = 1,
) -> Score | None:
    """Score, interval and chance from counts per term (one vocabulary, shape (terms,)); None with
    too little read.
    """
    limits = thresholds or Thresholds()
    they, we = np.asarray(they_docs, dtype=np.float64), np.asarray(we_docs, dtype=np.float64)
    if posts < limits.few_posts or passages < limits.few_passages:
        return None
    if not they.sum() or not we.sum():
        return None
    level = limits.confidence
    return Score(
        float(divergence.gap_score(they, we)),
        bands.interval_of_counts(they, we, seed=seed, confidence=level),
        bands.chance_of_counts(they, we, seed=seed + 1, confidence=level),
        "counts",
    )


def gap_series(
    periods: Sequence[date],
    they_docs: NDArray[np.int64],
    we_docs: NDArray[np.int64],
    posts: Sequence[int],
    passages: Sequence[int],
    *,
    thresholds: Thresholds | None = None,
) -> tuple[GapPoint, ...]:
    """The gap per period; counts of shape (periods, terms), one vocabulary for all, so that periods
    compare.

    TRICKY: the score of a small month is higher by chance alone. Draw `score.chance` along with the
    line, and judge the course by `course`, which works on the distance from chance.
    """
    return tuple(
        GapPoint(
            since,
            int(posts[row]),
            int(passages[row]),
            score_of_counts(
                they_docs[row],
                we_docs[row],
                posts=int(posts[row]),
                passages=int(passages[row]),
                thresholds=thresholds,
                seed=1 + row,
            ),
        )
        for row, since in enumerate(periods)
    )


def course(points: Sequence[GapPoint]) -> Course:
    """Whether the gap narrows or widens: slope of a weighted line, z beyond 1.96, through the scores
    and through the scores beyond mean chance. Both must say so.

    The scores alone fall when more is read, and the distance from chance grows then: neither alone
    is a change in what anybody says. "none" = no change we can see; "unknown" with fewer than four
    periods that have a score. Errors are the half-widths of the intervals, enlarged by the scatter
    round the line where that is larger (Birge ratio), so that waves are no trend.
    """
    scored = [(place, p.score) for place, p in enumerate(points) if p.score is not None]
    if len(scored) < 4:
        return "unknown"
    x = np.array([place for place, _ in scored], dtype=np.float64)
    value = np.array([score.value for _, score in scored])
    chance = np.array([(score.chance.low + score.chance.high) / 2 for _, score in scored])
    half = np.array([(score.interval.high - score.interval.low) / 2 for _, score in scored])
    weight = 1.0 / np.maximum(half / 1.96, 1e-4) ** 2
    slopes = (_slope_z(x, value, weight), _slope_z(x, value - chance, weight))
    if min(slopes) > 1.96:
        return "widening"
    return "narrowing" if max(slopes) < -1.96 else "none"


def _slope_z(x: NDArray[np.float64], y: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """z of the slope of a weighted least-squares line."""
    mean_x, mean_y = np.average(x, weights=weight), np.average(y, weights=weight)
    spread = float((weight * (x - mean_x) ** 2).sum())
    slope = float((weight * (x - mean_x) * (y - mean_y)).sum()) / spread
    left = y - mean_y - slope * (x - mean_x)
    birge = max(float((weight * left**2).sum()) / (len(x) - 2), 1.0)
    return float(slope / np.sqrt(birge / spread))
