"""Which moments of many series stand out, and the bursts and lulls these make."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.patterns.calendar import Calendar
from openroads.analysis.patterns.ears import c2
from openroads.analysis.patterns.expecting import Expectation, expected
from openroads.analysis.patterns.tails import at_least, at_most, surprising

Figures = NDArray[np.float64]
Flags = NDArray[np.bool_]
Side = Literal["louder", "quieter"]

LOOKED_AT = 1.0
"""Standard deviations from which a count is worth its exact chance; nearer ones are chance anyway."""


@dataclass(frozen=True, slots=True)
class Rules:
    """From when on something is called a burst. `chance`: a moment's chance must be below. `share`:
    at most that share of what one look finds may be chance (Benjamini and Hochberg). `least` posts,
    `excess` posts above what was expected. While a burst lasts moments below `soft` keep it going; it
    ends after `calm` moments that are not; what begins again within `cool` moments is the same."""

    chance: float
    share: float = 0.05
    least: int = 5
    excess: float = 4.0
    soft: float = 0.05
    calm: int = 2
    cool: int = 3


BY_DAY = Rules(chance=0.001)
BY_HOUR = Rules(chance=0.0001, calm=6, cool=24)
LULL = Rules(chance=0.001, least=0, excess=8.0)


@dataclass(frozen=True, slots=True)
class Judged:
    """Per series and moment: the chance of as much (or as little) if nothing were the matter, whether
    that stands out, and whether it would keep a burst going. NaN where nothing was expected."""

    chance: Figures
    out: Flags
    soft: Flags


@dataclass(frozen=True, slots=True)
class Burst:
    """Some moments of a series that stand out together. `first` to `last` are places, both in it;
    `found` is where it was noticed; `open` says that it lasts until the end of what is known."""

    series: int
    first: int
    found: int
    last: int
    open: bool
    posts: float
    mean: float
    variance: float
    chance: float

    @property
    def excess(self) -> float:
        return self.posts - self.mean


def find(
    counts: Figures, calendar: Calendar, rules: Rules, *, side: Side = "louder"
) -> tuple[list[Burst], Expectation, Judged]:
    """The bursts (or lulls) of many series, oldest first, with what was expected."""
    told = with_short_history(counts, calendar, expected(counts, calendar))
    judged = judge(counts, told, rules, side=side)
    return bursts(counts, told, judged, rules), told, judged


def with_short_history(counts: Figures, calendar: Calendar, told: Expectation) -> Expectation:
    """The same, and for days with nine to 28 days of history the mean and variance of EARS C2."""
    if calendar.season != 7:
        return told
    short = c2(counts)
    here = np.isnan(told.mean) & np.isfinite(short.mean)
    with np.errstate(divide="ignore", invalid="ignore"):
        wide = np.maximum(short.deviation**2 - short.mean, 0.0) / short.mean**2
    wide = np.where(np.isfinite(wide), wide, 0.0)
    return replace(
        told,
        mean=np.where(here, np.maximum(short.mean, 0.5), told.mean),
        dispersion=np.where(here, wide, told.dispersion),
    )


def judge(counts: Figures, told: Expectation, rules: Rules, *, side: Side = "louder") -> Judged:
    """Which moments stand out. Each moment is one look at all series: see `Rules.share`."""
    deviation = np.sqrt(told.variance)
    known = np.isfinite(told.mean) & np.isfinite(counts)
    chance = np.where(known, 1.0, np.nan)
    with np.errstate(invalid="ignore"):
        if side == "louder":
            far = known & (counts > told.mean + LOOKED_AT * deviation) & (counts > 0)
            big = (counts >= rules.least) & (counts - told.mean >= rules.excess)
        else:
            # Without the shape of a week every Sunday would be a lull.
            far = known & told.learned & (counts < told.mean - LOOKED_AT * deviation)
            big = (told.mean - counts >= rules.excess) & (counts <= told.mean / 2)
    tail = at_least if side == "louder" else at_most
    chance[far] = tail(counts[far], told.mean[far], told.dispersion[far])
    sure = np.zeros(counts.shape, np.bool_)
    with np.errstate(invalid="ignore"):
        small = chance < rules.chance
        soft = chance < rules.soft
    for now in np.flatnonzero((small & big).any(axis=0)):
        sure[:, now] = surprising(chance[:, now], rules.share)
    return Judged(chance, small & big & sure, soft)


def bursts(counts: Figures, told: Expectation, judged: Judged, rules: Rules) -> list[Burst]:
    """What stands out, joined: by series, then by time."""
    found = []
    for series in np.flatnonzero(judged.out.any(axis=1)):
        for first, noticed, last, is_open in _stretches(
            judged.out[series], judged.soft[series], rules
        ):
            inside = slice(first, last + 1)
            mean = told.mean[series, inside]
            there = np.isfinite(mean) & np.isfinite(counts[series, inside])
            found.append(
                Burst(
                    int(series), first, noticed, last, is_open,
                    float(counts[series, inside][there].sum()),
                    float(mean[there].sum()),
                    float(told.variance[series, inside][there].sum()),
                    float(np.nanmin(judged.chance[series, inside])),
                )
            )  # fmt: skip
    return found


def _stretches(out: Flags, soft: Flags, rules: Rules) -> Iterator[tuple[int, int, int, bool]]:
    """First, found, last and open of each burst of one series. It begins with the soft moments right
    before the one that was noticed, and after a pause of less than `calm + cool` it is the same one."""
    begun: tuple[int, int] | None = None
    last = -1
    for now in range(len(out)):
        if begun is not None and now - last > rules.calm + rules.cool:
            yield (*begun, last, False)
            begun = None
        if out[now]:
            if begun is None:
                first = now
                while first > 0 and soft[first - 1]:
                    first -= 1
                begun = (first, now)
            last = now
        elif begun is not None and soft[now] and now - last <= rules.calm:
            last = now
    if begun is not None:
        yield (*begun, last, len(out) - 1 - last < rules.calm)
