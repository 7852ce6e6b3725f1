"""How well answers fit the truth: confusion table and macro-F1, and the luck in a difference."""

import numpy as np
from numpy.typing import NDArray

Cells = NDArray[np.float64]

AT_ONCE = 500_000
"""Posts drawn in one go, 25 MB."""


def confusion(
    truth: NDArray[np.int8],
    told: NDArray[np.int8],
    classes: int,
    weights: NDArray[np.float64] | None = None,
) -> Cells:
    """Posts (or their weights) per true class (rows) and told class (columns)."""
    cells = truth.astype(np.int64) * classes + told
    counted = np.bincount(cells, weights=weights, minlength=classes * classes)
    return counted.reshape(classes, classes).astype(np.float64)


def macro_f1(table: Cells, classes: int | None = None) -> NDArray[np.float64]:
    """The mean over the classes of F1 = 2 hits / (true + told), for one table or a stack of them.

    A class that neither occurs nor is told is left out; one that only occurs or only is told
    counts as 0. NaN for an empty table. With `classes` only the first so many count: the others
    are answers that are none.
    """
    hits = np.diagonal(table, axis1=-2, axis2=-1)[..., :classes]
    both = (table.sum(axis=-1) + table.sum(axis=-2))[..., :classes]
    there = both > 0
    each = np.where(there, 2.0 * hits / np.where(there, both, 1.0), 0.0)
    counted = there.sum(axis=-1)
    return np.asarray(np.where(counted > 0, each.sum(axis=-1) / np.maximum(counted, 1), np.nan))


def resampled(
    cells: NDArray[np.int64],
    kinds: int,
    weights: NDArray[np.float64],
    *,
    draws: int,
    seed: int,
) -> Cells:
    """(draws, kinds): how often each kind of cell occurs when as many posts are drawn with
    replacement (Efron 1979), each counting for its weight."""
    dice = np.random.default_rng(seed)
    n = len(cells)
    counts = np.empty((draws, kinds))
    # Many draws in one go, which gives the same posts: one by one took a fifth of a second for a page.
    many = max(1, AT_ONCE // max(n, 1))
    for first in range(0, draws, many):
        some = min(many, draws - first)
        drawn = dice.integers(0, n, (some, n))
        place = cells[drawn] + kinds * np.arange(some)[:, None]
        found = np.bincount(place.ravel(), weights[drawn].ravel(), minlength=some * kinds)
        counts[first : first + some] = found.reshape(some, kinds)
    return counts
