"""When was this word hot, in retrospect: Kleinberg's bursts of two states over batches."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

_lgamma = np.vectorize(math.lgamma, otypes=[np.float64])


@dataclass(frozen=True, slots=True)
class Hot:
    """A hot stretch: its first and last place, and its weight: how much better the hot state explains
    it, in natural log units."""

    first: int
    last: int
    weight: float


def hot_stretches(
    relevant: ArrayLike, documents: ArrayLike, *, times: float = 2.0, gamma: float = 1.0
) -> list[Hot]:
    """The stretches of batches (weeks) in which a word was used `times` as often as over all.

    Kleinberg 2003 (Data Mining and Knowledge Discovery 7:373), the batched two-state automaton: of
    d_t documents r_t are relevant; p0 = sum r / sum d, p1 = times p0; staying in state i costs
    -ln C(d, r) p_i^r (1 - p_i)^(d - r), going up costs gamma ln n, coming down nothing; the cheapest
    way through is found by Viterbi's algorithm. A batch without documents costs nothing in either.
    """
    r, d = np.asarray(relevant, np.float64), np.asarray(documents, np.float64)
    if r.shape != d.shape or r.ndim != 1:
        raise ValueError("As many counts of relevant documents as of documents are needed.")
    if (r > d).any() or (r < 0).any():
        raise ValueError("Of so many documents no more can be relevant.")
    if not len(r) or r.sum() <= 0 or r.sum() >= d.sum():
        return []
    base = r.sum() / d.sum()
    costs = np.stack([_cost(r, d, min(share, 0.9999)) for share in (base, times * base)])
    states = _cheapest(costs, gamma * math.log(len(r)))
    found, place = [], 0
    while place < len(states):
        if states[place] == 0:
            place += 1
            continue
        last = place
        while last + 1 < len(states) and states[last + 1] == 1:
            last += 1
        weight = float((costs[0] - costs[1])[place : last + 1].sum())
        found.append(Hot(place, last, weight))
        place = last + 1
    return found


def _cost(r: NDArray[np.float64], d: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    ways = _lgamma(d + 1) - _lgamma(r + 1) - _lgamma(d - r + 1)
    return np.asarray(-(ways + r * math.log(share) + (d - r) * math.log1p(-share)))


def _cheapest(costs: NDArray[np.float64], up: float) -> list[int]:
    """Viterbi over two states, beginning in the lower one."""
    spent = [float(costs[0, 0]), float(costs[1, 0]) + up]
    came: list[tuple[int, int]] = []
    for at in range(1, costs.shape[1]):
        low = 0 if spent[0] <= spent[1] else 1
        high = 1 if spent[1] <= spent[0] + up else 0
        came.append((low, high))
        rise = up if high == 0 else 0.0
        spent = [spent[low] + float(costs[0, at]), spent[high] + rise + float(costs[1, at])]
    state = 0 if spent[0] <= spent[1] else 1
    states = [state]
    for before in reversed(came):
        state = before[state]
        states.append(state)
    return states[::-1]
