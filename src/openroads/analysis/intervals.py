"""Intervals: how far a share, a net sentiment or a difference could be off, vectorised."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Figures = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with the ends of its interval; arrays of one shape (0-d for a single figure). NaN =
    nothing counted.
    """

    value: Figures
    low: Figures
    high: Figures


def normal_quantile(confidence: float) -> float:
    """Half-width of a two-sided interval in standard errors: 1.96 for .95."""
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"A confidence lies between 0 and 1, not {confidence}.")
    return NormalDist().inv_cdf(0.5 + confidence / 2.0)


def wilson(hits: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> Estimate:
    """Share hits/n with the Wilson score interval (Wilson 1927), all in 0..1; n = 0 gives NaN with
    0..1.
    """
    k, n_ = np.asarray(hits, dtype=np.float64), np.asarray(n, dtype=np.float64)
    z = normal_quantile(confidence)
    some = np.where(n_ > 0, n_, 1.0)
    share = k / some
    centre = (share + z * z / (2 * some)) / (1 + z * z / some)
    half = z / (1 + z * z / some) * np.sqrt(share * (1 - share) / some + z * z / (4 * some**2))
    return Estimate(
        np.where(n_ > 0, share, np.nan),
        np.where(n_ > 0, np.clip(centre - half, 0.0, 1.0), 0.0),
        np.where(n_ > 0, np.clip(centre + half, 0.0, 1.0), 1.0),
    )


def difference(first: Estimate, second: Estimate) -> Estimate:
    """first - second with an interval built from both intervals (MOVER, Zou and Donner 2008;
    Newcombe 1998).

    For two Wilson shares this is Newcombe's method 10; it keeps the skew that a plain standard
    error loses.
    """
    value = first.value - second.value
    low = value - np.hypot(first.value - first.low, second.high - second.value)
    high = value + np.hypot(first.high - first.value, second.value - second.low)
    return Estimate(value, low, high)


def net_sentiment(
    positive: ArrayLike, negative: ArrayLike, n: ArrayLike, *, confidence: float = 0.95
) -> Estimate:
    """Net sentiment score NSS = 100 (P - N) / (P + N + U), from -100 to 100; n = P + N + U. The
    house's default.

    The interval is that of a difference within one multinomial (Bonett and Price 2012: one is added
    to P and to N), so that 5 of 5 positive does not claim certainty. NaN with -100..100 where n =
    0.
    """
    p, m = np.asarray(positive, dtype=np.float64), np.asarray(negative, dtype=np.float64)
    n_ = np.asarray(n, dtype=np.float64)
    z = normal_quantile(confidence)
    p2, m2 = (p + 1) / (n_ + 2), (m + 1) / (n_ + 2)
    half = z * np.sqrt((p2 + m2 - (p2 - m2) ** 2) / (n_ + 2))
    value = np.where(n_ > 0, 100 * (p - m) / np.where(n_ > 0, n_, 1.0), np.nan)
    low = np.where(n_ > 0, np.clip(100 * (p2 - m2 - half), -100, 100), -100.0)
    high = np.where(n_ > 0, np.clip(100 * (p2 - m2 + half), -100, 100), 100.0)
    return Estimate(value, np.fmin(low, value), np.fmax(high, value))
