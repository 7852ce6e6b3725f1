"""What networks take back: out of sight at once, out of the files later, and counted."""

from datetime import date, timedelta

from openroads.archive.client import Archive
from openroads.archive.ingest import Origin, ingest, perhaps_held, verify_rollups
from openroads.archive.message import Message
from openroads.archive.platform import (
    erase_taken_back,
    owner_of,
    owners,
    posts_of_owners,
    rename_owner,
    taken_back,
)
from openroads.archive.queries.authors import HELD_OF_AUTHOR, HeldOfAuthor
from openroads.archive.queries.posts import posts_in_scope
from openroads.archive.scope import Scope
from tests.archive.saying import CUSTOMERS, NOW, Said, analysis_of, gone, land, said

DAY = date(2026, 11, 20)
SCOPE = Scope(date(2026, 11, 1), date(2026, 12, 1))
ELSEWHERE = Origin(source=2, purpose_voice="customer")


def skeet(did: str, rkey: str, text: str, on: date = DAY, **more: object) -> Said:
    return said(f"at://did:plc:{did}/app.bsky.feed.post/{rkey}", text, on, **more)


def every_version(archive: Archive) -> list[str]:
    return archive.written("SELECT text FROM post WHERE text != ''", {})["text"].to_pylist()


def test_what_was_deleted_is_counted_and_its_words_leave_the_files(archive: Archive) -> None:
    one, two = skeet("a", "1", "de accu is leeg"), skeet("b", "2", "de kade rijdt fijn")
    land(archive, one, two)
    land(archive, gone(one))
    (found,) = taken_back(archive, NOW)
    assert (found.source, found.posts, found.first) == (1, 1, NOW)
    assert "de accu is leeg" in every_version(archive)
    assert erase_taken_back(archive, NOW) == 1
    assert every_version(archive) == ["de kade rijdt fijn"]
    assert taken_back(archive, NOW) == [] and erase_taken_back(archive, NOW) == 0
    verify_rollups(archive)


def test_what_is_heard_later_waits_for_its_turn(archive: Archive) -> None:
    one = skeet("a", "1", "de accu is leeg")
    land(archive, one)
    land(archive, gone(one))
    assert taken_back(archive, NOW - timedelta(minutes=1)) == []


def test_a_post_that_moved_to_another_day_was_not_taken_back(archive: Archive) -> None:
    one = skeet("a", "1", "de accu is leeg")
    land(archive, one)
    land(archive, one.but(said_at=one.message.said_at - timedelta(days=3)))
    assert taken_back(archive, NOW) == [] and erase_taken_back(archive, NOW) == 0
    assert len(posts_in_scope(archive, SCOPE)) == 1


def test_a_post_that_came_back_is_not_erased(archive: Archive) -> None:
    one = skeet("a", "1", "de accu is leeg")
    land(archive, one)
    land(archive, gone(one))
    land(archive, one)
    assert erase_taken_back(archive, NOW) == 0
    assert [post.text for post in posts_in_scope(archive, SCOPE)] == ["de accu is leeg"]


def test_the_posts_of_an_account_are_found_within_a_source(archive: Archive) -> None:
    land(archive, skeet("a", "1", "een"), skeet("a", "2", "twee"), skeet("ab", "3", "drie"))
    land(archive, skeet("a", "9", "elders"), origin=ELSEWHERE)
    found = posts_of_owners(archive, [1], ["at://did:plc:a"])
    assert [post.native_id[-1] for post in found] == ["1", "2"]
    assert sorted(owners(archive, [1])) == ["at://did:plc:a", "at://did:plc:ab"]
    assert owner_of("at://did:plc:a/app.bsky.feed.post/1") == "at://did:plc:a"
    assert owner_of("113") == "113"


def test_only_what_a_source_brought_is_perhaps_held(archive: Archive) -> None:
    land(archive, skeet("a", "1", "een"))
    ids = [f"at://did:plc:a/app.bsky.feed.post/{n}" for n in (1, 2)]
    assert perhaps_held(archive, 1, ids) == [True, False]
    assert perhaps_held(archive, 2, ids) == [False, False]


def test_who_takes_another_handle_is_one_author_still(archive: Archive) -> None:
    land(archive, skeet("a", "1", "een fijne fiets", author="ilse"), skeet("b", "2", "twee", author="tom"))  # fmt: skip
    assert rename_owner(archive, [1], "at://did:plc:a", "forum", "ilse.nl") == 1
    assert rename_owner(archive, [1], "at://did:plc:a", "forum", "ilse.nl") == 0
    assert {post.author for post in posts_in_scope(archive, SCOPE)} == {"ilse.nl", "tom"}
    assert sorted(every_version(archive)) == ["een fijne fiets", "twee"]
    verify_rollups(archive)
    again = skeet("a", "1", "een fijne fiets", author="ilse.nl")
    keys = [post.author_key for post in posts_in_scope(archive, SCOPE) if post.author == "ilse.nl"]
    land(archive, again)
    assert archive.rows(HeldOfAuthor, HELD_OF_AUTHOR, {"keys": keys})[0].posts == 1


def test_a_quote_is_kept_with_what_it_quotes(archive: Archive) -> None:
    land(archive, skeet("a", "1", "zo is het", quotes="at://did:plc:b/app.bsky.feed.post/2"))
    (post,) = posts_in_scope(archive, SCOPE)
    assert (post.quotes, post.repost) == ("at://did:plc:b/app.bsky.feed.post/2", False)
    assert Message("1", "x", "t", NOW).quotes == ""


def test_one_batch_may_be_of_several_sources(archive: Archive) -> None:
    posts = [skeet("a", "1", "een"), skeet("a", "1", "een"), skeet("b", "2", "twee", author="windmee")]  # fmt: skip
    ours = Origin(source=2, purpose_voice="customer", own_handles=frozenset({"@Windmee"}))
    origins = [CUSTOMERS, ELSEWHERE, ours]
    analysis = analysis_of([post.message.text for post in posts], posts)
    landed = ingest(archive, [post.message for post in posts], analysis, origins, now=NOW)
    assert (landed.added, landed.kept) == (3, {1: 1, 2: 2})
    asked = "SELECT source, native_id, voice FROM post FINAL ORDER BY source, native_id"
    rows = archive.written(asked, {}).to_pylist()
    assert [(row["source"], row["native_id"][-1], row["voice"]) for row in rows] == [
        (1, "1", "customer"), (2, "1", "customer"), (2, "2", "brand"),
    ]  # fmt: skip
    again = ingest(archive, [post.message for post in posts], analysis, origins, now=NOW)
    assert (again.same, again.kept) == (3, {})
    verify_rollups(archive)
