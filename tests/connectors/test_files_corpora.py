"""Real exports are read without a hand: right columns, right dates, right counts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from openroads.archive.message import Message
from openroads.connectors.failures import Refused
from openroads.connectors.files import Reading, detect, own_authors, read

CORPORA = Path(__file__).parents[2].parent / "shared" / "data"
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def corpus(name: str) -> Path:
    path = CORPORA / name
    if not path.exists():
        pytest.skip(f"the corpus {name} is not on this machine")
    return path


def everything(path: Path, reading: Reading) -> Iterator[Message]:
    for page in read(path, reading, now=NOW):
        assert page.rejected == []
        assert len(page.messages) <= 2_000
        yield from page.messages


def test_airline_tweets_are_read_month_first_with_double_ids_once() -> None:
    path = corpus("airline-tweets.csv")
    reading = detect(path, now=NOW)
    assert reading.columns["native_id"] == "tweet_id"
    assert reading.columns["text"] == "text"
    assert reading.columns["said_at"] == "tweet_created"
    assert (reading.date_order, reading.default_network, reading.problems) == ("mdy", "x", ())
    messages = list(everything(path, reading))
    assert len(messages) == 8_784
    assert len({message.native_id for message in messages}) == 8_780
    days = sorted({message.said_at.date() for message in messages})
    assert date(2015, 2, 16) <= days[0] and days[-1] <= date(2015, 2, 22)


def test_support_tweets_know_whom_they_answer_and_who_the_companies_are() -> None:
    path = corpus("support-tweets.csv")
    reading = detect(path, now=NOW)
    assert reading.columns["reply_to"] == "in_response_to_tweet_id"
    assert reading.columns["author"] == "author_id"
    assert reading.columns["inbound"] == "inbound"
    messages = {message.native_id: message for message in everything(path, reading)}
    assert len(messages) == 2_500
    assert messages["1"].reply_to == "3"
    assert messages["1"].said_at == datetime(2017, 10, 31, 22, 10, 47, tzinfo=UTC)
    companies = own_authors(path, reading)
    assert "sprintcare" in companies and "115712" not in companies


def test_reviews_without_dates_get_a_day_and_say_so() -> None:
    path = corpus("bol-reviews-nl.csv")
    reading = detect(path, now=NOW, fallback_date=date(2024, 5, 1))
    assert reading.default_said_at == date(2024, 5, 1)
    assert any("No column holds a date" in problem for problem in reading.problems)
    messages = list(everything(path, reading))
    assert len(messages) == 1_500
    assert {message.said_at.date() for message in messages} == {date(2024, 5, 1)}
    again = detect(path, now=NOW, fallback_date=date(2025, 1, 1))
    assert [m.native_id for m in everything(path, again)] == [m.native_id for m in messages]


def test_a_word_list_is_no_conversation() -> None:
    with pytest.raises(Refused, match="“form”, “pos”, “polarity”"):
        detect(corpus("nl-polarity.csv"), now=NOW)
