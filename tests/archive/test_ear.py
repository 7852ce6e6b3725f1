"""How posts come in per source, counted by the engine on rows counted by hand."""

from datetime import UTC, date, datetime, timedelta

from openroads.archive.batch import Origin
from openroads.archive.client import Archive
from openroads.archive.queries.ear import arrivals, posts_by_source
from tests.archive.saying import land, said

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


def heard(archive: Archive, source: int, *moments: datetime, now: datetime = NOW) -> None:
    posts = [said(f"p{n}", f"post {n}", at) for n, at in enumerate(moments)]
    land(archive, *posts, origin=Origin(source, "customer"), now=now)


def test_posts_are_counted_per_source_lately_and_before(archive: Archive) -> None:
    days = [datetime(2026, 6, day, 9, tzinfo=UTC) for day in (1, 2, 24, 25, 30)]
    heard(archive, 1, *days)
    heard(archive, 2, days[0])
    rows = posts_by_source(archive, date(2026, 5, 1), date(2026, 6, 24), date(2026, 7, 1))
    assert [(row.source, row.lately, row.before, row.first) for row in rows] == [
        (1, 3, 2, date(2026, 6, 1)),
        (2, 0, 1, date(2026, 6, 1)),
    ]


def test_the_last_moments_are_told_newest_first_with_the_lag_of_lately(archive: Archive) -> None:
    at = [NOW - timedelta(minutes=minutes) for minutes in (10, 30, 50)]
    heard(archive, 1, *at, NOW - timedelta(days=60))
    heard(archive, 1, *at, now=NOW + timedelta(hours=1))  # read again: nothing comes twice
    heard(archive, 2, NOW - timedelta(days=20))
    found = {row.source: row for row in arrivals(archive, date(2026, 1, 1), date(2026, 6, 24), date(2026, 7, 1), 3)}  # fmt: skip
    assert found[1].moments == [int(moment.timestamp()) for moment in at]
    assert found[1].lag == 30 * 60, "half of three posts were here within half an hour"
    assert found[2].lag == -1 and len(found[2].moments) == 1
