"""Whether something that was done changed the conversation: before and after, with the rest as control."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openroads.analysis.intervals import Estimate, difference, normal_quantile


@dataclass(frozen=True, slots=True)
class Change:
    """An estimate of what changed beyond the control, and how much weeks scatter beyond chance."""

    effect: Estimate
    spread: float = 1.0

    @property
    def is_proven(self) -> bool:
        """Whether the interval leaves no room for no effect."""
        return bool(self.effect.low > 0 or self.effect.high < 0)


def t_quantile(confidence: float, free: float) -> float:
    """Half-width of a two-sided interval of Student's t with `free` degrees of freedom, by the
    expansion of Cornish and Fisher (Abramowitz and Stegun 26.7.5): 2.45 for .95 and 6; within .4%
    from 5 on."""
    z = normal_quantile(confidence)
    return float(
        z
        + (z**3 + z) / (4 * free)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * free**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * free**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * free**4)
    )


def change_in_rate(
    before: Sequence[tuple[float, float]],
    after: Sequence[tuple[float, float]],
    *,
    confidence: float = 0.95,
) -> Change:
    """Difference in differences on logarithms of rates: [ln(aimed after / before)] - [ln(control
    after / before)], as a number of times less one in `effect` (.25: a quarter more than the
    control let expect).

    `before` and `after` hold (aimed, control) counts of whole weeks. It is the log of the odds ratio
    (a1 c0)/(a0 c1), half a post added to each; its variance f (1/a1 + 1/a0 + 1/c1 + 1/c0), where f
    is how much the aimed share scatters over the weeks of either side beyond chance (Pearson's
    chi-squared over its degrees of freedom, at least 1), with Student's t of as many degrees.
    """
    sides = [np.asarray(side, np.float64).reshape(-1, 2) for side in (before, after)]
    (a0, c0), (a1, c1) = (side.sum(axis=0) for side in sides)
    chi, free = 0.0, 0
    for side in sides:
        total = side.sum(axis=1)
        side, total = side[total > 0], total[total > 0]
        if len(side) < 2:
            continue
        share = side[:, 0].sum() / total.sum()
        free += len(side) - 1
        if 0 < share < 1:
            chi += float(
                (((side[:, 0] - total * share) ** 2) / (total * share * (1 - share))).sum()
            )
    spread = max(chi / free, 1.0) if free else 1.0
    half = 0.5
    log = np.log((a1 + half) * (c0 + half) / ((a0 + half) * (c1 + half)))
    error = np.sqrt(spread * sum(1 / (n + half) for n in (a0, a1, c0, c1)))
    wide = error * (t_quantile(confidence, free) if free >= 3 else normal_quantile(confidence))
    ends = np.expm1(log), np.expm1(log - wide), np.expm1(log + wide)
    return Change(Estimate(*(np.asarray(end) for end in ends)), spread)


def change_in_tone(
    aimed_before: Estimate, aimed_after: Estimate, rest_before: Estimate, rest_after: Estimate
) -> Change:
    """Difference in differences on net sentiment, in points: (after - before) of what was aimed at,
    less the same of the rest. The interval is built from the four (MOVER, Zou and Donner 2008)."""
    ours = difference(aimed_after, aimed_before)
    rest = difference(rest_after, rest_before)
    return Change(difference(ours, rest))
