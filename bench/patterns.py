"""How often is a false alarm raised, how many bursts are found and how soon, and what does a look cost?

Run: python -m bench.patterns [posts]. First on made-up series whose truth is known: counts of a negative
binomial with a week's shape, slow seasons and no burst but the planted ones, so that every other alarm
is false. Then what a look at all series asks of an archive of so many posts (default 1,000,000).
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from bench.archive_growth import Writer, fill, memory
from bench.search import TODAY, medians
from openroads.analysis.patterns.back_test import Outcome, back_test
from openroads.analysis.patterns.calendar import calendar_of_days, calendar_of_hours
from openroads.analysis.patterns.finding import BY_DAY, BY_HOUR
from openroads.archive.client import Archive
from openroads.archive.queries.patterns import (
    Stretch,
    days_about,
    days_of_networks,
    hours_about,
    late_about,
    sources_began,
)
from openroads.archive.scope import midnight

Figures = NDArray[np.float64]

SERIES, DAYS = 60, 52 * 7
DENSE, HOURS = 16, 18 * 168
ZONE = ZoneInfo("Europe/Amsterdam")


def by_day(dice: Generator) -> Figures:
    """Series of 0.3 to 60 posts a day: their own week, a slow season, dispersion .02 to .15."""
    base = np.exp(dice.uniform(np.log(0.3), np.log(60), SERIES))[:, None]
    week = np.exp(dice.normal(0, 0.25, (SERIES, 7)))
    t = np.arange(DAYS)
    swing = dice.normal(0, 0.3, SERIES)[:, None]
    season = np.exp(swing * np.sin(2 * np.pi * t / 365 + dice.uniform(0, 6, SERIES)[:, None]))
    return _drawn(dice, base * season * week[:, t % 7])


def by_hour(dice: Generator, first: datetime) -> Figures:
    """Series of 2 to 60 posts an hour, busy in the evening by the clock of the house."""
    clock = [(first + timedelta(hours=n)).astimezone(ZONE) for n in range(HOURS)]
    hour = np.array([moment.hour for moment in clock])
    free = np.array([moment.weekday() >= 5 for moment in clock])
    shape = np.exp(1.1 * np.cos(2 * np.pi * (hour - 20) / 24)) * np.where(free, 1.2, 1.0)
    base = np.exp(dice.uniform(np.log(2), np.log(60), DENSE))[:, None]
    return _drawn(dice, base * shape / shape.mean())


def _drawn(dice: Generator, mean: Figures) -> Figures:
    wide = dice.uniform(0.02, 0.15, len(mean))[:, None]
    return dice.poisson(mean * dice.gamma(1 / wide, wide, mean.shape)).astype(np.float64)


def told(outcome: Outcome) -> None:
    """Print a line per threshold and per size."""
    for row in outcome.alarms:
        low, high = row.interval
        print(f"  1 in {1 / row.chance:,.0f}: {row.alarms} alarms in {row.weeks:,.0f} series weeks, {row.rate:.4f} ({low:.4f} to {high:.4f})")  # fmt: skip
    for each in outcome.found:
        share = each.found / each.planted if each.planted else float("nan")
        print(f"  x{each.times:g} at 1 in {1 / each.chance:,.0f}: found {each.found} of {each.planted} ({share:.0%}), half within {each.half_after:.2f} days, 85% within {each.most_after:.2f}")  # fmt: skip


def made_up() -> None:
    """False alarms and recall where the truth is known."""
    dice = default_rng(1)
    counts, first = by_day(dice), date(2025, 11, 1)
    began = time.process_time()
    print(f"by the day, {SERIES} series, {DAYS // 7} weeks:")
    told(back_test(counts, calendar_of_days(first, DAYS, ()), BY_DAY, chances=(0.01, 0.001, 0.0001), sizes=(2, 3, 5), since=84, rounds=12, seed=1))  # fmt: skip
    print(f"  {time.process_time() - began:.1f} s of processor time")
    start = datetime(2026, 1, 5, tzinfo=UTC)
    hours = by_hour(dice, start)
    began = time.process_time()
    print(f"by the hour, {DENSE} series, {HOURS // 168} weeks (the clock goes forward in one):")
    told(back_test(hours, calendar_of_hours(start, HOURS, ZONE, ()), BY_HOUR, chances=(0.001, 0.0001, 0.00001), sizes=(1.5, 2, 3), since=10 * 168, rounds=3, seed=1))  # fmt: skip
    print(f"  {time.process_time() - began:.1f} s of processor time")


def ask(archive: Archive) -> None:
    """What a look asks of the archive."""
    until = midnight(TODAY)
    half_a_year = Stretch(until - timedelta(days=266), until)
    weeks = Stretch(until - timedelta(weeks=10), until)
    lately = Stretch(until - timedelta(days=4), until)
    questions: dict[str, Callable[[], object]] = {
        "days of everything, brands and products": partial(days_about, archive, half_a_year),
        "days of networks": partial(days_of_networks, archive, half_a_year),
        "hours of ten weeks": partial(hours_about, archive, weeks),
        "late posts of four days": partial(late_about, archive, lately, 36),
        "since when sources bring posts": partial(sources_began, archive),
    }
    for what, question in questions.items():
        print(f"  {what}: {medians(question)[0]:.0f} ms")


def main(posts: int = 1_000_000) -> None:
    """Try, fill, ask, print."""
    made_up()
    with tempfile.TemporaryDirectory(prefix="openroads-bench-") as folder:
        with Archive.open(Path(folder) / "archive") as archive:
            fill(archive, Writer(1), posts)
            print(f"a look at {posts:,} posts, {memory()}:")
            ask(archive)


if __name__ == "__main__":
    main(int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else 1_000_000)
