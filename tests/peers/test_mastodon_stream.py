"""Streams of a server that speaks Mastodon's API: posted there, heard here; with faults, polled instead."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.http import Guarded
from openroads.connectors.mastodon_stream import MastodonStream
from openroads.connectors.port import Hearing
from tests.peers.conftest import Mastodon
from tests.peers.test_mastodon import heard, visit


def stream(server: Mastodon, **more: float) -> MastodonStream:
    told = {"server": server.url, "token": "ilse-token"}
    return MastodonStream(Guarded([urlsplit(server.url).netloc]), told, every=0.2, **more)  # type: ignore[arg-type]


def while_listening(
    server: Mastodon, topic: str, deeds: Callable[[], None], events: int
) -> list[Hearing]:
    """What is heard of deeds that are done once the line is open; a page that is empty says it is."""
    pages: list[Hearing] = []
    doing: threading.Thread | None = None
    until = datetime.now(UTC).timestamp() + 30
    for page in stream(server).listen(topic, "", lambda: datetime.now(UTC).timestamp() < until):
        pages.append(page)
        if doing is None:
            doing = threading.Thread(target=deeds)
            doing.start()
        if sum(each.events for each in pages) >= events:
            break
    assert doing is not None
    doing.join()
    return pages


def last_word(pages: list[Hearing]) -> dict[str, tuple[str, str]]:
    return {each.native_id: (each.op, each.text) for page in pages for each in page.messages}


def test_what_is_posted_mended_and_deleted_is_heard_at_once(mastodon: Mastodon, tag: str) -> None:
    numbers: list[str] = []

    def deeds() -> None:
        numbers.append(mastodon.post(f"De #{tag} accu is leeg"))
        numbers.append(mastodon.post(f"Nog een #{tag}"))
        mastodon.ask("PUT", f"/api/v1/statuses/{numbers[0]}", {"status": f"De #{tag} accu was leeg"})  # fmt: skip
        mastodon.ask("DELETE", f"/api/v1/statuses/{numbers[1]}")

    told = last_word(while_listening(mastodon, f"#{tag}", deeds, 4))
    home = urlsplit(mastodon.url).netloc
    assert told == {
        f"{home}/{numbers[0]}": ("upsert", f"De #{tag} accu was leeg"),
        f"{home}/{numbers[1]}": ("delete", ""),
    }
    (page,) = visit(mastodon, f"#{tag}")
    assert [each.native_id for each in page.messages] == [f"{home}/{numbers[0]}"]


def test_words_are_sifted_from_the_public_stream(mastodon: Mastodon, tag: str) -> None:
    def deeds() -> None:
        mastodon.post("Iets anders")
        mastodon.post(f"Mijn {tag} is leeg")

    told = last_word(while_listening(mastodon, f"{tag} AND leeg", deeds, 2))
    assert [text for _, text in told.values()] == [f"Mijn {tag} is leeg"]


def test_its_heartbeat_keeps_a_quiet_line_open(mastodon: Mastodon, tag: str) -> None:
    pages = []
    for page in stream(mastodon, silence=3.5).listen(f"#{tag}", "", lambda: len(pages) < 25):
        pages.append(page)  # five seconds: two heartbeats
    assert not any(page.events for page in pages)


@pytest.mark.parametrize(
    ("effect", "error"),
    [
        ({"type": "status", "status": 404}, Refused),
        ({"type": "status", "status": 401}, Refused),
        ({"type": "status", "status": 503}, TryLater),
        ({"type": "ratelimit"}, TryLater),
        ({"type": "malformed"}, Refused),
    ],
    ids=["404", "401", "503", "too often", "no stream"],
)
def test_where_the_stream_fails_the_search_hears_it(
    mastodon: Mastodon, tag: str, effect: dict[str, object], error: type[Exception]
) -> None:
    mastodon.fault("/api/v1/streaming/hashtag", **effect)
    with pytest.raises(error):
        next(stream(mastodon).listen(f"#{tag}", "", lambda: True))
    mastodon.post(f"De #{tag} Kade rijdt fijn")
    assert heard(visit(mastodon, f"#{tag}")) == {f"De #{tag} Kade rijdt fijn"}


def test_what_is_said_to_us_is_read_from_the_notifications(mastodon: Mastodon, tag: str) -> None:
    mastodon.post_as("daan-token", f"@ilse de {tag} accu is leeg")
    mastodon.post_as("daan-token", f"niet aan jou: {tag}")
    pages = visit(mastodon, "", way="own", token="ilse-token")
    assert [text for text in heard(pages) if tag in text] == [f"@ilse de {tag} accu is leeg"]
    mastodon.post_as("daan-token", f"@ilse nog steeds {tag}")
    again = heard(visit(mastodon, "", pages[-1].cursor, way="own", token="ilse-token"))
    assert f"@ilse nog steeds {tag}" in again
