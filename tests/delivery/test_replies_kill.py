"""A worker that is killed in the middle of publishing: the answer stands at the network once, and the house knows it."""

import os
import signal
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.answered import HANG_UP, Asked, Network, network
from tests.delivery.conftest import BOTH, POSTGRESQL, House, postgresql
from tests.delivery.mastodon_server import Statuses

__all__ = ["network"]
pytestmark = [pytest.mark.slow(20), pytest.mark.parametrize("bare", BOTH, indirect=True)]
STATE = "SELECT state, attempts, receipt_id, attempt_started_at IS NULL FROM delivery_delivery"


@pytest.fixture
def bare(request: Any, tmp_path: Path, network: Network) -> Iterator[House]:
    """A data folder and database with one answer in line, allowed to speak to the server of the test."""
    if request.param == "sqlite":
        yield _begun(House(tmp_path), network)
        return
    connection, name = postgresql(), f"openroads_reply_{uuid.uuid4().hex[:8]}"
    connection.execute(f"CREATE DATABASE {name}")
    try:
        yield _begun(House(tmp_path, f"{POSTGRESQL.rpartition('/')[0]}/{name}"), network)
    finally:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connection.close()


def _begun(house: House, network: Network) -> House:
    house.environment["OPENROADS_HTTP_ALLOW"] = network.host
    house.run("answer", network.url, f"{network.host}/7")
    return house


@pytest.mark.parametrize("takes_it_first", [True, False], ids=["after it arrived", "before it arrived"])  # fmt: skip
def test_kill_9_between_the_call_and_its_outcome(bare: House, network: Network, takes_it_first: bool) -> None:  # fmt: skip
    there = Statuses(network)
    workers = [bare.start("work")]

    def kill_who_asks(asked: Asked) -> object:
        there.fault = "lost after" if takes_it_first else "lost before"
        there._take(asked)
        there.fault = "none"
        network.routes["POST /api/v1/statuses"] = there._take
        os.kill(workers[0].pid, signal.SIGKILL)
        return HANG_UP

    network.routes["POST /api/v1/statuses"] = kill_who_asks
    try:
        workers[0].wait(60)
        assert bare.ask(STATE) == [("sending", 1, "", False)]
        bare.run("expire")
        workers.append(bare.start("work"))
        until = time.monotonic() + 60
        while bare.ask(STATE)[0][0] != "sent" and time.monotonic() < until:
            time.sleep(0.1)
    finally:
        workers[-1].terminate()
        workers[-1].wait(30)
    [(state, _, receipt, _)] = bare.ask(STATE)
    assert (state, receipt) == ("sent", f"{network.host}/100")
    assert there.texts() == ["@marloes Dat zoeken we uit."]
    assert there.tried == (1 if takes_it_first else 2)
