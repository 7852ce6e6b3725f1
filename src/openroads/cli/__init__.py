"""The command line: run, demo, import, gap, backup, restore, user, keys, doctor, worker."""

import os
import sys

import typer

from openroads import __version__
from openroads.cli import (
    archiving,
    backing_up,
    bringing,
    checking,
    erasing,
    gapping,
    keys,
    people,
    restoring,
    retaining,
    serving,
    taking_along,
)
from openroads.safekeeping.faults import CannotKeep

app = typer.Typer(
    name="openroads",
    help="From the first champion to a social business: listen, answer, change, tell, measure.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)
WORK, CARE = "Work", "Looking after the house"
app.command("run", rich_help_panel=WORK)(serving.run)
app.command("demo", rich_help_panel=WORK)(serving.demo)
app.command("import", rich_help_panel=WORK)(bringing.bring_in)
app.command("gap", rich_help_panel=WORK)(gapping.gap)
app.command("retention", rich_help_panel=CARE)(retaining.retention)
app.command("erase", rich_help_panel=CARE)(erasing.erase)
app.add_typer(backing_up.app, rich_help_panel=CARE)
app.command("restore", rich_help_panel=CARE)(restoring.restore)
app.command("export", rich_help_panel=CARE)(taking_along.export)
app.command("take-over", rich_help_panel=CARE)(taking_along.take_over)
app.add_typer(people.app, rich_help_panel=CARE)
app.add_typer(keys.app, rich_help_panel=CARE)
app.add_typer(archiving.app, rich_help_panel=CARE)
app.command("doctor", rich_help_panel=CARE)(checking.doctor)
app.command("worker", rich_help_panel=CARE)(serving.worker)


@app.command("version", rich_help_panel=CARE)
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def main() -> None:
    """The `openroads` command. What goes wrong for a known reason is one sentence, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openroads.config.settings")
    try:
        app()
    except Exception as error:  # the one place where any error becomes a message
        told = _sentence(error)
        if told is None:
            raise
        typer.secho(told, err=True, fg=typer.colors.RED)
        sys.exit(2)


def _sentence(error: Exception) -> str | None:
    """What to say of an error that says itself what is wrong and how to mend it."""
    # First, and without settings: reading those makes keys in a folder that is to be restored into.
    if isinstance(error, CannotKeep):
        return str(error)
    # Heavy rooms are imported only when something went wrong: `openroads --help` must be quick.
    from django.conf import settings  # noqa: PLC0415
    from django.core.exceptions import ValidationError  # noqa: PLC0415
    from django.db import OperationalError  # noqa: PLC0415
    from django.utils.translation import gettext as _  # noqa: PLC0415
    from django.utils.translation import override  # noqa: PLC0415

    from openroads.analysis.sentences import Said  # noqa: PLC0415
    from openroads.archive.client import ArchiveTooNew  # noqa: PLC0415
    from openroads.cli.upgrading import CannotStart, archive_is_newer  # noqa: PLC0415
    from openroads.config.logs import hide_secrets_in  # noqa: PLC0415
    from openroads.directory.encryption import WrongKey  # noqa: PLC0415
    from openroads.listening.saying import translated  # noqa: PLC0415

    with override(settings.LANGUAGE_CODE):
        if isinstance(error, ArchiveTooNew):
            return archive_is_newer(error)
        if isinstance(error, Said):
            return translated(error.why)
        if isinstance(error, OperationalError) and settings.OPENROADS.database_url:
            # TRICKY: the address itself is not repeated: it holds the password.
            why = hide_secrets_in(" ".join(str(error).split()))
            return _(
                "The database of OPENROADS_DATABASE_URL does not answer. Does it run, and do name "
                "and password fit? It says: %(why)s"
            ) % {"why": why}
        if isinstance(error, OperationalError) and "disk is full" in str(error):
            return _("The disk of %(place)s is full. Make room there, and run this again.") % {
                "place": settings.OPENROADS.data
            }
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    known = (CannotStart, WrongKey)
    return str(error) if isinstance(error, known) else None
