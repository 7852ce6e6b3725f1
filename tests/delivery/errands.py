"""Jobs that only the tests know, each leaving an effect that can be counted."""

import os
import time

from django.db import connection, transaction

from openroads.connectors.failures import Refused, TryLater
from openroads.delivery.jobs import Job, job

RUNS: list[str] = []


def make_effects_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS effects (deed VARCHAR(80) PRIMARY KEY, tries INTEGER)"
        )
        cursor.execute("CREATE TABLE IF NOT EXISTS tries (deed VARCHAR(80))")


def leave_effect(deed: str) -> None:
    """Once per deed, however often it is done; every try is counted beside it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO tries (deed) VALUES (%s)", [deed])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO effects (deed, tries) VALUES (%s, 1) ON CONFLICT (deed) DO NOTHING", [deed]
        )


@job("errands.walk", attempts=20, wait=0.05)
def walk(work: Job, *, number: int) -> None:
    """Two effects with a moment between, in which a kill may fall."""
    leave_effect(f"{number} begun")
    time.sleep(0.03)
    leave_effect(f"{number} done")


@job("errands.count", attempts=3)
def count(work: Job, *, number: int) -> None:
    RUNS.append(f"count {number}")


@job("errands.stumble", attempts=3, wait=0.01)
def stumble(work: Job) -> None:
    RUNS.append("stumble")
    raise RuntimeError


@job("errands.spill", attempts=1)
def spill(work: Job) -> None:
    raise RuntimeError("token=" + "321cba"[::-1])


@job("errands.stumble_once", attempts=3, wait=0.01)
def stumble_once(work: Job) -> None:
    RUNS.append(f"attempt {work.attempt}")
    if work.attempt == 1:
        raise RuntimeError


@job("errands.refused", attempts=5, wait=0.01)
def refused(work: Job) -> None:
    RUNS.append("refused")
    raise Refused("No such page.")


@job("errands.later", attempts=5, wait=0.01)
def later(work: Job) -> None:
    RUNS.append("later")
    raise TryLater("Busy.", after=1000)


@job("errands.long")
def long(work: Job) -> None:
    """Goes on until somebody asks it to stop."""
    RUNS.append("long begun")
    for _ in range(400):
        if work.cancelled():
            RUNS.append("long stopped")
            return
        if not work.beat():
            RUNS.append("long handed back")
            return
        time.sleep(0.02)


@job("errands.slow")
def slow(work: Job) -> None:
    RUNS.append("slow begun")
    time.sleep(0.4)
    RUNS.append("slow done")


@job("errands.suicide", attempts=3, wait=0.01)
def suicide(work: Job) -> None:
    """Takes its worker with it."""
    leave_effect("suicide")
    os.kill(os.getpid(), 9)


@job("errands.tick")
def tick(work: Job) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO tries (deed) VALUES ('tick')")
