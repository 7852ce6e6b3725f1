"""Real corpora for measuring, read from beside the project where they are; tests skip visibly
without them.
"""

import csv
from pathlib import Path

import pytest

PLACE = Path(__file__).parents[2].parent / "shared" / "data"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a corpus, or a skipped test that says which one is missing."""
    path = PLACE / name
    if not path.exists():
        pytest.skip(f"the corpus {name} is not beside the project ({PLACE})")
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))
