"""A collector that is killed at any moment: nothing is lost, nothing is there twice."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.jetstream_server import BEGAN, Jetstream, address, commit

pytestmark = [pytest.mark.slow, pytest.mark.embedded]
EVENTS = 600
KILLS = 2
LONG = 240
"""Seconds; a crowded machine starts slowly."""


def events() -> list[dict[str, Any]]:
    """Posts, a third of which are looked for; of those every fifth is deleted a little later."""
    said: list[dict[str, Any]] = []
    for n in range(EVENTS):
        who, text = f"r{n % 7}", f"kade {n}" if n % 3 == 0 else f"weer {n}"
        said.append(commit(2 * n + 1, who, str(n), "create", text))
        if n >= 30 and n % 15 == 0:
            said.append(commit(2 * n + 2, f"r{(n - 30) % 7}", str(n - 30), "delete"))
    return said


def expected() -> dict[str, str]:
    gone = {n - 30 for n in range(30, EVENTS, 15)}
    return {address(f"r{n % 7}", str(n)): f"kade {n}" for n in range(0, EVENTS, 3) if n not in gone}


class House:
    def __init__(self, folder: Path, server: Jetstream) -> None:
        self._url = server.url
        self.database = folder / "db.sqlite3"
        self._environment = {
            **os.environ, "OPENROADS_DATA": str(folder), "PYTHONPATH": f"src{os.pathsep}.",
            "OPENROADS_HTTP_ALLOW": f"127.0.0.1:{server.port}",
        }  # fmt: skip
        self._environment.pop("OPENROADS_DATABASE_URL", None)

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "tests/listening/streams/heard.py", self._url],
            env=self._environment, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def wait_for(self, place: int) -> None:
        """Until the stream was heard beyond this."""
        until = time.monotonic() + LONG
        while self.cursor() <= place and time.monotonic() < until:
            time.sleep(0.05)

    def cursor(self) -> int:
        row = None
        with (
            suppress(sqlite3.OperationalError),
            sqlite3.connect(self.database, timeout=20) as asked,
        ):
            row = asked.execute("SELECT cursor FROM listening_stream").fetchone()
        return int(row[0]) - BEGAN if row and row[0] else 0


@pytest.fixture
def server() -> Iterator[Jetstream]:
    running = Jetstream(events())
    running.pace = 0.004
    yield running
    running.close()


def test_kill_9_at_random_moments_loses_nothing_and_stores_nothing_twice(
    tmp_path: Path, server: Jetstream
) -> None:
    house, chance = House(tmp_path, server), random.Random(20261130)
    reached = []
    for _ in range(KILLS):
        with house.start() as process:
            house.wait_for(max([0, *reached]))  # not before it heard more; then at any moment
            time.sleep(chance.uniform(0.0, 0.3))
            process.send_signal(signal.SIGKILL)
            process.wait()
        reached.append(house.cursor())
    assert reached == sorted(set(reached)), "each went on where the one before was"
    assert 0 < reached[0] < 2 * EVENTS - 1, "the first kill fell in the midst of the stream"
    server.pace = 0.0
    with house.start() as process:
        assert process.stdout and process.stdout.readline()  # it knows what SIGTERM means
        house.wait_for(2 * EVENTS - 2)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=LONG)
    assert process.returncode == 0, "told to stop, it ends cleanly"
    told = json.loads(out.splitlines()[-1])
    assert told["posts"] == expected()
    assert told["rows"] == len(expected())
    assert told["owner"] == "", "the line is free for the next one"
