"""The matcher of streams: what it says of a post, and that no post keeps it busy."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from openroads.analysis.query.faults import LIMITS
from openroads.analysis.query.matcher import Post, matcher
from openroads.analysis.query.parse import parse
from openroads.analysis.query.syntax import Days, Field, Figure, Node, Not, Word, all_of, any_of, no

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)


def read(text: str) -> Node:
    query = parse(text).query
    assert query is not None
    return query


def fits(text: str, post: Post) -> bool:
    return matcher(read(text))(post)


@pytest.mark.parametrize(
    ("shown", "asked", "found"),
    [
        ("👍🏽", "👍", True), ("👍", "emoji:👍🏿", True), ("❤️", "❤", True), ("❤", "❤️", True),
        ("👎", "👍", False), ("👨‍👩‍👧", "👨‍👩‍👧", True), ("👨‍👩‍👧", "👨", False), ("🇳🇱", "🇳🇱", True),
    ],
)  # fmt: skip
def test_emoji_are_found_whatever_their_shade(shown: str, asked: str, found: bool) -> None:
    assert fits(asked, Post(NOON, shown, emoji=[shown])) is found


def test_what_a_network_did_not_tell_meets_no_test_and_not_turns_it_round() -> None:
    silent, told = Post(NOON, "accu"), Post(NOON, "accu", likes=0, rating=0.0)
    for test in ("likes:>=0", "likes:0", "likes:<5", "rating:<5", "rating:>=0"):
        assert not fits(test, silent)
        assert fits(test, told)
        assert fits(f"accu NOT {test}", silent)


def test_ratings_are_compared_as_the_archive_keeps_them() -> None:
    assert fits("rating:4.1", Post(NOON, "", rating=4.1))
    assert fits("rating:>=4.1", Post(NOON, "", rating=4.1))
    assert not fits("rating:>4.1", Post(NOON, "", rating=4.1000001))
    assert not fits("rating:<5", Post(NOON, "", rating=float("nan")))
    assert fits("rating:>5", Post(NOON, "", rating=1e300))


def test_days_are_days_of_utc() -> None:
    late = datetime(2026, 10, 1, 23, 30, tzinfo=timezone(timedelta(hours=-2)))
    assert not fits("date:2026-10-01", Post(late, ""))
    assert fits("date:2026-10-02", Post(late, ""))
    assert fits("date:2026-10-01", Post(datetime(2026, 10, 1, tzinfo=UTC), ""))
    assert not fits("date:2026-09-30", Post(datetime(2026, 10, 1, tzinfo=UTC), ""))
    assert matcher(Days(None, NOON.date()))(Post(NOON - timedelta(days=1), ""))


def test_phrases_and_nearness_stop_at_the_end_of_the_title() -> None:
    post = Post(NOON, "leeg is hij", title="De accu")
    assert not fits('"accu leeg"', post)
    assert not fits("accu NEAR/5 leeg", post)
    assert fits("accu leeg", post)
    assert fits("accu NEAR/0 leeg", Post(NOON, "De accu leeg"))


def test_a_star_stands_for_none_or_more_letters_of_one_word() -> None:
    post = Post(NOON, "de klantenservice is snel")
    for found in ("klantenservice*", "kl*service", "kl*n*ce", "kl*"):
        assert fits(found, post), found
    for missed in ("klantenservices*", "kl*snel", "kl*cex", "klantenservice*e"):
        assert not fits(missed, post), missed
    assert not fits("aba*aba", Post(NOON, "ababa"))


def test_trees_by_hand_keep_to_one_form() -> None:
    a, b, c = Word("a"), Word("b"), Word("c")
    assert all_of(a, all_of(b, c)) == all_of(all_of(a, b), c) == all_of(a, b, c)
    assert any_of(a, any_of(b, c)) == any_of(a, b, c)
    assert no(no(a)) == a == all_of(a) == any_of(a)
    assert no(a) == Not(a)


def test_no_post_keeps_the_matcher_busy() -> None:
    queries = [
        read(" OR ".join(f"aa*a{n}*b" for n in range(LIMITS.wildcards))),
        read(
            f"({' OR '.join('a' for _ in range(50))}) NEAR/20 ({' OR '.join('b' for _ in range(50))})"
        ),
        read('"aa* aa* aa*" NEAR/20 "aa* aa* b"'),
    ]
    texts = [
        "a" * 200_000,
        "a " * 100_000,
        "aa " * 50_000,
        "aab" * 50_000,
        "日" * 50_000,
        "a\u0301" * 50_000,
    ]
    for text in texts:
        post = Post(NOON, text)
        began = time.process_time()
        for query in queries:
            matcher(query)(post)
        assert time.process_time() - began < 5


def test_one_post_is_cut_once_for_any_number_of_queries() -> None:
    post = Post(NOON, "De Accu")
    assert post.searchable is post.searchable
    assert post.searchable == " de accu "
    assert matcher(Field("has", "title"))(post) is False
    assert matcher(Figure("likes", "=", 0))(post) is False
