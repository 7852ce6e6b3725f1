"""Answers: each deed leaves once, what may have left is looked up first, and what has not can be taken back."""

import logging
import threading
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from openroads.connectors.answering import Draft, Picture
from openroads.delivery import queries, sending
from openroads.delivery.actions import (
    call_sent,
    forget_replies,
    leave_it,
    queue_reply,
    recall,
    try_again,
)
from openroads.delivery.channels import add_channel
from openroads.delivery.jobs import enqueue
from openroads.delivery.models import Channel, Delivery
from openroads.delivery.replying import as_row, draft_of
from openroads.delivery.runner import Runner, work_off
from openroads.directory.models import TrailEntry
from tests.connectors.answered import Network, network
from tests.delivery import errands
from tests.delivery.mastodon_server import Statuses

__all__ = ["network"]
State = Delivery.State
SAID = "@marloes Dat zoeken we uit."


@pytest.fixture
def there(network: Network, settings: Any) -> Statuses:
    settings.OPENROADS.http_allow = (network.host,)
    return Statuses(network)


@pytest.fixture
def channel(ada: Any, there: Statuses) -> Channel:
    return add_channel(by=ada, kind="mastodon", name="Windmee on Mastodon", told=there.told)


def draft(there: Statuses, **more: Any) -> Draft:
    return Draft(**{"key": "case 12 reply 3", "text": "Dat zoeken we uit.", "to": "marloes", "reply_to": there.post, "language": "nl", **more})  # fmt: skip


@pytest.fixture
def reply(daan: Any, channel: Channel, there: Statuses) -> Delivery:
    return queue_reply(by=daan, channel=channel, draft=draft(there), deed="case 12 reply 3")


def _now(delivery: Delivery) -> Delivery:
    return Delivery.objects.get(pk=delivery.pk)


def _later() -> None:
    """Time passes: what waits is due, what was held is given up."""
    past = timezone.now() - timedelta(seconds=1)
    Delivery.objects.filter(state__in=Delivery.WAITING).update(due_at=past)
    Delivery.objects.filter(state=State.SENDING).update(lease_until=past)


def test_an_answer_leaves_and_keeps_its_proof(reply: Delivery, there: Statuses, channel: Channel) -> None:  # fmt: skip
    work_off()
    sent = _now(reply)
    assert there.texts() == [SAID]
    assert (sent.state, sent.receipt_id) == (State.SENT, f"{there.network.host}/100")
    assert sent.proof == sent.receipt_id and sent.receipt_url.endswith("/@windmee/100")
    assert Channel.objects.get().last_ok_at is not None


def test_the_same_deed_leaves_once(reply: Delivery, there: Statuses, daan: Any, channel: Channel) -> None:  # fmt: skip
    for _ in range(2):
        assert queue_reply(by=daan, channel=channel, draft=draft(there), deed="case 12 reply 3") == reply  # fmt: skip
        work_off()
    assert there.tried == 1


def test_it_leaves_when_its_time_has_come_and_somebody_looks_at_that_very_moment(daan: Any, channel: Channel, there: Statuses) -> None:  # fmt: skip
    """The time-table comes round once a minute; a job of its own stands in line for its moment."""
    work_off()
    waiting = queue_reply(by=daan, channel=channel, draft=draft(there), deed="x", after=timedelta(seconds=15))  # fmt: skip
    assert DBTaskResult.objects.filter(status="READY", run_after=waiting.due_at).count() == 1
    work_off()
    sending.send_due()
    assert there.tried == 0 and _now(waiting).state == State.DUE
    _later()
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
    work_off()
    assert _now(waiting).state == State.SENT


@pytest.mark.parametrize(
    ("fault", "state", "error"),
    [
        ("busy", State.RETRY, "has trouble"),
        ("too often", State.RETRY, "come back later"),
        ("refused", State.REFUSED, "Text limit exceeded"),
        ("lost before", State.RETRY, "broke off"),
        ("lost after", State.RETRY, "broke off"),
    ],
)
def test_each_fault_has_its_end(reply: Delivery, there: Statuses, fault: str, state: str, error: str) -> None:  # fmt: skip
    there.fault = fault
    sending.send_due()
    ended = _now(reply)
    assert ended.state == state and error in ended.last_error
    assert error in Channel.objects.get().last_error
    # Whether an attempt is in doubt is what decides about looking first, and about taking back.
    assert (ended.attempt_started_at is not None) == (fault not in ("too often",))


def test_as_long_as_the_network_asks_it_waits(reply: Delivery, there: Statuses) -> None:
    there.fault, before = "too often", timezone.now()
    sending.send_due()
    waited = (_now(reply).due_at - before).total_seconds()
    assert 77 <= waited < 90
    assert DBTaskResult.objects.filter(run_after=_now(reply).due_at).exists()


def test_what_arrived_though_the_line_broke_is_found_and_not_sent_again(reply: Delivery, there: Statuses) -> None:  # fmt: skip
    there.fault = "lost after"
    sending.send_due()
    there.fault = "none"
    _later()
    sending.send_due()
    found = _now(reply)
    assert (found.state, found.receipt_id) == (State.SENT, f"{there.network.host}/100")
    assert there.tried == 1 and found.sent_at.isoformat() == there.taken[0]["created_at"]


def test_what_got_lost_is_looked_for_and_then_sent_again(reply: Delivery, there: Statuses) -> None:
    there.fault = "lost before"
    sending.send_due()
    there.fault = "none"
    _later()
    sending.send_due()
    assert _now(reply).state == State.SENT and there.texts() == [SAID] and there.tried == 2


def test_as_long_as_nobody_can_look_nothing_is_sent_again(reply: Delivery, there: Statuses) -> None:
    there.fault = "lost after"
    sending.send_due()
    there.network.says("GET /api/v1/accounts/1/statuses", (503, {}))
    there.fault = "none"
    for _try in range(sending.MOST_ATTEMPTS + 2):
        _later()
        sending.send_due()
    assert _now(reply).state == State.NEEDS_A_LOOK and there.tried == 1


def test_who_is_not_let_in_any_more_cannot_look_so_a_person_does(reply: Delivery, there: Statuses) -> None:  # fmt: skip
    there.fault = "lost after"
    sending.send_due()
    there.network.says("GET /api/v1/accounts/verify_credentials", (401, {}))
    _later()
    sending.send_due()
    assert _now(reply).state == State.NEEDS_A_LOOK and there.tried == 1


def test_the_proof_of_one_answer_is_not_that_of_another(reply: Delivery, there: Statuses, daan: Any, channel: Channel) -> None:  # fmt: skip
    """Twice the same words to the same post: what is found may be the first."""
    work_off()
    again = queue_reply(by=daan, channel=channel, draft=draft(there, key="another"), deed="another")  # fmt: skip
    there.fault = "lost before"
    sending.send_due()
    there.fault = "none"
    _later()
    sending.send_due()
    assert _now(again).state == State.NEEDS_A_LOOK and there.tried == 2


def test_what_a_dead_worker_had_begun_is_looked_up(reply: Delivery, there: Statuses) -> None:
    held = sending.claim()
    assert held is not None
    Delivery.objects.update(attempt_started_at=timezone.now())
    _later()
    sending.send_due()
    assert _now(reply).state == State.SENT and there.tried == 1
    assert there.network.did("GET", "/api/v1/accounts/1/statuses") != []
    sending.send(held)  # the one thought dead wakes up, looks, and settles nothing
    assert there.tried == 1


def test_a_mistake_of_ours_while_sending_is_in_doubt_and_tells_no_secret(reply: Delivery, there: Statuses, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:  # fmt: skip
    from openroads.connectors.answering.mastodon import AnsweringMastodon

    def stumble(self: AnsweringMastodon, draft: Draft) -> None:
        raise RuntimeError(self._told["token"])

    monkeypatch.setattr(AnsweringMastodon, "publish", stumble)
    # Where another test closed the stream of a log, Python complains with the whole traceback: no log of ours.
    monkeypatch.setattr(logging, "raiseExceptions", False)
    sending.send_due()
    ended = _now(reply)
    assert ended.state == State.RETRY and ended.attempt_started_at is not None
    out = "".join(capfd.readouterr())
    assert there.told["token"] not in out + ended.last_error


def test_who_takes_back_in_time_has_taken_it_back(reply: Delivery, there: Statuses, daan: Any) -> None:  # fmt: skip
    assert recall(by=daan, delivery=reply)
    assert not recall(by=daan, delivery=reply)
    work_off()
    _later()
    sending.send_due()
    assert _now(reply).state == State.RECALLED and there.tried == 0
    assert TrailEntry.objects.filter(verb="took answer back").count() == 1


def test_what_was_surely_not_taken_can_be_taken_back_and_what_is_in_doubt_cannot(reply: Delivery, there: Statuses, daan: Any) -> None:  # fmt: skip
    there.fault = "lost after"
    sending.send_due()
    assert not recall(by=daan, delivery=reply)
    Delivery.objects.update(state=State.DUE, attempt_started_at=None)
    there.fault = "too often"
    sending.send_due()
    assert recall(by=daan, delivery=reply)


@pytest.mark.parametrize("state", [each for each in State if each not in Delivery.WAITING])
def test_what_does_not_wait_is_not_taken_back(reply: Delivery, daan: Any, state: str) -> None:
    Delivery.objects.update(state=state)
    assert not recall(by=daan, delivery=reply)
    assert _now(reply).state == state


@pytest.mark.django_db(transaction=True)
def test_taking_back_and_sending_at_one_moment_never_both_succeed(daan: Any, channel: Channel, there: Statuses) -> None:  # fmt: skip
    replies = [
        queue_reply(by=daan, channel=channel, draft=draft(there, key=str(n), text=f"Antwoord {n}"), deed=str(n))
        for n in range(24)
    ]  # fmt: skip
    taken: set[int] = set()
    errors: list[Exception] = []

    def alone(deed: Any) -> None:
        try:
            deed()
        except Exception as problem:  # noqa: BLE001 (shown by the assert below)
            errors.append(problem)
        finally:
            connections.close_all()

    def take_back() -> None:
        taken.update(each.pk for each in reversed(replies) if recall(by=daan, delivery=each))

    threads = [threading.Thread(target=alone, args=(deed,)) for deed in (sending.send_due, take_back, sending.send_due)]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    sending.send_due()
    left = {each.pk for each in Delivery.objects.filter(state=State.SENT, kind="reply")}
    assert left.isdisjoint(taken) and left | taken == {each.pk for each in replies}
    assert sorted(there.texts()) == sorted(f"@marloes Antwoord {n}" for n, each in enumerate(replies) if each.pk in left)  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_while_every_worker_is_busy_an_answer_leaves_at_its_moment(daan: Any, channel: Channel, there: Statuses) -> None:  # fmt: skip
    errands.RUNS.clear()
    runner = Runner(threads=1, poll=0.05, tick=0.1)
    busy = enqueue("errands.long", by=daan)
    runner.start()
    try:
        assert _until(lambda: "long begun" in errands.RUNS)
        reply = queue_reply(by=daan, channel=channel, draft=draft(there), deed="x", after=timedelta(seconds=0.5))  # fmt: skip
        assert _until(lambda: _now(reply).state == State.SENT)
        assert "long stopped" not in errands.RUNS and "long handed back" not in errands.RUNS
        assert DBTaskResult.objects.get(pk=busy.pk).status == "RUNNING"
    finally:
        assert runner.stop(20)


def _until(true: Any, seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while not (met := true()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(met)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"text": "x" * 700}, "text"),
        ({"text": " "}, "text"),
    ],
)
def test_what_cannot_be_said_is_refused_before_it_stands_in_line(daan: Any, channel: Channel, there: Statuses, more: dict[str, Any], field: str) -> None:  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        queue_reply(by=daan, channel=channel, draft=draft(there, **more), deed="x")
    assert field in refused.value.message_dict
    assert not Delivery.objects.exists()


def test_a_channel_says_what_fits_through_it(daan: Any, ada: Any, there: Statuses) -> None:
    shop = add_channel(by=ada, kind="google", name="Shops", told={"place": "accounts/1/locations/2"})  # fmt: skip
    picture = Picture("a.png", "image/png", b"png", "")
    for more, field in (({"private": True}, "private"), ({"picture": picture}, "picture")):
        with pytest.raises(ValidationError) as refused:
            queue_reply(by=daan, channel=shop, draft=draft(there, **more), deed="x")
        assert field in refused.value.message_dict


def test_the_length_is_that_of_the_very_server(daan: Any, channel: Channel, there: Statuses) -> None:  # fmt: skip
    long = draft(there, text="x" * 600)
    with pytest.raises(ValidationError):
        queue_reply(by=daan, channel=channel, draft=long, deed="x")
    work_off()  # the channel is tried, and hears 640
    channel.refresh_from_db()
    queue_reply(by=daan, channel=channel, draft=long, deed="x")
    work_off()
    assert len(there.taken) == 1


def test_while_its_channel_is_off_an_answer_waits(reply: Delivery, there: Statuses, daan: Any, channel: Channel) -> None:  # fmt: skip
    Channel.objects.update(is_on=False)
    channel.refresh_from_db()
    sending.send_due()
    assert _now(reply).state == State.RETRY and there.tried == 0
    with pytest.raises(ValidationError, match="off"):
        queue_reply(by=daan, channel=channel, draft=draft(there), deed="another")
    Channel.objects.update(is_on=True)
    _later()
    sending.send_due()
    assert _now(reply).state == State.SENT


def test_a_way_this_openroads_does_not_know_keeps_nobody_else_waiting(reply: Delivery, there: Statuses, daan: Any, channel: Channel, ada: Any) -> None:  # fmt: skip
    other = add_channel(by=ada, kind="mastodon", name="Second", told=there.told)
    second = queue_reply(by=daan, channel=other, draft=draft(there, key="s"), deed="s")
    Channel.objects.filter(pk=channel.pk).update(kind="pigeon")
    sending.send_due()
    assert _now(reply).state == State.RETRY and _now(second).state == State.SENT


def test_a_draft_comes_back_as_it_was(reply: Delivery, there: Statuses, daan: Any, channel: Channel) -> None:  # fmt: skip
    asked = draft(there, key="b", picture=Picture("a.png", "image/png", b"\x00png", "Een accu"), references=("a@x", "b@x"))  # fmt: skip
    kept = queue_reply(by=daan, channel=channel, draft=asked, deed="b")
    assert draft_of(_now(kept)) == asked
    assert "png" not in str(as_row(asked)["picture"].get("body", ""))
    assert draft_of(_now(reply)) == replace(draft(there))


def test_a_person_settles_what_is_in_doubt(reply: Delivery, there: Statuses, ada: Any, ida: Any, signed_in: Any) -> None:  # fmt: skip
    Delivery.objects.update(state=State.NEEDS_A_LOOK, attempt_started_at=timezone.now())
    for deed in (call_sent, try_again, leave_it):
        with pytest.raises(PermissionDenied):
            deed(by=ida, delivery=reply)
    browser = signed_in(ada)
    page = browser.get("/leaving/?state=needs_a_look").content.decode()
    assert f"in answer to {there.post}" in page
    assert "Dat zoeken we uit." in page and reverse("delivery:leave_it", args=(reply.pk,)) in page
    where = reverse("delivery:call_sent", args=(reply.pk,))
    browser.post(where, {"address": "javascript:alert(1)"})
    assert _now(reply).state == State.NEEDS_A_LOOK
    browser.post(where, {"address": "https://mastodon.example/@windmee/100"})
    assert (_now(reply).state, _now(reply).receipt_url) == (State.SENT, "https://mastodon.example/@windmee/100")  # fmt: skip
    assert "https://mastodon.example/@windmee/100" in browser.get("/leaving/").content.decode()
    Delivery.objects.update(state=State.NEEDS_A_LOOK)
    browser.post(reverse("delivery:leave_it", args=(reply.pk,)))
    assert _now(reply).state == State.LEFT
    _later()
    sending.send_due()
    assert there.tried == 0
    Delivery.objects.update(state=State.NEEDS_A_LOOK)
    browser.post(reverse("delivery:try_again", args=(reply.pk,)))
    work_off()
    assert _now(reply).state == State.SENT and there.tried == 1


def test_who_was_erased_stands_in_no_answer(reply: Delivery, there: Statuses, daan: Any, channel: Channel) -> None:  # fmt: skip
    other = queue_reply(by=daan, channel=channel, draft=draft(there, key="o", to="sanne", reply_to=f"{there.network.host}/8"), deed="o")  # fmt: skip
    waits = queue_reply(by=daan, channel=channel, draft=draft(there, key="w"), deed="w", after=timedelta(hours=1))  # fmt: skip
    Delivery.objects.filter(pk=reply.pk).update(state=State.SENT)
    assert forget_replies(network="facebook", to=["marloes"], answering=[there.post]) == 0
    assert forget_replies(network="mastodon", to=["Marloes"], answering=[there.post]) == 2
    assert (_now(reply).draft, _now(reply).state) == (None, State.SENT)
    assert (_now(waits).draft, _now(waits).state) == (None, State.RECALLED)
    assert _now(other).draft is not None


def test_words_of_what_left_are_kept_a_month(reply: Delivery) -> None:
    from openroads.delivery.chores import clear_out_job

    work_off()
    clear_out_job(None)  # type: ignore[arg-type]
    assert _now(reply).draft is not None
    Delivery.objects.update(sent_at=timezone.now() - timedelta(days=31))
    clear_out_job(None)  # type: ignore[arg-type]
    kept = _now(reply)
    assert kept.draft is None and kept.receipt_id and kept.title == "case 12 reply 3"


def test_a_post_is_answered_through_the_channel_that_names_its_source(ada: Any, channel: Channel) -> None:  # fmt: skip
    hook = add_channel(by=ada, kind="hook", name="Flow", told={})
    named = add_channel(by=ada, kind="mastodon", name="Second", told={}, sources=[4])
    assert queries.channel_for(network="mastodon", source=1) == channel
    assert queries.channel_for(network="mastodon", source=4) == named
    assert queries.channel_for(network="x", source=1) == hook
    Channel.objects.filter(pk=hook.pk).update(is_on=False)
    assert queries.channel_for(network="x", source=1) is None
    Channel.objects.filter(pk=channel.pk).update(is_on=False)
    assert queries.channel_for(network="mastodon", source=1) is None
