"""LinkedIn over real HTTP. Shapes are from learn.microsoft.com/linkedin: not run against the real service."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from openroads.connectors.failures import Refused
from openroads.connectors.linkedin import LinkedIn, as_comment, as_post
from tests.connectors.conftest import Server
from tests.connectors.visiting import NOW, answers, asked, at, made, says, visit

SHARE, COMMENT = "urn:li:share:71", "urn:li:comment:(urn:li:activity:71,99)"
COMMENTS = f"/socialActions/{quote(SHARE, safe='')}/comments"


class Here(LinkedIn):
    """The same, at the address of a test."""


def ms(**before: float) -> int:
    return int(at(**before).timestamp() * 1000)


def post(number: str = SHARE, **more: Any) -> dict[str, Any]:
    return {
        "id": number, "author": "urn:li:organization:12345", "commentary": "De Kade is er", "createdAt": ms(hours=6),
        "publishedAt": ms(hours=5), "lifecycleState": "PUBLISHED", **more,
    }  # fmt: skip


def comment(**more: Any) -> dict[str, Any]:
    return {
        "actor": "urn:li:person:ilse", "commentUrn": COMMENT, "created": {"time": ms(hours=1)},
        "message": {"text": "Mooi!"}, "object": "urn:li:activity:71", "likesSummary": {"totalLikes": 2}, **more,
    }  # fmt: skip


def test_posts_of_the_page_and_their_comments(server: Server) -> None:
    says(server, "/posts", {"elements": [post()]})
    says(server, COMMENTS, {"elements": [comment()]})
    ours, theirs = visit(Here, server, "12345", days="7")
    assert (ours.native_id, ours.text, ours.author) == (
        SHARE,
        "De Kade is er",
        "urn:li:organization:12345",
    )
    assert (
        ours.said_at == at(hours=5) and ours.url == f"https://www.linkedin.com/feed/update/{SHARE}/"
    )
    assert (theirs.native_id, theirs.author, theirs.author_name) == (
        COMMENT,
        "urn:li:person:ilse",
        "",
    )
    assert (theirs.thread, theirs.likes, theirs.url) == (SHARE, 2, ours.url)
    assert asked(server, 0)["author"] == "urn:li:organization:12345"
    headers = server.asked[0][1]
    assert (
        headers["linkedin-version"] == "202610" and headers["x-restli-protocol-version"] == "2.0.0"
    )
    assert headers["authorization"] == "Bearer a-token"


def test_posts_are_read_down_to_two_weeks_before_the_last_visit(server: Server) -> None:
    old = [post(f"urn:li:share:{n}", publishedAt=ms(days=60)) for n in range(50)]
    says(server, "/posts", {"elements": [post(), *old]})
    says(server, COMMENTS, {"elements": []})
    assert len(visit(Here, server, "12345")) == 1
    assert [path.partition("?")[0] for path, _ in server.asked] == ["/posts", COMMENTS]


def test_what_is_not_published_is_deleted() -> None:
    gone = as_post(post(lifecycleState="DELETED"), NOW)
    assert gone is not None and gone.op == "delete"
    assert as_post(post(commentary=""), NOW) is None and as_post({}, NOW) is None
    assert as_comment(comment(commentUrn="urn:li:comment:nothing"), NOW) is None


def test_what_is_kept_is_looked_at_again_one_by_one(server: Server) -> None:
    says(server, f"/posts/{quote(SHARE, safe='')}", post(commentary="De Kade is er nu"))
    answers(
        server,
        f"/socialActions/{quote('urn:li:activity:71', safe='')}/comments/99",
        lambda _: (404, {}),
    )
    network: Any = made(Here, server)
    first, second = network.refresh([SHARE, COMMENT])
    assert (first.op, first.text) == ("upsert", "De Kade is er nu")
    assert (second.native_id, second.op) == (COMMENT, "delete")


def test_how_long_is_kept_stands_in_the_settings() -> None:
    rule = LinkedIn.rule({"names": "24", "activity": "48"})
    assert (rule.after, rule.forget, rule.names) == (
        timedelta(hours=12), timedelta(hours=48), timedelta(hours=24),
    )  # fmt: skip
    with pytest.raises(Refused, match="hours"):
        LinkedIn.check({"topic": "12345", "activity": "a week"})
    with pytest.raises(Refused, match="not the number of a page"):
        LinkedIn.check({"topic": "windmee"})
    with pytest.raises(Refused, match="year and a month"):
        LinkedIn.check({"topic": "12345", "version": "v2"})


@pytest.mark.parametrize(
    ("status", "body", "says_so"),
    [
        (401, {"code": "REVOKED_ACCESS_TOKEN"}, "make a new one"),
        (403, {"message": "Not enough permissions"}, "Not enough permissions"),
        (426, {"code": "NONEXISTENT_VERSION"}, "no longer speaks this version"),
        (400, {"code": "VERSION_MISSING"}, "no longer speaks this version"),
        (200, {}, "not as its API"),
    ],
)
def test_why_linkedin_refuses_is_said(server: Server, status: int, body: Any, says_so: str) -> None:
    says(server, "/posts", body, status)
    with pytest.raises(Refused, match=says_so):
        visit(Here, server, "12345")
