"""Bluesky over a real websocket: sifted, folded, taken up again, and unharmed by whatever is sent."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from openroads.connectors import jetstream
from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.http import Guarded
from openroads.connectors.port import Hearing
from openroads.connectors.websocket import MAX_MESSAGE, WebSocket
from tests.connectors.jetstream_server import (
    BEGAN,
    Jetstream,
    account,
    address,
    as_v2,
    commit,
    identity,
    record,
)

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
TOPIC = "kade, #windmee, wind NEAR/2 mee"


@pytest.fixture(params=[False, True], ids=["v1", "v2"])
def server(request: pytest.FixtureRequest) -> Iterator[Jetstream]:
    running = Jetstream(v2=request.param)
    yield running
    running.close()


@pytest.fixture
def plain() -> Iterator[Jetstream]:
    running = Jetstream()
    yield running
    running.close()


def network(server: Jetstream, **more: Any) -> jetstream.Jetstream:
    client = Guarded([f"127.0.0.1:{server.port}"])
    return jetstream.Jetstream(client, server.told, now=lambda: NOW, every=0.05, **more)


def hear(server: Jetstream, events: int, topic: str = TOPIC, cursor: str = "") -> list[Hearing]:
    """Listen until so many events were heard."""
    pages: list[Hearing] = []
    until = time.monotonic() + 20
    for page in network(server).listen(topic, cursor, lambda: time.monotonic() < until):
        pages.append(page)
        if sum(each.events for each in pages) >= events:
            break
    return pages


def said(pages: list[Hearing]) -> dict[str, tuple[str, str]]:
    return {each.native_id: (each.op, each.text) for page in pages for each in page.messages}


def test_of_all_that_is_said_only_what_is_looked_for_is_kept(server: Jetstream) -> None:
    server.handles["did:plc:ilse"] = "ilse"
    server.events += [
        commit(1, "ilse", "1", "create", "De Kade rijdt fijn"),
        commit(2, "tom", "2", "create", "Mooi weer"),
        commit(3, "tom", "3", "create", "Wat een #Windmee!"),
        commit(4, "tom", "4", "create", "wind is nu mee"),
        commit(5, "tom", "5", "create", "wind en regen en mist, valt niet mee"),
    ]
    pages = hear(server, 5)
    assert set(said(pages)) == {address("ilse", "1"), address("tom", "3"), address("tom", "4")}
    first = pages[0].messages[0]
    assert (first.author, first.author_name) == ("ilse.bsky.social", "Ilse")
    assert first.said_at == datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert first.url == "https://bsky.app/profile/did:plc:ilse/post/1"
    assert pages[-1].cursor == str(BEGAN + 5)
    assert pages[-1].last_at == datetime.fromtimestamp((BEGAN + 5) / 1e6, UTC)


def test_replies_threads_and_quotes_are_told_apart(plain: Jetstream) -> None:
    reply = {"root": {"uri": address("a", "0")}, "parent": {"uri": address("b", "1")}}
    quote = {"$type": "app.bsky.embed.recordWithMedia", "record": {"record": {"uri": address("c", "9")}}}  # fmt: skip
    feed = {"$type": "app.bsky.embed.record", "record": {"uri": "at://did:plc:c/app.bsky.feed.generator/x"}}  # fmt: skip
    plain.events += [
        commit(1, "tom", "1", "create", "de kade!", reply=reply),
        commit(2, "tom", "2", "create", "deze kade", embed=quote),
        commit(3, "tom", "3", "create", "kade zonder citaat", embed=feed),
    ]
    one, two, three = hear(plain, 3)[0].messages
    assert (one.reply_to, one.thread, one.quotes) == (address("b", "1"), address("a", "0"), "")
    assert (two.quotes, two.repost) == (address("c", "9"), False)
    assert three.quotes == ""


def test_deletions_edits_and_accounts_are_folded_in(server: Jetstream) -> None:
    server.events += [
        commit(1, "a", "1", "create", "kade een"),
        commit(2, "a", "1", "delete"),
        commit(3, "b", "1", "create", "kade twee"),
        commit(4, "b", "1", "update", "kade drie"),
        commit(5, "c", "1", "create", "kade vier"),
        commit(6, "c", "1", "update", "iets anders"),
        commit(7, "d", "1", "create", "kade vijf"),
        account(8, "d", "deleted"),
        commit(9, "d", "2", "create", "kade terug"),
        account(10, "e", "active"),
        account(11, "f", "takendown"),
        account(12, "g", "desynchronized"),
        identity(13, "b", "b.windmee.nl"),
        commit(14, "h", "1", "delete"),
    ]
    pages = hear(server, 14)
    assert said(pages) == {
        address("a", "1"): ("delete", ""),
        address("b", "1"): ("upsert", "kade drie"),
        address("c", "1"): ("delete", ""),
        address("d", "2"): ("upsert", "kade terug"),
        address("h", "1"): ("delete", ""),
    }
    assert {each for page in pages for each in page.gone} == {"at://did:plc:d", "at://did:plc:f"}
    assert dict(each for page in pages for each in page.renamed) == {"at://did:plc:b": "b.windmee.nl"}  # fmt: skip


def test_an_account_that_must_be_looked_at_again_is_asked_about() -> None:
    with_sync = Jetstream(v2=True)
    try:
        with_sync.events += [{"did": "did:plc:a", "time_us": BEGAN + 1, "kind": "sync", "sync": {"rev": "3l"}}]  # fmt: skip
        assert hear(with_sync, 1)[-1].unsure == ("at://did:plc:a",)
        with_sync.lost.add(address("a", "2"))
        here = [address("a", "1"), address("a", "2")]
        assert network(with_sync).still_there(here) == {address("a", "1")}
    finally:
        with_sync.close()


def test_who_is_not_to_be_shown_to_the_public_is_not_taken_in(plain: Jetstream) -> None:
    plain.hidden.add("did:plc:a")
    plain.lost.add("did:plc:b")
    plain.events += [commit(n, did, "1", "create", "de kade") for n, did in enumerate("abc", 1)]
    upserts = [each for each in hear(plain, 3)[-1].messages if each.op == "upsert"]
    assert [each.native_id for each in upserts] == [address("c", "1")]


def test_a_stream_is_taken_up_again_a_little_earlier(server: Jetstream) -> None:
    server.events += [commit(n * 1_000_000, "a", str(n), "create", f"kade {n}") for n in range(20)]
    server.hang_up = 12
    with pytest.raises(TryLater, match="called again"):
        for page in network(server).listen(TOPIC, "", lambda: True):
            cursor = page.cursor
    server.hang_up = None
    pages = hear(server, 1, cursor=cursor)
    first = int(cursor) - 5_000_000
    assert any(each.endswith(f"cursor={first}") for each in server.asked)
    assert address("a", "0") not in said(pages)  # more than five seconds before
    assert address("a", "19") in said(pages)


def test_the_cursor_moves_when_nothing_is_wanted(plain: Jetstream) -> None:
    plain.events += [commit(7, "a", "1", "create", "mooi weer")]
    (page,) = hear(plain, 1)[-1:]
    assert (page.messages, page.cursor) == ([], str(BEGAN + 7))


GARBAGE = [
    "", "null", "[]", "{", "\x00\x00", '"text"', "{}", '{"kind":"commit"}', "[" * 5_000,
    '{"did":"did:plc:a","time_us":"soon","kind":"commit","commit":{}}',
    '{"did":"did:plc:a","time_us":9e99,"kind":"account","account":{"active":false}}',
    '{"did":5,"time_us":1793500000000001,"kind":"commit","commit":[]}',
    '{"did":"did:plc:a","time_us":1793500000000001,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"1","record":"kade"}}',
    json.dumps(commit(1, "a", "1", "create") | {"commit": {"operation": "create", "collection": "app.bsky.feed.post", "rkey": "1", "record": record("kade", createdAt="never", langs=7, reply=[], embed=3)}}),
    '{"$type":"message","payload":{"$type":"#commit"}}',
    '{"$type":"message","payload":{"$type":"#info","name":"OutdatedCursor"}}',
]  # fmt: skip


def test_whatever_is_sent_the_next_event_is_heard(plain: Jetstream) -> None:
    plain.raw = [*GARBAGE, b"\xff\xfe bytes"]
    plain.events += [commit(9, "z", "9", "create", "de kade")]
    pages = hear(plain, 1)
    until = time.monotonic() + 10
    for page in network(plain).listen(TOPIC, "", lambda: time.monotonic() < until):
        pages.append(page)
        if address("z", "9") in said(pages):
            break
    assert said(pages)[address("z", "9")] == ("upsert", "de kade")


def test_the_server_s_own_farewell_is_a_sentence(plain: Jetstream) -> None:
    plain.raw = ['{"$type":"error","error":"ConsumerTooSlow","message":"x"}']
    with pytest.raises(TryLater, match="ConsumerTooSlow"):
        hear(plain, 1)


def test_a_frame_that_does_not_end_is_not_taken_into_memory(plain: Jetstream) -> None:
    plain.raw = ["x" * (MAX_MESSAGE + 1)]
    with pytest.raises(TryLater, match="too large"):
        hear(plain, 1)


@pytest.mark.parametrize("away", [True, False])
def test_a_server_in_trouble_is_called_again_and_one_without_a_stream_is_not(
    plain: Jetstream, away: bool
) -> None:
    plain.is_away, plain.v2 = away, False
    client = Guarded([f"127.0.0.1:{plain.port}"])
    error, path = (TryLater, "/subscribe") if away else (Refused, "/elsewhere")
    with pytest.raises(error):
        WebSocket(client, f"{plain.url}{path}")


def test_a_stream_inside_the_own_network_is_refused_unless_it_is_allowed(plain: Jetstream) -> None:
    with pytest.raises(Refused, match="not on the public internet"):
        WebSocket(Guarded(), "ws://localhost:80/subscribe")
    with pytest.raises(Refused, match="Port"):
        WebSocket(Guarded(), f"ws://127.0.0.1:{plain.port}/subscribe")
    with pytest.raises(Refused, match="start with http"):
        WebSocket(Guarded(), "ftp://example.org/")


@pytest.fixture
def drips() -> Iterator[Callable[[bytes, bytes], int]]:
    """A server that says something and then drips one byte after the other, never ending anything."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def start(first: bytes, drip: bytes) -> int:
        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(first)
                while not over.wait(0.02):
                    try:
                        connection.sendall(drip)
                    except OSError:
                        return

        threading.Thread(target=serve, daemon=True).start()
        return int(listening.getsockname()[1])

    yield start
    over.set()
    listening.close()


def test_a_server_that_drips_holds_nobody(drips: Callable[[bytes, bytes], int]) -> None:
    port = drips(b"HTTP/1.1 101 Switching Protocols\r\nX-Slow: ", b"x")
    with pytest.raises((TryLater, Refused)):
        WebSocket(Guarded([f"127.0.0.1:{port}"]), f"http://127.0.0.1:{port}/", silence=0.3)


def test_what_is_said_in_both_ways_of_speaking_is_the_same() -> None:
    event = commit(5, "a", "1", "create", "kade")
    old, new = (jetstream._event(json.dumps(each)) for each in (event, as_v2(event)))
    assert old is not None and new is not None
    assert old[:3] == new[:3] and old[3]["record"] == new[3]["record"]
