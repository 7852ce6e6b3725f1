"""Decides whether a new model takes over: only when it is better beyond luck, looked at seldom."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.learning.scores import confusion, macro_f1, resampled

FIRST_SIZE = 200
FEWEST_PER_CLASS = 10
BOUND = 0.05
"""The new model must be better in all but this share of the redrawn samples."""

DRAWS = 2000
SEED = 20_261_123

Why = Literal["better", "not_surely_better", "too_few_labels", "too_few_of_a_class"]


@dataclass(frozen=True)
class Comparison:
    """Two models judged by the same labels. Scores are macro-F1, 0..1."""

    labels: int
    per_class: tuple[int, ...]
    """How often each class is the truth."""
    old: float
    new: float
    old_table: NDArray[np.float64]
    new_table: NDArray[np.float64]
    """Confusion tables: truth down, told across."""
    low: float
    high: float
    """The 5th and the 95th percentile of the gain over redrawn samples."""
    why: Why

    @property
    def gain(self) -> float:
        """How much better the new model is; negative when it is worse."""
        return self.new - self.old

    @property
    def switches(self) -> bool:
        """Whether the new model takes over."""
        return self.why == "better"


def size_due(labels: int, tested: Collection[int]) -> int | None:
    """The size at which may be tested now: the largest of 200, 400, 800, ... that `labels` reach,
    or None when it was tested before (or a larger one was).

    Looking again after every label would sooner or later see luck as gain; fixed sizes, each once,
    keep the number of looks small. The test takes exactly that many labels: the first ones.
    """
    size = FIRST_SIZE
    while size * 2 <= labels:
        size *= 2
    return size if size <= labels and size > max(tested, default=0) else None


def next_size(tested: Collection[int]) -> int:
    """The size at which will be tested next."""
    size = FIRST_SIZE
    while size <= max(tested, default=0):
        size *= 2
    return size


def compare(
    truth: NDArray[np.int8],
    old: NDArray[np.int8],
    new: NDArray[np.int8],
    classes: int,
    *,
    weights: NDArray[np.float64] | None = None,
) -> Comparison:
    """Judge two models by labels that neither of them learned from (for a model in training: what
    its folds said).

    `truth`, `old` and `new` are classes 0..classes-1 of the same labels, which must be a random
    sample of the posts; `weights` undo a sample that took some posts more often than others. The
    gain in macro-F1 is redrawn in pairs (paired bootstrap, Efron and Tibshirani 1993, ch. 16): the
    same posts for both models, so that easy and hard samples cancel out. McNemar's test is left
    out on purpose: it counts right answers, and a model wins those by telling the largest class.
    """
    if not len(truth) == len(old) == len(new):
        raise ValueError("Both models must be judged by the same labels.")
    weights = np.ones(len(truth)) if weights is None else np.asarray(weights, np.float64)
    cells = (truth.astype(np.int64) * classes + old) * classes + new
    drawn = resampled(cells, classes**3, weights, draws=DRAWS, seed=SEED)
    stack = drawn.reshape(-1, classes, classes, classes)
    gains = macro_f1(stack.sum(axis=2)) - macro_f1(stack.sum(axis=3))
    low, high = np.nanquantile(gains, (BOUND, 1.0 - BOUND)) if len(truth) else (np.nan, np.nan)
    per_class = tuple(np.bincount(truth, minlength=classes).tolist())
    old_table = confusion(truth, old, classes, weights)
    new_table = confusion(truth, new, classes, weights)
    return Comparison(
        len(truth),
        per_class,
        float(macro_f1(old_table)),
        float(macro_f1(new_table)),
        old_table,
        new_table,
        float(low),
        float(high),
        _why(len(truth), per_class, float(low)),
    )


def _why(labels: int, per_class: tuple[int, ...], low: float) -> Why:
    if labels < FIRST_SIZE:
        return "too_few_labels"
    if min(per_class) < FEWEST_PER_CLASS:
        return "too_few_of_a_class"
    return "better" if low > 0 else "not_surely_better"
