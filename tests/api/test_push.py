"""Posts that are pushed: signed, kept before they are answered, once however often they are sent."""

import json
import time
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroads.connectors.failures import Refused
from openroads.connectors.pushed import MOST_LINES, read_pushed
from openroads.connectors.signatures import new_secret
from openroads.delivery.models import QueuedJob
from openroads.directory.models import TrailEntry
from openroads.listening.models import Payload, PushAddress, Source
from openroads.listening.pushed import actions
from tests.api.conftest import Sender, line, lines

PROBLEM = "application/problem+json"


def test_a_post_is_kept_answered_and_then_read(sender: Sender, posts_of: Any) -> None:
    answer = sender.send(lines(line("t1"), line("t2", text="<p>Rijdt <b>fijn</b></p>")))
    assert answer.status_code == 202
    assert answer.json() == {"id": "d1", "lines": 2, "accepted": 2, "deletions": 0, "rejected": 0, "rejections": []}  # fmt: skip
    waiting = Payload.objects.get()
    assert waiting.state == "waiting" and "accu" in waiting.body
    assert QueuedJob.objects.filter(key=f"pushed-{sender.source.pk}").exists()
    assert posts_of(sender.source) == 2
    waiting.refresh_from_db()
    assert (waiting.state, waiting.added, waiting.body) == ("read", 2, "")
    assert not answer.cookies


@pytest.mark.parametrize("body", [json.dumps(line()), json.dumps([line("a"), line("b")])])
def test_json_is_taken_as_one_post_or_a_list(sender: Sender, posts_of: Any, body: str) -> None:
    answer = sender.send(body.encode(), kind="application/json; charset=utf-8")
    assert answer.status_code == 202
    assert posts_of(sender.source) == answer.json()["accepted"]


def test_the_same_request_again_gets_the_same_answer_and_is_kept_once(
    sender: Sender, posts_of: Any
) -> None:
    body = lines(line(), "{")
    first = sender.send(body)
    later = sender.send(body, at=int(time.time()) + 60)
    posts_of(sender.source)
    last = sender.send(body)
    assert first.json() == later.json() == last.json() and last.status_code == 202
    assert Payload.objects.count() == 1 and posts_of(sender.source) == 1


def test_an_idempotency_key_does_what_the_id_does(sender: Sender) -> None:
    body = lines(line())
    first = sender.send(body, deed="d1", **{"Idempotency-Key": "k"})
    again = sender.send(body, deed="d2", **{"Idempotency-Key": "k"})
    assert first.json() == again.json() and Payload.objects.count() == 1
    assert sender.send(body, deed="k").status_code == 202
    assert Payload.objects.count() == 2


def test_another_body_under_the_same_id_is_a_conflict(sender: Sender) -> None:
    sender.send(lines(line()))
    answer = sender.send(lines(line("t2")))
    assert (answer.status_code, answer.headers["Content-Type"]) == (409, PROBLEM)
    assert Payload.objects.count() == 1


def test_edits_replace_and_deletions_are_honoured_and_counted(
    sender: Sender, posts_of: Any
) -> None:
    sender.send(lines(line("t1"), line("t2"), line("t3")), deed="d1")
    assert posts_of(sender.source) == 3
    gone = {"id": "t1", "op": "delete"}
    answer = sender.send(lines(gone, line("t2", text="De accu was leeg."), {"id": "nobody", "op": "delete"}), deed="d2")  # fmt: skip
    assert answer.json()["deletions"] == 2
    assert posts_of(sender.source) == 2
    last = Payload.objects.first()
    assert last is not None and (last.added, last.changed, last.deleted) == (0, 1, 1)


def test_said_and_deleted_in_one_request_ends_deleted(sender: Sender, posts_of: Any) -> None:
    sender.send(lines(line("t1"), {"id": "t1", "op": "delete"}))
    assert posts_of(sender.source) == 0


def test_a_line_that_is_no_post_is_told_with_its_reason_and_does_not_stop_the_rest(
    sender: Sender, posts_of: Any
) -> None:
    body = lines(
        line("ok"), "{", "[]", line("", text="x"), line("a", text=" "), line("b", said_at="soon"),
        line("c", network="myspace"), line("d", likes=-1), line("e", op="undo"), line("f", colour="red"),
        line("g", said_at="2099-01-01T00:00:00Z"), line("h", rating=11), "NaN", line("i", likes=True), "",
    )  # fmt: skip
    told = sender.send(body).json()
    assert (told["lines"], told["accepted"], told["rejected"]) == (14, 1, 13)
    assert told["rejections"][0] == {"where": "line 2", "why": "This is not a JSON object."}
    assert "likes" in told["rejections"][6]["why"] and "colour" in told["rejections"][8]["why"]
    assert posts_of(sender.source) == 1


def test_where_no_line_is_a_post_nothing_is_kept(sender: Sender) -> None:
    answer = sender.send(lines(line(text=""), "x"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, PROBLEM)
    assert len(answer.json()["rejections"]) == 2 and not Payload.objects.exists()


@pytest.mark.parametrize(
    ("named", "status"),
    [
        ({"signature": ""}, 401),
        ({"signature": "v1,AAAA"}, 401),
        ({"secret": new_secret()}, 401),
        ({"at": 1_600_000_000}, 401),
        ({"at": 99_999_999_999}, 401),
        ({"deed": "x" * 151}, 400),
        ({"kind": "text/plain"}, 415),
        ({"kind": "multipart/form-data; boundary=x"}, 415),
    ],
)
def test_who_did_not_sign_now_and_well_is_refused(
    sender: Sender, named: dict[str, Any], status: int
) -> None:
    answer = sender.send(lines(line()), **named)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, PROBLEM)
    assert answer.json()["status"] == status and not Payload.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"\n", 400),
        (b"\xff\xfe", 400),
        (lines(line()) + b"\n\0", 400),
        (lines(*[line(str(n)) for n in range(MOST_LINES + 1)]), 400),
        (b" " * 2_000_001, 413),
    ],
    ids=["nothing", "no UTF-8", "a zero", "too many lines", "too large"],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_a_problem(sender: Sender, body: bytes, status: int) -> None:
    assert sender.send(body).status_code == status
    assert not Payload.objects.exists()


def test_nobody_else_is_here(sender: Sender) -> None:
    assert sender.client.post("/api/v1/posts/nowhere", b"{}", content_type="application/json").status_code == 404  # fmt: skip
    for method in ("get", "put", "delete", "patch"):
        answer = getattr(sender.client, method)(sender.address)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_a_paused_source_takes_nothing(sender: Sender) -> None:
    Source.objects.update(listening=False)
    assert sender.send(lines(line())).status_code == 409


def test_too_many_requests_are_asked_to_wait(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_A_MINUTE", 0)
    answer = sender.send(lines(line()))
    assert answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= 60
    monkeypatch.undo()
    monkeypatch.setattr(actions, "MOST_WAITING", 0)
    assert sender.send(lines(line())).status_code == 429


def test_two_secrets_hold_for_a_day_and_then_one(sender: Sender, sanne: Any) -> None:
    fresh = actions.change_secret(by=sanne, source=sender.source)
    assert sender.send(lines(line()), deed="old").status_code == 202
    assert sender.send(lines(line()), deed="new", secret=fresh).status_code == 202
    address = PushAddress.objects.get()
    assert len(address.secrets_at(timezone.now() + actions.OLDER_HOLDS)) == 1
    actions.end_older_secret(by=sanne, source=sender.source)
    assert sender.send(lines(line()), deed="older").status_code == 401
    assert sender.send(lines(line()), deed="newer", secret=fresh).status_code == 202


def test_the_secret_stands_nowhere_readable(sender: Sender) -> None:
    sender.send(lines(line()))
    key = sender.secret.removeprefix("whsec_")
    with connection.cursor() as cursor:
        for table in ("listening_pushaddress", "listening_payload", "directory_trailentry"):
            cursor.execute(f"SELECT * FROM {table}")
            assert key not in repr(cursor.fetchall())
    assert {"opened address for posts"} <= {entry.verb for entry in TrailEntry.objects.all()}


def test_a_kill_between_storing_and_marking_stores_once(sender: Sender, posts_of: Any) -> None:
    sender.send(lines(line("t1"), line("t2")))
    body = Payload.objects.get().body
    assert posts_of(sender.source) == 2
    Payload.objects.update(state="waiting", body=body)
    actions.enqueue(actions.READ_PUSHED, by=actions.system_person(), source_id=sender.source.pk)
    assert posts_of(sender.source) == 2
    read = Payload.objects.get()
    assert (read.added, read.same) == (0, 2)


def test_what_was_read_is_cleared_away_in_its_time_and_what_waits_stays(sender: Sender) -> None:
    now = timezone.now()
    common = {"source": sender.source, "kind": "application/json", "digest": "x"}
    for deed, state, days, body in (
        ("a", "read", 31, ""), ("b", "read", 29, ""), ("c", "rejected", 8, "x"),
        ("d", "rejected", 6, "x"), ("e", "waiting", 400, "x"),
    ):  # fmt: skip
        Payload.objects.create(deed=deed, state=state, body=body, came_at=now - timezone.timedelta(days=days), **common)  # fmt: skip
    assert actions.clear_out(now=now) == 1
    assert dict(Payload.objects.values_list("deed", "body")) == {"b": "", "c": "", "d": "x", "e": "x"}  # fmt: skip


def test_an_erased_author_does_not_come_back_by_a_push(sender: Sender, posts_of: Any) -> None:
    from openroads.archive.batch import author_key
    from openroads.archive.erased import keep_out
    from openroads.directory.conversations import archive

    key = author_key("web", "rider-7", archive().author_key)
    keep_out(archive(), [key], now=timezone.now())
    sender.send(lines(line("t1"), line("t2", author="somebody-else")))
    assert posts_of(sender.source) == 1


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.lists(st.text(max_size=3), max_size=2)  # fmt: skip
NAMES = st.sampled_from(["id", "text", "said_at", "op", "likes", "url", "network", "rating", "repost", "x"])  # fmt: skip


@given(st.lists(st.dictionaries(NAMES, VALUES, max_size=8) | VALUES, min_size=1, max_size=4))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_pushed_is_a_message_or_a_reason(told: list[Any]) -> None:
    body = lines(*told)
    now = timezone.now()
    try:
        found = read_pushed(body, "application/x-ndjson", now)
    except Refused:
        return
    assert len(found.messages) + len(found.rejected) == found.lines
    for message in found.messages:
        assert message.native_id and (message.text or message.op == "delete")
        assert message.said_at.tzinfo is not None
