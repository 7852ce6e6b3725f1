"""A house of an older version, and opening it as `openroads run` does: `upgraded.py older|open|fail|look PLACE`."""

import json
import shutil
import sys
from pathlib import Path

ROOM = "webcare"
"""Its newest migration changes a table: one that only moves rows has nothing a test can put in its way."""


def main(deed: str, place: str) -> None:
    from openroads.cli import house

    house.settle()
    {"older": older, "open": opened, "fail": failing, "look": look}[deed](Path(place))


def older(_place: Path) -> None:
    """Database and archive as they were one migration and one step ago, with somebody in it."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    from openroads.archive.steps import known_steps
    from openroads.directory.conversations import archive, close_archive
    from openroads.directory.people import system_person

    leaves = MigrationLoader(connection).graph.leaf_nodes()
    for app, name in leaves:
        if app != ROOM:
            call_command("migrate", app, name, interactive=False, verbosity=0)
    call_command("migrate", ROOM, one_before(), interactive=False, verbosity=0)
    system_person()
    last = known_steps()[-1][0]
    archive().command("ALTER TABLE step DELETE WHERE number = {last:UInt16}", {"last": last})
    close_archive()


def one_before() -> str:
    from django.db.migrations.loader import MigrationLoader

    names = sorted(name for app, name in MigrationLoader(None).disk_migrations if app == ROOM)
    return names[-2]


def opened(copy: Path) -> None:
    """Upgrade with a backup that copies the whole folder; tell what was there and what came."""
    from django.conf import settings

    from openroads.cli.upgrading import upgrade_house
    from openroads.directory import conversations

    def back_up(why: str) -> Path:
        assert why == "upgrade" and not conversations.is_open()
        shutil.copytree(settings.OPENROADS.data, copy, symlinks=True)
        return copy

    assert upgrade_house(back_up, alone=True) and conversations.is_open()
    conversations.close_archive()


def failing(_place: Path) -> None:
    """The same with a backup that cannot be made."""
    from openroads.cli.upgrading import upgrade_house

    def back_up(why: str) -> Path:
        raise OSError("No space left on device")

    try:
        upgrade_house(back_up, alone=True)
    except OSError as problem:
        print(problem)


def look(_place: Path) -> None:
    """What waits in this house: migrations and steps."""
    from openroads.archive.client import ArchiveTooOld
    from openroads.directory.conversations import close_archive, open_unchanged
    from openroads.directory.versions import standing

    steps: list[int] = []
    try:
        open_unchanged()
    except ArchiveTooOld as old:
        steps = old.steps
    finally:
        close_archive()
    print(json.dumps({"migrations": standing().waiting, "steps": steps}))


if __name__ == "__main__":
    main(*sys.argv[1:])
