"""One row of a file becomes one message, or a sentence saying why it cannot."""

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime, time
from operator import itemgetter
from typing import Final

from openroads.archive.message import Message
from openroads.connectors.dates import FUTURE_SLACK, Unclear, check_moment, read_date, zone
from openroads.connectors.files.columns import LOSSY_NUMBER
from openroads.connectors.files.headings import language_tag
from openroads.connectors.files.reading import FIELDS, Reading
from openroads.connectors.networks import network_of_name, network_of_url
from openroads.connectors.plain import clean, one_line, plain, web_address
from openroads.connectors.sentences import Said, say

MAX_CELL: Final = 200_000
"""Characters of one cell; a longer one is no post, and its row is rejected."""

_FALSE: Final = frozenset({"false", "no", "nee", "0", "n", "onwaar", "0.0"})
_WHOLE_FLOAT = re.compile(r"(\d+)\.0+")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,\s]\d{3})+")
_SHORT = re.compile(r"(\d+(?:[.,]\d+)?)\s*([km])", re.IGNORECASE)
_FORMULA = re.compile(r"'+[=+\-@\t\r]")


class Unreadable(Said, ValueError):
    """A row that cannot become a message; `why` is the sentence."""


def native_id(cell: str) -> str:
    """An id as its network wrote it: "3.0" is "3". Unreadable when its digits are lost."""
    cell = cell.strip()
    if cell[:1].isdigit() and not cell.isdigit() and (len(cell) < 64 or not cell.isascii()):
        if found := _WHOLE_FLOAT.fullmatch(cell):
            cell = found[1]
        elif LOSSY_NUMBER.fullmatch(cell):
            raise Unreadable(
                say(
                    "The id “{id}” was stored as a figure and has lost its last digits. Format the "
                    "column as text in Excel before the ids are put in, or leave the id column out.",
                    id=cell,
                )
            )
    return clean(cell)[:500]


def count(cell: str) -> int | None:
    """A number of likes or views: "1.204", "1,2K" and "37.0" are understood; else None."""
    if not cell or not (cell := cell.strip()):
        return None
    if cell.isascii() and cell.isdigit():
        return int(cell) if len(cell) < 16 else None
    if found := _WHOLE_FLOAT.fullmatch(cell):
        return int(found[1]) if len(found[1]) < 16 else None
    if len(cell) < 20 and _THOUSANDS.fullmatch(cell):
        return int(re.sub(r"\D", "", cell))
    if len(cell) < 20 and (found := _SHORT.fullmatch(cell)):
        factor = 1_000 if found[2] in "kK" else 1_000_000
        return round(float(found[1].replace(",", ".")) * factor)
    return None


def rating(cell: str) -> float | None:
    """A number of stars: "4", "4,5", "4/5"; None when it is none or out of 0 to 100."""
    if not cell:
        return None
    cell = cell.strip().split("/")[0].strip().replace(",", ".")
    if not re.fullmatch(r"\d{1,3}(?:\.\d{1,4})?", cell):
        return None
    value = float(cell)
    return value if value <= 100 else None


def unprefixed(cell: str) -> str:
    """A cell without the apostrophe our own files put before what Excel would run as a formula."""
    return cell[1:] if _FORMULA.match(cell) else cell


def _handle(cell: str) -> str:
    """An author's handle or number: "@kade" is "kade", "115712.0" is "115712"."""
    handle = clean(cell)[:300].removeprefix("@")
    found = _WHOLE_FLOAT.fullmatch(handle) if handle[-1:] == "0" else None
    return found[1] if found else handle


class RowReader:
    """Turns rows of one file into messages, by its Reading.

    `now` is the present: what was said later than a day after it is rejected.
    """

    def __init__(self, reading: Reading, now: datetime, max_cell: int = MAX_CELL) -> None:
        reading.check()
        self._reading = reading
        self._max_cell = max_cell
        self._latest = now + FUTURE_SLACK
        self._zone = zone(reading.timezone)
        self._width = len(reading.header)
        self._own = reading.is_rejected_file
        place = {name: position for position, name in enumerate(reading.header)}
        self._at = {meaning: place[name] for meaning, name in reading.columns.items()}
        # A column the file does not have reads as an empty cell behind all others.
        self._in_order = itemgetter(*(self._at.get(meaning, self._width) for meaning in FIELDS))
        self._day = (
            datetime.combine(reading.default_said_at, time(12), self._zone).astimezone(UTC)
            if reading.default_said_at
            else None
        )

    def raw(self, cells: Sequence[str]) -> dict[str, str]:
        """The cells by heading, long ones cut, without our reason: for the file of rejected rows.

        Cells beyond the last heading are kept under made-up headings.
        """
        header = self._reading.header[:-1] if self._own else self._reading.header
        named = {
            name: cells[position][:32_000] if position < len(cells) else ""
            for position, name in enumerate(header)
        }
        for position in range(len(self._reading.header), min(len(cells), 500)):
            named[f"column {position + 1}"] = cells[position][:32_000]
        return named

    def message(self, cells: list[str]) -> Message | None:
        """The message of a row, None for a row without any cell filled. Raises Unreadable."""
        if len(cells) != self._width:
            cells = self._fitted(cells)
        if not any(cells):
            return None
        if max(map(len, cells)) > self._max_cell:
            raise Unreadable(
                say("A cell of this row is longer than {most} characters.", most=self._max_cell)
            )
        if self._own:
            cells = [unprefixed(cell) for cell in cells]
        (
            native, told, day, hour, handle, called, link, heading, language, network, reply_to,
            thread, repost, likes, replies, reposts, views, stars, _,
        ) = self._in_order([*cells, ""])  # fmt: skip
        title, text = heading, plain(told)
        if not text:
            title, text = "", plain(title)
        if "\0" in told:
            raise Unreadable(say("The text holds NUL bytes: it was damaged before it was saved."))
        if not text:
            if not any(cell.strip() for cell in cells):
                return None
            raise Unreadable(say("This row has no text."))
        raw_date = f"{day} {hour}".strip()
        url = web_address(link) if link else ""
        name = clean(called)[:300] if called else ""
        author = _handle(handle) or name
        return Message(
            native_id=self._id(native, text, raw_date, author),
            network=self._network(network, url),
            text=text,
            said_at=self._moment(raw_date),
            author=author,
            author_name=name,
            url=url,
            title=one_line(title) if title else "",
            language=language_tag(language) if language else "",
            reply_to=self._reference(reply_to) if reply_to else "",
            thread=self._reference(thread) if thread else "",
            repost=self._is_repost(repost, text),
            likes=count(likes),
            replies=count(replies),
            reposts=count(reposts),
            views=count(views),
            rating=rating(stars),
        )

    def is_from_company(self, cells: Sequence[str]) -> bool:
        """Whether a column says that the company itself wrote this row."""
        place = self._at.get("inbound")
        return place is not None and place < len(cells) and cells[place].strip().lower() in _FALSE

    def author(self, cells: Sequence[str]) -> str:
        """The author as `message` would give it; empty when the row names none."""
        for meaning in ("author", "author_name"):
            place = self._at.get(meaning)
            if place is not None and place < len(cells) and cells[place].strip():
                cell = cells[place]
                return _handle(cell) if meaning == "author" else clean(cell)[:300]
        return ""

    def _fitted(self, cells: list[str]) -> list[str]:
        """The cells of a row that is not as wide as the heading, where that is harmless."""
        if len(cells) < self._width:
            return cells + [""] * (self._width - len(cells))
        if any(cell.strip() for cell in cells[self._width :]):
            raise Unreadable(
                say(
                    "This row has {cells} cells where the heading has {width}: a quotation mark or "
                    "a delimiter is out of place.",
                    cells=len(cells),
                    width=self._width,
                )
            )
        return cells[: self._width]

    def _id(self, cell: str, text: str, raw_date: str, author: str) -> str:
        if cell.strip():
            return native_id(cell)
        # A row that is the same in text, date and author is the same post, in any file. The day
        # filled in for files without dates does not count: it may be another the next time.
        said = "\x1f".join((text, raw_date, author))
        return "h" + hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=12).hexdigest()

    def _moment(self, raw: str) -> datetime:
        if "said_at" not in self._at:
            if self._day is None:
                raise Unreadable(say("This row has no date."))
            return self._day
        if not raw:
            raise Unreadable(say("This row has no date."))
        try:
            moment = read_date(
                raw, self._reading.date_order, self._zone, mixed=self._reading.date_mixed
            )
            check_moment(moment, self._latest)
        except Unclear as unclear:
            raise Unreadable(unclear.why) from None
        return moment

    def _network(self, cell: str, url: str) -> str:
        named = network_of_name(cell) if cell else ""
        return named or (network_of_url(url) if url else "") or self._reading.default_network

    def _reference(self, cell: str) -> str:
        if not cell.strip():
            return ""
        try:
            return native_id(cell)
        except Unreadable:
            return ""  # a link to another post that lost its digits points nowhere

    def _is_repost(self, cell: str, text: str) -> bool:
        if text.startswith("RT @"):
            return True
        cell = cell.strip().lower()
        return bool(cell) and cell not in _FALSE and cell not in ("null", "none", "nan")
