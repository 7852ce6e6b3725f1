"""A real support desk's month replayed as an inbox gives the first responses that its tweets themselves tell."""

import csv
import os
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from openroads.analysis import cycles
from openroads.archive.ingest import Origin, ingest
from openroads.archive.message import Message
from openroads.connectors.port import Page
from openroads.directory.company import COMPANY, Brand, Company
from openroads.directory.conversations import archive
from openroads.directory.models import Account
from openroads.listening.analysing import analysed
from openroads.listening.queries import reader
from openroads.webcare.actions.taking_in import take_in
from openroads.webcare.figures import queries
from openroads.webcare.figures.gathering import Asked
from openroads.webcare.models import Case, Identity
from openroads.webcare.models import Message as Said
from openroads.webcare.rules.actions import keep_rule

CORPORA = Path(
    os.environ.get("OPENROADS_TEST_CORPORA", Path(__file__).parents[3].parent / "shared" / "data")
)
DESK = "AppleSupport"
BY_HAND = {
    # asked: first answered, both on 31 October 2017 as the file has them
    "730": ("20:46:35", "20:55:34", 539),
    "1781": ("22:27:15", "22:32:25", 310),
    "1785": ("22:27:34", "22:31:00", 206),
    "2642": ("22:44:01", "22:51:00", 419),
    "2678": ("22:38:41", "22:45:26", 405),
}
Tweet = dict[str, str]


def at(tweet: Tweet) -> datetime:
    return datetime.strptime(tweet["created_at"], "%a %b %d %H:%M:%S %z %Y")


def answered(tweet: Tweet) -> str:
    """What it answers; the file writes numbers as 8.0."""
    return tweet["in_response_to_tweet_id"].removesuffix(".0")


def threads() -> dict[str, list[Tweet]]:
    """Every thread that a customer began by asking the desk: what they and the desk said in it."""
    path = CORPORA / "support-tweets.csv"
    if not path.exists():
        pytest.skip(f"the corpus {path.name} is not on this machine")
    with path.open(encoding="utf-8", newline="") as file:
        tweets = list(csv.DictReader(file))
    answers = defaultdict(list)
    for tweet in tweets:
        answers[answered(tweet)].append(tweet)
    found = {}
    for root in tweets:
        asks = root["inbound"] == "True" and not answered(root)
        if not asks or f"@{DESK}".lower() not in root["text"].lower():
            continue
        thread = [root]
        for tweet in thread:  # grows while it is walked
            thread += [one for one in answers[tweet["tweet_id"]] if one["author_id"] in (root["author_id"], DESK)]  # fmt: skip
        found[root["tweet_id"]] = thread
    return found


def plainly(thread: list[Tweet]) -> float | None:
    """Seconds from the question to the first word of the desk; None when there is none."""
    said = [at(tweet) for tweet in thread if tweet["author_id"] == DESK]
    return (min(said) - at(thread[0])).total_seconds() if said else None


def replay(tweets: list[Tweet], brand: int) -> None:
    """Each tweet comes in at the moment it was said, and is looked at then."""
    origin = Origin(3, "customer", brand, frozenset({DESK.lower()}))
    for tweet in sorted(tweets, key=at):
        message = Message(
            native_id=tweet["tweet_id"], network="x", text=tweet["text"], said_at=at(tweet),
            author=tweet["author_id"], reply_to=answered(tweet),
        )  # fmt: skip
        for page, analysis in analysed(iter([Page([message], "", [])]), reader(), 1):
            ingest(archive(), page.messages, analysis, origin, now=at(tweet))
        take_in(now=at(tweet))


@pytest.mark.slow(60)
@pytest.mark.django_db
def test_the_median_of_first_responses_is_that_of_the_tweets(archive_here: Any, noor: Any) -> None:
    asked = threads()
    for root, (since, until, seconds) in BY_HAND.items():
        first = min((one for one in asked[root] if one["author_id"] == DESK), key=at)
        assert (f"{at(asked[root][0]):%H:%M:%S}", f"{at(first):%H:%M:%S}") == (since, until)
        assert plainly(asked[root]) == seconds
    Company.objects.create(pk=COMPANY, name=DESK, languages=["en"])
    brand = Brand.objects.create(name=DESK, forms=[DESK], own=True)
    Account.objects.create(network="x", handle=DESK, owner=noor)
    keep_rule(by=noor, rule=None, told={"name": "Asked of us", "addressed": True, "does": "open"})
    tweets = [tweet for thread in asked.values() for tweet in thread]
    take_in(now=min(map(at, tweets)))  # the desk begins
    replay(tweets, brand.pk)
    assert Case.objects.count() == len(asked) == 31
    assert Identity.objects.count() == len({thread[0]["author_id"] for thread in asked.values()})
    assert Said.objects.count() == len(tweets) == 122
    assert Said.objects.filter(kind=Said.Kind.OURS).count() == sum(tweet["author_id"] == DESK for tweet in tweets)  # fmt: skip
    for case in Case.objects.all():
        assert case.first_in_at is not None and case.first_reply_at is not None
        waited = (case.first_reply_at - case.first_in_at).total_seconds()
        assert waited == plainly(asked[case.thread]), case.thread
    told = [seconds for thread in asked.values() if (seconds := plainly(thread)) is not None]
    seen = queries.reading(noor, Asked(date(2017, 10, 1), date(2017, 12, 31)))
    first = seen.figures[cycles.FIRST]
    assert first.n == len(told) == 31
    assert first.wall.median == median(told) == 424
