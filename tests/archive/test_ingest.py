"""What lands in the archive, once and truly."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from openroads.archive.batch import author_key
from openroads.archive.client import Archive
from openroads.archive.ingest import Landed, Origin, ingest, post_id, verify_rollups
from openroads.archive.queries import gap, posts, state
from openroads.archive.queries.totals import totals
from openroads.archive.scope import Scope
from tests.archive.saying import CUSTOMERS, NOW, analysis_of, gone, land, said

NOVEMBER = Scope(date(2026, 11, 1), date(2026, 12, 1))
YEAR = Scope(date(2026, 1, 1), date(2027, 1, 1))
ACCU = said("1", "accu leeg na een jaar", date(2026, 11, 3), likes=4)
REM = said("2", "rem piept", date(2026, 11, 4), mood=-1)


def test_a_second_import_adds_nothing(archive: Archive) -> None:
    assert land(archive, ACCU, REM) == Landed(2, 0, 0, 0)
    assert land(archive, ACCU, REM) == Landed(0, 0, 2, 0)
    assert totals(archive, NOVEMBER).posts == 2
    assert verify_rollups(archive) == []


def test_a_post_repeated_within_a_batch_lands_once_and_the_last_one_wins(archive: Archive) -> None:
    landed = land(archive, ACCU, REM, ACCU.but(text="accu weer vol"))
    assert landed == Landed(2, 0, 1, 0)
    texts = [post.text for post in posts.posts_in_scope(archive, NOVEMBER)]
    assert texts == ["rem piept", "accu weer vol"]
    assert verify_rollups(archive) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "accu toch niet leeg"},
        {"likes": 5},
        {"likes": None},
        {"author_name": "Marloes"},
        {"mood": 1},
        {"products": (3,)},
        {"rating": 2.0},
    ],
)
def test_any_change_replaces_the_row(archive: Archive, changes: dict[str, object]) -> None:
    land(archive, ACCU)
    assert land(archive, ACCU.but(**changes)) == Landed(0, 1, 0, 0)
    assert len(posts.posts_in_scope(archive, NOVEMBER)) == 1
    assert verify_rollups(archive) == []
    assert land(archive, ACCU.but(**changes)) == Landed(0, 0, 1, 0)


def test_an_edit_that_moves_the_date_moves_the_post(archive: Archive) -> None:
    land(archive, ACCU)
    moved = ACCU.but(said_at=datetime(2026, 9, 30, 23, 59, tzinfo=UTC))
    assert land(archive, moved) == Landed(0, 1, 0, 0)
    assert [post.published_at.month for post in posts.posts_in_scope(archive, YEAR)] == [9]
    assert [row.day for row in state.volume_by_day(archive, YEAR)] == [date(2026, 9, 30)]
    assert verify_rollups(archive) == []


def test_a_deleted_post_is_gone_and_may_come_back(archive: Archive) -> None:
    land(archive, ACCU, REM)
    assert land(archive, gone(ACCU)) == Landed(0, 0, 0, 1)
    assert [post.text for post in posts.posts_in_scope(archive, NOVEMBER)] == ["rem piept"]
    assert land(archive, gone(ACCU)) == Landed(0, 0, 1, 0)
    assert land(archive, ACCU) == Landed(1, 0, 0, 0)
    assert len(posts.posts_in_scope(archive, NOVEMBER)) == 2
    assert verify_rollups(archive) == []


def test_a_deletion_finds_the_post_whatever_date_it_names(archive: Archive) -> None:
    land(archive, ACCU)
    assert land(archive, gone(ACCU.but(said_at=NOW))) == Landed(0, 0, 0, 1)
    assert posts.posts_in_scope(archive, YEAR) == []


def test_a_restart_forgets_nothing(archive: Archive) -> None:
    land(archive, ACCU, REM)
    land(archive, gone(REM))
    place = archive.location
    archive.close()
    with Archive.open(place, author_key=b"test key") as again:
        assert land(again, ACCU) == Landed(0, 0, 1, 0)
        assert land(again, REM) == Landed(1, 0, 0, 0)
        assert gap.term_id(again, "accu") is not None
        assert verify_rollups(again) == []


def test_the_same_native_id_in_two_sources_is_two_posts(archive: Archive) -> None:
    land(archive, ACCU)
    assert (
        land(archive, ACCU.but(text="iets heel anders"), origin=replace(CUSTOMERS, source=2)).added
        == 1
    )
    assert [row.posts for row in state.kept(archive)] == [1, 1]


def test_a_batch_of_a_hundred_and_fifty_months_lands(archive: Archive) -> None:
    many = [
        said(str(i), f"post nummer {i}", date(1999 + i // 12, 1 + i % 12, 5)) for i in range(150)
    ]
    assert land(archive, *many).added == 150
    assert verify_rollups(archive) == []


@pytest.mark.parametrize(
    "moment",
    [datetime(1989, 12, 31, 23, tzinfo=UTC), NOW + timedelta(days=1), datetime(2026, 11, 1)],
)
def test_an_odd_date_is_refused_and_nothing_lands(archive: Archive, moment: datetime) -> None:
    with pytest.raises(ValueError, match="outside 1990|no time zone"):
        land(archive, ACCU, REM.but(said_at=moment))
    assert state.kept(archive) == []


def test_an_analysis_of_other_messages_is_refused(archive: Archive) -> None:
    with pytest.raises(ValueError, match="not of these messages"):
        ingest(archive, [ACCU.message], analysis_of([], []), CUSTOMERS, now=NOW)


def test_unknown_engagement_is_not_zero(archive: Archive) -> None:
    land(archive, ACCU.but(likes=None, replies=0, views=5_000_000_000))
    (quote,) = posts.posts_in_scope(archive, NOVEMBER)
    assert (quote.likes, quote.replies, quote.views, quote.rating) == (None, 0, 5_000_000_000, None)


def test_a_tone_nobody_knows_is_not_neutral(archive: Archive) -> None:
    land(archive, ACCU.but(mood=-128))
    (quote,) = posts.posts_in_scope(archive, NOVEMBER)
    assert np.isnan(quote.tone)
    assert (quote.mood, totals(archive, NOVEMBER).mood_unknown) == (-128, 1)


def test_own_handles_speak_with_the_voice_of_the_brand(archive: Archive) -> None:
    origin = replace(CUSTOMERS, brand=9, own_handles=frozenset({"@Windmee"}))
    land(archive, ACCU.but(author="windmee"), REM, origin=origin)
    found = totals(archive, replace(NOVEMBER, brand=9))
    assert (found.posts, found.own_posts) == (1, 1)


def test_a_source_of_the_brand_speaks_with_its_voice(archive: Archive) -> None:
    land(archive, ACCU, origin=Origin(source=5, purpose_voice="brand", brand=9))
    assert totals(archive, replace(NOVEMBER, brand=9)).own_posts == 1
    assert len(gap.term_counts(archive, NOVEMBER, "brand")) == 5


def test_an_author_is_a_pseudonym_under_the_secret_of_the_house(archive: Archive) -> None:
    land(archive, ACCU, REM.but(author=""))
    rem, accu = posts.posts_in_scope(archive, NOVEMBER)
    assert accu.author_key == author_key("forum", "author-1", b"test key")
    assert accu.author_key != author_key("forum", "author-1", b"another key")
    assert rem.author_key == 0


def test_ids_are_the_same_on_every_machine() -> None:
    assert post_id(1, "1") == 14784338083724605144


def test_texts_of_every_alphabet_come_back_whole(archive: Archive) -> None:
    text = "Café “wow” 👍🏽 日本語 \x00 don't\n\ttab \\ ' {x:String} 😀"
    land(archive, ACCU.but(text=text, native_id="a'b\\c"))
    assert posts.posts_in_scope(archive, NOVEMBER)[0].text == text
