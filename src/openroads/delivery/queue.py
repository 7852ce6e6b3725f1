"""The line of jobs: taking one, keeping hold of it, ending it, and taking over from the dead.

Every change is one conditional update. The moment of claiming is the token of who holds a job:
whoever was thought dead and wakes up again finds that nothing of his is left to change.
"""

import traceback
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from openroads.delivery.models import QueuedJob

READY, RUNNING, FAILED, SUCCESSFUL = "READY", "RUNNING", "FAILED", "SUCCESSFUL"
CANCELLED = "openroads.delivery.Cancelled"
KILLED = "openroads.delivery.Killed"


@dataclass(frozen=True)
class Claimed:
    """A job in somebody's hands. `id` and `at` together say whose."""

    id: str
    name: str
    attempt: int
    by_id: int | None
    at: datetime
    ids: tuple[tuple[str, Any], ...] = ()


def claim(worker_id: str, names: Collection[str]) -> Claimed | None:
    """Take the next job that is due and that this worker knows; two never take the same one."""
    now = timezone.now()
    due = QueuedJob.objects.filter(
        Q(task__run_after=get_date_max()) | Q(task__run_after__lte=now),
        name__in=list(names),
        task__status=READY,
    )
    # First a look without a lock: an idle worker must not queue for SQLite's one writer's seat.
    if not due.exists():
        return None
    with transaction.atomic():
        row = _first_free(due)
        if row is None:
            return None
        task = row.task
        if row.cancel_asked_at is not None:
            _end(row, FAILED, exception_class_path=CANCELLED)
            return None
        claimed_at = timezone.now()
        mine = DBTaskResult.objects.filter(pk=row.pk, status=READY).update(
            status=RUNNING, started_at=claimed_at, worker_ids=[*task.worker_ids, worker_id]
        )
        if not mine:
            return None
        QueuedJob.objects.filter(pk=row.pk).update(beat_at=claimed_at)
    ids = task.args_kwargs["kwargs"]["ids"]
    return Claimed(
        str(row.pk), row.name, row.failures + 1, row.by_id, claimed_at, tuple(ids.items())
    )


def beat(claimed: Claimed) -> bool:
    """Write down that the job is alive; False when it is no longer in these hands."""
    if not _held(claimed).exists():
        return False
    QueuedJob.objects.filter(pk=claimed.id).update(beat_at=timezone.now())
    return True


def cancel_is_asked(claimed: Claimed) -> bool:
    if not claimed.id:
        return False
    return QueuedJob.objects.filter(pk=claimed.id, cancel_asked_at__isnull=False).exists()


@transaction.atomic
def finish(claimed: Claimed) -> bool:
    """Done. A job asked for again meanwhile goes back in line. False: not in these hands."""
    row = _lock(claimed)
    if row is None:
        return False
    if row.again and row.cancel_asked_at is None:
        _back_in_line(row, None, failures=0)
    else:
        _end(row, SUCCESSFUL)
    return True


@transaction.atomic
def hand_back(claimed: Claimed) -> bool:
    """Back in line at once, and no failure: the worker stops."""
    row = _lock(claimed)
    if row is None:
        return False
    _back_in_line(row, None, failures=row.failures)
    return True


@transaction.atomic
def fail(claimed: Claimed, problem: BaseException, wait: timedelta | None) -> bool:
    """It went wrong: back in line after `wait`, or ended for good when that is None.

    Only the places of the traceback are kept, not the message: that may hold a token.
    """
    row = _lock(claimed)
    if row is None:
        return False
    row.failures += 1
    kind = type(problem)
    told = {
        "exception_class_path": f"{kind.__module__}.{kind.__qualname__}",
        "traceback": "".join(traceback.format_tb(problem.__traceback__)),
    }
    if wait is None:
        _end(row, FAILED, **told)
    else:
        DBTaskResult.objects.filter(pk=row.pk).update(**told)
        _back_in_line(row, timezone.now() + wait, failures=row.failures)
    return True


@transaction.atomic
def cancel(row_id: object) -> None:
    """Ask a job to stop: one that waits ends at once, one that runs when it next asks."""
    row = QueuedJob.objects.select_for_update().filter(pk=row_id, open_key__isnull=False).first()
    row = row or QueuedJob.objects.select_for_update().filter(pk=row_id).first()
    if row is None or row.cancel_asked_at is not None:
        return
    status = DBTaskResult.objects.values_list("status", flat=True).get(pk=row.pk)
    if status not in (READY, RUNNING):
        return
    row.cancel_asked_at = timezone.now()
    row.again = False
    row.save(update_fields=["cancel_asked_at", "again"])
    if status == READY:
        _end(row, FAILED, exception_class_path=CANCELLED)


def reclaim(alive: Collection[str], allowed: dict[str, int], *, held: Collection[str] = ()) -> int:
    """Take every running job from workers that are not `alive`, back in line or, when that happened
    as often as the job is `allowed` to fail, ended as failed.

    `held` names jobs not to touch; returns how many were taken.
    """
    taken = 0
    running = QueuedJob.objects.filter(task__status=RUNNING).select_related("task")
    for found in running:
        last = (found.task.worker_ids or [""])[-1]
        if last in alive or str(found.pk) in held:
            continue
        claimed = Claimed(str(found.pk), found.name, 0, None, found.task.started_at)
        with transaction.atomic():
            row = _lock(claimed)
            if row is None:
                continue
            row.failures += 1
            if row.failures >= allowed.get(row.name, 3):
                _end(row, FAILED, exception_class_path=KILLED)
            else:
                _back_in_line(row, None, failures=row.failures)
            taken += 1
    return taken


def _first_free(due: QuerySet[QueuedJob]) -> QueuedJob | None:
    """The job in front. On PostgreSQL rows that another worker is just taking are passed over; on
    SQLite the transaction itself (IMMEDIATE) lets one worker in at a time."""
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    in_line = due.order_by("-task__priority", "task__run_after", "task__enqueued_at")
    return in_line.select_related("task").first()


def _held(claimed: Claimed) -> QuerySet[DBTaskResult]:
    held: QuerySet[DBTaskResult] = DBTaskResult.objects.filter(
        pk=claimed.id, status=RUNNING, started_at=claimed.at
    )
    return held


def _lock(claimed: Claimed) -> QueuedJob | None:
    """The row, if the job is still in these hands; it stays so until the transaction ends."""
    row = QueuedJob.objects.select_for_update().filter(pk=claimed.id).first()
    return row if row is not None and _held(claimed).exists() else None


def _end(row: QueuedJob, status: str, **told: str) -> None:
    DBTaskResult.objects.filter(pk=row.pk).update(status=status, finished_at=timezone.now(), **told)
    row.open_key = None
    row.save(update_fields=["open_key", "failures"])


def _back_in_line(row: QueuedJob, due: datetime | None, *, failures: int) -> None:
    row.failures, row.again = failures, False
    row.save(update_fields=["failures", "again"])
    DBTaskResult.objects.filter(pk=row.pk).update(
        status=READY, started_at=None, run_after=due or get_date_max()
    )
