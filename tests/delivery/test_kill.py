"""Workers that are killed at any moment: every job is done, nothing has its effect twice."""

import json
import random
import signal
import time

import pytest

from tests.delivery.conftest import BOTH, JOBS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("begun", BOTH, indirect=True),
]
UNFINISHED = (
    "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status IN ('READY','RUNNING')"
)


def _wait(house, until, seconds=60.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if until(house):
            return True
        time.sleep(0.1)
    return False


def _all_walked(house):
    rows = house.ask(
        "SELECT status, count(*) FROM django_tasks_database_dbtaskresult t "
        "JOIN delivery_queuedjob j ON j.task_id = t.id "
        "WHERE j.name = 'errands.walk' GROUP BY status"
    )
    return dict(rows) == {"SUCCESSFUL": JOBS}


def _end(workers):
    for worker in workers:
        worker.terminate()
    return [worker.wait(30) for worker in workers]


def test_kill_9_at_random_moments_loses_nothing_and_does_nothing_twice(house):
    chance = random.Random(20261122)
    workers = [house.start("work") for _ in range(3)]
    try:
        assert _wait(house, lambda h: h.ask("SELECT count(*) FROM effects")[0][0] > 4)
        kills = 0
        while kills < 6 and not _all_walked(house):
            time.sleep(chance.uniform(0.02, 0.25))
            place = chance.randrange(3)
            workers[place].send_signal(signal.SIGKILL)
            workers[place].wait()
            workers[place] = house.start("work")
            kills += 1
        assert _wait(house, _all_walked), house.ask(UNFINISHED)
        # The dead are struck off and the last three have all begun, so that they can end cleanly.
        assert _wait(house, lambda h: h.ask("SELECT count(*) FROM delivery_worker") == [(3,)])
    finally:
        codes = _end(workers)
    assert codes == [0, 0, 0]  # SIGTERM is a clean end
    assert house.ask("SELECT count(*) FROM effects") == [(2 * JOBS,)]
    walked_by = house.ask("SELECT worker_ids FROM django_tasks_database_dbtaskresult")
    hands = [json.loads(ids) if isinstance(ids, str) else ids for (ids,) in walked_by]
    assert kills == 6
    assert any(len(ids) > 1 for ids in hands), "no kill fell on a job: the test proved nothing"
    assert house.ask("SELECT count(*) FROM delivery_worker") == [(0,)]


def test_a_job_that_kills_its_worker_is_given_up_after_three_times(house):
    house.run("suicide")
    failed = (
        "SELECT t.status, j.failures FROM django_tasks_database_dbtaskresult t "
        "JOIN delivery_queuedjob j ON j.task_id = t.id WHERE j.name = 'errands.suicide'"
    )
    worker = house.start("work")
    deadline = time.monotonic() + 60
    try:
        while house.ask(failed) != [("FAILED", 3)] and time.monotonic() < deadline:
            if worker.poll() is not None:  # it died; the owner starts it again
                worker = house.start("work")
            time.sleep(0.05)
        assert house.ask(failed) == [("FAILED", 3)]
        assert house.ask("SELECT count(*) FROM tries WHERE deed = 'suicide'") == [(3,)]
        assert _wait(house, _all_walked), "other jobs went on meanwhile"
    finally:
        _end([worker])


def test_three_workers_fire_a_schedule_once_each_time(house):
    workers = [house.start("tick") for _ in range(3)]
    try:
        assert _wait(
            house, lambda h: h.ask("SELECT count(*) FROM tries WHERE deed='tick'")[0][0] > 0
        )
        began = time.monotonic()
        first = house.ask("SELECT count(*) FROM tries WHERE deed = 'tick'")[0][0]
        time.sleep(5)
        last = house.ask("SELECT count(*) FROM tries WHERE deed = 'tick'")[0][0]
        passed = time.monotonic() - began
    finally:
        _end(workers)
    assert 3 <= last - first <= passed + 1
