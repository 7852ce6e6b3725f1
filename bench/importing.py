"""Import and full analysis of new text, beside two scripts on the same file, each timed as a whole process.

`openroads import` reads, analyses and stores; `importing_analyst.py` is what an analyst would write with
the usual packages for the same outputs; `importing_naive.py` does one language, one word list and a
counter. The two scripts store nothing. Processor time is that of all processes of a run.
"""

import csv
import json
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROWS = int(os.environ.get("BENCH_ROWS", "60000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "1"))
HERE = Path(__file__).parent
SHARED = HERE.parents[1] / "shared" / "data"
DUTCH = HERE.parent / "src" / "openroads" / "analysis" / "lexicons" / "nl-polarity.csv"


@dataclass(frozen=True)
class Run:
    """What one process, its children included, took and printed."""

    wall: float
    cpu: float
    memory: int
    """Bytes, at the highest, all processes together."""
    said: str


def write_file(path: Path, rows: int = ROWS) -> None:
    """New text: the demo company's posts, each with words of its own so that no text is seen twice."""
    from openroads.demo.posts import windmee_posts

    chance = random.Random(11)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "created_at", "author", "text"])
        for post in windmee_posts(date(2026, 11, 22), rows, seed=11):
            own = f" {chance.choice(('na', 'after', 'bij', 'met'))} {chance.randrange(10_000)} km"
            writer.writerow(
                [post.native_id, post.said_at.isoformat(), post.author, post.text + own]
            )


def write_names(path: Path) -> None:
    """The names both sides look for: the demo company's brands and products in all their spellings."""
    from openroads.demo.company import BRANDS

    names = {brand.name: [brand.name, *brand.forms] for brand in BRANDS}
    names |= {product.name: list(product.forms) for brand in BRANDS for product in brand.products}
    path.write_text(json.dumps(names))


def run(*command: str, **env: str) -> Run:
    """Run a Python program to its end. It finds its modules compiled, as an installed program does."""
    began = os.times()
    wall = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, *command],
        env={**_environment(), **env}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    highest = [0]
    watch = threading.Thread(target=_watch, args=(child, highest), daemon=True)
    watch.start()
    said, fault = child.communicate()
    wall = time.perf_counter() - wall
    ended = os.times()
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{fault}")
    cpu = ended.children_user + ended.children_system - began.children_user - began.children_system
    return Run(wall, cpu, highest[0], said)


def _environment() -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    cache = Path(tempfile.gettempdir()) / f"bench-pycache-{os.getuid()}"
    return {**env, "PYTHONPYCACHEPREFIX": str(cache)}


def _watch(child: "subprocess.Popen[str]", highest: list[int]) -> None:
    while child.poll() is None:
        highest[0] = max(highest[0], sum(map(_resident, _family(child.pid))))
        time.sleep(0.25)


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for each in children:
            yield from _family(int(each))


def _resident(pid: int) -> int:
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def make_house(folder: str) -> None:
    """A house with the demo company's names and nothing read: for a process of its own."""
    from openroads.cli import house

    house.settle_state(Path(folder))
    from openroads.demo.filling import make_company

    make_company()


def analyse_alone(path: str, limit: str) -> None:
    """Print the seconds one core takes to analyse the texts of a file, words never seen before."""
    from openroads.analysis.pipeline import Analyser, Name
    from openroads.demo.company import BRANDS

    with Path(path).open(newline="", encoding="utf-8") as file:
        texts = [row["text"] for row in csv.DictReader(file)][: int(limit)]
    names = [Name(n, "brand", (b.name, *b.forms)) for n, b in enumerate(BRANDS, 1)]
    products = [product for brand in BRANDS for product in brand.products]
    names += [Name(n, "product", product.forms, 1) for n, product in enumerate(products, 1)]
    Analyser().analyse(["warm up the dictionaries", "de woordenboeken warm draaien"])
    analyser = Analyser(names=names)
    began = time.process_time()
    for start in range(0, len(texts), 2_000):
        analyser.analyse(texts[start : start + 2_000])
    print(json.dumps({"texts": len(texts), "cpu": time.process_time() - began}))


def store_alone(path: str) -> None:
    """Print the seconds it takes to store the posts of a file, analysed beforehand."""
    from openroads.analysis.pipeline import Analyser
    from openroads.archive.client import Archive
    from openroads.archive.ingest import Origin, get_ready, ingest
    from openroads.connectors import files
    from openroads.listening.analysing import stored_at_once

    place = Path(path)
    analyser = Analyser()
    pages = [
        (page, analyser.analyse([message.text for message in page.messages]))
        for page in files.read(place, files.detect(place))
    ]
    with tempfile.TemporaryDirectory() as folder, Archive.open(folder) as archive:
        get_ready(archive)
        wall, cpu = time.perf_counter(), time.process_time()
        for page, analysis in stored_at_once(iter(pages), ROWS):
            ingest(archive, page.messages, analysis, Origin(1, "customer"), now=datetime.now(UTC))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(json.dumps({"wall": wall, "cpu": cpu}))


def compare(folder: Path, path: Path, rows: int) -> None:
    """Print the three runs side by side."""
    few, names = folder / "few.csv", folder / "names.json"
    write_file(few, 50)
    write_names(names)
    deeds: dict[str, Any] = {
        "openroads import": lambda file: imported(folder, file),
        "analyst's script": lambda file: run(
            str(HERE / "importing_analyst.py"), str(file), str(names), str(DUTCH)
        ),
        "naive script": lambda file: run(str(HERE / "importing_naive.py"), str(file)),
    }
    for deed in deeds.values():
        deed(few)  # compiles what is not yet compiled
    runs: dict[str, list[Run]] = {name: [] for name in deeds}
    for _ in range(ROUNDS):
        for name, deed in deeds.items():
            runs[name].append(deed(path))
    best = {name: min(done, key=lambda one: one.wall) for name, done in runs.items()}
    ours = best["openroads import"]
    added = int(re.search(r"(\d+) new", ours.said).group(1))  # type: ignore[union-attr]
    print(f"{rows:,} posts, {added:,} stored; the best of {ROUNDS}, start of the program included")
    for name, each in best.items():
        print(
            f"{name:18s}{rows / each.wall:8,.0f} posts/s  wall {each.wall:5.1f} s  cpu {each.cpu:5.1f} s"
            f"  memory {each.memory / 1e6:5,.0f} MB  ours is {each.wall / ours.wall:4.2f} times as fast"
        )


def imported(folder: Path, file: Path) -> Run:
    """`openroads import` of a file into a house that has its names and no posts yet."""
    home = Path(tempfile.mkdtemp(dir=folder))
    run("-m", "bench.importing", "house", str(home))
    return run("-m", "openroads", "import", str(file), OPENROADS_DATA=str(home))


def main() -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {date.today()}")  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "posts.csv"
        write_file(path)
        compare(folder, path, ROWS)
        told = json.loads(run("-m", "bench.importing", "store", str(path)).said)
        print(
            f"storing alone     {ROWS / told['wall']:8,.0f} posts/s  cpu {told['cpu'] / ROWS * 1e6:.0f} us a post"
        )
        corpora = [path, *(SHARED / f"{one}.csv" for one in ("airline-tweets", "support-tweets", "bol-reviews-nl"))]  # fmt: skip
        for corpus in corpora:
            if not corpus.exists():
                print(f"left out: {corpus} is not there")
                continue
            told = json.loads(run("-m", "bench.importing", "analysis", str(corpus), "30000").said)
            print(
                f"analysis alone    {told['texts'] / told['cpu']:8,.0f} posts/s on one core  ({corpus.stem})"
            )


CHILDREN = {"house": make_house, "analysis": analyse_alone, "store": store_alone}

if __name__ == "__main__":
    CHILDREN[sys.argv[1]](*sys.argv[2:])
