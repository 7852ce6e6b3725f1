"""The first of a group of copies counts, the copies are kept but do not."""

from datetime import date, datetime, timedelta

import pytest

from openroads.archive.client import Archive
from openroads.archive.ingest import Origin, verify_rollups
from openroads.archive.queries import posts
from openroads.archive.queries.totals import totals
from openroads.archive.scope import Scope
from openroads.archive.twins import Candidate, originals
from tests.archive.saying import NOW, Said, gone, land, said

TEXT = "de accu is na een jaar leeg"
YEAR = Scope(date(2026, 1, 1), date(2027, 1, 1))


def spread(day: int, name: str, text: str = TEXT, **more: object) -> Said:
    return said(name, text, date(2026, 10, day), **more)


def firsts(archive: Archive) -> set[str]:
    return {post.author for post in posts.posts_in_scope(archive, YEAR) if not post.original}


def test_a_copy_by_somebody_else_does_not_count_and_is_still_shown(archive: Archive) -> None:
    land(archive, spread(1, "1"), spread(2, "2"))
    found = totals(archive, YEAR)
    assert (found.posts, found.left_out_duplicates) == (1, 1)
    assert len(posts.posts_in_scope(archive, YEAR)) == 2


def test_copies_are_found_across_batches_and_the_earliest_is_the_first(archive: Archive) -> None:
    land(archive, spread(5, "5"))
    land(archive, spread(9, "9"))
    assert firsts(archive) == {"author-5"}
    land(archive, spread(2, "2"))
    assert firsts(archive) == {"author-2"}
    assert verify_rollups(archive) == []


def test_near_copies_are_told_by_their_bands(archive: Archive) -> None:
    land(
        archive, spread(1, "1", same="accu"), spread(2, "2", "de accu is nu ook leeg", same="accu")
    )
    assert totals(archive, YEAR).left_out_duplicates == 1


def test_when_the_first_is_deleted_the_next_takes_its_place(archive: Archive) -> None:
    land(archive, spread(1, "1"), spread(2, "2"), spread(3, "3"))
    land(archive, gone(spread(1, "1")))
    assert firsts(archive) == {"author-2"}
    assert totals(archive, YEAR).posts == 1
    assert verify_rollups(archive) == []


def test_when_the_first_is_edited_its_copies_find_each_other(archive: Archive) -> None:
    land(archive, spread(1, "1"), spread(2, "2"), spread(3, "3"))
    land(archive, spread(1, "1", "toch viel het allemaal erg mee"))
    assert firsts(archive) == {"author-1", "author-2"}
    assert verify_rollups(archive) == []


def test_short_texts_are_alike_without_being_copies(archive: Archive) -> None:
    land(archive, spread(1, "1", "mooie fiets"), spread(2, "2", "mooie fiets"))
    assert totals(archive, YEAR).posts == 2


def test_a_text_said_again_after_a_month_is_said_anew(archive: Archive) -> None:
    land(archive, said("1", TEXT, date(2026, 8, 1)), said("2", TEXT, date(2026, 10, 1)))
    assert totals(archive, YEAR).posts == 2


def test_a_customer_who_quotes_the_brand_adds_nothing_to_the_customers(archive: Archive) -> None:
    land(archive, spread(1, "1"), origin=Origin(2, "brand", 1))
    land(archive, spread(2, "2"))
    found = totals(archive, YEAR)
    assert (found.posts, found.own_posts, found.left_out_duplicates) == (0, 1, 1)


def test_a_brand_that_quotes_a_customer_still_speaks(archive: Archive) -> None:
    land(archive, spread(1, "1"))
    land(archive, spread(2, "2"), origin=Origin(2, "brand", 1))
    found = totals(archive, YEAR)
    assert (found.posts, found.own_posts) == (1, 1)


def test_a_repost_is_left_out_as_a_repost(archive: Archive) -> None:
    land(archive, spread(1, "1", repost=True), spread(2, "2"))
    found = totals(archive, YEAR)
    assert (found.posts, found.left_out_reposts, found.left_out_duplicates) == (1, 1, 0)


@pytest.mark.parametrize("order", ["1234", "4321", "2413"])
def test_the_order_of_arrival_does_not_matter(order: str) -> None:
    # 1 and 3 share a key, 3 and 4 share another, 2 stands alone.
    keys = {"1": {7}, "2": {5}, "3": {7, 8}, "4": {8}}
    everyone = [Candidate(int(n), int(n) * 1000, True, frozenset(keys[n])) for n in order]
    assert originals(everyone) == {1: 0, 2: 0, 3: 1, 4: 0}


def test_a_copy_of_a_post_out_of_sight_keeps_what_it_has() -> None:
    assert originals([Candidate(2, 5, True, frozenset({7}), original=1)]) == {2: 1}


def test_three_thousand_copies_land_within_seconds(archive: Archive) -> None:
    start = datetime(2026, 10, 1, tzinfo=NOW.tzinfo)
    many = [said(str(n), TEXT, start + timedelta(minutes=n)) for n in range(3000)]
    land(archive, *many[:1500])
    land(archive, *many[1500:])
    assert totals(archive, YEAR).posts == 1
