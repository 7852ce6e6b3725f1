"""YouTube over real HTTP. Shapes are from developers.google.com/youtube/v3/docs: not run against the real
service."""

from typing import Any

import pytest

from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.metering import UsedUp
from openroads.connectors.youtube import SEARCHES, UNITS, YouTube, as_message, place_in
from tests.connectors.conftest import Server
from tests.connectors.visiting import NOW, answers, asked, at, made, meter, pages, says, visit

VIDEO, OTHER = "kadeRIDEday", "polderRIDE1"
CHANNEL = "UC" + "w" * 22


class Tube(YouTube):
    """The same, at the address of a test."""


def comment(number: str, **more: Any) -> dict[str, Any]:
    snippet = {
        "videoId": VIDEO, "channelId": CHANNEL, "textDisplay": "De Kade rijdt fijn", "likeCount": 3,
        "authorDisplayName": "@ilse", "authorChannelId": {"value": "UCilse"},
        "publishedAt": at(hours=5).isoformat(), "updatedAt": at(hours=5).isoformat(), **more,
    }  # fmt: skip
    return {"kind": "youtube#comment", "id": number, "snippet": snippet}


def thread(
    number: str, replies: int = 0, given: list[Any] | None = None, **more: Any
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": number,
        "snippet": {"videoId": VIDEO, "topLevelComment": comment(number, **more), "totalReplyCount": replies},
    }  # fmt: skip
    return {**told, "replies": {"comments": given}} if given else told


def error(status: int, reason: str, message: str = "no") -> tuple[int, dict[str, Any]]:
    return status, {"error": {"code": status, "message": message, "errors": [{"reason": reason}]}}


def test_comments_and_replies_of_a_channel_by_its_handle(server: Server) -> None:
    says(server, "/channels", {"items": [{"id": CHANNEL}]})
    reply = comment("t1.r1", parentId="t1", textDisplay="Ook in de regen")
    says(server, "/commentThreads", {"items": [thread("t1", 1, [reply])]})
    top, below = visit(Tube, server, "@windmee")
    assert (top.native_id, top.text, top.author, top.author_name, top.likes) == (
        f"{VIDEO}/t1", "De Kade rijdt fijn", "UCilse", "@ilse", 3,
    )  # fmt: skip
    assert (top.thread, top.reply_to) == (f"video/{VIDEO}", "")
    assert (below.native_id, below.reply_to) == (f"{VIDEO}/t1.r1", f"{VIDEO}/t1")
    assert top.url == f"https://www.youtube.com/watch?v={VIDEO}&lc=t1"
    assert asked(server)["allThreadsRelatedToChannelId"] == CHANNEL
    assert asked(server)["textFormat"] == "plainText"


def test_the_key_stands_in_a_header_and_never_in_an_address(server: Server) -> None:
    says(server, "/commentThreads", {"items": []})
    visit(Tube, server, f"https://youtu.be/{VIDEO}")
    path, headers = server.asked[0]
    assert headers["x-goog-api-key"] == "a-key" and "a-key" not in path


def test_a_thread_with_more_replies_than_it_shows_is_read_whole(server: Server) -> None:
    many = [comment(f"t1.r{n}", parentId="t1", videoId="") for n in range(7)]
    says(server, "/commentThreads", {"items": [thread("t1", 7, many[:5])]})
    answers(server, "/comments", lambda told: (
        {"items": many[:4], "nextPageToken": "more"} if "pageToken" not in told else {"items": many[4:]}
    ))  # fmt: skip
    found = visit(Tube, server, f"https://www.youtube.com/watch?v={VIDEO}&t=3")
    assert [each.native_id for each in found[1:]] == [f"{VIDEO}/t1.r{n}" for n in range(7)]


def test_pages_are_walked_down_to_where_the_last_visit_ended(server: Server) -> None:
    old = {"publishedAt": at(days=40).isoformat()}
    answers(server, "/commentThreads", lambda told: (
        {"items": [thread("t1")], "nextPageToken": "2"} if "pageToken" not in told
        else {"items": [thread("t2"), thread("t3", **old)], "nextPageToken": "3"}
    ))  # fmt: skip
    assert [each.native_id for each in visit(Tube, server, CHANNEL)] == [
        f"{VIDEO}/t1",
        f"{VIDEO}/t2",
    ]
    assert len(server.asked) == 2


def test_words_find_videos_and_then_their_comments(server: Server) -> None:
    found = [
        {"id": {"videoId": number}, "snippet": {
            "title": "Kade &amp; regen", "description": "", "publishedAt": at(days=3).isoformat(),
            "channelId": CHANNEL, "channelTitle": "Fietstest"}}
        for number in (VIDEO, OTHER)
    ]  # fmt: skip
    says(server, "/search", {"items": found})
    answers(server, "/commentThreads", lambda told: (
        error(403, "commentsDisabled") if told["videoId"] == VIDEO
        else {"items": [thread("t9", videoId=OTHER)]}
    ))  # fmt: skip
    counted = meter()
    read = made(Tube, server, counted, topic="kade").read("kade")
    first, second, said = (m for page in read for m in page.messages)
    assert (first.native_id, first.text, first.author_name) == (
        f"video/{VIDEO}",
        "Kade & regen",
        "Fietstest",
    )
    assert (second.native_id, said.native_id) == (f"video/{OTHER}", f"{OTHER}/t9")
    assert counted.used(SEARCHES).units == 1 and counted.used(UNITS).units == 2
    assert asked(server, 0)["publishedAfter"] == "2026-08-03T12:00:00Z"


def test_a_visit_broken_off_between_videos_goes_on_there(server: Server) -> None:
    found = [
        {
            "id": {"videoId": number},
            "snippet": {"title": "t", "publishedAt": at(days=3).isoformat()},
        }
        for number in (VIDEO, OTHER)
    ]
    says(server, "/search", {"items": found})
    says(server, "/commentThreads", {"items": []})
    first, second, *_ = pages(Tube, server, "kade")
    server.asked.clear()
    visit(Tube, server, "kade", second.cursor)
    assert [asked(server, n)["videoId"] for n in range(len(server.asked))] == [OTHER]
    server.asked.clear()
    visit(Tube, server, "kade", first.cursor)
    assert [asked(server, n)["videoId"] for n in range(len(server.asked))] == [VIDEO, OTHER]


@pytest.mark.parametrize(
    ("told", "is_one"),
    [
        ("@windmee", ("handle", "@windmee")),
        (CHANNEL, ("channel", CHANNEL)),
        (f"https://www.youtube.com/channel/{CHANNEL}", ("channel", CHANNEL)),
        ("https://youtube.com/@windmee", ("handle", "@windmee")),
        (f"https://youtu.be/{VIDEO}?si=x", ("video", VIDEO)),
        (f"youtube.com/shorts/{VIDEO}", ("video", VIDEO)),
        (f"https://m.youtube.com/watch?app=x&v={VIDEO}", ("video", VIDEO)),
        (VIDEO, ("words", VIDEO)),
        ("wind mee", ("words", "wind mee")),
        (f"https://evil.example/watch?v={VIDEO}", ("words", f"https://evil.example/watch?v={VIDEO}")),
        ("http://[", ("words", "http://[")),
    ],
)  # fmt: skip
def test_what_a_person_writes_is_a_channel_a_video_or_words(
    told: str, is_one: tuple[str, str]
) -> None:
    assert place_in(told) == is_one


def test_words_are_looked_for_as_often_as_the_searches_of_a_day_last() -> None:
    assert YouTube.minutes({"topic": "@windmee"}) == 60
    assert YouTube.minutes({"topic": "a, b, c"}) == 60
    assert (
        YouTube.minutes({"topic": "a,b,c,d,e,f,g,h,i,j"}) == 180
    )  # 8 visits x 10 words = 80 of 100


def test_a_quota_that_youtube_says_is_used_up_closes_the_day_in_california(server: Server) -> None:
    answers(server, "/commentThreads", lambda _: error(403, "quotaExceeded"))
    counted = meter()
    with pytest.raises(UsedUp, match="used up") as used_up:
        list(made(Tube, server, counted).read(CHANNEL))
    # 1 November 2026, the day the clocks go back there: midnight is 08:00 UTC, in winter time.
    assert used_up.value.until.isoformat() == "2026-11-02T08:00:00+00:00"
    server.asked.clear()
    with pytest.raises(UsedUp):
        list(made(Tube, server, counted).read(CHANNEL))
    assert server.asked == []


def test_ten_thousand_units_are_a_day(server: Server) -> None:
    counted = meter()
    counted.spend(UNITS, 10_000)
    with pytest.raises(UsedUp, match="10,000 units of the YouTube API of today are used up"):
        list(made(Tube, server, counted).read(CHANNEL))
    assert server.asked == []


def test_a_hundred_searches_are_a_day_apart_from_the_units(server: Server) -> None:
    counted = meter()
    counted.spend(SEARCHES, 100)
    with pytest.raises(UsedUp, match="100 searches"):
        list(made(Tube, server, counted).read("kade"))
    assert counted.used(UNITS).units == 0


@pytest.mark.parametrize(
    ("told", "kind", "says_so"),
    [
        (error(400, "keyInvalid", "API key not valid."), Refused, "API key not valid."),
        (error(403, "accessNotConfigured", "<b>Enable</b> it"), Refused, "Enable it"),
        (error(403, "rateLimitExceeded"), TryLater, "later"),
        (error(403, "commentsDisabled"), Refused, "no"),
        ((200, {"nothing": 1}), Refused, "not as its API"),
    ],
)  # fmt: skip
def test_why_youtube_refuses_is_said(server: Server, told: Any, kind: Any, says_so: str) -> None:
    answers(server, "/commentThreads", lambda _: told)
    with pytest.raises(kind, match=says_so):
        visit(Tube, server, CHANNEL)


def test_a_channel_nobody_has_is_a_sentence(server: Server) -> None:
    says(server, "/channels", {"items": []})
    with pytest.raises(Refused, match="no channel @nobody"):
        visit(Tube, server, "@nobody")


def test_what_is_kept_is_looked_at_again_fifty_at_a_time(server: Server) -> None:
    ids = [f"{VIDEO}/c{n}" for n in range(60)] + [f"video/{OTHER}"]
    edited = comment("c1", textDisplay="De Kade reed fijn")
    edited["snippet"].pop("videoId")
    says(server, "/comments", {"items": [edited]})
    says(server, "/videos", {"items": []})
    counted = meter()
    found = list(made(Tube, server, counted).refresh(ids))  # type: ignore[attr-defined]
    by_id = {each.native_id: each for each in found}
    assert set(by_id) == set(ids)
    assert (by_id[f"{VIDEO}/c1"].op, by_id[f"{VIDEO}/c1"].text) == ("upsert", "De Kade reed fijn")
    assert by_id[f"{VIDEO}/c1"].thread == f"video/{VIDEO}"
    assert {each.op for name, each in by_id.items() if name != f"{VIDEO}/c1"} == {"delete"}
    assert counted.used(UNITS).units == 3  # one for the video, two for sixty comments


def test_what_has_no_words_moment_or_id_is_no_message() -> None:
    for lacking in ({"textDisplay": ""}, {"publishedAt": "soon"}):
        assert as_message(comment("c", **lacking), NOW) is None
    assert as_message(comment(""), NOW) is None
    assert as_message({}, NOW) is None
