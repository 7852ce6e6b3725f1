"""`openroads backup` and `openroads backup verify`: the whole house in one file, and whether it holds."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from openroads.cli import house

app = typer.Typer(
    name="backup",
    help="Make a backup of the whole house, also while it runs; look one through with: backup verify FILE.",
    invoke_without_command=True,
)
Data = Annotated[Path | None, typer.Option("--data", help="Directory of the house.")]
Passphrase = Annotated[
    Path | None, typer.Option("--passphrase-file", help="File whose first line is the passphrase of the keys.")
]  # fmt: skip
BETWEEN_LOOKS = 0.3


@app.callback()
def backup(
    context: typer.Context,
    data: Data = None,
    out: Annotated[Path | None, typer.Option(help="The file to make; else one in the folder backups of the data directory.")] = None,
    with_keys: Annotated[bool, typer.Option("--with-keys", help="Put the keys in too, under a passphrase.")] = False,
    passphrase_file: Passphrase = None,
) -> None:  # fmt: skip
    """Make a backup: database, archive and uploads of one moment in one file. A running house makes it itself.

    The keys stay out unless you ask for them: who finds the file can read the conversations, but
    none of the secrets. Without keys.json no backup can be restored; keep a copy of it elsewhere.
    """
    if context.invoked_subcommand is not None:
        return
    from openroads.safekeeping import sealing  # noqa: PLC0415 (`openroads --help` must be quick)

    if with_keys and passphrase_file is None:
        raise typer.BadParameter("The keys go in under a passphrase only: name its file with --passphrase-file.")  # fmt: skip
    passphrase = sealing.passphrase_in(passphrase_file) if with_keys and passphrase_file else ""
    house.settle(data)
    with house.opened(alone=False) as ours:
        _make(out, passphrase, ours)


def _make(out: Path | None, passphrase: str, ours: bool) -> None:
    from django.utils import timezone  # noqa: PLC0415 (needs settings)

    from openroads.directory.people import system_person  # noqa: PLC0415
    from openroads.safekeeping import actions, making, sealing  # noqa: PLC0415
    from openroads.safekeeping.models import Backup  # noqa: PLC0415

    sealed = sealing.sealed(making.keys_to_seal(), passphrase) if passphrase else b""
    name = making.usual_name("asked", timezone.localtime())
    path = out.absolute() if out is not None else making.usual_folder() / name
    if path.is_dir():
        path /= name
    made = actions.ask_backup(by=system_person(), path=path, sealed=sealed, later=not ours)
    with progress("Backing up") as told:
        if ours:
            made = _here(made, told)
        watch(made, told)
    if made.state != Backup.State.DONE:
        typer.secho(made.error, err=True, fg=typer.colors.RED)
        raise typer.Exit(2)
    typer.echo(f"{path}")
    typer.echo(f"{made.posts:,} posts, {made.size / 1e6:,.1f} MB, SHA-256 {made.sum[:16]}.")
    if not sealed:
        typer.echo("It holds no keys: keep a copy of keys.json elsewhere. Without it nobody can restore this.")  # fmt: skip


def watch(made: Any, told: Callable[[float], None]) -> None:
    """Wait until a running house has made it, with the progress as it goes."""
    from openroads.cli.waiting import NobodyWorks, attended  # noqa: PLC0415 (needs settings)

    with attended(ours=False, jobs=frozenset()) as look:
        while made.is_unfinished:
            try:
                look()
            except NobodyWorks:
                typer.secho(
                    "Nobody makes it: the Openroads that owns the archive has no workers (OPENROADS_WORKER_THREADS). "
                    "It waits in line. Start openroads run with workers.",
                    err=True, fg=typer.colors.RED,
                )  # fmt: skip
                raise typer.Exit(2) from None
            time.sleep(BETWEEN_LOOKS)
            with suppress(OSError):
                made.refresh_from_db()
            told(made.share)


def _here(made: Any, told: Callable[[float], None]) -> Any:
    """Make it in this process, with the progress as it goes."""
    from openroads.safekeeping import actions  # noqa: PLC0415 (needs settings)

    return actions.carry_out(backup=made, told=told)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    data: Annotated[Path | None, typer.Option("--data", help="Directory of its house, to write down there that it holds.")] = None,
    passphrase_file: Passphrase = None,
) -> None:  # fmt: skip
    """Look a backup through: every byte, every member, the database and the archive opened and counted."""
    from openroads.safekeeping import faults, sealing  # noqa: PLC0415 (`openroads --help` must be quick)
    from openroads.safekeeping.looking import look_through  # noqa: PLC0415

    passphrase = sealing.passphrase_in(passphrase_file) if passphrase_file else ""
    holds = True
    if not file.is_file():
        raise faults.CannotKeep(f"There is no file {file}.")
    with progress("Reading") as told:
        size, read = max(1, 2 * file.stat().st_size), 0

        def more(bytes_read: int) -> None:
            nonlocal read
            read += bytes_read
            told(read / size)

        looks = list(look_through(file, passphrase=passphrase, told=more))
    for look in looks:
        holds &= look.holds
        typer.secho(look.told, fg=None if look.holds else typer.colors.RED, err=not look.holds)
    _write_down(file, data, holds)
    if not holds:
        typer.secho("This backup does not hold. Make another one.", err=True, fg=typer.colors.RED)
        raise typer.Exit(1)
    typer.echo("This backup holds.")


def _write_down(file: Path, data: Path | None, holds: bool) -> None:
    """In the register of the house that was named, or in whose folder the backup lies."""
    if data is None and not os.environ.get("OPENROADS_DATA"):
        if house.folder() not in file.absolute().parents:
            return
    house.settle_state(data)
    from openroads.directory.people import system_person  # noqa: PLC0415 (needs settings)
    from openroads.safekeeping import actions, making  # noqa: PLC0415

    actions.note_look(by=system_person(), sum=making.box_sum(file), path=file, holds=holds)


@contextmanager
def progress(what: str) -> Iterator[Callable[[float], None]]:
    """A bar on the error stream; the block calls what it gets with how far it is, 0 to 1."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task(what, total=1.0)
        yield lambda share: bars.update(bar, completed=share)
