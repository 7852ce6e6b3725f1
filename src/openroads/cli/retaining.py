"""`openroads retention`: what is past its time, and taking it out."""

import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from openroads.cli import house

BETWEEN_LOOKS = 0.5


def retention(
    data: Annotated[Path | None, typer.Option("--data", help="Directory of the house.")] = None,
    look: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take out posts that are past the time their source keeps them. A running house does so every night.

    How long that is is said in the browser, under Settings, How long we keep.
    """
    house.settle(data)
    with house.opened(alone=False) as ours:
        from django.conf import settings  # noqa: PLC0415 (needs settings)

        from openroads.directory.people import system_person  # noqa: PLC0415
        from openroads.listening.keeping import actions  # noqa: PLC0415

        by, here = system_person(), ours and settings.OPENROADS.archive_is_embedded
        if not ours:
            if look:
                Console(stderr=True).print("A running Openroads owns the archive. See Settings, How long we keep, in the browser.")  # fmt: skip
                raise typer.Exit(2)
            if not yes:
                typer.confirm("Take out everything that is past its time now?", abort=True)
            _hand_over(by)
            return
        found = actions.look_ahead()
        _tell(found)
        if look or not found:
            return
        if not yes:
            typer.confirm("Take these out? They come back from a backup only", abort=True)
        if not here:
            _hand_over(by)
            return
        done = actions.take_out(by=by)
        typer.echo(f"{done.posts:,} posts are taken out, with {done.words:,} words nobody else used, {done.labels:,} judgements and {done.files:,} files.")  # fmt: skip


def _tell(found: list[Any]) -> None:
    from openroads.listening.models import Source  # noqa: PLC0415 (needs settings)

    names = dict(Source.objects.values_list("pk", "name"))
    for row in found:
        typer.echo(f"{names.get(row.source, row.source)}: {row.posts:,} posts, {row.first} to {row.last}")  # fmt: skip
    if not found:
        typer.echo("Nothing is past its time.")


def _hand_over(by: Any) -> None:
    """Let the running house do it, and wait until it has."""
    from openroads.delivery.queries import unfinished_job  # noqa: PLC0415 (needs settings)
    from openroads.listening.keeping import actions, queries  # noqa: PLC0415

    actions.ask_run(by=by)
    with Console(stderr=True).status("The running Openroads takes out what is past its time"):
        while unfinished_job(actions.TAKE_OUT) is not None:
            time.sleep(BETWEEN_LOOKS)
    typer.echo(f"{queries.house_rule().posts:,} posts are taken out.")
