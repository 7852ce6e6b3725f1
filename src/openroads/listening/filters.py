"""The filter sentence as a value: what the address bar holds, and the scope it stands for."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from openroads.archive.scope import Scope
from openroads.directory.company import Brand, Product
from openroads.ui.formats import period

Thing = TypeVar("Thing", Brand, Product)

PERIOD_DAYS = 90
LONGEST_DAYS = 366 * 5
"""A longer period is cut to the days between the first and the last post; to so many days where
there is none."""


@dataclass(frozen=True)
class GapFilter:
    """What the gap page is about. `until` is the last day, included; an empty tuple means all."""

    since: date
    until: date
    brand: int = 0
    products: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    word: str = ""

    @property
    def scope(self) -> Scope:
        """The same in the archive's words; periods are half-open there."""
        return Scope(
            since=self.since,
            until=self.until + timedelta(days=1),
            brand=self.brand,
            products=self.products,
            languages=self.languages,
        )

    def query(self, **changes: object) -> str:
        """The address of this view with some things changed, without the question mark."""
        told = replace(self, **changes)  # type: ignore[arg-type]
        pairs: list[tuple[str, str]] = [("brand", str(told.brand))] if told.brand else []
        pairs += [("product", str(product)) for product in told.products]
        pairs += [("lang", language) for language in told.languages]
        pairs += [("since", told.since.isoformat()), ("until", told.until.isoformat())]
        if told.word:
            pairs.append(("word", told.word))
        return urlencode(pairs)

    def without_word(self) -> "GapFilter":
        return replace(self, word="")


@dataclass(frozen=True)
class Days:
    """The period of an address, both days included, and what is not as the address says."""

    since: date
    until: date
    unreadable: tuple[str, ...] = ()
    cut: bool = False

    def notes(self) -> tuple[str, ...]:
        """What the page must say of it, in the reader's language."""
        shown = period(self.since, self.until + timedelta(days=1))
        notes = [
            _("“%(told)s” cannot be read as a day of 1990 or later; shown is %(period)s.")
            % {"told": told, "period": shown}
            for told in self.unreadable
        ]
        if self.cut:
            notes.append(_("Shown is %(period)s: on the other days of the period asked for nothing was posted.") % {"period": shown})  # fmt: skip
        return tuple(notes)


def days_asked(told: QueryDict, *, first: date | None, last: date) -> Days:
    """The days of an address; `first` and `last` are those with posts (`first` None: there are none)."""
    raw = [told.get(name, "").strip() for name in ("since", "until")]
    since, until = (_day(text) for text in raw)
    unreadable = tuple(
        text[:40] for text, found in zip(raw, (since, until), strict=True) if text and not found
    )
    until = until or last
    since = since or until - timedelta(days=PERIOD_DAYS - 1)
    if since > until:
        since, until = until, since
    if (until - since).days <= LONGEST_DAYS:
        return Days(since, until, unreadable)
    begin, end = max(since, first or last), min(until, max(last, since))
    if first is None or begin > end:
        begin = max(since, end - timedelta(days=LONGEST_DAYS))
    return Days(begin, end, unreadable, (begin, end) != (since, until))


def gap_filter(
    told: QueryDict,
    *,
    brands: Sequence[Brand],
    languages: Sequence[str],
    last: date,
    first: date | None = None,
) -> GapFilter:
    """Read the address bar. What cannot be understood falls back to the default and is never an error:
    addresses are shared, and brands and products come and go. The page says what was not understood
    of the period (`days_asked`).

    The default is our first brand over the `PERIOD_DAYS` days up to the `last` day with posts.
    """
    going_on = offered(brands)
    own = [brand for brand in going_on if brand.own] or going_on or list(brands)
    chosen = next((b for b in brands if str(b.pk) == told.get("brand", "")), None) or (
        own[0] if own else None
    )
    known = {product.pk for product in chosen.products.all()} if chosen else set()
    days = days_asked(told, first=first, last=last)
    products = tuple(
        sorted({int(text) for text in told.getlist("product") if text.isdecimal()} & known)
    )
    return GapFilter(
        since=days.since,
        until=days.until,
        brand=chosen.pk if chosen else 0,
        products=products if len(products) < len(known) or len(known) == 1 else (),
        languages=tuple(code for code in languages if code in told.getlist("lang")),
        word=told.get("word", "")[:100],
    )


def offered(things: Iterable[Thing], chosen: Collection[int] = ()) -> list[Thing]:
    """What a sentence offers to choose from: what has not ended, and what the address has chosen
    (a view somebody kept of a brand that has ended since still opens)."""
    return [thing for thing in things if thing.ended_on is None or thing.pk in chosen]


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if date(1990, 1, 2) <= day <= date(2100, 1, 1) else None
