"""`openroads export` and `openroads take-over`: everything in open formats, and a new house from it."""

import os
from pathlib import Path
from typing import Annotated

import typer

from openroads.cli import house
from openroads.cli.backing_up import Data, progress, watch
from openroads.cli.restoring import filling


def export(
    to: Annotated[Path, typer.Argument(help="A new directory, or a file whose name ends in .tar.zst.")],
    data: Data = None,
) -> None:  # fmt: skip
    """Write everything in formats other programs read: the database as JSON Lines, the archive as Parquet.

    Passwords, keys, second steps and sessions stay behind. To keep a copy, use openroads backup;
    this is for moving to another database, and for leaving.
    """
    house.settle(data)
    with house.opened(alone=False) as ours:
        from openroads.directory.people import system_person  # noqa: PLC0415 (needs settings)
        from openroads.safekeeping import actions  # noqa: PLC0415
        from openroads.safekeeping.exporting import stayed_behind  # noqa: PLC0415
        from openroads.safekeeping.models import Backup  # noqa: PLC0415

        made = actions.ask_backup(by=system_person(), path=to.absolute(), why=Backup.Why.EXPORT, later=not ours)  # fmt: skip
        with progress("Exporting") as told:
            if ours:
                made = actions.carry_out(backup=made, told=told)
            watch(made, told)
        if made.state != Backup.State.DONE:
            typer.secho(made.error, err=True, fg=typer.colors.RED)
            raise typer.Exit(2)
        typer.echo(
            f"{made.posts:,} posts and the whole database are in {made.path}. It is not encrypted."
        )
        if stayed := stayed_behind(Path(made.path)):
            typer.echo(
                f"{stayed:,} posts stayed behind: their network lets them leave the house in no file."
            )


def take_over(
    from_: Annotated[Path, typer.Argument(metavar="FROM", help="The directory or file that openroads export made.")],
    data: Annotated[Path, typer.Option("--data", help="An empty directory; it may hold the keys.json of the house.")],
    new_keys: Annotated[bool, typer.Option("--new-keys", help="Begin with new keys; erased authors are then not kept out.")] = False,
) -> None:  # fmt: skip
    """Make a new house of an export: all of it, or nothing. Not for posts; those are imported.

    People must choose a new password: openroads user password ADDRESS --link.
    """
    from openroads.config.keys import kept_keys  # noqa: PLC0415 (`openroads --help` must be quick)
    from openroads.safekeeping import faults  # noqa: PLC0415

    path, folder = from_.absolute(), data.absolute()
    if not path.exists():
        raise faults.CannotKeep(f"There is nothing at {path}.")
    had_keys = kept_keys(folder) is not None
    with progress("Taking over") as told, filling(folder) as mark:
        from openroads.safekeeping.marks import DATABASE, KEYS_CAME  # noqa: PLC0415

        if not had_keys:
            (mark / KEYS_CAME).touch()
        os.environ["OPENROADS_DATA"] = str(folder)
        house.load()
        from openroads.safekeeping import exporting, restoring, state  # noqa: PLC0415 (needs settings)

        author = house_author()
        with exporting.unpacked(path, mark / "export") as export_folder:
            told(0.3)
            manifest = exporting.manifest_in(export_folder)
            exporting.refuse_unfit(manifest, author if had_keys else "", new_keys=new_keys)
            if not (mark / DATABASE).exists():
                state.refuse_filled()
            restoring.refuse_full_archive(mark)
            (mark / DATABASE).touch()
            told(0.5)
            rows = exporting.take_over(export_folder, manifest)
    typer.echo(f"Took over {manifest['archive']['post'][0]:,} posts and {sum(rows.values()):,} rows of the database into {folder}.")  # fmt: skip
    if manifest["author"] != author and manifest["archive"].get("erased_author", [0])[0]:
        typer.secho("Authors who were erased are not kept out any more: the keys are new.", err=True, fg=typer.colors.YELLOW)  # fmt: skip
    typer.echo(
        "Everybody needs a new password: openroads user password ADDRESS --link makes a link to choose one."
    )
    typer.echo(f"Start it: openroads run --data {folder}")


def house_author() -> str:
    """What tells the author key of this house apart."""
    from django.conf import settings  # noqa: PLC0415 (needs settings)

    from openroads.safekeeping.card import held  # noqa: PLC0415

    return held(settings.OPENROADS.author_key, ()).author
