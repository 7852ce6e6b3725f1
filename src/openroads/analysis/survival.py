"""How long things take when some are not done yet: the Kaplan-Meier curve with its quantiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openroads.analysis.intervals import normal_quantile

EDGE = 1e-12
"""Two shares that differ by less are one: sums of fractions do not end on the point."""


@dataclass(frozen=True, slots=True)
class Curve:
    """The share that still lasts after each time at which something ended, with its 95% interval
    (log-log). What still lasts at the end of looking takes part until then."""

    times: NDArray[np.float64]
    lasting: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    n: int
    open: int
    """Those not done yet (censored)."""

    @property
    def done(self) -> int:
        return self.n - self.open


@dataclass(frozen=True, slots=True)
class Quantile:
    """The time by which a part of all is done, with its interval. None: the curve does not get there,
    so nobody can say yet."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Durations:
    """A clock in three figures and its numbers."""

    n: int
    open: int
    median: Quantile
    p85: Quantile


def kaplan_meier(days: ArrayLike, done: ArrayLike, *, confidence: float = 0.95) -> Curve:
    """The product-limit estimate (Kaplan and Meier 1958) of days that something lasts.

    `done` is false for what still lasts: it is then known to take at least so long. At one time what
    ends goes before what is lost from sight. The variance is Greenwood's (1926); the interval is
    built on log(-log S), which keeps it within 0 and 1 (Kalbfleisch and Prentice 1980). Raises
    ValueError for days below zero or lists of two lengths.
    """
    t = np.asarray(days, dtype=np.float64)
    ended = np.asarray(done, dtype=bool)
    if t.shape != ended.shape or t.ndim != 1:
        raise ValueError("Days and what is done are lists of one length.")
    if t.size and (not np.isfinite(t).all() or t.min() < 0):
        raise ValueError("Days are finite and not below zero.")
    z = normal_quantile(confidence)
    times = np.unique(t[ended])
    lasting, low, high = np.ones(times.size), np.ones(times.size), np.ones(times.size)
    share, greenwood = 1.0, 0.0
    for place, at in enumerate(times):
        risk = int((t >= at).sum())
        ends = int((ended & (t == at)).sum())
        share *= 1 - ends / risk
        lasting[place] = share
        if ends == risk:
            # Nothing is left: the variance has no end, and nobody knows more than that.
            lasting[place], low[place], high[place] = 0.0, 0.0, (high[place - 1] if place else 1.0)
            continue
        greenwood += ends / (risk * (risk - ends))
        half = z * sqrt(greenwood) / abs(log(share))
        low[place], high[place] = share ** exp(half), share ** exp(-half)
    return Curve(times, lasting, low, high, int(t.size), int((~ended).sum()))


def quantile(curve: Curve, part: float) -> Quantile:
    """The first time by which `part` of all is done: .5 the median, .85 the 85th percentile.

    Its interval holds every time at which the curve's own interval holds 1 - part (Brookmeyer and
    Crowley 1982). Without anything censored it is the empirical quantile (inverted distribution).
    """
    if not 0.0 < part < 1.0:
        raise ValueError(f"A part lies between 0 and 1, not {part}.")
    left = 1.0 - part
    return Quantile(
        _first(curve.times, curve.lasting, left),
        _first(curve.times, curve.low, left),
        _first(curve.times, curve.high, left),
    )


def durations(days: Sequence[float], done: Sequence[bool]) -> Durations:
    """The clock of a step: half of all, 85 in a hundred, and how many are not done yet."""
    curve = kaplan_meier(days, done)
    return Durations(curve.n, curve.open, quantile(curve, 0.5), quantile(curve, 0.85))


def _first(times: NDArray[np.float64], shares: NDArray[np.float64], left: float) -> float | None:
    there = np.flatnonzero(shares <= left + EDGE)
    return float(times[there[0]]) if there.size else None
