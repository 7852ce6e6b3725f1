"""Import and full analysis of new text end to end, beside a pandas + vaderSentiment + Counter script on the same file.

Both read the same CSV and yield language-free counts: posts a week, tone per post, words per week. Ours
does more (language, terms, intent, names, near-duplicates, storing) and is timed whole, from file to archive.
"""

import csv
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

ROWS = int(os.environ.get("BENCH_ROWS", "60000"))
SHARED = Path(__file__).parents[1].parent / "shared" / "data"


def write_file(path: Path, rows: int = ROWS) -> int:
    """New text: the demo company's posts, each with words of its own so that no text is seen twice."""
    from openroads.demo.posts import windmee_posts

    chance = random.Random(11)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "created_at", "author", "text"])
        count = 0
        for post in windmee_posts(date(2026, 11, 22), rows, seed=11):
            own = f" {chance.choice(('na', 'after', 'bij', 'met'))} {chance.randrange(10_000)} km"
            writer.writerow(
                [post.native_id, post.said_at.isoformat(), post.author, post.text + own]
            )
            count += 1
    return count


def baseline(path: Path) -> tuple[float, float]:
    """Seconds (wall, CPU) of the usual script: one core, one language, nothing stored."""
    import pandas as pd
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    wall, cpu = time.perf_counter(), time.process_time()
    frame = pd.read_csv(path, dtype=str)
    when = pd.to_datetime(frame["created_at"], utc=True, format="ISO8601")
    week = when.dt.strftime("%G-%V")
    word = re.compile(r"[#@]?[^\W\d_][\w'-]+")
    analyser = SentimentIntensityAnalyzer()
    words: dict[str, Counter[str]] = {}
    tones = []
    for text, key in zip(frame["text"], week, strict=True):
        words.setdefault(key, Counter()).update(set(word.findall(text.lower())))
        tones.append(analyser.polarity_scores(text)["compound"])
    frame["tone"] = tones
    frame.groupby(week)["tone"].mean()
    return time.perf_counter() - wall, time.process_time() - cpu


def ours(path: Path, folder: Path) -> tuple[float, float, int]:
    """Seconds (wall, CPU of all processes) and rows of `openroads import` on an empty house."""
    import subprocess

    env = {**os.environ, "OPENROADS_DATA": str(folder)}
    before = os.times()
    wall = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "openroads", "import", str(path)],
        env=env, check=True, capture_output=True, text=True,
    )  # fmt: skip
    spent = time.perf_counter() - wall
    after = os.times()
    cpu = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )
    added = int(re.search(r"(\d+) new", done.stdout).group(1))  # type: ignore[union-attr]
    return spent, cpu, added


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "posts.csv"
        rows = write_file(path)
        wall, cpu, added = ours(path, folder / "house")
        base_wall, base_cpu = baseline(path)
        print(f"rows {rows}, stored {added}, cores {os.cpu_count()}")
        print(
            f"ours      {rows / wall:8,.0f} posts/s  wall {wall:6.1f} s  cpu {cpu:6.1f} s (start of program included)"
        )
        print(
            f"baseline  {rows / base_wall:8,.0f} posts/s  wall {base_wall:6.1f} s  cpu {base_cpu:6.1f} s"
        )
        print(f"ratio     {base_wall / wall:8.2f} by wall clock")
