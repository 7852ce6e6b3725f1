"""How long does it take to file an archive under a topic, and how quick are questions by topic then?

Run: python -m bench.topics [posts] (default 1,000,000 synthetic posts over three years, made in a
temporary folder). Prints for a common and a rare topic the seconds of filing and of its longest
month, and the median milliseconds of the list of topics and of Explore by the topic.
"""

import sys
import tempfile
import time
from datetime import timedelta
from functools import partial
from pathlib import Path

from bench.archive_growth import Writer, fill, memory
from bench.search import TIMES, TODAY, medians, read
from openroads.archive.client import Archive
from openroads.archive.filing import Standing, different, file_month
from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.explore import newest_posts, posts_by_day, terms_in
from openroads.archive.queries.topics import filed, filed_posts, months_to_file, topics_by_week
from openroads.archive.scope import Scope

TOPICS = {
    "common": "(woord20 OR woord77*) NOT woord5",
    "rare": "woord1500 OR woord900 NEAR/5 woord50",
}
QUARTER = Scope(TODAY - timedelta(days=90), TODAY)
YEAR = Scope(TODAY - timedelta(days=365), TODAY)


def filing(archive: Archive, one: Standing) -> None:
    """File the archive and print how long it took."""
    began, longest = time.perf_counter(), 0.0
    for each in months_to_file(archive, 0):
        month = time.perf_counter()
        file_month(archive, one, each.month)
        longest = max(longest, time.perf_counter() - month)
    took = time.perf_counter() - began
    print(f"  filed {filed_posts(archive)[one.version]:,} in {took:.1f} s, a month in {longest:.2f} s at most")  # fmt: skip


def ask(archive: Archive, version: int) -> None:
    """Print a line per question and period."""
    for name, scope in (("90 days", QUARTER), ("a year", YEAR)):
        sieve = Sieve(scope, condition=filed([version]))
        questions = {
            "by week": partial(topics_by_week, archive, scope, {version: 0}),
            "by day": partial(posts_by_day, archive, sieve),
            "newest 20": partial(newest_posts, archive, sieve),
            "terms": partial(terms_in, archive, sieve),
        }
        told = (f"{what} {medians(question)[0]:.0f} ms" for what, question in questions.items())
        print(f"  {name}: {', '.join(told)}")


def main(posts: int = 1_000_000) -> None:
    """Fill, file, ask, print."""
    with tempfile.TemporaryDirectory(prefix="openroads-bench-") as folder:
        with Archive.open(Path(folder) / "archive") as archive:
            fill(archive, Writer(1), posts)
            for version, (name, text) in enumerate(TOPICS.items(), start=1):
                print(f"{name}: {text}")
                one = Standing(1, version, read(text))
                filing(archive, one)
                ask(archive, version)
                assert different(archive, one).missing == 0
            print(f"{posts:,} posts, medians of {TIMES}; {memory()}")


if __name__ == "__main__":
    main(int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else 1_000_000)
