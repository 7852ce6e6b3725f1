"""Dates as exports write them: many shapes, two orders, one moment in UTC or a sentence why not."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from openroads.connectors.sentences import Said, say

DATE_ORDERS: Final[tuple[tuple[str, str], ...]] = (
    ("iso", "Year first, or the month in words"),
    ("dmy", "Day, month, year"),
    ("mdy", "Month, day, year"),
    ("epoch_s", "Seconds since 1970"),
    ("epoch_ms", "Milliseconds since 1970"),
    ("excel", "Excel's day numbers"),
)
"""Every order a file can have, as (value, label)."""

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
FUTURE_SLACK: Final = timedelta(days=1)
_NOON: Final = 12  # a day without a time stands at noon, so that it is the same day in UTC
_EXCEL_DAY_ZERO: Final = datetime(1899, 12, 30)

_MONTHS: Final[dict[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january",
            "feb februari february febr",
            "mar mrt maart march maa",
            "apr april",
            "may mei",
            "jun juni june",
            "jul juli july",
            "aug augustus august",
            "sep sept september",
            "oct okt oktober october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_ZONES: Final[dict[str, int]] = {  # hours from UTC; RFC 2822's names and the Dutch ones
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "cet": 1, "cest": 2, "met": 1, "mest": 2,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip

_DAY = r"(?:(?:[a-z]{2}|[a-z]{3}|[a-z]{5,9})[.,]?\s+)?"  # a weekday, in any language, not checked
_CLOCK = (
    r"(?:(?:t|,|\s|\bom\b|\bat\b)+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
    r"(?:[:.](?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"(?:\s*(?P<half>[ap])\.?m\.?)?(?:\s*(?:uur|u|h)\b)?)?"
)
_ZONE = (
    r"\s*(?P<zone>[+-]\d{2}:?\d{2}|[+-]\d{2}|(?:gmt|utc)[+-]\d{1,2}|[a-z]{1,4})?(?:\s*\([^)]*\))?"
)
_MONTH = r"(?P<month>[a-z]{3,9})"
_YEAR = r"(?P<year>\d{4}|'?\d{2})"
_ISO = re.compile(
    rf"(?P<year>\d{{4}})(?P<sep>[-/.])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}}){_CLOCK}{_ZONE}"
)
_NUMERIC = re.compile(
    rf"{_DAY}(?P<first>\d{{1,2}})\s?(?P<sep>[-/. ])\s?(?P<second_part>\d{{1,2}})\s?(?P=sep)\s?"
    rf"{_YEAR}{_CLOCK}{_ZONE}"
)
_DAY_MONTH = re.compile(
    rf"{_DAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|e)?[\s.-]+{_MONTH}[.,]?[\s.,-]*{_YEAR}{_CLOCK}{_ZONE}"
)
_MONTH_DAY = re.compile(
    rf"{_DAY}{_MONTH}\.?[\s-]+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?[\s-]+(?P<year>\d{{4}})"
    rf"{_CLOCK}{_ZONE}"
)
_TWITTER = re.compile(
    rf"[a-z]{{3}} {_MONTH} (?P<day>\d{{1,2}}) (?P<hour>\d{{2}}):(?P<minute>\d{{2}})"
    r":(?P<second>\d{2}) (?P<zone>[+-]\d{4}|[a-z]{3,4}) (?P<year>\d{4})"
)
_NUMBER = re.compile(r"(?P<whole>\d{1,19})(?:[.,](?P<part>\d{1,12}))?")
_COMPACT = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:t?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2}))?(?P<zone>z)?"
)
_EMPTY = re.compile(r"0+(?:[.,]0+)?|0000-00-00.*|0?1[-/]0?1[-/](?:1970|0001|1900)(?:\s.*)?")


class Unclear(Said, ValueError):
    """A date that cannot be read for certain; `why` is the sentence for the person."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How one value is written: `order` "iso", "numeric", "epoch_s", "epoch_ms" or "excel"."""

    order: str
    first: int = 0
    second: int = 0


def _match(raw: str) -> re.Match[str] | None:
    for pattern in (_ISO, _TWITTER, _DAY_MONTH, _MONTH_DAY):
        found = pattern.fullmatch(raw)
        if found and (pattern is _ISO or found["month"] in _MONTHS):
            return found
    return None


def shape(raw: str) -> Shape | None:
    """How a value is written, None when it is no date at all. Looks at the form only."""
    raw = raw.strip().lower()
    if not 5 <= len(raw) <= 64:
        return None
    number = _NUMBER.fullmatch(raw)
    if number:
        return _number_shape(number)
    if found := _NUMERIC.fullmatch(raw):
        return Shape("numeric", int(found["first"]), int(found["second_part"]))
    if _match(raw) or _COMPACT.fullmatch(raw):
        return Shape("iso")
    return None


def _number_shape(number: re.Match[str]) -> Shape | None:
    digits, value = len(number["whole"]), int(number["whole"])
    if digits in (8, 14) and not number["part"] and _COMPACT.fullmatch(number["whole"]):
        return Shape("iso")
    if digits in (9, 10) and 631_152_000 <= value <= 4_102_444_800:  # 1990 to 2100
        return Shape("epoch_s")
    if digits in (12, 13) and 631_152_000_000 <= value <= 4_102_444_800_000:
        return Shape("epoch_ms")
    if digits == 5 and 32_874 <= value <= 73_051:  # 1990 to 2100 in Excel's days
        return Shape("excel")
    return None


@dataclass
class OrderVotes:
    """What all values of a column together say about the order of day and month."""

    now: datetime
    seen: int = 0
    unreadable: int = 0
    iso: int = 0
    epoch_s: int = 0
    epoch_ms: int = 0
    excel: int = 0
    numeric: int = 0
    day_first: int = 0
    month_first: int = 0
    either: int = 0
    halves: int = 0
    day_first_in_future: bool = False
    month_first_in_future: bool = False

    def add(self, raw: str) -> None:
        """Count one value; empty ones are left out."""
        raw = raw.strip()
        if not raw:
            return
        self.seen += 1
        found = shape(raw)
        if found is None:
            self.unreadable += 1
        elif found.order == "numeric":
            self._add_numeric(raw, found)
        else:
            setattr(self, found.order, getattr(self, found.order) + 1)

    def _add_numeric(self, raw: str, found: Shape) -> None:
        self.numeric += 1
        self.halves += raw[-1:] in "mM."
        if found.first > 12 and found.second > 12:
            self.unreadable += 1
        elif found.first > 12:
            self.day_first += 1
        elif found.second > 12:
            self.month_first += 1
        elif found.first != found.second:
            self.either += 1
            # A date that would lie in the future under one order is a proof for the other.
            for order in ("dmy", "mdy"):
                try:
                    moment = read_date(raw, order, UTC)
                except Unclear:
                    continue
                if moment > self.now + 2 * FUTURE_SLACK:
                    if order == "dmy":
                        self.day_first_in_future = True
                    else:
                        self.month_first_in_future = True

    @property
    def readable_share(self) -> float:
        """The share of non-empty values that are written like a date, 0 to 1."""
        return (self.seen - self.unreadable) / self.seen if self.seen else 0.0

    @property
    def ambiguous(self) -> bool:
        """Whether nothing in the values proves which part is the day."""
        return bool(
            self.numeric and self.either and not self.day_first and not self.month_first
            and self.day_first_in_future == self.month_first_in_future
        )  # fmt: skip

    @property
    def mixed(self) -> bool:
        """Whether some values prove day first and others prove month first."""
        return bool(self.day_first and self.month_first)

    @property
    def order(self) -> str:
        """The order most values have, "dmy" when nothing proves it; "" when there are no dates."""
        counts = {
            "iso": self.iso, "epoch_s": self.epoch_s, "epoch_ms": self.epoch_ms,
            "excel": self.excel, "numeric": self.numeric,
        }  # fmt: skip
        best = max(counts, key=lambda name: counts[name])
        if not counts[best]:
            return ""
        # One numeric value among ISO ones still needs an order to be read by.
        if best == "iso" and self.numeric:
            best = "numeric"
        if best != "numeric":
            return best
        if self.day_first != self.month_first:
            return "dmy" if self.day_first > self.month_first else "mdy"
        if self.day_first_in_future != self.month_first_in_future:
            return "mdy" if self.day_first_in_future else "dmy"
        return "mdy" if self.halves else "dmy"


def votes(values: Iterable[str], now: datetime) -> OrderVotes:
    """The votes of all values of one column."""
    counted = OrderVotes(now)
    for value in values:
        counted.add(value)
    return counted


@lru_cache(maxsize=64)
def zone(name: str) -> tzinfo:
    """The time zone of that name ("Europe/Amsterdam"); Unclear when there is none."""
    try:
        return UTC if name.upper() == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Unclear(say("There is no time zone called “{name}”.", name=name[:40])) from None


def read_date(raw: str, order: str, naive: tzinfo, *, mixed: bool = False) -> datetime:
    """The moment a value stands for, aware, in UTC.

    `order` settles day and month where the value itself does not; `naive` is the zone of values
    that name none. With `mixed`, a value that could be read both ways is Unclear, because its
    file uses both orders. A day without a time becomes its noon. Raises Unclear with a sentence.
    """
    raw = raw.strip()
    if len(raw) >= 10 and raw[4] == "-":  # the fast road of most exports
        try:
            moment = datetime.fromisoformat(raw)
        except ValueError:
            pass
        else:
            return _in_utc(moment.replace(hour=_NOON) if len(raw) == 10 else moment, naive)
    if len(raw) > 64:
        raise Unclear(say("“{raw}…” is too long for a date.", raw=raw[:30]))
    lowered = raw.lower()
    if _EMPTY.fullmatch(lowered):
        raise Unclear(say("The date “{day}” looks like an empty timestamp.", day=raw))
    if number := _NUMBER.fullmatch(lowered):
        return _read_number(raw, number, order, naive)
    if found := _NUMERIC.fullmatch(lowered):
        return _read_numeric(raw, found, order, naive, mixed)
    if found := _match(lowered):
        month = found["month"]
        return _moment(raw, found, _MONTHS.get(month) or int(month), int(found["day"]), naive)
    if found := _COMPACT.fullmatch(lowered):
        return _moment(raw, found, int(found["month"]), int(found["day"]), naive)
    raise Unclear(say("“{raw}” is not a date we can read.", raw=raw[:40]))


def _in_utc(moment: datetime, naive: tzinfo) -> datetime:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=naive)
    try:
        return moment.astimezone(UTC)
    except (OverflowError, ValueError):
        year = str(moment.year)
        raise Unclear(
            say("The year {year} is outside what a calendar can hold.", year=year)
        ) from None


def _read_number(raw: str, number: re.Match[str], order: str, naive: tzinfo) -> datetime:
    found = _number_shape(number)
    value = float(f"{number['whole']}.{number['part'] or 0}")
    if order == "excel" and found is not None and found.order == "excel":
        seconds = round(value * 86_400) if value % 1 else int(value) * 86_400 + _NOON * 3_600
        return _in_utc(_EXCEL_DAY_ZERO + timedelta(seconds=seconds), naive)
    if found is None and order in ("epoch_s", "epoch_ms") and len(number["whole"]) <= 13:
        since_1970 = value / 1_000 if order == "epoch_ms" else value
        if since_1970 <= 4_102_444_800:
            return datetime.fromtimestamp(since_1970, UTC)
    if found is None or found.order == "excel":
        raise Unclear(say("The number “{raw}” is not a date.", raw=raw[:40]))
    if found.order == "epoch_s":
        return datetime.fromtimestamp(value, UTC)
    if found.order == "epoch_ms":
        return datetime.fromtimestamp(value / 1_000, UTC)
    compact = _COMPACT.fullmatch(number["whole"])
    if compact is None:  # cannot be: _number_shape said "iso"
        raise Unclear(say("The number “{raw}” is not a date.", raw=raw[:40]))
    return _moment(raw, compact, int(compact["month"]), int(compact["day"]), naive)


def _read_numeric(
    raw: str, found: re.Match[str], order: str, naive: tzinfo, mixed: bool
) -> datetime:
    first, second = int(found["first"]), int(found["second_part"])
    if mixed and first != second and first <= 12 and second <= 12:
        raise Unclear(
            say(
                "“{raw}” can be read as day {first} or as month {first}, and this file writes dates "
                "both ways.",
                raw=raw,
                first=str(first),
            )
        )
    day, month = (second, first) if order == "mdy" else (first, second)
    if month > 12 and day <= 12:
        if order == "mdy":
            raise Unclear(
                say(
                    "In “{raw}” {month} cannot be a month, while the rest of the file has the "
                    "month first.",
                    raw=raw,
                    month=str(month),
                )
            )
        raise Unclear(
            say(
                "In “{raw}” {month} cannot be a month, while the rest of the file has the day first.",
                raw=raw,
                month=str(month),
            )
        )
    return _moment(raw, found, month, day, naive)


def _offset(name: str, raw: str) -> tzinfo:
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name]))
    if name[:3] in ("gmt", "utc"):
        name = name[3:4] + name[4:].zfill(2)
    if name[0] not in "+-":
        raise Unclear(
            say("The time zone “{name}” in “{raw}” is not one we know.", name=name, raw=raw)
        )
    digits = name[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    if minutes > 14 * 60:
        raise Unclear(say("The time zone “{name}” in “{raw}” does not exist.", name=name, raw=raw))
    return timezone(timedelta(minutes=minutes if name[0] == "+" else -minutes))


def _moment(raw: str, found: re.Match[str], month: int, day: int, naive: tzinfo) -> datetime:
    parts = found.groupdict()
    year = int(parts["year"].lstrip("'"))
    if len(parts["year"].lstrip("'")) == 2:
        year += 2000 if year < 70 else 1900
    hour = _NOON if parts["hour"] is None else int(parts["hour"])
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            raise Unclear(say("“{raw}” has an hour that cannot go with am or pm.", raw=raw))
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        moment = datetime(
            year, month, day, hour, int(parts["minute"] or 0), int(parts["second"] or 0),
            int(((parts.get("part") or "") + "000000")[:6]),
        )  # fmt: skip
    except ValueError:
        raise Unclear(say("“{raw}” names a day or a time that does not exist.", raw=raw)) from None
    return _in_utc(moment, _offset(parts["zone"], raw) if parts.get("zone") else naive)


def check_moment(moment: datetime, latest: datetime) -> None:
    """Raise Unclear when nobody can have said something then: after `latest`, or before 1990."""
    if moment > latest:
        raise Unclear(say("The date {day} lies in the future.", day=moment.date()))
    if moment < EARLIEST:
        if moment.year in (1899, 1900, 1969, 1970):
            raise Unclear(say("The date {day} looks like an empty timestamp.", day=moment.date()))
        raise Unclear(say("The date {day} is before 1990.", day=moment.date()))
