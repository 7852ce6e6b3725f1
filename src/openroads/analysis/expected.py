"""How many posts a day could be expected from the weeks before it, and which days stand out."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openroads.analysis.intervals import normal_quantile

Figures = NDArray[np.float64]

WEEKS = 8
"""Weeks of history a day is compared with."""
BEFORE = WEEKS * 7
LEAST_DAYS = 28
"""With fewer days of history than this nothing is expected: unknown, not zero."""
SHRINK = 2.0
"""Weeks' worth of "every weekday is alike" mixed into the weekday profile: eight Sundays are few."""
EXACT_UP_TO = 5_000.0
"""Beyond this mean a gamma stands in for the negative binomial: their ends agree within 1%."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Per day: the mean and the ends of the 95% prediction interval; NaN where history is short."""

    mean: Figures
    low: Figures
    high: Figures


def expected_days(counts: ArrayLike, first: int, *, confidence: float = 0.95) -> Expected:
    """What each day from `counts[first]` on could be expected to bring, from the 56 days before it.

    `counts` are posts per consecutive day, the oldest first, at least one; days of the history are
    those before `first`. Level times weekday profile (the mean of each weekday, shrunk towards
    alike), around it a negative binomial whose dispersion is fitted by moments to the same 56 days
    (Poisson when they vary no more than chance). The days of the period serve as history of later
    ones, with their excess over the band cut off, so that one storm does not make the next look
    usual. The result has len(counts) - first entries.
    """
    given = np.asarray(counts, dtype=np.float64)
    usual = given.copy()
    length = max(len(given) - first, 0)
    mean, low, high = (np.full(length, np.nan) for _ in range(3))
    for row, day in enumerate(range(first, len(given))):
        past = usual[max(day - BEFORE, 0) : day]
        if len(past) < LEAST_DAYS:
            continue
        mean[row], spread = _fit(past)
        low[row], high[row] = interval(float(mean[row]), spread, confidence=confidence)
        usual[day] = min(given[day], high[row])
    return Expected(mean, low, high)


def _fit(past: Figures) -> tuple[float, float]:
    """Mean of the day after `past`, and the dispersion (variance = m + dispersion m^2)."""
    level = float(past.mean())
    if level <= 0:
        return 0.0, 0.0
    # Weekdays counted backwards: 0 is the weekday of the day asked for, seven days ago.
    weekday = (len(past) - np.arange(len(past))) % 7
    sums = np.bincount(weekday, weights=past, minlength=7)
    days = np.bincount(weekday, minlength=7)
    profile = (sums + SHRINK * level) / ((days + SHRINK) * level)
    fitted = level * profile[weekday]
    spread = float((((past - fitted) ** 2) - fitted).sum() / max((fitted**2).sum(), 1e-9))
    return level * float(profile[0]), max(spread, 0.0)


def interval(mean: float, dispersion: float, *, confidence: float = 0.95) -> tuple[float, float]:
    """The central interval of a negative binomial (dispersion 0: Poisson) with this mean.

    The ends are the smallest counts whose distribution function reaches (1 - c)/2 and (1 + c)/2.
    """
    tail = (1 - confidence) / 2
    if mean <= 0:
        return 0.0, 0.0
    if mean > EXACT_UP_TO:
        return _by_gamma(mean, dispersion, tail)
    deviation = math.sqrt(mean + dispersion * mean * mean)
    most = int(mean + 20 * deviation) + 20
    counts = np.arange(most)
    steps = np.empty(most)
    if dispersion > 1e-9:
        size = 1 / dispersion
        share = mean / (mean + size)
        steps[0] = size * math.log1p(-share)
        steps[1:] = np.log((counts[1:] - 1 + size) / counts[1:]) + math.log(share)
    else:
        steps[0] = -mean
        steps[1:] = math.log(mean) - np.log(counts[1:])
    chance = np.exp(np.cumsum(steps)).cumsum()
    low, high = np.searchsorted(chance, [tail, 1 - tail])
    return float(low), float(min(high, most))


def _by_gamma(mean: float, dispersion: float, tail: float) -> tuple[float, float]:
    """A gamma of the same mean and variance; its quantiles by Wilson and Hilferty (1931)."""
    z = normal_quantile(1 - 2 * tail)
    shape = 1 / (dispersion + 1 / mean)
    middle, step = 1 - 1 / (9 * shape), z / (3 * math.sqrt(shape))
    return mean * max(middle - step, 0.0) ** 3, mean * (middle + step) ** 3
