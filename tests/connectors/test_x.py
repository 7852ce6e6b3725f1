"""X over real HTTP. Shapes and prices are from docs.x.com: not run against the real service."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.connectors.failures import Refused
from openroads.connectors.metering import UsedUp
from openroads.connectors.x import X, as_message, budget, priced
from tests.connectors.conftest import Server
from tests.connectors.visiting import NOW, answers, asked, at, made, meter, says, visit


class Here(X):
    """The same, at the address of a test."""


def post(number: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number, "text": "De Kade rijdt fijn", "author_id": "7", "created_at": at(hours=5).isoformat(),
        "lang": "nl", "conversation_id": "1", "referenced_tweets": [{"type": "replied_to", "id": "1"}],
        "public_metrics": {"like_count": 2, "reply_count": 0, "retweet_count": 1, "impression_count": 50}, **more,
    }  # fmt: skip


USER = {"id": "7", "username": "ilse", "name": "Ilse", "protected": False}


def found(*posts: Any, users: Any = (USER,), **meta: Any) -> dict[str, Any]:
    return {
        "data": list(posts),
        "includes": {"users": list(users)},
        "meta": {"result_count": len(posts), **meta},
    }


def test_posts_of_the_last_seven_days_are_found(server: Server) -> None:
    says(server, "/tweets/search/recent", found(post("11")))
    (message,) = visit(Here, server, "windmee lang:nl")
    assert (message.native_id, message.author, message.author_name) == ("11", "ilse", "Ilse")
    assert (message.likes, message.replies, message.reposts, message.views) == (2, 0, 1, 50)
    assert (message.reply_to, message.thread, message.repost) == ("1", "1", False)
    assert message.url == "https://x.com/ilse/status/11"
    assert asked(server)["start_time"] == "2026-10-25T12:05:00Z"
    assert (
        server.asked[0][1]["authorization"] == "Bearer a-token"
        and "a-token" not in server.asked[0][0]
    )


def test_only_what_came_is_paid(server: Server) -> None:
    says(server, "/tweets/search/recent", found(post("11"), post("12")))
    counted = meter()
    network = made(Here, server, counted)
    list(network.read("windmee"))
    (allowance,) = X.allowances({"budget": "25"})
    assert counted.used(allowance).units == 2
    assert counted.used(allowance).money == Decimal("0.020")  # two posts, one author


def test_a_budget_that_is_spent_stops_reading_before_it_is_passed(server: Server) -> None:
    """$ 2.00 pays one page of 100 at its highest price ($ 1.50); of what is left then, at most 33 posts."""
    says(server, "/tweets/search/recent", found(*(post(str(n), author_id=str(n)) for n in range(100)),
         users=[{"id": str(n)} for n in range(100)], next_token="more"))  # fmt: skip
    counted = meter()
    pages = made(Here, server, counted, budget="2").read("windmee")
    next(pages)
    answers(server, "/tweets/search/recent", lambda told: found(
        *(post(f"9{n}", author_id=f"9{n}") for n in range(int(told["max_results"]))),
        users=[{"id": f"9{n}"} for n in range(int(told["max_results"]))], next_token=f"m{told['next_token']}",
    ))  # fmt: skip
    with pytest.raises(UsedUp, match=r"budget of this month, \$ 2.00") as used_up:
        list(pages)
    (allowance,) = X.allowances({"budget": "2"})
    assert counted.used(allowance).money <= Decimal(2)
    assert asked(server)["max_results"] == "33"
    assert used_up.value.until.isoformat() == "2026-12-01T00:00:00+00:00"


def test_protected_accounts_and_retweets_are_told_apart() -> None:
    assert as_message(post("1"), {**USER, "protected": True}, NOW) is None
    again = as_message(post("1", referenced_tweets=[{"type": "retweeted", "id": "2"}]), USER, NOW)
    assert again is not None and again.repost
    assert as_message(post("x"), USER, NOW) is None
    nobody = as_message(post("1"), {}, NOW)
    assert nobody is not None and (nobody.author, nobody.url) == ("7", "https://x.com/i/status/1")


def test_what_is_there_no_more_is_deleted_and_not_paid(server: Server) -> None:
    answers(server, "/tweets", lambda told: {
        "data": [{"id": number, "text": "x"} for number in told["ids"].split(",") if number != "3"],
        "errors": [{"resource_id": "3", "title": "Not Found Error"}],
    })  # fmt: skip
    counted = meter()
    network: Any = made(Here, server, counted)
    found = list(network.refresh([str(n) for n in range(1, 151)]))
    assert [(m.native_id, m.op) for m in found] == [("3", "delete")]
    (allowance,) = X.allowances({"budget": "25"})
    assert counted.used(allowance).money == Decimal("0.745")  # 149 posts
    assert len(server.asked) == 2


def test_an_empty_answer_deletes_nothing(server: Server) -> None:
    says(server, "/tweets", {})
    network: Any = made(Here, server)
    with pytest.raises(Refused):
        list(network.refresh(["1"]))


def test_the_price_is_reckoned_from_the_network_s_own_counts(server: Server) -> None:
    answers(server, "/tweets/counts/recent", lambda told: {
        "data": [], "meta": {"total_tweet_count": 630 if told["query"] == "windmee" else 70},
    })  # fmt: skip
    network: Any = made(Here, server, recheck="240")
    price = network.price("windmee, kade")
    # By hand: 700 in 7 days are 3,000 in 30; x (0.005 + 0.010) = 45; 3,000 / 2 x 3 looks x 0.005 = 22.50.
    assert (price.counted, price.posts) == (700, 3_000)
    assert (price.reading, price.looking_again) == (Decimal("45.00"), Decimal("22.50"))
    assert price.together == Decimal("67.50")


def test_looking_again_every_day_costs_more_than_reading() -> None:
    price = priced(7, timedelta(hours=24))
    assert (price.posts, price.reading, price.looking_again) == (
        30,
        Decimal("0.45"),
        Decimal("2.25"),
    )


@given(counted=st.integers(0, 10**7), hours=st.integers(1, 720))
def test_a_price_is_never_below_nothing_and_grows_with_what_is_said(
    counted: int, hours: int
) -> None:
    price, more = (
        priced(counted, timedelta(hours=hours)),
        priced(counted + 7, timedelta(hours=hours)),
    )
    assert 0 <= price.together <= more.together


def test_a_query_has_512_characters_at_most_and_a_budget_is_an_amount() -> None:
    told = {"topic": "x" * 512, "budget": "25", "recheck": "24"}
    X.check(told)
    with pytest.raises(Refused, match="512 characters"):
        X.check({**told, "topic": "x" * 513})
    assert budget({"budget": "12,5"}) == Decimal("12.50")
    for wrong in ("0", "-1", "NaN", "1e9", "ten", "Infinity"):
        with pytest.raises(Refused, match="not an amount"):
            budget({"budget": wrong})


@pytest.mark.parametrize(
    ("status", "body", "says_so"),
    [
        (401, {"title": "Unauthorized"}, "bearer token"),
        (402, {"title": "CreditsDepleted"}, "no credit left"),
        (403, {"detail": "Not on your plan"}, "Not on your plan"),
        (400, {"title": "Invalid Request"}, "Invalid Request"),
        (200, {}, "not as its API"),
    ],
)
def test_why_x_refuses_is_said(server: Server, status: int, body: Any, says_so: str) -> None:
    says(server, "/tweets/search/recent", body, status)
    with pytest.raises(Refused, match=says_so):
        visit(Here, server, "windmee")


def test_a_limit_holds_until_the_network_says(server: Server) -> None:
    reset = int((NOW + timedelta(seconds=400)).timestamp())
    says(server, "/tweets/search/recent", {}, 429, x_rate_limit_reset=str(reset))
    with pytest.raises(UsedUp) as later:
        visit(Here, server, "windmee")
    assert later.value.after == 400.0
