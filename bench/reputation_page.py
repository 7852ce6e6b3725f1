"""The reading of the reputation page over many posts, asked for the first time, and what it takes.

Run: python -m bench.reputation_page [posts] [folder] (default 1,000,000 synthetic posts over three
years; the folder may be one that `bench.gap_page` filled). Brand 1 is ours, 2 and 3 are held beside
it. Each reading is of another last day. Prints clock and processor time of the brands' figures and of
who carries the conversation, and how many questions the archive was asked.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bench.archive_growth import NOW
from bench.gap_page import fill_archive

READINGS = 5


def main(posts_wanted: int = 1_000_000, folder: str = "") -> None:
    """Fill unless it is filled, then read."""
    with tempfile.TemporaryDirectory(prefix="openroads-bench-") as spare:
        place = Path(folder or spare)
        if not (place / "filled").exists():
            fill_archive(place, posts_wanted)
        read(place)


def read(place: Path) -> None:
    """Read 90 days and a year, again and again."""
    from openroads.cli import house

    house.settle(place)
    from openroads.archive.client import Archive
    from openroads.archive.queries.choice import Sieve
    from openroads.archive.scope import Scope
    from openroads.listening.reputation.carriers import read_carriers
    from openroads.listening.reputation.reading import read_reputation

    with Archive.open(place / "archive", author_key=b"bench") as archive:
        for days in (90, 365):
            sieves = []
            for back in range(READINGS):
                last = NOW.date() - timedelta(days=back)
                scope = Scope(last - timedelta(days=days - 1), last + timedelta(days=1))
                sieves.append(Sieve(scope))
            found = read_reputation(archive, sieves[0], [1, 2, 3], first=sieves[0].scope.since)
            print(f"{days} days, {found.posts:,} posts")
            _told(
                "brands",
                [lambda s=s: read_reputation(archive, s, [1, 2, 3]) for s in sieves],
            )
            _told("carriers", [lambda s=s: read_carriers(archive, s, [1, 2, 3, 4]) for s in sieves])


def _told(name: str, readings: list[Callable[[], object]]) -> None:
    clock, worked = [], []
    for reading in readings:
        began, cpu = time.perf_counter(), time.process_time()
        reading()
        clock.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.process_time() - cpu))
    print(
        f"  {name}: median {statistics.median(clock):.0f} ms (least {min(clock):.0f}), "
        f"processor {statistics.median(worked):.0f} ms (least {min(worked):.0f})",
        flush=True,
    )


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(*([int(arguments[0])] if arguments else []), *arguments[1:2])
