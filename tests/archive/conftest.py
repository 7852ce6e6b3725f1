"""An archive of its own for each test: the real engine in a fresh directory."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from openroads.archive.client import Archive
from openroads.archive.queries.gap import TermCounts, terms


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    # A process can have one archive open: rooms tested before us may have left theirs.
    from openroads.directory.conversations import close_archive

    close_archive()
    with Archive.open(tmp_path / "archive", author_key=b"test key") as opened:
        yield opened


@pytest.fixture
def in_words(archive: Archive) -> Callable[[TermCounts], dict[str, tuple[int, int, int]]]:
    """Counts as {word: (docs, positive, negative)}."""

    def read(counts: TermCounts) -> dict[str, tuple[int, int, int]]:
        keys = {term.id: term.key for term in terms(archive, counts.term.tolist())}
        columns = (counts.term, counts.docs, counts.positive, counts.negative)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return {keys[term]: (docs, up, down) for term, docs, up, down in rows}

    return read
