"""One line as the collector's thread hears it: refused, broken and mended again; what is missed is searched."""

import json
import threading
from typing import Any

import pytest
from django.utils import timezone

from openroads.archive.queries.state import kept
from openroads.connectors.http import Guarded
from openroads.connectors.mastodon_stream import MastodonStream
from openroads.directory.conversations import archive
from openroads.listening.actions.networks import follow_network
from openroads.listening.actions.sources import visit_source
from openroads.listening.models import Source
from openroads.listening.streams import leases
from openroads.listening.streams.collector import REFUSED_WAIT, Collector, Ear
from openroads.listening.streams.models import Stream
from tests.connectors.conftest import Server
from tests.connectors.test_mastodon_stream import Streams, event
from tests.connectors.test_networks_searched import status


@pytest.fixture
def source(windmee: Any, sanne: Any, server: Server) -> Source:
    told = {"server": server.url, "topic": "#windmee", "way": "stream", "token": "t"}
    return follow_network(by=sanne, network="mastodon", told=told, purpose="p")


def young(number: str) -> dict[str, Any]:
    return status(id=number, created_at=timezone.now().isoformat(), content=f"accu {number}")


def posts(source: Source) -> int:
    return sum(row.posts for row in kept(archive()) if row.source == source.pk)


def test_where_there_is_no_stream_the_search_hears_and_the_stream_is_tried_again(
    source: Source, server: Server, sanne: Any
) -> None:
    owner, client = leases.Owner(), Guarded([f"127.0.0.1:{server.port}"])
    ((line, sources),) = leases.claim(owner, timezone.now()).items()
    ear = Ear(owner, line, sources, client, threading.Event())
    assert ear._listen() == REFUSED_WAIT
    source.refresh_from_db()
    assert source.hears_since is None and source.last_error == ""
    assert "404" in Stream.objects.get().trouble
    server.says("/api/v1/timelines/tag/windmee", json.dumps([young("1")]), kind="application/json")
    visit_source(by=sanne, source=source, client=client)
    assert posts(source) == 1 and source.next_at is not None
    assert source.next_at <= source.after_visit(timezone.now()), "again in a quarter of an hour"
    # The stream is back, and breaks off after one event.
    streams = Streams(server)
    streams.says("hashtag", event("update", young("2")), event("delete", "1"), ends=True)
    assert 0 < ear._listen() <= 2.0, "called again soon, not at once"
    source.refresh_from_db()
    stream = Stream.objects.get()
    assert posts(source) == 1 and stream.cursor and stream.tries == 1
    assert source.last_event_at is not None and source.next_at <= timezone.now()


def test_a_collector_calls_what_is_free_and_leaves_what_is_paused(
    source: Source, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(threading.Thread, "start", lambda thread: begun.append(thread.name))
    collector = Collector(client=lambda: Guarded([f"127.0.0.1:{server.port}"]))
    collector.look()
    assert begun == [f"ear source {source.pk}"]
    Source.objects.update(listening=False)
    collector.look()
    assert len(begun) == 1 and collector._ears == {}
    assert MastodonStream.line_of(source.told) == ""
