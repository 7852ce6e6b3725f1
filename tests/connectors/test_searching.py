"""Searched networks: newest first, every post comes, wherever reading stopped."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.archive.message import Message
from openroads.connectors.failures import Refused
from openroads.connectors.searching import MOST_PAGES, Slice, days_back, searches_in, walk

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
FIRST = NOW - timedelta(days=30)


class Network:
    """A list of posts by their minute, shown newest first, so many to a page."""

    def __init__(self, minutes: Sequence[int], size: int) -> None:
        self.posts = sorted(minutes)
        self.size = size
        self.asked: list[tuple[str, datetime, str]] = []

    def ask(self, search: str, since: datetime, older: str) -> Slice:
        self.asked.append((search, since, older))
        shown = [n for n in reversed(self.posts) if FIRST + timedelta(minutes=n) >= since]
        begin = int(older or 0)
        page = shown[begin : begin + self.size]
        more = begin + self.size < len(shown)
        return Slice([said(n) for n in page], str(begin + self.size) if more else "")


def said(minute: int) -> Message:
    return Message(str(minute), "web", "words", FIRST + timedelta(minutes=minute))


@given(
    minutes=st.sets(st.integers(0, 40_000), max_size=60),
    later=st.sets(st.integers(40_001, 43_000), max_size=20),
    size=st.integers(1, 9),
    stops=st.lists(st.integers(0, 6), max_size=5),
)
def test_every_post_comes_wherever_reading_stopped(
    minutes: set[int], later: set[int], size: int, stops: list[int]
) -> None:
    network, cursor, seen = Network(sorted(minutes), size), "", set[str]()

    def visit(most: int = MOST_PAGES) -> None:
        nonlocal cursor
        for number, page in enumerate(walk(network.ask, ("kade",), cursor, FIRST, NOW)):
            if number >= most:
                return  # killed before this page was durable: its cursor is not saved
            seen.update(message.native_id for message in page.messages)
            cursor = page.cursor

    for most in stops:
        visit(most)
    visit()
    assert seen == {str(n) for n in minutes}
    network.posts = sorted(minutes | later)
    visit()
    assert seen == {str(n) for n in minutes | later}


def test_a_visit_begins_a_little_before_the_newest_post_of_the_last() -> None:
    network = Network([100, 10_000], 5)
    (page,) = walk(network.ask, ("kade",), "", FIRST, NOW)
    list(walk(network.ask, ("kade",), page.cursor, FIRST, NOW))
    newest = FIRST + timedelta(minutes=10_000)
    assert network.asked[-1] == ("kade", newest - timedelta(hours=2), "")


def test_a_clock_that_runs_ahead_hides_nobody() -> None:
    network = Network([60 * 24 * 30 + 600], 5)  # ten hours from now
    (page,) = walk(network.ask, ("kade",), "", FIRST, NOW)
    list(walk(network.ask, ("kade",), page.cursor, FIRST, NOW))
    assert network.asked[-1][1] == NOW - timedelta(hours=2)


def test_a_search_that_is_new_begins_at_the_beginning() -> None:
    network = Network([100], 5)
    (page,) = walk(network.ask, ("kade",), "", FIRST, NOW)
    network.asked.clear()
    list(walk(network.ask, ("kade", "polder"), page.cursor, FIRST, NOW))
    assert [search for search, *_ in network.asked] == ["kade", "polder"]
    assert network.asked[1][1] == FIRST - timedelta(hours=2)


@pytest.mark.parametrize("cursor", ["{", "[]", '{"kade": 3}', '{"kade": {"since": "x"}}', "null"])
def test_a_cursor_nobody_can_read_begins_anew(cursor: str) -> None:
    network = Network([100], 5)
    (page,) = walk(network.ask, ("kade",), cursor, FIRST, NOW)
    assert [message.native_id for message in page.messages] == ["100"]


def test_one_visit_ends_and_the_next_goes_on() -> None:
    network = Network(range(MOST_PAGES + 3), 1)
    pages = list(walk(network.ask, ("kade",), "", FIRST, NOW))
    assert len(pages) == MOST_PAGES
    assert len(list(walk(network.ask, ("kade",), pages[-1].cursor, FIRST, NOW))) == 3


def test_searches_are_what_stands_between_commas() -> None:
    assert searches_in(" Windmee,wind  mee,\n#windmee,, Windmee") == (
        "Windmee",
        "wind mee",
        "#windmee",
    )
    with pytest.raises(Refused, match="what to look for"):
        searches_in(" , ")
    with pytest.raises(Refused, match="at most 10"):
        searches_in(",".join(map(str, range(11))))


def test_days_are_a_number() -> None:
    assert (days_back(""), days_back(" 7 ")) == (30, 7)
    for told in ("0", "-1", "²", "1e3", "9999999"):
        with pytest.raises(Refused, match="not a number of days"):
            days_back(told)
