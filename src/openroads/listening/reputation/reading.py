"""Reading a reputation from the archive: volume, share of voice, tone and what changed. Knows no database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from openroads.analysis.intervals import Estimate, difference, net_sentiment
from openroads.analysis.shares import (
    Rule,
    Voice,
    net_of_rated,
    rate_change,
    share_of_voice,
    spread_of_days,
)
from openroads.archive.client import Archive
from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.reputation import NamedRow, named_by_day

FEW = 20
"""Posts with a known tone below which no net sentiment is said."""
LEAST_OF_WEEK = 10
"""Posts of the whole set below which a week has no share."""


@dataclass(frozen=True)
class Tally:
    """Posts that name a brand, by tone."""

    posts: int = 0
    positive: int = 0
    negative: int = 0
    unknown: int = 0

    @property
    def rated(self) -> int:
        return self.posts - self.unknown


@dataclass(frozen=True)
class Week:
    """One stretch of days on the way: a brand's posts and its share of the set (None: too few posts)."""

    since: date
    posts: int
    share: Estimate | None
    net: Estimate | None


@dataclass(frozen=True)
class BrandReputation:
    """One brand in the period and in as many days before. `share` and `positive_share` are within the
    set; None where nobody of the set was named."""

    brand: int
    now: Tally
    before: Tally
    rate: Estimate
    share: Estimate | None
    share_before: Estimate | None
    share_change: Estimate | None
    positive_share: Estimate | None
    net: Estimate
    net_change: Estimate | None
    of_rated: Estimate
    weeks: tuple[Week, ...]


@dataclass(frozen=True)
class Reputation:
    """The brands of a set, ours first; `posts` name at least one of them, `several` more than one."""

    brands: tuple[BrandReputation, ...]
    posts: int
    posts_before: int
    several: int
    rule: Rule
    has_before: bool
    """Whether the archive reaches back over the days before."""
    step: int
    """Days of one step of the lines."""

    @property
    def ours(self) -> BrandReputation:
        return self.brands[0]


def read_reputation(
    archive: Archive,
    sieve: Sieve,
    brands: Sequence[int],
    *,
    rule: Rule = "split",
    first: date | None = None,
) -> Reputation:
    """Ours (the first) and its competitors over the days of a choice, and over as many before.

    `first` is the first day with posts: days before it are unknown, not empty.
    """
    scope = sieve.scope
    span = scope.until - scope.since
    start = scope.since - span
    rows = named_by_day(archive, replace(sieve, scope=replace(scope, since=start)), brands)
    now = [row for row in rows if row.day >= scope.since]
    earlier = [row for row in rows if row.day < scope.since]
    has_before = first is not None and first <= start
    voices = _voices(now, brands, rule), _voices(earlier, brands, rule)
    step = step_of(span.days)
    return Reputation(
        brands=tuple(
            _brand(
                n, brand, now, earlier, voices, brands, rule, scope.since, span, step, has_before
            )
            for n, brand in enumerate(brands)
        ),
        posts=voices[0][0].posts,
        posts_before=voices[1][0].posts,
        several=sum(row.posts for row in now if len(row.named) > 1),
        rule=rule,
        has_before=has_before,
        step=step,
    )


def step_of(days: int) -> int:
    """Days of one step: a week, or four where there would be more than sixty of these."""
    return 7 if days <= 7 * 60 else 28


def counts_of(rows: Sequence[NamedRow], figure: str = "posts") -> Counter[frozenset[int]]:
    """A figure by exactly which brands of the set were named."""
    counts: Counter[frozenset[int]] = Counter()
    for row in rows:
        counts[frozenset(row.named)] += getattr(row, figure)
    return counts


def tally_of(rows: Sequence[NamedRow], brand: int) -> Tally:
    """Every post that names a brand, whoever else it names."""
    of = [row for row in rows if brand in row.named]
    return Tally(
        *(sum(getattr(row, name) for row in of) for name in ("posts", "positive", "negative", "unknown"))
    )  # fmt: skip


def net_of(tally: Tally) -> Estimate:
    """Net sentiment over the posts whose tone is known."""
    return net_sentiment(tally.positive, tally.negative, tally.rated)


def _voices(rows: Sequence[NamedRow], brands: Sequence[int], rule: Rule) -> tuple[Voice, Voice]:
    """Shares of all posts of the set, and of its positive ones."""
    return (
        share_of_voice(counts_of(rows), brands, rule=rule),
        share_of_voice(counts_of(rows, "positive"), brands, rule=rule),
    )


def _brand(
    place: int,
    brand: int,
    now: Sequence[NamedRow],
    earlier: Sequence[NamedRow],
    voices: tuple[tuple[Voice, Voice], tuple[Voice, Voice]],
    brands: Sequence[int],
    rule: Rule,
    since: date,
    span: timedelta,
    step: int,
    has_before: bool,
) -> BrandReputation:
    tallies = tally_of(now, brand), tally_of(earlier, brand)
    share, before = (_one(voice[0], place) for voice in voices)
    days = span.days
    spread = spread_of_days(
        _by_day(now, brand, since, days), _by_day(earlier, brand, since - span, days)
    )
    enough = has_before and min(each.rated for each in tallies) >= FEW
    compared = has_before and share is not None and before is not None
    return BrandReputation(
        brand=brand,
        now=tallies[0],
        before=tallies[1],
        rate=rate_change(
            tallies[0].posts, tallies[1].posts, now_days=days, before_days=days, spread=spread
        ),
        share=share,
        share_before=before if has_before else None,
        share_change=difference(share, before) if compared and share and before else None,
        positive_share=_one(voices[0][1], place),
        net=net_of(tallies[0]),
        net_change=difference(net_of(tallies[0]), net_of(tallies[1])) if enough else None,
        of_rated=net_of_rated(tallies[0].positive, tallies[0].negative),
        weeks=_weeks(now, place, brand, brands, rule, since, days, step),
    )


def _one(voice: Voice, place: int) -> Estimate | None:
    if not voice.posts:
        return None
    whole = voice.share
    return Estimate(*(np.asarray(part[place]) for part in (whole.value, whole.low, whole.high)))


def _by_day(rows: Sequence[NamedRow], brand: int, since: date, days: int) -> list[float]:
    found = [0.0] * days
    for row in rows:
        if brand in row.named:
            found[(row.day - since).days] += row.posts
    return found


def _weeks(
    rows: Sequence[NamedRow], place: int, brand: int, brands: Sequence[int], rule: Rule,
    since: date, days: int, step: int,
) -> tuple[Week, ...]:  # fmt: skip
    """Whole steps, the last ending with the period: a step cut short would look like a fall."""
    whole = days // step
    begin = since + timedelta(days=days - whole * step)
    found = []
    for n in range(whole):
        first = begin + timedelta(days=n * step)
        within = [row for row in rows if 0 <= (row.day - first).days < step]
        voice = share_of_voice(counts_of(within), brands, rule=rule)
        tally = tally_of(within, brand)
        found.append(
            Week(
                first,
                tally.posts,
                _one(voice, place) if voice.posts >= LEAST_OF_WEEK else None,
                net_of(tally) if tally.rated >= LEAST_OF_WEEK else None,
            )
        )
    return tuple(found)
