"""Opinion makers: whose posts others take up, told apart from luck; never by the number of followers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openroads.analysis.intervals import Estimate, normal_quantile

Figures = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Reactions a post of each author, drawn towards the mean of all; `mean` and `weight` say of what
    and how strongly: an author's own figure counts as posts / (posts + weight)."""

    rate: Estimate
    mean: float
    weight: float
    spread: float


def shrunken_rates(
    received: ArrayLike,
    posts: ArrayLike,
    squares: ArrayLike | None = None,
    *,
    confidence: float = 0.95,
) -> Shrunk:
    """Reactions received per post by empirical Bayes (Gamma-Poisson, moments after Marshall 1991,
    "Mapping disease and mortality rates using empirical Bayes estimators").

    Author i received y_i in n_i posts. With m = sum y / sum n and f the spread (below), the rates
    scatter truly by A = sum n_i (y_i/n_i - m)^2 / sum n - f m / mean n, at least 0. Then with the
    weight b = f m / A the estimate is (y_i + b m) / (n_i + b): the mean of a Gamma with shape
    (y_i + b m)/f and rate (n_i + b)/f, whose quantiles (Wilson and Hilferty 1931) are the interval.
    Where A is 0 nobody differs from the mean beyond luck, and all are at it.

    `squares` are the sums of squared reactions per post: f is how much more the posts of one author
    scatter than by Poisson, sum (q_i - y_i^2/n_i) / sum (n_i - 1) / m, at least 1; 1 without them.
    """
    y, n = np.asarray(received, np.float64), np.asarray(posts, np.float64)
    total = float(n.sum())
    if not len(y) or total == 0 or y.sum() == 0:
        zero = np.zeros(len(y))
        return Shrunk(Estimate(zero, zero, zero), 0.0, np.inf, 1.0)
    mean = float(y.sum() / total)
    spread = 1.0
    if squares is not None:
        free = float((n - 1).sum())
        within = float((np.asarray(squares, np.float64) - y * y / n).sum())
        spread = max(within / free / mean, 1.0) if free > 0 else 1.0
    scatter = float((n * (y / n - mean) ** 2).sum() / total) - spread * mean / (total / len(n))
    if scatter <= 0:
        every = np.full(len(y), mean)
        return Shrunk(Estimate(every, every, every), mean, np.inf, spread)
    weight = spread * mean / scatter
    rate = (y + weight * mean) / (n + weight)
    shape = (y + weight * mean) / spread
    z = normal_quantile(confidence)
    ends = [
        rate * np.maximum(1 - 1 / (9 * shape) + side * z / (3 * np.sqrt(shape)), 0.0) ** 3
        for side in (-1.0, 1.0)
    ]
    return Shrunk(Estimate(rate, ends[0], ends[1]), mean, weight, spread)


def page_rank(
    engager: ArrayLike,
    engaged: ArrayLike,
    weight: ArrayLike,
    size: int,
    *,
    damping: float = 0.85,
    rounds: int = 200,
    close: float = 1e-12,
) -> Figures:
    """PageRank over `size` people (Page, Brin, Motwani and Winograd 1999): the shares of the time a
    reader is with each, who goes from somebody to one of those they answered or passed on, and with
    1 - damping to anybody. Adds up to 1.

    Edges go from who reacts to whose post it was; `weight` is how often. Who reacts to nobody hands
    their share to everybody alike. Nobody hands anything to themselves.
    """
    if not size:
        return np.empty(0)
    source, target = np.asarray(engager, np.int64), np.asarray(engaged, np.int64)
    apart = source != target
    source, target = source[apart], target[apart]
    given = np.asarray(weight, np.float64)[apart]
    out = np.bincount(source, weights=given, minlength=size)
    part = given / out[source]
    idle = out == 0
    rank = np.full(size, 1.0 / size)
    for _round in range(rounds):
        passed = np.bincount(target, weights=rank[source] * part, minlength=size)
        new = (1 - damping) / size + damping * (passed + rank[idle].sum() / size)
        if np.abs(new - rank).sum() < close:
            return np.asarray(new)
        rank = new
    return rank


def expected_first(days: ArrayLike, draws: int) -> float:
    """The day on which the first of `draws` posts would come, drawn at random from a word's posts:
    `days` holds how many it had on day 0, 1, 2...

    Sum over d of d (S(d)^n - S(d+1)^n), where S(d) is the share of posts on day d or later.
    """
    counts = np.asarray(days, np.float64)
    later = np.concatenate((np.cumsum(counts[::-1])[::-1], [0.0])) / counts.sum()
    chance = later[:-1] ** draws - later[1:] ** draws
    return float((np.arange(len(counts)) * chance).sum())


def lead_days(words: list[tuple[ArrayLike, int, int]]) -> float | None:
    """How many days earlier than chance somebody took up words that rose: the mean over words of the
    expected first day less their own. `words` holds (posts per day, own posts with it, own first
    day); None below three words."""
    if len(words) < LEAST_WORDS:
        return None
    leads = [expected_first(days, draws) - first for days, draws, first in words]
    return float(np.mean(leads))


LEAST_WORDS = 3
