"""From the wire to the archive: each source its own posts, what was taken back gone and counted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from openroads.archive.queries.state import kept
from openroads.connectors.http import Guarded
from openroads.directory.conversations import archive
from openroads.listening.models import Source
from openroads.listening.networks import stream_of
from openroads.listening.register.queries import deletions
from openroads.listening.streams import leases
from openroads.listening.streams.actions import (
    Sifter,
    honour_deletions,
    note_open,
    note_silence,
)
from openroads.listening.streams.models import Heard, PlatformDeletion, Stream
from openroads.listening.streams.schedule import clear_out_heard_job
from tests.connectors.jetstream_server import BEGAN, Jetstream, account, commit

Listen = Callable[..., Any]


def posts(source: Source) -> int:
    return sum(row.posts for row in kept(archive()) if row.source == source.pk)


class Ear:
    """One line, called as the collector calls it, and heard to the end of what the server has."""

    def __init__(self, *sources: Source) -> None:
        self.owner, self.sources = leases.Owner(), list(sources)
        self.owner.begin()
        leases.claim(self.owner, timezone.now())

    def hear(self, server: Jetstream) -> bool:
        network = stream_of(self.sources[0], Guarded([f"127.0.0.1:{server.port}"]))
        network._every = 0.02  # type: ignore[attr-defined]
        sifter = Sifter(self.owner, self.sources, network)
        cursor = min(Stream.objects.values_list("cursor", flat=True))
        topic = ",".join(source.told["topic"] for source in self.sources)
        last = str(max(each["time_us"] for each in server.events))
        over = []
        for page in network.listen(topic, cursor, lambda: not over):
            if not sifter.take_in(page, now=timezone.now()):
                return False
            if page.cursor == last:
                over.append(True)
        return True


def test_sources_on_one_line_get_their_own_and_nothing_else(
    listen: Listen, network: Jetstream
) -> None:
    kade, polder = listen("kade"), listen("polder OR tandem")
    network.events += [
        commit(1, "a", "1", "create", "de kade"),
        commit(2, "a", "2", "create", "de polder en de kade"),
        commit(3, "b", "3", "create", "een tandem"),
        commit(4, "b", "4", "create", "mooi weer"),
        commit(5, "b", "5", "create", "nog een polder"),
        commit(6, "b", "5", "update", "toch een kade"),
    ]
    assert Ear(kade, polder).hear(network)
    assert (posts(kade), posts(polder)) == (3, 2)
    counted = {row.source_id: (row.received, row.kept) for row in Heard.objects.all()}
    assert counted == {kade.pk: (6, 3), polder.pk: (6, 2)}
    kade.refresh_from_db()
    assert kade.last_event_at is not None and kade.lag_seconds is not None
    assert len([each for each in network.asked if "subscribe" in each and "xrpc" not in each]) == 1


def test_what_a_network_takes_back_is_gone_and_in_the_register(
    listen: Listen, network: Jetstream
) -> None:
    source = listen("kade")
    network.events += [commit(n, f"r{n % 2}", str(n), "create", f"kade {n}") for n in range(1, 9)]
    ear = Ear(source)
    assert ear.hear(network)
    network.events += [
        commit(20, "r0", "2", "delete"),
        commit(21, "zz", "2", "delete"),
        account(22, "r1", "deleted"),
        account(23, "yy", "deleted"),
    ]
    assert ear.hear(network)
    assert posts(source) == 3
    assert honour_deletions() == 5
    (row,) = PlatformDeletion.objects.all()
    assert (row.posts, row.source) == (5, source) and row.done_at is not None
    told = deletions(timezone.now())
    assert (told.heard, told.done, told.late) == (5, 5, 0)
    assert archive().written("SELECT count() AS n FROM post", {})["n"].to_pylist() == [3]
    assert honour_deletions() == 0 and PlatformDeletion.objects.count() == 1


def test_a_register_that_was_killed_half_way_is_made_good(
    listen: Listen, network: Jetstream
) -> None:
    source = listen("kade")
    network.events += [commit(1, "a", "1", "create", "kade"), commit(2, "b", "2", "create", "kade")]
    ear = Ear(source)
    assert ear.hear(network)
    network.events += [commit(3, "a", "1", "delete")]
    assert ear.hear(network)
    now = timezone.now()
    PlatformDeletion.objects.create(source=source, posts=1, heard_at=now - timedelta(days=2), until=now)  # fmt: skip
    waiting = deletions(now)
    assert (waiting.heard, waiting.done, waiting.late) == (1, 0, 1)
    assert honour_deletions() == 0, "written down already, and now done"
    assert PlatformDeletion.objects.get().done_at is not None
    assert archive().written("SELECT count() AS n FROM post", {})["n"].to_pylist() == [1]


def test_who_lost_the_line_moves_no_cursor(listen: Listen, network: Jetstream) -> None:
    source = listen("kade")
    ear = Ear(source)
    network.events += [commit(1, "a", "1", "create", "kade")]
    Stream.objects.update(owner="another")
    assert not ear.hear(network)
    assert Stream.objects.get().cursor == "" and not Heard.objects.exists()


def test_a_stream_that_is_silent_is_searched_instead_until_it_hears_again(
    listen: Listen, network: Jetstream
) -> None:
    source = listen("kade", handle="windmee.nl", word="secret")
    ear, now = Ear(source), timezone.now()
    (number,) = numbers = [source.pk]

    def again() -> Source:
        return Source.objects.get(pk=number)

    note_open(sources=numbers, remembers=timedelta(hours=36), now=now)
    assert again().hears_since == now and again().next_at == now, "what was before is for a visit"
    assert again().after_visit(now) == now + timedelta(days=1)
    Source.objects.update(last_event_at=now, next_at=now + timedelta(days=1))
    for tries in (1, 2):
        assert note_silence(owner=ear.owner, sources=numbers, why="Away.", forgiven=2, now=now) == tries  # fmt: skip
        assert again().hears_since is not None, "it may be back in a moment, and tell it all"
    note_silence(owner=ear.owner, sources=numbers, why="Away.", forgiven=2, now=now)
    assert again().hears_since is None and again().next_at == now
    assert again().after_visit(now) == now + timedelta(minutes=15)
    assert Stream.objects.get().trouble == "Away." and not Heard.objects.exists()
    assert again().last_error == "", "it is searched: it is not deaf"
    note_open(sources=numbers, remembers=timedelta(hours=36), now=now + timedelta(hours=2))
    assert again().next_at == now + timedelta(hours=26), "the stream tells the two hours itself"
    note_open(sources=numbers, remembers=timedelta(0), now=now + timedelta(hours=2))
    assert again().next_at == now + timedelta(hours=2), "this one does not"


def test_a_stream_without_a_search_behind_it_is_deaf_when_it_is_silent(listen: Listen) -> None:
    source = listen("kade")
    ear = Ear(source)
    note_silence(owner=ear.owner, sources=[source.pk], why="Away.", forgiven=0, now=timezone.now())
    source.refresh_from_db()
    assert source.is_only_streamed and source.last_error == "Away."
    note_open(sources=[source.pk], remembers=timedelta(0), now=timezone.now())
    source.refresh_from_db()
    assert source.last_error == ""


def test_counts_of_long_ago_go(listen: Listen) -> None:
    source = listen("kade")
    for days in (1, 70):
        hour = timezone.now() - timedelta(days=days)
        Heard.objects.create(source=source, hour=hour, received=5, kept=1)
    clear_out_heard_job(None)  # type: ignore[arg-type]
    assert Heard.objects.get().hour > timezone.now() - timedelta(days=2)


@pytest.mark.parametrize("way", ["stream", "search"])
def test_what_cannot_be_asked_of_a_stream_is_said_on_the_form(
    windmee: Any, sanne: Any, signed_in: Any, network: Jetstream, way: str
) -> None:
    from django.urls import reverse

    form = reverse("listening:follow_network", args=["bluesky"])
    told = {"way": way, "topic": "tone:negative", "purpose": "p", "days": "30"}
    answer = signed_in(sanne).post(form, told)
    says = "only just said" if way == "stream" else "Give a handle and an app password"
    assert answer.status_code == 400 and says in answer.content.decode()
    assert not Source.objects.filter(kind="network").exists()
    assert BEGAN
