"""What stands in the address of a list: what narrows it, how much of it, and where the last page ended."""

import base64
import binascii
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

PAGE: Final = 50
MOST: Final = 200
TOP: Final = 10**11
"""No number of ours comes near it; both databases hold it."""


class WrongQuestion(Exception):
    """The address asks for something that cannot be: says what, and in which part of it."""

    def __init__(self, parameter: str, why: str) -> None:
        super().__init__(why)
        self.parameter = parameter


@dataclass(frozen=True)
class Asked:
    """A list as an address asks for it. `narrowed` by field of the database; `before` is the number that the
    page before ended with."""

    narrowed: Mapping[str, Any]
    limit: int
    before: int | None
    told: Mapping[str, str]

    def next_address(self, path: str, last: int) -> str:
        """The whole address of the page behind the thing numbered `last`."""
        query = QueryDict(mutable=True)
        query.update({**self.told, "cursor": cursor_of(last)})
        return f"{settings.OPENROADS.url.rstrip('/')}{path}?{query.urlencode()}"


@dataclass(frozen=True)
class Page:
    """A page of a list, and the number it ended with; None at the end."""

    rows: list[Any]
    last: int | None


def asked(told: QueryDict, filters: Mapping[str, Collection[str]]) -> Asked:
    """What an address asks for. `filters` gives for each name what may be chosen, or nothing where it is a
    number. `since` and `until` are moments, or days in the zone of the house, of when
    a thing was opened. Raises WrongQuestion, also for a name that is none of these: a slip of the pen must not
    give everything."""
    known = {*filters, "since", "until", "limit", "cursor"}
    if unknown := sorted(set(told) - known):
        raise WrongQuestion(unknown[0], f"There is no {unknown[0]}; ask by {', '.join(sorted(known))}.")  # fmt: skip
    narrowed: dict[str, Any] = {}
    for name, kind in filters.items():
        if value := told.get(name, ""):
            narrowed[name] = _narrowed(name, value, kind)
    if since := told.get("since", ""):
        narrowed["opened_at__gte"] = _moment("since", since)
    if until := told.get("until", ""):
        narrowed["opened_at__lt"] = _moment("until", until)
    limit = _number("limit", told.get("limit", "") or str(PAGE))
    if not 1 <= limit <= MOST:
        raise WrongQuestion("limit", f"A page holds 1 to {MOST}.")
    cursor = told.get("cursor", "")
    before = _behind(cursor) if cursor else None
    return Asked(narrowed, limit, before, {name: str(told[name]) for name in told})


def nothing_asked(told: QueryDict) -> None:
    """A single thing is asked for by its number alone. Raises WrongQuestion for anything beside it."""
    for name in told:
        raise WrongQuestion(name, "One thing is asked for by its number, and nothing beside it.")


def page_of(rows: QuerySet[Any], asked: Asked, key: str) -> Page:
    """The newest first, behind the cursor. A keyset by `key`, a number that never changes: what is opened or
    closed between two pages is neither skipped nor told twice."""
    found = rows.filter(**asked.narrowed).order_by(f"-{key}")
    if asked.before is not None:
        found = found.filter(**{f"{key}__lt": asked.before})
    page = list(found[: asked.limit + 1])
    more = len(page) > asked.limit
    shown = page[: asked.limit]
    return Page(shown, getattr(shown[-1], key) if more else None)


def cursor_of(number: int) -> str:
    """Where a page ended, as programs hand it back: they are not meant to read it."""
    return base64.urlsafe_b64encode(f"b{number}".encode()).decode().rstrip("=")


def _behind(cursor: str) -> int:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        told = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True).decode(
            "ascii"
        )
    except (binascii.Error, UnicodeError, ValueError):
        told = ""
    number = told.removeprefix("b")
    if not told.startswith("b") or not number.isdecimal() or len(number) > 11:
        raise WrongQuestion("cursor", "This cursor is none of ours; take it from `next`.")
    return int(number)


def _narrowed(name: str, value: str, kind: Collection[str]) -> Any:
    if not kind:
        return _number(name, value)
    if value not in kind:
        raise WrongQuestion(name, f"{name} is one of {', '.join(kind)}.")
    return value


def _number(name: str, value: str) -> int:
    if not (value.isascii() and value.isdecimal()) or int(value[:12]) >= TOP or len(value) > 12:
        raise WrongQuestion(name, f"{name} is a number.")
    return int(value)


def _moment(name: str, value: str) -> datetime:
    try:
        moment = parse_datetime(value) if len(value) > 10 else None
        on = parse_date(value)
        if moment is None and on is not None:
            moment = datetime.combine(on, time.min)
        if moment is None:
            raise ValueError
        return (timezone.make_aware(moment) if timezone.is_naive(moment) else moment).astimezone(
            UTC
        )
    except (ValueError, OverflowError) as wrong:
        raise WrongQuestion(name, f"{name} is a day (2026-11-24) or a moment (2026-11-24T10:00:00Z).") from wrong  # fmt: skip
