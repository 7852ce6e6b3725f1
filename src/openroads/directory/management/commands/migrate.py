"""`migrate`, which makes the tables of an empty database at once."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from openroads.directory.first_tables import make_first_tables

ONLY_PART = (
    "app_label",
    "migration_name",
    "fake",
    "fake_initial",
    "plan",
    "check_unapplied",
    "prune",
)


class Command(migrate.Command):
    """A house that begins has no past to walk through: eighty migrations, each of which draws every
    model anew, would cost ten seconds to come to the tables of the last."""

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        connection.prepare_database()
        if any(options[name] for name in ONLY_PART) or connection.introspection.table_names():
            super().handle(*args, **options)
        else:
            make_first_tables(connection, verbosity=options["verbosity"])
