"""Figures of webcare over a hundred thousand cases: keeping them, and reading them after one more line.

Run: python -m bench.figures [cases] [folder] (default 100,000 cases with 700,000 lines, all within the twelve
weeks that the page shows; a folder is filled once, also by `bench.inbox`). On SQLite; on PostgreSQL with
OPENROADS_DATABASE_URL, which has to name an empty database of its own. Prints what it takes to keep every
count, and then, for the usual twelve weeks and for the longest period, what the whole page takes after a new
line in the log, remembered, and from the log alone: by the clock and in processor time, half of the requests.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.inbox import _apart, _staff
from bench.inbox_filling import _promise, put, settle_numbers

ASKED = 11
DAYS = 84
LINES = ("opened", "came_in", "claimed", "replied", "came_in", "replied", "closed")


def main(cases: int = 100_000, folder: str = "") -> None:
    """Fill unless it is filled, keep, then ask."""
    with tempfile.TemporaryDirectory(prefix="openroads-bench-") as spare:
        place = Path(folder or spare)
        place.mkdir(parents=True, exist_ok=True)
        if not (place / "filled").exists():
            _apart(fill, place, cases)
        _apart(measure, place)


def fill(place: Path, cases: int) -> None:
    """Cases and their logs; nothing was said in them."""
    from openroads.cli import house

    house.settle(place)
    with house.opened(alone=True):
        from django.utils import timezone

        from openroads.directory.models import Department, Team
        from openroads.webcare.clocks.models import TargetPolicyVersion, WorkCalendarVersion
        from openroads.webcare.models import Case, CaseEvent, Contact, Identity

        began, now = time.perf_counter(), timezone.now()
        agents = _staff()
        care = Department.objects.create(name="Care")
        teams = [Team.objects.create(name=f"Team {n}", department=care).pk for n in range(1, 4)]
        _promise()
        for version in (TargetPolicyVersion, WorkCalendarVersion):
            version.objects.update(holds_from=now - timedelta(days=1_000))  # type: ignore[attr-defined]
        numbers = range(1, cases + 1)
        put(Contact, ({"id": n, "made_at": now} for n in numbers))
        put(Identity, ({"id": n, "contact_id": n, "network": "x", "author": n} for n in numbers))
        told = [_case(n, cases, now, teams) for n in numbers]
        put(Case, told)
        put(CaseEvent, (line for case in told for line in _lines(case, now, agents)))
        settle_numbers([Contact, Identity, Case, CaseEvent])
    (place / "filled").touch()
    print(f"{cases:,} cases filled in {time.perf_counter() - began:.0f} s", flush=True)


def _case(n: int, cases: int, now: datetime, teams: list[int]) -> dict[str, Any]:
    chance = random.Random(n)
    begun = now - timedelta(days=DAYS) * ((cases - n + 1) / cases)
    is_closed = (cases - n) / cases > 0.05
    return {
        "id": n, "identity_id": n, "network": chance.choice(("x", "bluesky", "mail", "reviews")),
        "source": 1, "thread": f"t{n}", "state": "closed" if is_closed else "todo", "opened_at": begun,
        "kind": chance.choice(("public", "public", "private")), "intent": "question",
        "team_id": chance.choice([None, *teams]), "closed_at": begun + timedelta(hours=30) if is_closed else None,
        "ending": "answered" if is_closed else "",
    }  # fmt: skip


def _lines(case: dict[str, Any], now: datetime, agents: list[Any]) -> Iterator[dict[str, Any]]:
    chance, at = random.Random(f"lines {case['id']}"), case["opened_at"]
    for type in LINES if case["closed_at"] else LINES[:-2]:
        yield {
            "case_id": case["id"], "cycle": 1, "type": type, "at": at, "team_id": case["team_id"],
            "network": case["network"], "data": {"ending": "answered"} if type == "closed" else {},
            "actor": "customer" if type == "came_in" else "human" if type != "opened" else "rule",
            "by_id": agents[case["id"] % len(agents)].pk if type not in ("came_in", "opened") else None,
        }  # fmt: skip
        at += timedelta(minutes=chance.expovariate(1 / 180))
        if at > now:
            return


def measure(place: Path) -> None:
    """Everything, in one process."""
    from openroads.cli import house

    house.settle(place)
    with house.opened(alone=True):
        from django.core.cache import cache
        from django.db import connection

        from openroads.webcare.figures.models import Counted
        from openroads.webcare.happening import happened
        from openroads.webcare.models import Case

        print(connection.vendor, flush=True)
        _keep()
        case = Case.objects.filter(closed_at=None).order_by("pk")[0]
        for days in (DAYS, 400):
            ask = _asking(days)
            _told(
                f"{days} days, after a new line",
                ask,
                lambda: happened(case, "came_in", actor="customer"),
            )
            _told(f"{days} days, remembered", ask, lambda: None)
            Counted.objects.update(edition="")
            _told(f"{days} days, from the log alone", ask, cache.clear, times=1)
            Counted.objects.update(edition=_edition())


def _edition() -> str:
    from openroads.webcare.figures.keeping import edition

    return edition()


def _keep() -> None:
    from django.utils import timezone

    from openroads.webcare.figures import keeping
    from openroads.webcare.figures.models import Counted, CountedDay

    if keeping.counted().settled:  # by an earlier run
        return
    Counted.objects.update(edition="", seen_at=None, seen=0)
    keeping.keep_counts(timezone.now())
    began, cpu = time.perf_counter(), time.process_time()
    n = keeping.keep_counts(timezone.now() + keeping.SETTLES)
    took, worked = time.perf_counter() - began, time.process_time() - cpu
    days = list(CountedDay.objects.values_list("times", "moments"))
    size = sum(len(part) for one in days for part in one) / 1e6
    print(
        f"  {n:,} cases kept in {took:.0f} s, processor {worked:.0f} s: {len(days):,} rows of {size:.1f} MB",
        flush=True,
    )


def _asking(days: int) -> Callable[[], None]:
    """Asking for the page of so many days until today, as somebody who sees everything."""
    from django.test import Client
    from django.utils import timezone

    from openroads.directory.models import Person

    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(Person.objects.get(email="a0@windmee.example"))
    since = timezone.localdate() - timedelta(days=days - 1)
    address = f"/answer/figures/?since={since.isoformat()}"

    def ask() -> None:
        assert browser.get(address).status_code == 200

    return ask


def _told(
    name: str, ask: Callable[[], None], before: Callable[[], Any], times: int = ASKED
) -> None:
    clock, worked = [], []
    before()
    if times > 1:
        ask()
    for _n in range(times):
        before()
        began, cpu = time.perf_counter(), time.process_time()
        ask()
        clock.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.process_time() - cpu))
    print(
        f"  {name}: {statistics.median(clock):.0f} ms, processor {statistics.median(worked):.0f} ms",
        flush=True,
    )


if __name__ == "__main__":
    given = sys.argv[1:]
    main(int(given[0]) if given else 100_000, given[1] if given[1:] else "")
