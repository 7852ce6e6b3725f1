"""What a question to the archive is about: a stretch of days, a brand, products, languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

IN_SCOPE = """
    published_at >= toDateTime64({since:Date}, 3, 'UTC')
    AND published_at < toDateTime64({until:Date}, 3, 'UTC')
    AND ({brand:UInt16} = 0 OR has(brands, {brand:UInt16}))
    AND (empty({products:Array(UInt16)}) OR hasAny(products, {products:Array(UInt16)}))
    AND (empty({languages:Array(String)}) OR has({languages:Array(String)}, language))
"""
"""The one text for "this post is in scope"; an empty filter lets all through."""

IN_SCOPE_BY_DAY = IN_SCOPE.replace(
    """
    published_at >= toDateTime64({since:Date}, 3, 'UTC')
    AND published_at < toDateTime64({until:Date}, 3, 'UTC')""",
    """
    day >= {since:Date} AND day < {until:Date}""",
)
"""The same for `counted_post`, which knows the day of a post and not its moment."""

VALID_IN_SCOPE = """
    valid_from < {until:Date}
    AND (valid_to IS NULL OR valid_to > {since:Date})
    AND ({brand:UInt16} = 0 OR brand = {brand:UInt16})
    AND (empty({products:Array(UInt16)}) OR hasAny(products, {products:Array(UInt16)}))
    AND (empty({languages:Array(String)}) OR has({languages:Array(String)}, language))
"""
"""The same for the brand's own texts: valid at some moment in the period."""

COUNTED = "NOT repost AND original = 0"
"""Reposts, and copies of an earlier post, are kept and shown but not counted."""


@dataclass(frozen=True)
class Scope:
    """Days are UTC days and half-open: `since` is in, `until` is out.

    `brand` 0 is every brand; no products or no languages means all of them. Several products mean
    posts that name at least one of them.
    """

    since: date
    until: date
    brand: int = 0
    products: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.since >= self.until:
            raise ValueError(f"The period {self.since} to {self.until} holds no day.")

    def params(self) -> dict[str, Any]:
        """The scope as query parameters."""
        # TRICKY: array parameters must be lists; a tuple binds as (1,2), which is refused.
        return {
            "since": self.since,
            "until": self.until,
            "brand": self.brand,
            "products": list(self.products),
            "languages": list(self.languages),
        }

    @property
    def summable(self) -> bool:
        """Whether the sums know what it is about: everything, a brand, or one product of a brand.

        They do not know a product without its brand, nor several products, whose posts overlap.
        """
        return not self.products or (len(self.products) == 1 and self.brand != 0)

    def summed(self) -> dict[str, Any]:
        """The scope split in days the roll-up can answer and ragged edges it cannot.

        `whole_since` to `whole_until` is the stretch made of whole periods (see `term_period`); it
        is empty when no period lies wholly inside, or when the scope is not `summable`.
        """
        first, last = _period_at_or_after(self.since), period_of(self.until)
        if not self.summable or first >= last:
            first = last = self.until
        return {
            **self.params(),
            "whole_since": first,
            "whole_until": last,
            "product": self.products[0] if self.products else 0,
        }


def period_of(day: date) -> date:
    """The first day of the period a day falls in: its Monday or the first of its month."""
    return max(day - timedelta(days=day.weekday()), day.replace(day=1))


def periods_broken(days: Iterable[date]) -> tuple[date, ...]:
    """The periods in the midst of which one of these days begins: their sums tell nothing about
    before and after it."""
    return tuple(sorted({period_of(day) for day in days if period_of(day) != day}))


def _period_at_or_after(day: date) -> date:
    while period_of(day) != day:
        day += timedelta(days=1)
    return day


def midnight(day: date) -> datetime:
    """The moment a UTC day begins."""
    return datetime.combine(day, time(), UTC)
