"""Counting every watched series by day or by hour, with what is unknown left unknown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from openroads.archive.client import Archive
from openroads.archive.queries import patterns as asking
from openroads.archive.queries.patterns import About, OfNetworks, SourceBegan, Stretch
from openroads.archive.scope import midnight
from openroads.listening.patterns.series import Watched

Figures = NDArray[np.float64]

DAY, HOUR = 86_400, 3_600
YOUNG = timedelta(days=84)
"""A source that began less long ago, and later than the rest, is left out: its posts would look like more
being said, when it is more being heard."""
BEGIN = timedelta(days=28)
"""Sources that began within so long after the very first are of the house's own beginning."""
LATE_HOURS = 36
"""Posts that came in so many hours after they were said tell nothing of what is going on now."""
LATE_DAYS = 4
"""So many of the last days are looked at for late posts."""
HEARD_BEFORE = 28
DEAF_BELOW = 8.0
"""A network that brought so many posts a day for four weeks and then none has fallen deaf, not silent:
of a Poisson with this mean one in three thousand days is empty."""


@dataclass(frozen=True)
class Counts:
    """Posts per series (rows) and moment; NaN is unknown. `late` of them came in late. `deaf` are
    networks with the places at which they brought nothing."""

    watched: tuple[Watched, ...]
    first: datetime
    step: int
    posts: Figures
    late: Figures
    left_out: tuple[int, ...]
    deaf: dict[str, tuple[int, ...]]

    @property
    def moments(self) -> int:
        return int(self.posts.shape[1])

    def at(self, place: int) -> datetime:
        """When the moment at a place begins."""
        return self.first + timedelta(seconds=self.step * place)

    @property
    def on_time(self) -> Figures:
        """What was known in time."""
        return self.posts - self.late

    def row(self, key: str) -> int | None:
        """Where a series stands."""
        return next((row for row, one in enumerate(self.watched) if one.key == key), None)


def young_sources(began: Sequence[SourceBegan], today: date) -> tuple[int, ...]:
    """Sources that joined later than the rest and not long ago."""
    first: dict[int, date] = {}
    for one in began:
        first[one.source] = min(one.first, first.get(one.source, one.first))
    if not first:
        return ()
    house = min(first.values())
    young = [
        source for source, since in first.items() if since > today - YOUNG and since > house + BEGIN
    ]
    return tuple(sorted(young))


def counted_by_day(
    archive: Archive, watch: Callable[[Sequence[str]], list[Watched]], since: date, until: date, *, now: datetime
) -> Counts:  # fmt: skip
    """Every series on the UTC days from `since` up to and without `until`, from the sums."""
    began = asking.sources_began(archive)
    young = young_sources(began, until)
    watched = watch(_networks(began, since))
    stretch = Stretch(midnight(since), midnight(until), young)
    lately = Stretch(max(midnight(since), now - timedelta(days=LATE_DAYS)), midnight(until), young)
    about = asking.days_about(archive, stretch)
    networks = asking.days_of_networks(archive, stretch)
    late = late_networks = None
    if lately.since < lately.until:
        late = asking.late_about(archive, lately, LATE_HOURS)
        late_networks = asking.late_of_networks(archive, lately, LATE_HOURS)
    whole = (min(until, utc_day(now)) - since).days
    made = _Made(watched, midnight(since), DAY, (until - since).days, whole)
    made.fill(about, networks)
    made.fill_late(late, late_networks)
    made.topics(archive, stretch)
    return made.counts(began, young)


def counted_by_hour(
    archive: Archive, watched: Sequence[Watched], since: datetime, until: datetime, *, today: date
) -> Counts:
    """Some series by the hour, post by post: for weeks, not years."""
    began = asking.sources_began(archive)
    young = young_sources(began, today)
    stretch = Stretch(since, until, young)
    made = _Made(watched, since, HOUR, round((until - since) / timedelta(hours=1)), 0)
    made.fill(asking.hours_about(archive, stretch), asking.hours_of_networks(archive, stretch))
    made.topics(archive, stretch)
    return made.counts(began, young)


def own_posts(archive: Archive, since: date, until: date) -> Figures:
    """Posts of the company's own accounts per UTC day."""
    found = asking.days_about(archive, Stretch(midnight(since), midnight(until)), "brand")
    days = np.zeros((until - since).days)
    whole = (found.brand == 0) & (found.product == 0)
    places = (found.at[whole] - int(midnight(since).timestamp())) // DAY
    np.add.at(days, places, found.posts[whole])
    return days


def _networks(began: Sequence[SourceBegan], since: date) -> list[str]:
    return sorted({one.network for one in began if one.last >= since and one.network})


class _Made:
    """Counts under way."""

    def __init__(
        self, watched: Sequence[Watched], first: datetime, step: int, moments: int, whole: int
    ) -> None:
        self._watched, self._first, self._step = tuple(watched), first, step
        self._whole = whole
        """Days that are over: the one under way may still be silent."""
        self._posts = np.zeros((len(watched), moments))
        self._late = np.zeros((len(watched), moments))

    def fill(self, about: About, networks: OfNetworks) -> None:
        self._about(self._posts, about)
        self._of_networks(self._posts, networks)

    def fill_late(self, about: About | None, networks: OfNetworks | None) -> None:
        if about is not None:
            self._about(self._late, about)
        if networks is not None:
            self._of_networks(self._late, networks)

    def topics(self, archive: Archive, stretch: Stretch) -> None:
        rows = {one.version: row for row, one in enumerate(self._watched) if one.version}
        brand_of = {one.version: one.brand for one in self._watched if one.version}
        found = asking.of_topics(archive, stretch, brand_of, step=self._step, late_hours=LATE_HOURS)
        at = np.array([rows[int(version)] for version in found.version], np.int64)
        places, there = self._places(found.at)
        np.add.at(self._posts, (at[there], places[there]), found.posts[there])
        recent = there & (places >= self._posts.shape[1] - LATE_DAYS * DAY // self._step)
        np.add.at(self._late, (at[recent], places[recent]), found.late[recent])

    def counts(self, began: Sequence[SourceBegan], young: Sequence[int]) -> Counts:
        posts = self._posts.copy()
        self._unknown_before(posts, [one for one in began if one.source not in young])
        deaf = self._deaf(posts)
        return Counts(self._watched, self._first, self._step, posts, self._late, tuple(young), deaf)

    def _about(self, into: Figures, found: About) -> None:
        places, there = self._places(found.at)
        for row, one in enumerate(self._watched):
            if one.what in ("topic", "network"):
                continue
            mine = there & (found.brand == one.brand) & (found.product == one.product)
            if one.what == "negative":
                mine &= found.negative == 1
            elif one.what == "complaint":
                mine &= found.complaint == 1
            np.add.at(into[row], places[mine], found.posts[mine])

    def _of_networks(self, into: Figures, found: OfNetworks) -> None:
        rows = {one.network: row for row, one in enumerate(self._watched) if one.what == "network"}
        places, there = self._places(found.at)
        for at, network, posts in zip(
            places[there], np.asarray(found.network)[there], found.posts[there], strict=True
        ):
            if str(network) in rows:
                into[rows[str(network)], at] += posts

    def _places(self, at: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        places = (at - int(self._first.timestamp())) // self._step
        return places, (places >= 0) & (places < self._posts.shape[1])

    def _unknown_before(self, posts: Figures, began: Sequence[SourceBegan]) -> None:
        """Before anybody listened nothing is known, which is not that nothing was said."""
        house = min((one.first for one in began), default=None)
        for row, one in enumerate(self._watched):
            first = house
            if one.what == "network":
                first = min((b.first for b in began if b.network == one.network), default=None)
            if first is None:
                posts[row] = np.nan
                continue
            place = int((midnight(first) - self._first).total_seconds()) // self._step
            posts[row, : max(place, 0)] = np.nan

    def _deaf(self, posts: Figures) -> dict[str, tuple[int, ...]]:
        """Days on which a network that is never silent was; they become unknown, and when all are
        silent at once, the day is unknown for every series."""
        deaf: dict[str, tuple[int, ...]] = {}
        rows = [
            (row, one) for row, one in enumerate(self._watched) if one.what in ("network", "all")
        ]
        for row, one in rows:
            places = tuple(_empty_days(posts[row, : self._whole]))
            if not places:
                continue
            if one.what == "all":
                posts[:, list(places)] = np.nan
            else:
                posts[row, list(places)] = np.nan
            deaf[one.network] = places
        return deaf


def _empty_days(counts: Figures) -> list[int]:
    """Places without a post after four weeks of at least `DEAF_BELOW` posts a day."""
    found = []
    for place in np.flatnonzero(counts == 0):
        before = counts[max(place - HEARD_BEFORE, 0) : place]
        before = before[np.isfinite(before) & (before > 0)]
        if len(before) >= HEARD_BEFORE // 2 and before.mean() >= DEAF_BELOW:
            found.append(int(place))
    return found


def utc_day(moment: datetime) -> date:
    """The UTC day a moment is in."""
    return moment.astimezone(UTC).date()
