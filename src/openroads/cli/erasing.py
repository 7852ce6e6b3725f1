"""`openroads erase`: what is held of an author, as a file if wanted, and erasing it."""

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from openroads.cli import house

BETWEEN_LOOKS = 1.0


def erase(
    network: Annotated[str, typer.Argument(help="Network of the author: x, reddit, forum ...")],
    handle: Annotated[str, typer.Argument(help="Handle, with or without @.")],
    data: Annotated[Path | None, typer.Option("--data", help="Directory of the house.")] = None,
    export: Annotated[Path | None, typer.Option(help="First write all that is held to this file, as JSON Lines.")] = None,
    mask_mentions: Annotated[bool, typer.Option("--mask-mentions", help="Mask the handle in what others wrote, and will write, too.")] = False,
    name: Annotated[list[str] | None, typer.Option(help="Another name of theirs to mask; with --mask-mentions. May be given more than once.")] = None,
    look: Annotated[bool, typer.Option("--dry-run", help="Only say what is held.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Erase without asking for the handle once more.")] = False,
) -> None:  # fmt: skip
    """Erase an author: every post of theirs, in every copy, for good. The trail names Openroads itself.

    A running server does the work; what is held can then only be looked up in the browser.
    """
    house.settle(data)
    from django.conf import settings  # noqa: PLC0415 (needs settings)

    from openroads.archive.networks import LABELS  # noqa: PLC0415 (`openroads --help` must be quick)

    if network not in LABELS:
        raise typer.BadParameter(f"{network} is no network; known: {', '.join(LABELS)}.")
    names = [" ".join(each.split()) for each in name or ()]
    if names and not mask_mentions:
        raise typer.BadParameter("--name goes with --mask-mentions.")
    console = Console(stderr=True)
    with house.opened(alone=False) as ours:
        from openroads.directory.people import system_person  # noqa: PLC0415 (needs settings)
        from openroads.listening.erasing import actions, schedule  # noqa: F401, PLC0415

        by = system_person()
        if ours:
            held = actions.look_up(by=by, network=network, handle=handle)
            named = actions.look_for_names(by=by, held=held, names=names) if mask_mentions else ()
            _tell(held, named, console)
            if export is not None:
                with export.open("x", encoding="utf-8") as file:
                    file.writelines(actions.export_author(by=by, network=network, handle=handle))
                _say(console, f"Written to {export}.")
        elif look or export is not None:
            console.print("A running Openroads owns the archive. Look the author up in the browser, under Settings.")  # fmt: skip
            raise typer.Exit(2)
        if look:
            return
        again = handle if yes else typer.prompt("Type the handle once more to erase it for good")
        erasure = actions.ask_erasure(
            by=by, network=network, handle=handle, again=again, mask_mentions=mask_mentions, names=names
        )  # fmt: skip
        with console.status(
            "Erasing, then searching for what may be left; this takes some minutes"
        ):
            if ours and settings.OPENROADS.archive_is_embedded:
                erasure = _erase_here(erasure)
            else:
                _watch(erasure, ours)
        _report(erasure)


def _tell(held: Any, named: Iterable[Any], console: Console) -> None:
    _say(console, f"{held.posts:,} posts of {held.handle} on {held.network} are held.")
    for row in held.sources:
        _say(console, f"  {row.source}: {row.posts:,}, {row.first} to {row.last}")
    for one in named:
        posts = "1 post" if one.posts == 1 else f"{one.posts:,} posts"
        _say(console, f"  “{one.name}” stands in {posts} of others; there it is masked.")
    if held.mentions and not named:
        _say(console, f"  {held.mentions:,} posts of others address them; these stay.")


def _say(console: Console, words: str) -> None:
    """A line as it is: names of sources and files are no markup."""
    console.print(words, markup=False, highlight=False, soft_wrap=True)


def _erase_here(erasure: Any) -> Any:
    from openroads.listening.erasing import actions  # noqa: PLC0415 (needs settings)

    erasure = actions.carry_out(erasure=erasure)
    while not actions.search(erasure=erasure):
        time.sleep(BETWEEN_LOOKS)
    return erasure


def _watch(erasure: Any, ours: bool) -> None:
    from openroads.cli.waiting import NobodyWorks, attended  # noqa: PLC0415 (needs settings)
    from openroads.listening.erasing.actions import ERASE_AUTHOR, SEARCH_ERASED  # noqa: PLC0415

    with attended(ours=ours, jobs=frozenset({ERASE_AUTHOR, SEARCH_ERASED})) as look:
        while erasure.is_unfinished:
            try:
                look()
            except NobodyWorks:
                typer.secho(
                    "Nobody erases: the Openroads that owns the archive has no workers (OPENROADS_WORKER_THREADS). "
                    "The erasing waits in line. Start openroads run with workers.",
                    err=True, fg=typer.colors.RED,
                )  # fmt: skip
                raise typer.Exit(2) from None
            time.sleep(BETWEEN_LOOKS)
            with suppress(OSError):
                erasure.refresh_from_db()


def _report(erasure: Any) -> None:
    typer.echo(f"{erasure.posts:,} posts are erased; the author is not taken in again.")
    if erasure.mask_mentions:
        typer.echo(
            f"  In {erasure.masked:,} posts of others the names are masked, and in whatever comes."
        )
    for file in erasure.waiting_files:
        typer.echo(f"  {file['name']} still holds the author: an import is not done with it.")
    for left in erasure.left:
        typer.secho(f"  Look at {left['where']}: found {left['n']} times.", fg=typer.colors.YELLOW)
    if erasure.left:
        raise typer.Exit(1)
