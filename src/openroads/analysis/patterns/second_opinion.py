"""A second opinion on a count: the limit of the improved Farrington method."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Figures = NDArray[np.float64]

OUTLIER = 2.58
"""Standardised residual from which a past week weighs less (Noufaily and others 2012)."""
LEAST = 5
"""Posts in the last four periods below which nothing is said (limit54 of Farrington and others)."""
TURNS = 50


@dataclass(frozen=True, slots=True)
class Opinion:
    """What was expected, and the limit beyond which this method calls a count out; None where it has
    too little to go by."""

    mean: float
    limit: float | None


def farrington(history: Figures, *, chance: float = 0.001, last_four: float = LEAST) -> Opinion:
    """The limit for the period that follows `history` (counts of like periods, the oldest first).

    Quasi-Poisson regression on time (log link; the trend is kept only where the fit lies within what
    was ever seen), once more with outlying periods weighed down by the square of their Anscombe
    residual; the limit is on the 2/3 scale, which makes a Poisson nearly normal: mu [1 + 2/3 z
    sqrt(tau / mu)]^(3/2) with tau = phi + Var(mu)/mu. Farrington and others 1996 (JRSS A 159:547),
    Noufaily and others 2012 (Stat Med 32:1206); formula as in farringtonFlexible of the R package
    surveillance.
    """
    counts = history[np.isfinite(history)]
    if len(counts) < 4 or counts.sum() <= 0:
        return Opinion(float(counts.mean()) if len(counts) else math.nan, None)
    fit = _fit(counts, np.ones(len(counts)))
    fit = _fit(counts, _weights(counts, fit))
    mean, uncertain = fit.predicted
    if last_four < LEAST:
        return Opinion(mean, None)
    tau = fit.phi + uncertain / mean
    z = NormalDist().inv_cdf(1 - chance)
    return Opinion(mean, mean * (1 + 2 / 3 * z * math.sqrt(tau / mean)) ** 1.5)


@dataclass(frozen=True, slots=True)
class _Fit:
    fitted: Figures
    phi: float
    leverage: Figures
    predicted: tuple[float, float]


def _fit(counts: Figures, weights: Figures) -> _Fit:
    with_trend = _regression(counts, weights, trend=True)
    mean = with_trend.predicted[0]
    return with_trend if mean <= counts.max() else _regression(counts, weights, trend=False)


def _regression(counts: Figures, weights: Figures, *, trend: bool) -> _Fit:
    """Iteratively weighted least squares for a log-linear mean."""
    n = len(counts)
    time = np.arange(n) - n
    design = np.stack([np.ones(n), time / n], axis=1) if trend else np.ones((n, 1))
    mean = np.maximum(counts, 0.5)
    beta = np.zeros(design.shape[1])
    for _ in range(TURNS):
        work = np.log(mean) + (counts - mean) / mean
        heavy = (design * (weights * mean)[:, None]).T
        new = np.linalg.solve(heavy @ design, heavy @ work)
        mean = np.exp(np.clip(design @ new, -20, 20))
        if np.abs(new - beta).max() < 1e-10:
            break
        beta = new
    inverse = np.linalg.inv((design * (weights * mean)[:, None]).T @ design)
    leverage = weights * mean * np.einsum("ij,jk,ik->i", design, inverse, design)
    spread = (weights * (counts - mean) ** 2 / mean).sum() / max(n - design.shape[1], 1)
    phi = max(float(spread), 1.0)
    ahead = np.array([1.0, 0.0]) if trend else np.ones(1)
    predicted = float(np.exp(np.clip(ahead @ new, -20, 20)))
    return _Fit(
        mean, phi, leverage, (predicted, phi * float(ahead @ inverse @ ahead) * predicted**2)
    )


def _weights(counts: Figures, fit: _Fit) -> Figures:
    """1 for ordinary periods, the inverse square of their Anscombe residual for outlying ones, scaled
    to add up to their number."""
    scale = np.sqrt(fit.phi * np.maximum(1 - fit.leverage, 1e-6))
    residual = 1.5 * (counts ** (2 / 3) - fit.fitted ** (2 / 3)) / (fit.fitted ** (1 / 6) * scale)
    raw = np.where(residual > OUTLIER, 1 / np.maximum(residual, 1.0) ** 2, 1.0)
    return np.asarray(raw * len(counts) / raw.sum())
