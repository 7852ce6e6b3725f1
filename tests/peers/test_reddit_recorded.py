"""Real answers of Reddit, recorded by the library praw and shipped in its source distribution: replayed over HTTP. The
recordings are fetched from the package registry when this runs, and never kept in this repository."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from openroads.archive.message import Message
from openroads.connectors.http import Guarded
from openroads.connectors.reddit import Reddit, as_message
from tests.connectors.conftest import Server
from tests.connectors.visiting import lets_in
from tests.peers.conftest import recordings

PRAW = "praw==8.0.3"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
THEN = datetime(2017, 1, 1, tzinfo=UTC)
"""A little after what is walked was recorded: a visit goes back ten years at most."""


class Recorded(Reddit):
    """The same, at the address of a test."""


@pytest.fixture(scope="module")
def cassettes() -> Path:
    """The folder of recordings; fetched once."""
    return recordings(PRAW, ".json")


def recorded(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    """Each address that was asked in a recording, with the body that came."""
    for each in json.loads((folder / f"{name}.json").read_text())["interactions"]:
        if each["request"]["method"] == "GET":
            yield each["request"]["uri"], each["response"]["body"].get("string", "")


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    lets_in(running)
    yield running
    running.close()


def reddit(server: Server, now: datetime = THEN) -> Recorded:
    Recorded.api, Recorded.door = server.url, f"{server.url}/door"
    told = {"client": "id", "secret": "s", "account": "windmee", "days": "3650"}
    return Recorded(Guarded([f"127.0.0.1:{server.port}"]), told, now, lambda _: None)


def heard(network: Recorded, topic: str) -> list[Message]:
    return [message for page in network.read(topic) for message in page.messages]


def sound(message: Message) -> bool:
    """Whether a message says what one must."""
    if message.op == "delete":
        return message.native_id[:3] in ("t1_", "t3_")
    return bool(
        message.text and message.author and message.thread.startswith("t3_") and message.said_at.tzinfo
        and message.url.startswith("https://www.reddit.com/") and "?" not in message.url
    )  # fmt: skip


def test_a_recorded_search_is_read(cassettes: Path, server: Server) -> None:
    ((_, body),) = recorded(cassettes, "TestSubreddit.test_search")
    told = json.loads(body)
    told["data"]["after"] = None  # one page is recorded
    server.says("/search", json.dumps(told), kind="application/json")
    found = heard(reddit(server), "praw")
    things = told["data"]["children"]
    assert len(found) == len(things) == 6 and all(map(sound, found))


def test_recorded_comments_of_a_subreddit_are_read(cassettes: Path, server: Server) -> None:
    for name, path in (("test_comments", "comments"), ("test_new", "new")):
        ((_, body),) = recorded(cassettes, f"TestSubredditListings.{name}")
        told = json.loads(body)
        told["data"]["after"] = None
        server.says(f"/r/askreddit/{path}", json.dumps(told), kind="application/json")
    found = heard(reddit(server), "r/askreddit")
    assert {message.native_id[:3] for message in found} == {"t1_", "t3_"}
    assert len(found) == 200 and all(map(sound, found))
    assert all(message.reply_to for message in found if message.native_id.startswith("t1_"))


def test_recorded_posts_are_looked_up_again(cassettes: Path, server: Server) -> None:
    bodies = [json.loads(body) for _, body in recorded(cassettes, "TestReddit.test_info")]
    things = [thing for body in bodies for thing in body["data"]["children"]]
    there = [t["data"]["name"] for t in things if t["kind"] in ("t1", "t3")]
    everything = json.dumps({"data": {"children": things}})
    server.says("/api/info", everything, kind="application/json")
    asked = [*there, "t3_nobody"]
    found = {message.native_id: message for message in reddit(server, NOW).refresh(asked)}
    assert set(found) == set(asked) and found["t3_nobody"].op == "delete"
    assert all(map(sound, found.values()))
    assert {message.op for message in found.values()} == {"delete", "upsert"}


def test_nothing_in_any_recording_breaks_the_reading(cassettes: Path) -> None:
    """Every thing in all 643 recordings, whatever kind it is."""
    read = gone = 0
    for path in sorted(cassettes.glob("Test*.json")):
        for _, body in recorded(cassettes, path.stem):
            try:
                told = json.loads(body)
            except ValueError:
                continue
            for thing in things_in(told):
                message = as_message(thing, NOW)
                # Some are answers to a deed and tell a part; some name a subreddit that was blotted out.
                assert message is not None, path.name
                assert message.op == "delete" or (message.text and message.author), path.name
                read, gone = read + 1, gone + (message.op == "delete")
    assert (read, gone) == (40_487, 603)


def things_in(told: Any) -> Iterator[dict[str, Any]]:
    """Every post and comment, however deep."""
    if isinstance(told, dict):
        if told.get("kind") in ("t1", "t3") and isinstance(told.get("data"), dict):
            yield told
        for value in told.values():
            yield from things_in(value)
    elif isinstance(told, list):
        for value in told:
            yield from things_in(value)
