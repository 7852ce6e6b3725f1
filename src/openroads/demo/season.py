"""The demo's calendar: how much is said on a day, and about what, seen from the day the demo is made."""

import math
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = 548
"""Eighteen months."""
FROST = 16
"""Days before today of this winter's first frost."""
PLUG_FIRST, PLUG_BURST, PLUG_NEWS = 266, 150, 96
"""Days before today: first plug posts, the batch that breaks, the new plug announced."""

CLAIM = 266
"""Days before today since which the Kade page promises 140 km; before it said 120."""

# Share of customers' posts in an ordinary week; seasonal stories (winter, plug, trip, theft) are laid over these.
BASE: dict[str, float] = {
    "winter": 0.030, "plug": 0.006, "wait": 0.150, "weight": 0.088, "broken": 0.085, "app": 0.078, "price": 0.055,
    "insurance": 0.036, "range": 0.062, "upkeep": 0.046, "theft": 0.036, "order": 0.045, "family": 0.034, "ride": 0.098,
    "trip": 0.030, "shop": 0.028, "lease": 0.022, "used": 0.034, "rival": 0.038, "design": 0.030, "rain": 0.020, "noise": 0.034,
    "talk": 0.016,
}  # fmt: skip
THEMES = tuple(BASE)
_WEEK = (1.08, 1.06, 1.04, 1.02, 0.98, 0.86, 0.96)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the demo: `ago` days before today, with the number of posts said on it."""

    on: date
    ago: int
    posts: int


def year_turn(ago: float) -> float:
    """Where a day stands in the demo's year: 1 in the depth of winter (about 50 days from today), -1 in high summer.

    TRICKY: the seasons hang on `today`, not on the calendar, so that the winter story is always young.
    """
    return math.cos(2 * math.pi * (ago + 50) / 365.0)


def days(today: date, count: int) -> list[Day]:
    """Every day up to yesterday, oldest first, with `count` posts shared out: 20% growth, weekdays, a calmer year's end."""
    weights: list[float] = []
    for ago in range(DAYS, 0, -1):
        on = today - timedelta(days=ago)
        growth = 1.0 + 0.2 * (DAYS - ago) / DAYS
        wobble = 1.0 + 0.06 * math.sin(ago * 1.7) + 0.05 * math.sin(ago * 0.61)
        calm = 0.55 if (on.month, on.day) in {(12, 25), (12, 26), (1, 1), (4, 27)} else 1.0
        stir = 0.18 * _winter_heat(ago) + (0.05 if PLUG_NEWS < ago <= PLUG_BURST else 0.0)
        weights.append(growth * _WEEK[on.weekday()] * wobble * calm * (1.0 + stir))
    total = sum(weights)
    rows: list[Day] = []
    given, seen = 0, 0.0
    for index, weight in enumerate(weights):
        seen += weight
        upto = round(count * seen / total)
        ago = DAYS - index
        rows.append(Day(today - timedelta(days=ago), ago, upto - given))
        given = upto
    return rows


def _winter_heat(ago: int) -> float:
    """0..1: the first frost lifts it within four days; last winter came up the same way and faded with spring."""
    for since in (FROST - ago, FROST + 365 - ago):
        if 0 <= since < 120:
            rise = min(1.0, 0.55 + since / 9.0)
            fade = 1.0 if since < 40 else max(0.0, 1.0 - (since - 40) / 70.0)
            return rise * fade
        if -10 <= since < 0:
            return 0.10 * (10 + since) / 10.0
    return 0.0


def _plug_heat(ago: int) -> float:
    if ago > PLUG_FIRST:
        return 0.0
    if ago > PLUG_BURST:
        return 0.25 * (PLUG_FIRST - ago) / (PLUG_FIRST - PLUG_BURST)
    if ago > PLUG_NEWS:
        return min(1.0, 0.45 + (PLUG_BURST - ago) / 28.0)
    return max(0.16, math.exp(-(PLUG_NEWS - ago) / 20.0))


def theme_weights(ago: int) -> list[float]:
    """Weights of THEMES, in order, on the day `ago` days before today."""
    summer = max(0.0, -year_turn(ago))
    cold = max(0.0, year_turn(ago))
    share = dict(BASE)
    share["winter"] += 0.30 * _winter_heat(ago) + 0.012 * cold
    share["plug"] += 0.060 * _plug_heat(ago)
    share["trip"] += 0.055 * summer**2
    share["theft"] += 0.026 * summer
    share["family"] += 0.012 * summer
    share["rain"] += 0.020 * cold
    share["range"] += 0.012 * cold
    # The gap narrows: over twelve months people take up a little more of what the brand says about itself.
    late = max(0.0, 1.0 - ago / 365.0)
    share["ride"] += 0.014 * late
    share["design"] += 0.012 * late
    share["wait"] -= 0.016 * late
    return [share[theme] for theme in THEMES]
