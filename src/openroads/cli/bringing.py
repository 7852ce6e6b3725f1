"""`openroads import FILE`: through the running server when there is one, else by itself."""

import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from openroads.cli import house


def bring_in(
    files: Annotated[list[Path], typer.Argument(help="CSV, TSV, XLSX, JSON Lines or NDJSON.")],
    data: Annotated[Path | None, typer.Option("--data", help="Directory of the house.")] = None,
    brand: Annotated[str, typer.Option(help="Name of the brand the posts are about.")] = "",
    network: Annotated[str, typer.Option(help="Network, where the file does not say.")] = "",
) -> None:
    """Import files with what customers say. A running server does the work; this shows its progress."""
    house.settle(data)
    house.migrate()
    from openroads.archive.client import ArchiveBusy  # noqa: PLC0415 (needs settings)

    console = Console(stderr=True)
    items = [_receive(path, brand, network, console) for path in files]
    from django.conf import settings  # noqa: PLC0415 (needs settings)

    try:
        if not settings.OPENROADS.archive_is_embedded:
            raise ArchiveBusy("workers read into a server's archive")
        with house.open_archive():
            _read_here(items, console)
    except ArchiveBusy:
        console.print("A running Openroads owns the archive: it reads these files now.")
        _watch(items, console)
    _report(items, console)


def _receive(path: Path, brand: str, network: str, console: Console) -> Any:
    from openroads.connectors.files import Reading  # noqa: PLC0415 (`openroads --help` must be quick)
    from openroads.directory.company import Brand  # noqa: PLC0415 (needs settings)
    from openroads.directory.people import system_person  # noqa: PLC0415
    from openroads.listening.actions import imports  # noqa: PLC0415

    whose = Brand.objects.filter(name__iexact=brand).first() if brand else None
    if brand and whose is None:
        known = ", ".join(Brand.objects.values_list("name", flat=True)) or "none yet"
        raise typer.BadParameter(f"There is no brand {brand}; known: {known}.")
    by = system_person()
    try:
        with path.open("rb") as content:
            item = imports.receive_file(
                by=by, name=path.name, content=iter(lambda: content.read(1 << 20), b""), brand=whose
            )
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}.") from error
    if network:
        item = imports.correct_reading(by=by, item=item, brand=whose, default_network=network)
    for problem in Reading.from_json(item.reading).problems:
        console.print(f"{path.name}: {problem}")
    return imports.start_import(by=by, item=item)


def _read_here(items: list[Any], console: Console) -> None:
    from openroads.listening.actions.reading import read_import  # noqa: PLC0415 (needs settings)

    for item in items:
        with console.status(f"Reading {item.name}"):
            read_import(item=item)


def _watch(items: list[Any], console: Console) -> None:
    """Show how far the server is, until every file is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        bars = {item.pk: progress.add_task(item.name, total=1.0) for item in items}
        while any(item.is_unfinished for item in items):
            time.sleep(0.3)
            for item in items:
                item.refresh_from_db()
                progress.update(bars[item.pk], completed=item.share or 0.0)


def _report(items: list[Any], console: Console) -> None:
    from django.utils.translation import override  # noqa: PLC0415 (needs settings)

    from openroads.listening.actions.reading import what_came_of_it  # noqa: PLC0415

    failed = False
    for item in items:
        item.refresh_from_db()
        failed |= item.state == item.State.FAILED
        with override("en"):  # as all that the command line says
            typer.echo(f"{item.name}: {item.error or what_came_of_it(item)}")
        if item.rejected:
            typer.echo(f"  The rejected rows, with the reason: {item.rejected_path}")
    if failed:
        raise typer.Exit(1)
