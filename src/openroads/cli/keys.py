"""`openroads keys`: which keys hide the secrets of this house, a new one, and taking old ones away."""

from pathlib import Path
from typing import Annotated

import typer

from openroads.cli import house
from openroads.cli.backing_up import progress

app = typer.Typer(
    name="keys",
    help="The keys under which secrets stand encrypted: list them, add a new one, take old ones away.",
    no_args_is_help=True,
)
Data = Annotated[Path | None, typer.Option("--data", help="Directory of the house.")]


# Settings and tables can be imported only after settle_state().
@app.command("list")
def list_keys(data: Data = None) -> None:
    """List the keys by their id, newest first, with how many secrets stand under each."""
    house.settle_state(data)
    from openroads.directory.encryption import key_ids  # noqa: PLC0415
    from openroads.directory.kept_secrets import secrets_by_key  # noqa: PLC0415

    used, ours = secrets_by_key(), key_ids()
    for place, key in enumerate(ours):
        newest = ", the newest: what is encrypted from now on" if place == 0 else ""
        typer.echo(f"{key}  {_secrets(used[key])}{newest}")
    for key in sorted(set(used) - set(ours)):
        typer.echo(f"{key}  {_secrets(used[key])}, which nobody can read: this key is gone")


@app.command()
def rotate(data: Data = None) -> None:
    """Make a new key and move every secret to it. Old keys stay for reading; a server may run on.

    Secrets move in portions of some hundreds. Where it was cut off, running it again does the rest.

    Keys handed over in OPENROADS_ENCRYPTION_KEYS are yours to make: put the new one in front there,
    start the house again, and this command moves the secrets to it.
    """
    house.settle_state(data)
    from django.conf import settings  # noqa: PLC0415

    from openroads.config.keys import FILE, add_encryption_key  # noqa: PLC0415
    from openroads.directory.encryption import key_ids  # noqa: PLC0415
    from openroads.directory.kept_secrets import (  # noqa: PLC0415
        move_to_newest_key,
        secrets_by_key,
    )
    from openroads.directory.people import system_person  # noqa: PLC0415

    given, used = settings.OPENROADS, secrets_by_key()
    behind = sum(used[key] for key in key_ids()[1:])
    if given.key_ring.handed_over:
        typer.echo(f"The newest key of OPENROADS_ENCRYPTION_KEYS is {key_ids()[0]}.")
    elif behind:
        typer.echo(
            f"{_secrets(behind)} stand under older keys: they move to {key_ids()[0]}, the newest, first. "
            "For a new key run this once more."
        )
    else:
        add_encryption_key(given.data / FILE)
        typer.echo(f"Made key {key_ids()[0]} and put it first in {given.data / FILE}.")
    every, looked_at = max(1, used.total()), 0
    with progress("Moving secrets") as far:

        def more(secrets: int) -> None:
            nonlocal looked_at
            looked_at += secrets
            far(looked_at / every)

        done = move_to_newest_key(by=system_person(), told=more)
    typer.echo(f"{_secrets(done.moved)} moved to it, {done.already} stood under it already.")
    if len(key_ids()) > 1:
        typer.echo(
            f"Old keys still read what backups hold: {', '.join(key_ids()[1:])}. "
            "Once no such backup is needed: openroads keys prune."
        )
    typer.echo("Make a backup of the keys now: without them no secret can be read.")


@app.command()
def prune(
    data: Data = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take away old keys that no secret stands under any more. Backups from before may need them."""
    house.settle_state(data)
    from django.conf import settings  # noqa: PLC0415

    from openroads.config.keys import FILE, drop_encryption_keys  # noqa: PLC0415
    from openroads.directory.encryption import key_id  # noqa: PLC0415
    from openroads.directory.kept_secrets import secrets_by_key  # noqa: PLC0415

    given, used = settings.OPENROADS, secrets_by_key()
    idle = [key for key in given.key_ring()[1:] if not used[key_id(key)]]
    kept = [key_id(key) for key in given.key_ring()[1:] if key not in idle]
    if kept:
        typer.echo(f"Still in use: {', '.join(kept)}. openroads keys rotate moves their secrets.")
    if not idle:
        typer.echo("No old key can go.")
        return
    names = ", ".join(map(key_id, idle))
    if given.key_ring.handed_over:
        typer.echo(f"Take these out of OPENROADS_ENCRYPTION_KEYS: {names}.")
        return
    if not yes:
        typer.confirm(
            f"Take away {names}? Backups made under them can then not be read", abort=True
        )
    drop_encryption_keys(given.data / FILE, idle)
    typer.echo(f"Taken away: {names}.")


def _secrets(count: int) -> str:
    return "1 secret" if count == 1 else f"{count} secrets"
