"""The seal on the trail: triggers by which the database itself refuses to change an entry."""

from collections.abc import Mapping
from typing import Any

TABLE = "directory_trailentry"

# The statements are written out, because nothing may be glued into SQL.
_SEAL = {
    "sqlite": (
        "CREATE TRIGGER IF NOT EXISTS trail_is_never_changed BEFORE UPDATE ON directory_trailentry "
        "BEGIN SELECT RAISE(ABORT, 'The trail is never changed.'); END",
        "CREATE TRIGGER IF NOT EXISTS trail_is_never_shortened BEFORE DELETE ON "
        "directory_trailentry BEGIN SELECT RAISE(ABORT, 'Nothing is taken from the trail.'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION openroads_trail_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'The trail is only ever added to.'; END $$",
        "DROP TRIGGER IF EXISTS trail_is_never_changed ON directory_trailentry",
        "CREATE TRIGGER trail_is_never_changed BEFORE UPDATE OR DELETE ON directory_trailentry "
        "FOR EACH ROW EXECUTE FUNCTION openroads_trail_refuses()",
        "DROP TRIGGER IF EXISTS trail_is_never_shortened ON directory_trailentry",
        "CREATE TRIGGER trail_is_never_shortened BEFORE TRUNCATE ON directory_trailentry "
        "FOR EACH STATEMENT EXECUTE FUNCTION openroads_trail_refuses()",
    ),
}
_UNSEAL = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS trail_is_never_changed",
        "DROP TRIGGER IF EXISTS trail_is_never_shortened",
    ),
    "postgresql": (
        "DROP TRIGGER IF EXISTS trail_is_never_changed ON directory_trailentry",
        "DROP TRIGGER IF EXISTS trail_is_never_shortened ON directory_trailentry",
    ),
}
_SEALED = {
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' "
    "AND name LIKE 'trail_is_never_%'",
    "postgresql": "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'trail_is_never_%' "
    "AND tgenabled <> 'D' AND tgrelid = 'directory_trailentry'::regclass",
}


def seal(connection: Any) -> None:
    """Put the triggers on (again). TRICKY: SQLite loses them when a migration rebuilds the table,
    so every later migration of TrailEntry ends with this one."""
    _execute(connection, _SEAL)


def unseal(connection: Any) -> None:
    """Take them off: only for undoing the migration and for emptying the database of a test."""
    _execute(connection, _UNSEAL)


def is_sealed(connection: Any) -> bool:
    """Whether both triggers stand."""
    with connection.cursor() as cursor:
        cursor.execute(_SEALED[connection.vendor])
        return bool(cursor.fetchone()[0] == 2)


def _execute(connection: Any, statements: Mapping[str, tuple[str, ...]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
