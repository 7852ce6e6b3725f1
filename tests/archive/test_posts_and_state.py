"""Posts word for word, how much the archive holds, and taking things out for good."""

from datetime import UTC, date, datetime, timedelta

import pytest

from openroads.archive.client import Archive
from openroads.archive.erase import delete_source, drop_before, erase_author, erase_posts
from openroads.archive.ingest import (
    Origin,
    author_key,
    rebuild_rollups,
    verify_rollups,
    withdraw_text,
)
from openroads.archive.queries import gap, posts, state
from openroads.archive.queries.timeline import revision
from openroads.archive.queries.totals import totals
from openroads.archive.scope import Scope
from tests.archive.saying import land, land_texts, passage, said

YEAR = Scope(date(2026, 1, 1), date(2027, 1, 1))
TEXT = "de accu is na een jaar leeg"


def test_pages_follow_each_other_newest_first_also_at_one_moment(archive: Archive) -> None:
    moment = datetime(2026, 10, 1, 12, tzinfo=UTC)
    land(archive, *(said(str(n), f"post {n}", moment + timedelta(days=n // 4)) for n in range(22)))
    seen, before = [], None
    while page := posts.posts_in_scope(archive, YEAR, before=before, limit=5):
        seen += page
        before = page[-1].place
    assert len(seen) == 22
    assert len({post.id for post in seen}) == 22
    assert [post.place for post in seen] == sorted((post.place for post in seen), reverse=True)


def test_posts_with_a_term_are_those_that_were_counted(archive: Archive) -> None:
    land(
        archive,
        said("1", TEXT, date(2026, 10, 1)), said("2", TEXT, date(2026, 10, 2)),
        said("3", "accu", date(2026, 10, 3)), said("4", "rem", date(2026, 10, 4)),
        said("5", "accu", date(2026, 10, 5), repost=True),
    )  # fmt: skip
    accu = gap.term_id(archive, "accu") or 0
    found = posts.posts_with_term(archive, YEAR, accu)
    counts = gap.term_counts(archive, YEAR)
    assert [post.author for post in found] == ["author-3", "author-1"]
    assert counts.docs[counts.term == accu].tolist() == [2]


def test_one_post_is_found_by_its_id(archive: Archive) -> None:
    land(archive, said("1", TEXT, date(2026, 10, 1)))
    (post,) = posts.posts_in_scope(archive, YEAR)
    assert posts.post_by_id(archive, post.id, YEAR.since, YEAR.until) == post
    assert posts.post_by_id(archive, post.id, date(2026, 10, 2), YEAR.until) is None


def test_passages_with_a_term_come_latest_first(archive: Archive) -> None:
    land_texts(
        archive,
        passage(1, 0, "accu lang", date(2026, 1, 1)), passage(1, 1, "rem", date(2026, 1, 1)),
        passage(2, 0, "accu nieuw", date(2026, 5, 1)),
    )  # fmt: skip
    accu = gap.term_id(archive, "accu") or 0
    assert [own.text for own in posts.passages_with_term(archive, YEAR, accu)] == [
        "accu nieuw", "accu lang",
    ]  # fmt: skip
    assert len(posts.passages_with_term(archive, YEAR, 0)) == 3


def test_what_is_kept_is_told_per_source(archive: Archive) -> None:
    land(archive, said("1", "accu", date(2026, 9, 1)), said("2", "rem", date(2026, 10, 2)))
    land(archive, said("1", "site", date(2026, 3, 1)), origin=Origin(2, "brand", 1))
    assert state.kept(archive) == [
        state.Kept(1, 2, date(2026, 9, 1), date(2026, 10, 2)),
        state.Kept(2, 1, date(2026, 3, 1), date(2026, 3, 1)),
    ]


def test_volume_per_day_is_the_same_from_sums_and_from_posts(archive: Archive) -> None:
    land(
        archive,
        said("1", TEXT, date(2026, 10, 1), mood=1, kind="praise", brands=(1,), products=(4,)),
        said("2", TEXT, datetime(2026, 10, 1, 13, tzinfo=UTC), mood=1, brands=(1,), products=(4,)),
        said("3", "rem", date(2026, 10, 1), mood=-1, kind="complaint", brands=(1,), products=(4,)),
        said("4", "?", date(2026, 10, 3), mood=-128, kind="question", brands=(1,), products=(4,)),
        said("5", "x", date(2026, 10, 3), repost=True, brands=(1,), products=(4,)),
    )
    summed = state.volume_by_day(archive, Scope(YEAR.since, YEAR.until, 1, (4,)))
    assert summed == state.volume_by_day(archive, Scope(YEAR.since, YEAR.until, 1, (4, 5)))
    assert summed == [
        state.VolumeOnDay(date(2026, 10, 1), 2, 1, 1, 0, 8, 0, 1, 0, 1, 1),
        state.VolumeOnDay(date(2026, 10, 3), 1, 0, 0, 1, 1, 1, 0, 1, 0, 0),
    ]


def nowhere_on_disk(archive: Archive, word: str) -> bool:
    """Whether no row, in any version, still has the word."""
    found = archive.table(
        "SELECT count() AS n FROM post WHERE position(text, {w:String}) > 0", {"w": word},
    )  # fmt: skip
    return bool(found["n"][0].as_py() == 0)


def test_an_erased_author_leaves_nothing_behind(archive: Archive) -> None:
    land(archive, said("1", "geheim een", date(2026, 9, 1), author="marloes"))
    land(archive, said("1", "geheim twee", date(2026, 9, 1), author="marloes"))
    land(archive, said("2", "geheim drie", date(2026, 10, 1), author="marloes"))
    land(archive, said("3", "openbaar", date(2026, 10, 1), author="ans"))
    assert erase_author(archive, author_key("forum", "marloes", b"test key")) == 2
    assert nowhere_on_disk(archive, "geheim")
    assert [post.text for post in posts.posts_in_scope(archive, YEAR)] == ["openbaar"]
    assert verify_rollups(archive) == []
    parts = archive.table(
        "SELECT sum(has_lightweight_delete) AS n FROM system.parts WHERE active AND table = 'post'",
        {},
    )
    assert parts["n"].to_pylist() == [0]
    assert erase_author(archive, 12345) == 0


def test_an_older_version_under_another_name_goes_with_it(archive: Archive) -> None:
    land(archive, said("1", "geheim een", date(2026, 9, 1), author="ans"))
    land(archive, said("1", "geheim twee", date(2026, 9, 1), author="marloes"))
    assert erase_author(archive, author_key("forum", "marloes", b"test key")) == 1
    assert posts.posts_in_scope(archive, YEAR) == []
    assert nowhere_on_disk(archive, "geheim")


def test_copies_of_an_erased_post_find_each_other(archive: Archive) -> None:
    land(archive, *(said(str(n), TEXT, date(2026, 9, 28 + n)) for n in range(3)))
    (first,) = (post for post in posts.posts_in_scope(archive, YEAR) if not post.original)
    assert erase_posts(archive, [first.id]) == 1
    found = totals(archive, YEAR)
    assert (found.posts, found.left_out_duplicates) == (1, 1)
    assert verify_rollups(archive) == []


def test_a_deleted_source_is_gone_and_may_be_read_again(archive: Archive) -> None:
    two = [said("1", TEXT, date(2026, 9, 1)), said("2", "rem", date(2026, 10, 1))]
    land(archive, *two)
    land(archive, said("1", "iets anders", date(2026, 10, 1)), origin=Origin(2, "customer"))
    assert delete_source(archive, 1) == 2
    assert [row.source for row in state.kept(archive)] == [2]
    assert verify_rollups(archive) == []
    assert land(archive, *two).added == 2


def test_retention_drops_whole_months(archive: Archive) -> None:
    land(
        archive,
        said("1", "oud", date(2025, 12, 5)), said("2", TEXT, date(2026, 1, 25)),
        said("3", TEXT, date(2026, 2, 3)), said("4", "nieuw", date(2026, 2, 4)),
    )  # fmt: skip
    assert drop_before(archive, date(2026, 2, 20)) == [202512, 202601]
    assert [post.author for post in posts.posts_in_scope(archive, YEAR)] == ["author-4", "author-3"]
    assert totals(archive, YEAR).posts == 2
    assert verify_rollups(archive) == []


def test_sums_can_be_made_anew_and_differences_are_told(archive: Archive) -> None:
    land(archive, said("1", TEXT, date(2026, 9, 1), brands=(1,), products=(4,)))
    archive.command("TRUNCATE TABLE term_period")
    archive.command("TRUNCATE TABLE volume_day")
    assert len(verify_rollups(archive, [202609])) == 3 * (7 + 1)
    rebuild_rollups(archive, [202609])
    assert verify_rollups(archive) == []


def test_a_revision_changes_with_what_is_written_and_with_nothing_else(archive: Archive) -> None:
    post = said("1", TEXT, date(2026, 9, 1))
    seen = [revision(archive)]
    land(archive, post)
    seen.append(revision(archive))
    land(archive, post.but(likes=2))
    seen.append(revision(archive))
    land_texts(archive, passage(1, 0, "a", YEAR.since))
    seen.append(revision(archive))
    withdraw_text(archive, 1)
    seen.append(revision(archive))
    land(archive, said("2", "rem", date(2026, 9, 1)), said("3", "rem", date(2026, 8, 1)))
    seen.append(revision(archive))
    land(archive, post.but(likes=2))
    assert revision(archive) == seen[-1]
    for table in ("post", "term_period", "volume_day"):
        archive.command(f"OPTIMIZE TABLE {table} FINAL")
    assert revision(archive) == seen[-1]
    drop_before(archive, date(2026, 9, 1))
    seen.append(revision(archive))
    delete_source(archive, 1)
    seen.append(revision(archive))
    assert len({str(one) for one in seen}) == len(seen)


def test_the_engine_is_asked_where_it_stands_only_after_a_write(archive: Archive) -> None:
    seen = revision(archive)
    assert (revision(archive) is seen) is not archive.on_server
    land(archive, said("1", TEXT, date(2026, 9, 1)))
    assert revision(archive) != seen
    seen = revision(archive)
    with pytest.raises(Exception, match="no_such_table"):
        archive.command("TRUNCATE TABLE no_such_table")
    assert revision(archive) is not seen
    assert revision(archive) == seen


def test_an_erasure_survives_a_restart(archive: Archive) -> None:
    land(archive, said("1", "geheim", date(2026, 9, 1), author="marloes"))
    erase_author(archive, author_key("forum", "marloes", b"test key"))
    place = archive.location
    archive.close()
    with Archive.open(place, author_key=b"test key") as again:
        assert posts.posts_in_scope(again, YEAR) == []
        assert land(again, said("1", "terug", date(2026, 9, 1))).added == 1
