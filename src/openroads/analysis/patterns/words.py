"""New words: those used far more this week than the weeks before led one to expect."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openroads.analysis.patterns.tails import at_least, surprising

Figures = NDArray[np.float64]

PRIOR = 0.5
"""Posts' worth of prior of every word, spread over the posts of the weeks before: Jeffreys' for a
Poisson rate. A word nobody used is taken to be rare, not impossible."""


@dataclass(frozen=True, slots=True)
class Risen:
    """Per word: posts to be expected now, the chance of as many or more as there are, and whether
    that stands out among all words looked at."""

    mean: Figures
    chance: Figures
    out: NDArray[np.bool_]


def risen_words(
    now: ArrayLike, before: ArrayLike, *, posts_now: float, posts_before: float, least: int = 5,
    share: float = 0.01, times: float = 2.0, sway: float = 0.05,
) -> Risen:  # fmt: skip
    """Which words are used more in `posts_now` posts than their use in `posts_before` posts before leads
    one to expect.

    Gamma-Poisson: with a prior of `PRIOR` posts the rate of a word seen `before` times is a gamma of
    shape before + PRIOR, so that its count now is a negative binomial of that size (the posterior
    predictive; Gelman and others 2013, Bayesian data analysis, 2.6). `sway` is the dispersion that the
    use of any word has from week to week beside that. Out are words of `least` posts, `times` what
    was expected, of which at most `share` are so by chance (Benjamini and Hochberg over all words).
    """
    here, past = np.asarray(now, np.float64), np.asarray(before, np.float64)
    if posts_before <= 0 or posts_now <= 0:
        nothing = np.full(here.shape, np.nan)
        return Risen(nothing, nothing.copy(), np.zeros(here.shape, np.bool_))
    mean = (past + PRIOR) * posts_now / posts_before
    wide = 1.0 / (past + PRIOR) + sway
    chance = np.ones(here.shape)
    looked = (here >= least) & (here > mean)
    chance[looked] = at_least(here[looked], mean[looked], wide[looked])
    out = surprising(chance, share) & looked & (here >= times * mean)
    return Risen(mean, chance, out)
