"""Reading signals from the archive: what is said of a promise on both sides, and where brands stand.
Knows no database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from openroads.analysis.intervals import Estimate, difference, net_sentiment, wilson
from openroads.analysis.query.matcher import Post, matcher
from openroads.analysis.query.syntax import Node
from openroads.archive.client import Archive
from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.signals import (
    DayOf,
    PassageRow,
    conditions,
    days_of,
    of_products,
    posts_by_brand,
)
from openroads.archive.queries.timeline import month_starts
from openroads.archive.scope import Scope

FEW = 20
"""Posts with a known tone below which no net sentiment is said."""


@dataclass(frozen=True)
class Part:
    """So many of so many, and that share with its interval."""

    hits: int
    of: int

    @property
    def share(self) -> Estimate:
        return wilson(self.hits, self.of)


@dataclass(frozen=True)
class Month:
    """A month that touches the period: both sides' shares, and the gap in parts of one."""

    since: date
    they: Part
    we: Part
    gap: Estimate | None


@dataclass(frozen=True)
class PromiseReading:
    """A promise in the period. `they` are posts about the product, `we` our passages and posts; the
    gap is ours less theirs (None: one of the sides said nothing at all)."""

    they: Part
    we: Part
    gap: Estimate | None
    positive: int
    negative: int
    unknown: int
    questions: int
    complaints: int
    praise: int
    months: tuple[Month, ...]

    @property
    def rated(self) -> int:
        return self.they.hits - self.unknown

    @property
    def net(self) -> Estimate:
        return net_sentiment(self.positive, self.negative, self.rated)


Sides = Callable[[date, date], tuple[Part, Part]]
"""Both sides' parts over some days."""

Asked = tuple[Node, int]
"""A promise's query, and the product it is about (0: the brand as a whole)."""


def read_promises(
    archive: Archive, sieve: Sieve, promises: Sequence[Asked], passages: Sequence[PassageRow]
) -> list[PromiseReading]:
    """What is said of each promise: one look at the posts for all of them, and `passages` of ours."""
    about = sorted({product for _query, product in promises if product})
    asked = conditions(sieve, promises)
    rows = days_of(archive, sieve, [*asked, *of_products(about)])
    by_place: dict[int, list[DayOf]] = {}
    for row in rows:
        by_place.setdefault(row.place, []).append(row)
    base = {0: by_place.get(0, [])}
    for n, product in enumerate(about, start=len(promises) + 1):
        base[product] = by_place.get(n, [])
    return [
        _promise(sieve.scope, query, product, by_place.get(n, []), base[product], passages)
        for n, (query, product) in enumerate(promises, start=1)
    ]


def _promise(
    scope: Scope,
    query: Node,
    product: int,
    said: Sequence[DayOf],
    everyone: Sequence[DayOf],
    passages: Sequence[PassageRow],
) -> PromiseReading:
    theirs = [row for row in said if row.customer]
    standing = [each for each in passages if not product or product in each.products]
    holds = matcher(query)
    found = [passage for passage in standing if holds(_post(passage))]

    def sides(since: date, until: date) -> tuple[Part, Part]:
        they = Part(
            _posts(theirs, since, until),
            _posts([row for row in everyone if row.customer], since, until),
        )
        we = Part(
            _standing(found, since, until)
            + _posts([row for row in said if not row.customer], since, until),
            _standing(standing, since, until)
            + _posts([row for row in everyone if not row.customer], since, until),
        )
        return they, we

    they, we = sides(scope.since, scope.until)
    return PromiseReading(
        they,
        we,
        gap_of(they, we),
        positive=sum(row.positive for row in theirs),
        negative=sum(row.negative for row in theirs),
        unknown=sum(row.unknown for row in theirs),
        questions=sum(row.questions for row in theirs),
        complaints=sum(row.complaints for row in theirs),
        praise=sum(row.praise for row in theirs),
        months=tuple(_months(scope, sides)),
    )


def gap_of(they: Part, we: Part) -> Estimate | None:
    """Our share less theirs (Newcombe 1998); None where either side said nothing at all."""
    return difference(we.share, they.share) if they.of and we.of else None


def _months(scope: Scope, sides: Sides) -> list[Month]:
    starts = list(month_starts(scope.since, scope.until))
    found = []
    for n, start in enumerate(starts):
        end = starts[n + 1] if n + 1 < len(starts) else scope.until
        they, we = sides(max(start, scope.since), min(end, scope.until))
        found.append(Month(start, they, we, gap_of(they, we)))
    return found


def _posts(days: Sequence[DayOf], since: date, until: date) -> int:
    return sum(row.posts for row in days if since <= row.day < until)


def _standing(passages: Sequence[PassageRow], since: date, until: date) -> int:
    return sum(
        passage.valid_from < until and (passage.valid_to is None or passage.valid_to > since)
        for passage in passages
    )


def _post(passage: PassageRow) -> Post:
    """A passage as a query sees it; the title of its page is not part of what it says."""
    return Post(
        published_at=datetime.combine(passage.valid_from, time(), UTC),
        text=passage.text,
        language=passage.language,
        mood=passage.mood,
        products=passage.products,
    )


@dataclass(frozen=True)
class Standing:
    """One brand on the map: of its posts, those that fit either promise."""

    brand: int
    across: Part
    up: Part


LEAST_ON_MAP = 30
"""Posts a brand needs to be on the map."""


def read_map(
    archive: Archive, sieve: Sieve, brands: Sequence[int], across: Node, up: Node
) -> list[Standing]:
    """Where brands stand on two promises; those with too few posts are absent."""
    found = posts_by_brand(archive, sieve, conditions(sieve, [(across, 0), (up, 0)]))
    return [
        Standing(brand, *(Part(found[brand][n], found[brand][0]) for n in (1, 2)))
        for brand in brands
        if brand in found and found[brand][0] >= LEAST_ON_MAP
    ]
