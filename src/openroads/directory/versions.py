"""Which Openroads made the database: what it still waits for, and what this one does not know."""

from dataclasses import dataclass

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from openroads.directory.models import Person

Migration = tuple[str, str]
"""A room (or library) and the name of one of its migrations."""


@dataclass(frozen=True)
class Standing:
    """How the database stands to this code. `waiting` migrations are not applied yet, `unknown`
    ones were applied by a newer Openroads; `is_new` when nobody is in it yet, not even the house
    itself (a first start that was cut off is still a first start)."""

    waiting: tuple[Migration, ...]
    unknown: tuple[Migration, ...]
    is_new: bool

    @property
    def fits(self) -> bool:
        return not self.waiting and not self.unknown


def standing() -> Standing:
    """Compare the migrations of the code with those the database says it had."""
    loader = MigrationLoader(connection)
    on_disk = loader.disk_migrations
    squashed = {old for migration in on_disk.values() for old in migration.replaces}
    applied = set(loader.applied_migrations or ())
    waiting = [key for key in loader.graph.nodes if key not in applied]
    unknown = [key for key in applied if key not in on_disk and key not in squashed]
    return Standing(tuple(sorted(waiting)), tuple(sorted(unknown)), _is_empty())


def _is_empty() -> bool:
    there = connection.introspection.table_names()
    return Person._meta.db_table not in there or not Person.objects.exists()


def newest_known() -> set[Migration]:
    """The last migration of each room in this code; reads the code, not the database."""
    return set(MigrationLoader(None).graph.leaf_nodes())


def applied() -> set[Migration]:
    """What the database says it had: one question."""
    return set(MigrationRecorder(connection).applied_migrations())
