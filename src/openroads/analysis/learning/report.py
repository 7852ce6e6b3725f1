"""The analyser's report on itself: how often it is right, per language and source, by audit labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.intervals import Estimate, wilson
from openroads.analysis.learning.sampling import effective_size
from openroads.analysis.learning.scores import confusion, macro_f1, resampled

DRAWS = 1000
SEED = 20_261_123

Value = TypeVar("Value", str, int)


@dataclass(frozen=True)
class Judged:
    """Labels of a random sample beside what the analyser told, a row each."""

    truth: Sequence[str]
    told: Sequence[str]
    """What it told when the label was given; a value outside the classes means it told nothing."""
    language: Sequence[str]
    source: Sequence[int]
    weights: Sequence[float]
    """Posts each label stands for; any equal figure when they are a plain random sample."""


@dataclass(frozen=True)
class ClassReport:
    """One class. Figures 0..1 with Wilson intervals; NaN where nothing was counted."""

    name: str
    labels: int
    precision: Estimate
    """Of the posts told to be of this class: the share that is."""
    recall: Estimate
    """Of the posts of this class: the share that was told so."""


@dataclass(frozen=True)
class Report:
    """How right the analyser was on n labels."""

    n: int
    effective: float
    """How many labels of a plain random sample they are worth; intervals rest on it."""
    accuracy: Estimate
    macro_f1: Estimate
    """With a bootstrap interval (95%, percentile)."""
    classes: tuple[ClassReport, ...]
    table: NDArray[np.int64]
    """Labels: truth down, told across; the last column counts what it told nothing of."""
    shares: NDArray[np.float64]
    """The same table in shares of the posts they stand for; sums to 1."""


@dataclass(frozen=True)
class SelfReport:
    """All of them together and apart; the apart ones in order of their labels, most first."""

    overall: Report
    languages: tuple[tuple[str, Report], ...]
    sources: tuple[tuple[int, Report], ...]


def report(judged: Judged, classes: Sequence[str]) -> SelfReport:
    """The report on these labels. A post of which the analyser told nothing counts as wrong.

    Raises ValueError when a label is no class, or when the columns differ in length.
    """
    columns = (judged.truth, judged.told, judged.language, judged.source, judged.weights)
    if len({len(column) for column in columns}) != 1:
        raise ValueError("Every label needs a truth, an answer, a language, a source and a weight.")
    if unknown := set(judged.truth) - set(classes):
        raise ValueError(f"{sorted(unknown)} are no classes.")
    place = {name: number for number, name in enumerate(classes)}
    truth = np.array([place[one] for one in judged.truth], np.int8)
    told = np.array([place.get(one, len(classes)) for one in judged.told], np.int8)
    weights = np.asarray(judged.weights, np.float64)

    def of(rows: NDArray[np.bool_]) -> Report:
        return _report(truth[rows], told[rows], weights[rows], classes)

    languages, sources = np.array(judged.language, object), np.array(judged.source, np.int64)
    return SelfReport(
        of(np.ones(len(truth), np.bool_)),
        tuple((one, of(languages == one)) for one in _most_first(judged.language)),
        tuple((one, of(sources == one)) for one in _most_first(judged.source)),
    )


def _most_first(values: Sequence[Value]) -> list[Value]:
    counts: dict[Value, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return sorted(counts, key=lambda value: (-counts[value], value))


def _report(
    truth: NDArray[np.int8],
    told: NDArray[np.int8],
    weights: NDArray[np.float64],
    classes: Sequence[str],
) -> Report:
    size = len(classes)
    # One class more: what the analyser told nothing of. No truth stands there.
    table = confusion(truth, told, size + 1)[:size]
    heavy = confusion(truth, told, size + 1, weights)[:size]
    total = heavy.sum()
    hits = np.diagonal(heavy)
    per_class = tuple(
        ClassReport(
            name,
            int(table[place].sum()),
            _share(hits[place], heavy[:, place].sum(), weights[told == place]),
            _share(hits[place], heavy[place].sum(), weights[truth == place]),
        )
        for place, name in enumerate(classes)
    )
    return Report(
        len(truth),
        effective_size(weights),
        _share(hits.sum(), total, weights),
        _macro(truth, told, weights, size),
        per_class,
        table.astype(np.int64),
        heavy / total if total else heavy,
    )


def _share(hits: float, total: float, weights: NDArray[np.float64]) -> Estimate:
    """A weighted share with Wilson's interval for the labels it is worth."""
    n = effective_size(weights)
    return wilson(n * hits / total if total else 0.0, n)


def _macro(
    truth: NDArray[np.int8], told: NDArray[np.int8], weights: NDArray[np.float64], size: int
) -> Estimate:
    nothing = np.asarray(np.nan)
    if not len(truth):
        return Estimate(nothing, np.asarray(0.0), np.asarray(1.0))
    cells = truth.astype(np.int64) * (size + 1) + told
    drawn = resampled(cells, (size + 1) ** 2, weights, draws=DRAWS, seed=SEED)
    spread = macro_f1(drawn.reshape(-1, size + 1, size + 1), size)
    low, high = np.nanquantile(spread, (0.025, 0.975))
    value = macro_f1(confusion(truth, told, size + 1, weights), size)
    return Estimate(np.asarray(value), np.asarray(low), np.asarray(high))
