"""The command line: run, demo, import, gap, worker, doctor."""

import os
import sys

import typer

from openroads import __version__
from openroads.cli import bringing, checking, gapping, serving

app = typer.Typer(
    name="openroads",
    help="From the first champion to a social business: listen, answer, change, tell, measure.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)
app.command("run")(serving.run)
app.command("demo")(serving.demo)
app.command("worker")(serving.worker)
app.command("import")(bringing.bring_in)
app.command("gap")(gapping.gap)
app.command("doctor")(checking.doctor)


@app.command("version")
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
    # Heavy rooms are imported only when something went wrong: `openroads --help` must be quick.
    from openroads.archive.client import ArchiveBusy, ArchiveTooNew  # noqa: PLC0415
    from openroads.connectors.port import Refused, TryLater  # noqa: PLC0415

    known = (ArchiveBusy, ArchiveTooNew, Refused, TryLater)
    return str(error) if isinstance(error, known) else None
