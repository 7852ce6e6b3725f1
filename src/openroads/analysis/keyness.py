"""How sure we are that one side uses a word more than the other: keyness and its rivals, vectorised
over terms.

Names follow the usual contingency table: a term is found `a` times in corpus 1 of size `c` and `b`
times in corpus 2 of size `d`. In Openroads a "time" is a document (a post, a passage) that holds
the term, and a size is the sum of those counts over all terms, so that one long post cannot make a
word.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Figures = NDArray[np.float64]

ALPHA0 = 500.0
"""Weight of the prior in documents holding a term; the value Monroe, Colaresi and Quinn (2008) work
with.
"""


@dataclass(frozen=True, slots=True)
class LogOdds:
    """Log-odds difference per term: `delta` in natural log units (positive = first side), its
    variance, and z.
    """

    delta: Figures
    variance: Figures
    z: Figures


def _figures(*values: ArrayLike) -> tuple[Figures, ...]:
    return tuple(np.asarray(value, dtype=np.float64) for value in values)


def _x_log_ratio(x: Figures, y: Figures) -> Figures:
    """x ln(x/y), with 0 ln 0 = 0."""
    safe = np.where(x > 0, x, 1.0)
    return np.where(x > 0, x * np.log(safe / np.where(x > 0, y, 1.0)), 0.0)


def log_likelihood(
    a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike, *, cells: Literal[2, 4] = 4
) -> Figures:
    """Dunning's G2 per term, never negative; the sign of the difference is that of a/c - b/d.

    `cells=2` sums the two cells of the term only (Rayson and Garside 2000, the UCREL wizard);
    `cells=4` the whole table (Dunning 1993). Chi-squared with one degree of freedom: 3.84, 6.63,
    10.83 for p .05, .01, .001.
    """
    a_, b_, c_, d_ = _figures(a, b, c, d)
    share = (a_ + b_) / (c_ + d_)
    first, second = c_ * share, d_ * share
    g2 = _x_log_ratio(a_, first) + _x_log_ratio(b_, second)
    if cells == 4:
        g2 = g2 + _x_log_ratio(c_ - a_, c_ - first) + _x_log_ratio(d_ - b_, d_ - second)
    return np.maximum(2.0 * g2, 0.0)


def log_ratio(a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike) -> Figures:
    """log2 of the ratio of relative frequencies, zero counts taken as 0.5 (Hardie 2014). 1 = twice
    as often.
    """
    a_, b_, c_, d_ = _figures(a, b, c, d)
    return np.asarray(np.log2((np.where(a_ > 0, a_, 0.5) / c_) / (np.where(b_ > 0, b_, 0.5) / d_)))


def bayes_factor(g2: ArrayLike, c: ArrayLike, d: ArrayLike) -> Figures:
    """BIC approximation G2 - ln(c + d): above 2 positive, 6 strong, 10 very strong evidence (Wilson
    2013).
    """
    g2_, c_, d_ = _figures(g2, c, d)
    return np.asarray(g2_ - np.log(c_ + d_))


def percent_difference(a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike) -> Figures:
    """%DIFF: by how many per cent the first relative frequency exceeds the second (Gabrielatos and
    Marchi 2011).

    Infinite where the second side never uses the term: there is no percentage of nothing.
    """
    a_, b_, c_, d_ = _figures(a, b, c, d)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(100.0 * (a_ / c_ - b_ / d_) / (b_ / d_))


def simple_maths(
    a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike, *, k: float = 100.0
) -> Figures:
    """Ratio of frequencies per million after adding k to both (Kilgarriff 2009). A larger k favours
    common words.
    """
    a_, b_, c_, d_ = _figures(a, b, c, d)
    return np.asarray((a_ / c_ * 1e6 + k) / (b_ / d_ * 1e6 + k))


def log_odds(
    first: ArrayLike,
    second: ArrayLike,
    *,
    first_size: float | None = None,
    second_size: float | None = None,
    prior: ArrayLike | None = None,
    second_prior: ArrayLike | None = None,
    prior_size: float = ALPHA0,
    second_prior_size: float | None = None,
    terms: Literal[2, 4] = 2,
) -> LogOdds:
    """Log-odds ratio with informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, Political
    Analysis 16:372).

    `first` and `second` are counts of shape (terms,); sizes default to their sums. `prior` is the
    pseudo-count per term, by default `prior_size` shared out as the pooled counts are.
    `second_prior` (and its size) may differ, see `balanced_log_odds`. `terms=2` keeps the two large
    parts of the variance, `terms=4` all four.
    """
    y1, y2 = _figures(first, second)
    n1 = float(y1.sum()) if first_size is None else first_size
    n2 = float(y2.sum()) if second_size is None else second_size
    if prior is None:
        pooled = y1 + y2
        prior = prior_size * pooled / max(float(pooled.sum()), 1.0)
    a1 = np.asarray(prior, dtype=np.float64)
    a2 = a1 if second_prior is None else np.asarray(second_prior, dtype=np.float64)
    size2 = prior_size if second_prior_size is None else second_prior_size
    in1, in2 = y1 + a1, y2 + a2
    out1, out2 = n1 + prior_size - in1, n2 + size2 - in2
    with np.errstate(divide="ignore", invalid="ignore"):
        delta = np.log(in1 / out1) - np.log(in2 / out2)
        variance = 1.0 / in1 + 1.0 / in2
        if terms == 4:
            variance = variance + 1.0 / out1 + 1.0 / out2
        z = delta / np.sqrt(variance)
    # A term nobody uses, and one that is all there is on both sides, tell no difference.
    unused = (in1 <= 0) | (in2 <= 0) | (out1 <= 1e-9 * n1) | (out2 <= 1e-9 * n2)
    return LogOdds(np.where(unused, 0.0, delta), variance, np.where(unused, 0.0, z))


def balanced_log_odds(
    first: ArrayLike, second: ArrayLike, *, prior_size: float = ALPHA0
) -> LogOdds:
    """`log_odds` for sides of very different size: the prior weighs as much, relatively, on either
    side.

    The smaller side gets `prior_size`, the larger the same share of its own size; for equal sides
    this is `log_odds`.

    TRICKY: with one absolute prior of 500, "0 of 13,000 posts" counts as 0.02 of a post, its
    variance explodes and the words that the brand says and nobody else does (the very thing looked
    for) get z near 1. Shares mend that; the false alarm rate of a null split stays where z says it
    should be (tests/analysis/test_keyness.py).
    """
    y1, y2 = _figures(first, second)
    n1, n2 = float(y1.sum()), float(y2.sum())
    pooled = y1 + y2
    if not n1 or not n2:
        zeros = np.zeros(pooled.shape)
        return LogOdds(zeros, np.full(pooled.shape, np.inf), zeros.copy())
    share = pooled / pooled.sum()
    size1 = prior_size * n1 / min(n1, n2)
    size2 = prior_size * n2 / min(n1, n2)
    return log_odds(
        y1,
        y2,
        prior=size1 * share,
        second_prior=size2 * share,
        prior_size=size1,
        second_prior_size=size2,
    )


_ERFC = (
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418,
    0.37409196, 1.00002368, -1.26551223,
)  # fmt: skip
"""Coefficients of the fit in `two_sided_p`, highest power first."""


def two_sided_p(z: ArrayLike) -> Figures:
    """Probability of a standard normal at least as far from 0 as z; same shape as z.

    The complementary error function by its Chebyshev fit (Press et al., Numerical Recipes, 6.2), true
    to 1.2 in ten million of itself however far z lies: one by one, the exact one takes longer for a
    vocabulary than everything else about it.
    """
    x = np.abs(np.asarray(z, dtype=np.float64)) / math.sqrt(2.0)
    t = 1.0 / (1.0 + 0.5 * x)
    fit = np.zeros_like(t)
    for coefficient in _ERFC:
        fit = fit * t + coefficient
    return np.asarray(np.minimum(t * np.exp(fit - x * x), 1.0))


def benjamini_hochberg(p: ArrayLike) -> Figures:
    """q-values: keeping every term with q < .05 leaves about 5% false ones among the kept
    (Benjamini, Hochberg 1995).
    """
    p_ = np.asarray(p, dtype=np.float64)
    n = p_.size
    if not n:
        return p_.copy()
    order = np.argsort(p_)
    steps = p_[order] * n / np.arange(1, n + 1)
    q = np.empty(n)
    q[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return q
