"""The brand gap of two heaps of text as one file, without a server or an account: what `openroads gap` writes."""

import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from itertools import chain, count
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from openroads.analysis.gap import Gap
from openroads.analysis.pipeline import Analysis, Name, joined
from openroads.archive.client import Archive
from openroads.archive.ingest import Origin, Passage, ingest, ingest_passages
from openroads.archive.queries.state import kept
from openroads.archive.scope import Scope
from openroads.connectors import files
from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.http import Guarded
from openroads.connectors.pagetext import PageText
from openroads.connectors.passages import cut_passages
from openroads.connectors.site import Site
from openroads.connectors.texts import read_texts
from openroads.listening import paper
from openroads.listening.actions.texts import AT_ONCE, read_passages
from openroads.listening.analysing import Reader, analysed, rows_in
from openroads.listening.drilling import drill
from openroads.listening.filters import GapFilter
from openroads.listening.gap_page import gap_page
from openroads.listening.gap_reading import read_gap
from openroads.listening.saying import in_words, line_of, reason_column, translated
from openroads.listening.whose import Whose
from openroads.ui.formats import day, number, period

BRAND = 1
NAMED = 12
"""Accounts that are named in a sentence; of more a few will do."""
STYLES = ("ui/tokens.css", "ui/base.css", "ui/parts.css", "ui/exhibits.css", "ui/print.css")
HOST = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?:/\S*)?")
TEXTS = (".csv", ".tsv", ".xlsx", ".txt", ".md", ".html", ".htm", ".json", ".jsonl", ".ndjson")
"""Endings of files: a mistyped name of one is no site."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Question:
    """What is asked on the command line."""

    says: tuple[Path, ...]
    brand: tuple[str, ...]
    name: str = ""
    customers: str = ""
    products: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    language: str = "en"


@dataclass(frozen=True)
class Written:
    """What the person who asked is told of a report: what was read, what was rejected and where that
    is; and, in `without_gap`, why there is no gap in it (empty: there is)."""

    told: tuple[str, ...]
    without_gap: str = ""


def write_report(asked: Question, folder: Path, out: Path, *, say: Say) -> Written:
    """Read both heaps into an archive of their own in `folder`, and write the report to `out`.

    Raises Refused or TryLater, with a sentence in the language asked for, when one side holds nothing
    that can be read.
    """
    with override(asked.language):
        try:
            return _written(asked, folder, out, say)
        except Refused as refused:
            raise Refused(translated(refused.why)) from refused
        except TryLater as later:
            raise TryLater(translated(later.why), later.after) from later


def _written(asked: Question, folder: Path, out: Path, say: Say) -> Written:
    with Archive.open(folder, author_key=secrets.token_bytes(32)) as archive:
        reader = _reader(asked)
        with TemporaryDirectory(prefix="openroads-rejected-") as aside:
            told = _read_posts(archive, asked, reader, out, say, aside)
        told += _read_brand(archive, asked, reader, say)
        scope = _scope(archive, asked)
        say(_("Counting"))
        products = tuple(name.id for name in reader.names if name.kind == "product")
        reading = read_gap(archive, scope, products, reader.names)
        first = reading.gap.they_say[0].key if reading.gap.they_say else ""
        drilled = drill(archive, scope, reading, first, posts=2) if first else None
        whose = Whose(
            asked.name,
            asked.customers or _("customers"),
            {name.id: name.forms[0] for name in reader.names if name.kind == "product"},
        )
        sentence = GapFilter(scope.since, scope.until - timedelta(days=1), brand=scope.brand)
        page = gap_page(reading, sentence, whose, drilled, linked=False)
        if out.suffix.lower() == ".pdf":
            out.write_bytes(
                paper.page_pdf(reading, sentence, whose, drilled, language=asked.language)
            )
        else:
            context = {
                "page": page,
                "links": False,
                "whose": whose,
                "language": asked.language,
                "period": period(scope.since, scope.until),
                "method": paper.method_sentences(),
                "styles": mark_safe(_styles()),  # noqa: S308 (our own stylesheets)
            }
            out.write_text(render_to_string("listening/report.html", context), encoding="utf-8")
    without = f"{page.too_little.finding}: {_found(reading.gap)}" if page.too_little else ""
    return Written(tuple(told), without)


def _found(gap: Gap) -> str:
    """How much was found of what a gap needs."""
    if gap.shortage == "posts":
        told = {"n": number(gap.totals.posts), "least": number(gap.thresholds.few_posts)}
        return _("found %(n)s of %(least)s posts.") % told
    told = {"n": number(gap.totals.passages), "least": number(gap.thresholds.few_passages)}
    return _("found %(n)s of %(least)s passages.") % told


def _reader(asked: Question) -> Reader:
    names = [Name(id=BRAND, kind="brand", forms=(asked.name,))] if asked.name else []
    for place, told in enumerate(asked.products, start=1):
        name, _colon, others = told.partition(":")
        forms = [name.strip(), *(form.strip() for form in others.split(",") if form.strip())]
        names.append(
            Name(id=place, kind="product", forms=tuple(forms), brand=BRAND if asked.name else 0)
        )
    return Reader(names=tuple(names))


def _read_posts(
    archive: Archive, asked: Question, reader: Reader, out: Path, say: Say, aside: str
) -> list[str]:
    told = []
    for source, path in enumerate(asked.says, start=1):
        reading = files.detect(path, timezone=settings.TIME_ZONE)
        told += [f"{path.name}: {translated(problem)}" for problem in reading.problems]
        own = frozenset(handle.lstrip("@").lower() for handle in asked.own)
        if not own and (marked := sorted(files.own_authors(path, reading), key=str.casefold)):
            own = frozenset(name.lstrip("@").lower() for name in marked)
            told.append(_marked_as_ours(path, marked))
        # Whoever names the file says what it is about: every post in it is about the brand.
        origin = Origin(source, "customer", BRAND, own)
        # Aside first: beside the report may stand a file of an earlier time, mended by now, or even
        # one that is still to be read.
        rejected = Path(aside) / f"{source}.csv"
        read = bad = 0
        with files.RejectedFile(rejected, reading.header, reason=reason_column()) as left:
            pages = files.read(path, reading, now=datetime.now(UTC))
            for page, analysis in analysed(pages, reader, rows_in(path.stat().st_size)):
                ingest(archive, page.messages, analysis, origin, now=datetime.now(UTC))
                for row in page.rejected:
                    left.add(in_words(row))
                read += len(page.messages)
                bad += len(page.rejected)
                say(_("Reading %(name)s: %(n)s rows") % {"name": path.name, "n": number(read)})
        if bad:
            beside = _unused(out.with_name(_("%(name)s-rejected.csv") % {"name": path.stem}))
            shutil.move(rejected, beside)
            told.append(
                _("%(name)s: %(n)s rows were rejected; they stand with the reason in %(file)s.")
                % {"name": path.name, "n": number(bad), "file": beside}
            )
        if not read:
            raise Refused(_("%(name)s: not one row could be read.") % {"name": path.name})
    return told


def _marked_as_ours(path: Path, names: Sequence[str]) -> str:
    """Which accounts count as the brand because the file says so: in a heap of several companies'
    answers they are not all ours."""
    return ngettext(
        "%(name)s marks %(n)s account as the company: %(accounts)s. What it wrote counts as what the brand says; name yours with --own if that is wrong.",
        "%(name)s marks %(n)s accounts as the company: %(accounts)s. What they wrote counts as what the brand says; name yours with --own if that is wrong.",
        len(names),
    ) % {
        "name": path.name,
        "n": number(len(names)),
        "accounts": ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else ""),
    }  # fmt: skip


def _unused(path: Path) -> Path:
    """This path, or the first with a number behind its name under which nothing stands."""
    names = chain([path], (path.with_stem(f"{path.stem}-{n}") for n in count(2)))
    return next(one for one in names if not one.exists())


def _read_brand(archive: Archive, asked: Question, reader: Reader, say: Say) -> list[str]:
    told: list[str] = []
    texts = 0
    passages: list[Passage] = []
    found: list[Analysis] = []
    for text in _texts(asked, told):
        texts += 1
        say(_("Reading what the brand says: %(n)s texts") % {"n": number(texts)})
        cut = cut_passages(text.text)
        # A page without dates of its own is taken to have stood there all the while.
        since = text.valid_from or date(1990, 1, 1)
        passages += (
            Passage(texts, place, BRAND, text.url, text.title, each, since, text.valid_to)
            for place, each in enumerate(cut)
        )
        found.append(read_passages(reader, text.title, cut, text.language))
        if len(found) == AT_ONCE:
            ingest_passages(archive, passages, joined(found))
            passages, found = [], []
    if passages:
        ingest_passages(archive, passages, joined(found))
    if not texts:
        raise Refused(_("Nothing the brand says could be read."))
    return told


def _address(where: str) -> str:
    """The address of a site, also where only its name is given ("www.windmee.nl"); empty for a file or
    a folder."""
    if where.startswith(("http://", "https://")):
        return where
    named = HOST.fullmatch(where) and not where.lower().endswith(TEXTS)
    return f"https://{where}" if named and not Path(where).exists() else ""


def _texts(asked: Question, told: list[str]) -> Iterator[PageText]:
    for where in asked.brand:
        if address := _address(where):
            site = Site(Guarded(settings.OPENROADS.http_allow))
            yield from site.pages(address)
            told += [line_of(skipped) for skipped in site.skipped]
            continue
        pages, rejected = read_texts(where)
        told += [line_of(row) for row in rejected]
        yield from pages


def _scope(archive: Archive, asked: Question) -> Scope:
    """The days asked for, else all days with posts."""
    rows = kept(archive)
    if asked.since and asked.until and asked.since > asked.until:
        raise Refused(_("The period ends before it begins."))
    first, last = min(row.first for row in rows), max(row.last for row in rows)
    scope = Scope(first, last + timedelta(days=1), brand=BRAND)
    since = asked.since or scope.since
    until = asked.until + timedelta(days=1) if asked.until else scope.until
    if since >= until:
        raise Refused(
            _("The posts run from %(first)s to %(last)s; the period asked for lies outside.")
            % {"first": day(first), "last": day(last)}
        )
    return replace(scope, since=since, until=until)


def _styles() -> str:
    """The house's own styles in one piece, so that the file stands alone."""
    ui, room = resources.files("openroads.ui"), resources.files("openroads.listening")
    sheets = [(ui / "static" / name).read_text(encoding="utf-8") for name in STYLES]
    sheets.append((room / "static" / "listening" / "gap.css").read_text(encoding="utf-8"))
    return "\n".join(sheets)
