"""The door to the archive: who may come in, what a reader may do, how it closes."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError

from openroads.archive import rollups
from openroads.archive.client import Archive, ArchiveBusy, ArchiveTooNew
from openroads.archive.queries import posts, whole
from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.explore import people_in, posts_by_day
from openroads.archive.queries.steps import CREATE_STEPS
from openroads.archive.scope import Scope
from openroads.archive.steps import known_steps, statements
from tests.archive.saying import land, said

SOURCE = Path(__file__).parents[2] / "src"


@dataclass(frozen=True)
class Swapped:
    second: str
    first: int


def python(code: str, *given: str) -> subprocess.CompletedProcess[str]:
    """Run code in another process that finds Openroads."""
    whole = f"import sys; sys.path.insert(0, {str(SOURCE)!r})\n{code}"
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", whole, *given],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_columns_go_to_the_fields_of_their_name(archive: Archive) -> None:
    assert archive.rows(Swapped, "SELECT 1 AS first, 'b' AS second", {}) == [Swapped("b", 1)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM file('/etc/hostname', 'LineAsString')",
        "SELECT * FROM url('http://127.0.0.1/', 'LineAsString')",
        "INSERT INTO step (number) VALUES (9)",
        "ALTER TABLE post DELETE WHERE 1",
        "DROP TABLE post",
    ],
)
def test_a_reader_can_only_read(archive: Archive, sql: str) -> None:
    before = archive.table("SELECT count() AS n FROM step", {})
    # The reader adds the format it wants, which a statement other than a question cannot have.
    with archive._reader() as reader, pytest.raises(ClickHouseError, match="READONLY|readonly"):
        reader.command(sql)
    assert archive.table("SELECT count() AS n FROM step", {}) == before


@pytest.mark.embedded
def test_a_question_that_costs_too_much_is_refused_and_the_next_one_works(tmp_path: Path) -> None:
    from openroads.directory.conversations import close_archive

    close_archive()
    with Archive.open(tmp_path, memory_bytes=400_000_000) as archive:
        with pytest.raises(ClickHouseError, match="241|MEMORY_LIMIT"):
            archive.columns("SELECT groupArray(number) AS n FROM numbers(100000000)", {})
        # Without care the engine answers this one with what the failed one had written so far.
        assert archive.columns("SELECT 1 AS n", {})["n"].tolist() == [1]


@pytest.mark.embedded
def test_the_engine_is_kept_small(archive: Archive) -> None:
    changed = "SELECT name, value FROM system.server_settings WHERE changed"
    rows = archive.table(changed, {}).to_pylist()
    settings = {row["name"]: row["value"] for row in rows}
    assert settings["max_server_memory_usage"] == "1200000000"
    assert settings["background_pool_size"] == "2"
    assert settings["mark_cache_size"] == "67108864"
    assert settings["text_index_tokens_cache_size"] == "67108864"


def test_every_table_writes_through_to_the_disk(archive: Archive) -> None:
    made = archive.table(
        "SELECT name, create_table_query AS made FROM system.tables "
        "WHERE database = currentDatabase() AND engine LIKE '%MergeTree'", {},
    ).to_pylist()  # fmt: skip
    assert {row["name"] for row in made} == {
        "post", "term", "passage", "term_period", "volume_day", "counted_post",
        "unsettled_month", "step", "erased_author", "topic_post",
    }  # fmt: skip
    assert {row["name"] for row in archive.written(whole.TABLES, {}).to_pylist()} == set(whole.OURS)
    for row in made:
        assert "fsync_after_insert = 1, fsync_part_directory = 1" in row["made"], row["name"]


@pytest.mark.embedded
def test_another_process_gets_one_plain_sentence(archive: Archive) -> None:
    code = (
        "from openroads.archive.client import Archive, ArchiveBusy\n"
        "try: Archive.open(sys.argv[1])\n"
        "except ArchiveBusy as busy: print(busy)"
    )
    told = python(code, archive.location)
    assert told.stdout == (
        f"The archive in {archive.location} is in use by another running Openroads; "
        "stop that one first, or work through it.\n"
    )
    assert (told.stderr, told.returncode) == ("", 0)


@pytest.mark.embedded
def test_the_lock_of_the_engine_alone_is_respected_too(archive: Archive, tmp_path: Path) -> None:
    code = (
        "import fcntl, time\n"
        "held = open(sys.argv[1], 'w'); fcntl.flock(held, fcntl.LOCK_EX)\n"
        "from openroads.archive.lock import ArchiveBusy, DirectoryLock\n"
        "from pathlib import Path\n"
        "try: DirectoryLock(Path(sys.argv[1]).parent)\n"
        "except ArchiveBusy: print('busy')"
    )
    assert python(code, str(tmp_path / "status")).stdout == "busy\n"


@pytest.mark.embedded
def test_a_second_archive_in_this_process_is_refused(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(ArchiveBusy, match="already has the archive"):
        Archive.open(tmp_path / "other")
    assert posts.posts_in_scope(archive, Scope(date(2026, 1, 1), date(2027, 1, 1))) == []


@pytest.mark.embedded
def test_after_a_close_the_directory_is_free(archive: Archive) -> None:
    archive.close()
    archive.close()
    with pytest.raises(ArchiveBusy, match="closed"):
        archive.table("SELECT 1 AS n", {})
    code = "from openroads.archive.client import Archive\nArchive.open(sys.argv[1]).close()"
    assert python(code, archive.location).returncode == 0


def test_an_archive_of_a_later_version_is_left_alone(archive: Archive) -> None:
    archive.command("INSERT INTO step (number, name) VALUES (9999, 'later')")
    place = archive.location
    archive.close()
    with pytest.raises(ArchiveTooNew, match="newer Openroads"):
        Archive.open(place)
    with pytest.raises(ArchiveTooNew):
        Archive.open(place)


@pytest.mark.embedded
def test_steps_are_numbered_without_gaps_and_each_may_run_twice(tmp_path: Path) -> None:
    steps = known_steps()
    assert [number for number, _, _ in steps] == list(range(1, len(steps) + 1))
    with Archive.open(tmp_path / "archive", bare=True) as archive:
        archive.command(CREATE_STEPS)
        for _, _, text in steps:
            for statement in [*statements(text), *statements(text)]:
                archive.command(statement)


@pytest.mark.embedded
def test_an_archive_from_before_the_narrow_choices_gets_its_sums_from_its_posts(
    archive: Archive,
) -> None:
    land(
        archive,
        said("1", "accu leeg", date(2026, 9, 30), mood=-1, kind="complaint", brands=(1,), likes=2),
        said("2", "accu vol", date(2026, 10, 1), mood=1, brands=(1,)),
    )
    for name in ("volume_day", "counted_post"):
        archive.command(f"DROP VIEW {name}_feed")
        archive.command(f"DROP TABLE {name}")
    _number, _name, first = known_steps()[0]
    for statement in statements(first):
        archive.command(statement)
    archive.command("ALTER TABLE step DELETE WHERE number >= 5")
    place = archive.location
    archive.close()
    with Archive.open(place) as again:
        assert rollups.verify_rollups(again) == []
        sieve = Sieve(Scope(date(2026, 9, 1), date(2026, 11, 1), 1), moods=(-1,))
        assert [row.complaints for row in posts_by_day(again, sieve)] == [1]
        assert [row.reactions for row in people_in(again, sieve).most] == [2]


def test_many_threads_read_while_one_writes(archive: Archive) -> None:
    faults: list[BaseException] = []
    stop = threading.Event()
    scope = Scope(date(2026, 1, 1), date(2027, 1, 1))

    def read() -> None:
        try:
            while not stop.is_set():
                posts.posts_in_scope(archive, scope)
        except BaseException as fault:  # noqa: BLE001  whatever it is, the test must show it
            faults.append(fault)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for number in range(15):
        land(archive, said(str(number), f"post {number}", date(2026, 10, 1)))
    stop.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(posts.posts_in_scope(archive, scope)) == 15


@pytest.mark.embedded
def test_a_process_ends_quietly_while_threads_are_asking(tmp_path: Path) -> None:
    code = """
import threading, time
from openroads.archive.client import Archive
archive = Archive.open(sys.argv[1])
def ask():
    while True:
        try: archive.columns("SELECT sum(cityHash64(number)) AS n FROM numbers(3000000)", {})
        except Exception: return
for _ in range(6): threading.Thread(target=ask, daemon=True).start()
time.sleep(0.5)
"""
    told = python(code, str(tmp_path))
    assert (told.returncode, told.stderr) == (0, "")


@dataclass(frozen=True)
class Count:
    n: int


def test_readers_are_begun_when_they_are_needed_and_no_more_than_may_be(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "lazy", readers=3) as archive:
        archive.rows(Count, "SELECT 1 AS n", {})
        assert len(archive._clients) == 2, "a writer and a reader"
        together = threading.Barrier(6)

        def ask() -> int:
            together.wait()
            return archive.rows(Count, "SELECT toInt64(sleep(0.3)) + 1 AS n", {})[0].n

        with ThreadPoolExecutor(6) as threads:
            answers = [threads.submit(ask) for _each in range(6)]
            assert [each.result() for each in answers] == [1] * 6
        assert len(archive._clients) == 4


@pytest.mark.parametrize("_again", range(4))
def test_a_close_waits_for_a_reader_that_just_begins(tmp_path: Path, _again: int) -> None:
    archive, going = Archive.open(tmp_path / "closing", readers=4), threading.Event()

    def ask() -> object:
        going.set()
        try:
            return [archive.rows(Count, "SELECT 1 AS n", {}) for _each in range(20)]
        except ArchiveBusy as told:
            return told

    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(ask) for _each in range(4)]
        going.wait()
        archive.close()
        for each in asked:
            assert isinstance(each.result(), list | ArchiveBusy)
