"""The archive behind a server, spoken to by the official client; the rest of this folder follows with
`make test-server`."""

import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from openroads.archive.client import Archive, ArchiveAway
from openroads.archive.erase import erase_author
from openroads.archive.ingest import verify_rollups
from openroads.archive.queries import gap, posts
from openroads.archive.queries.rollups import UNSETTLED
from openroads.archive.queries.totals import totals
from openroads.archive.rollups import unsettle
from openroads.archive.scope import Scope
from openroads.archive.turns import TurnLost, TurnOfHost
from tests.archive.saying import gone, land, said
from tests.clickhouse_server import WORD
from tests.served_archive import command

YEAR = Scope(date(2026, 1, 1), date(2027, 1, 1))
DAY = date(2026, 10, 5)


@pytest.fixture
def two(served: str, tmp_path: Path) -> Iterator[tuple[Archive, Archive]]:
    """Two processes' archives on one server, that write by turns (here in one process)."""
    file = tmp_path / "turn"
    with (
        Archive.open(served, author_key=b"test key", turn=TurnOfHost(file)) as one,
        Archive.open(served, author_key=b"test key", turn=TurnOfHost(file)) as other,
    ):
        yield one, other


def docs(archive: Archive, word: str) -> list[int]:
    counts = gap.term_counts(archive, YEAR)
    found: list[int] = counts.docs[counts.term == gap.term_id(archive, word)].tolist()
    return found


def test_what_comes_changes_goes_and_is_erased_is_so_on_a_server_too(
    served_archive: Archive,
) -> None:
    archive = served_archive
    first, second = said("1", "accu leeg", DAY), said("2", "rem piept", DAY)
    land(archive, first, second, said("3", "zadel kraakt", DAY))
    assert land(archive, first).same == 1
    assert land(archive, first.but(text="accu vol"), gone(second)).changed == 1
    assert {post.text for post in posts.posts_in_scope(archive, YEAR)} == {"accu vol", "zadel kraakt"}  # fmt: skip
    key = posts.posts_in_scope(archive, YEAR)[0].author_key
    assert erase_author(archive, key) == 1
    assert (totals(archive, YEAR).posts, verify_rollups(archive)) == (1, [])


def test_lists_too_long_for_an_address_travel_in_the_text(served_archive: Archive) -> None:
    many = list(range(10**15, 10**15 + 60_000))
    asked = "SELECT length({ids:Array(UInt64)}) AS n, arraySum(n -> n % 1000, {ids:Array(UInt64)}) AS s, {word:String} AS w"
    found = served_archive.table(asked, {"ids": many, "word": "it's {ids:Array(UInt64)}\\"})
    assert found.to_pylist() == [
        {"n": 60_000, "s": sum(n % 1000 for n in many), "w": "it's {ids:Array(UInt64)}\\"}
    ]
    words = [f"o'{number}\\n" for number in range(2_000)]
    served_archive.command("CREATE TABLE heap (word String) ENGINE = MergeTree ORDER BY word")
    served_archive.command("INSERT INTO heap SELECT arrayJoin({w:Array(String)})", {"w": words})
    held = served_archive.table("SELECT groupArray(word) AS w FROM heap", {})["w"][0].as_py()
    assert sorted(held) == sorted(words)


@pytest.mark.parametrize("wrong", ["word", "database", "nobody there"])
def test_a_server_that_does_not_let_us_in_is_told_in_a_sentence(served: str, wrong: str) -> None:
    from urllib.parse import quote

    address = {
        "word": served.replace(quote(WORD), "hunter2"),
        "database": served + "_gone",
        "nobody there": "http://openroads:hunter2@127.0.0.1:9/roads",
    }[wrong]
    with pytest.raises(ArchiveAway, match="OPENROADS_ARCHIVE_URL") as told:
        Archive.open(address)
    assert "hunter2" not in str(told.value) and quote(WORD) not in str(told.value)


def test_processes_that_write_by_turns_know_what_the_other_wrote(
    two: tuple[Archive, Archive],
) -> None:
    one, other = two
    assert land(one, said("1", "accu leeg", DAY)).added == 1
    assert land(other, said("1", "accu leeg", DAY), said("2", "accu vol", DAY)).same == 1
    assert land(one, said("2", "accu vol", DAY), said("3", "accu piept", DAY)).same == 1
    assert docs(one, "accu") == [3], "one number for one word, whoever wrote it"
    # A copy of what the other wrote, and a version later than the other's.
    assert land(other, said("4", "dit is vaker gezegd door mensen", DAY, same="s")).added == 1
    assert land(one, said("5", "dit is vaker gezegd door mensen", DAY, same="s")).added == 1
    assert totals(one, YEAR).posts == 4
    land(other, gone(said("4", "dit is vaker gezegd door mensen", DAY)))
    land(one, said("4", "dit is vaker gezegd door mensen", DAY, same="s"))
    assert totals(other, YEAR).posts == 4
    assert verify_rollups(one) == []
    assert one.written(UNSETTLED, {}).num_rows == 0, "nobody else makes right sums anew"


def test_words_another_process_erased_get_new_numbers(two: tuple[Archive, Archive]) -> None:
    one, other = two
    land(one, said("1", "geheim", DAY, author="a"), said("2", "accu", DAY, author="b"))
    land(other, said("3", "rem", DAY, author="c"))
    mine = next(p.author_key for p in posts.posts_in_scope(other, YEAR) if p.text == "geheim")
    erase_author(other, mine)
    land(one, said("4", "geheim accu", DAY, author="d"))
    assert (docs(one, "geheim"), docs(one, "accu")) == ([1], [2])
    assert verify_rollups(one) == []


def test_what_a_killed_process_left_is_mended_by_the_next_to_write(
    two: tuple[Archive, Archive], served: str
) -> None:
    one, other = two
    land(one, said("1", "accu leeg", DAY))
    with one.write_lock.of_threads:  # as a kill after the mark and half a batch leaves it
        one.write_lock.turn, turn = None, one.write_lock.turn
        unsettle(one, [202610])
        command(served, "ALTER TABLE volume_day DROP PARTITION 202610")
        one.write_lock.turn = turn
    assert command(served, "SELECT count() FROM volume_day") == "0\n"
    land(other, said("2", "rem piept", DAY))
    assert verify_rollups(other) == []


def test_nobody_waits_for_a_turn_at_the_door(served: str, tmp_path: Path) -> None:
    turn = TurnOfHost(tmp_path / "turn")
    assert turn.take(wait=True)
    late: list[float] = []
    with Archive.open(served, turn=TurnOfHost(tmp_path / "turn")) as archive:

        def write() -> None:
            land(archive, said("1", "accu leeg", DAY))
            late.append(time.monotonic())

        writer = threading.Thread(target=write)
        writer.start()
        assert archive.table("SELECT 1 AS n", {})["n"].to_pylist() == [1]
        assert not late
        given = time.monotonic()
        turn.give()
        writer.join(60)
        assert late and late[0] > given


def test_who_loses_the_turn_writes_no_more(served: str) -> None:
    class Gone(TurnOfHost):
        def check(self) -> None:
            raise TurnLost("gone")

    with Archive.open(served, author_key=b"test key") as archive:
        archive.write_lock.turn = Gone(Path("/dev/null"))
        with pytest.raises(TurnLost):
            land(archive, said("1", "accu leeg", DAY))
        archive.write_lock.turn = None
        assert totals(archive, YEAR).posts == 0
