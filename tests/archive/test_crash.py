"""Power fails, somebody kills the process: what was acknowledged stays, and the sums are mended."""

import random
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from openroads.archive import ingest as ingesting
from openroads.archive.client import Archive
from openroads.archive.ingest import verify_rollups
from openroads.archive.queries import gap, posts
from openroads.archive.queries.rollups import UNSETTLED
from openroads.archive.queries.totals import totals
from openroads.archive.scope import Scope
from tests.archive.saying import NOW, land, said

CHILD = Path(__file__).with_name("crashing.py")
SCOPE = Scope(date(2026, 1, 1), date(2027, 1, 1))


@pytest.mark.slow
@pytest.mark.embedded
def test_a_kill_at_any_moment_loses_nothing_and_the_sums_are_right(tmp_path: Path) -> None:
    from openroads.directory.conversations import close_archive

    close_archive()
    place = tmp_path / "archive"
    there: dict[str, bool] = {}
    interrupted = 0
    for round_number in range(4):
        child = subprocess.Popen(
            [sys.executable, str(CHILD), str(place), str(round_number)],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline() == "open\n"
        # From the first batch on, so that a busy machine kills in the middle of the work too.
        acknowledged = [child.stdout.readline().rstrip("\n")]
        time.sleep(random.Random(round_number).uniform(0, 2))
        child.kill()
        acknowledged += child.stdout.read().splitlines()
        child.stdout.close()
        child.wait()
        for line in acknowledged:
            if line.count("=") >= 1 and line.count(" ") == line.count("="):
                there.update((n, v == "1") for n, v in (e.split("=") for e in line.split()[1:]))
        with Archive.open(place, author_key=b"test key") as archive:
            assert verify_rollups(archive) == []
            assert archive.written(UNSETTLED, {}).num_rows == 0
            listed = {
                quote.author.removeprefix("author-")
                for quote in posts.posts_in_scope(archive, SCOPE, limit=1000)
            }
        lost = {name for name, said_so in there.items() if said_so} - listed
        # The batch that was under way may have deleted (or moved) twenty of them.
        assert len(lost) <= 20
        interrupted += bool(acknowledged)
        there = dict.fromkeys(listed, True)
    assert interrupted == 4


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("step", ["insert_delta", "_bury", "point_elsewhere"])
def test_a_failure_within_an_ingest_is_mended_by_the_next(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, step: str, late: bool
) -> None:
    first = said("1", "accu leeg na een jaar", date(2026, 11, 2))
    copy = said("2", "accu leeg na een jaar", date(2026, 11, 3))
    land(archive, first, copy)
    with monkeypatch.context() as patch:
        whole = getattr(ingesting, step)

        def fail(*given: object) -> None:
            if late:
                whole(*given)
            raise OSError("No space left on device")

        patch.setattr(ingesting, step, fail)
        with pytest.raises(OSError, match="No space"):
            land(archive, first.but(text="iets heel anders dan dat", said_at=NOW))
    assert land(archive, said("3", "rem piept", date(2026, 11, 4))).added == 1
    assert verify_rollups(archive) == []
    land(archive, first.but(text="iets heel anders dan dat", said_at=NOW))
    assert totals(archive, SCOPE).posts == 3
    assert verify_rollups(archive) == []


def test_a_close_after_a_failure_leaves_the_repair_to_the_next_open(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(ingesting, "insert_delta", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            land(archive, said("1", "accu leeg", date(2026, 11, 2)))
    assert verify_rollups(archive) != []
    place = archive.location
    archive.close()
    with Archive.open(place, author_key=b"test key") as again:
        assert verify_rollups(again) == []
        assert len(gap.term_counts(again, SCOPE)) == 2
