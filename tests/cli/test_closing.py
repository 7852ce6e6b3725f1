"""Closing while work is under way: over in seconds, nothing lost, and on with it at the next start."""

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests import warm
from tests.cli.houses import Served, environment
from tests.connectors.conftest import Server

pytestmark = pytest.mark.slow

HANDS = Path(__file__).with_name("hands.py")
ROWS = 21_000
LONG = "Along the river, over the dike and through the polder, against the wind and with it. " * 3
"""A file of this size is read in processes of its own (listening.analysing.WORTH_A_POOL)."""
SECONDS = 20.0
"""What closing may take on a machine with other work; alone it takes one to nine."""
JOB = "SELECT t.status, j.failures FROM django_tasks_database_dbtaskresult t JOIN delivery_queuedjob j ON j.task_id = t.id WHERE j.name = ?"


def ask(data: Path, question: str, *words: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(data / "db.sqlite3", timeout=20)) as there:
        return there.execute(question, words).fetchall()


def wait_for(true: Callable[[], Any], seconds: float = 120.0) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not come to pass in time"
        time.sleep(0.1)


def write_posts(path: Path) -> None:
    lines = [f'{n},2026-06-{1 + n % 28:02} 10:00,rider{n},"Ride {n}. {LONG}"' for n in range(ROWS)]
    path.write_text("\n".join(["id,date,author,text", *lines]) + "\n")


def lend_a_hand(data: Path, deed: str, what: object) -> None:
    told = warm.run(str(HANDS), deed, what, env=environment(OPENROADS_DATA=str(data)))
    assert told.returncode == 0, told.stderr


def close(house: Served, sign: int, *, all_of_it: bool = False) -> None:
    """Ask it to stop: itself, or every process of its group, as a terminal and systemd do."""
    began = time.monotonic()
    if all_of_it:
        os.killpg(house.process.pid, sign)
    assert house.stop(sign) == 0, house.told()
    assert time.monotonic() - began < SECONDS, house.told()
    told = house.told()
    assert "Stopping" in told and "Traceback" not in told and "job failed" not in told, told


def test_an_import_under_way_is_put_back_and_read_to_its_end_at_the_next_start(
    new_data: Path, tmp_path: Path
) -> None:
    write_posts(tmp_path / "posts.csv")
    house = Served("run", "--data", new_data, log=tmp_path / "first.log")
    lend_a_hand(new_data, "import", tmp_path / "posts.csv")
    wait_for(lambda: ask(new_data, "SELECT 1 FROM listening_import WHERE read > 0"))
    readers = processes_of(house.process.pid)
    close(house, signal.SIGTERM, all_of_it=True)

    assert readers, "the file was not read in processes of its own: the test proved nothing"
    wait_for(lambda: not any(map(is_alive, readers)), 15)
    ((state, read),) = ask(new_data, "SELECT state, read FROM listening_import")
    assert (state, 0 < read < ROWS) == ("waiting", True), (state, read)
    assert ask(new_data, JOB, "listening.read_import") == [("READY", 0)]
    assert ask(new_data, "SELECT * FROM delivery_worker") == []

    again = Served("run", "--data", new_data, log=tmp_path / "second.log")
    wait_for(lambda: ask(new_data, "SELECT 1 FROM listening_import WHERE state = 'done'"))
    close(again, signal.SIGTERM)
    done = ask(new_data, "SELECT read, added, rejected FROM listening_import")
    assert done == [(ROWS, ROWS, 0)]


def test_readers_of_a_killed_house_do_not_stay_behind(new_data: Path, tmp_path: Path) -> None:
    write_posts(tmp_path / "posts.csv")
    house = Served("run", "--data", new_data, log=tmp_path / "log")
    lend_a_hand(new_data, "import", tmp_path / "posts.csv")
    wait_for(lambda: processes_of(house.process.pid))
    readers = processes_of(house.process.pid)
    house.process.kill()
    assert house.process.wait(30) == -signal.SIGKILL
    wait_for(lambda: not any(map(is_alive, readers)), 30)


@pytest.fixture
def slow_site() -> Iterator[tuple[Server, threading.Event]]:
    """A site of three pages whose robots.txt comes when the event is set, after a minute, or never
    to who went away."""
    server, free = Server(), threading.Event()
    server.says("/robots.txt", "User-agent: *\nAllow: /\n", kind="text/plain")
    at_once = server.routes["/robots.txt"]

    def late(handler: BaseHTTPRequestHandler) -> None:
        free.wait(60)
        at_once(handler)

    server.routes["/robots.txt"] = late
    for name in ("", "kade", "polder"):
        words = f"The {name or 'house'} takes you anywhere, in every season, against any wind. " * 5
        links = '<a href="/kade">Kade</a> <a href="/polder">Polder</a>'
        server.says(f"/{name}", f"<html><body><main><h1>{name}</h1><p>{words}</p>{links}</main></body></html>")  # fmt: skip
    yield server, free
    free.set()
    server.close()


def test_a_visit_to_a_site_that_does_not_answer_keeps_nobody_waiting(
    new_data: Path, tmp_path: Path, slow_site: tuple[Server, threading.Event]
) -> None:
    server, free = slow_site
    env = {"OPENROADS_HTTP_ALLOW": f"127.0.0.1:{server.port}"}
    house = Served("run", "--data", new_data, log=tmp_path / "first.log", env=env)
    lend_a_hand(new_data, "site", f"{server.url}/")
    wait_for(lambda: "/robots.txt" in server.paths())
    close(house, signal.SIGINT)
    assert "listening.visit_source" in house.told(), "the log names what was left"
    assert ask(new_data, JOB, "listening.visit_source") == [("READY", 0)]

    free.set()
    again = Served("run", "--data", new_data, log=tmp_path / "second.log", env=env)
    wait_for(lambda: ask(new_data, "SELECT 1 FROM listening_source WHERE last_ok_at IS NOT NULL"))
    close(again, signal.SIGTERM)
    assert ask(new_data, JOB, "listening.visit_source") == [("SUCCESSFUL", 0)]
    assert ask(new_data, "SELECT count(*) FROM listening_brandtext WHERE passages > 0") == [(3,)]


def processes_of(pid: int) -> list[int]:
    """The children of a process that are Python's own: what reads for it."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    threads = Path(f"/proc/{pid}/task").iterdir()
    for thread in threads:
        try:
            found += (thread / "children").read_text().split()
        except OSError:
            continue
    return sorted({int(each) for each in found if "multiprocessing.spawn" in _command(int(each))})


def is_alive(pid: int) -> bool:
    return "multiprocessing.spawn" in _command(pid)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""
