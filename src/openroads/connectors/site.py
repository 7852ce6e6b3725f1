"""The brand's own web site: which pages it has, what they say, since when; robots.txt respected."""

import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import ClassVar, Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from protego import Protego

from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.http import Answer, Guarded
from openroads.connectors.markup import check_markup, gunzip
from openroads.connectors.pagetext import MAX_PAGE_BYTES, PageText, page_text
from openroads.connectors.plain import plain, web_address
from openroads.connectors.port import Can, Field, Rejected
from openroads.connectors.sentences import say

__all__ = ["MAX_PAGES", "PageText", "Site", "page_text", "read_sitemap", "tidy"]

MAX_PAGES: Final = 200
MAX_SITEMAP_BYTES: Final = 10_000_000
MAX_SITEMAPS: Final = 50
MAX_FOUND: Final = 20_000
"""Addresses that are remembered while looking for pages."""
ROBOT: Final = "Openroads"
_NOT_PAGES: Final = re.compile(
    r"\.(?:pdf|jpe?g|png|gif|webp|svg|ico|css|js|json|xml|zip|gz|mp[34]|avi|mov|woff2?|ttf|docx?|xlsx?"
    r"|pptx?|ics|rss|atom|exe|dmg)$",
    re.IGNORECASE,
)
_LINK: Final = re.compile(r"<a\s[^<>]*?\bhref\s*=\s*[\"']?([^\"'\s<>]+)", re.IGNORECASE)
_CANONICAL: Final = re.compile(
    r"<link\s[^<>]{0,2000}?\brel\s*=\s*[\"']?canonical\b[^<>]{0,2000}>", re.IGNORECASE
)
_HREF: Final = re.compile(r"\bhref\s*=\s*[\"']?([^\"'\s<>]+)", re.IGNORECASE)
_TRACKING: Final = re.compile(
    r"^(?:utm_.*|gclid|fbclid|msclkid|mc_[ce]id|_ga|sessionid|phpsessid)$"
)


def tidy(url: str) -> str:
    """The address without fragment and tracking parameters: one page, one address. Empty if bad."""
    url = web_address(url.strip().replace(" ", "%20"))
    if not url:
        return ""
    parts = urlsplit(url)
    asked = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.match(name.lower())
    ]
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", urlencode(asked), ""))


def _house(url: str) -> str:
    """Host and port without "www.": what two addresses of one site share."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}:{parts.port}" if parts.port else host


class Site:
    """Reads a site: its sitemaps if it has them, else its links from the first page on.

    `delay` is the pause between two pages in seconds (robots.txt may ask for more, up to ten);
    `sleep` is how to pause. After `pages`, `skipped` says what was left out and why.
    """

    kind: ClassVar[str] = "site"
    label: ClassVar[str] = "The brand's own web site"
    can: ClassVar[Can] = Can.READ
    fields: ClassVar[tuple[Field, ...]] = (
        Field("url", "Address of the site", "The home page, or the part of the site to read."),
        Field("limit", "Pages at most", required=False, default=str(MAX_PAGES)),
    )

    def __init__(
        self,
        client: Guarded,
        *,
        delay: float = 0.5,
        sleep: Callable[[float], None] = time.sleep,
        now: datetime | None = None,
    ) -> None:
        self._client = client
        self._delay = delay
        self._sleep = sleep
        self._now = now
        self.skipped: list[Rejected] = []

    def pages(self, url: str, limit: int = MAX_PAGES) -> Iterator[PageText]:
        """The texts of at most `limit` pages of the site at `url`, each page once.

        Raises TryLater or Refused when the first page cannot be read; a later page that fails is
        noted in `skipped` and left out.
        """
        self.skipped = []
        start = tidy(url if "://" in url else f"https://{url}")
        if not start:
            raise Refused(say("“{url}” is not a web address.", url=url[:100]))
        robots, listed = self._settle(start)
        asked = robots.crawl_delay(ROBOT)
        pause = min(10.0, max(self._delay, float(asked or 0)))
        yield from self._walk(start, listed, robots, pause, limit)

    def _settle(self, start: str) -> tuple[Protego, list[str]]:
        """The rules of a site and the pages it lists. Refused when it asks not to be read."""
        robots, maps = self._robots(start)
        if not robots.can_fetch(start, ROBOT):
            raise Refused(say("The robots.txt of this site asks not to be read."))
        return robots, self._from_sitemaps(start, maps)

    def _walk(
        self,
        start: str,
        listed: list[str],
        robots: Protego,
        pause: float,
        limit: int,
    ) -> Iterator[PageText]:
        waiting = deque([start, *listed])
        seen: set[str] = set()
        told: set[str] = set()
        house, fetched = _house(start), 0
        while waiting and fetched < limit:
            address = waiting.popleft()
            if address in seen:
                continue
            seen.add(address)
            if not robots.can_fetch(address, ROBOT):
                why = say("The robots.txt of this site asks not to read this page.")
                self._skip(address, why)
                continue
            if fetched:
                self._sleep(pause)
            fetched += 1
            answer = self._fetch(address, first=address == start)
            if answer is None:
                continue
            final = tidy(answer.url)
            if address == start and _house(final) != house:
                # The home page sends on to another host of the brand, with rules of its own.
                house = _house(final)
                robots, listed = self._settle(final)
                waiting = deque(listed)
            elif _house(final) != house:
                self._skip(address, say("This page sends on to another site."))
                continue
            if not listed and len(seen) + len(waiting) < MAX_FOUND:
                waiting.extend(self._links(answer, house))
            canonical = self._canonical(answer, house) or final
            if canonical in told:
                continue
            told.update((canonical, final))
            page = self._read(answer, canonical)
            if page is not None and (words := _fingerprint(page.text)) not in told:
                told.add(words)
                yield page

    def _fetch(self, address: str, *, first: bool) -> Answer | None:
        try:
            answer = self._client.get(address, max_bytes=MAX_PAGE_BYTES)
        except (TryLater, Refused) as why:
            if first:
                raise
            self._skip(address, why.why)
            return None
        if answer.content_type not in ("text/html", "application/xhtml+xml", ""):
            if first:
                raise Refused(say("This address gives no web page."))
            self._skip(address, say("This is not a web page."))
            return None
        return answer

    def _read(self, answer: Answer, address: str) -> PageText | None:
        try:
            page = page_text(answer.body, address, (self._now or datetime.now(UTC)).date())
        except Refused as why:
            self._skip(address, why.why)
            return None
        if page is None:
            self._skip(address, say("This page has no text of its own."))
        return page

    def _skip(self, address: str, why: str) -> None:
        if len(self.skipped) < 1_000:
            self.skipped.append(Rejected(address, why, address))

    def _links(self, answer: Answer, house: str) -> list[str]:
        text = answer.body.decode("utf-8", "replace")
        found: dict[str, None] = {}
        for link in _LINK.finditer(text):
            address = _own_page(answer.url, link[1], house)
            if address:
                found[address] = None
            if len(found) >= 2_000:
                break
        return list(found)

    def _canonical(self, answer: Answer, house: str) -> str:
        tag = _CANONICAL.search(answer.body[:300_000].decode("utf-8", "replace"))
        href = _HREF.search(tag[0]) if tag else None
        return _own_page(answer.url, href[1], house) if href else ""

    def _robots(self, start: str) -> tuple[Protego, list[str]]:
        """The rules of the site and its sitemaps. No robots.txt means that all may be read."""
        answer = self._client.get(
            urljoin(start, "/robots.txt"), max_bytes=500_000, also=range(400, 429)
        )
        told = answer.body.decode("utf-8", "replace") if answer.status < 300 else ""
        rules = Protego.parse(told.replace("\ufeff", ""))
        return rules, list(rules.sitemaps)

    def _from_sitemaps(self, start: str, maps: Iterable[str]) -> list[str]:
        """The pages the site lists, in its own order; only those of the same site."""
        house = _house(start)
        usual = [urljoin(start, "/sitemap.xml"), urljoin(start, "/sitemap_index.xml")]
        waiting = deque(address for address in maps if web_address(address)) or deque(usual)
        seen: set[str] = set()
        pages: dict[str, None] = {}
        while waiting and len(seen) < MAX_SITEMAPS and len(pages) < MAX_FOUND:
            address = waiting.popleft()
            if address in seen:
                continue
            seen.add(address)
            try:
                answer = self._client.get(
                    address, max_bytes=MAX_SITEMAP_BYTES, also=range(400, 429)
                )
                if answer.status >= 300:
                    continue
                inner, listed = read_sitemap(answer.body)
            except (Refused, TryLater) as why:
                self._skip(address, why.why)
                continue
            waiting.extend(inner)
            for one in listed:
                page = _own_page(start, one, house)
                if page and len(pages) < MAX_FOUND:
                    pages[page] = None
        return list(pages)


def read_sitemap(body: bytes) -> tuple[list[str], list[str]]:
    """The sitemaps and the pages a sitemap lists (XML, gzipped XML or plain lines).

    Raises Refused for bombs. https://www.sitemaps.org/protocol.html
    """
    body = gunzip(body, MAX_SITEMAP_BYTES, say("The sitemap"))
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start != b"<":
        lines = body.decode("utf-8", "replace").split()
        return [], [line for line in lines[:MAX_FOUND] if web_address(line)]
    check_markup(body, say("The sitemap"), max_depth=20)
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Refused(say("The sitemap is not valid XML.")) from None
    inner: list[str] = []
    pages: list[str] = []
    for entry in root:
        name = _local(entry.tag)
        for part in entry:
            if _local(part.tag) == "loc" and part.text:
                (inner if name == "sitemap" else pages).append(part.text.strip())
    return inner[:MAX_SITEMAPS], pages[:MAX_FOUND]


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2].lower()


def _own_page(base: str, link: str, house: str) -> str:
    """The tidy address of a link when it is a page of this site; else empty."""
    try:
        address = tidy(urljoin(base, plain(link)))
    except ValueError:
        return ""
    if not address or _house(address) != house or _NOT_PAGES.search(urlsplit(address).path):
        return ""
    return address


def _fingerprint(text: str) -> str:
    return "\x1f" + " ".join(text.split())
