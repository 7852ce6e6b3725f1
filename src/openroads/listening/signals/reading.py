"""Reading signals from the archive: what is said of a promise on both sides, and where brands stand.
Knows no database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from openroads.analysis.intervals import Estimate, difference, net_sentiment, wilson
from openroads.analysis.query.matcher import Post, matcher
from openroads.analysis.query.syntax import Node
from openroads.archive.client import Archive
from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.explore import DayRow, counted
from openroads.archive.queries.search import condition
from openroads.archive.queries.signals import PassageRow, posts_by_brand
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


@dataclass(frozen=True)
class OurWords:
    """What we said in the days of a scope: passages, and our own posts by day."""

    passages: Sequence[PassageRow]
    posts: Sequence[DayRow]


def read_promise(
    archive: Archive,
    sieve: Sieve,
    query: Node,
    *,
    everyone: Sequence[DayRow],
    ours: OurWords,
) -> PromiseReading:
    """What is said of a promise. `everyone` are the choice's own days, without the promise."""
    made = _beside(sieve, query)
    said = counted(archive, made).days
    own = counted(archive, replace(made, voice="brand", kinds=(), sources=())).days
    holds = matcher(query)
    found = [passage for passage in ours.passages if holds(_post(passage))]
    scope = sieve.scope

    def sides(since: date, until: date) -> tuple[Part, Part]:
        they = Part(_posts(said, since, until), _posts(everyone, since, until))
        we = Part(
            _standing(found, since, until) + _posts(own, since, until),
            _standing(ours.passages, since, until) + _posts(ours.posts, since, until),
        )
        return they, we

    they, we = sides(scope.since, scope.until)
    return PromiseReading(
        they,
        we,
        gap_of(they, we),
        *(
            sum(getattr(row, name) for row in said)
            for name in ("positive", "negative", "unknown", "questions", "complaints", "praise")
        ),
        months=tuple(_months(scope, sides)),
    )


def gap_of(they: Part, we: Part) -> Estimate | None:
    """Our share less theirs (Newcombe 1998); None where either side said nothing at all."""
    return difference(we.share, they.share) if they.of and we.of else None


def _beside(sieve: Sieve, query: Node) -> Sieve:
    """The posts of a choice that a query finds."""
    return replace(sieve, condition=condition(query, sieve.condition))


def _months(scope: Scope, sides: Sides) -> list[Month]:
    starts = list(month_starts(scope.since, scope.until))
    found = []
    for n, start in enumerate(starts):
        end = starts[n + 1] if n + 1 < len(starts) else scope.until
        they, we = sides(max(start, scope.since), min(end, scope.until))
        found.append(Month(start, they, we, gap_of(they, we)))
    return found


def _posts(days: Sequence[DayRow], since: date, until: date) -> int:
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
    whole = posts_by_brand(archive, sieve)
    sides = [posts_by_brand(archive, _beside(sieve, query)) for query in (across, up)]
    return [
        Standing(brand, *(Part(side.get(brand, 0), whole[brand]) for side in sides))
        for brand in brands
        if whole.get(brand, 0) >= LEAST_ON_MAP
    ]
