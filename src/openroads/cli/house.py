"""Opening and closing the house: settings, database, archive, in the right order."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from openroads.safekeeping.marks import refuse_half_restored


def settle(data: Path | None = None, **settings: str) -> None:
    """Load the settings, with the data directory given on the command line if there is one.

    Raises CannotKeep for a house that is only half restored.
    """
    if data is not None:
        os.environ["OPENROADS_DATA"] = str(data)
    refuse_half_restored(folder())
    load(**settings)


def folder() -> Path:
    """The data directory as the environment names it, before any setting is read."""
    return Path(os.environ.get("OPENROADS_DATA") or "./data").expanduser().absolute()


def load(**settings: str) -> None:
    """Load the settings, whatever the data directory holds."""
    for name, value in settings.items():
        os.environ[f"OPENROADS_{name}"] = value
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openroads.config.settings")
    django.setup()


# Django's models, and the archive behind them, are importable only after settle().
def settle_state(data: Path | None = None) -> None:
    """Load the settings and see to it that the database is there and is of this version."""
    settle(data)
    from openroads.cli.upgrading import make_state  # noqa: PLC0415 (needs settings)

    make_state()


@contextmanager
def opened(*, alone: bool) -> Iterator[bool]:
    """A house of this version for the length of a block, upgraded after a backup when it was older.

    True: this process owns the archive. False: another process does, and works in the same house;
    when it must be `alone` that is ArchiveBusy.
    """
    from openroads.cli.upgrading import UpgradeBackup, upgrade_house  # noqa: PLC0415
    from openroads.directory.conversations import begin_closing, close_archive  # noqa: PLC0415
    from openroads.safekeeping.making import clear_work  # noqa: PLC0415

    back_up = UpgradeBackup()
    try:
        ours = upgrade_house(back_up, alone=alone)
        if ours:
            clear_work()
        back_up.note()
        yield ours
    finally:
        begin_closing()
        close_archive()
