"""Counting topics: posts per week and tone of each, and the posts they are a share of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.explore import posts_by_day
from openroads.archive.queries.topics import topics_by_week
from openroads.archive.scope import Scope
from openroads.directory.conversations import archive
from openroads.listening.remembering import remembered
from openroads.listening.topics.models import Topic
from openroads.listening.topics.queries import filed_as

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class TopicFigures:
    """Customers' posts of one topic in a period. `of` are all posts about its brand (or all there are);
    `weeks` the posts of every whole week in it, also those with none. `copies` repeat a post in nearly
    the same words and are counted nowhere else."""

    posts: int
    positive: int
    negative: int
    unknown: int
    of: int
    weeks: tuple[tuple[date, int], ...]
    copies: int = 0

    @property
    def rated(self) -> int:
        """Posts with a known tone."""
        return self.posts - self.unknown


def figures_of(
    topics: Sequence[Topic], since: date, until: date
) -> Mapping[int, TopicFigures | None]:
    """The figures of each topic from `since` up to and without `until`; None while none of its
    versions is filed to the end. The same question has the same answer until the archive changes."""
    known = {
        topic.in_force_id: topic.brand_id or 0 for topic in topics if topic.in_force_id is not None
    }
    if not known:
        return {topic.pk: None for topic in topics}
    question = f"topics:{since}:{until}:{sorted(known.items())}"
    counted = remembered(
        f"{question}:{filed_as([topic.pk for topic in topics])}",
        lambda: _counted(Scope(since, until), known),
    )
    return {
        topic.pk: counted.get(topic.in_force_id) if topic.in_force_id else None for topic in topics
    }


def whole_weeks(since: date, until: date) -> list[date]:
    """The Mondays of the weeks that lie wholly within the period."""
    monday = since + timedelta(days=-since.weekday() % 7)
    weeks = []
    while monday + WEEK <= until:
        weeks.append(monday)
        monday += WEEK
    return weeks


def _counted(scope: Scope, brand_of: Mapping[int, int]) -> dict[int, TopicFigures]:
    of = {brand: _posts_about(scope, brand) for brand in set(brand_of.values())}
    rows = topics_by_week(archive(), scope, brand_of)
    mondays = whole_weeks(scope.since, scope.until)
    found = {}
    for version, brand in brand_of.items():
        mine = [row for row in rows if row.version == version]
        by_week = {row.week: row.posts for row in mine}
        found[version] = TopicFigures(
            posts=sum(row.posts for row in mine),
            positive=sum(row.positive for row in mine),
            negative=sum(row.negative for row in mine),
            unknown=sum(row.unknown for row in mine),
            of=of[brand],
            weeks=tuple((monday, by_week.get(monday, 0)) for monday in mondays),
            copies=sum(row.copies for row in mine),
        )
    return found


def _posts_about(scope: Scope, brand: int) -> int:
    sieve = Sieve(Scope(scope.since, scope.until, brand))
    return sum(day.posts for day in posts_by_day(archive(), sieve))
