"""An archive of its own for each test: the real engine in a fresh directory, or behind a server.

OPENROADS_TEST_ARCHIVE=server sends every test here through the official HTTP client to the same
engine in a process of its own (`make test-server`); tests of the directory itself are left out.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from openroads.archive.client import Archive
from openroads.archive.queries.gap import TermCounts, terms
from tests.served_archive import SERVED, folder_for_a_server, new_database, openroads_server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is about the embedded engine cannot be asked of a server."""
    if SERVED:
        left_out = pytest.mark.skip(reason="is about the embedded engine's own directory")
        for item in items:
            if item.get_closest_marker("embedded"):
                item.add_marker(left_out)


@pytest.fixture(scope="session")
def archive_server() -> Iterator[str]:
    """The address of a server with the real engine, of this worker of the test run."""
    with folder_for_a_server() as folder, openroads_server(folder) as address:
        yield address


@pytest.fixture
def served(archive_server: str) -> Iterator[str]:
    """The address of an empty database on a server."""
    with new_database(archive_server) as address:
        yield address


@pytest.fixture
def served_archive(served: str) -> Iterator[Archive]:
    """An archive on a server, whatever the other tests use."""
    with Archive.open(served, author_key=b"test key") as opened:
        yield opened


@pytest.fixture
def archive(
    request: pytest.FixtureRequest, tmp_path: Path, empty_archive: Path
) -> Iterator[Archive]:
    if SERVED:
        yield request.getfixturevalue("served_archive")
        return
    # A process can have one archive open: rooms tested before us may have left theirs.
    from openroads.directory.conversations import close_archive

    close_archive()
    shutil.copytree(empty_archive, tmp_path / "archive", symlinks=True)
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
