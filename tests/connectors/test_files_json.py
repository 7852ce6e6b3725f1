"""JSON Lines and browser captures: nested posts laid out flat, unknown shapes with the reason."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openroads.archive.message import Message
from openroads.connectors.files import detect, read
from openroads.connectors.port import Page

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def lines(path: Path, items: list[Any]) -> Path:
    path.write_text(
        "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in items)
    )
    return path


def page(path: Path) -> Page:
    (only,) = read(path, detect(path, now=NOW), now=NOW)
    return only


def test_nested_posts_keep_all_digits_of_their_ids(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "a.jsonl",
        [
            {
                "id": 567588278875213824,
                "text": "De accu van de Kade is leeg",
                "created_at": "2025-02-16T10:00:00.000Z",
                "user": {"screen_name": "marloes", "name": "Marloes"},
                "public_metrics": {"like_count": 4},
                "lang": "nl",
                "tags": ["accu", "kade"],
            },
            {"id": 2, "text": "Zonder gebruiker hoor", "created_at": "2025-02-16T10:00:00Z"},
        ],
    )
    reading = detect(path, now=NOW)
    assert reading.format == "jsonl"
    assert reading.columns["author"] == "user.screen_name"
    first, second = page(path).messages
    assert (first.native_id, first.author, first.likes) == ("567588278875213824", "marloes", 4)
    assert first.language == "nl" and second.likes is None


def test_lines_that_are_not_objects_are_rejected_one_by_one(tmp_path: Path) -> None:
    good = {"id": "1", "text": "Een goed bericht", "date": "2025-02-16"}
    path = lines(
        tmp_path / "a.jsonl",
        [
            good, "{kapot", "[1, 2]", '"tekst"', "", "[" * 100_000, '{"a":' * 50_000,
            {**good, "id": "2"},
            json.dumps({**good, "id": "3", "text": "half \ud83d teken"}),
        ],
    )  # fmt: skip
    told = page(path)
    assert [m.native_id for m in told.messages] == ["1", "2", "3"]
    assert told.messages[2].text == "half  teken"
    assert [row.where for row in told.rejected] == ["row 2", "row 3", "row 4", "row 6", "row 7"]
    assert {row.reason for row in told.rejected} <= {
        "This line is not valid JSON.",
        "This line is not a JSON object.",
        "This line is nested too deeply to be a post.",
    }


def test_json_lines_resume(tmp_path: Path) -> None:
    items = [{"id": str(n), "text": f"Bericht {n} é", "date": "2025-02-16"} for n in range(4_100)]
    path = lines(tmp_path / "a.jsonl", items)
    reading = detect(path, now=NOW)
    pages = list(read(path, reading, now=NOW))
    rest = list(read(path, reading, cursor=pages[0].cursor, now=NOW))
    assert [m.native_id for p in rest for m in p.messages] == [str(n) for n in range(2_000, 4_100)]


def captured(platform: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "item_id": "1", "source_platform": platform, "timestamp_collected": 1739700000000,
        "source_url": f"https://{platform}/", "data": data,
    }  # fmt: skip


X = {
    "rest_id": "1892000000000000001",
    "core": {"user_results": {"result": {"legacy": {"screen_name": "marloes", "name": "Marloes"}}}},
    "views": {"count": "120"},
    "legacy": {
        "full_text": "De accu van de Kade is leeg", "created_at": "Sun Feb 16 10:00:00 +0000 2025",
        "lang": "nl", "favorite_count": 3, "retweet_count": 1, "reply_count": 2,
        "conversation_id_str": "1891", "in_reply_to_status_id_str": "1891",
    },
}  # fmt: skip
INSTAGRAM = {
    "pk": "3300000000000000001", "code": "DAbc", "taken_at": 1739700000, "like_count": 9,
    "comment_count": 1, "caption": {"text": "Mooie rit op mijn Polder"},
    "user": {"username": "ida.rijdt", "full_name": "Ida"},
}  # fmt: skip
OLD_INSTAGRAM = {
    "id": "22", "shortcode": "Babc", "taken_at_timestamp": 1739700000,
    "edge_media_to_caption": {"edges": [{"node": {"text": "Nog een mooie rit"}}]},
    "owner": {"username": "ida.rijdt"}, "edge_media_preview_like": {"count": 5},
}  # fmt: skip
TIKTOK = {
    "id": "7471000000000000001", "desc": "Unboxing van de Gracht", "createTime": 1739700000,
    "author": {"uniqueId": "omar", "nickname": "Omar"},
    "stats": {"diggCount": 10, "commentCount": 2, "shareCount": 1, "playCount": 900},
}  # fmt: skip
TIKTOK_COMMENT = {
    "cid": "7472", "text": "Wat kost die?", "create_time": 1739700000, "aweme_id": "7471",
    "reply_id": "0", "user": {"unique_id": "tom", "nickname": "Tom"}, "digg_count": 1,
}  # fmt: skip
LINKEDIN = {
    "updateMetadata": {"urn": "urn:li:activity:7296800000000000000"},
    "commentary": {"text": {"text": "Trots op onze nieuwe werkplaats"}},
    "actor": {
        "name": {"text": "Windmee"},
        "navigationContext": {"actionTarget": "https://www.linkedin.com/company/windmee/?x=1"},
    },
    "*socialDetail": {"*totalSocialActivityCounts": {"numLikes": 7, "numComments": 1}},
}  # fmt: skip
THREADS = {
    "pk": "33", "code": "DXyz", "taken_at": 1739700000, "like_count": 2,
    "caption": {"text": "Iemand ervaring met de Kade?"}, "user": {"username": "sanne"},
    "text_post_app_info": {"direct_reply_count": 4, "repost_count": 0},
}  # fmt: skip


def by_network(told: Page) -> dict[str, Message]:
    return {m.network: m for m in told.messages}


def test_captures_of_five_networks_are_read(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "a.ndjson",
        [
            captured("x.com", X), captured("instagram.com", INSTAGRAM),
            captured("tiktok.com", TIKTOK), captured("linkedin.com", LINKEDIN),
            captured("threads.net", THREADS),
        ],
    )  # fmt: skip
    reading = detect(path, now=NOW)
    assert reading.format == "zeeschuimer"
    told = page(path)
    assert told.rejected == []
    said = by_network(told)
    assert set(said) == {"x", "instagram", "tiktok", "linkedin", "threads"}
    assert said["x"].native_id == "1892000000000000001"
    assert said["x"].said_at == datetime(2025, 2, 16, 10, 0, tzinfo=UTC)
    assert (said["x"].author, said["x"].reply_to, said["x"].views) == ("marloes", "1891", 120)
    assert said["instagram"].url == "https://www.instagram.com/p/DAbc"
    assert said["tiktok"].views == 900
    assert said["linkedin"].author == "company/windmee"
    assert said["linkedin"].said_at.date().isoformat() == "2025-02-16"
    assert said["threads"].replies == 4
    assert all(m.said_at.year == 2025 for m in told.messages)


def test_older_and_wrapped_shapes_are_read_too(tmp_path: Path) -> None:
    repost = {
        **X, "rest_id": "1893",
        "legacy": {**X["legacy"], "full_text": "RT @a: De ac…",  # type: ignore[dict-item]
                   "retweeted_status_result": {"result": {"legacy": {"full_text": "De hele tekst"}}}},
    }  # fmt: skip
    path = lines(
        tmp_path / "a.ndjson",
        [
            captured("instagram.com", OLD_INSTAGRAM), captured("twitter.com", {"tweet": X}),
            captured("twitter.com", repost), captured("tiktok-comments", TIKTOK_COMMENT),
        ],
    )  # fmt: skip
    told = page(path)
    assert told.rejected == []
    assert [m.text for m in told.messages] == [
        "Nog een mooie rit", "De accu van de Kade is leeg", "De hele tekst", "Wat kost die?",
    ]  # fmt: skip
    assert [m.repost for m in told.messages] == [False, False, True, False]
    assert told.messages[3].reply_to == "7471"


def test_unknown_platforms_and_shapes_come_back_with_the_reason(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "a.ndjson",
        [
            captured("x.com", X), captured("hyves.nl", {"krabbel": "hoi"}),
            captured("tiktok.com", {"iets": "anders"}), {"geen": "capture"},
            captured("threads.net", {**THREADS, "caption": None}),
        ],
    )  # fmt: skip
    told = page(path)
    assert len(told.messages) == 1
    assert [row.reason for row in told.rejected] == [
        "Captures of “hyves.nl” are not read by Openroads.",
        "This tiktok.com post is laid out in a way we do not know.",
        "This line is not a Zeeschuimer capture: it has no platform and data.",
        "This row has no text.",
    ]
