"""A house that begins gets its tables from the models; it must be the house that every migration leaves."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.commands import migrate as walking
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from openroads.directory.first_tables import make_first_tables

pytestmark = pytest.mark.slow

SQLITE = ("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type <> 'table'",)
POSTGRESQL = (
    "SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision, "
    "numeric_scale, is_nullable, column_default, is_identity "
    "FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
    "FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _databases_of_our_own(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@contextmanager
def empty_database(folder: Path) -> Iterator[Any]:
    """An empty database of the kind these tests run on, in the place of their own: migrations of
    libraries speak to the default one."""
    of_tests, name = connections["default"], f"openroads_first_{uuid.uuid4().hex[:8]}"
    on_postgresql = of_tests.vendor == "postgresql"
    if on_postgresql:
        _tell(of_tests, f"CREATE DATABASE {name}")
    empty = of_tests.copy()
    empty.settings_dict["NAME"] = name if on_postgresql else folder / f"{name}.sqlite3"
    connections["default"] = empty
    try:
        yield empty
    finally:
        empty.close()
        connections["default"] = of_tests
        if on_postgresql:
            _tell(of_tests, f"DROP DATABASE {name} WITH (FORCE)")


def _tell(of: Any, what: str) -> None:
    with of.cursor() as cursor:
        cursor.execute(what)


def shape(of: Any) -> set[tuple[Any, ...]]:
    """Every column, constraint, index and trigger; columns in no order, as a migration adds one at the end."""
    questions = SQLITE if of.vendor == "sqlite" else POSTGRESQL
    told: set[tuple[Any, ...]] = set()
    with of.cursor() as cursor:
        for question in questions:
            cursor.execute(question)
            told |= {tuple(map(plain, row)) for row in cursor.fetchall()}
        if of.vendor == "sqlite":  # the engine has no question for what a table must fulfil
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
            told |= {(table, piece) for table, sql in cursor.fetchall() for piece in pieces(sql)}
    return told


def plain(value: Any) -> Any:
    return re.sub(r"\s+", " ", value) if isinstance(value, str) else value


def pieces(sql: str) -> Iterator[str]:
    """The columns and constraints of a table: what stands between commas outside brackets."""
    depth, piece = 0, ""
    for sign in sql[sql.index("(") + 1 : sql.rindex(")")] + ",":
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            yield plain(piece.strip())
            piece = ""
        else:
            piece += sign


def test_tables_from_the_models_are_those_that_the_migrations_leave(tmp_path: Path) -> None:
    with empty_database(tmp_path) as walked:
        call_command(walking.Command(), verbosity=0, interactive=False)
        by_walking, steps = shape(walked), set(MigrationRecorder(walked).applied_migrations())
    with empty_database(tmp_path) as made:
        call_command("migrate", verbosity=0, interactive=False)
        at_once, marked = shape(made), set(MigrationRecorder(made).applied_migrations())
    assert at_once - by_walking == set()
    assert by_walking - at_once == set()
    assert len(at_once) > 500
    assert marked == steps


def test_a_start_that_was_cut_off_leaves_nothing_and_begins_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with empty_database(tmp_path) as begun:
        with monkeypatch.context() as patch:
            patch.setattr(MigrationRecorder, "ensure_schema", _no_room)
            with pytest.raises(OSError, match="no room"):
                make_first_tables(begun)
        assert begun.introspection.table_names() == []
        call_command("migrate", verbosity=0, interactive=False)
        assert ContentType.objects.filter(app_label="directory").exists()


def _no_room(_recorder: MigrationRecorder) -> None:
    raise OSError("no room")
