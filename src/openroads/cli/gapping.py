"""`openroads gap`: the brand gap of two heaps of text, as one report, without a server or an account."""

import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from openroads.cli import house


def gap(
    says: Annotated[list[Path], typer.Option(help="What customers say: CSV, TSV, XLSX, JSON Lines. May be given more than once.")],
    brand: Annotated[list[str], typer.Option(help="What the brand says: an address, a folder of pages, or a file of texts.")],
    out: Annotated[Path, typer.Option(help="The report to write: .html or .pdf.")] = Path("brand-gap.html"),
    name: Annotated[str, typer.Option(help="Name of the brand.")] = "",
    customers: Annotated[str, typer.Option(help="What its customers are called: riders, guests, readers.")] = "",
    product: Annotated[list[str] | None, typer.Option(help="A product, with other spellings after a colon: 'Kade: Windmee Kade'.")] = None,
    own: Annotated[list[str] | None, typer.Option(help="A handle of the brand's own, whose posts are what the brand says.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day; default: the first post.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day; default: the last post.")] = None,
    language: Annotated[str, typer.Option(help="Language of the report: en or nl.")] = "en",
) -> None:  # fmt: skip
    """Compare what customers say with what the brand says of itself, and write a report."""
    if out.suffix.lower() not in (".html", ".pdf"):
        raise typer.BadParameter(f"{out}: the report is an .html or a .pdf file.")
    if language not in ("en", "nl"):
        raise typer.BadParameter("The report is written in en or in nl.")
    if not out.absolute().parent.is_dir():
        raise typer.BadParameter(f"{out.parent} is not a folder.")
    for path in says:
        if not path.is_file():
            raise typer.BadParameter(f"{path} is not a file.")
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="openroads-gap-") as folder:
        house.settle(Path(folder))
        # Django's settings are needed for templates and translations; no database is opened.
        from openroads.listening.report import Question, write_report  # noqa: PLC0415

        question = Question(
            says=tuple(says), brand=tuple(brand), name=name, customers=customers,
            products=tuple(product or ()), own=tuple(own or ()), since=_day(since), until=_day(until),
            language=language,
        )  # fmt: skip
        with console.status("Reading") as status:
            made = write_report(
                question,
                Path(folder) / "archive",
                out,
                say=lambda doing: status.update(escape(doing)),
            )
    for line in made.told:
        # TRICKY: a heading such as "[/b]" is markup to rich, and crashes it.
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    typer.echo(str(out))
    if made.without_gap:
        typer.secho(made.without_gap, err=True, fg=typer.colors.RED)
        raise typer.Exit(1)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
