"""The whole reading of a gap page over many posts: asked for the first time, and asked again.

Run: python -m bench.gap_page [posts] (default 1,000,000 synthetic posts over three years). Reading
includes the twelve months, the year before, three products, chance band and intervals; "again" is
what a page costs whose figures are remembered until the archive changes.
"""

import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from bench.archive_growth import NOW, ORIGIN, Writer, fill, memory


def main(posts_wanted: int = 1_000_000) -> None:
    from openroads.cli import house

    with tempfile.TemporaryDirectory() as name:
        house.settle(Path(name))
        from openroads.archive.client import Archive
        from openroads.archive.ingest import Passage, ingest_passages
        from openroads.archive.scope import Scope
        from openroads.listening.gap_reading import drill, read_gap

        with Archive.open(Path(name) / "archive", author_key=b"bench") as archive:
            writer = Writer(1)
            fill(archive, writer, posts_wanted)
            messages, analysis = writer.batch(
                1_000, NOW - timedelta(days=900), NOW - timedelta(days=890)
            )
            passages = [
                Passage(row // 5, row % 5, ORIGIN.brand, "", "", one.text, date(2024, 1, 1), None)
                for row, one in enumerate(messages)
            ]
            ingest_passages(archive, passages, analysis)
            last = NOW.date()
            for days in (90, 365):
                scope = Scope(last - timedelta(days=days - 1), last + timedelta(days=1), brand=1)
                took = []
                for _ in range(7):
                    start = time.perf_counter()
                    reading = read_gap(archive, scope, (), ())
                    took.append(time.perf_counter() - start)
                words = reading.gap.they_say or reading.gap.words
                start = time.perf_counter()
                if words:
                    drill(archive, scope, reading, words[0].key)
                again = time.perf_counter() - start
                print(
                    f"{posts_wanted:,} posts, {days} days ({reading.gap.totals.posts:,} posts in scope): "
                    f"first time {1000 * statistics.median(took):.0f} ms at the median of 7 "
                    f"(most {1000 * max(took):.0f}), one word's people {1000 * again:.0f} ms"
                )
        print(memory())


if __name__ == "__main__":
    main(*[int(value.replace("_", "")) for value in sys.argv[1:2]])
