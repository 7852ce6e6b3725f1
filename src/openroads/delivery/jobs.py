"""Jobs: work that a room does later, named with @job and put in line with enqueue()."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult, get_date_max

from openroads.delivery import queue
from openroads.delivery.models import QueuedJob
from openroads.directory.models import Person
from openroads.directory.people import system_person

READY, RUNNING = "READY", "RUNNING"
SEND_DUE = "delivery.send_due"
"""The job that empties the out-tray."""

Doing = Callable[..., None]
Argument = int | str | bool | None


@dataclass(frozen=True)
class JobKind:
    """One job of a room: its name, what it does, and how often it may fail.

    `wait` is the number of seconds before the first new try; each later one waits four times
    longer, an hour at most. A job may be done more than once (a worker can die after the work and before
    the tick), so doing it again must change nothing. One that `follows` another is put in line whenever
    that one was done: so a room does its part of what a room above or beside it began.
    """

    name: str
    do: Doing
    attempts: int = 3
    wait: float = 20.0
    follows: str = ""


KINDS: dict[str, JobKind] = {}


def job(
    name: str, *, attempts: int = 3, wait: float = 20.0, follows: str = ""
) -> Callable[[Doing], Doing]:
    """Declare a function as the job `name` ("room.verb_thing"). Its first argument is the `Job` at
    hand, the others are the ids that were given to enqueue(); one that `follows` another has none."""

    def declare(do: Doing) -> Doing:
        known = KINDS.get(name)
        if known is not None and known.do.__qualname__ != do.__qualname__:
            raise ValueError(f"Two functions are called job {name!r}.")
        KINDS[name] = JobKind(name, do, attempts, wait, follows)
        return do

    return declare


class Job:
    """The work at hand, as the function that does it sees it."""

    def __init__(self, claimed: queue.Claimed, stopping: threading.Event) -> None:
        self.id = claimed.id
        self.name = claimed.name
        self.attempt = claimed.attempt
        self.by_id = claimed.by_id
        self.handed_back = False
        self._claimed = claimed
        self._stopping = stopping

    def cancelled(self) -> bool:
        """Whether somebody asked to stop. Long work asks between batches, tidies up and returns."""
        return queue.cancel_is_asked(self._claimed)

    def beat(self) -> bool:
        """Say "still at it". False: store where you are and return; the work is taken up again
        elsewhere, because this worker stops or was thought dead and another took over."""
        if self._stopping.is_set() or not queue.beat(self._claimed):
            self.handed_back = True
        return not self.handed_back


@task()  # type: ignore[untyped-decorator]
def perform(name: str, ids: dict[str, Argument]) -> None:
    """The one Django task behind all jobs, for a stock `db_worker`: no retries, no beat."""
    claimed = queue.Claimed("", name, 1, None, timezone.now())
    KINDS[name].do(Job(claimed, threading.Event()), **ids)


def put_followers_in_line(name: str) -> None:
    """Put in line what follows a job that was done."""
    for kind in list(KINDS.values()):
        if kind.follows == name:
            enqueue(kind.name, key=kind.name, by=system_person())


def enqueue(
    name: str,
    *,
    by: Person,
    key: str = "",
    after: datetime | timedelta | None = None,
    again: bool = True,
    priority: int = 0,
    **ids: Argument,
) -> QueuedJob:
    """Put a job in line, in the transaction at hand: what is rolled back was never in line.

    With a `key` there is one unfinished job of that key: asking again gives back the one that waits
    (sooner, if now asked for sooner); when it runs already, it is done once more afterwards, for
    what it may have missed (`again=False` lets that be). Arguments are ids, never secrets: they
    stand readable in the database.
    """
    for argument, value in ids.items():
        if not isinstance(value, int | str | None):
            raise TypeError(f"{argument} of job {name} is no id but {type(value).__name__}.")
    due = timezone.now() + after if isinstance(after, timedelta) else after
    for last in (False, True):
        try:
            with transaction.atomic():
                waiting = _waiting(key, due, again) if key else None
                row = waiting or _put_in_line(name, key, due, priority, by, ids)
        except IntegrityError:  # PostgreSQL: somebody put the same key in line this instant
            if last:
                raise
            continue
        transaction.on_commit(wake)
        return row
    raise AssertionError("unreachable")


def _waiting(key: str, due: datetime | None, again: bool) -> QueuedJob | None:
    row = QueuedJob.objects.select_for_update().filter(open_key=key).first()
    if row is None:
        return None
    tasks = DBTaskResult.objects.filter(pk=row.pk)
    if again and tasks.filter(status=RUNNING).exists():
        row.again = True
        row.save(update_fields=["again"])
    sooner = due or timezone.now()
    later = tasks.filter(status=READY, run_after__gt=sooner).exclude(run_after=get_date_max())
    later.update(run_after=sooner)
    return row


def _put_in_line(
    name: str,
    key: str,
    due: datetime | None,
    priority: int,
    by: Person,
    ids: dict[str, Argument],
) -> QueuedJob:
    result: Any = perform.using(run_after=due, priority=priority).enqueue(name=name, ids=ids)
    return QueuedJob.objects.create(
        task=result.db_result, name=name, key=key, open_key=key or None, by=by
    )


_bell = threading.Condition()


def wake() -> None:
    """Tell the worker threads of this process that there is work; others find it when they look."""
    with _bell:
        _bell.notify_all()


def wait_for_work(seconds: float) -> None:
    """Sleep until somebody rings or the time is up."""
    with _bell:
        _bell.wait(seconds)
