"""Jobs in one process: keys, retries, cancelling, stopping, the time-table's arithmetic."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from openroads.delivery import queries, queue, schedule
from openroads.delivery.actions import cancel_job
from openroads.delivery.jobs import KINDS, enqueue, job
from openroads.delivery.models import QueuedJob, Schedule, Worker
from openroads.delivery.runner import Runner, is_dead, wait_after, work_off
from openroads.delivery.schedule import Daily, Every
from openroads.directory.people import system_person
from tests.delivery import errands


@pytest.fixture(autouse=True)
def _no_runs_yet():
    errands.RUNS.clear()


@pytest.fixture
def house(db):
    return system_person()


@pytest.fixture
def running(transactional_db):
    """A runner with two threads, stopped at the end."""
    runner = Runner(threads=2, poll=0.05, tick=0.1)
    runner.start()
    yield runner
    assert runner.stop(20)


def _until(true, seconds=10.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


def _status(row):
    return DBTaskResult.objects.values_list("status", flat=True).get(pk=row.pk)


def _hurry():
    """Let every waiting moment be over."""
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())


def test_a_job_is_done_once(house):
    row = enqueue("errands.count", by=house, number=1)
    assert work_off() == 1
    assert work_off() == 0
    assert errands.RUNS == ["count 1"]
    assert _status(row) == "SUCCESSFUL"


def test_what_is_rolled_back_was_never_in_line(house):
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue("errands.count", by=house, number=1)
        raise RuntimeError
    assert work_off() == 0


def test_a_key_is_in_line_once_until_it_is_done(house):
    first = enqueue("errands.count", by=house, key="k", number=1)
    assert enqueue("errands.count", by=house, key="k", number=2) == first
    assert queries.unfinished_job("k") == first
    work_off()
    assert queries.unfinished_job("k") is None
    assert enqueue("errands.count", by=house, key="k", number=3) != first
    work_off()
    assert errands.RUNS == ["count 1", "count 3"]


def test_asking_again_for_a_running_job_lets_it_run_once_more(house):
    row = enqueue("errands.count", by=house, key="k", number=1)
    claimed = queue.claim("me", KINDS)
    assert enqueue("errands.count", by=house, key="k", number=1) == row
    assert queue.finish(claimed)
    assert _status(row) == "READY"
    assert work_off() == 1
    assert _status(row) == "SUCCESSFUL"


def test_the_time_table_does_not_ask_twice_for_a_running_job(house):
    row = enqueue("errands.count", by=house, key="k", number=1)
    claimed = queue.claim("me", KINDS)
    enqueue("errands.count", by=house, key="k", again=False, number=1)
    queue.finish(claimed)
    assert _status(row) == "SUCCESSFUL"


def test_a_job_for_later_waits(house):
    enqueue("errands.count", by=house, after=timedelta(hours=1), key="k", number=1)
    assert work_off() == 0
    enqueue("errands.count", by=house, key="k", number=1)  # and comes sooner when asked for sooner
    assert work_off() == 1


def test_urgent_jobs_come_first(house):
    enqueue("errands.count", by=house, number=1)
    enqueue("errands.count", by=house, priority=10, number=2)
    work_off()
    assert errands.RUNS == ["count 2", "count 1"]


def test_a_job_nobody_knows_waits_for_a_worker_that_does(house):
    row = enqueue("errands.of_a_newer_version", by=house)
    assert work_off() == 0
    assert _status(row) == "READY"


def test_arguments_are_ids(house):
    with pytest.raises(TypeError, match="is no id"):
        enqueue("errands.count", by=house, number={"token": "abc"})


def test_two_jobs_of_one_name_are_an_error():
    with pytest.raises(ValueError, match="Two functions"):

        @job("errands.count")
        def another(work):
            pass


def test_retries_are_bounded(house):
    row = enqueue("errands.stumble", by=house)
    for _ in range(6):
        work_off()
        _hurry()
    assert errands.RUNS == ["stumble"] * 3
    assert _status(row) == "FAILED"
    assert list(queries.failed_jobs()) == [row]


def test_a_failed_job_keeps_where_it_failed_but_not_what_was_said(house):
    row = enqueue("errands.spill", by=house)
    work_off()
    task = DBTaskResult.objects.get(pk=row.pk)
    assert task.exception_class_path == "builtins.RuntimeError"
    assert "errands.py" in task.traceback
    assert "abc123" not in task.traceback  # the message may hold a token


def test_a_job_that_recovers_counts_as_done(house):
    row = enqueue("errands.stumble_once", by=house)
    work_off()
    _hurry()
    work_off()
    assert errands.RUNS == ["attempt 1", "attempt 2"]
    assert _status(row) == "SUCCESSFUL"


def test_refused_is_not_tried_again(house):
    row = enqueue("errands.refused", by=house)
    work_off()
    assert _status(row) == "FAILED"
    assert errands.RUNS == ["refused"]


def test_try_later_waits_as_long_as_it_was_told(house):
    row = enqueue("errands.later", by=house)
    work_off()
    due = DBTaskResult.objects.get(pk=row.pk).run_after
    assert timedelta(seconds=990) < due - timezone.now() <= timedelta(seconds=1000)


def test_waits_grow_and_end():
    kind = KINDS["delivery.send_due"]
    waits = [wait_after(kind, attempt, RuntimeError()) for attempt in (1, 2, 3)]
    assert timedelta(seconds=15) <= waits[0] <= timedelta(seconds=25)
    assert timedelta(seconds=60) <= waits[1] <= timedelta(seconds=100)
    assert waits[2] is None


def test_who_was_thought_dead_cannot_end_a_job_of_another(house):
    row = enqueue("errands.count", by=house, number=1)
    dead = queue.claim("dead", KINDS)
    assert queue.reclaim({"somebody else"}, {}) == 1
    alive = queue.claim("alive", KINDS)
    assert not queue.beat(dead)
    assert not queue.finish(dead)
    assert not queue.fail(dead, RuntimeError(), None)
    assert _status(row) == "RUNNING"
    assert queue.beat(alive)
    assert queue.finish(alive)


def test_a_living_worker_keeps_its_jobs(house):
    enqueue("errands.count", by=house, number=1)
    queue.claim("me", KINDS)
    assert queue.reclaim({"me"}, {}) == 0
    assert queue.reclaim(set(), {}, held={str(QueuedJob.objects.get().pk)}) == 0


def test_a_worker_is_dead_when_silent_or_gone(house):
    runner = Runner(threads=1)
    runner._beat()
    mine = Worker.objects.get()
    assert not is_dead(mine)
    mine.beat_at -= timedelta(minutes=1)
    assert is_dead(mine)
    gone = Worker(pk="x", host=mine.host, pid=2**22 + 1, beat_at=timezone.now())
    assert is_dead(gone)
    elsewhere = Worker(pk="y", host="elsewhere", pid=2**22 + 1, beat_at=timezone.now())
    assert not is_dead(elsewhere)
    before_the_restart = Worker(pk="z", host=mine.host, pid=mine.pid, beat_at=timezone.now())
    assert is_dead(before_the_restart)


def test_a_waiting_job_is_stopped_at_once(house, ada):
    row = enqueue("errands.count", by=ada, number=1)
    cancel_job(by=ada, job=row)
    assert work_off() == 0
    assert _status(row) == "FAILED"
    assert not queries.failed_jobs().exists()  # stopped is not failed


def test_a_stranger_may_not_stop_a_job(house, ada, ida):
    from django.core.exceptions import PermissionDenied

    row = enqueue("errands.count", by=ada, number=1)
    with pytest.raises(PermissionDenied):
        cancel_job(by=ida, job=row)


def test_stuck_jobs_are_found(house):
    late = enqueue("errands.count", by=house, number=1)
    assert not queries.stuck_jobs().exists()
    DBTaskResult.objects.filter(pk=late.pk).update(
        enqueued_at=timezone.now() - timedelta(minutes=20)
    )
    assert list(queries.stuck_jobs()) == [late]


@pytest.mark.django_db(transaction=True)
def test_a_running_job_stops_when_asked(running):
    house = system_person()
    row = enqueue("errands.long", by=house)
    assert _until(lambda: "long begun" in errands.RUNS)
    cancel_job(by=house, job=row)
    assert _until(lambda: "long stopped" in errands.RUNS)
    assert _until(lambda: _status(row) == "SUCCESSFUL")


def test_a_worker_says_it_lives_while_it_does(running):
    assert queries.worker_is_alive()
    assert running.stop(10)
    assert not queries.worker_is_alive()


@pytest.mark.django_db(transaction=True)
def test_stopping_waits_for_short_work_and_gets_long_work_back():
    house = system_person()
    runner = Runner(threads=2, poll=0.05, tick=0.1)
    runner.start()
    slow = enqueue("errands.slow", by=house)
    long = enqueue("errands.long", by=house)
    assert _until(lambda: {"slow begun", "long begun"} <= set(errands.RUNS))
    assert runner.stop(10)
    assert "slow done" in errands.RUNS
    assert _status(slow) == "SUCCESSFUL"
    assert "long handed back" in errands.RUNS
    assert _status(long) == "READY"
    assert QueuedJob.objects.get(pk=long.pk).failures == 0
    assert not Worker.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_threads_claim_each_job_once():
    house = system_person()
    for number in range(30):
        enqueue("errands.count", by=house, number=number)
    claimed, errors = [], []

    def take():
        try:
            while one := queue.claim("thread", KINDS):
                claimed.append(one.id)
        except Exception as problem:  # noqa: BLE001 (shown by the assert below)
            errors.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    # a thread that lost a race may leave early; whatever was claimed was claimed once
    while one := queue.claim("rest", KINDS):
        claimed.append(one.id)
    assert sorted(claimed) == sorted(
        str(pk) for pk in QueuedJob.objects.values_list("pk", flat=True)
    )


@pytest.mark.django_db(transaction=True)
def test_one_key_asked_by_eight_threads_at_once_is_one_job():
    house = system_person()
    rows, errors = set(), []

    def ask():
        try:
            rows.add(enqueue("errands.count", by=house, key="k", number=1).pk)
        except Exception as problem:  # noqa: BLE001 (shown by the assert below)
            errors.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(rows) == 1


def _utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_every_keeps_its_beat_and_makes_up_for_nothing():
    entry = Every("errands.count", minutes=10)
    was, now = _utc("2026-11-22T10:00"), _utc("2026-11-22T10:34")
    assert entry.following(was, now) == _utc("2026-11-22T10:40")
    assert entry.following(was, was) == _utc("2026-11-22T10:10")


@pytest.mark.parametrize(
    ("at", "now", "following"),
    [
        (
            "02:30",
            "2026-03-28T12:00",
            "2026-03-29T01:30",
        ),  # 02:30 does not exist: 03:30 summer time
        ("02:30", "2026-03-29T01:30", "2026-03-30T00:30"),
        ("02:30", "2026-10-24T12:00", "2026-10-25T00:30"),  # 02:30 exists twice: the first
        ("02:30", "2026-10-25T00:30", "2026-10-26T01:30"),
        ("02:30", "2026-10-25T01:00", "2026-10-26T01:30"),
        ("09:00", "2026-11-22T07:59", "2026-11-22T08:00"),
    ],
)
def test_daily_comes_once_a_day_also_when_the_clock_changes(at, now, following):
    entry = Daily("errands.count", at=at)
    assert entry.following(_utc(now), _utc(now)) == _utc(following)


def test_what_is_due_fires_once(house):
    entries = [Every("errands.count", minutes=10)]
    schedule.install(entries)
    assert schedule.fire_due(entries) == ["errands.count"]
    assert schedule.fire_due(entries) == []
    assert QueuedJob.objects.count() == 1


def test_a_changed_rule_takes_effect_and_an_unchanged_one_keeps_its_moment(house):
    schedule.install([Every("errands.count", minutes=10)])
    schedule.fire_due([Every("errands.count", minutes=10)])
    kept = Schedule.objects.get().next_at
    schedule.install([Every("errands.count", minutes=10)])
    assert Schedule.objects.get().next_at == kept
    schedule.install([Every("errands.count", minutes=5)])
    assert Schedule.objects.get().next_at < kept
