"""Networks that are searched, asked over real HTTP. Shapes come from their documentation: none of
them was run against the real service."""

import json
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from openroads.archive.networks import LABELS
from openroads.connectors import (
    SEARCHED,
    bluesky,
    discourse,
    hackernews,
    lemmy,
    mastodon,
    stackexchange,
)
from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.http import Guarded
from openroads.connectors.metering import Counted, UsedUp
from openroads.connectors.port import Page
from openroads.connectors.searching import Searched
from tests.connectors.conftest import Server
from tests.connectors.visiting import write

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def at(**before: float) -> datetime:
    return NOW - timedelta(**before)


def visit(
    kind: type[Searched], server: Server, topic: str, cursor: str = "", **told: str
) -> list[Page]:
    client = Guarded([f"127.0.0.1:{server.port}"])
    pauses: list[float] = []
    return list(
        kind(client, {"server": server.url, **told}, NOW, pauses.append).read(topic, cursor)
    )


def asked(server: Server, number: int = -1) -> dict[str, str]:
    """The parameters of a question."""
    query = parse_qs(urlsplit(server.asked[number][0]).query, keep_blank_values=True)
    return {name: values[0] for name, values in query.items()}


def says(server: Server, path: str, told: Any) -> None:
    server.says(path, json.dumps(told), kind="application/json")


class HackerNews(hackernews.HackerNews):
    """The same, at the address of a test."""


class StackExchange(stackexchange.StackExchange):
    """The same, at the address of a test."""


STORY = {
    "objectID": "41", "created_at_i": int(at(days=2).timestamp()), "author": "pg", "title": "Kade e-bike",
    "url": "https://example.org/kade", "story_text": None, "points": 12, "num_comments": 3, "story_id": 41,
}  # fmt: skip
COMMENT = {
    "objectID": "42", "created_at_i": int(at(days=1).timestamp()), "author": "marloes",
    "comment_text": "<p>The battery is &quot;flat&quot;<script>x()</script>", "story_id": 41, "parent_id": 41,
    "points": None,
}  # fmt: skip


def test_hacker_news_gives_stories_and_comments(server: Server) -> None:
    HackerNews.api = f"{server.url}/search"
    says(server, "/search", {"hits": [COMMENT, STORY, {"objectID": "43"}]})
    (page,) = visit(HackerNews, server, "kade")
    comment, story = page.messages
    assert (comment.native_id, comment.text, comment.author) == (
        "42",
        'The battery is "flat"',
        "marloes",
    )
    assert (comment.reply_to, comment.thread, comment.likes) == ("41", "41", None)
    assert (story.text, story.title, story.likes, story.replies) == ("Kade e-bike", "", 12, 3)
    assert story.url == "https://news.ycombinator.com/item?id=41"
    since = int((NOW - timedelta(days=30, hours=2)).timestamp())
    assert asked(server) == {
        "query": "kade", "tags": "(story,comment)", "numericFilters": f"created_at_i>={since}",
        "hitsPerPage": "200", "typoTolerance": "false",
    }  # fmt: skip


def test_hacker_news_asks_for_older_hits_by_their_moment(server: Server) -> None:
    HackerNews.api = f"{server.url}/search"
    moments = [int(at(minutes=n).timestamp()) for n in range(250)]

    def answer(handler: BaseHTTPRequestHandler) -> None:
        filters = parse_qs(urlsplit(handler.path).query)["numericFilters"][0]
        _, _, until = filters.partition("created_at_i<=")
        hits = [
            {"objectID": str(n), "created_at_i": n, "comment_text": "words"}
            for n in moments if not until or n <= int(until)
        ]  # fmt: skip
        body = json.dumps({"hits": hits[:200]}).encode()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    server.routes["/search"] = answer
    pages = visit(HackerNews, server, "kade")
    assert {message.native_id for page in pages for message in page.messages} == set(
        map(str, moments)
    )
    assert len(pages) == 2


def post_on_forum(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number, "username": "marloes", "display_username": "Marloes", "topic_id": 7,
        "created_at": at(days=1).isoformat(), "cooked": "<p>Mijn <b>accu</b> is leeg</p>",
        "post_number": 2, "reply_count": 1, "actions_summary": [{"id": 2, "count": 4}], **more,
    }  # fmt: skip


def test_a_forum_is_searched_and_its_posts_are_read_whole(server: Server) -> None:
    found = [{"id": 1, "topic_id": 7, "created_at": at(days=1).isoformat(), "blurb": "Mijn ..."}]
    says(server, "/search.json", {"posts": found, "topics": [{"id": 7, "title": "Accu"}]})
    says(server, "/posts/1.json", post_on_forum(1))
    page, *_ = visit(discourse.Discourse, server, "accu", key="k", user="u")
    (message,) = page.messages
    assert (message.text, message.author, message.thread) == ("Mijn accu is leeg", "marloes", "7")
    assert (message.likes, message.replies, message.views) == (4, 1, None)
    assert message.url == f"{server.url}/t/7/2"
    assert asked(server, 0) == {"q": "accu after:2026-10-02 order:latest", "page": "1"}
    assert server.asked[0][1]["api-key"] == "k"


def test_a_forum_post_that_was_taken_away_is_deleted(server: Server) -> None:
    gone = discourse.as_message(post_on_forum(1, deleted_at="2026-10-31", cooked=""), "", {}, NOW)
    assert gone is not None and gone.op == "delete"


def test_after_the_last_page_of_a_forum_its_older_days_are_asked(server: Server) -> None:
    forum = discourse.Discourse(Guarded(), {"server": server.url}, NOW, lambda _: None)
    found = [{"created_at": "2026-10-20T10:00:00Z"}, {"created_at": "2026-10-12T10:00:00Z"}]
    assert forum._next(found, "", 4) == "5"
    assert forum._next(found, "", 5) == "2026-10-12 1"
    assert forum._next(found, "2026-10-12", 5) == ""
    assert forum._next([], "", 1) == ""


def lemmy_comment(**more: Any) -> dict[str, Any]:
    return {
        "comment": {
            "id": 17, "post_id": 5, "content": "Kade **fijn**", "published": "2026-10-30T10:00:00Z",
            "path": "0.9.17", "ap_id": "https://lemmy.example/comment/17", "deleted": False, **more,
        },
        "creator": {"name": "ilse", "actor_id": "https://lemmy.example/u/ilse"},
        "counts": {"upvotes": 3, "child_count": 0},
    }  # fmt: skip


def test_lemmy_gives_posts_and_comments_with_their_threads(server: Server) -> None:
    post = {
        "post": {"id": 5, "name": "Kade", "body": "", "published": "2026-10-30T09:00:00.12Z"},
        "creator": {"name": "omar"}, "counts": {"upvotes": 1, "comments": 2},
    }  # fmt: skip
    says(server, "/api/v3/search", {"posts": [post], "comments": [lemmy_comment()]})
    (page,) = visit(lemmy.Lemmy, server, "kade")
    first, second = page.messages
    assert (first.native_id, first.text, first.thread) == ("post/5", "Kade", "post/5")
    assert (second.reply_to, second.thread, second.replies) == ("comment/9", "post/5", 0)
    assert second.url == "https://lemmy.example/comment/17"
    answer = lemmy.as_message(lemmy_comment(path="0.17"), "comment", server.url, NOW)
    assert answer is not None and answer.reply_to == "post/5"


def test_lemmy_says_what_was_taken_away(server: Server) -> None:
    for mark in ("deleted", "removed"):
        gone = lemmy.as_message(lemmy_comment(**{mark: True}, content=""), "comment", "", NOW)
        assert gone is not None and gone.op == "delete"


def test_lemmy_stops_where_the_asked_time_begins(server: Server) -> None:
    old = [lemmy_comment(id=n, published="2020-01-01T00:00:00Z") for n in range(50)]
    says(server, "/api/v3/search", {"posts": [], "comments": old})
    (page,) = visit(lemmy.Lemmy, server, "kade")
    assert page.messages == []


def question(**more: Any) -> dict[str, Any]:
    return {
        "question_id": 3, "title": "Kade &amp; rain", "body": "<p>Is it <i>dry</i>?</p>",
        "creation_date": int(at(days=1).timestamp()), "answer_count": 1, "view_count": 8,
        "owner": {"user_id": 9, "display_name": "Ida &lt;3"}, "link": "https://bicycles.example/q/3", **more,
    }  # fmt: skip


def test_stack_exchange_gives_questions_and_their_answers(server: Server) -> None:
    StackExchange.api = server.url
    reply = question(answer_id=4, body="<p>Yes.</p>", link="")
    says(
        server, "/search/advanced", {"items": [question()], "has_more": False, "quota_remaining": 9}
    )
    says(
        server, "/questions/3/answers", {"items": [reply], "has_more": False, "quota_remaining": 8}
    )
    (page,) = visit(StackExchange, server, "kade", site="bicycles", key="secret")
    first, second = page.messages
    assert (first.native_id, first.title, first.text) == ("q3", "Kade & rain", "Is it dry?")
    assert (first.author, first.author_name, first.views, first.likes) == ("9", "Ida <3", 8, None)
    assert (second.native_id, second.reply_to, second.thread) == ("a4", "q3", "q3")
    assert asked(server, 0)["site"] == "bicycles"
    assert asked(server, 0)["filter"] == "withbody"


def stack(server: Server, meter: Counted) -> tuple[StackExchange, list[float]]:
    StackExchange.api = server.url
    client, pauses = Guarded([f"127.0.0.1:{server.port}"]), list[float]()
    return StackExchange(client, {}, NOW, pauses.append, meter), pauses


def test_stack_exchange_is_given_the_wait_it_asks_for(server: Server) -> None:
    says(server, "/search/advanced", {"items": [], "backoff": 7, "quota_remaining": 9})
    network, pauses = stack(server, Counted(NOW))
    list(network.read("kade"))
    assert pauses == [7.0]


def test_a_long_wait_holds_for_the_next_visit_and_nothing_that_came_is_lost(server: Server) -> None:
    meter = Counted(NOW)
    says(server, "/search/advanced", {"items": [question(answer_count=0)], "backoff": 700})
    network, pauses = stack(server, meter)
    (page,) = network.read("kade")
    assert [m.native_id for m in page.messages] == ["q3"] and pauses == []
    server.asked.clear()
    with pytest.raises(UsedUp) as later:
        list(stack(server, meter)[0].read("kade"))
    assert later.value.after == 700 and server.asked == []


def test_a_wait_that_is_broken_off_holds_for_the_next_visit(server: Server) -> None:
    def stopped(seconds: float) -> None:
        raise TryLater(after=0.0)

    meter = Counted(NOW)
    says(server, "/search/advanced", {"items": [], "backoff": 30})
    network, _ = stack(server, meter)
    network._pause = stopped
    with pytest.raises(TryLater):
        list(network.read("kade"))
    with pytest.raises(UsedUp):
        list(stack(server, meter)[0].read("kade"))


def test_what_stack_exchange_says_is_left_is_noted_and_kept_to(server: Server) -> None:
    meter = Counted(NOW)
    says(server, "/search/advanced", {"items": [], "quota_remaining": 9})
    list(stack(server, meter)[0].read("kade"))
    assert meter.left == {"questions": 9}
    says(server, "/search/advanced", {"items": [], "quota_remaining": 0})
    list(stack(server, meter)[0].read("kade"))
    with pytest.raises(UsedUp) as used_up:
        list(stack(server, meter)[0].read("kade"))
    assert used_up.value.until == datetime(2026, 11, 2, tzinfo=UTC)


def test_without_a_key_300_questions_are_a_day_with_one_10_000(server: Server) -> None:
    for key, most in (("", 300), ("secret", 10_000)):
        (allowance,) = StackExchange.allowances({"key": key})
        assert allowance.units == most


def status(**more: Any) -> dict[str, Any]:
    return {
        "id": "11", "uri": "https://mastodon.example/users/ilse/statuses/11", "visibility": "public",
        "created_at": at(hours=5).isoformat(), "content": "<p>De Kade rijdt <a href='x'>fijn</a></p>",
        "spoiler_text": "", "language": "nl", "url": "https://mastodon.example/@ilse/11",
        "favourites_count": 2, "reblogs_count": 1, "replies_count": 0, "reblog": None,
        "account": {"acct": "ilse", "display_name": "Ilse", "url": "https://mastodon.example/@ilse"}, **more,
    }  # fmt: skip


def test_mastodon_hashtags_are_read_without_a_token(server: Server) -> None:
    says(server, "/api/v1/timelines/tag/windmee", [status()])
    (page,) = visit(mastodon.Mastodon, server, "#windmee")
    (message,) = page.messages
    assert (message.text, message.author) == ("De Kade rijdt fijn", "ilse@mastodon.example")
    assert (message.language, message.likes, message.reposts, message.replies) == ("nl", 2, 1, 0)
    assert "authorization" not in server.asked[0][1]


def test_mastodon_words_need_a_token(server: Server) -> None:
    with pytest.raises(Refused, match="access token"):
        visit(mastodon.Mastodon, server, "windmee")
    says(server, "/api/v2/search", {"statuses": [status()]})
    (page,) = visit(mastodon.Mastodon, server, "windmee", token="t")
    assert len(page.messages) == 1
    assert server.asked[-1][1]["authorization"] == "Bearer t"
    with pytest.raises(Refused, match="not one hashtag"):
        visit(mastodon.Mastodon, server, "#wind/../mee")


def test_mastodon_leaves_alone_who_asked_not_to_be_found() -> None:
    hidden = status()["account"] | {"noindex": True}
    assert mastodon.as_message(status(account=hidden), NOW, "m.example") is None
    assert mastodon.as_message(status(visibility="direct"), NOW, "m.example") is None
    assert mastodon.as_message(status(visibility="private"), NOW, "m.example") is None


def test_a_boost_is_a_repost_of_what_it_boosts() -> None:
    boost = mastodon.as_message(
        status(content="", reblog=status(id="3", content="Kade!")), NOW, "m.example"
    )
    assert boost is not None and boost.repost and boost.text == "Kade!"


def skeet(**more: Any) -> dict[str, Any]:
    return {
        "uri": "at://did:plc:abc/app.bsky.feed.post/3k", "indexedAt": at(hours=5).isoformat(),
        "author": {"did": "did:plc:abc", "handle": "ilse.bsky.social", "displayName": "Ilse"},
        "record": {
            "text": "De Kade rijdt fijn", "createdAt": at(hours=6).isoformat(), "langs": ["nl"],
            "reply": {"root": {"uri": "at://r"}, "parent": {"uri": "at://p"}},
        },
        "likeCount": 2, "replyCount": 0, "repostCount": 1, **more,
    }  # fmt: skip


def signs_in(server: Server, status: int = 200) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        told = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        body = json.dumps({"accessJwt": f"for {told['identifier']} {told['password']}"}).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    bluesky.SESSIONS.clear()
    server.takes_forms(answer)


def test_bluesky_is_searched_with_an_app_password(server: Server) -> None:
    signs_in(server)
    says(server, "/xrpc/app.bsky.feed.searchPosts", {"posts": [skeet()]})
    (page,) = visit(bluesky.Bluesky, server, "kade", handle="windmee.nl", word="secret")
    (message,) = page.messages
    assert (message.native_id, message.author) == (
        "at://did:plc:abc/app.bsky.feed.post/3k",
        "ilse.bsky.social",
    )
    assert (message.reply_to, message.thread, message.language) == ("at://p", "at://r", "nl")
    assert message.said_at == at(hours=6)
    assert message.url == "https://bsky.app/profile/did:plc:abc/post/3k"
    assert server.asked[0][1]["authorization"] == "Bearer for windmee.nl secret"


def test_bluesky_says_when_the_app_password_is_wrong(server: Server) -> None:
    signs_in(server, 401)
    with pytest.raises(Refused, match="app password"):
        visit(bluesky.Bluesky, server, "kade", handle="windmee.nl", word="no")


def test_bluesky_says_when_nobody_can_sign_in_at_a_server(server: Server) -> None:
    """As its public view answers, which people take for the server of their account."""
    bluesky.SESSIONS.clear()
    server.takes_forms(lambda handler: write(handler, b'{"error": "MethodNotImplemented"}', 501))
    with pytest.raises(Refused, match="not as Bluesky does"):
        visit(bluesky.Bluesky, server, "kade", handle="windmee.nl", word="no")


def test_bluesky_signs_in_once_for_many_visits_and_anew_when_its_token_is_refused(
    server: Server,
) -> None:
    signed_in: list[str] = []
    good = ""

    def door(handler: BaseHTTPRequestHandler) -> None:
        nonlocal good
        told = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        signed_in.append(told["password"])
        good = f"{told['password']} {len(signed_in)}"
        write(handler, json.dumps({"accessJwt": good}).encode())

    def search(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers["Authorization"] == f"Bearer {good}":
            write(handler, json.dumps({"posts": [skeet()]}).encode())
        else:
            write(handler, b'{"error": "ExpiredToken", "message": "Token has expired"}', 400)

    server.takes_forms(door)
    server.routes["/xrpc/app.bsky.feed.searchPosts"] = search
    bluesky.SESSIONS.clear()

    def finds(word: str) -> bool:
        (page,) = visit(bluesky.Bluesky, server, "kade", handle="windmee.nl", word=word)
        return len(page.messages) == 1

    assert all(finds("secret") for _ in range(40)) and signed_in == ["secret"]
    good = "another"
    assert finds("secret") and finds("secret") and signed_in == ["secret"] * 2
    # Another app password is another key, and is never let in on the token of the first.
    assert finds("new") and signed_in == ["secret", "secret", "new"]


def test_bluesky_refuses_a_question_that_is_wrong_whatever_the_token(server: Server) -> None:
    signs_in(server)
    says(server, "/xrpc/app.bsky.feed.searchPosts", {"posts": []})
    assert visit(bluesky.Bluesky, server, "kade", handle="h", word="w")
    server.says("/xrpc/app.bsky.feed.searchPosts", '{"error": "InvalidRequest"}', status=400)
    with pytest.raises(Refused, match="refused the request"):
        visit(bluesky.Bluesky, server, "kade", handle="h", word="w")


def test_bluesky_takes_the_network_s_clock_where_a_writer_s_runs_ahead() -> None:
    ahead = skeet()
    ahead["record"] = ahead["record"] | {"createdAt": (NOW + timedelta(hours=20)).isoformat()}
    message = bluesky.as_message(ahead, NOW)
    assert message is not None and message.said_at == at(hours=5)


def test_bluesky_leaves_alone_who_is_for_people_signed_in() -> None:
    author = skeet()["author"] | {"labels": [{"val": "!no-unauthenticated"}]}
    assert bluesky.as_message(skeet(author=author), NOW) is None


@pytest.mark.parametrize("kind", SEARCHED, ids=lambda kind: kind.kind)
@pytest.mark.parametrize(
    "body",
    ["", "[]", "null", "<html>", '{"a": 1', "[[]]", '{"posts": 1, "hits": {}}', "[" * 100_000],
)
def test_an_answer_that_is_no_api_is_a_sentence(
    kind: type[Searched], body: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for where in (
        "/search", "/search/advanced", "/search.json", "/api/v3/search", "/api/v1/timelines/tag/kade",
        "/xrpc/app.bsky.feed.searchPosts",
    ):  # fmt: skip
        server.says(where, body)
    signs_in(server)
    if hasattr(kind, "api"):
        monkeypatch.setattr(
            kind, "api", server.url + ("/search" if kind.kind == "hackernews" else "")
        )
    try:
        pages = visit(kind, server, "#kade", handle="h", word="w")
    except Refused as refused:
        assert refused.why
    else:
        assert not any(page.messages for page in pages)


@pytest.mark.parametrize("kind", SEARCHED, ids=lambda kind: kind.kind)
def test_every_network_has_a_name_and_a_form(kind: type[Searched]) -> None:
    names = [field.name for field in kind.fields]
    assert "topic" in names and len(set(names)) == len(names)
    assert kind.kind in LABELS or kind.kind == "discourse"  # whose posts are a forum's


def test_what_is_said_to_the_own_account_on_bluesky_is_read_from_its_notifications(
    server: Server,
) -> None:
    signs_in(server)
    reasons = ("mention", "reply", "quote", "like", "repost", "follow")
    told = [
        skeet() | {"uri": f"at://did:plc:abc/app.bsky.feed.post/{reason}", "reason": reason}
        for reason in reasons
    ]
    said = {"notifications": told, "cursor": "more"}
    says(server, "/xrpc/app.bsky.notification.listNotifications", said)
    first, second = visit(bluesky.Bluesky, server, "", way="own", handle="windmee.nl", word="w")
    assert [each.native_id.rpartition("/")[2] for each in first.messages] == list(reasons[:3])
    assert asked(server)["cursor"] == "more" and second.messages == first.messages
    old = [each | {"indexedAt": at(days=90).isoformat(), "reason": "like"} for each in told[:1]]
    says(server, "/xrpc/app.bsky.notification.listNotifications", {"notifications": old, "cursor": "x"})  # fmt: skip
    assert len(visit(bluesky.Bluesky, server, "", way="own", handle="h", word="w")) == 1


def test_what_is_said_to_the_own_account_on_mastodon_is_read_from_its_notifications(
    server: Server,
) -> None:
    mentions = [
        {"id": "7", "type": "mention", "status": status(id="1", quote={"quoted_status_id": "4"})},
        {"id": "6", "type": "mention", "status": status(id="2", visibility="direct")},
    ]
    says(server, "/api/v1/notifications", mentions)
    (page,) = visit(mastodon.Mastodon, server, "", way="own", token="t")
    home = f"127.0.0.1:{server.port}"
    assert [(each.native_id, each.quotes) for each in page.messages] == [(f"{home}/1", f"{home}/4")]
    assert (asked(server)["types[]"], asked(server)["limit"]) == ("mention", "40")


@pytest.mark.parametrize(
    ("kind", "told", "says"),
    [
        (mastodon.Mastodon, {"way": "own", "server": "m.example"}, "access token only"),
        (bluesky.Bluesky, {"way": "own", "handle": "h"}, "app password"),
        (bluesky.Bluesky, {"way": "stream", "topic": ""}, "what to look for"),
        (hackernews.HackerNews, {"topic": " , "}, "what to look for"),
    ],
)
def test_settings_are_looked_at_before_anybody_is_asked(
    kind: type[Searched], told: dict[str, str], says: str
) -> None:
    with pytest.raises(Refused, match=says):
        kind.check(told)
