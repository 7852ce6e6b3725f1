"""Whether the house is awake, and its figures: told to machines, with nothing about people in them."""

import copy
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from openroads.archive.lock import DirectoryLock
from openroads.delivery.actions import post_mail
from openroads.delivery.hosts import this_host
from openroads.delivery.jobs import enqueue
from openroads.delivery.models import Worker
from openroads.directory import conversations
from openroads.directory.people import system_person
from openroads.listening.models import Import, Source
from openroads.web.metrics import Answers

WELL = {"database": "ok", "archive": "ok", "disk": "ok", "worker": "ok"}
LINE = re.compile(r'(# (HELP|TYPE) \S+ .+)|([a-z_]+(\{([a-z]+="([^"\\\n]|\\.)*",?)+\})? -?[0-9.]+)')


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The settings of the house, to change for one test."""
    changed = copy.copy(settings.OPENROADS)
    monkeypatch.setattr(settings, "OPENROADS", changed)
    return changed


@pytest.fixture
def worker(db: None) -> Worker:
    return Worker.objects.create(pk="w", host=this_host(), pid=1)


def asked(path: str = "/readyz", **headers: str) -> Any:
    return Client(headers=headers).get(path)


def told(answer: Any) -> tuple[int, dict[str, str]]:
    found = answer.json()
    assert found["ready"] is (answer.status_code == 200)
    return answer.status_code, {name: said for name, said in found["looks"].items() if said != "ok"}


def test_a_house_that_works_is_ready(given: Any, archive_here: Any, worker: Worker) -> None:
    answer = asked()
    assert told(answer) == (200, {})
    assert answer.json()["looks"] == WELL
    assert answer.headers["Cache-Control"] == "no-store"


def test_whoever_asks_needs_no_name_of_ours_and_no_session(
    worker: Worker, archive_here: Any
) -> None:
    for path in ("/livez", "/readyz", "/metrics"):
        answer = asked(path, host="10.0.0.9:8000")
        assert (answer.status_code, answer.cookies.output()) == (200, ""), path
    assert asked("/account/login/", host="10.0.0.9:8000").status_code == 400
    assert Client().post("/readyz").status_code == 405


def test_migrations_that_wait_are_told(archive_here: Any, worker: Worker) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'delivery'")
    assert told(asked()) == (503, {"database": "waits for migrations"})


def test_migrations_of_a_newer_version_are_no_reason_to_leave(
    archive_here: Any, worker: Worker
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('webcare', '0001_initial', '2027-01-01')"
        )
    assert told(asked()) == (200, {})


def test_an_archive_in_other_hands_is_told(given: Any, worker: Worker, tmp_path: Path) -> None:
    conversations.close_archive()
    given.archive_location = tmp_path / "taken"
    given.archive_location.mkdir()
    lock = DirectoryLock(given.archive_location)
    try:
        assert told(asked()) == (503, {"archive": "wrong"})
    finally:
        lock.release()


def test_a_folder_that_is_gone_is_told(given: Any, archive_here: Any, worker: Worker) -> None:
    given.data = Path("/nowhere/at/all")
    assert told(asked()) == (503, {"disk": "cannot be written"})


def test_a_disk_that_is_full_is_told(
    archive_here: Any, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openroads.web.health.LEAST_FREE", 1 << 60)
    assert told(asked()) == (503, {"disk": "full"})


def test_a_silent_worker_is_told_and_counts_where_workers_are_inside(
    given: Any, archive_here: Any, worker: Worker
) -> None:
    Worker.objects.update(beat_at=timezone.now() - timedelta(minutes=2))
    assert told(asked()) == (503, {"worker": "silent"})
    given.worker_threads = 0
    assert told(asked()) == (200, {"worker": "silent"}), "elsewhere they run beside the server"


# --------------------------------------------------------------------------------------- figures
@pytest.fixture
def full_house(cast: dict[str, Any], archive_here: Any, worker: Worker) -> Iterator[list[str]]:
    """A house with something of everything; gives the words that must not come out."""
    source = Source.objects.create(
        kind="feed", name="Canary Blog", address="https://canary.example/f"
    )
    Source.objects.create(
        kind="site", name="Deaf", address="https://deaf.example", last_error="gone"
    )
    Import.objects.create(name="canary.csv", path="/x", state=Import.State.DONE, source=source)
    post_mail(by=system_person(), deed="canary deed", to="canary@windmee.example", subject="Canary subject", text="Canary text")  # fmt: skip
    enqueue("nobody.knows", by=cast["noor"], key="canary key")
    yield [
        "anary", "deaf.example", str(settings.OPENROADS.data), settings.OPENROADS.secret_key,
        *(person.email for person in cast.values()), *(person.name for person in cast.values()),
    ]  # fmt: skip


def figures() -> dict[str, str]:
    lines = asked("/metrics").content.decode().splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))


def test_figures_are_true_and_say_nothing_about_anybody(full_house: list[str], noor: Any) -> None:
    client = Client()
    client.force_login(noor)
    client.get("/people/me/?q=canary")
    answer = asked("/metrics")
    text = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    for line in text.splitlines():
        assert LINE.fullmatch(line), line
    for word in full_house:
        assert word not in text, word
    found = figures()
    assert found['openroads_sources{kind="feed"}'] == found['openroads_sources{kind="site"}'] == "1"
    assert found["openroads_sources_deaf"] == "1"
    assert found['openroads_imports{state="done"}'] == "1"
    assert found['openroads_deliveries{state="due"}'] == "1"
    assert found['openroads_jobs{state="ready"}'] == "2"
    assert found["openroads_posts"] == "0"
    assert found["openroads_metrics_missing"] == "0"
    assert 0 <= float(found["openroads_worker_silent_seconds"]) < 60
    assert float(found["process_resident_memory_bytes"]) > 50e6
    assert int(found['openroads_http_requests_total{method="GET",route="people/me/",status="200"}']) >= 1  # fmt: skip


def test_a_store_that_is_away_hides_no_other_figures(
    full_house: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    conversations.close_archive()
    monkeypatch.setattr("openroads.web.metrics.is_open", lambda: 1 / 0)
    found = figures()
    assert found["openroads_metrics_missing"] == "1"
    assert "openroads_posts" not in found and "openroads_sources_deaf" in found


def test_answer_times_are_counted_into_their_classes() -> None:
    answers = Answers()
    for seconds in (0.01, 0.3, 20):
        answers.add("GET", "x/", 200, seconds)
    answers.add("BREW", 'a"b\\c\n', 418, 0.01)
    lines = list(answers.lines())
    for line in lines:
        assert LINE.fullmatch(line), line
    assert 'openroads_http_requests_total{method="GET",route="x/",status="200"} 3' in lines
    assert (
        'openroads_http_requests_total{method="other",route="a\\"b\\\\c\\n",status="418"} 1'
        in lines
    )
    assert 'openroads_http_request_seconds_bucket{le="0.025"} 2' in lines
    assert 'openroads_http_request_seconds_bucket{le="0.5"} 3' in lines
    assert 'openroads_http_request_seconds_bucket{le="10"} 3' in lines
    assert 'openroads_http_request_seconds_bucket{le="+Inf"} 4' in lines
    assert "openroads_http_request_seconds_count 4" in lines


TOKEN = "a-token-of-our-own"  # noqa: S105


@pytest.mark.parametrize(
    ("changed", "request_made", "status"),
    [
        ({}, {"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({}, {"REMOTE_ADDR": "::1"}, 200),
        ({}, {"REMOTE_ADDR": "192.0.2.7"}, 403),
        ({}, {"REMOTE_ADDR": ""}, 403),
        ({"trusted_proxy_count": 1}, {"REMOTE_ADDR": "127.0.0.1"}, 403),
        ({"url": "https://roads.example"}, {"REMOTE_ADDR": "127.0.0.1"}, 403),
        ({"metrics_token": TOKEN}, {"REMOTE_ADDR": "127.0.0.1"}, 403),
        ({"metrics_token": TOKEN}, {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, 200),
        ({"metrics_token": TOKEN}, {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}x"}, 403),
        ({"metrics_token": TOKEN}, {"HTTP_AUTHORIZATION": TOKEN}, 403),
        ({"metrics_token": TOKEN}, {"HTTP_AUTHORIZATION": "Bearer caf\xe9"}, 403),
    ],
)  # fmt: skip
def test_who_may_read_the_figures(
    db: None, given: Any, changed: dict[str, Any], request_made: dict[str, str], status: int
) -> None:
    for name, value in changed.items():
        setattr(given, name, value)
    answer = Client().get("/metrics", **request_made)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert (b"openroads_info" in answer.content) is (status == 200)
