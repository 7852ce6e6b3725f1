"""What every moment of many series could be expected to bring: level times the shape of its week."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.patterns.calendar import WEEKS, Calendar

Figures = NDArray[np.float64]

LEAST_WEEKS = 4
"""With fewer weeks of history than this there is no week to know: see `ears` for what is done then."""
SHAPE_PRIOR = 6.0
"""Posts' worth of "every moment of the week is alike" mixed into the shape of a week: where a moment
brought few posts, the shape says little."""
SPREAD_PRIOR, SPREAD_WEIGHT = 1.3, 14.0
"""Variance over mean before anything was seen of a series, and the number of moments that is worth."""
FREE_SPREAD = 0.2
"""Dispersion added on a holiday: half of these lie within half as much again of what is expected."""
CLIPPED = 3.0
"""Standard deviations beyond which a count is cut off before it becomes history: a storm must not
make the next one look usual, nor widen what is thought of as chance."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """Mean and dispersion (variance = mean + dispersion mean^2) per series and moment, of the shape of
    the counts; NaN where too little was known. `learned` says where the shape of the week was."""

    mean: Figures
    dispersion: Figures
    learned: NDArray[np.bool_]

    @property
    def variance(self) -> Figures:
        return np.asarray(self.mean + self.dispersion * self.mean**2)


def expected(counts: Figures, calendar: Calendar) -> Expectation:
    """What each moment of each series (rows) could be expected to bring, from the eight weeks before.

    NaN in `counts` is unknown: before anybody listened, or while an ear was deaf. The mean is the
    level (the middle half of the last eight weekly means) times the shape of the week at that moment
    (the middle half of what the same moment brought in each of these weeks, over that week's mean,
    shrunk towards 1 by `SHAPE_PRIOR`). The middle half is what a median is, with less jumping: two
    odd weeks of eight move neither. On a holiday the higher of its own and its Sunday's shape counts,
    and holidays are left out of the shape of ordinary days. The dispersion is by moments: the mean
    squared Pearson residual of the predictions of the last eight weeks, less one, over the level.
    """
    series, moments = counts.shape
    season = calendar.season
    usual = counts.copy()
    shaped = counts.copy()
    mean, dispersion, odd = (np.full(counts.shape, np.nan) for _ in range(3))
    sums, known, odds, judged = (np.zeros((series, moments + 1)) for _ in range(4))
    heard = np.flatnonzero(np.isfinite(counts).any(axis=0))
    # What is divided by nothing is NaN here, and NaN is unknown. Said once, not at each of thousands of moments.
    with np.errstate(divide="ignore", invalid="ignore"):
        for now in range(int(heard[0]) if len(heard) else moments, moments):
            level, weeks = _level(sums, known, now, season)
            shape = _shape(shaped, weeks, level, calendar.same[now], calendar.near, now)
            if calendar.free[now]:
                of_sunday = _shape(shaped, weeks, level, calendar.sundays[now], calendar.near, now)
                shape = np.fmax(shape, of_sunday)
            enough = known[:, now] - known[:, max(now - WEEKS * season, 0)] >= LEAST_WEEKS * season
            since = max(now - WEEKS * season, 0)
            spread = odds[:, now] - odds[:, since] + SPREAD_PRIOR * SPREAD_WEIGHT
            spread = spread / (judged[:, now] - judged[:, since] + SPREAD_WEIGHT)
            wide = np.where(level > 0, np.maximum(spread - 1, 0.0) / level, 0.0)
            mean[:, now] = np.where(enough, level * shape, np.nan)
            dispersion[:, now] = np.where(enough, wide, np.nan)
            given = counts[:, now]
            m, d = mean[:, now], dispersion[:, now]
            most = m + CLIPPED * np.sqrt(m + d * m * m)
            # A series nobody spoke in may begin: one post is no storm.
            kept = np.where(np.isnan(most), given, np.fmin(given, np.fmax(most, 1.0)))
            usual[:, now] = shaped[:, now] = kept
            if calendar.free[now]:
                shaped[:, now] = np.nan
                dispersion[:, now] = d + FREE_SPREAD
            else:
                odd[:, now] = (kept - m) ** 2 / np.maximum(m, 0.05)
            for total, values in ((sums, usual), (odds, odd)):
                total[:, now + 1] = total[:, now] + np.nan_to_num(values[:, now])
            known[:, now + 1] = known[:, now] + np.isfinite(usual[:, now])
            judged[:, now + 1] = judged[:, now] + np.isfinite(odd[:, now])
    return Expectation(mean, dispersion, np.isfinite(mean))


def _level(sums: Figures, known: Figures, now: int, season: int) -> tuple[Figures, Figures]:
    """The level of each series, and the mean of each of the eight weeks before (column 0: the last)."""
    edges = np.maximum(now - season * _WEEKS_BACK, 0)
    upto, posts = known[:, edges], sums[:, edges]
    n = upto[:, :-1] - upto[:, 1:]
    weeks = np.where(n >= season / 2, (posts[:, :-1] - posts[:, 1:]) / n, np.nan)
    return _middle(weeks), weeks


def _shape(
    shaped: Figures, weeks: Figures, level: Figures, places: NDArray[np.int64], near: int, now: int
) -> Figures:
    """What the same moment of the weeks before brought over the mean of its week."""
    beside = 2 * near + 1
    at = (places + np.arange(-near, near + 1)[:, None]).ravel()
    value = np.where((at >= 0) & (at < now), shaped[:, np.maximum(at, 0)], np.nan)
    over = np.tile(weeks, beside) if beside > 1 else weeks
    told = np.where(over > 0, value / over, np.nan)
    posts = np.nan_to_num(level) * np.isfinite(told).sum(axis=1)
    middle = _middle(told)
    ratio = np.where(np.isnan(middle), 1.0, middle)
    return np.asarray((ratio * posts + SHAPE_PRIOR) / (posts + SHAPE_PRIOR))


def middle(values: Figures) -> Figures:
    """The mean of the middle half of each row, NaN left out: the interquartile mean."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return _middle(values)


def _middle(values: Figures) -> Figures:
    # The caller has said that dividing by nothing is meant.
    ordered = np.sort(values, axis=1)
    there = np.isfinite(ordered)
    n = there.sum(axis=1, keepdims=True)
    rank = (np.arange(values.shape[1]) + 0.5) / n
    inside = (rank >= 0.25) & (rank <= 0.75) & there
    kept = inside.sum(axis=1)
    return np.asarray(np.where(inside, ordered, 0.0).sum(axis=1) / np.where(kept, kept, np.nan))


_WEEKS_BACK = np.arange(WEEKS + 1)
