"""Reddit over real HTTP. Shapes are from reddit.com/dev/api: not run against the real service; recorded real
traffic is in tests/peers."""

import base64
from typing import Any

import pytest

from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.reddit import QUESTIONS, Reddit, as_message
from tests.connectors.conftest import Server
from tests.connectors.visiting import NOW, answers, asked, at, lets_in, made, meter, says, visit


class Here(Reddit):
    """The same, at the address of a test."""


def post(number: str, **more: Any) -> dict[str, Any]:
    data = {
        "name": f"t3_{number}", "title": "Kade in de regen", "selftext": "Blijft hij droog?", "author": "ilse",
        "created_utc": at(hours=5).timestamp(), "permalink": f"/r/ebikes/comments/{number}/kade/",
        "num_comments": 4, "score": 9, **more,
    }  # fmt: skip
    return {"kind": "t3", "data": data}


def comment(number: str, **more: Any) -> dict[str, Any]:
    data = {
        "name": f"t1_{number}", "body": "Ja, **droog**", "author": "tom", "created_utc": at(hours=4).timestamp(),
        "permalink": f"/r/ebikes/comments/a/kade/{number}/", "parent_id": "t3_a", "link_id": "t3_a", **more,
    }  # fmt: skip
    return {"kind": "t1", "data": data}


def listing(*things: Any, after: str = "") -> dict[str, Any]:
    return {"kind": "Listing", "data": {"children": list(things), "after": after or None}}


def test_words_are_searched_with_a_token_for_this_visit(server: Server) -> None:
    lets_in(server)
    says(server, "/search", listing(post("a")))
    (message,) = visit(Here, server, "windmee")
    assert (message.native_id, message.title, message.text) == (
        "t3_a",
        "Kade in de regen",
        "Blijft hij droog?",
    )
    assert (message.author, message.thread, message.replies, message.likes) == (
        "ilse",
        "t3_a",
        4,
        None,
    )
    assert message.url == "https://www.reddit.com/r/ebikes/comments/a/kade/"
    door, search = server.asked
    assert door[0] == "/door grant_type=client_credentials"
    assert door[1]["authorization"] == "Basic " + base64.b64encode(b"an-id:a-secret").decode()
    assert search[1]["authorization"] == "Bearer for-this-visit"
    assert search[1]["user-agent"].endswith("(by /u/windmee)")
    assert asked(server) == {
        "raw_json": "1",
        "q": "windmee",
        "sort": "new",
        "type": "link",
        "limit": "100",
    }


def test_a_subreddit_is_its_posts_and_what_is_said_under_them(server: Server) -> None:
    lets_in(server)
    says(server, "/r/ebikes/new", listing(post("a")))
    answers(server, "/r/ebikes/comments", lambda told: (
        listing(comment("c2"), after="t1_c2") if "after" not in told else listing(comment("c1"))
    ))  # fmt: skip
    found = visit(Here, server, "r/ebikes")
    assert [each.native_id for each in found] == ["t3_a", "t1_c2", "t1_c1"]
    assert (found[1].reply_to, found[1].thread, found[1].title) == ("t3_a", "t3_a", "")


@pytest.mark.parametrize(
    "taken",
    [
        {"author": "[deleted]"}, {"body": "[deleted]"}, {"body": "[removed]"}, {"author": ""},
        {"removed_by_category": "moderator"}, {"banned_by": "mod"},
    ],
)  # fmt: skip
def test_what_was_taken_away_or_is_of_a_deleted_account_is_deleted(taken: dict[str, str]) -> None:
    gone = as_message(comment("c1", **taken), NOW)
    assert gone is not None and (gone.op, gone.text, gone.author) == ("delete", "", "")


def test_a_comment_of_which_reddit_does_not_tell_the_address_has_one() -> None:
    without = as_message(comment("c1", permalink=None), NOW)
    assert without is not None and without.url == "https://www.reddit.com/comments/a/_/c1/"
    marked = as_message(post("a", permalink="/r/x/comments/a/k/?ref=search_posts"), NOW)
    assert marked is not None and marked.url == "https://www.reddit.com/r/x/comments/a/k/"


def test_a_post_without_words_says_its_title() -> None:
    link = as_message(post("a", selftext=""), NOW)
    assert link is not None and (link.op, link.text, link.title) == (
        "upsert",
        "Kade in de regen",
        "",
    )
    assert as_message({"kind": "t5", "data": {"name": "t5_x", "created_utc": 1.0}}, NOW) is None


def test_kept_posts_are_looked_up_a_hundred_at_a_time(server: Server) -> None:
    lets_in(server)
    ids = [f"t3_{n}" for n in range(150)]
    answers(server, "/api/info", lambda told: listing(
        *(post(name[3:], selftext="[removed]" if name == "t3_7" else "Mended")
          for name in told["id"].split(",") if name != "t3_8")
    ))  # fmt: skip
    counted = meter()
    found = {m.native_id: m for m in made(Here, server, counted).refresh(ids)}  # type: ignore[attr-defined]
    assert set(found) == set(ids) and counted.used(QUESTIONS).units == 2
    assert [name for name, m in found.items() if m.op == "delete"] == ["t3_7", "t3_8"]
    assert found["t3_9"].text == "Mended"


def test_a_limit_that_is_reached_is_waited_for(server: Server) -> None:
    lets_in(server)
    says(server, "/search", listing(), x_ratelimit_remaining="0.0", x_ratelimit_reset="41")
    reddit = made(Here, server)
    waited: list[float] = []
    reddit._pause = waited.append
    list(reddit.read("windmee"))
    assert waited == [41.0]
    says(server, "/search", {}, 429, x_ratelimit_remaining="0.0", x_ratelimit_reset="500")
    with pytest.raises(TryLater) as later:
        visit(Here, server, "windmee")
    assert later.value.after == 500.0


def test_a_wrong_secret_and_a_revoked_app_are_sentences(server: Server) -> None:
    lets_in(server, 401)
    with pytest.raises(Refused, match="does not let this app in with this secret"):
        visit(Here, server, "windmee")
    lets_in(server, 200, {"error": "invalid_grant"})
    with pytest.raises(Refused, match="not as its API"):
        visit(Here, server, "windmee")
    lets_in(server)
    says(server, "/search", {"message": "Unauthorized"}, 401)
    with pytest.raises(Refused, match="no longer lets this app in"):
        visit(Here, server, "windmee")


def test_its_settings_are_looked_at_before_anybody_is_asked() -> None:
    told = {"topic": "r/ebikes", "account": "windmee", "recheck": "24"}
    Reddit.check(told)
    for wrong, why in (
        ({"account": "a b"}, "account"),
        ({"recheck": "0"}, "hours"),
        ({"topic": ""}, "look for"),
    ):
        with pytest.raises(Refused, match=why):
            Reddit.check({**told, **wrong})
