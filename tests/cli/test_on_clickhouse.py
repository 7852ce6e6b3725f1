"""Backup, verify, restore, export, take-over and upgrade of a house whose archive a server holds: the same
promises as with the embedded engine, through the official client."""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from openroads.archive import whole
from openroads.archive.client import Archive
from openroads.archive.ingest import verify_rollups
from openroads.archive.steps import known_steps
from openroads.safekeeping import card
from openroads.safekeeping.marks import ARCHIVE, MARK
from tests import warm
from tests.cli.houses import Served, environment, openroads
from tests.cli.test_backups import posts, refused, restore, rewritten
from tests.cli.test_on_postgresql import database  # noqa: F401 (a fixture)
from tests.served_archive import command, folder_for_a_server, new_database, openroads_server

pytestmark = pytest.mark.slow

POSTS = 400
HANDS = Path(__file__).with_name("hands.py")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with folder_for_a_server() as folder, openroads_server(folder) as address:
        yield address


@pytest.fixture
def empty(server: str) -> Iterator[str]:
    """The address of an empty database on the server."""
    with new_database(server) as address:
        yield address


@pytest.fixture(scope="module")
def house(
    server: str, state_of_a_new_house: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, str]]:
    """The folder and the archive of a house with posts, some of them filed under a topic."""
    folder = tmp_path_factory.mktemp("served") / "house"
    folder.mkdir()
    shutil.copy2(state_of_a_new_house, folder / "db.sqlite3")
    (folder.parent / "posts.csv").write_text(posts(POSTS))
    with new_database(server) as address:
        env = environment(OPENROADS_DATA=str(folder), **kept_on(address))
        assert warm.run(str(HANDS), "topic", "battery", env=env).returncode == 0
        told = openroads("import", folder.parent / "posts.csv", "--data", folder, env=kept_on(address))  # fmt: skip
        assert told.returncode == 0 and f"{POSTS} new" in told.stdout, told.stderr
        yield folder, address


@pytest.fixture(scope="module")
def backup(house: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup, made while the house runs."""
    (folder, address), place = house, tmp_path_factory.mktemp("boxes") / "openroads-b.tar.zst"
    served = Served("run", "--data", folder, log=place.with_name("log"), env=kept_on(address))
    try:
        told = openroads("backup", "--data", folder, "--out", place, env=kept_on(address))
    finally:
        assert served.stop() == 0 and "Traceback" not in served.told()
    assert told.returncode == 0, told.stderr
    assert f"{POSTS} posts" in told.stdout and not (folder / ".backing-up").exists()
    return place


def kept_on(address: str) -> dict[str, str]:
    return {"OPENROADS_ARCHIVE_URL": address}


def with_keys_of(house: Path, place: Path) -> Path:
    """A new data folder with the keys of a house."""
    place.mkdir(mode=0o700)
    shutil.copy2(house / "keys.json", place)
    return place


def held(address: str | Path) -> dict[str, list[object]]:
    """What is in an archive, whose sums must be right."""
    with Archive.open(address, readers=1) as archive:
        assert verify_rollups(archive) == []
        return {name: [count.rows, count.content] for name, count in whole.counts(archive).items()}


def names(address: str) -> set[str]:
    name = urlsplit(address).path.strip("/")
    return set(command(address, f"SELECT name FROM system.tables WHERE database = '{name}'").split())  # fmt: skip


@contextmanager
def no_house(data: Path) -> Iterator[None]:
    """What is done in this block leaves no folder behind but the keys that were there."""
    yield
    assert [path.name for path in data.iterdir()] == ["keys.json"]


def test_a_backup_made_while_it_runs_is_opened_and_counted_by_who_looks_through(backup: Path, tmp_path: Path) -> None:  # fmt: skip
    told = openroads("backup", "verify", backup)
    assert told.returncode == 0, told.stderr
    assert f"The archive opens: {POSTS} posts" in told.stdout and "This backup holds." in told.stdout  # fmt: skip
    known = card.card_of(backup)
    assert known.archive == card.PARQUET and known.counts["topic_post"][0] == POSTS
    # As many rows, and one of them says something else: only opening the archive finds it.
    counts = known.counts | {"post": [POSTS, "1"]}
    other = rewritten(backup, tmp_path / "openroads-o.tar.zst", counts=counts)
    refused("backup", "verify", other, why="The archive is not what it was", code=1)


def test_what_was_wiped_comes_back_as_it_was_and_an_import_adds_nothing(
    house: tuple[Path, str], backup: Path, empty: str, tmp_path: Path
) -> None:
    data, env = with_keys_of(house[0], tmp_path / "again"), kept_on(empty)
    told = openroads(*restore(backup, data), env=env)
    assert told.returncode == 0 and f"Restored {POSTS} posts" in told.stdout, told.stderr
    assert not (data / MARK).exists() and not (data / "archive").exists()
    assert held(empty) == held(house[1]) and held(empty)["topic_post"][0] == POSTS
    told = openroads("import", house[0].parent / "posts.csv", "--data", data, env=env)
    assert told.returncode == 0 and f"0 new, {POSTS} already here" in told.stdout, told.stderr


def test_an_archive_that_holds_something_is_refused_and_left_alone(
    house: tuple[Path, str], backup: Path, tmp_path: Path
) -> None:
    before, data = held(house[1]), with_keys_of(house[0], tmp_path / "again")
    with no_house(data):
        told = openroads(*restore(backup, data), env=kept_on(house[1]))
        assert told.returncode == 2 and "OPENROADS_ARCHIVE_URL is not empty" in told.stderr
        assert "Traceback" not in told.stderr
    assert held(house[1]) == before
    told = openroads("export", tmp_path / "out", "--data", house[0], env=kept_on(house[1]))
    assert told.returncode == 0, told.stderr
    with no_house(data):
        told = openroads("take-over", tmp_path / "out", "--data", data, env=kept_on(house[1]))
        assert told.returncode == 2 and "OPENROADS_ARCHIVE_URL is not empty" in told.stderr
    assert held(house[1]) == before


def test_what_came_back_otherwise_is_taken_out_of_the_server_again(
    house: tuple[Path, str], backup: Path, empty: str, tmp_path: Path
) -> None:
    command(empty, "CREATE TABLE letters (text String) ENGINE = MergeTree ORDER BY text")
    command(empty, "INSERT INTO letters VALUES ('Dear Noor')")
    rows = card.card_of(backup).rows | {"directory_person": 77}
    other = rewritten(backup, tmp_path / "openroads-o.tar.zst", rows=rows)
    data = with_keys_of(house[0], tmp_path / "again")
    with no_house(data):
        told = openroads(*restore(other, data), env=kept_on(empty))
        assert told.returncode == 2 and "directory_person had 77 rows" in told.stderr, told.stderr
    assert names(empty) == {"letters"}, "what is not ours stays"
    assert command(empty, "SELECT text FROM letters") == "Dear Noor\n"


def test_killed_while_restoring_it_is_refused_until_it_is_restored_again(
    house: tuple[Path, str], backup: Path, empty: str, tmp_path: Path
) -> None:
    data, env = with_keys_of(house[0], tmp_path / "again"), kept_on(empty)
    process = warm.start("openroads", *restore(backup, data), env=environment(**env))
    until = time.monotonic() + 60
    while "post" not in names(empty) and time.monotonic() < until:
        time.sleep(0.005)
    process.kill()
    process.wait()
    assert (data / MARK / ARCHIVE).exists(), "it was not fast enough to be killed"
    told = openroads("user", "list", "--data", data, env=env)
    assert told.returncode == 2 and "is only half restored" in told.stderr
    told = openroads(*restore(backup, data), env=env)
    assert told.returncode == 0 and f"Restored {POSTS} posts" in told.stdout, told.stderr
    assert held(empty) == held(house[1])


def test_everything_moves_from_a_server_to_the_embedded_engine_and_back(
    house: tuple[Path, str], empty: str, tmp_path: Path
) -> None:
    there, back = tmp_path / "embedded", tmp_path / "back"
    for made in (there, back):
        with_keys_of(house[0], made)
    for words, env in (
        (("export", tmp_path / "one.tar.zst", "--data", house[0]), kept_on(house[1])),
        (("take-over", tmp_path / "one.tar.zst", "--data", there), {}),
        (("export", tmp_path / "two", "--data", there), {}),
        (("take-over", tmp_path / "two", "--data", back), kept_on(empty)),
    ):
        told = openroads(*words, env=env)
        assert told.returncode == 0, (words, told.stderr)
    assert held(house[1]) == held(there / "archive") == held(empty)


def test_an_older_archive_is_backed_up_before_it_is_upgraded_and_that_backup_restores(
    server: str, empty: str, tmp_path: Path
) -> None:
    data, env, last = tmp_path / "house", kept_on(empty), known_steps()[-1][0]
    (tmp_path / "posts.csv").write_text(posts(60))
    brought = ("import", tmp_path / "posts.csv", "--data", data)
    assert openroads(*brought, env=env).returncode == 0
    before = held(empty)
    command(empty, f"ALTER TABLE step DELETE WHERE number = {last} SETTINGS mutations_sync = 2")
    told = openroads(*brought, env=env)
    assert told.returncode == 0 and "0 new, 60 already here" in told.stdout, told.stderr
    (made,) = (data / "backups").iterdir()
    assert f"The backup made first: {made}" in told.stderr
    assert last not in card.card_of(made).steps and held(empty) == before
    assert openroads("backup", "verify", made).returncode == 0
    with new_database(server) as other:
        again = with_keys_of(data, tmp_path / "again")
        told = openroads(*restore(made, again), env=kept_on(other))
        assert told.returncode == 0 and "Restored 60 posts" in told.stdout, told.stderr
        assert held(other) == before


@pytest.mark.postgresql
def test_a_worker_that_imports_meanwhile_waits_and_the_backup_is_of_one_moment(
    database: str,  # noqa: F811
    empty: str,
    tmp_path: Path,
) -> None:
    """State in PostgreSQL, archive on a server, pages and worker in processes of their own."""
    data, env = tmp_path / "house", kept_on(empty) | {"OPENROADS_DATABASE_URL": database}
    (tmp_path / "posts.csv").write_text(posts(20_000))
    assert openroads("user", "list", "--data", data, env=env).returncode == 0
    with (tmp_path / "worker.log").open("wb") as log:
        worker = warm.start("openroads", "worker", "--data", data, env=environment(**env), stdout=log, stderr=log)  # fmt: skip
    bringing = warm.start("openroads", "import", tmp_path / "posts.csv", "--data", data, env=environment(**env))  # fmt: skip
    try:
        until = time.monotonic() + 90
        while "post" not in names(empty) or command(empty, "SELECT count() FROM post") == "0\n":
            assert time.monotonic() < until
            time.sleep(0.05)
        told = openroads("backup", "--data", data, "--out", tmp_path / "b.tar.zst", env=env)
        assert told.returncode == 0, told.stderr
        assert bringing.wait(180) == 0
    finally:
        worker.terminate()
        worker.wait(60)
    taken = card.card_of(tmp_path / "b.tar.zst").posts
    assert 0 < taken < 20_000, "it was made in the midst of the import"
    told = openroads("backup", "verify", tmp_path / "b.tar.zst")
    assert told.returncode == 0 and "This backup holds." in told.stdout, told.stderr
    found = {each["what"]: each["state"] for each in json.loads(openroads("doctor", "--data", data, "--json", env=env).stdout)}  # fmt: skip
    assert found["backup"] == "look", "made, and not looked through yet"
    assert held(empty)["post"][0] == 20_000
