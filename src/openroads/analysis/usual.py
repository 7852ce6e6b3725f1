"""What is usual: the range in which the next of some equal periods is to be expected."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, stdev
from typing import Final

LEAST: Final = 4
"""Earlier periods under which nothing is called usual."""

# Two-sided 95% quantiles of Student's t by degrees of freedom.
_T: Final = {3: 3.182446, 4: 2.776445, 5: 2.570582, 6: 2.446912, 7: 2.364624}


@dataclass(frozen=True, slots=True)
class Usual:
    """The mean of the periods before, and from where to where the next one is to be expected."""

    middle: float
    low: float
    high: float

    def says(self, count: float) -> int:
        """1 for more than usual, -1 for less, 0 for as usual."""
        return (count > self.high) - (count < self.low)


def usual_range(before: Sequence[int]) -> Usual | None:
    """The 95% prediction interval for one more count after four to eight like it:
    mean ± t · s · sqrt(1 + 1/n), never below 0 (Student; e.g. Hahn and Meeker 1991, 4.7).

    `s` is at least what chance alone gives (the root of the mean, Poisson): some quiet weeks in a
    row promise nothing of the next. None with fewer than four; of more than eight the last count.
    """
    counts = list(before)[-8:]
    if len(counts) < LEAST:
        return None
    middle = mean(counts)
    spread = max(stdev(counts), math.sqrt(middle))
    half = _T[len(counts) - 1] * spread * math.sqrt(1 + 1 / len(counts))
    return Usual(middle, max(middle - half, 0.0), middle + half)
