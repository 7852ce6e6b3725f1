"""Answers are kept as they are, asked for once, and forgotten in time."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from openroads.listening.answers import AsTheyAre
from openroads.listening.remembering import forget_answers, remembered


@pytest.fixture
def cache() -> Iterator[AsTheyAre]:
    made = AsTheyAre("a test", {"OPTIONS": {"MAX_ENTRIES": 3}})
    yield made
    made.clear()


def test_what_is_kept_is_the_thing_itself(cache: AsTheyAre) -> None:
    thing = object()
    cache.set("a", thing)
    assert cache.get("a") is thing
    assert AsTheyAre("a test", {}).get("a") is thing, "one shelf for all threads"
    assert AsTheyAre("another", {}).get("a") is None
    assert cache.delete("a") and not cache.delete("a")
    assert cache.get("a", "gone") == "gone"


def test_the_least_asked_for_goes_first_and_all_go_in_time(cache: AsTheyAre) -> None:
    for name in "abc":
        cache.set(name, name)
    assert cache.get("a") == "a"
    cache.set("d", "d")
    assert [cache.get(name) for name in "abcd"] == ["a", None, "c", "d"]
    cache.set("c", "soon gone", 0.01)
    time.sleep(0.02)
    assert cache.get("c") is None
    assert cache.add("c", "new") and not cache.add("c", "newer")
    cache.clear()
    assert cache.get("a") is None


def test_who_asks_the_same_at_the_same_moment_waits_for_one_answer() -> None:
    asked, ready = [], Barrier(6)

    def ask() -> str:
        asked.append(1)
        time.sleep(0.1)
        return "an answer"

    def come(number: int) -> str:
        ready.wait()
        return remembered("what?" if number < 5 else "what else?", ask, at="now")

    with ThreadPoolExecutor(6) as people:
        assert set(people.map(come, range(6))) == {"an answer"}
    assert len(asked) == 2, "one for each question"
    assert remembered("what?", ask, at="later") == "an answer"
    assert len(asked) == 3, "the archive has changed"


def test_an_answer_that_could_not_be_given_is_asked_for_again() -> None:
    def fail() -> None:
        raise ValueError("no answer")

    for _ in range(2):
        with pytest.raises(ValueError, match="no answer"):
            remembered("why?", fail, at="now")
    assert remembered("why?", lambda: None, at="now") is None
    assert remembered("why?", lambda: 1 / 0, at="now") is None, "None is an answer too"


def test_answers_can_be_forgotten() -> None:
    assert remembered("who?", lambda: "marloes", at="now") == "marloes"
    forget_answers()
    assert remembered("who?", lambda: "nobody", at="now") == "nobody"


def test_leafing_pushes_no_reading_out_and_is_forgotten_with_the_rest() -> None:
    asked = []

    def ask() -> str:
        asked.append(1)
        return "a reading"

    remembered("a reading", ask, at="now")
    for page in range(200):
        remembered(f"page {page}", lambda page=page: page, at="now", shelf="places")
    assert remembered("a reading", ask, at="now") == "a reading"
    assert len(asked) == 1
    forget_answers()
    assert remembered("page 199", lambda: 0, at="now", shelf="places") == 0
