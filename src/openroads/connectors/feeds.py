"""RSS, Atom and JSON feeds: news, blogs, forums and Google Alerts as messages."""

import hashlib
import json
import re
from calendar import timegm
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar, Final
from urllib.parse import parse_qs, urljoin, urlsplit

import feedparser

from openroads.archive.message import Message
from openroads.connectors.dates import FUTURE_SLACK, Unclear, check_moment, read_date
from openroads.connectors.failures import Refused
from openroads.connectors.files.headings import language_tag
from openroads.connectors.http import Answer, Guarded
from openroads.connectors.markup import check_markup
from openroads.connectors.networks import network_of_url
from openroads.connectors.plain import one_line, plain, web_address
from openroads.connectors.port import Can, Connector, Field, Page, Rejected
from openroads.connectors.sentences import say

MAX_BYTES: Final = 3_000_000
MAX_ENTRIES: Final = 1_000
MAX_ENTRY: Final = 50_000
"""Characters of one entry that are kept."""
MAX_ELEMENTS: Final = 30_000
"""Markup outside CDATA that is parsed, opening and closing tags counted."""
_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_CDATA = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
_FEED_LINK = re.compile(
    r"<link\b[^<>]{0,500}type\s*=\s*[\"']?application/(?:rss|atom|feed)\+(?:xml|json)[^<>]{0,500}>",
    re.IGNORECASE,
)
_HREF = re.compile(r"\bhref\s*=\s*[\"']?([^\"'\s<>]+)", re.IGNORECASE)


@dataclass
class _Memory:
    """What is remembered between two visits; the cursor is this as JSON.

    `undated` holds when we first saw entries that carry no date, so that their moment stays what
    it was the next time we read them.
    """

    etag: str = ""
    modified: str = ""
    url: str = ""
    undated: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: str) -> "_Memory":
        try:
            told = json.loads(cursor) if cursor else {}
            return cls(
                str(told.get("etag", "")),
                str(told.get("modified", "")),
                str(told.get("url", "")),
                {str(key): str(value) for key, value in told.get("undated", {}).items()},
            )
        except (ValueError, AttributeError):
            return cls()

    def cursor(self) -> str:
        return json.dumps(vars(self), separators=(",", ":"), sort_keys=True)


class Feed(Connector):
    """Follows one feed. The topic is its address, or that of a page that points to its feed."""

    kind: ClassVar[str] = "feed"
    label: ClassVar[str] = "RSS, Atom or JSON feed"
    can: ClassVar[Can] = Can.READ
    fields: ClassVar[tuple[Field, ...]] = (
        Field(
            "url",
            "Address of the feed",
            "A feed, or a page that links to one. Google Alerts: choose delivery to “RSS feed”.",
        ),
    )

    def __init__(self, client: Guarded, now: datetime | None = None) -> None:
        self._client = client
        self._now = now

    def read(self, topic: str, cursor: str = "") -> Iterator[Page]:
        """One page with the entries the feed shows now; an empty one when nothing has changed.

        An entry without a usable date gets the moment at which we first saw it, and `notes` of
        the page say how many did.
        """
        memory = _Memory.of(cursor)
        answer = self._client.get(
            topic, etag=memory.etag, modified=memory.modified, max_bytes=MAX_BYTES
        )
        if answer.status == 304:
            yield Page([], memory.cursor())
            return
        if link := _linked_feed(answer):
            answer = self._client.get(link, max_bytes=MAX_BYTES)
        page = read_feed(answer.body, answer.url, self._now or datetime.now(UTC), memory.undated)
        kept = _Memory("" if link else answer.etag, "" if link else answer.modified, answer.url)
        undated = json.loads(page.cursor)
        kept.undated = undated
        yield Page(page.messages, kept.cursor(), page.rejected, page.total, notes=page.notes)


def _linked_feed(answer: Answer) -> str:
    """The feed an HTML page points to; empty when the answer is no page."""
    start = answer.body[:300].lstrip().lower()
    if not (answer.content_type == "text/html" or start.startswith((b"<!doctype html", b"<html"))):
        return ""
    if b"<rss" in start or b"<feed" in start or b"<rdf" in start:
        return ""  # a feed sent under the wrong name
    head = answer.body[:300_000].decode("utf-8", "replace")
    for tag in _FEED_LINK.finditer(head):
        if href := _HREF.search(tag[0]):
            return web_address(urljoin(answer.url, href[1].replace("&amp;", "&")))
    raise Refused(say("This is a web page and it points to no feed. Give the address of the feed."))


def read_feed(body: bytes, url: str, now: datetime, undated: dict[str, str] | None = None) -> Page:
    """The entries of a feed as messages, from its bytes alone; no network.

    `undated` maps ids of entries without a date to the moment they were first seen (ISO); the
    page's cursor is that map for this time. Raises Refused for what is not a feed or is a bomb.
    """
    if len(body) > MAX_BYTES:
        raise Refused(
            say("The feed is larger than {size} MB; it is not read.", size=MAX_BYTES / 1_000_000)
        )
    if not body.strip():
        raise Refused(say("The feed is empty."))
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        entries, language = _json_entries(body)
    else:
        entries, language = _xml_entries(body)
    seen_before = undated or {}
    messages: list[Message] = []
    rejected: list[Rejected] = []
    without: dict[str, str] = {}
    for number, entry in enumerate(entries[:MAX_ENTRIES], start=1):
        message = _as_message(entry, url, language, now, seen_before, without)
        if message is None:
            rejected.append(
                Rejected(
                    say("entry {number}", number=str(number)),
                    say("This entry has no text."),
                    entry.link[:500],
                )
            )
        else:
            messages.append(message)
    notes = []
    if without:
        notes.append(
            say(
                "Entries without a usable date stand at the moment we first saw them ({undated} of "
                "{entries}).",
                undated=len(without),
                entries=len(messages),
            )
        )
    if len(entries) > MAX_ENTRIES:
        notes.append(
            say(
                "The feed has {entries} entries; the first {read} are read.",
                entries=len(entries),
                read=MAX_ENTRIES,
            )
        )
    return Page(messages, json.dumps(without), rejected, len(entries), notes=tuple(notes))


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry in one shape, still as hostile as its source."""

    id: str
    link: str
    title: str
    text: str
    author: str
    moment: datetime | None
    language: str = ""


def _xml_entries(body: bytes) -> tuple[list[_Entry], str]:
    flat = body.replace(b"\0", b"") if b"\0" in body[:200] else body
    if not _ROOT.search(flat[:20_000]):
        raise Refused(say("This address gives no RSS, Atom or JSON feed."))
    check_markup(body, say("The feed"))
    # feedparser takes about 30 microseconds for an element, and far more when it is malformed.
    if _CDATA.sub(b"", flat).count(b"<") > MAX_ELEMENTS:
        raise Refused(say("The feed has more elements than a feed needs; it is not read."))
    # Sanitising and link resolving are left to us: feedparser's own stall on hostile HTML.
    parsed = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    if not parsed.entries and not parsed.version:
        raise Refused(say("This address gives no RSS, Atom or JSON feed."))
    return [_xml_entry(entry) for entry in parsed.entries], str(parsed.feed.get("language", ""))


def _xml_entry(entry: Any) -> _Entry:
    bodies = [str(part.get("value", "")) for part in entry.get("content", [])]
    whole = max(bodies, key=len, default="")
    # A summary may be longer and say less: of comments WordPress sends the markup there as words.
    said = whole if plain(whole[:MAX_ENTRY]) else str(entry.get("summary", ""))
    moment = None
    for name in ("published_parsed", "created_parsed", "updated_parsed"):
        parsed = entry.get(name)
        if parsed:
            try:
                moment = datetime.fromtimestamp(timegm(parsed), UTC)
            except (ValueError, OverflowError, TypeError, OSError):
                continue
            break
    return _Entry(
        id=str(entry.get("id", "")),
        link=str(entry.get("link", "")),
        title=str(entry.get("title", "")),
        text=said,
        author=str(entry.get("author", "")),
        moment=moment,
    )


def _json_entries(body: bytes) -> tuple[list[_Entry], str]:
    """JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/"""
    try:
        told = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        raise Refused(say("This address gives no RSS, Atom or JSON feed.")) from None
    items = told.get("items") if isinstance(told, dict) else None
    if not isinstance(items, list):
        raise Refused(say("This address gives JSON, but not a JSON feed."))
    entries = [_json_entry(item) for item in items if isinstance(item, dict)]
    return entries, str(told.get("language") or "")


def _json_entry(item: dict[str, Any]) -> _Entry:
    authors = item.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else item.get("author")
    name = first.get("name") if isinstance(first, dict) else ""
    moment = None
    for key in ("date_published", "date_modified"):
        try:
            moment = read_date(str(item.get(key) or ""), "iso", UTC)
        except Unclear:
            continue
        break
    return _Entry(
        id=str(item.get("id") or ""),
        link=str(item.get("url") or item.get("external_url") or ""),
        title=str(item.get("title") or ""),
        text=str(item.get("content_html") or item.get("content_text") or item.get("summary") or ""),
        author=str(name or ""),
        moment=moment,
        language=str(item.get("language") or ""),
    )


def unwrapped(link: str) -> str:
    """The address behind a Google Alerts redirect; other addresses as they are."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return link
    host = parts.hostname or ""
    if host.startswith("www.google.") and parts.path == "/url":
        inside = parse_qs(parts.query, max_num_fields=50)
        for name in ("url", "q"):
            if inside.get(name):
                return inside[name][0]
    return link


def _as_message(
    entry: _Entry,
    feed_url: str,
    feed_language: str,
    now: datetime,
    seen_before: dict[str, str],
    without: dict[str, str],
) -> Message | None:
    title = one_line(entry.title)
    text = plain(entry.text[:MAX_ENTRY])
    if not text:
        text, title = title, ""
    if not text:
        return None
    try:
        told = entry.link.strip()
        link = web_address(unwrapped(urljoin(feed_url, told))) if told else ""
    except ValueError:
        link = ""
    native_id = (entry.id or link).strip()[:500]
    if not native_id:
        native_id = "h" + hashlib.blake2b(f"{title}\x1f{text}".encode(), digest_size=12).hexdigest()
    return Message(
        native_id=native_id,
        network=network_of_url(link) or "web",
        text=text,
        said_at=_moment(entry.moment, native_id, now, seen_before, without),
        author=one_line(entry.author, 300),
        author_name=one_line(entry.author, 300),
        url=link,
        title=title,
        language=language_tag(entry.language or feed_language),
    )


def _moment(
    told: datetime | None,
    native_id: str,
    now: datetime,
    seen_before: dict[str, str],
    without: dict[str, str],
) -> datetime:
    """The entry's own moment, or else the one at which we first saw it (noted in `without`)."""
    if told is not None:
        try:
            check_moment(told, now + FUTURE_SLACK)
        except Unclear:
            pass
        else:
            return told
    first = now
    if native_id in seen_before:
        try:
            first = datetime.fromisoformat(seen_before[native_id]).astimezone(UTC)
        except ValueError:
            first = now
    without[native_id] = first.isoformat()
    return first
