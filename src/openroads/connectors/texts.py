"""The brand's own texts from files: a folder of pages, one document, or a table of texts."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from openroads.connectors.dates import OrderVotes, Unclear, read_date, votes
from openroads.connectors.failures import Refused
from openroads.connectors.files.detect import describe
from openroads.connectors.files.encoding import detect_encoding
from openroads.connectors.files.headings import fold, language_tag
from openroads.connectors.files.reading import Reading
from openroads.connectors.files.rows import MAX_CELL
from openroads.connectors.files.sources import body, first_byte
from openroads.connectors.pagetext import MAX_PAGE_BYTES, PageText, page_text
from openroads.connectors.plain import clean, one_line, plain, web_address
from openroads.connectors.port import Rejected, row_of
from openroads.connectors.sentences import say

MAX_FILES: Final = 5_000
MAX_DOCUMENT: Final = 5_000_000
_PAGES: Final = (".html", ".htm", ".xhtml")
_DOCUMENTS: Final = (".txt", ".md", ".markdown", ".text")
_ZONE: Final[tzinfo] = ZoneInfo("Europe/Amsterdam")
_MEANINGS: Final[dict[str, tuple[str, ...]]] = {
    "text": ("text", "tekst", "body", "content", "inhoud", "full text", "bericht", "paragraph"),
    "title": ("title", "titel", "kop", "headline", "onderwerp", "subject", "name", "naam"),
    "url": ("url", "link", "address", "webadres", "permalink", "page", "pagina"),
    "valid_from": (
        "valid from", "geldig vanaf", "geldig van", "from", "vanaf", "van", "since", "published",
        "published at", "publicatiedatum", "published on", "date", "datum", "created at",
    ),
    "valid_to": (
        "valid to", "valid until", "geldig tot", "geldig t m", "until", "tot", "to", "expires",
        "einddatum", "end date",
    ),
    "language": ("language", "lang", "taal"),
}  # fmt: skip


def read_texts(
    path: str | os.PathLike[str], name: str = ""
) -> tuple[list[PageText], list[Rejected]]:
    """The texts of a folder (.html, .txt, .md), of one such file, or of a CSV, XLSX or JSON Lines
    table with the columns url, title, text, valid_from, valid_to (Dutch headings too).

    Texts come in the order of the folder or table; what could not be read comes with a reason.
    Raises Refused when there is nothing to read at all.
    """
    place = Path(path)
    if place.is_dir():
        return _folder(place)
    if not place.is_file():
        raise Refused(say("“{name}” is not there.", name=name or place.name))
    name = name or place.name
    if place.suffix.lower() in _PAGES + _DOCUMENTS:
        rejected: list[Rejected] = []
        texts = list(_document(place, name, rejected))
        if not texts:
            raise Refused(
                rejected[0].reason if rejected else say("“{name}” has no text.", name=name)
            )
        return texts, rejected
    return _table(place, name)


def _folder(root: Path) -> tuple[list[PageText], list[Rejected]]:
    texts: list[PageText] = []
    rejected: list[Rejected] = []
    home = root.resolve()
    count = 0
    for file in sorted(root.rglob("*")):
        if file.suffix.lower() not in _PAGES + _DOCUMENTS or not file.is_file():
            continue
        name = str(file.relative_to(root))
        if not file.resolve().is_relative_to(home):
            why = say("This is a link to a file outside the folder.")
            rejected.append(Rejected(name, why, name))
            continue
        count += 1
        if count > MAX_FILES:
            why = say(
                "The folder has more than {texts} texts; this one and the rest are left out.",
                texts=MAX_FILES,
            )
            rejected.append(Rejected(name, why, name))
            break
        texts.extend(_document(file, name, rejected))
    if not texts:
        raise Refused(
            say("The folder “{name}” holds no .html, .txt or .md file with text.", name=root.name)
        )
    return texts, rejected


def _document(file: Path, name: str, rejected: list[Rejected]) -> Iterator[PageText]:
    try:
        size = file.stat().st_size
        if size == 0:
            raise Refused(say("This file is empty (0 bytes)."))
        is_page = file.suffix.lower() in _PAGES
        if size > (MAX_PAGE_BYTES if is_page else MAX_DOCUMENT):
            raise Refused(say("This file is too large for one text."))
        if is_page:
            page = page_text(file.read_bytes())
            if page is None:
                raise Refused(say("This page has no text of its own."))
            title = page.title or Path(name).stem
            yield PageText(name, title, page.text, page.language, page.published_on)
            return
        yield _words(file, name)
    except Refused as why:
        rejected.append(Rejected(name, why.why, name))
    except OSError:
        rejected.append(Rejected(name, say("This file cannot be opened."), name))


def _words(file: Path, name: str) -> PageText:
    encoding = detect_encoding(file, name)
    raw = file.read_bytes()[first_byte(file, encoding.name) :]
    text = clean(raw.decode(encoding.name, "replace"))
    title = Path(name).stem.replace("-", " ").replace("_", " ")
    if file.suffix.lower() in (".md", ".markdown"):
        heading = re.search(r"^#{1,2}[ \t]+(.+)$", text, re.MULTILINE)
        title = one_line(_without_marks(heading[1])) if heading else title
        text = _without_marks(text)
    if not text:
        raise Refused(say("This file has no text."))
    return PageText(name, title, text)


def _without_marks(text: str) -> str:
    """Markdown as words: marks of headings, lists, links, emphasis and code go."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, count=1, flags=re.DOTALL)
    text = re.sub(r"!\[([^\]\[\n]{0,500})\]\([^)(\n]{0,2000}\)", r"\1", text)
    text = re.sub(r"\[([^\]\[\n]{0,500})\]\([^)(\n]{0,2000}\)", r"\1", text)
    text = re.sub(r"^[ \t]*(?:#{1,6}|>|[-*+]|\d+\.)[ \t]+", "", text, flags=re.MULTILINE)
    text = re.sub(r"^[ \t]*(?:```.*|-{3,}|={3,}|\*{3,})[ \t]*$", "", text, flags=re.MULTILINE)
    return plain(re.sub(r"(\*\*|__|`)", "", text))


def _table(place: Path, name: str) -> tuple[list[PageText], list[Rejected]]:
    reading = describe(place, name)
    columns = _columns(reading)
    if "text" not in columns:
        seen = ", ".join(f"“{one[:40]}”" for one in reading.header[:12])
        raise Refused(
            say(
                "“{name}” has no column “text”. The columns are {columns}.", name=name, columns=seen
            )
        )
    dated = [columns[key] for key in ("valid_from", "valid_to") if key in columns]
    order = _order(place, reading, dated)
    texts: list[PageText] = []
    rejected: list[Rejected] = []
    for row in body(place, reading):
        cells = row.cells + [""] * (len(reading.header) - len(row.cells))
        if not row.reason and not any(cells):
            continue
        raw = dict(zip(reading.header, (cell[:32_000] for cell in cells), strict=False))
        try:
            if row.reason:
                raise Refused(row.reason)
            texts.append(_text_of(cells, columns, order))
        except Refused as why:
            held = raw if row.cells else row.raw
            rejected.append(Rejected(row_of(row.number), why.why, held))
    if not texts:
        raise Refused(
            rejected[0].reason if rejected else say("“{name}” has headings but no rows.", name=name)
        )
    return texts, rejected


def _columns(reading: Reading) -> dict[str, int]:
    folded = [fold(name) for name in reading.header]
    found: dict[str, int] = {}
    for meaning, names in _MEANINGS.items():
        for name in names:
            if name in folded and folded.index(name) not in found.values():
                found[meaning] = folded.index(name)
                break
    return found


def _order(place: Path, reading: Reading, dated: list[int]) -> str:
    now = datetime.now(UTC)
    seen = OrderVotes(now)
    for position in dated:
        cells = (row.cells[position] for row in body(place, reading) if position < len(row.cells))
        seen = votes(cells, now)
        if seen.order not in ("", "iso") and not seen.ambiguous:
            break
    return seen.order or "iso"


def _text_of(cells: list[str], columns: dict[str, int], order: str) -> PageText:
    def get(meaning: str) -> str:
        return cells[columns[meaning]].strip() if meaning in columns else ""

    if len(get("text")) > 10 * MAX_CELL:
        raise Refused(say("This text is too long for one row."))
    text = plain(get("text"))
    if not text:
        raise Refused(say("This row has no text."))
    since, until = _day(get("valid_from"), order), _day(get("valid_to"), order)
    if since and until and until <= since:
        raise Refused(say("This text ends before it begins: look at valid_from and valid_to."))
    return PageText(
        url=web_address(get("url")),
        title=one_line(get("title")),
        text=text,
        language=language_tag(get("language")),
        published_on=since,
        valid_from=since,
        valid_to=until,
    )


def _day(cell: str, order: str) -> date | None:
    if not cell:
        return None
    try:
        return read_date(cell, order, _ZONE).astimezone(_ZONE).date()
    except Unclear as unclear:
        raise Refused(unclear.why) from None
