"""A database of its own for worker processes that are killed, on SQLite and on PostgreSQL."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
POSTGRESQL = os.environ.get(
    "OPENROADS_TEST_POSTGRESQL_URL", "postgresql://root@127.0.0.1:5432/test"
)


class House:
    """A data folder and database for processes of their own."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.database_url = database_url
        self.environment = {
            **{name: value for name, value in os.environ.items() if "OPENROADS_" not in name},
            "OPENROADS_DATA": str(folder),
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        }
        if database_url:
            self.environment["OPENROADS_DATABASE_URL"] = database_url
        self.folder = folder

    def run(self, *words: str) -> None:
        subprocess.run(self._command(words), env=self.environment, check=True, timeout=120)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command(words), env=self.environment, stderr=subprocess.DEVNULL
        )

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

    def _command(self, words: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "tests.delivery.worker", *words]


def _postgresql_or_skip() -> Any:
    import psycopg

    try:
        return psycopg.connect(POSTGRESQL, autocommit=True, connect_timeout=2)
    except psycopg.OperationalError as problem:
        pytest.skip(f"no PostgreSQL answers at {POSTGRESQL}: {str(problem).splitlines()[0]}")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def house(request: Any, tmp_path: Path) -> Iterator[House]:
    """Migrated, with 150 jobs in line."""
    if request.param == "sqlite":
        made = House(tmp_path)
        made.run("make", "150")
        yield made
        return
    connection = _postgresql_or_skip()
    name = f"openroads_kill_{uuid.uuid4().hex[:8]}"
    connection.execute(f"CREATE DATABASE {name}")
    try:
        made = House(tmp_path, f"{POSTGRESQL.rpartition('/')[0]}/{name}")
        made.run("make", "150")
        yield made
    finally:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connection.close()
