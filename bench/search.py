"""Is a search quick over a million posts? And how many posts a second does the matcher of streams read?

Run: python -m bench.search [posts] (default 1,000,000 synthetic posts over three years, made in a
temporary folder; common words are in a third of them, rare ones in a few). Prints, for each kind of
query, how many posts it finds and the median milliseconds of counting them, of counting them by day
and of reading the newest 50: by the clock, and of processor time.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from bench.archive_growth import NOW, Writer, fill, memory
from openroads.analysis.query.matcher import Post, matcher
from openroads.analysis.query.parse import parse
from openroads.analysis.query.syntax import Node
from openroads.archive.client import Archive
from openroads.archive.queries.search import count, found_by_day, posts_found
from openroads.archive.scope import Scope

TODAY = date(2026, 11, 23)
PERIODS = (365, 3 * 365 + 1)
TIMES = 5
MANY = " OR ".join(f"woord{number}" for number in range(200, 220))


def queries(archive: Archive) -> dict[str, str]:
    """Queries by what they are; the rare phrase is of a post that is there."""
    scope = Scope(TODAY - timedelta(days=400), TODAY)
    (any_post,) = posts_found(archive, scope, read("woord4000 OR woord4001 OR woord4002"), limit=1)
    words = any_post.text.split()
    rare = max(range(len(words) - 1), key=lambda at: min(number(words[at]), number(words[at + 1])))
    return {
        "one common word": "woord20",
        "two words": "woord30 woord50",
        "two rare words": "woord1500 woord900",
        "rare phrase": f'"{words[rare]} {words[rare + 1]}"',
        "phrase of common words": '"woord3 woord4"',
        "NEAR/5 of two words": "woord30 NEAR/5 woord50",
        "NEAR/5 of common words": "woord3 NEAR/5 woord4",
        "wildcard, rare": "woord5577*",
        "wildcard, common": "woord77*",
        "20 words by OR, NOT, tone": f"({MANY}) NOT woord5 tone:negative",
        "all of it": '("woord3 woord4" OR woord77* OR woord30 NEAR/5 woord50) tone:negative NOT woord9',
    }


def number(word: str) -> int:
    """How rare a word is."""
    return int(word.removeprefix("woord"))


def read(text: str) -> Node:
    """The tree of a query that is right."""
    query = parse(text).query
    assert query is not None, text
    return query


def medians(question: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the clock and of processor time, after one warm-up."""
    question()
    clock, processor = [], []
    for _ in range(TIMES):
        began, cpu = time.perf_counter(), time.process_time()
        question()
        clock.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - cpu) * 1000)
    return statistics.median(clock), statistics.median(processor)


def ask(archive: Archive) -> None:
    """Print a line per query and period."""
    for days in PERIODS:
        scope = Scope(TODAY - timedelta(days=days), TODAY)
        print(f"\n{days} days: milliseconds by the clock / of processor time")
        print(f"{'':28}{'posts':>10}{'count':>14}{'by day':>14}{'newest 50':>14}")
        for name, text in queries(archive).items():
            query = read(text)
            found = count(archive, scope, query)
            cells = [
                medians(partial(count, archive, scope, query)),
                medians(partial(found_by_day, archive, scope, query)),
                medians(partial(posts_found, archive, scope, query, limit=50)),
            ]
            told = "".join(f"{f'{wall:.0f} / {cpu:.0f}':>14}" for wall, cpu in cells)
            print(f"{name:28}{found:>10,}{told}", flush=True)


def stream(archive: Archive) -> None:
    """Print how fast the matcher reads posts, with all those queries at once."""
    messages, _analysis = Writer(2).batch(20_000, NOW - timedelta(days=1), NOW)
    fits = [matcher(read(text)) for text in queries(archive).values()]
    began = time.process_time()
    for message in messages:
        post = Post(message.said_at, message.text)
        for each in fits:
            each(post)
    took = time.process_time() - began
    print(
        f"\nstream: {len(messages) / took:,.0f} posts/s of processor time against {len(fits)} queries"
    )


def main(posts_wanted: int = 1_000_000) -> None:
    """Fill, measure, print."""
    with (
        tempfile.TemporaryDirectory(prefix="openroads-bench-") as folder,
        Archive.open(Path(folder) / "archive") as archive,
    ):
        fill(archive, Writer(1), posts_wanted)
        sizes = archive.table(
            "SELECT sum(bytes_on_disk) AS disk, sum(secondary_indices_compressed_bytes) AS indexes "
            "FROM system.parts WHERE active AND table = 'post'", {},
        ).to_pylist()[0]  # fmt: skip
        print(
            f"posts on disk: {sizes['disk'] / 1e6:,.0f} MB, indexes {sizes['indexes'] / 1e6:,.0f} MB"
        )
        ask(archive)
        stream(archive)
        print(f"memory: {memory()}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
