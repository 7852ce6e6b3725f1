"""Whether something is said less after a change: a rate before and after, beside a control."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log, sqrt

from openroads.analysis.intervals import normal_quantile

ENOUGH = 30
"""Posts of the question in both windows together under which nothing is said."""
MEANS = 0.8
"""A rate that surely stays above this part of what it was did not fall by anything that matters."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One week: posts that answer the question, and posts of the whole set they stand in."""

    hits: int
    of: int


@dataclass(frozen=True, slots=True)
class Level:
    """A rate per 1,000 posts with its interval."""

    rate: float
    low: float
    high: float
    hits: int
    of: int


@dataclass(frozen=True, slots=True)
class Ratio:
    """The rate after as a part of the rate before: 0.42 is 58% less. `log_variance` is that of its
    logarithm; `spread` how much more the weeks differ than chance alone makes them."""

    value: float
    low: float
    high: float
    log_variance: float
    spread: float


@dataclass(frozen=True, slots=True)
class Compared:
    """Both levels and their ratio; None where one of the windows has no posts at all."""

    before: Level
    after: Level
    ratio: Ratio


class Verdict(StrEnum):
    """What can be said of it."""

    FELL = "fell"
    STAYED = "stayed"
    EARLY = "early"
    UNSURE = "unsure"


def compare(
    before: Sequence[Counted], after: Sequence[Counted], *, confidence: float = 0.95
) -> Compared | None:
    """The rates of two stretches of weeks and their ratio.

    log ratio = log((y2 + c) / n2) - log((y1 + c) / n1), with variance phi (1 / (y1 + c) + 1 / (y2 + c))
    and a normal interval on the logarithm: the rate ratio of two Poisson counts (Rothman, Greenland and
    Lash 2008, chapter 14), with c = 1/2 where one count is zero (Haldane 1956) and 0 otherwise. phi is the
    over-dispersion of quasi-likelihood (Wedderburn 1974; McCullagh and Nelder 1989, 9.2): Pearson's
    chi-square of the weekly counts round the rate of their own stretch, divided by weeks minus two, and
    at least 1. None when a stretch holds no posts of the set.
    """
    y1, n1 = sum(week.hits for week in before), sum(week.of for week in before)
    y2, n2 = sum(week.hits for week in after), sum(week.of for week in after)
    if not n1 or not n2:
        return None
    z = normal_quantile(confidence)
    phi = _spread(before, after)
    added = 0.0 if y1 and y2 else 0.5
    variance = phi * (1 / (y1 + added) + 1 / (y2 + added)) if (y1 or y2) else float("inf")
    value = ((y2 + added) / n2) / ((y1 + added) / n1)
    half = z * sqrt(variance)
    low = exp(log(value) - half) if half < 700 else 0.0
    high = exp(log(value) + half) if half < 700 else float("inf")
    return Compared(
        _level(y1, n1, phi, z), _level(y2, n2, phi, z), Ratio(value, low, high, variance, phi)
    )


def against(ratio: Ratio, control: Ratio, *, confidence: float = 0.95) -> Ratio:
    """The ratio of two ratios: what happened beyond what happened to everything else (difference in
    differences on the logarithm). Both are taken to err apart, so their variances add up."""
    value = ratio.value / control.value
    variance = ratio.log_variance + control.log_variance
    half = normal_quantile(confidence) * sqrt(variance)
    if half >= 700:
        return Ratio(value, 0.0, float("inf"), variance, max(ratio.spread, control.spread))
    return Ratio(
        value, value * exp(-half), value * exp(half), variance, max(ratio.spread, control.spread)
    )


def verdict(compared: Compared | None, control: Compared | None) -> Verdict:
    """What can be said, when the windows are long enough: it fell when it surely fell, and surely more
    than everything else; it did not when a fall by a fifth or more is ruled out; else nobody can tell."""
    if compared is None or compared.before.hits + compared.after.hits < ENOUGH:
        return Verdict.UNSURE
    ratio = compared.ratio
    beyond = against(ratio, control.ratio) if control is not None else ratio
    if ratio.high < 1 and beyond.high < 1:
        return Verdict.FELL
    if ratio.low > MEANS or beyond.low > MEANS:
        return Verdict.STAYED
    return Verdict.UNSURE


def _spread(before: Sequence[Counted], after: Sequence[Counted]) -> float:
    chi, weeks = 0.0, 0
    for stretch in (before, after):
        hits, of = sum(week.hits for week in stretch), sum(week.of for week in stretch)
        for week in stretch:
            expected = hits / of * week.of if of else 0.0
            if expected > 0:
                chi += (week.hits - expected) ** 2 / expected
                weeks += 1
    return max(chi / (weeks - 2), 1.0) if weeks > 2 else 1.0


def _level(hits: int, of: int, phi: float, z: float) -> Level:
    """A rate with an interval on its logarithm; of nothing seen, the end is 3 of the set (the rule of
    three, Hanley and Lippman-Hand 1983)."""
    if not hits:
        return Level(0.0, 0.0, 1000 * 3 * phi / of, 0, of)
    rate, half = 1000 * hits / of, z * sqrt(phi / hits)
    return Level(rate, rate * exp(-half), rate * exp(half), hits, of)
