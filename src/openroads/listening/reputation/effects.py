"""What became of a steering action: its weeks before and after, with the rest of the conversation as control."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from openroads.analysis.steering import Change, change_in_rate, change_in_tone
from openroads.listening.reputation.reading import Tally, net_of

WEEKS = 4
"""Whole weeks on either side that are compared."""
LEAST = 10
"""Posts aimed at, and posts of the rest, that each side must have."""
LEAST_TONED = 20
"""Posts with a known tone that each must have for a change of tone."""

Verdict = Literal["early", "few", "worked", "against", "moving", "unproven", "unknown"]
"""Too early; too few posts; as hoped; the other way; was moving already; not proven; no history."""

Days = Callable[[date, date], tuple[dict[date, Tally], dict[date, Tally]]]
"""Gives what was aimed at and the rest, day by day, for days from one up to but not on the other."""


@dataclass(frozen=True)
class Effect:
    """What is known of an action: a verdict and, where it can be measured, the change beyond the
    control. `change` is a share of one (.25: a quarter more) for a number of posts, points of net
    sentiment for tone. `trend` is the same change a period earlier, when nothing had been done."""

    verdict: Verdict
    measured_on: date
    """The first day on which it can be, or could be, measured."""
    aimed: tuple[Tally, Tally] = (Tally(), Tally())
    rest: tuple[Tally, Tally] = (Tally(), Tally())
    change: Change | None = None
    trend: Change | None = None


def effect_of(on: date, hope: str, *, first: date | None, last: date | None, ask: Days) -> Effect:
    """Measure an action of day `on`; the archive holds posts from `first` to `last`."""
    span = timedelta(weeks=WEEKS)
    measured_on = on + span
    if last is None or first is None or on - span < first:
        return Effect("unknown", measured_on)
    if last < measured_on - timedelta(days=1):
        return Effect("early", measured_on)
    far = on - span - span
    aimed, rest = ask(max(far, first), measured_on)
    sides = [(on - span, on), (on, measured_on)]
    ours = [_within(aimed, *side) for side in sides]
    others = [_within(rest, *side) for side in sides]
    tallies = (ours[0], ours[1]), (others[0], others[1])
    if not _enough([*ours, *others], hope):
        return Effect("few", measured_on, *tallies)
    change = _change(aimed, rest, sides[0], sides[1], hope)
    trend = None
    earlier = (far, on - span)
    known = [_within(days, *earlier) for days in (aimed, rest)]
    if far >= first and _enough(known, hope):
        trend = _change(aimed, rest, earlier, sides[0], hope)
    return Effect(_verdict(change, trend, hope), measured_on, *tallies, change, trend)


def _enough(tallies: Sequence[Tally], hope: str) -> bool:
    if hope == "warmer":
        return all(tally.rated >= LEAST_TONED for tally in tallies)
    return all(tally.posts >= LEAST for tally in tallies)


def _verdict(change: Change, trend: Change | None, hope: str) -> Verdict:
    """What it came to. A change that goes on with one from before the action proves nothing."""
    if not change.is_proven:
        return "unproven"
    up = float(change.effect.value) > 0
    if trend is not None and trend.is_proven and (float(trend.effect.value) > 0) == up:
        return "moving"
    return "worked" if up == (hope != "less") else "against"


def _change(
    aimed: dict[date, Tally], rest: dict[date, Tally],
    before: tuple[date, date], after: tuple[date, date], hope: str,
) -> Change:  # fmt: skip
    if hope == "warmer":
        parts = [net_of(_within(days, *side)) for days in (aimed, rest) for side in (before, after)]
        return change_in_tone(*parts)
    return change_in_rate(_weeks(aimed, rest, *before), _weeks(aimed, rest, *after))


def _weeks(
    aimed: dict[date, Tally], rest: dict[date, Tally], since: date, until: date
) -> list[tuple[float, float]]:
    week = timedelta(days=7)
    starts = [since + week * n for n in range((until - since).days // 7)]
    return [
        (_within(aimed, day, day + week).posts, _within(rest, day, day + week).posts)
        for day in starts
    ]


def _within(days: dict[date, Tally], since: date, until: date) -> Tally:
    rows = [tally for day, tally in days.items() if since <= day < until]
    return Tally(
        *(sum(getattr(row, name) for row in rows) for name in ("posts", "positive", "negative", "unknown"))
    )  # fmt: skip
