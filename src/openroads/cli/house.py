"""Opening and closing the house: settings, database, archive, in the right order."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command


def settle(data: Path | None = None, **settings: str) -> None:
    """Load the settings, with the data directory given on the command line if there is one."""
    if data is not None:
        os.environ["OPENROADS_DATA"] = str(data)
    for name, value in settings.items():
        os.environ[f"OPENROADS_{name}"] = value
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openroads.config.settings")
    django.setup()


def migrate() -> None:
    """Bring the database to this version."""
    call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def open_archive() -> Iterator[None]:
    """Own the archive for the length of a block; raises ArchiveBusy when another process does."""
    # Django models are importable only after settle().
    from openroads.directory.conversations import archive, close_archive  # noqa: PLC0415

    archive()
    try:
        yield
    finally:
        close_archive()
