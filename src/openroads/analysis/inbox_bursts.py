"""Whether far more comes in within an hour than the same hour of the last weeks leads one to expect."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.patterns.tails import at_least, surprising

WEEKS = 8
LEAST = 5
"""Cases: fewer are no burst, however quiet it usually is."""
CHANCE = 1e-4
"""A look is taken every five minutes: of looks at one quiet series one in ten thousand may be so odd."""
SHARE = 0.05
"""At most this share of what one look finds may be chance (Benjamini and Hochberg)."""
PRIOR_MEAN, PRIOR_WEIGHT = 0.5, 1.0
"""Cases an hour before anything is known, and the number of weeks that is worth: an hour that was always
empty can be expected to bring something now and then."""
PRIOR_SPREAD, SPREAD_WEIGHT = 1.3, 14.0
"""Variance over mean before anything was seen, and the number of weeks that is worth, as for posts."""

Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Loud:
    """A series that brought more than could be expected: its place, how many, and how many were expected."""

    series: int
    cases: int
    expected: float
    chance: float


def expected(history: Counts) -> tuple[Counts, Counts]:
    """Mean and dispersion (variance = mean + dispersion mean^2) of an hour, per series (rows), from what
    the same hour brought in each of the weeks before (columns).

    The mean is that of the weeks with the prior's, in proportion to their weights. One odd week must not
    make the next usual: a count is cut off at three standard deviations (Poisson) above the mean of the
    other weeks. The dispersion is by moments: variance over mean of these weeks, mixed with the prior's,
    less one, over the mean; never below that of the prior.
    """
    weeks = history.shape[1]
    others = (history.sum(axis=1, keepdims=True) - history) / max(weeks - 1, 1)
    level = np.maximum(others, PRIOR_MEAN)
    usual = np.minimum(history, level + 3.0 * np.sqrt(level))
    mean = (usual.sum(axis=1) + PRIOR_WEIGHT * PRIOR_MEAN) / (weeks + PRIOR_WEIGHT)
    squares = ((usual - mean[:, None]) ** 2).sum(axis=1) / mean
    spread = (squares + SPREAD_WEIGHT * PRIOR_SPREAD) / (weeks + SPREAD_WEIGHT)
    return mean, np.maximum(spread, PRIOR_SPREAD) / mean - 1.0 / mean


def loud(now: Sequence[int], history: Counts) -> list[Loud]:
    """Which series bring more than could be expected: at least `LEAST`, at least twice what was expected,
    with a chance below `CHANCE` and, over all series looked at, beyond what so many looks bring. The
    least likely comes first."""
    if not len(now):
        return []
    counts = np.asarray(now, np.float64)
    mean, dispersion = expected(history)
    chance = at_least(counts, mean, dispersion)
    sure = surprising(chance, SHARE) & (chance < CHANCE) & (counts >= LEAST) & (counts >= 2 * mean)
    found = [
        Loud(int(row), int(counts[row]), float(mean[row]), float(chance[row]))
        for row in np.flatnonzero(sure)
    ]
    return sorted(found, key=lambda one: (one.chance, one.series))
