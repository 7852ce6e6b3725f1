"""How large the classes really are: counts of predictions, corrected by how the model errs."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

FEWEST_PER_CLASS = 10
"""Labels of a class below which nobody knows how the model tells that class."""

DISTINCT = 0.05
"""The smallest singular value of the table of errors at which classes can still be told apart."""

DRAWS = 1000
SEED = 20_261_123

Figures = NDArray[np.float64]


@dataclass(frozen=True)
class Shares:
    """Shares of the classes, each 0..1 and together 1."""

    raw: Figures
    """Of the classes told: the plain count."""
    corrected: Figures
    """The raw ones again when `why_not` says why they could not be corrected."""
    low: Figures
    high: Figures
    """Ends of the 95% interval around `corrected`; NaN when there is none."""
    why_not: Literal["", "too_few_labels", "classes_alike", "no_posts"]


def corrected_shares(
    told: NDArray[np.floating], tried: NDArray[np.floating], truth: NDArray[np.int8]
) -> Shares:
    """Correct the shares of the classes among posts.

    `told` (posts, classes) are the probabilities the model gives; `tried` (labels, classes) those
    that models gave labelled posts they had not seen, `truth` what these are (a random sample, at
    best). Rows may be ones and zeros instead: then counts are corrected by the confusion table.

    PACC (Bella et al. 2010; with counts it is Forman's 2008 adjusted count for several classes): the
    mean probabilities p are explained as a mixture T a of how each true class is told; a solved by
    least squares with no share below zero, then made to sum to 1. It supposes that a class is told
    in the same way here as among the labels. The interval redraws the labels within their class and
    the mean over the posts.
    """
    classes = tried.shape[1]
    if not len(told):
        empty = np.full(classes, np.nan)
        return Shares(empty, empty, empty, empty, "no_posts")
    raw = np.bincount(told.argmax(axis=1), minlength=classes) / len(told)
    none = np.full(classes, np.nan)
    if np.bincount(truth, minlength=classes).min() < FEWEST_PER_CLASS:
        return Shares(raw, raw, none, none, "too_few_labels")
    of_class = [np.asarray(tried[truth == place], np.float64) for place in range(classes)]
    table = np.column_stack([rows.mean(axis=0) for rows in of_class])
    if np.linalg.svd(table, compute_uv=False)[-1] < DISTINCT:
        return Shares(raw, raw, none, none, "classes_alike")
    mean = np.asarray(told, np.float64).mean(axis=0)
    found = _mixtures(table[None], mean[None])[0]
    drawn = _mixtures(*_redrawn(of_class, np.asarray(told, np.float64)))
    low, high = np.quantile(drawn, (0.025, 0.975), axis=0)
    return Shares(raw, found, np.minimum(low, found), np.maximum(high, found), "")


def _redrawn(of_class: list[Figures], told: Figures) -> tuple[Figures, Figures]:
    """Tables of errors and mean probabilities as other samples would have given them."""
    dice = np.random.default_rng(SEED)
    columns = []
    for rows in of_class:
        times = dice.multinomial(len(rows), [1 / len(rows)] * len(rows), size=DRAWS)
        columns.append(times @ rows / len(rows))
    spread = (
        np.cov(told, rowvar=False) / len(told) if len(told) > 1 else 0.0 * np.eye(told.shape[1])
    )
    means = dice.multivariate_normal(told.mean(axis=0), spread, size=DRAWS, method="svd")
    return np.stack(columns, axis=2), means


def _mixtures(tables: Figures, means: Figures) -> Figures:
    """Per draw the shares a >= 0 that make T a nearest to p (NNLS, Lawson and Hanson 1974), made to
    sum to 1.

    With so few classes every choice of the ones above zero is tried; that is exact.
    """
    draws, _, classes = tables.shape
    best = np.full(draws, np.inf)
    found = np.full((draws, classes), 1.0 / classes)
    for chosen in _choices(classes):
        some = tables[:, :, chosen]
        shares = (np.linalg.pinv(some) @ means[:, :, None])[:, :, 0]
        off = ((some @ shares[:, :, None])[:, :, 0] - means) ** 2
        left = off.sum(axis=1)
        takes = (shares >= 0).all(axis=1) & (shares.sum(axis=1) > 0) & (left < best)
        best[takes] = left[takes]
        found[takes] = 0.0
        found[np.ix_(takes, chosen)] = shares[takes]
    return np.asarray(found / found.sum(axis=1, keepdims=True), np.float64)


def _choices(classes: int) -> Iterator[list[int]]:
    for size in range(classes, 0, -1):
        for chosen in combinations(range(classes), size):
            yield list(chosen)
