"""A database of its own for worker processes that are killed, on SQLite and on PostgreSQL."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import warm

POSTGRESQL = os.environ.get(
    "OPENROADS_TEST_POSTGRESQL_URL",
    "postgresql://openroads_tests:openroads_tests@127.0.0.1:5432/openroads_tests",
)
JOBS = 150
WORKER = "tests.delivery.worker"


class House:
    """A data folder and database for processes of their own."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.database_url = database_url
        self.environment = {
            **{name: value for name, value in os.environ.items() if "OPENROADS_" not in name},
            "OPENROADS_DATA": str(folder),
        }
        if database_url:
            self.environment["OPENROADS_DATABASE_URL"] = database_url
        self.folder = folder

    def run(self, *words: str) -> None:
        done = warm.run(WORKER, *words, env=self.environment)
        assert done.returncode == 0, done.stderr

    def start(self, *words: str) -> warm.Process:
        return warm.start(WORKER, *words, env=self.environment)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Look into the database from outside."""
        if self.database_url:
            import psycopg

            with psycopg.connect(self.database_url) as connection:
                return connection.execute(sql).fetchall()
        import sqlite3

        connection = sqlite3.connect(self.folder / "db.sqlite3", timeout=20)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()


def postgresql() -> Any:
    """A connection; where nobody answers these tests are left out, visibly, but not in CI."""
    import psycopg

    try:
        return psycopg.connect(POSTGRESQL, autocommit=True, connect_timeout=2)
    except psycopg.OperationalError as problem:
        why = str(problem).splitlines()[0]
        told = f"no PostgreSQL for the tests (scripts/postgresql-for-tests makes it): {why}"
        if os.environ.get("OPENROADS_TEST_EVERYTHING"):
            pytest.fail(told)
        pytest.skip(told)


@pytest.fixture(scope="module")
def begun(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A migrated database with jobs in line, to copy: a folder, or the name of a database."""
    folder = tmp_path_factory.mktemp("begun")
    if request.param == "sqlite":
        House(folder).run("make", str(JOBS))
        yield folder
        return
    connection, name = postgresql(), f"openroads_begun_{uuid.uuid4().hex[:8]}"
    connection.execute(f"CREATE DATABASE {name}")
    try:
        House(folder, f"{POSTGRESQL.rpartition('/')[0]}/{name}").run("make", str(JOBS))
        yield name
    finally:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connection.close()


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture
def house(request: Any, begun: Any, tmp_path: Path) -> Iterator[House]:
    """Migrated, with 150 jobs in line."""
    if isinstance(begun, Path):
        shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
        yield House(tmp_path)
        return
    connection, name = postgresql(), f"openroads_kill_{uuid.uuid4().hex[:8]}"
    connection.execute(f"CREATE DATABASE {name} TEMPLATE {begun}")
    try:
        yield House(tmp_path, f"{POSTGRESQL.rpartition('/')[0]}/{name}")
    finally:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connection.close()
