"""Zeeschuimer's captures (NDJSON): posts of five networks laid out under our own headings.

https://github.com/digitalmethodsinitiative/zeeschuimer: every line is one post as the network's own
web page received it, in `data`, with `source_platform` beside it.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from openroads.connectors.files.jsonlines import json_objects
from openroads.connectors.files.lines import TextLines
from openroads.connectors.files.records import Row
from openroads.connectors.sentences import Said, say

HEADER: Final[tuple[str, ...]] = (
    "native_id", "network", "text", "said_at", "author", "author_name", "url", "language",
    "reply_to", "thread", "repost", "likes", "replies", "reposts", "views",
)  # fmt: skip
"""The columns of a capture; each means what it is called."""

Item = dict[str, Any]


class UnknownShape(Said):
    """A post that is not laid out in a way we know; `why` is the sentence."""


def is_capture(value: Item) -> bool:
    """Whether a JSON object is a line of a capture."""
    return "source_platform" in value and isinstance(value.get("data"), dict)


def capture_rows(lines: TextLines, number: int = 0) -> Iterator[Row]:
    """Every line as a row under HEADER; unknown platforms and shapes with the reason."""
    for place, value, reason, raw in json_objects(lines, number):
        if value is None:
            yield Row(place, [], reason, lines.offset, raw)
            continue
        try:
            cells = as_cells(value)
        except UnknownShape as unknown:
            yield Row(place, [], unknown.why, lines.offset, str(value)[:2_000])
        else:
            yield Row(place, [cells.get(name, "") for name in HEADER], "", lines.offset)


def as_cells(value: Item) -> dict[str, str]:
    """One captured line under HEADER. Raises UnknownShape with a sentence."""
    if not is_capture(value):
        raise UnknownShape(
            say("This line is not a Zeeschuimer capture: it has no platform and data.")
        )
    platform = str(value["source_platform"]).lower().removeprefix("www.")
    lay_out = _PLATFORMS.get(platform)
    if lay_out is None:
        raise UnknownShape(
            say("Captures of “{platform}” are not read by Openroads.", platform=platform[:60])
        )
    try:
        cells = lay_out(value["data"])
    except (KeyError, TypeError, IndexError, ValueError, AttributeError):
        raise UnknownShape(
            say("This {platform} post is laid out in a way we do not know.", platform=platform)
        ) from None
    return {name: "" if cell is None else str(cell) for name, cell in cells.items()}


def _dig(item: Any, *path: str | int) -> Any:
    """The value at a path, None when any step of it is missing."""
    for step in path:
        if isinstance(item, dict):
            item = item.get(step)
        elif isinstance(item, list) and isinstance(step, int) and step < len(item):
            item = item[step]
        else:
            return None
    return item


def _x(item: Item) -> Item:
    if "tweet" in item and "legacy" not in item:  # wrapped when its visibility is limited
        item = item["tweet"]
    legacy = item["legacy"]
    user = _dig(item, "core", "user_results", "result") or {}
    handle = _dig(user, "core", "screen_name") or _dig(user, "legacy", "screen_name")
    repost = "retweeted_status_result" in legacy
    told = item
    if repost:  # the words of a repost stand, uncut, in the post it repeats
        told = _dig(legacy, "retweeted_status_result", "result") or item
        told = told.get("tweet", told)
    text = _dig(told, "note_tweet", "note_tweet_results", "result", "text") or _dig(
        told, "legacy", "full_text"
    )
    native_id = item.get("rest_id") or legacy["id_str"]
    return {
        "native_id": native_id,
        "network": "x",
        "text": text,
        "said_at": legacy["created_at"],
        "author": handle or legacy.get("user_id_str"),
        "author_name": _dig(user, "core", "name") or _dig(user, "legacy", "name"),
        "url": f"https://x.com/{handle or 'i'}/status/{native_id}",
        "language": legacy.get("lang"),
        "reply_to": legacy.get("in_reply_to_status_id_str"),
        "thread": legacy.get("conversation_id_str"),
        "repost": "true" if repost else "",
        "likes": legacy.get("favorite_count"),
        "replies": legacy.get("reply_count"),
        "reposts": legacy.get("retweet_count"),
        "views": _dig(item, "views", "count"),
    }


def _instagram(item: Item) -> Item:
    if "shortcode" in item:  # the older layout, a graph of edges
        return {
            "native_id": item.get("id") or item["shortcode"],
            "network": "instagram",
            "text": _dig(item, "edge_media_to_caption", "edges", 0, "node", "text"),
            "said_at": item["taken_at_timestamp"],
            "author": _dig(item, "owner", "username") or _dig(item, "owner", "id"),
            "author_name": _dig(item, "owner", "full_name"),
            "url": f"https://www.instagram.com/p/{item['shortcode']}",
            "likes": _dig(item, "edge_media_preview_like", "count"),
            "replies": _dig(item, "edge_media_to_comment", "count")
            or _dig(item, "edge_media_preview_comment", "count"),
        }
    return {
        "native_id": item.get("pk") or item.get("id") or item["code"],
        "network": "instagram",
        "text": _dig(item, "caption", "text"),
        "said_at": item["taken_at"],
        "author": item["user"]["username"],
        "author_name": _dig(item, "user", "full_name"),
        "url": f"https://www.instagram.com/p/{item['code']}",
        "likes": item.get("like_count"),
        "replies": item.get("comment_count"),
        "views": item.get("play_count") or item.get("view_count"),
    }


def _tiktok(item: Item) -> Item:
    author = item["author"]
    handle = author if isinstance(author, str) else author.get("uniqueId")
    return {
        "native_id": item["id"],
        "network": "tiktok",
        "text": item["desc"],
        "said_at": item["createTime"],
        "author": handle,
        "author_name": item.get("nickname") or _dig(author, "nickname"),
        "url": f"https://www.tiktok.com/@{handle}/video/{item['id']}",
        "language": item.get("textLanguage"),
        "likes": _dig(item, "stats", "diggCount"),
        "replies": _dig(item, "stats", "commentCount"),
        "reposts": _dig(item, "stats", "shareCount"),
        "views": _dig(item, "stats", "playCount"),
    }


def _tiktok_comment(item: Item) -> Item:
    user = item["user"]
    parent = str(item.get("reply_id") or "0")
    return {
        "native_id": item["cid"],
        "network": "tiktok",
        "text": item["text"],
        "said_at": item["create_time"],
        "author": user.get("unique_id") or user.get("uid"),
        "author_name": user.get("nickname"),
        "url": _dig(item, "share_info", "url"),
        "language": item.get("comment_language"),
        "reply_to": parent if parent != "0" else item.get("aweme_id"),
        "thread": item.get("aweme_id"),
        "likes": item.get("digg_count"),
        "replies": item.get("reply_comment_total"),
    }


def _linkedin(item: Item) -> Item:
    urn = _dig(item, "updateMetadata", "urn") or item.get("preDashEntityUrn") or item["entityUrn"]
    number = urn.split("urn:li:activity:")[1].split(",")[0].split(")")[0]
    target = _dig(item, "actor", "navigationContext", "actionTarget") or ""
    counts = _dig(item, "*socialDetail", "*totalSocialActivityCounts") or {}
    return {
        "native_id": number,
        "network": "linkedin",
        "text": _dig(item, "commentary", "text", "text"),
        # LinkedIn shows only "3 weeks ago"; the first 41 bits of an activity's number are the
        # milliseconds since 1970 at which it was made.
        "said_at": int(number) >> 22,
        "author": target.split("linkedin.com/")[-1].split("?")[0].strip("/"),
        "author_name": _dig(item, "actor", "name", "text"),
        "url": f"https://www.linkedin.com/feed/update/urn:li:activity:{number}",
        "likes": counts.get("numLikes"),
        "replies": counts.get("numComments"),
        "reposts": counts.get("numShares"),
    }


def _threads(item: Item) -> Item:
    handle = item["user"]["username"]
    about = item.get("text_post_app_info") or {}
    return {
        "native_id": item.get("pk") or item["code"],
        "network": "threads",
        "text": _dig(item, "caption", "text"),
        "said_at": item["taken_at"],
        "author": handle,
        "author_name": _dig(item, "user", "full_name"),
        "url": f"https://www.threads.com/@{handle}/post/{item['code']}",
        "likes": item.get("like_count"),
        "replies": about.get("direct_reply_count"),
        "reposts": about.get("repost_count"),
    }


_PLATFORMS: Final[dict[str, Callable[[Item], Item]]] = {
    "twitter.com": _x,
    "x.com": _x,
    "instagram.com": _instagram,
    "tiktok.com": _tiktok,
    "tiktok-comments": _tiktok_comment,
    "tiktok.com-comments": _tiktok_comment,
    "linkedin.com": _linkedin,
    "threads.net": _threads,
    "threads.com": _threads,
}
