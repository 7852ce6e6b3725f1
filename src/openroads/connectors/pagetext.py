"""One page of a site as text: what it says, its title, language and day, from its bytes alone."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import trafilatura

from openroads.connectors.failures import Refused
from openroads.connectors.files.headings import language_tag
from openroads.connectors.markup import check_markup
from openroads.connectors.plain import clean, one_line
from openroads.connectors.sentences import say

MAX_PAGE_BYTES: Final = 2_000_000
_LANG: Final = re.compile(rb"<html\b[^<>]*?\blang\s*=\s*[\"']?([A-Za-z-]{2,11})", re.IGNORECASE)
_TITLE: Final = re.compile(rb"<title\b[^<>]*>([^<]{0,1000})", re.IGNORECASE)
MAX_ELEMENTS: Final = 30_000
"""Opening and closing tags of one page; extraction takes about 45 microseconds for each."""


@dataclass(frozen=True, slots=True)
class PageText:
    """What one page or document of the brand says. `valid_from`/`valid_to` are half-open days."""

    url: str
    title: str
    text: str
    language: str = ""
    published_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None


def page_text(body: bytes, url: str = "", today: date | None = None) -> PageText | None:
    """The main text of an HTML page from its bytes alone; None when it has none worth keeping.

    Menus, footers and comments are left out (trafilatura, no network). The day of publication is
    what the page itself declares; none in the future. Raises Refused for pages that would stall
    a parser.
    """
    if len(body) > MAX_PAGE_BYTES:
        raise Refused(
            say(
                "The page is larger than {size} MB; it is not read.",
                size=MAX_PAGE_BYTES / 1_000_000,
            )
        )
    check_markup(body, say("The page"), html=True)
    if body.count(b"<") > MAX_ELEMENTS:
        raise Refused(say("The page has more elements than a page of text needs; it is not read."))
    found: Any = trafilatura.bare_extraction(
        body,
        url=url or None,
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    text = clean(getattr(found, "text", None) or "")
    if len(text.split()) < 5:
        return None
    head_title = _TITLE.search(body)
    title = one_line(getattr(found, "title", None) or "")
    if not title and head_title:
        title = one_line(head_title[1].decode("utf-8", "replace"))
    said = _LANG.search(body)
    language = language_tag(said[1].decode("ascii")) if said else ""
    return PageText(url, title, text, language, _day(getattr(found, "date", None), today))


def _day(told: object, today: date | None) -> date | None:
    try:
        day = date.fromisoformat(str(told)[:10])
    except ValueError:
        return None
    latest = today or datetime.now(UTC).date()
    return day if date(1990, 1, 1) <= day <= latest else None
