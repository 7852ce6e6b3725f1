"""Share of voice: how a conversation divides over the brands of a set, with intervals that hold at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.intervals import Estimate, normal_quantile

Figures = NDArray[np.float64]
Rule = Literal["split", "full"]
"""How a post that names k brands of the set counts: 1/k for each, or one for each."""

Named = frozenset[int]


@dataclass(frozen=True, slots=True)
class Voice:
    """Shares of a conversation, one figure per brand in the order asked for; `posts` name at least
    one of them.

    By the rule "split" the shares add up to 1; by "full" to more where posts name several.
    """

    posts: int
    weights: Figures
    """What each brand has of the posts: a number of posts, in parts by the rule "split"."""
    share: Estimate


def weigh(
    counts: Mapping[Named, int], brands: Sequence[int], rule: Rule = "split"
) -> tuple[int, Figures, Figures]:
    """Posts that name any of the brands, each brand's weight, and the sum of its squared weights.

    `counts` are posts by exactly which brands of the set they name.
    """
    place = {brand: n for n, brand in enumerate(brands)}
    weights, squares = np.zeros(len(brands)), np.zeros(len(brands))
    posts = 0
    for named, count in counts.items():
        there = [place[brand] for brand in named if brand in place]
        if not there:
            continue
        posts += count
        part = 1.0 / len(there) if rule == "split" else 1.0
        weights[there] += count * part
        squares[there] += count * part * part
    return posts, weights, squares


def share_of_voice(
    counts: Mapping[Named, int],
    brands: Sequence[int],
    *,
    rule: Rule = "split",
    confidence: float = 0.95,
) -> Voice:
    """SoV_b = sum over posts of w_b / n, where n posts name at least one brand of the set and w_b is
    1/k (rule "split") or 1 (rule "full") for a post that names b among k.

    The intervals hold for all brands at once (Goodman 1965, "On simultaneous confidence intervals
    for multinomial proportions": each at 1 - (1 - confidence)/brands, here as Wilson intervals).
    A post split in parts scatters less than one that is whole, so by "split" n is taken as
    n p(1-p) / (mean of w^2 - p^2), never less than n.
    """
    posts, weights, squares = weigh(counts, brands, rule)
    if not posts:
        nothing = np.full(len(brands), np.nan)
        return Voice(0, weights, Estimate(nothing, np.zeros(len(brands)), np.ones(len(brands))))
    share = weights / posts
    scatter = squares / posts - share**2
    whole = share * (1 - share)
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = np.where(scatter > 1e-12, posts * whole / scatter, posts)
    effective = np.maximum(effective, posts)
    each = 1.0 - (1.0 - confidence) / max(len(brands), 1)
    z = normal_quantile(each)
    centre = (share + z * z / (2 * effective)) / (1 + z * z / effective)
    half = z / (1 + z * z / effective) * np.sqrt(whole / effective + z * z / (4 * effective**2))
    return Voice(
        posts,
        weights,
        Estimate(share, np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)),
    )


def net_of_rated(positive: float, negative: float, *, confidence: float = 0.95) -> Estimate:
    """Net sentiment the other way, NSR = 100 (P - N) / (P + N): neutral posts are left out of it.

    The interval is Wilson's for P/(P+N), doubled. 80 positive, 20 negative and 100 neutral posts
    are +30 as NSS and +60 as NSR. NaN with -100..100 where nobody was either.
    """
    n = positive + negative
    if not n:
        return Estimate(np.array(np.nan), np.array(-100.0), np.array(100.0))
    z = normal_quantile(confidence)
    p = positive / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = max(centre - half, 0.0), min(centre + half, 1.0)
    return Estimate(
        np.array(100 * (2 * p - 1)), np.array(100 * (2 * low - 1)), np.array(100 * (2 * high - 1))
    )


def rate_change(
    now: float, before: float, *, now_days: float, before_days: float, spread: float = 1.0, confidence: float = 0.95
) -> Estimate:  # fmt: skip
    """How many times as many a day as before, (now / days) / (before / days), with the interval of
    the logarithm: exp(ln ratio -+ z sqrt(spread (1/now + 1/before))).

    Half a post is added to both where either is 0. `spread` is how much more days scatter than
    chance (see `spread_of_days`).
    """
    half = 0.5 if min(now, before) == 0 else 0.0
    a, b = now + half, before + half
    if a == 0 or b == 0 or now + before == 0:
        return Estimate(np.array(np.nan), np.array(0.0), np.array(np.inf))
    log = np.log(a / now_days) - np.log(b / before_days)
    wide = normal_quantile(confidence) * np.sqrt(max(spread, 1.0) * (1 / a + 1 / b))
    return Estimate(np.exp(log), np.exp(log - wide), np.exp(log + wide))


def spread_of_days(*series: Sequence[float]) -> float:
    """How much more the days of some series scatter round their own mean than by chance: Pearson's
    chi-squared over its degrees of freedom, at least 1. One series without days adds nothing."""
    chi, free = 0.0, 0
    for days in series:
        values = np.asarray(days, dtype=np.float64)
        if len(values) < 2 or values.sum() == 0:
            continue
        mean = values.mean()
        chi += float(((values - mean) ** 2).sum() / mean)
        free += len(values) - 1
    return max(chi / free, 1.0) if free else 1.0
