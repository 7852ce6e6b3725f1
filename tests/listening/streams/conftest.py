"""Windmee, listening to a Jetstream on this machine."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.connectors.jetstream_server import Jetstream
from tests.listening.conftest import server, windmee

__all__ = ["server", "windmee"]


@pytest.fixture
def network(settings: Any) -> Iterator[Jetstream]:
    """A Jetstream that the house may call."""
    running = Jetstream()
    before = settings.OPENROADS.http_allow
    settings.OPENROADS.http_allow = (f"127.0.0.1:{running.port}",)
    yield running
    settings.OPENROADS.http_allow = before
    running.close()


@pytest.fixture
def listen(windmee: Any, sanne: Any, network: Jetstream) -> Callable[..., Any]:
    """A source that hears what is looked for: `listen("kade")`."""
    from openroads.listening.actions.networks import follow_network

    def follow(topic: str, **more: str) -> Any:
        told = {**network.told, "topic": topic, **more}
        return follow_network(by=sanne, network="bluesky", told=told, purpose="What riders say")

    return follow
