"""How well bursts are found, tried out on counts as they were: false alarms, and planted bursts found."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from openroads.analysis.patterns.calendar import Calendar
from openroads.analysis.patterns.expecting import Expectation, expected
from openroads.analysis.patterns.finding import Burst, Rules, bursts, judge, with_short_history
from openroads.analysis.patterns.tails import exact_rate

Figures = NDArray[np.float64]
Flags = NDArray[np.bool_]

FLOOR = 4.0
"""Posts a day that a planted burst brings at least, so that it is one in a series that is nearly silent."""
DAYS = 3
"""Days a planted burst lasts."""
ONE_IN = 3
"""Of so many series one gets a burst in each round: a burst must stand out among series without."""

AT_ONCE = 1_000_000
"""Moments of series in one go: some 100 MB."""


@dataclass(frozen=True, slots=True)
class Alarms:
    """What was called a burst though nothing was planted, at one threshold. `explained` are those that
    began when something was known to happen; `weeks` are series times weeks looked at."""

    chance: float
    alarms: int
    explained: int
    weeks: float

    @property
    def false(self) -> int:
        """All that nothing explains: at most so many were false."""
        return self.alarms - self.explained

    @property
    def rate(self) -> float:
        return self.false / self.weeks if self.weeks else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """The exact 95% interval of the rate."""
        return exact_rate(self.false, self.weeks)


@dataclass(frozen=True, slots=True)
class Found:
    """Of planted bursts of one size: how many were planted and found at one threshold, and after how
    many days half of these, and 85 in a hundred, were (NaN when none)."""

    chance: float
    times: float
    planted: int
    found: int
    half_after: float
    most_after: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """A whole trial: a row per threshold, and a row per threshold and size."""

    alarms: tuple[Alarms, ...]
    found: tuple[Found, ...]


def back_test(
    counts: Figures,
    calendar: Calendar,
    rules: Rules,
    *,
    chances: Sequence[float],
    sizes: Sequence[float],
    since: int,
    rounds: int,
    seed: int,
    explained: Flags | None = None,
) -> Outcome:
    """Run the detector over `counts` from place `since` on as it would have run day by day, at each of
    `chances`; then plant bursts that multiply what was expected by each of `sizes` for three days and
    see which are found.

    Planted posts are Poisson. They are planted at random moments of a third of the series in each
    round, away from what stood out by itself; the same `seed` plants the same. `explained` says for
    each moment whether something was known to happen then.
    """
    every = [replace(rules, chance=chance) for chance in chances]
    told = with_short_history(counts, calendar, expected(counts, calendar))
    plain = [bursts(counts, told, judge(counts, told, each), each) for each in every]
    looked = np.isfinite(told.mean[:, since:]) & np.isfinite(counts[:, since:])
    weeks = float(looked.sum()) / calendar.season
    alarms = []
    for each, found in zip(every, plain, strict=True):
        seen = [burst for burst in found if burst.found >= since]
        known = 0 if explained is None else sum(bool(explained[b.first : b.found + 1].any()) for b in seen)  # fmt: skip
        alarms.append(Alarms(each.chance, len(seen), known, weeks))
    dice = default_rng(seed)
    loose = max(every, key=lambda each: each.chance)
    busy = _busy(counts.shape, plain[every.index(loose)], calendar.season)
    rows: list[Found] = []
    tries = [
        _planted(counts, told.mean, busy, calendar.season, since, times, dice)
        for times in sizes
        for _ in range(rounds)
    ]
    runs = _runs(tries, calendar, every)
    for place, times in enumerate(sizes):
        of_size = slice(place * rounds, (place + 1) * rounds)
        planted = sum(len(places) for _heavier, places in tries[of_size])
        delays: list[list[int]] = [[] for _ in every]
        for delay, by_try in zip(delays, runs, strict=True):
            for (_heavier, places), seen in zip(tries[of_size], by_try[of_size], strict=True):
                delay += _delays(seen, places, calendar.season, rules.calm)
        rows += [
            _row(each.chance, times, planted, delay, calendar.season)
            for each, delay in zip(every, delays, strict=True)
        ]
    return Outcome(tuple(alarms), tuple(rows))


def _runs(
    tries: Sequence[tuple[Figures, dict[int, int]]], calendar: Calendar, every: Sequence[Rules]
) -> list[list[list[Burst]]]:
    """What each of the rules finds in each try. What is expected of a series hangs on no other, so that
    is worked out for many tries at once; what stands out is judged try by try."""
    found: list[list[list[Burst]]] = [[] for _ in every]
    many = max(1, AT_ONCE // max(tries[0][0].size, 1)) if tries else 1
    for first in range(0, len(tries), many):
        some = [heavier for heavier, _places in tries[first : first + many]]
        together = np.concatenate(some)
        told = with_short_history(together, calendar, expected(together, calendar))
        for number, heavier in enumerate(some):
            of_try = slice(number * len(heavier), (number + 1) * len(heavier))
            here = Expectation(told.mean[of_try], told.dispersion[of_try], told.learned[of_try])
            for seen, each in zip(found, every, strict=True):
                seen.append(bursts(heavier, here, judge(heavier, here, each), each))
    return found


def _busy(shape: tuple[int, ...], found: Sequence[Burst], week: int) -> Flags:
    """Moments a week or less from something that stood out by itself."""
    busy = np.zeros(shape, np.bool_)
    for burst in found:
        busy[burst.series, max(burst.first - week, 0) : burst.last + week + 1] = True
    return busy


def _planted(
    counts: Figures,
    mean: Figures,
    busy: Flags,
    week: int,
    since: int,
    times: float,
    dice: Generator,
) -> tuple[Figures, dict[int, int]]:
    """The counts with bursts in them, and where these begin by series."""
    heavier, places = counts.copy(), dict[int, int]()
    lasts = DAYS * week // 7
    series = np.arange(len(counts))
    for one in dice.permutation(series)[: max(len(series) // ONE_IN, 1)]:
        free = ~busy[one] & np.isfinite(mean[one]) & np.isfinite(counts[one])
        begins = [at for at in range(since, counts.shape[1] - lasts) if free[at : at + lasts].all()]
        if not begins:
            continue
        at = int(dice.choice(begins))
        floor = FLOOR * 7 / week
        extra = np.maximum((times - 1) * mean[one, at : at + lasts], floor)
        heavier[one, at : at + lasts] += dice.poisson(extra)
        places[int(one)] = at
    return heavier, places


def _delays(found: Sequence[Burst], places: dict[int, int], week: int, calm: int) -> list[int]:
    """How many moments after its begin each planted burst was noticed."""
    lasts = DAYS * week // 7
    delays: dict[int, int] = {}
    for burst in found:
        at = places.get(burst.series)
        if at is not None and at <= burst.found < at + lasts + calm:
            delays[burst.series] = min(delays.get(burst.series, lasts + calm), burst.found - at)
    return list(delays.values())


def _row(chance: float, times: float, planted: int, delays: Sequence[int], week: int) -> Found:
    """The end of the day or hour in which a burst began is the first moment it can be noticed at."""
    if not delays:
        return Found(chance, times, planted, 0, float("nan"), float("nan"))
    days = (np.array(delays) + 1) * 7 / week
    return Found(
        chance, times, planted, len(delays),
        float(np.quantile(days, 0.5, method="inverted_cdf")),
        float(np.quantile(days, 0.85, method="inverted_cdf")),
    )  # fmt: skip
