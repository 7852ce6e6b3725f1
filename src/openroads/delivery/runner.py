"""The runner: threads that do the jobs, and one that keeps the clock and the heartbeat."""

import os
import random
import threading
import time
import uuid
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta

import structlog
from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils import timezone

from openroads.archive.lock import ArchiveBusy
from openroads.connectors.failures import Refused, TryLater
from openroads.delivery import chores, queue, schedule
from openroads.delivery.hosts import is_gone, this_host
from openroads.delivery.jobs import (
    KINDS,
    SEND_DUE,
    Job,
    JobKind,
    put_followers_in_line,
    wait_for_work,
    wake,
)
from openroads.delivery.models import Worker

log = structlog.get_logger(__name__)

SILENT = timedelta(seconds=45)
"""After this long without a beat a worker on another machine counts as dead."""
LONGEST_WAIT = 3600.0

_of_this_process: set[str] = set()
_away = (DatabaseError, InterfaceError)

# Named, so that a linter sees that importing it (which declares its jobs) is the point.
OWN_JOBS = chores.JOBS


class Runner:
    """Worker threads of one process. `openroads run` has one inside, `openroads worker` is one.

    `poll`: seconds between looks for work that another process put in line; `tick`: seconds between
    heartbeats, which is also how exact the time-table is. With `only` it takes jobs of these names
    and leaves the others to whoever comes; else one thread more stands at the door and does nothing
    but send what is due, however long the others are busy.
    """

    def __init__(
        self,
        threads: int = 2,
        poll: float = 1.0,
        schedules: Sequence[schedule.Entry] = (),
        tick: float = 5.0,
        only: Collection[str] = (),
    ) -> None:
        self.id = uuid.uuid4().hex
        # Who does not do them all fires none: nobody would come for what he put in line.
        self._entries = () if only else (*schedule.SCHEDULE, *schedules)
        self._only = only
        self._poll, self._tick = poll, tick
        self._stopping = threading.Event()
        self._given_up = threading.Event()
        self._claiming = threading.Lock()
        self._held: dict[str, queue.Claimed] = {}
        self._workers = [
            threading.Thread(target=self._work, name=f"worker-{number}", daemon=True)
            for number in range(1, threads + 1)
        ]
        if threads and not only:
            # Whatever the others are busy with: an answer leaves at its moment.
            door = threading.Thread(
                target=self._work, args=((SEND_DUE,),), name="worker-door", daemon=True
            )
            self._workers.append(door)
        self._keeper = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)

    def start(self) -> None:
        """Begin; comes back at once."""
        if not self._workers:
            return
        schedule.install(self._entries)
        self._beat()
        for thread in (*self._workers, self._keeper):
            thread.start()
        log.info("workers started", worker=self.id, threads=len(self._workers))

    def ask_to_stop(self) -> None:
        """Take no more jobs, and let long ones hand back at their next beat; comes back at once."""
        self._stopping.set()
        wake()

    def stop(self, timeout: float = 60.0) -> bool:
        """Finish what is at hand (long jobs hand it back at their next beat) and end.

        True when all threads ended in time. What is not done by then is put back in line, at no
        cost of a try: a slow web site is no fault of the job. Its thread is left behind; whatever it
        still does, the job is no longer in its hands.
        """
        self.ask_to_stop()
        until = time.monotonic() + timeout
        started = [t for t in (*self._workers, self._keeper) if t.ident is not None]
        for thread in started:
            thread.join(max(0.0, until - time.monotonic()))
        left = [thread.name for thread in started if thread.is_alive()]
        if left:
            self._given_up.set()
            self._safely(self._let_go)
        return not left

    def _let_go(self) -> None:
        held = list(self._held.copy().values())
        log.warning(
            "workers did not end in time", worker=self.id, jobs=[claimed.name for claimed in held]
        )
        for claimed in held:
            queue.hand_back(claimed)
        Worker.objects.filter(pk=self.id).delete()

    def _work(self, names: Collection[str] = ()) -> None:
        try:
            while not self._stopping.is_set():
                close_old_connections()
                try:
                    claimed = self._claim(names)
                except _away:
                    log.exception("the line of jobs could not be read")
                    connections.close_all()
                    self._stopping.wait(5)
                    continue
                if claimed is None:
                    wait_for_work(self._poll)
                    continue
                try:
                    perform_claimed(claimed, self._stopping)
                except _away:
                    # Nobody holds it any more, so the keeper puts it back in line.
                    log.exception("the end of a job could not be written", job=claimed.name)
                    connections.close_all()
                finally:
                    self._held.pop(claimed.id, None)
        finally:
            connections.close_all()

    def _claim(self, names: Collection[str]) -> queue.Claimed | None:
        with self._claiming:
            claimed = queue.claim(self.id, names or self._only or KINDS)
            if claimed is not None:
                self._held[claimed.id] = claimed
            return claimed

    def _keep(self) -> None:
        """Beat, take over from the dead, fire what is due; beat on until the last job has ended."""
        try:
            while not self._stopping.is_set():
                close_old_connections()
                self._safely(self._beat, self._take_over, self._fire)
                self._stopping.wait(self._tick)
            for thread in self._workers:
                while thread.is_alive() and not self._given_up.is_set():
                    thread.join(self._tick)
                    self._safely(self._beat)
            self._safely(Worker.objects.filter(pk=self.id).delete)
        finally:
            _of_this_process.discard(self.id)
            connections.close_all()

    def _safely(self, *deeds: Callable[[], object]) -> None:
        """A database that is away for a moment must not end the thread that waits for it."""
        try:
            for deed in deeds:
                deed()
        except _away:
            log.exception("the worker's own rows could not be written")
            connections.close_all()

    def _fire(self) -> None:
        schedule.fire_due(self._entries)

    def _beat(self) -> None:
        _of_this_process.add(self.id)
        Worker.objects.update_or_create(
            pk=self.id,
            defaults={"host": this_host(), "pid": os.getpid(), "beat_at": timezone.now()},
        )

    def _take_over(self) -> None:
        dead = [worker for worker in Worker.objects.exclude(pk=self.id) if is_dead(worker)]
        if dead:
            log.warning("took over from dead workers", workers=[str(worker) for worker in dead])
            Worker.objects.filter(pk__in=[worker.pk for worker in dead]).delete()
        alive = set(Worker.objects.exclude(pk=self.id).values_list("pk", flat=True))
        with self._claiming:
            held = frozenset(self._held)
            allowed = {kind.name: kind.attempts for kind in KINDS.values()}
            if queue.reclaim(alive, allowed, held=held):
                wake()


def is_dead(worker: Worker) -> bool:
    """Silent for too long; or, on this machine, its process is gone or is now this very one."""
    if worker.beat_at < timezone.now() - SILENT:
        return True
    if worker.pid == os.getpid() and worker.host == this_host():
        return worker.pk not in _of_this_process
    return is_gone(worker.host, worker.pid)


def perform_claimed(claimed: queue.Claimed, stopping: threading.Event) -> None:
    """Do one job and write down how it ended."""
    kind = KINDS[claimed.name]
    work = Job(claimed, stopping)
    with structlog.contextvars.bound_contextvars(job=claimed.name, job_id=claimed.id):
        try:
            kind.do(work, **dict(claimed.ids))
        except (Exception, SystemExit) as problem:
            if isinstance(problem, ArchiveBusy) and stopping.is_set():
                queue.hand_back(claimed)  # the archive was closed under its hands
                return
            wait = wait_after(kind, claimed.attempt, problem)
            log.warning(
                "job failed", attempt=claimed.attempt, again=wait is not None, exc_info=True
            )
            queue.fail(claimed, problem, wait)
            return
        if work.handed_back and not work.cancelled():
            queue.hand_back(claimed)
        elif not queue.finish(claimed):
            log.warning("job was taken over by another worker meanwhile")
        else:
            put_followers_in_line(claimed.name)


def wait_after(kind: JobKind, attempt: int, problem: BaseException) -> timedelta | None:
    """How long to wait before the next try; None when there is none."""
    if isinstance(problem, Refused) or attempt >= kind.attempts:
        return None
    if isinstance(problem, TryLater) and problem.after is not None:
        return timedelta(seconds=problem.after)
    wait = min(kind.wait * 4 ** (attempt - 1), LONGEST_WAIT)
    return timedelta(seconds=wait * random.uniform(0.75, 1.25))  # noqa: S311 (spreads, hides nothing)


def work_off(limit: int = 1000) -> int:
    """Do all that is due, now, in this thread; returns how many. For tests and commands."""
    done, never = 0, threading.Event()
    worker = f"here-{uuid.uuid4().hex[:24]}"
    while done < limit and (claimed := queue.claim(worker, KINDS)):
        perform_claimed(claimed, never)
        done += 1
    return done
