"""Real answers and streams of a Mastodon server, recorded by the library Mastodon.py and shipped in its source
distribution: read by the connector, and streamed again over HTTP. The recordings are fetched from the package registry
when this runs, and never kept in this repository."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import yaml

from openroads.connectors.failures import TryLater
from openroads.connectors.http import Guarded
from openroads.connectors.mastodon import Mastodon, as_message
from openroads.connectors.mastodon_stream import MastodonStream
from tests.connectors.conftest import Server
from tests.connectors.visiting import lets_in
from tests.peers.conftest import recordings

LIBRARY = "Mastodon.py==2.3.3"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
HOST = "localhost:3000"
"""The server that was recorded."""


@pytest.fixture(scope="module")
def cassettes() -> Path:
    """The folder of recordings; fetched once."""
    return recordings(LIBRARY, ".yaml")


@pytest.fixture(scope="module")
def told_then(cassettes: Path) -> dict[str, dict[str, Any]]:
    """Every recording by its name. The quick reader: the other one takes a minute."""
    reader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return {
        path.stem: yaml.load(path.read_bytes(), Loader=reader)
        for path in sorted(cassettes.glob("*.yaml"))
    }


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    lets_in(running)
    yield running
    running.close()


def answers(recording: dict[str, Any]) -> Iterator[str]:
    """The body of each answer that is text."""
    for each in recording.get("interactions", []):
        body = each["response"]["body"].get("string") or ""
        if isinstance(body, str):
            yield body


def events(recording: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What a recorded stream said, on a line of events or by a socket: name and text."""
    for body in answers(recording):
        name = ""
        for line in body.splitlines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: ") and name:
                yield name, line.removeprefix("data: ")
    for connection in recording.get("connections", []):
        for each in connection["interactions"]:
            if "event" in (told := each.get("receive", {})):
                yield told["event"], told["payload"]


def json_of(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def statuses(told: Any) -> Iterator[dict[str, Any]]:
    """Every status, however deep: boosted, quoted, in a notification, in a thread."""
    if isinstance(told, dict):
        if {"id", "account", "content", "visibility"} <= told.keys():
            yield told
        for value in told.values():
            yield from statuses(value)
    elif isinstance(told, list):
        for value in told:
            yield from statuses(value)


def is_for_us(status: dict[str, Any]) -> bool:
    """By the rules as they are written down, told a second time."""
    return (
        status["visibility"] in ("public", "unlisted")
        and not status["account"].get("noindex")
        and bool((status["reblog"] or status)["content"])
    )


def test_nothing_in_any_recording_breaks_the_reading(told_then: dict[str, dict[str, Any]]) -> None:
    """Every status in all recordings, whatever it was the answer to."""
    count: Counter[str] = Counter()
    for name, recording in told_then.items():
        texts = [*answers(recording), *(text for _, text in events(recording))]
        for status in statuses([json_of(text) for text in texts]):
            message = as_message(status, NOW, HOST)
            assert (message is not None) == is_for_us(status), (name, status["id"])
            count["passed over"] += message is None
            if message is None:
                continue
            assert message.native_id == f"{HOST}/{status['id']}" and message.text, name
            assert "@" in message.author and message.url.startswith("http"), name
            assert message.repost == bool(status["reblog"]) and message.said_at.tzinfo, name
            count.update({"read": 1, "reposts": message.repost, "replies": bool(message.reply_to)})
            count["quotes"] += bool(message.quotes)
    assert len(told_then) >= 300
    assert count["read"] >= 580 and count["passed over"] >= 60, count
    assert count["reposts"] >= 5 and count["replies"] >= 30 and count["quotes"] >= 7, count


def test_a_recorded_search_is_read(told_then: dict[str, dict[str, Any]], server: Server) -> None:
    """Each recorded timeline of a hashtag and search with statuses, as the server would answer it to us."""
    heard = 0
    for recording in told_then.values():
        for each in recording.get("interactions", []):
            body = each["response"]["body"].get("string") or ""
            asked = each["request"]["uri"].partition("?")[0]
            if "/api/v1/timelines/tag/" not in asked or not isinstance(body, str):
                continue
            told = json_of(body)
            if not isinstance(told, list) or not told:
                continue
            server.says("/api/v1/timelines/tag/windmee", body, kind="application/json")
            settings = {"server": server.url, "days": "3650"}
            client = Guarded([f"127.0.0.1:{server.port}"])
            pages = Mastodon(client, settings, NOW, lambda _: None).read("#windmee")
            heard += sum(len(page.messages) for page in pages)
    assert heard >= 1


def test_recorded_streams_are_folded(told_then: dict[str, dict[str, Any]], server: Server) -> None:
    """Every recorded stream, said again as a line of events: the last word about a post counts."""
    folded: Counter[str] = Counter()
    for name, recording in told_then.items():
        said = list(events(recording))
        if not said:
            continue
        stream_again(server, said)
        stream = MastodonStream(Guarded([f"127.0.0.1:{server.port}"]), {"server": server.url, "token": "t"}, now=lambda: NOW)  # fmt: skip
        found = {}
        with pytest.raises(TryLater):  # the line ends where the recording does
            for page in stream.listen("#windmee", "", lambda: True):
                folded["events"] += page.events
                found.update({message.native_id: message for message in page.messages})
        for number, message in expected(said).items():
            known = found.pop(f"127.0.0.1:{server.port}/{number}", None)
            assert (known.op if known else "") == message, (name, number)
            folded[message] += 1
        assert not found, name
        folded["streams"] += 1
    assert folded["streams"] >= 9 and folded["events"] >= 26, folded
    assert folded["upsert"] >= 11 and folded["delete"] >= 3, folded


def stream_again(server: Server, said: list[tuple[str, str]]) -> None:
    told = "".join(f"event: {name}\ndata: {text}\n\n" for name, text in said).encode()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        handler.wfile.write(b":)\n" + told)

    server.routes["/api/v1/streaming/hashtag?tag=windmee"] = answer
    server.routes["/api/v1/streaming/hashtag"] = answer


def expected(said: list[tuple[str, str]]) -> dict[str, str]:
    """What each post must come to, told a second time: its last event; what is not for us is let go of
    when it was edited."""
    last: dict[str, str] = {}
    for name, text in said:
        if name == "delete":
            last[text] = "delete"
        elif name in ("update", "status.update"):
            status = json.loads(text)
            if is_for_us(status):
                last[status["id"]] = "upsert"
            elif name == "status.update":
                last[status["id"]] = "delete"
    return last
