"""How long does it take to file an archive under a topic, and how quick are questions by topic then?

Run: python -m bench.topics [posts] [folder] (default 1,000,000 synthetic posts over three years; in a
folder the archive stays and is asked again by later runs). Prints for a common and a rare topic the
seconds of filing and of its longest month, and the median milliseconds of the list of topics and of
Explore by the topic; then the same with a hundred topics in the archive, one for each of a hundred words.
"""

import sys
import tempfile
import time
from datetime import timedelta
from functools import partial
from pathlib import Path

from bench.archive_growth import memory
from bench.filling import fill_quickly
from bench.search import TIMES, TODAY, medians, read
from openroads.archive.client import Archive
from openroads.archive.filing import Standing, different, file_months
from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.explore import newest_posts, posts_by_day, terms_in
from openroads.archive.queries.topics import filed, filed_posts, months_to_file, topics_by_week
from openroads.archive.scope import Scope

TOPICS = {
    "common": "(woord20 OR woord77*) NOT woord5",
    "rare": "woord1500 OR woord900 NEAR/5 woord50",
}
HUNDRED = 100
CHECKED = 1_000_000
"""Posts up to which every one is asked anew whether it is filed right: of more it takes too long."""
WORD_IDS = "SELECT key, min(id) AS id FROM term WHERE key IN {keys:Array(String)} GROUP BY key"
QUARTER = Scope(TODAY - timedelta(days=90), TODAY)
YEAR = Scope(TODAY - timedelta(days=365), TODAY)

# What filing a topic of one word comes to, without asking every post for it a hundred times.
FILE_WORD = """
INSERT INTO topic_post (topic, version, id, published_at, stamp, is_out)
SELECT 1, {filed_as:UInt32}, id, published_at, version, 0 FROM post WHERE has(terms, {term:UInt32})
"""


def filing(archive: Archive, one: Standing) -> None:
    """File the archive and print how long it took."""
    began, longest = time.perf_counter(), 0.0
    for each in months_to_file(archive, 0):
        month = time.perf_counter()
        file_months(archive, one, [each.month])
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


def ask_explore(archive: Archive) -> None:
    """Print how long the first view of Explore takes: of everything, and by one topic of many."""
    from openroads.listening.explore.reading import read_choice

    def first_view(sieve: Sieve) -> None:
        newest_posts(archive, sieve, limit=20)
        read_choice(archive, sieve)

    held = filed_posts(archive)
    print(f"{len(held)} topics, {sum(held.values()):,} posts filed")
    largest = max(held, key=lambda version: held[version])
    for name, sieve in (
        ("explore, 90 days", Sieve(QUARTER)),
        ("explore, 90 days, by the largest topic", Sieve(QUARTER, condition=filed([largest]))),
        ("explore, 90 days, by a rare topic", Sieve(QUARTER, condition=filed([2]))),
    ):
        clock, processor = medians(partial(first_view, sieve))
        print(f"  {name}: {clock:.0f} ms, {processor:.0f} ms of processor time", flush=True)
    every = dict.fromkeys(held, 0)
    clock, processor = medians(partial(topics_by_week, archive, YEAR, every))
    print(f"  every topic by week, a year: {clock:.0f} ms, {processor:.0f} ms of processor time")


def file_words(archive: Archive, first: int, last: int) -> None:
    """Topics of one word each, under the versions from first to last."""
    words = [f"woord{20 + 3 * version}" for version in range(first, last + 1)]
    found = archive.table(WORD_IDS, {"keys": words})
    ids = dict(zip(found["key"].to_pylist(), found["id"].to_pylist(), strict=True))
    for version, word in enumerate(words, start=first):
        if word in ids:
            archive.command(FILE_WORD, {"filed_as": version, "term": ids[word]})


def main(posts: int = 1_000_000, folder: str = "") -> None:
    """Fill, file, ask, print."""
    with tempfile.TemporaryDirectory(prefix="openroads-bench-") as spare:
        place = Path(folder or spare)
        with Archive.open(place / "archive", author_key=b"bench") as archive:
            if not months_to_file(archive, 0):
                fill_quickly(archive, posts)
            for version, (name, text) in enumerate(TOPICS.items(), start=1):
                print(f"{name}: {text}")
                one = Standing(1, version, read(text))
                filing(archive, one)
                ask(archive, version)
                if posts <= CHECKED:
                    assert different(archive, one).missing == 0
            if len(filed_posts(archive)) < HUNDRED:
                file_words(archive, len(TOPICS) + 1, HUNDRED)
            ask_explore(archive)
            print(f"{posts:,} posts, medians of {TIMES}; {memory()}")


if __name__ == "__main__":
    main(*(int(sys.argv[1].replace("_", "")), *sys.argv[2:]) if len(sys.argv) > 1 else ())
