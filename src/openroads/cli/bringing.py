"""`openroads import FILE`: through the running server when there is one, else by itself."""

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from openroads.cli import house


@dataclass(frozen=True)
class Told:
    """What the call says of the files: empty where it says nothing."""

    brand: str
    network: str
    source: str
    purpose: str
    encoding: str
    delimiter: str
    quote: str
    sheet: str
    heading: int | None
    date_order: str
    time_zone: str
    date: datetime | None
    columns: tuple[str, ...]


def bring_in(
    files: Annotated[list[Path], typer.Argument(help="CSV, TSV, XLSX, JSON Lines or NDJSON.")],
    data: Annotated[Path | None, typer.Option("--data", help="Directory of the house.")] = None,
    brand: Annotated[str, typer.Option(help="Name of the brand the posts are about.")] = "",
    network: Annotated[str, typer.Option(help="Network, where the file does not say.")] = "",
    source: Annotated[str, typer.Option(help="Source the posts are of: one you have, or the name of a new one.")] = "",
    purpose: Annotated[str, typer.Option(help="What a new source is read for, in one sentence; with --source.")] = "",
    encoding: Annotated[str, typer.Option(help="How letters are written: utf-8, cp1252, mac_roman ...")] = "",
    delimiter: Annotated[str, typer.Option(help="What sets cells apart: comma, semicolon, tab, bar, or the character.")] = "",
    quote: Annotated[str, typer.Option(help="What stands around a cell: double, single or none.")] = "",
    sheet: Annotated[str, typer.Option(help="Sheet of the workbook.")] = "",
    heading: Annotated[int | None, typer.Option(min=0, help="Row with the headings; 0 if there is none.")] = None,
    date_order: Annotated[str, typer.Option(help="How dates are written: iso, dmy, mdy, excel, epoch_s or epoch_ms.")] = "",
    time_zone: Annotated[str, typer.Option(help="Time zone of times that name none, such as Europe/Amsterdam.")] = "",
    date: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of every post, where the file has no dates.")] = None,
    column: Annotated[list[str] | None, typer.Option(help="What a column is, as text=HEADING; text= takes it away. May be given more than once.")] = None,
    language: Annotated[str | None, typer.Option(help="Language of what this command says: en or nl.")] = None,
) -> None:  # fmt: skip
    """Import files with what customers say. A running server does the work; this shows its progress.

    How a file is written is found by looking at it. What you say here goes before that.
    """
    if language not in (None, "en", "nl"):
        raise typer.BadParameter("This command speaks en and nl.")
    house.settle(data, **({"LANGUAGE": language} if language else {}))
    from django.conf import settings  # noqa: PLC0415 (needs settings)
    from django.utils.translation import gettext as _  # noqa: PLC0415
    from django.utils.translation import override  # noqa: PLC0415

    told = Told(
        brand, network, source, " ".join(purpose.split()), encoding, delimiter, quote, sheet, heading, date_order, time_zone, date,
        tuple(column or ()),
    )  # fmt: skip
    console = Console(stderr=True)
    with override(settings.LANGUAGE_CODE), house.opened(alone=False) as ours:
        _refuse_odd_purpose(told)
        brand_meant = _brand(told.brand)
        items = [item for path in files if (item := _received(path, told, brand_meant, console))]
        if not items:
            raise typer.Exit(2)
        # A server's archive has workers beside it, on machines with more room than this one may have.
        embedded = settings.OPENROADS.archive_is_embedded
        if ours and embedded:
            _read_here(items, console)
        else:
            if embedded:
                console.print(_("A running Openroads owns the archive: it reads these files now."))
            _watch(items, console, ours)
        well = _report(items, console)
    if not well or len(items) < len(files):
        raise typer.Exit(1)


def _received(path: Path, told: Told, brand: Any, console: Console) -> Any:
    """The file in line to be read; None, after saying why, when it cannot be: others are read all the same."""
    from openroads.connectors.failures import Refused  # noqa: PLC0415 (`openroads --help` must be quick)

    try:
        return _receive(path, told, brand, console)
    except Refused as refused:
        typer.secho(str(refused), err=True, fg=typer.colors.RED)
        return None


def _receive(path: Path, told: Told, brand: Any, console: Console) -> Any:
    from django.utils.translation import gettext as _  # noqa: PLC0415 (needs settings)

    from openroads.connectors.failures import Refused  # noqa: PLC0415
    from openroads.directory.people import system_person  # noqa: PLC0415
    from openroads.listening.actions import imports  # noqa: PLC0415
    from openroads.listening.saying import translated  # noqa: PLC0415

    by = system_person()
    if not path.is_file():
        raise Refused(_("There is no file %(file)s.") % {"file": path})
    try:
        with path.open("rb") as content:
            item = imports.receive_file(
                by=by, name=path.name, content=iter(lambda: content.read(1 << 20), b""), brand=brand,
                writing=_writing(told),
            )  # fmt: skip
        try:
            return _as_told(path, told, item, console)
        except (Refused, OSError):
            # Nobody looks at it again here, and what is put right is another call.
            imports.discard_file(by=by, item=item)
            raise
    except OSError as error:
        why = _("%(file)s cannot be read: %(why)s.") % {"file": path, "why": error.strerror}
        raise Refused(why) from error
    except Refused as refused:
        raise Refused(f"{path.name}: {translated(refused.why)}") from refused


def _as_told(path: Path, told: Told, item: Any, console: Console) -> Any:
    """A received file in line to be read, as the call says it is written."""
    from openroads.connectors.files import Reading  # noqa: PLC0415 (`openroads --help` must be quick)
    from openroads.listening.actions import imports  # noqa: PLC0415
    from openroads.listening.saying import translated  # noqa: PLC0415

    corrections = _corrections(told, Reading.from_json(item.reading))
    item = imports.correct_reading(by=item.by, item=item, **corrections)
    for problem in Reading.from_json(item.reading).problems:
        console.print(
            f"{path.name}: {translated(problem)}", highlight=False, markup=False, soft_wrap=True
        )
    item = imports.start_import(by=item.by, item=item, **_origin(told, item))
    _say_holes(item, console)
    return item


def _say_holes(item: Any, console: Console) -> None:
    """What the processing register lacks of a source that begins with this file."""
    from django.utils.translation import gettext as _  # noqa: PLC0415 (needs settings)

    from openroads.listening.register.queries import registered_among  # noqa: PLC0415

    if item.source is None or item.source.imports.count() > 1:
        return
    for row in registered_among([item.source_id]):
        if row.holes:
            console.print(
                _("The processing register has holes for “%(name)s”: %(holes)s. They are filled under Sources, Processing register.")
                % {"name": row.source.name, "holes": ", ".join(row.holes)},
                highlight=False, markup=False, soft_wrap=True,
            )  # fmt: skip


def _refuse_odd_purpose(told: Told) -> None:
    """Before any file is received: a purpose belongs to a source that begins, under a name."""
    from django.utils.translation import gettext as _  # noqa: PLC0415 (needs settings)

    from openroads.connectors.failures import Refused  # noqa: PLC0415
    from openroads.listening.models import Source  # noqa: PLC0415

    if not told.purpose:
        return
    if not told.source:
        raise Refused(_("Name the new source too: --purpose goes with --source NAME."))
    longest = Source._meta.get_field("purpose").max_length
    if longest and len(told.purpose) > longest:
        raise Refused(
            _("A purpose has %(longest)s characters at most; this one has %(length)s.")
            % {"longest": longest, "length": len(told.purpose)}
        )


def _brand(name: str) -> Any:
    from django.utils.translation import gettext as _  # noqa: PLC0415 (needs settings)

    from openroads.connectors.failures import Refused  # noqa: PLC0415
    from openroads.directory.company import Brand  # noqa: PLC0415

    whose = Brand.objects.filter(name__iexact=name).first() if name else None
    if name and whose is None:
        known = ", ".join(Brand.objects.values_list("name", flat=True)) or _("none yet")
        raise Refused(
            _("There is no brand %(name)s; known: %(known)s.") % {"name": name, "known": known}
        )
    return whose


def _writing(told: Told) -> Any:
    from openroads.connectors.files import Writing, writing  # noqa: PLC0415 (slow to load)

    return Writing(
        encoding=writing.encoding_named(told.encoding) if told.encoding else None,
        delimiter=writing.delimiter_named(told.delimiter) if told.delimiter else None,
        quote=writing.quote_named(told.quote) if told.quote else None,
        sheet=told.sheet or None,
        heading=told.heading,
    )


def _corrections(told: Told, reading: Any) -> dict[str, Any]:
    """What the call says of columns, dates and network; what it leaves out stays as found."""
    from django.utils.translation import gettext as _  # noqa: PLC0415 (needs settings)

    from openroads.connectors.failures import Refused  # noqa: PLC0415

    said: dict[str, Any] = {
        "default_network": told.network, "date_order": told.date_order, "timezone": told.time_zone,
        "default_said_at": told.date.date() if told.date else None,
    }  # fmt: skip
    said = {name: value for name, value in said.items() if value}
    columns = dict(reading.columns)
    for given in told.columns:
        meaning, equals, heading = given.partition("=")
        if not equals:
            raise Refused(_("“%(given)s” is not MEANING=HEADING.") % {"given": given})
        columns.pop(meaning, None)
        if heading:
            columns[meaning] = heading
    return said | ({"columns": columns} if told.columns else {})


def _origin(told: Told, item: Any) -> dict[str, Any]:
    """The source named: one of files of this shape, or else a new one of that name."""
    from django.utils.translation import gettext as _  # noqa: PLC0415 (needs settings)

    from openroads.connectors.failures import Refused  # noqa: PLC0415
    from openroads.connectors.files import Reading  # noqa: PLC0415 (`openroads --help` must be quick)
    from openroads.listening.whence import sources_like  # noqa: PLC0415 (needs settings)

    if not told.source:
        return {}
    known = sources_like(Reading.from_json(item.reading))
    chosen = next((one for one in known if one.name.casefold() == told.source.casefold()), None)
    if chosen is not None and told.purpose:
        raise Refused(
            _(
                "The source “%(name)s” is here already. Its purpose is changed under Sources, Change."
            )
            % {"name": chosen.name}
        )
    return {
        "source": chosen, "another": chosen is None, "source_name": told.source,
        "purpose": told.purpose,
    }  # fmt: skip


def _read_here(items: list[Any], console: Console) -> None:
    from django.utils.translation import gettext as _  # noqa: PLC0415 (needs settings)

    from openroads.listening.actions.reading import read_import  # noqa: PLC0415

    for item in items:
        with console.status(escape(_("Reading %(name)s") % {"name": item.name})):
            read_import(item=item)


def _watch(items: list[Any], console: Console, ours: bool) -> None:
    """Show how far the files are, until every one is done: by whoever works in this house, or by
    this process when nobody does and the archive can be opened from here."""
    from django.utils.translation import gettext as _  # noqa: PLC0415 (needs settings)

    from openroads.cli.waiting import NobodyWorks, attended  # noqa: PLC0415
    from openroads.connectors.failures import Refused  # noqa: PLC0415
    from openroads.listening.actions.imports import READ_IMPORT  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with (
        attended(ours=ours, jobs=frozenset({READ_IMPORT})) as look,
        Progress(*columns, console=console) as progress,
    ):
        bars = {item.pk: progress.add_task(item.name, total=1.0) for item in items}
        while any(item.is_unfinished for item in items):
            try:
                look()
            except NobodyWorks:
                raise Refused(
                    _(
                        "Nobody reads these files: the Openroads that owns the archive has no workers "
                        "(OPENROADS_WORKER_THREADS). They wait in line. Start openroads run with workers, "
                        "or stop it and import again."
                    )
                ) from None
            time.sleep(0.3)
            for item in items:
                item.refresh_from_db()
                progress.update(bars[item.pk], completed=item.share or 0.0)


def _report(items: list[Any], console: Console) -> bool:
    """Say what came of each file; whether all were read to their end."""
    from django.utils.translation import gettext as _  # noqa: PLC0415 (needs settings)

    from openroads.listening.actions.reading import what_came_of_it  # noqa: PLC0415
    from openroads.listening.whence import kept_apart_words  # noqa: PLC0415

    well = True
    for item in items:
        item.refresh_from_db()
        well &= item.state != item.State.FAILED
        typer.echo(f"{item.name}: {item.error or what_came_of_it(item)}")
        if item.kept_apart:
            console.print(
                f"{item.name}: {kept_apart_words(item)}",
                highlight=False,
                markup=False,
                soft_wrap=True,
            )
            console.print(
                _("If it is the same source after all, import it again with --source NAME.")
            )
        if item.rejected:
            told = _("The rejected rows, with the reason: %(place)s")
            typer.echo(f"  {told % {'place': item.rejected_path}}")
    return well
