"""Does a full archive slow down an import, and is a gap page quick over a million posts?

Run: python -m bench.archive_growth [posts] (default 1,000,000 synthetic posts over three years,
made in a temporary folder). Prints the seconds to add 10,000 new posts, and 10,000 posts that are
there already, to an empty and to the full archive; processor time of the gap's questions (medians
of seven); and memory.
"""

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np

from openroads.analysis.pipeline import Analysis
from openroads.archive.client import Archive
from openroads.archive.ingest import Origin, ingest
from openroads.archive.message import Message
from openroads.archive.queries import documents, gap, posts, state, totals
from openroads.archive.scope import Scope

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAYS = 3 * 365
BATCH = 5_000
WORDS = 60_000
ORIGIN = Origin(source=1, purpose_voice="customer", brand=1)


class Writer:
    """Endless posts: about 18 words of a Zipf vocabulary, 14 terms of which five are pairs."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        weights = 1 / np.arange(1, WORDS + 1) ** 1.05
        self.share = np.cumsum(weights / weights.sum())
        self.number = 0

    def words(self, count: int) -> np.ndarray:
        """Word numbers, the common ones often."""
        return np.searchsorted(self.share, self.random.random(count))

    def batch(self, count: int, first: datetime, last: datetime) -> tuple[list[Message], Analysis]:
        """Posts between two moments in order of time, with an analysis of the usual shape."""
        span = (last - first).total_seconds()
        moments = np.sort(self.random.random(count)) * span
        chosen = self.words(count * 18).reshape(count, 18)
        authors = self.random.zipf(1.6, count) % 200_000
        messages, keys, lengths = [], [], []
        for row, at, author in zip(
            chosen.tolist(), moments.tolist(), authors.tolist(), strict=True
        ):
            self.number += 1
            named = [f"woord{word}" for word in row]
            terms = dict.fromkeys([*named[:9], *(f"{a} {b}" for a, b in pairwise(named[:6]))])
            messages.append(
                Message(
                    f"post-{self.number}", "forum", " ".join(named), first + timedelta(seconds=at),
                    author=f"author{author}", likes=author % 7,
                )
            )  # fmt: skip
            keys += terms
            lengths.append(len(terms))
        product = self.random.integers(0, 4, count).tolist()
        analysis = Analysis(
            language=["nl"] * count,
            language_p=np.ones(count, np.float32),
            tone=np.zeros(count, np.float32),
            mood=self.random.integers(-1, 2, count).astype(np.int8),
            kind=["other"] * count,
            words=np.full(count, 18, np.uint32),
            term_offsets=np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
            term_forms=np.arange(len(keys), dtype=np.int32),
            form_keys=keys,
            form_shown=keys,
            hashtags=[[]] * count,
            mentions=[[]] * count,
            emoji=[[]] * count,
            brands=[[1]] * count,
            products=[[one] if one else [] for one in product],
            same_key=self.random.integers(1, 2**63, count, dtype=np.uint64),
            bands=self.random.integers(1, 2**63, (count, 8), dtype=np.uint64),
        )
        return messages, analysis


def seconds(deed: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """How long something takes."""
    began = clock()
    deed()
    return clock() - began


def add_ten_thousand(archive: Archive, writer: Writer, label: str) -> None:
    """Print what 2 x 5,000 new posts of the last two weeks cost, and the same again."""
    batches = [writer.batch(BATCH, NOW - timedelta(days=14), NOW) for _ in range(2)]
    for what in ("new", "the same again"):
        began = time.perf_counter()
        cpu = seconds(
            lambda: [ingest(archive, *batch, ORIGIN, now=NOW) for batch in batches],
            time.process_time,
        )
        wall = time.perf_counter() - began
        print(
            f"{label}: 10,000 {what}: {wall:.2f} s, of which {cpu:.2f} s of processor", flush=True
        )


def gap_page(archive: Archive, scope: Scope) -> dict[str, float]:
    """Median seconds of each question a gap page asks, after one warm-up."""
    everything = totals.totals(archive, scope)
    common = gap.term_counts(archive, scope, least=50).term[:1_500].tolist()
    questions: dict[str, Callable[[], object]] = {
        "docs_parts": lambda: gap.docs_parts(archive, scope),
        "docs_by_stretch of 1,500": lambda: gap.docs_by_stretch(archive, scope, [], common),
        "docs_by_product of 1,500": lambda: gap.docs_by_product(archive, scope, (1, 2), common),
        "term_counts of 300": lambda: gap.term_counts(archive, scope, terms=common[:300]),
        "terms of 300": lambda: gap.terms(archive, common[:300]),
        "term_people of 300": lambda: gap.term_people(archive, scope, common[:300]),
        "term_people of one": lambda: gap.term_people(archive, scope, common[40:41]),
        "totals": lambda: totals.totals(archive, scope),
        "volume": lambda: totals.volume(archive, scope, (1, 2)),
        "sample_documents 6,000": lambda: documents.sample_documents(
            archive, scope, 6_000, posts=everything.posts
        ),
        "dated_brand_documents": lambda: documents.dated_brand_documents(archive, scope),
        "posts_with_term": lambda: posts.posts_with_term(archive, scope, common[40]),
        "volume_by_day": lambda: state.volume_by_day(archive, scope),
    }
    for question in questions.values():
        question()
    return {
        name: statistics.median(seconds(question, time.process_time) for _ in range(7))
        for name, question in questions.items()
    }


def memory() -> str:
    """Resident memory now and at its highest, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return f"{pages * 4096 // 1_000_000} MB now, {peak} MB at most"


def main(posts_wanted: int = 1_000_000) -> None:
    """Fill, measure, print."""
    with (
        tempfile.TemporaryDirectory(prefix="openroads-bench-") as folder,
        Archive.open(Path(folder) / "archive") as archive,
    ):
        writer = Writer(1)
        for label in ("warming up", "empty archive", "empty archive", "empty archive"):
            add_ten_thousand(archive, writer, label)
        fill(archive, writer, posts_wanted)
        print(f"memory: {memory()}")
        for _ in range(3):
            add_ten_thousand(archive, writer, "full archive")
        today = date(2026, 11, 22)
        for days in (90, 365):
            for product in ((), (1,)):
                scope = Scope(today - timedelta(days=days), today, 1, product)
                found = gap_page(archive, scope)
                print(
                    f"{days} days, product {product or 'all'}, {totals.totals(archive, scope).posts:,} posts:"
                )
                for name, took in found.items():
                    print(f"    {name:30} {took * 1000:7.0f} ms")
        print(f"memory: {memory()}")


def fill(archive: Archive, writer: Writer, wanted: int) -> None:
    """Three years of posts, in order of time."""
    batches = wanted // BATCH
    step = timedelta(days=DAYS) / max(batches, 1)
    start = NOW - timedelta(days=DAYS)
    spent = 0.0
    for place in range(batches):
        made = writer.batch(BATCH, start + step * place, start + step * (place + 1))
        spent += seconds(lambda made=made: ingest(archive, *made, ORIGIN, now=NOW))
        if place % 20 == 19:
            print(
                f"{(place + 1) * BATCH:,} posts, {(place + 1) * BATCH / spent:,.0f} posts/s",
                flush=True,
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
