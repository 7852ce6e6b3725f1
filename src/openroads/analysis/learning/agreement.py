"""How far people agree who label the same posts: Krippendorff's alpha, with an interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Scale = Literal["nominal", "ordinal"]

DRAWS = 2000
SEED = 20_261_123
FEWEST_UNITS = 2


@dataclass(frozen=True)
class Agreement:
    """Alpha is 1 when all agree and 0 when they agree as often as chance would; below 0 they
    contradict each other. NaN when there is nothing to agree on (fewer than two posts with two
    labels, or the same value everywhere)."""

    alpha: float
    low: float
    high: float
    """Ends of the 95% interval; NaN with fewer than two posts."""
    units: int
    """Posts with two labels or more."""
    values: int
    """Labels on those posts."""


def alpha(
    units: Sequence[Sequence[str]], values: Sequence[str], scale: Scale = "nominal"
) -> Agreement:
    """Krippendorff's alpha over posts, each with the labels people gave it (any number of them).

    `values` are all values in order; the order counts for the ordinal scale only (negative,
    neutral, positive: mixing up the ends is worse than neighbours). From coincidences, Krippendorff
    2011, "Computing Krippendorff's Alpha-Reliability". The interval redraws posts 2,000 times
    (percentile bootstrap), always in the same way.
    """
    tables = _coincidences(units, values)
    n = round(float(tables.sum()))
    if not n:
        return Agreement(np.nan, np.nan, np.nan, 0, 0)
    found = float(_alpha(tables.sum(axis=0), scale))
    low = high = np.nan
    if len(tables) >= FEWEST_UNITS:
        dice = np.random.default_rng(SEED)
        times = dice.multinomial(len(tables), [1 / len(tables)] * len(tables), size=DRAWS)
        drawn = _alpha(np.tensordot(times, tables, axes=(1, 0)), scale)
        if not np.isnan(drawn).all():
            low, high = np.nanquantile(drawn, (0.025, 0.975))
    return Agreement(found, float(low), float(high), len(tables), n)


def by_post(labels: Sequence[tuple[int, int, str]]) -> list[list[str]]:
    """Units from (post, person, value) triples, the last one of a person on a post counting."""
    told: dict[int, dict[int, str]] = {}
    for post, person, value in labels:
        told.setdefault(post, {})[person] = value
    return [list(of.values()) for of in told.values()]


def _coincidences(units: Sequence[Sequence[str]], values: Sequence[str]) -> NDArray[np.float64]:
    """Per unit with two labels or more: how often each pair of values met in it, over m - 1."""
    place: Mapping[str, int] = {value: number for number, value in enumerate(values)}
    tables = []
    for unit in units:
        if len(unit) < 2:
            continue
        counts = np.bincount([place[value] for value in unit], minlength=len(values))
        tables.append((np.outer(counts, counts) - np.diag(counts)) / (len(unit) - 1))
    return np.array(tables, np.float64).reshape(len(tables), len(values), len(values))


def _alpha(table: NDArray[np.float64], scale: Scale) -> NDArray[np.float64]:
    """1 - observed disagreement over the disagreement of chance, for one table or a stack of them; NaN
    where chance brings none."""
    totals = table.sum(axis=-1)
    n = totals.sum(axis=-1)
    distance = _distance(totals, scale)
    expected = (totals[..., :, None] * totals[..., None, :] * distance).sum(axis=(-2, -1))
    observed = (n - 1) * (table * distance).sum(axis=(-2, -1))
    some = expected != 0
    return np.asarray(np.where(some, 1.0 - observed / np.where(some, expected, 1.0), np.nan))


def _distance(totals: NDArray[np.float64], scale: Scale) -> NDArray[np.float64]:
    """How bad it is to mix up two values, squared; per table of a stack."""
    if scale == "nominal":
        return 1.0 - np.eye(totals.shape[-1])
    upto = np.cumsum(totals, axis=-1) - totals / 2.0
    # Between the middles of both values lies half of each and all of what is between them.
    return np.asarray((upto[..., :, None] - upto[..., None, :]) ** 2, np.float64)
