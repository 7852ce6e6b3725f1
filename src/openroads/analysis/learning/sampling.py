"""Which labels count for how much: a random sample to judge by, and the rest put in proportion."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

UNMET = 0.5
"""Added to each cell of the random sample, so that a mistake it did not meet is not impossible."""


def allocated(population: Mapping[str, int], size: int) -> dict[str, int]:
    """How many to draw from each stratum: equal numbers, so that small languages are judged too; a
    stratum with fewer gives all it has and the others share what is left."""
    drawn = dict.fromkeys(sorted(population), 0)
    for _ in range(min(size, sum(population.values()))):
        open_ones = [name for name in drawn if drawn[name] < population[name]]
        drawn[min(open_ones, key=lambda name: (drawn[name], name))] += 1
    return drawn


def in_proportion(
    truth: NDArray[np.int8],
    told: NDArray[np.int8],
    random: NDArray[np.bool_],
    classes: int,
    weights: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """How much each label counts in training.

    Corrections are mistakes by choice: learning from them as they come is worse than not learning
    at all, because the model then takes whatever the analyser says for wrong. So labels are counted
    per cell (what the analyser told x what a person said), and each cell counts for as much as it
    is worth in the random sample (post-stratification). `random` marks the labels of that sample,
    `weights` their own weights in it; `told` is -1 where the analyser told nothing. The weights sum
    to the number of labels they are worth (Kish's effective size). Without a random sample all
    count alike.
    """
    base = np.ones(len(truth)) if weights is None else np.asarray(weights, np.float64)
    if not random.any():
        return np.ones(len(truth))
    cell = truth.astype(np.int64) * (classes + 1) + told + 1
    kinds = classes * (classes + 1)
    met = np.bincount(cell[random], weights=base[random], minlength=kinds)
    met *= random.sum() / met.sum()
    there = np.bincount(cell, minlength=kinds)
    share = (met + UNMET * (there > 0)) / (met + UNMET * (there > 0)).sum()
    found = (share / np.maximum(there, 1) * len(truth))[cell]
    found *= np.where(random, base / _mean_of(base, random, cell, kinds), 1.0)
    return np.asarray(found * (effective_size(found) / found.sum()), np.float64)


def _mean_of(
    base: NDArray[np.float64], random: NDArray[np.bool_], cell: NDArray[np.int64], kinds: int
) -> NDArray[np.float64]:
    """The mean weight of the random labels in the cell of each label."""
    total = np.bincount(cell[random], weights=base[random], minlength=kinds)
    count = np.bincount(cell[random], minlength=kinds)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), 1.0)[cell], np.float64)


def effective_size(weights: Sequence[float] | NDArray[np.float64]) -> float:
    """How many equal labels weighted ones are worth: (sum w)^2 / sum w^2 (Kish 1965); 0 for none."""
    given = np.asarray(weights, np.float64)
    squares = float((given**2).sum())
    return float(given.sum()) ** 2 / squares if squares else 0.0
