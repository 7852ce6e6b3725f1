"""The state database as one file: taken while the house runs, counted, and put back."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from openroads.safekeeping.faults import CannotKeep, Damaged

SQLITE, POSTGRESQL = "state/db.sqlite3", "state/postgresql.dump"
"""The names of the two kinds in a backup."""

Rows = dict[str, int]
"""How many rows each table has."""


def kind() -> str:
    """Which of the two this house has."""
    return POSTGRESQL if connection.vendor == "postgresql" else SQLITE


def copy_state(folder: Path) -> tuple[Path, Rows]:
    """A copy of the whole database as it is at one moment, while others write, with its rows counted."""
    if connection.vendor == "postgresql":
        return _dump(folder / "postgresql.dump")
    return _copy_file(folder / "db.sqlite3")


def put_state_back(copy: Path) -> None:
    """Make this house's database from a copy. Raises CannotKeep when it is not empty."""
    if connection.vendor != "postgresql":
        place = Path(settings.DATABASES["default"]["NAME"])
        if place.exists():
            raise CannotKeep(f"{place} is there already. Nothing was changed.")
        os.chmod(copy, 0o600)
        os.replace(copy, place)
        return
    refuse_full_database()
    connection.close()  # pg_restore makes tables: nobody must hold a lock
    _run("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(copy))  # fmt: skip


def refuse_full_database() -> None:
    """Raise CannotKeep when the database of the settings has tables."""
    if connection.introspection.table_names():
        raise CannotKeep(
            "The database of OPENROADS_DATABASE_URL is not empty. Make a new one, or empty that one, and "
            "start again: restoring never writes over what is there."
        )


def refuse_filled() -> None:
    """Raise CannotKeep when this house has a database already, of whichever kind."""
    if connection.vendor == "postgresql":
        refuse_full_database()
    elif Path(settings.DATABASES["default"]["NAME"]).exists():
        raise CannotKeep(
            f"{settings.DATABASES['default']['NAME']} is there already. Nothing was changed."
        )


def take_out_state() -> None:
    """Empty a database that was filled a moment ago, because the rest of the house cannot follow."""
    connection.close()  # whatever it was in the midst of
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        return
    place = Path(settings.DATABASES["default"]["NAME"])
    for suffix in ("", "-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)


def count_house() -> Rows:
    """The rows of each table of this house as it is now."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    return {name: _rows(connection.connection, name) for name in sorted(names)}


def count_copy(name: str, copy: Path) -> Rows:
    """Open a copy and count its rows; `name` says of which kind. Raises Damaged when it does not open."""
    return _count_file(copy) if name == SQLITE else _count_dump(copy)


def _copy_file(copy: Path) -> tuple[Path, Rows]:
    place = connection.settings_dict["NAME"]  # a test has another than the settings
    # TRICKY: through a connection of its own. One that is in the midst of writing would be waited for
    # without end, also by itself. All pages in one go: page by page it would begin anew whenever
    # somebody writes in between.
    with closing(sqlite3.connect(place, timeout=20)) as there, closing(sqlite3.connect(copy)) as made:  # fmt: skip
        os.chmod(copy, 0o600)
        there.backup(made)
        # The copy carries the mark of a write-ahead log it does not have.
        made.execute("PRAGMA journal_mode=DELETE")
    return copy, _count_file(copy)


def _count_file(copy: Path) -> Rows:
    try:
        with closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as there:
            (verdict,) = there.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise Damaged(f"The database in the backup is damaged: {verdict}.")
            names = there.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            ).fetchall()
            return {name: _rows(there, name) for (name,) in sorted(names)}
    except sqlite3.DatabaseError as problem:
        raise Damaged(f"The database in the backup does not open: {problem}.") from problem


def _rows(there: Any, name: str) -> int:
    quoted = '"' + name.replace('"', '""') + '"'
    # The name comes from the database itself, which takes no parameter for it.
    return int(there.execute(f"SELECT count(*) FROM {quoted}").fetchone()[0])  # noqa: S608


def _dump(copy: Path) -> tuple[Path, Rows]:
    """pg_dump and the counts look at one and the same moment, whatever others write meanwhile."""
    there = connection.get_new_connection(connection.get_connection_params())
    try:
        there.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = there.execute("SELECT pg_export_snapshot()").fetchone()[0]
        names = there.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        rows = {name: _rows(there, name) for (name,) in sorted(names.fetchall())}
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={copy}")  # fmt: skip
    finally:
        there.close()
    os.chmod(copy, 0o600)
    return copy, rows


def _count_dump(copy: Path) -> Rows:
    program = _program("pg_restore")
    rows: Rows = {}
    with subprocess.Popen(  # noqa: S603 (our own words)
        [program, "--data-only", "--file=-", str(copy)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as reading:  # fmt: skip
        assert reading.stdout is not None and reading.stderr is not None
        table = ""
        for line in reading.stdout:
            if table:
                if line.rstrip(b"\n") == b"\\.":
                    table = ""
                else:
                    rows[table] += 1
            elif line.startswith(b"COPY "):
                table = line.split()[1].decode().rpartition(".")[2].strip('"')
                rows[table] = 0
        problem = reading.stderr.read().decode(errors="replace").strip()
    if reading.returncode != 0:
        raise Damaged(f"The database in the backup does not open: {problem}.")
    return rows


def _run(name: str, *words: str) -> None:
    given = settings.DATABASES["default"]
    # In the environment, because a list of processes shows words to everybody.
    env = {**os.environ, "PGPASSWORD": str(given["PASSWORD"]), "PGCONNECT_TIMEOUT": "10"}
    target = "--dbname=" + " ".join(_where(given))
    done = subprocess.run(  # noqa: S603 (our own words)
        [_program(name), *words[:-1], target, words[-1]], env=env, capture_output=True, text=True, check=False
    )  # fmt: skip
    if done.returncode != 0:
        told = " ".join(done.stderr.split())
        raise CannotKeep(f"{name} could not do its work: {told}")


def _where(given: dict[str, Any]) -> Iterator[str]:
    """The database in libpq's words, without the password."""
    named = {"dbname": given["NAME"], "user": given["USER"], "host": given["HOST"], "port": given["PORT"]}  # fmt: skip
    for name, value in {**named, **given.get("OPTIONS", {})}.items():
        if value:
            quoted = str(value).replace("\\", "\\\\").replace("'", "\\'")
            yield f"{name}='{quoted}'"


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise CannotKeep(
            f"The database is PostgreSQL and {name} is not here. Install PostgreSQL's client programs of the "
            "server's version or a later one (Debian: postgresql-client), and run this again."
        )
    return found
