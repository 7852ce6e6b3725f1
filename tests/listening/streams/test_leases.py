"""One owner at a time: a line is taken by nobody else, and taken over from the dead."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from openroads.delivery.hosts import this_host
from openroads.listening.actions.networks import change_network
from openroads.listening.actions.sources import pause_source
from openroads.listening.streams import leases
from openroads.listening.streams.models import Stream
from tests.connectors.jetstream_server import Jetstream

Listen = Callable[..., Any]


@pytest.fixture
def elsewhere() -> leases.Owner:
    return leases.Owner(host="another machine", pid=1)


def test_two_workers_never_hear_the_same_line(listen: Listen, elsewhere: leases.Owner) -> None:
    source, now, here = listen("kade"), timezone.now(), leases.Owner()
    assert [each.pk for each in sum(leases.claim(elsewhere, now).values(), [])] == [source.pk]
    assert leases.claim(here, now + timedelta(seconds=20)) == {}
    assert leases.claim(elsewhere, now + timedelta(seconds=20)) != {}  # renewed
    assert leases.claim(here, now + timedelta(seconds=45)) == {}
    assert leases.claim(here, now + timedelta(seconds=51)) != {}
    assert leases.claim(elsewhere, now + timedelta(seconds=52)) == {}, "who wakes up finds it gone"
    assert not leases.holds(elsewhere, [source.pk]) and leases.holds(here, [source.pk])


def test_a_line_of_a_process_that_died_here_is_taken_over_at_once(listen: Listen) -> None:
    listen("kade")
    with subprocess.Popen([sys.executable, "-c", ""]) as died:
        died.wait()
    dead, here = leases.Owner(host=this_host(), pid=died.pid), leases.Owner()
    assert leases.claim(dead, timezone.now()) != {}
    assert leases.claim(here, timezone.now()) != {}


def test_a_collector_of_this_process_that_lives_keeps_its_line(listen: Listen) -> None:
    listen("kade")
    one, two = leases.Owner(), leases.Owner()
    assert one.pid == two.pid == os.getpid()
    one.begin()
    assert leases.claim(one, timezone.now()) != {}
    assert leases.claim(two, timezone.now()) == {}
    one.end()
    assert leases.claim(two, timezone.now()) != {}


def test_sources_of_one_server_share_a_line_and_an_owner(
    listen: Listen, elsewhere: leases.Owner
) -> None:
    listen("kade"), listen("polder")
    alone = listen("wind", jetstream="https://jetstream.example")
    lines = leases.claim(elsewhere, timezone.now())
    assert sorted(len(sources) for sources in lines.values()) == [1, 2]
    more = listen("molen")
    assert more not in sum(leases.claim(leases.Owner(), timezone.now()).values(), [])
    assert more in sum(leases.claim(elsewhere, timezone.now()).values(), [])
    assert alone.pk in {each.pk for each in sum(lines.values(), [])}


def test_what_is_paused_or_searched_is_not_heard(
    listen: Listen, sanne: Any, network: Jetstream
) -> None:
    one, two = listen("kade"), listen("polder")
    pause_source(by=sanne, source=one, listening=False)
    told = {**two.told, "way": "search", "handle": "h", "word": "w"}
    two = change_network(by=sanne, source=two, told=told)
    assert not two.is_streamed and two.hears_since is None
    assert leases.claim(leases.Owner(), timezone.now()) == {}
    assert not Stream.objects.exclude(owner="").exists()
