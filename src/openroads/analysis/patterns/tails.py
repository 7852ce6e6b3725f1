"""How odd a count is: tails of the negative binomial, the exact interval of a rate, and many at once."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Figures = NDArray[np.float64]
Flags = NDArray[np.bool_]

POISSON = 1e-7
"""A dispersion below this is taken for this: the negative binomial is then a Poisson to six digits."""
MOST_STEPS = 500
CLOSE = 1e-13
TINY = 1e-300

_lgamma = np.vectorize(math.lgamma, otypes=[np.float64])


def at_least(counts: ArrayLike, mean: ArrayLike, dispersion: ArrayLike) -> Figures:
    """P(X >= count) for a negative binomial of this mean and variance mean + dispersion mean^2.

    With size k = 1/dispersion it is the regularised incomplete beta function I_p(count, k) at
    p = mean / (mean + k) (Johnson, Kemp and Kotz 2005, Univariate discrete distributions, 5.6). A
    count of 0 has chance 1. All of one shape; a mean of 0 gives 0 for any count above 0.
    """
    x, m, d = np.broadcast_arrays(*(np.asarray(v, np.float64) for v in (counts, mean, dispersion)))
    chance = np.ones(x.shape)
    some = (x > 0) & (m > 0)
    chance[(x > 0) & ~(m > 0)] = 0.0
    if some.any():
        size = 1.0 / np.maximum(d[some], POISSON)
        chance[some] = incomplete_beta(x[some], size, m[some] / (m[some] + size))
    return chance


def at_most(counts: ArrayLike, mean: ArrayLike, dispersion: ArrayLike) -> Figures:
    """P(X <= count) for the same."""
    return np.asarray(1.0 - at_least(np.asarray(counts, np.float64) + 1.0, mean, dispersion))


def incomplete_beta(a: ArrayLike, b: ArrayLike, x: ArrayLike) -> Figures:
    """The regularised incomplete beta function I_x(a, b), by its continued fraction (Lentz's method;
    DLMF 8.17.22), with I_x(a, b) = 1 - I_1-x(b, a) where that converges faster."""
    a_, b_, x_ = np.broadcast_arrays(*(np.asarray(v, np.float64) for v in (a, b, x)))
    turned = x_ > (a_ + 1) / (a_ + b_ + 2)
    first, second = np.where(turned, b_, a_), np.where(turned, a_, b_)
    place = np.clip(np.where(turned, 1 - x_, x_), TINY, 1 - 1e-16)
    front = np.exp(
        _lgamma(first + second) - _lgamma(first) - _lgamma(second)
        + first * np.log(place) + second * np.log1p(-place)
    ) / first  # fmt: skip
    value = np.clip(front * _fraction(first, second, place), 0.0, 1.0)
    return np.asarray(np.where(turned, 1.0 - value, value))


def _fraction(a: Figures, b: Figures, x: Figures) -> Figures:
    """The continued fraction of the incomplete beta, all places at once until the last has settled."""
    c = np.ones(x.shape)
    d = 1.0 / _apart(1.0 - (a + b) * x / (a + 1.0))
    value = d.copy()
    for m in range(1, MOST_STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1.0 / _apart(1.0 + even * d)
        c = _apart(1.0 + even / c)
        value = value * d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1.0 / _apart(1.0 + odd * d)
        c = _apart(1.0 + odd / c)
        step = d * c
        value = value * step
        if (np.abs(step - 1.0) < CLOSE).all():
            break
    return value


def _apart(values: Figures) -> Figures:
    """Kept apart from nought."""
    return np.where(np.abs(values) < TINY, TINY, values)


def surprising(chances: Figures, share: float) -> Flags:
    """Which of many chances are small beyond what so many looks bring by themselves: Benjamini and
    Hochberg (1995), false discoveries at most `share` of what is found. NaN was not looked at."""
    found = np.zeros(chances.shape, np.bool_)
    looked = np.flatnonzero(np.isfinite(chances))
    if not len(looked):
        return found
    order = looked[np.argsort(chances[looked], kind="stable")]
    ranks = np.arange(1, len(order) + 1)
    under = np.flatnonzero(chances[order] <= share * ranks / len(order))
    if len(under):
        found[order[: under[-1] + 1]] = True
    return found


def exact_rate(events: int, exposure: float, *, confidence: float = 0.95) -> tuple[float, float]:
    """The exact interval of a rate of which so many events were seen (Garwood 1936): the Poisson means
    under which as many or more, as few or fewer, have a chance of half of what is left over. By
    bisection; NaN to NaN without exposure."""
    if exposure <= 0:
        return math.nan, math.nan
    tail = (1 - confidence) / 2
    low = 0.0
    if events:
        low = _where(lambda mean: _poisson_least(events, mean) - tail, events)
    high = _where(lambda mean: tail - (1 - _poisson_least(events + 1, mean)), events)
    return low / exposure, high / exposure


def _poisson_least(events: int, mean: float) -> float:
    """P(X >= events) of a Poisson."""
    return float(at_least(events, mean, 0.0))


def _where(rising: Callable[[float], float], near: int) -> float:
    """Where a rising function goes through nought."""
    low, high = 0.0, near + 10.0 + 6.0 * math.sqrt(near + 1.0)
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return (low + high) / 2
