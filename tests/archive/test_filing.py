"""Posts filed under topics: as they come in and month by month, always what the query finds."""

from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroads.analysis.pipeline import Analyser
from openroads.analysis.query.parse import parse
from openroads.analysis.query.show import show
from openroads.analysis.query.syntax import Node
from openroads.archive.client import Archive
from openroads.archive.corrections import Correction, correct
from openroads.archive.erase import delete_source, drop_before, erase_authors
from openroads.archive.filing import (
    Standing,
    different,
    file_months,
    file_posts,
    forget_gone,
    unfile,
)
from openroads.archive.ingest import ingest, post_id
from openroads.archive.queries import authors, topics
from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.explore import posts_by_day
from openroads.archive.queries.search import condition, count
from openroads.archive.queries.topics import Different
from openroads.archive.retention import erase_old
from openroads.archive.scope import Scope
from tests.analysis.query.trees import trees
from tests.archive.odd_posts import ORIGIN, analysed, odd_message
from tests.archive.saying import CUSTOMERS, NOW, gone, land, said

RIGHT = Different(0, 0)
YEAR = Scope(date(2026, 1, 1), date(2027, 1, 1))
SEPTEMBER = date(2026, 9, 1)


def query(text: str) -> Node:
    read = parse(text)
    assert read.query is not None, read.faults
    return read.query


def standing(text: str, version: int = 1) -> Standing:
    return Standing(7, version, query(text))


ACCU = standing("accu NOT demo")


def file_all(archive: Archive, one: Standing, since: int = 0) -> None:
    for each in topics.months_to_file(archive, since):
        file_months(archive, one, [each.month], since=since)


def filed(archive: Archive, *versions: int) -> int:
    """Customers' posts that count, read through the condition pages use."""
    sieve = Sieve(YEAR, condition=topics.filed(versions))
    return sum(day.posts for day in posts_by_day(archive, sieve))


def test_a_batch_is_filed_as_it_comes_and_an_edit_or_deletion_files_it_anew(
    archive: Archive,
) -> None:
    first, second = said("1", "de accu is leeg", SEPTEMBER), said("2", "mooie bel", SEPTEMBER)
    third = said("3", "accu demo", SEPTEMBER)
    land(archive, first, second, third, topics=[ACCU])
    assert (filed(archive, 1), different(archive, ACCU)) == (1, RIGHT)
    land(archive, second.but(text="mooie accu"), third.but(text="accu"), topics=[ACCU])
    assert (filed(archive, 1), different(archive, ACCU)) == (3, RIGHT)
    land(archive, first.but(text="de band is leeg"), topics=[ACCU])
    assert (filed(archive, 1), different(archive, ACCU)) == (2, RIGHT)
    assert topics.filed_posts(archive) == {1: 2}, "what is out is no longer in"
    land(archive, gone(second), topics=[ACCU])
    assert filed(archive, 1) == 1
    assert topics.filed_posts(archive) == {1: 1}


def test_a_post_whose_date_is_corrected_is_filed_where_it_is_now(archive: Archive) -> None:
    post = said("1", "accu", SEPTEMBER)
    land(archive, post, topics=[ACCU])
    land(archive, said("1", "accu", date(2026, 10, 2)), topics=[ACCU])
    assert (filed(archive, 1), different(archive, ACCU)) == (1, RIGHT)
    assert topics.filed_posts(archive) == {1: 1}


def test_reposts_are_not_filed_and_copies_count_once(archive: Archive) -> None:
    text = "mijn accu is vannacht helemaal leeg gelopen"
    land(
        archive,
        said("1", text, SEPTEMBER),
        said("2", text, date(2026, 9, 2)),
        said("3", text, date(2026, 9, 3), repost=True),
        topics=[ACCU],
    )
    assert different(archive, ACCU) == RIGHT
    assert topics.filed_posts(archive) == {1: 2}
    assert filed(archive, 1) == count(archive, YEAR, ACCU.query) == 1


def test_filing_month_by_month_gives_the_same_and_may_be_done_twice(archive: Archive) -> None:
    land(archive, *(said(f"a{n}", f"accu {n}", date(2026, 1 + n % 9, 3)) for n in range(40)))
    land(archive, *(said(f"b{n}", f"bel {n}", date(2026, 1 + n % 9, 3)) for n in range(40)))
    months = topics.months_to_file(archive, 0)
    assert [each.month for each in months] == [202600 + month for month in range(9, 0, -1)]
    assert sum(each.posts for each in months) == 80
    file_months(archive, ACCU, [202609])
    assert filed(archive, 1) == 4, "a part is a part"
    file_months(archive, ACCU, [202608, 202607])
    assert filed(archive, 1) == 12
    file_all(archive, ACCU)
    file_all(archive, ACCU)
    assert (filed(archive, 1), different(archive, ACCU)) == (40, RIGHT)


def test_what_was_written_since_is_made_up_for(archive: Archive) -> None:
    land(archive, said("1", "accu", SEPTEMBER), said("2", "bel", SEPTEMBER))
    file_all(archive, ACCU)
    upto = topics.last_version(archive)
    assert topics.months_to_file(archive, upto) == []
    assert forget_gone(archive) == 0
    land(archive, said("1", "band", SEPTEMBER), said("2", "accu", SEPTEMBER))
    land(archive, said("3", "accu", date(2026, 10, 5)))
    assert different(archive, ACCU) == Different(missing=2, extra=1)
    assert [each.month for each in topics.months_to_file(archive, upto)] == [202610, 202609]
    file_all(archive, ACCU, upto)
    assert (filed(archive, 1), different(archive, ACCU)) == (2, RIGHT)
    land(archive, gone(said("2", "accu", SEPTEMBER)))
    assert filed(archive, 1) == 1, "a row whose post is gone counts for nothing"
    assert (forget_gone(archive), topics.filed_posts(archive)) == (1, {1: 1})


def test_posts_past_their_time_go_out_of_their_topics_too(archive: Archive) -> None:
    land(archive, said("1", "accu", SEPTEMBER), said("2", "accu", date(2026, 10, 5)))
    file_all(archive, ACCU)
    assert topics.filed_posts(archive) == {1: 2}
    assert erase_old(archive, {1: datetime(2026, 10, 1, tzinfo=UTC)}).posts == 1
    assert topics.filed_posts(archive) == {1: 1} and forget_gone(archive) == 0
    assert different(archive, ACCU) == RIGHT


def test_an_older_look_never_overrules_a_later_one(archive: Archive) -> None:
    """A month may be filed while a batch comes in: of two rows the later post's is right."""
    land(archive, said("1", "accu", SEPTEMBER))
    file_all(archive, ACCU)
    land(archive, said("1", "band", SEPTEMBER), topics=[ACCU])
    late = replace(ACCU, query=query("band"))
    assert different(archive, ACCU) == RIGHT
    archive.command(
        "INSERT INTO topic_post SELECT topic, version, id, published_at, 1, 0 FROM topic_post"
    )
    assert (filed(archive, 1), different(archive, ACCU)) == (0, RIGHT)
    assert different(archive, late) == Different(missing=1, extra=0), "the test can fail"


def test_a_corrected_tone_is_made_up_for(archive: Archive) -> None:
    angry = standing("accu tone:negative")
    land(archive, said("1", "accu", SEPTEMBER, mood=0), topics=[angry])
    upto = topics.last_version(archive)
    (row,) = archive.written("SELECT id, published_at FROM post", {}).to_pylist()
    correct(archive, [Correction(row["id"], row["published_at"], "a person", mood=-1)])
    assert different(archive, angry) == Different(missing=1, extra=0)
    file_all(archive, angry, upto)
    assert different(archive, angry) == RIGHT


def test_two_versions_are_filed_apart_and_one_can_be_forgotten(archive: Archive) -> None:
    wider = standing("accu OR bel", version=2)
    land(
        archive,
        said("1", "accu", SEPTEMBER),
        said("2", "bel", date(2026, 9, 9)),
        topics=[ACCU, wider],
    )
    assert (filed(archive, 1), filed(archive, 2), filed(archive, 1, 2)) == (1, 2, 2)
    weeks = topics.topics_by_week(archive, YEAR, {1: 0, 2: 0})
    assert [(row.version, row.week.day, row.posts) for row in weeks] == [
        (1, 31, 1), (2, 31, 1), (2, 7, 1),
    ]  # fmt: skip
    unfile(archive, [1])
    assert (filed(archive, 1), filed(archive, 2)) == (0, 2)


def test_a_topic_about_a_brand_counts_the_posts_about_it(archive: Archive) -> None:
    land(
        archive,
        said("1", "accu", SEPTEMBER, brands=(5,), mood=-1),
        said("2", "accu", SEPTEMBER, brands=(6,)),
        topics=[ACCU],
    )
    for brand, posts in ((0, 2), (5, 1), (9, 0)):
        rows = topics.topics_by_week(archive, YEAR, {1: brand})
        assert sum(row.posts for row in rows) == posts
    (row,) = topics.topics_by_week(archive, YEAR, {1: 5})
    assert (row.negative, row.positive, row.unknown) == (1, 0, 0)
    assert topics.topics_by_week(archive, YEAR, {}) == []


def test_a_query_beside_a_topic_asks_for_both(archive: Archive) -> None:
    land(
        archive,
        said("1", "accu leeg", SEPTEMBER),
        said("2", "accu vol", SEPTEMBER),
        said("3", "leeg", SEPTEMBER),
        topics=[ACCU],
    )
    both = condition(query("leeg"), topics.filed([1]))
    assert sum(day.posts for day in posts_by_day(archive, Sieve(YEAR, condition=both))) == 1


def test_who_is_erased_a_source_and_an_old_month_leave_nothing_filed(archive: Archive) -> None:
    land(
        archive,
        said("1", "accu", SEPTEMBER, author="marloes"),
        said("2", "accu", SEPTEMBER),
        said("3", "accu", date(2026, 3, 1)),
        topics=[ACCU],
    )
    keys = authors.keys_of_handle(archive, "forum", "marloes")
    erase_authors(archive, keys, for_good=NOW)
    rows = archive.table("SELECT count() AS n FROM topic_post", {})["n"].to_pylist()
    assert (rows, filed(archive, 1)) == ([2], 2)
    assert drop_before(archive, date(2026, 5, 1)) == [202603]
    assert topics.filed_posts(archive) == {1: 1}
    delete_source(archive, 1)
    assert topics.filed_posts(archive) == {}


# ------------------------------------------------------------------------------- what people say of it
def key(archive: Archive, native: str) -> tuple[int, datetime]:
    """The id of a post and when it was said."""
    number = post_id(CUSTOMERS.source, native)
    text = "SELECT published_at FROM post FINAL WHERE id = {id:UInt64}"
    return number, archive.written(text, {"id": number})["published_at"][0].as_py()


def told(put_in: tuple[str, ...] = (), taken_out: tuple[str, ...] = ()) -> Standing:
    """ACCU with what people say of it."""
    numbers = [
        frozenset(post_id(CUSTOMERS.source, one) for one in ids) for ids in (put_in, taken_out)
    ]
    return replace(ACCU, put_in=numbers[0], taken_out=numbers[1])


def native_ids_filed(archive: Archive) -> set[str]:
    names = {post_id(CUSTOMERS.source, name): name for name in "12345"}
    return {names[number] for number in _ids(archive, 1)}


def test_what_people_said_goes_before_the_query_in_a_batch(archive: Archive) -> None:
    one = told(put_in=("2",), taken_out=("1",))
    land(
        archive,
        said("1", "accu", SEPTEMBER),
        said("2", "bel", SEPTEMBER),
        said("3", "accu", SEPTEMBER),
        topics=[one],
    )
    assert (native_ids_filed(archive), different(archive, one)) == ({"2", "3"}, RIGHT)
    land(archive, said("1", "accu leeg", SEPTEMBER), said("2", "toeter", SEPTEMBER), topics=[one])
    assert native_ids_filed(archive) == {"2", "3"}, "an edit does not undo it"
    assert different(archive, ACCU) == Different(missing=1, extra=1), "the test can fail"


def test_what_people_said_goes_before_the_query_month_by_month(archive: Archive) -> None:
    land(archive, said("1", "accu", SEPTEMBER), said("2", "bel", date(2026, 3, 4)))
    one = told(put_in=("2",), taken_out=("1",))
    file_all(archive, one)
    assert (native_ids_filed(archive), different(archive, one)) == ({"2"}, RIGHT)
    again = replace(one, version=2, query=query("accu OR toeter"))
    file_all(archive, again)
    assert (_ids(archive, 2), different(archive, again)) == (_ids(archive, 1), RIGHT)


def test_one_post_is_filed_at_once_in_and_out_and_in_again(archive: Archive) -> None:
    land(archive, said("1", "accu", SEPTEMBER), said("2", "bel", SEPTEMBER), topics=[ACCU])
    for one, expected in (
        (told(put_in=("2",)), {"1", "2"}),
        (told(put_in=("2",), taken_out=("1",)), {"2"}),
        (told(put_in=("2",)), {"1", "2"}),
        (ACCU, {"1"}),
        (told(put_in=("2",)), {"1", "2"}),
    ):
        file_posts(archive, [one], [key(archive, "1"), key(archive, "2")])
        assert (native_ids_filed(archive), different(archive, one)) == (expected, RIGHT)
    assert filed(archive, 1) == 2
    file_posts(archive, [ACCU], [])
    archive.command("OPTIMIZE TABLE topic_post FINAL")
    assert native_ids_filed(archive) == {"1", "2"}, "merging keeps what was said last"


def test_where_posts_are_filed_is_told_per_post(archive: Archive) -> None:
    wider = standing("accu OR bel", version=2)
    land(archive, said("1", "accu", SEPTEMBER), said("2", "bel", SEPTEMBER), topics=[ACCU, wider])
    first, second = key(archive, "1"), key(archive, "2")
    assert topics.filings_of(archive, [1, 2], [first, second]) == {
        first[0]: {1, 2}, second[0]: {2},
    }  # fmt: skip
    assert topics.filings_of(archive, [], [first]) == topics.filings_of(archive, [1], []) == {}


def test_a_query_is_asked_of_certain_posts_wherever_their_date_is_now(archive: Archive) -> None:
    land(
        archive,
        said("1", "accu", SEPTEMBER),
        said("2", "bel", SEPTEMBER),
        said("3", "accu", SEPTEMBER, repost=True),
        said("4", "accu", SEPTEMBER),
    )
    keys = [key(archive, name) for name in "1234"]
    land(archive, gone(said("4", "accu", SEPTEMBER)), said("1", "accu", date(2026, 10, 2)))
    verdicts = topics.verdicts(archive, ACCU.query, keys)
    assert verdicts == {keys[0][0]: True, keys[1][0]: False}
    assert topics.verdicts(archive, ACCU.query, []) == {}


def test_a_repost_that_somebody_put_in_is_not_filed(archive: Archive) -> None:
    one = told(put_in=("1",))
    land(archive, said("1", "bel", SEPTEMBER, repost=True), topics=[one])
    file_posts(archive, [one], [key(archive, "1")])
    assert (topics.filed_posts(archive), different(archive, one)) == ({}, RIGHT)


@pytest.mark.slow
@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(asked=st.lists(trees, min_size=2, max_size=5), seed=st.integers(0, 2**32))
def test_stream_and_archive_file_the_same_posts(
    archive: Archive, asked: list[Node], seed: int
) -> None:
    """New posts and edits by the matcher, batch after batch; the engine finds nothing otherwise."""
    random, analyser = Random(seed), archive.memory.setdefault("analyser", Analyser())
    turn = archive.memory["turn"] = archive.memory.get("turn", 0) + 1
    # Posts and versions of its own for each turn: what earlier turns left is not filed under them.
    start, versions = (
        turn * 1_000,
        [Standing(1, turn * 10 + n, each) for n, each in enumerate(asked)],
    )
    for first, last in ((0, 50), (30, 70)):
        messages = [odd_message(random, start + number) for number in range(first, last)]
        messages = [replace(one, repost=random.random() < 0.1) for one in messages]
        analysis = analysed(analyser, random, messages)
        ingest(archive, messages, analysis, ORIGIN, now=NOW, topics=versions)
    mine = {post_id(ORIGIN.source, f"odd-{start + number}") for number in range(80)}
    for one in versions:
        again = replace(one, version=one.version + 100_000)
        file_all(archive, again)
        assert different(archive, again) == RIGHT, show(one.query)
        assert _ids(archive, again.version) & mine == _ids(archive, one.version), show(one.query)


def _ids(archive: Archive, version: int) -> set[int]:
    text = "SELECT id FROM topic_post FINAL WHERE version = {v:UInt32}"
    return set(archive.table(text, {"v": version})["id"].to_pylist())
