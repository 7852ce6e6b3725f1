"""A running house whose people, imports and jobs stand in PostgreSQL: the same walk as on SQLite."""

import json
import shutil
import signal
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import warm
from tests.cli.houses import Served, environment, openroads
from tests.delivery.conftest import POSTGRESQL, postgresql

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]


@pytest.fixture
def database() -> Iterator[str]:
    """The address of an empty database of this test."""
    with new_database() as address:
        yield address


@contextmanager
def new_database() -> Iterator[str]:
    connection, name = postgresql(), f"openroads_house_{uuid.uuid4().hex[:8]}"
    connection.execute(f"CREATE DATABASE {name}")
    try:
        yield f"{POSTGRESQL.rpartition('/')[0]}/{name}"
    finally:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connection.close()


def test_a_house_on_postgresql_begins_takes_work_over_stops_and_refuses_what_is_newer(
    database: str, tmp_path: Path
) -> None:
    import psycopg

    data, env = tmp_path / "house", {"OPENROADS_DATABASE_URL": database}
    (tmp_path / "posts.csv").write_text("id,date,author,text\n1,2026-06-01,anna,The battery is flat\n2,2026-06-02,bob,The saddle creaks\n")  # fmt: skip
    added = openroads("user", "add", "ada@windmee.example", "--name", "Ada", "--role", "administrator", "--data", data, env=env)  # fmt: skip
    assert added.returncode == 0, added.stderr
    house = Served("run", "--data", data, log=tmp_path / "log", env=env)
    assert "A new house." in house.told()
    brought = openroads("import", tmp_path / "posts.csv", "--data", data, env=env)
    assert brought.returncode == 0, brought.stderr
    assert "reads these files now" in brought.stderr and "2 new" in brought.stdout
    told = openroads("doctor", "--data", data, "--json", env={**env, "OPENROADS_PORT": str(house.port)})  # fmt: skip
    found = {each["what"]: each for each in json.loads(told.stdout)}
    assert {each["state"] for each in found.values()} == {"well"}, found
    assert found["database"]["told"] == "postgresql, up to date"
    assert house.stop(signal.SIGTERM) == 0 and "Traceback" not in house.told()

    assert not (data / "db.sqlite3").exists()
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT state, added FROM listening_import").fetchall() == [("done", 2)]  # fmt: skip
        assert connection.execute("SELECT * FROM delivery_worker").fetchall() == []
        connection.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('webcare', '0007_later', now())")  # fmt: skip
    refused = openroads("run", "--data", data, env=env)
    assert refused.returncode == 2
    assert "webcare 0007_later" in refused.stderr and "Traceback" not in refused.stderr


def test_many_that_start_at_once_make_one_database(database: str, tmp_path: Path) -> None:
    env = environment(OPENROADS_DATABASE_URL=database)
    started = [
        warm.start("openroads", "user", "list", "--data", tmp_path / f"host{number}", env=env)
        for number in range(4)
    ]
    assert [each.wait(120) for each in started] == [0] * 4


def test_a_database_that_is_away_is_told_in_a_sentence(tmp_path: Path) -> None:
    env = {"OPENROADS_DATABASE_URL": "postgresql://nobody:hunter2@127.0.0.1:9/none"}
    told = openroads("run", "--data", tmp_path / "house", env=env)
    assert told.returncode == 2
    assert "database" in told.stderr and "OPENROADS_DATABASE_URL" in told.stderr, told.stderr
    assert "Traceback" not in told.stderr and "hunter2" not in told.stderr


def test_a_house_on_postgresql_is_backed_up_while_it_runs_and_restored_into_an_empty_database(
    database: str, tmp_path: Path
) -> None:
    import psycopg

    data, env = tmp_path / "house", {"OPENROADS_DATABASE_URL": database}
    (tmp_path / "posts.csv").write_text("id,date,author,text\n1,2026-06-01,anna,The battery is flat\n2,2026-06-02,bob,The saddle creaks\n")  # fmt: skip
    house = Served("run", "--data", data, log=tmp_path / "log", env=env)
    for words in (("import", tmp_path / "posts.csv"), ("backup", "--out", tmp_path / "b.tar.zst")):
        told = openroads(*words, "--data", data, env=env)
        assert told.returncode == 0, told.stderr
    assert house.stop(signal.SIGTERM) == 0 and "Traceback" not in house.told()
    told = openroads("backup", "verify", tmp_path / "b.tar.zst")
    assert told.returncode == 0 and "This backup holds." in told.stdout, told.stderr
    assert "The database opens:" in told.stdout and "2 posts" in told.stdout

    new = tmp_path / "new"
    new.mkdir()
    shutil.copy2(data / "keys.json", new)
    full = openroads("restore", tmp_path / "b.tar.zst", "--data", new, env=env)
    assert full.returncode == 2 and "is not empty" in full.stderr and "hunter" not in full.stderr
    assert [path.name for path in new.iterdir()] == ["keys.json"]
    there = openroads("restore", tmp_path / "b.tar.zst", "--data", new)
    assert there.returncode == 2 and "is of a house on PostgreSQL" in there.stderr
    with new_database() as empty:
        told = openroads("restore", tmp_path / "b.tar.zst", "--data", new, env={"OPENROADS_DATABASE_URL": empty})  # fmt: skip
        assert told.returncode == 0, told.stderr
        assert "Restored 2 posts" in told.stdout and "The trail is whole" in told.stdout
        counts = []
        for address in (database, empty):
            with psycopg.connect(address) as connection:
                tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()  # fmt: skip
                counts.append({name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone() for (name,) in tables})  # fmt: skip
        changed = {name for name in counts[0] if counts[0][name] != counts[1][name]}
        assert changed <= {"directory_trailentry", "delivery_worker"} and counts[0].keys() == counts[1].keys()  # fmt: skip


def test_everything_moves_from_sqlite_to_postgresql(database: str, tmp_path: Path) -> None:
    import psycopg

    (tmp_path / "posts.csv").write_text("id,date,author,text\n1,2026-06-01,anna,The battery is flat\n")  # fmt: skip
    for words in (("import", tmp_path / "posts.csv"), ("export", tmp_path / "out")):
        told = openroads(*words, "--data", tmp_path / "house")
        assert told.returncode == 0, told.stderr
    (tmp_path / "new").mkdir()
    shutil.copy2(tmp_path / "house/keys.json", tmp_path / "new")
    env = {"OPENROADS_DATABASE_URL": database}
    told = openroads("take-over", tmp_path / "out", "--data", tmp_path / "new", env=env)
    assert told.returncode == 0, told.stderr
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT state, added FROM listening_import").fetchall() == [("done", 1)]  # fmt: skip
    told = openroads("import", tmp_path / "posts.csv", "--data", tmp_path / "new", env=env)
    assert told.returncode == 0 and "0 new, 1 already here" in told.stdout, (
        "new rows get new numbers"
    )
    found = json.loads(openroads("doctor", "--data", tmp_path / "new", "--json", env=env).stdout)
    assert {each["what"]: each["state"] for each in found}["trail"] == "well"
