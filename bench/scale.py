"""Does it stay quick when the archive grows? The questions of every page that counts, at three sizes.

Run: python -m bench.scale [folder] [quick] [posts ...] (default 100,000, 1,000,000 and 10,000,000 synthetic
posts over three years; an archive is filled once per size in the folder and read again by later runs;
with `quick` its rows are inserted as they are, in a third of the time, which says nothing of filling).
Every question is asked for the first time: each try is about other days, and nothing is remembered in
between but what the engine itself keeps. Prints the median and the longest by the clock and the median
of processor time, memory while filling and while reading, the rate of filling, and disk per post.
"""

import gc
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np

from bench.archive_growth import BATCH, DAYS, NOW, ORIGIN, Writer, memory
from bench.search import number, read

TIMES = 9
SIZES = (100_000, 1_000_000, 10_000_000)
TODAY = NOW.date() + timedelta(days=1)


def main(folder: str = "", *asked: str) -> None:
    """Each size in processes of its own, so that memory is counted apart."""
    filling = fill_in_arrays if "quick" in asked else fill
    sizes = [size for size in asked if size != "quick"]
    with tempfile.TemporaryDirectory(prefix="openroads-bench-") as spare:
        for posts in [int(size.replace("_", "")) for size in sizes] or SIZES:
            place = Path(folder or spare) / str(posts)
            if not (place / "filled").exists():
                _apart(filling, place, posts)
            print(f"\n{posts:,} posts: {(place / 'filled').read_text()}", flush=True)
            _apart(ask, place)


def _apart(deed: Callable[..., None], *given: object) -> None:
    child = multiprocessing.get_context("spawn").Process(target=deed, args=given)
    child.start()
    child.join()
    if child.exitcode:
        raise SystemExit(child.exitcode)


def fill(place: Path, posts: int) -> None:
    """Posts of customers in order of time, five sources, about three products; and what the brand says."""
    from dataclasses import replace
    from datetime import date

    from openroads.archive.client import Archive
    from openroads.archive.ingest import Passage, ingest, ingest_passages

    place.mkdir(parents=True, exist_ok=True)
    writer = Writer(1)
    kinds = ("other", "other", "other", "question", "complaint", "praise")
    batches = -(-posts // BATCH)
    step = timedelta(days=DAYS) / batches
    start = NOW - timedelta(days=DAYS)
    spent = 0.0
    with Archive.open(place / "archive", author_key=b"bench") as archive:
        for at in range(batches):
            messages, found = writer.batch(BATCH, start + step * at, start + step * (at + 1))
            found = replace(
                found,
                kind=[kinds[one % 6] for one in writer.random.integers(0, 6, BATCH).tolist()],
                language=[
                    "en" if one == 0 else "nl" for one in writer.random.integers(0, 5, BATCH)
                ],
            )
            origin = replace(ORIGIN, source=1 + at % 5)
            began = time.perf_counter()
            ingest(archive, messages, found, origin, now=NOW)
            spent += time.perf_counter() - began
            if at % 200 == 199:
                print(f"{(at + 1) * BATCH:,}: {(at + 1) * BATCH / spent:,.0f} posts/s", flush=True)
        messages, found = writer.batch(1_000, NOW - timedelta(days=900), NOW - timedelta(days=890))
        own = [
            Passage(row // 5, row % 5, ORIGIN.brand, "", "", one.text, date(2024, 1, 1), None)
            for row, one in enumerate(messages)
        ]
        ingest_passages(archive, own, found)
        sizes = archive.table(
            "SELECT table, sum(bytes_on_disk) AS disk FROM system.parts WHERE active "
            "AND database = currentDatabase() GROUP BY table ORDER BY disk DESC", {},
        ).to_pylist()  # fmt: skip
    told = ", ".join(f"{row['table']} {row['disk'] / posts:.0f}" for row in sizes[:5])
    disk = sum(row["disk"] for row in sizes)
    (place / "filled").write_text(
        f"filled at {batches * BATCH / spent:,.0f} posts/s; {disk / posts:.0f} bytes of disk a post "
        f"({told}); memory of filling {memory()}"
    )


def fill_in_arrays(place: Path, posts: int) -> None:
    """About the same posts without the ordinary way in."""
    from bench.filling import fill_quickly
    from openroads.archive.client import Archive

    place.mkdir(parents=True, exist_ok=True)
    began = time.process_time()
    with Archive.open(place / "archive", author_key=b"bench") as archive:
        fill_quickly(archive, posts)
    spent = (time.process_time() - began) / posts
    (place / "filled").write_text(
        f"rows inserted as they are, {1e6 * spent:.0f} us of processor time a post"
    )


def ask(place: Path) -> None:
    """Print a line per question."""
    from openroads.cli import house

    house.settle(place)
    from openroads.archive.client import Archive

    with Archive.open(place / "archive", author_key=b"bench") as archive:
        print(f"{'':34}{'posts':>12}{'median':>9}{'longest':>9}{'processor':>11}")
        for name, posts, question in questions(archive):
            gc.collect()
            question(TIMES)  # days of its own: warms the files, not the answers
            took, worked = [], []
            for back in range(TIMES):
                began, cpu = time.perf_counter(), time.process_time()
                question(back)
                took.append(1000 * (time.perf_counter() - began))
                worked.append(1000 * (time.process_time() - cpu))
            print(
                f"{name:34}{posts:>12,}{statistics.median(took):>6.0f} ms{max(took):>6.0f} ms"
                f"{statistics.median(worked):>8.0f} ms",
                flush=True,
            )
        print(f"memory of reading: {memory()}")


def questions(archive: object) -> list[tuple[str, int, Callable[[int], object]]]:
    """What is asked: its name, about how many posts, and the question, so many days back."""
    from openroads.archive.client import Archive
    from openroads.archive.queries import explore, search
    from openroads.archive.queries.choice import Sieve
    from openroads.archive.scope import Scope
    from openroads.listening.explore.comparing import read_both
    from openroads.listening.explore.reading import key_words, read_choice
    from openroads.listening.gap_reading import read_gap, read_gap_alone

    assert isinstance(archive, Archive)

    def scope(back: int, days: int = 90) -> Scope:
        until = TODAY - timedelta(days=back)
        return Scope(until - timedelta(days=days), until, brand=1)

    def first_view(sieve: Sieve) -> object:
        explore.newest_posts(archive, sieve, limit=20)
        return read_choice(archive, sieve)

    def terms(sieve: Sieve) -> object:
        return key_words(archive, sieve, explore.size_of(archive, sieve))

    def compare(one: Sieve, other: Sieve) -> object:
        return read_both(archive, (one, other), ())

    def choice(back: int, days: int = 90, **more: object) -> Sieve:
        return Sieve(scope(back, days), **more)  # type: ignore[arg-type]

    said = explore.terms_in(archive, choice(0, 30), halvings=2).docs()
    used = said.ids[np.argsort(-said.docs)]
    common, rarer = int(used[20]), int(used[400])
    (any_post,) = search.posts_found(
        archive, scope(0, 400), read("woord4000 OR woord4001 OR woord4002"), limit=1
    )
    words = any_post.text.split()
    rare = max(range(len(words) - 1), key=lambda at: min(number(words[at]), number(words[at + 1])))
    phrase = read(f'"{words[rare]} {words[rare + 1]}"')
    two = read("woord30 woord50")
    every = 3 * 365 + 1

    def searched(query: object, days: int) -> Callable[[int], object]:
        return lambda back: search.posts_found(archive, scope(back, days), query, limit=50)  # type: ignore[arg-type]

    narrowed = {
        "plain": {},
        "negative": {"moods": (-1,)},
        "complaints": {"kinds": ("complaint",)},
        "one source": {"sources": (2,)},
        "a common word": {"terms": (common,)},
        "a rarer word": {"terms": (rarer,)},
        "people who wrote often": {"authors": "often"},
        "a query": {"condition": search.condition(read("woord30 OR woord50"))},
    }
    found: list[tuple[str, int, Callable[[int], object]]] = []

    def line(name: str, sieve: Sieve, question: Callable[[int], object]) -> None:
        posts = sum(row.posts for row in explore.posts_by_day(archive, sieve))
        found.append((name, posts, question))

    for name, more in narrowed.items():
        line(
            f"explore, 90 days, {name}", choice(0, **more),
            partial(lambda back, more: first_view(choice(back, **more)), more=more),
        )  # fmt: skip
    for name in ("plain", "negative"):
        more = narrowed[name]
        line(
            f"explore, a year, {name}", choice(0, 365, **more),
            partial(lambda back, more: first_view(choice(back, 365, **more)), more=more),
        )  # fmt: skip
    for days, name in ((90, "90 days"), (365, "a year")):
        line(
            f"timeline, {name}", choice(0, days),
            partial(lambda back, days: explore.posts_by_day(archive, choice(back, days)), days=days),
        )  # fmt: skip
        line(
            f"timeline, {name}, negative", choice(0, days, moods=(-1,)),
            partial(
                lambda back, days: explore.posts_by_day(archive, choice(back, days, moods=(-1,))),
                days=days,
            ),
        )  # fmt: skip
        line(
            f"terms, {name}", choice(0, days),
            partial(lambda back, days: terms(choice(back, days)), days=days),
        )  # fmt: skip
        line(
            f"terms, {name}, negative", choice(0, days, moods=(-1,)),
            partial(lambda back, days: terms(choice(back, days, moods=(-1,))), days=days),
        )  # fmt: skip
        line(
            f"gap, first view, {name}", choice(0, days),
            partial(lambda back, days: read_gap_alone(archive, scope(back, days), ()), days=days),
        )  # fmt: skip
        line(
            f"gap with all beside it, {name}", choice(0, days),
            partial(
                lambda back, days: read_gap(archive, scope(back, days), (1, 2, 3), ()), days=days
            ),
        )  # fmt: skip
    line(
        "compare, 90 days with those before", choice(0),
        lambda back: compare(choice(back), choice(back + 90)),
    )  # fmt: skip
    line(
        "compare, negative with positive", choice(0),
        lambda back: compare(choice(back, moods=(-1,)), choice(back, moods=(1,))),
    )  # fmt: skip
    for name, query in (("two words", two), ("rare phrase", phrase)):
        for days, said in ((365, "a year"), (every, "all")):
            n = search.count(archive, scope(0, days), query)
            found.append((f"{name}, newest 50, {said}", n, searched(query, days)))
            found.append(
                (
                    f"{name}, count, {said}",
                    n,
                    partial(
                        lambda back, days, query: search.count(archive, scope(back, days), query),
                        days=days,
                        query=query,
                    ),
                )
            )
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
