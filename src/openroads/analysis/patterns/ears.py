"""EARS C1 to C3: what stands out of a week, where there is too little history for the shape of one."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Figures = NDArray[np.float64]

BASE = 7
"""Days a day is compared with."""
GAP = 2
"""Days left out right before it in C2 and C3, so that the begin of a burst does not hide the rest."""
OUT = 3.0
"""Standard deviations beyond which C1 and C2 call a day out."""
OUT_C3 = 2.0


@dataclass(frozen=True, slots=True)
class Ears:
    """Per series and day: mean and standard deviation (n - 1) of the seven days compared with, and how
    many of these the day lies above; NaN where a day of the seven is unknown."""

    mean: Figures
    deviation: Figures
    statistic: Figures

    @property
    def out(self) -> NDArray[np.bool_]:
        with np.errstate(invalid="ignore"):
            return np.asarray(self.statistic > OUT)


def c1(counts: Figures) -> Ears:
    """C1: against days t-7 to t-1 (Hutwagner and others 2003, J Urban Health 80:i89; as in earsC of
    the R package surveillance)."""
    return _against(counts, 0)


def c2(counts: Figures) -> Ears:
    """C2: against days t-9 to t-3."""
    return _against(counts, GAP)


def c3(counts: Figures) -> Figures:
    """C3: the sum over the last three days of what C2 lies above 1; above 2 it is out."""
    over = np.maximum(c2(counts).statistic - 1.0, 0.0)
    found = np.full(counts.shape, np.nan)
    found[:, 2:] = over[:, 2:] + over[:, 1:-1] + over[:, :-2]
    return found


def _against(counts: Figures, gap: int) -> Ears:
    mean, deviation = np.full(counts.shape, np.nan), np.full(counts.shape, np.nan)
    first = BASE + gap
    if counts.shape[1] > first:
        windows = sliding_window_view(counts, BASE, axis=1)[:, : counts.shape[1] - first]
        mean[:, first:] = windows.mean(axis=2)
        deviation[:, first:] = windows.std(axis=2, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = (counts - mean) / deviation
    # Seven equal days say nothing of how much days differ: any other count would be out.
    return Ears(mean, deviation, np.where(deviation > 0, statistic, np.nan))
