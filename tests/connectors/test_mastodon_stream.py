"""Mastodon's streams over a real wire: events folded, a dead line noticed, the token kept at home. Shapes are of
its documentation; a program by others that speaks them is asked in tests/peers."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.http import Guarded
from openroads.connectors.mastodon_stream import MastodonStream
from openroads.connectors.port import Hearing
from tests.connectors.conftest import Server
from tests.connectors.test_networks_searched import status

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
THUMP = b":thump\n"


def event(name: str, told: Any) -> bytes:
    text = told if isinstance(told, str) else json.dumps(told)
    return f"event: {name}\ndata: {text}\n\n".encode()


class Streams:
    """What a server says on each stream: `says` at once, and whatever is put in `later`."""

    def __init__(self, server: Server) -> None:
        self.server, self.over = server, threading.Event()
        server.says("/api/v2/instance", "{}", kind="application/json")

    def says(self, channel: str, *pieces: bytes, drip: bytes = b"", ends: bool = False) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Type", "text/event-stream; charset=utf-8")
            handler.end_headers()
            handler.close_connection = True
            for piece in pieces:
                handler.wfile.write(piece)
                handler.wfile.flush()
            while not ends and not self.over.wait(0.02):
                handler.wfile.write(drip)
                handler.wfile.flush()

        self.server.routes[f"/api/v1/streaming/{channel}"] = answer


@pytest.fixture
def streams(server: Server) -> Iterator[Streams]:
    running = Streams(server)
    yield running
    running.over.set()


def hear(
    server: Server,
    topic: str,
    enough: Callable[[list[Hearing]], bool] = lambda pages: any(page.events for page in pages),
    **more: Any,
) -> list[Hearing]:
    told = {"server": server.url, "topic": topic, "token": "t"}
    network = MastodonStream(
        Guarded([f"127.0.0.1:{server.port}"]), told, now=lambda: NOW, every=0.3, **more
    )
    pages: list[Hearing] = []
    until = time.monotonic() + 20
    for page in network.listen(topic, "", lambda: time.monotonic() < until):
        pages.append(page)
        if enough(pages):
            break
    return pages


def said(pages: list[Hearing]) -> dict[str, tuple[str, str]]:
    return {
        each.native_id.rpartition("/")[2]: (each.op, each.text)
        for page in pages
        for each in page.messages
    }


def test_posts_edits_and_deletions_of_a_hashtag_are_folded(
    server: Server, streams: Streams
) -> None:
    streams.says(
        "hashtag",
        b":connected\n\n",
        event("update", status(id="1", content="een")),
        event("update", status(id="2", content="twee")),
        event("status.update", status(id="1", content="een, maar dan beter")),
        event("delete", "2"),
        event("update", status(id="3", visibility="private")),
        event("update", status(id="4", account=status()["account"] | {"noindex": True})),
        event("status.update", status(id="5", visibility="private")),
        event("notification", {"id": "9"}),
    )
    pages = hear(server, "#windmee", lambda pages: sum(page.events for page in pages) == 8)
    assert said(pages) == {
        "1": ("upsert", "een, maar dan beter"), "2": ("delete", ""), "5": ("delete", ""),
    }  # fmt: skip
    asked = dict(server.asked)["/api/v1/streaming/hashtag?tag=windmee"]
    assert (asked["authorization"], asked["accept"]) == ("Bearer t", "text/event-stream")


def test_words_are_sifted_from_all_that_a_server_knows(server: Server, streams: Streams) -> None:
    streams.says(
        "public",
        event("update", status(id="1", content="<p>mijn wind is mee</p>")),
        event("update", status(id="2", content="mooi weer")),
        event("update", status(id="3", content="#Kade!")),
        event("status.update", status(id="7", content="nu iets anders")),
    )
    pages = hear(server, '"is mee", #kade', lambda p: sum(page.events for page in p) == 4)
    assert said(pages) == {
        "1": ("upsert", "mijn wind is mee"), "3": ("upsert", "#Kade!"), "7": ("delete", ""),
    }  # fmt: skip


def test_several_hashtags_are_heard_side_by_side(server: Server, streams: Streams) -> None:
    streams.says("hashtag", event("update", status(id="1")))
    pages = hear(server, "#windmee, #kade", lambda pages: sum(page.events for page in pages) == 2)
    assert said(pages) == {"1": ("upsert", "De Kade rijdt fijn")}
    tags = [path for path in server.paths() if "hashtag" in path]
    assert sorted(tags) == [f"/api/v1/streaming/hashtag?tag={tag}" for tag in ("kade", "windmee")]


def test_replies_and_quotes_are_known_by_the_numbers_of_the_server(
    server: Server, streams: Streams
) -> None:
    quote = {"state": "accepted", "quoted_status": {"id": "44"}}
    streams.says("hashtag", event("update", status(id="1", in_reply_to_id="9", quote=quote)))
    (message,) = hear(server, "#windmee")[-1].messages
    home = f"127.0.0.1:{server.port}"
    assert (message.native_id, message.reply_to, message.quotes) == (
        f"{home}/1", f"{home}/9", f"{home}/44",
    )  # fmt: skip


@pytest.mark.parametrize("drip", [b"", b"x"], ids=["silent", "dripping"])
def test_a_line_without_a_sign_of_life_is_given_up(
    server: Server, streams: Streams, drip: bytes
) -> None:
    streams.says("hashtag", b":connected\n\n", drip=drip)
    with pytest.raises(TryLater, match="gone silent"):
        hear(server, "#windmee", lambda pages: False, silence=0.8)


def test_a_heartbeat_keeps_a_quiet_line_open(server: Server, streams: Streams) -> None:
    streams.says("hashtag", b":connected\n\n", drip=THUMP)
    pages = hear(server, "#windmee", lambda pages: len(pages) == 4, silence=0.8)
    assert [page.events for page in pages] == [0, 0, 0, 0]


def test_what_was_heard_before_a_line_broke_is_handed_over(
    server: Server, streams: Streams
) -> None:
    streams.says("hashtag", event("update", status(id="1")), ends=True)
    pages: list[Hearing] = []
    with pytest.raises(TryLater, match="ended the line"):
        hear(server, "#windmee", lambda found: bool(pages.extend(found[-1:])))
    assert "1" in said(pages)


@pytest.mark.parametrize("code", [401, 403, 404, 422, 429, 503])
def test_a_stream_that_is_not_there_or_not_for_us_is_said_so(
    server: Server, streams: Streams, code: int
) -> None:
    server.says("/api/v1/streaming/hashtag", "no", status=code)
    with pytest.raises(TryLater if code in (429, 503) else Refused, match=str(code)):
        hear(server, "#windmee")


def test_a_page_is_no_stream(server: Server, streams: Streams) -> None:
    server.says("/api/v1/streaming/hashtag", "<p>Welcome</p>")
    with pytest.raises(Refused, match="does not speak as a stream"):
        hear(server, "#windmee")


def test_an_event_that_does_not_end_is_not_taken_into_memory(
    server: Server, streams: Streams
) -> None:
    streams.says("hashtag", *([b"data: " + b"x" * 600_000 + b"\n"] * 8))
    with pytest.raises(TryLater, match="too large"):
        hear(server, "#windmee")


def test_garbage_is_passed_over(server: Server, streams: Streams) -> None:
    streams.says(
        "hashtag", event("update", "{"), event("update", "[]"), event("delete", ""), b"\xff\xfe: \n\n",
        b"event\n\n", event("", status(id="2")), event("update", status(id="3")),
    )  # fmt: skip
    pages = hear(server, "#windmee", lambda pages: "3" in said(pages))
    assert set(said(pages)) == {"3"}


@pytest.mark.parametrize(
    ("address", "goes"),
    [("ws://{home}", True), ("wss://evil.example", False), ("gopher://{home}", True), ("", True)],
)
def test_a_token_goes_to_the_server_and_to_names_beneath_it_only(
    server: Server, streams: Streams, address: str, goes: bool
) -> None:
    told = address.format(home=f"127.0.0.1:{server.port}")
    urls = {"configuration": {"urls": {"streaming": told}}}
    server.says("/api/v2/instance", json.dumps(urls), kind="application/json")
    streams.says("hashtag", event("update", status(id="1")))
    assert "1" in said(hear(server, "#windmee"))
    assert goes or server.paths()[-1].startswith("/api/v1/streaming")
