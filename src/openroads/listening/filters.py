"""The filter sentence as a value: what the address bar holds, and the scope it stands for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import QueryDict

from openroads.archive.scope import Scope
from openroads.directory.company import Brand

PERIOD_DAYS = 90
LONGEST_DAYS = 366 * 5


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


def gap_filter(
    told: QueryDict, *, brands: Sequence[Brand], languages: Sequence[str], last: date
) -> GapFilter:
    """Read the address bar. What cannot be understood falls back to the default and is never an error:
    addresses are shared, and brands and products come and go.

    The default is our first brand over the `PERIOD_DAYS` days up to the `last` day with posts.
    """
    own = [brand for brand in brands if brand.own] or list(brands)
    chosen = next((b for b in brands if str(b.pk) == told.get("brand", "")), None) or (
        own[0] if own else None
    )
    known = {product.pk for product in chosen.products.all()} if chosen else set()
    until = _day(told.get("until")) or last
    since = _day(told.get("since")) or until - timedelta(days=PERIOD_DAYS - 1)
    if since > until:
        since, until = until, since
    since = max(since, until - timedelta(days=LONGEST_DAYS))
    products = tuple(
        sorted({int(text) for text in told.getlist("product") if text.isdecimal()} & known)
    )
    return GapFilter(
        since=since,
        until=until,
        brand=chosen.pk if chosen else 0,
        products=products if len(products) < len(known) or len(known) == 1 else (),
        languages=tuple(code for code in languages if code in told.getlist("lang")),
        word=told.get("word", "")[:100],
    )


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if date(1990, 1, 2) <= day <= date(2100, 1, 1) else None
