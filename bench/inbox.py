"""The inbox with a hundred thousand cases: what its pages take on the server, and thirty agents at work in it.

Run: python -m bench.inbox [cases] [minutes] [folder] (default 100,000 cases with 1,000,000 messages and
600,000 events, and 2 minutes; a folder is filled once and measured again by later runs). On SQLite; on
PostgreSQL with OPENROADS_DATABASE_URL, which has to name an empty database of its own. Prints for each page
how many questions it asks, and the server time of requests made within the process: half of them, 95 in
100, and the processor time of half. Then one served process (`openroads run`) is asked by thirty agents:
each says every 15 seconds that it is in a case, opens the inbox once a minute, and reads time by the clock.
"""

import http.client
import json
import multiprocessing
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from bench.inbox_filling import DAYS, POSTS, fill_state

AGENTS = 30
ASKED = 25
POLL, OPEN = 15.0, 60.0
"""Seconds between what an agent's page asks by itself, and between openings of the inbox."""


def main(cases: int = 100_000, minutes: float = 2, folder: str = "") -> None:
    """Fill unless it is filled, ask pages, then serve; each in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="openroads-bench-") as spare:
        place = Path(folder or spare)
        place.mkdir(parents=True, exist_ok=True)
        if not (place / "filled").exists():
            _apart(fill, place, cases)
        _apart(ask_pages, place)
        serve(place, minutes)


def _apart(do: Any, *told: Any) -> None:
    child = multiprocessing.get_context("spawn").Process(target=do, args=told)
    child.start()
    child.join()
    if child.exitcode:
        raise SystemExit(child.exitcode)


def fill(place: Path, cases: int) -> None:
    """The archive, then the tables."""
    from openroads.cli import house

    began = time.perf_counter()
    house.settle(place)
    with house.opened(alone=True):
        from bench.filling import fill_quickly
        from openroads.directory.conversations import archive

        fill_quickly(archive(), min(POSTS, cases), days=DAYS)
        asked = "SELECT id, published_at, author_key, native_id FROM post ORDER BY published_at, id"
        found = archive().table(asked, {})
        columns = ("id", "published_at", "author_key", "native_id")
        posts = list(zip(*(found[name].to_pylist() for name in columns), strict=True))
        people = _staff()
        fill_state(cases, posts, people)
    (place / "filled").touch()
    print(f"{cases:,} cases filled in {time.perf_counter() - began:.0f} s", flush=True)


def _staff() -> list[Any]:
    """The company, its products, and those who answer."""
    from openroads.directory.actions import create_person, grant_role
    from openroads.directory.company import COMPANY, Brand, Company, Product
    from openroads.directory.people import system_person

    Company.objects.create(pk=COMPANY, name="Windmee", languages=["nl"])
    brand = Brand.objects.create(name="Windmee", forms=["Windmee"], own=True)
    for name in ("Kade", "Dijk", "Brug"):
        Product.objects.create(brand=brand, name=name, forms=[name])
    by, people = system_person(), []
    for n in range(AGENTS):
        person = create_person(by=by, email=f"a{n}@windmee.example", name=f"Agent {n}")
        grant_role(by=by, person=person, role="webcare_agent")
        people.append(person)
    return people


def _of_one_team() -> Any:
    """Somebody who answers for one team alone."""
    from openroads.directory.actions import create_person, grant_role
    from openroads.directory.models import Person, Team
    from openroads.directory.people import system_person

    known = Person.objects.filter(email="bram@windmee.example").first()
    if known is not None:
        return known
    bram = create_person(by=system_person(), email="bram@windmee.example", name="Bram Postma")
    team = Team.objects.order_by("pk")[0]
    grant_role(by=system_person(), person=bram, role="webcare_agent", team=team)
    return bram


def ask_pages(place: Path) -> None:
    """Every page again and again, by who answers everywhere and by who answers for one team."""
    from openroads.cli import house

    house.settle(place)
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from openroads.directory.models import Person

    with house.opened(alone=True):
        print(f"{connection.vendor}, within the process", flush=True)
        for person in (Person.objects.get(email="a0@windmee.example"), _of_one_team()):
            browser = Client(headers={"host": "127.0.0.1"})
            browser.force_login(person)
            for name, address in _addresses(person).items():
                _told(f"{person}: {name}", browser, address)
        agents = []
        for n in range(AGENTS):
            browser = Client(headers={"host": "127.0.0.1"})
            browser.force_login(Person.objects.get(email=f"a{n}@windmee.example"))
            agents.append(browser.cookies[settings.SESSION_COOKIE_NAME].value)
        told = {"cookie": settings.SESSION_COOKIE_NAME, "sessions": agents, "cases": _todo(AGENTS)}
        (place / "agents.json").write_text(json.dumps(told))
        connection.close()


def _todo(most: int) -> list[int]:
    from openroads.webcare.models import Case

    return list(Case.objects.filter(state="todo", closed_at=None).values_list("pk", flat=True)[:most])  # fmt: skip


def _addresses(person: Any) -> dict[str, str]:
    from openroads.webcare import queries
    from openroads.webcare.models import Case

    closed = queries.cases_for(person).filter(queries.queues_of(person)[-1].found)
    deep = queries.in_order(closed, "closed")[closed.count() * 9 // 10].pk
    todo = queries.in_order(
        queries.cases_for(person).filter(queries.queues_of(person)[0].found), "todo"
    )
    first, far = todo[0], todo[todo.count() * 9 // 10].pk
    inbox = "/answer/inbox/"
    old = Case.objects.filter(pk=deep).get()
    found = {queue.name: f"{inbox}?queue={queue.name}" for queue in queries.queues_of(person)}
    return {
        **found,
        "to do, far down": f"{inbox}?after={far}",
        "closed, far down": f"{inbox}?queue=closed&after={deep}",
        "a team": f"{inbox}?queue=team-1",
        "a number": f"{inbox}?q=%23{first.pk}",
        "common words": f"{inbox}?q=woord1",
        "words of ours": f"{inbox}?q=winter+range",
        "words nobody said": f"{inbox}?q=zeppelin",
        "a case": f"/answer/cases/{first.pk}/",
        "an old case": f"/answer/cases/{old.pk}/",
        "a person": f"/answer/people/{first.identity.contact_id}/",
    }


def _told(name: str, browser: Any, address: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200, address
        questions = len(asked)
    clock, worked = [], []
    for _n in range(ASKED):
        began, cpu = time.perf_counter(), time.process_time()
        browser.get(address)
        clock.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.process_time() - cpu))
    half, most = _half_and_95(clock)
    print(
        f"  {name}: {questions} questions, {half:.0f} ms, 95 in 100 within {most:.0f} ms, "
        f"processor {statistics.median(worked):.0f} ms",
        flush=True,
    )


def _half_and_95(times: list[float]) -> tuple[float, float]:
    ordered = sorted(times)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]


class Agent(threading.Thread):
    """Somebody with a case open and, once a minute, the inbox: over one line, as a browser does."""

    def __init__(self, port: int, cookie: tuple[str, str], case: int, until: float) -> None:
        super().__init__()
        self.port, self.case, self.until = port, case, until
        self.cookies = dict([cookie])
        self.times: dict[str, list[float]] = {"there": [], "inbox": []}
        self.errors: list[str] = []
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def run(self) -> None:
        chance = random.Random(self.case)
        time.sleep(chance.random() * POLL)
        to_open = time.monotonic() + chance.random() * OPEN
        self.ask("inbox", "GET", "/answer/inbox/", first=True)
        while (now := time.monotonic()) < self.until:
            if now >= to_open:
                self.ask("inbox", "GET", "/answer/inbox/")
                to_open += OPEN
            self.ask("there", "POST", f"/answer/cases/{self.case}/there/")
            time.sleep(max(0.0, now + POLL - time.monotonic()))

    def ask(self, name: str, method: str, path: str, *, first: bool = False) -> None:
        """Ask and read to the end; what is no page counts as an error. The first tells the form's key."""
        told = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        headers = {"Cookie": told, "Referer": f"http://127.0.0.1:{self.port}/", "X-CSRFToken": self.cookies.get("csrf", "")}  # fmt: skip
        began = time.perf_counter()
        try:
            self.line.request(method, path, b"" if method == "POST" else None, headers)
            answer = self.line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as failed:
            self.errors.append(repr(failed))
            self.line.close()
            return
        if answer.status != 200:
            self.errors.append(f"{answer.status} {path}")
        for value in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {one.key: one.value for one in SimpleCookie(value).values()}
        if not first:
            self.times[name].append(1000 * (time.perf_counter() - began))


def serve(place: Path, minutes: float) -> None:
    """Thirty agents at one process, as `openroads run` starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = json.loads((place / "agents.json").read_text())
    words = ["run", "--data", str(place), "--port", str(port)]
    with (
        (place / "served.log").open("w+") as log,
        subprocess.Popen(
            [sys.executable, "-m", "openroads", *words], stdout=log, stderr=subprocess.STDOUT
        ) as server,
    ):
        try:
            _wait_for(place / "served.log", server)
            until = time.monotonic() + 60 * minutes
            agents = [
                Agent(port, (told["cookie"], session), case, until)
                for session, case in zip(told["sessions"], told["cases"], strict=True)
            ]
            for agent in agents:
                agent.start()
            for agent in agents:
                agent.join()
        finally:
            server.terminate()
            server.wait(60)
    faults = [error for agent in agents for error in agent.errors]
    print(f"{AGENTS} agents for {minutes:g} minutes at one process: {len(faults)} errors")
    for name in ("there", "inbox"):
        times = [each for agent in agents for each in agent.times[name]]
        half, most = _half_and_95(times)
        print(f"  {name}: {len(times)} asked, {half:.0f} ms, 95 in 100 within {most:.0f} ms")
    for error in faults[:5]:
        print(f"  {error}")


def _wait_for(log: Path, server: Any) -> None:
    """Until the served house says where it is."""
    until = time.monotonic() + 300
    while not re.search("Openroads is at", log.read_text()):
        if server.poll() is not None or time.monotonic() > until:
            raise SystemExit(log.read_text()[-2_000:])
        time.sleep(0.2)


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        int(given[0]) if given else 100_000,
        float(given[1]) if given[1:] else 2,
        given[2] if given[2:] else "",
    )
