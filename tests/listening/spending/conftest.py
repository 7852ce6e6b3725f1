"""Paid and counted networks at the address of a test, and a clock that can be moved."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from openroads.connectors.http import Guarded
from openroads.connectors.linkedin import LinkedIn
from openroads.connectors.reddit import Reddit
from openroads.connectors.x import X
from openroads.connectors.youtube import YouTube
from tests.connectors.conftest import Server

CHANNEL = "UC" + "w" * 22
TUBE = {"key": "a-key", "topic": CHANNEL, "days": "30"}
RED = {"client": "id", "secret": "s", "account": "windmee", "topic": "windmee", "days": "30", "recheck": "24"}  # fmt: skip
EX = {"token": "t", "topic": "windmee", "budget": "25", "recheck": "24"}
LINKED = {"token": "t", "topic": "12345", "days": "30", "version": "202610", "names": "24", "activity": "48"}  # fmt: skip


@pytest.fixture
def at_test(server: Server, monkeypatch: pytest.MonkeyPatch) -> Guarded:
    """Every network answers at the test's own server; a client that may speak to it."""
    for network in (YouTube, Reddit, X, LinkedIn):
        monkeypatch.setattr(network, "api", server.url)
        monkeypatch.setattr(network, "between", 0.0)
    monkeypatch.setattr(Reddit, "door", f"{server.url}/door")
    return Guarded([f"127.0.0.1:{server.port}"])


class Clock:
    """What time it is in the house."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """A clock that stands still until a test moves it."""
    from django.utils import timezone

    # The coming noon: posts of the last hours lie in one month of the archive, whenever these tests run.
    half_a_day_on = timezone.now() + timedelta(hours=12)
    ticking = Clock(half_a_day_on.replace(hour=12, minute=0, second=0, microsecond=0))
    monkeypatch.setattr(timezone, "now", ticking)
    yield ticking


def follow(by: Any, network: str, told: dict[str, str], **more: Any) -> Any:
    from openroads.listening.actions.networks import follow_network

    agreed = network in ("reddit", "x")
    return follow_network(by=by, network=network, told=told, purpose="p", agreed=agreed, **more)
