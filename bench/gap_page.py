"""The whole reading of a gap page over many posts, asked for the first time, and what it takes.

Run: python -m bench.gap_page [posts] [folder] (default 1,000,000 synthetic posts over three years; a
folder is filled once and read again by later runs). A reading is the score with its chance band and
interval, twelve months, the year before, three products and three lists. Each reading is of another
last day, so that nothing is remembered from the one before. Prints the clock and the processor time
it takes, the same for one word's people, and memory while filling and while reading.
"""

import multiprocessing
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from bench.archive_growth import NOW, ORIGIN, Writer, fill, memory

READINGS = 9


def main(posts_wanted: int = 1_000_000, folder: str = "") -> None:
    """Fill in a process of its own, so that its memory is not counted as the reading's."""
    with tempfile.TemporaryDirectory(prefix="openroads-bench-") as spare:
        place = Path(folder or spare)
        if not (place / "filled").exists():
            child = multiprocessing.get_context("spawn").Process(
                target=fill_archive, args=(place, posts_wanted)
            )
            child.start()
            child.join()
            if child.exitcode:
                raise SystemExit(child.exitcode)
        read(place)


def fill_archive(place: Path, posts_wanted: int) -> None:
    """Posts of customers about three products, and a thousand passages of the brand."""
    from openroads.archive.client import Archive
    from openroads.archive.ingest import Passage, ingest_passages

    writer = Writer(1)
    for _ in range(20):
        writer.batch(5_000, NOW - timedelta(days=9), NOW)
    print(f"memory of the generator alone: {memory()}")
    with Archive.open(place / "archive", author_key=b"bench") as archive:
        print(f"memory with an open archive: {memory()}")
        fill(archive, writer, posts_wanted)
        messages, analysis = writer.batch(
            1_000, NOW - timedelta(days=900), NOW - timedelta(days=890)
        )
        passages = [
            Passage(row // 5, row % 5, ORIGIN.brand, "", "", one.text, date(2024, 1, 1), None)
            for row, one in enumerate(messages)
        ]
        ingest_passages(archive, passages, analysis)
        print(f"memory of filling: {memory()}", flush=True)
    (place / "filled").touch()


def read(place: Path) -> None:
    """Read the gap of 90 and of 365 days, again and again."""
    from openroads.cli import house

    house.settle(place)
    from openroads.archive.client import Archive
    from openroads.archive.scope import Scope
    from openroads.listening.drilling import drill
    from openroads.listening.gap_reading import read_gap

    with Archive.open(place / "archive", author_key=b"bench") as archive:
        for days in (90, 365):
            took, worked, drilled = [], [], []
            for back in range(READINGS):
                last = NOW.date() - timedelta(days=back)
                scope = Scope(last - timedelta(days=days - 1), last + timedelta(days=1), brand=1)
                began, cpu = time.perf_counter(), time.process_time()
                reading = read_gap(archive, scope, (1, 2, 3), ())
                took.append(1000 * (time.perf_counter() - began))
                worked.append(1000 * (time.process_time() - cpu))
                cpu = time.process_time()
                drill(archive, scope, reading, reading.gap.words[back].key)
                drilled.append(1000 * (time.process_time() - cpu))
            print(
                f"{days} days, {reading.gap.totals.posts:,} posts: {statistics.median(took):.0f} ms at "
                f"the median of {READINGS} (first {took[0]:.0f}, then at most {max(took[1:]):.0f}), "
                f"{statistics.median(worked):.0f} ms of processor; "
                f"one word's people and posts {statistics.median(drilled):.0f} ms of processor"
            )
        print(f"memory of reading: {memory()}")


if __name__ == "__main__":
    main(*[int(value.replace("_", "")) for value in sys.argv[1:2]], *sys.argv[2:3])
