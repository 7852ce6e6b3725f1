"""The out-tray: each deed leaves once, what cannot says why, what is in doubt waits for a person."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections, transaction
from django.utils import timezone

from openroads.delivery import queries, sending
from openroads.delivery.actions import call_sent, post_mail, try_again
from openroads.delivery.models import Delivery
from openroads.delivery.runner import work_off
from openroads.directory.people import system_person
from tests.delivery.mail_server import MailServer

State = Delivery.State


@pytest.fixture
def server(settings):
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_TIMEOUT = 3
        yield server


@pytest.fixture
def letter(db):
    return _post("digest 2026-11 for 12")


def _post(deed, **more):
    return post_mail(
        by=system_person(),
        deed=deed,
        to="ilse@windmee.example",
        subject="Café: 3 rijders",
        text="Dag Ilse",
        **more,
    )


def _again(delivery):
    return Delivery.objects.get(pk=delivery.pk)


def test_a_letter_leaves_and_keeps_its_proof(letter, server):
    work_off()
    sent = _again(letter)
    assert sent.state == State.SENT
    assert sent.sent_at is not None
    assert sent.proof in server.letters[0]
    assert "To: ilse@windmee.example" in server.letters[0]


def test_the_same_deed_is_posted_once(letter, server):
    assert _post("digest 2026-11 for 12") == letter
    work_off()
    assert _post("digest 2026-11 for 12").state == State.SENT
    work_off()
    assert len(server.letters) == 1


def test_what_is_rolled_back_never_leaves(db, server):
    with pytest.raises(RuntimeError), transaction.atomic():
        _post("a deed undone")
        raise RuntimeError
    work_off()
    assert server.letters == []


def test_without_mail_server_nothing_is_called_sent(letter, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert not queries.mail_leaves()
    work_off()
    assert _again(letter).state == State.DUE
    Delivery.objects.update(due_at=timezone.now() - timedelta(hours=2))
    assert list(queries.late_deliveries()) == [letter]


@pytest.mark.parametrize(
    ("fault", "state", "left"),
    [
        ("busy", State.RETRY, 0),
        ("refused", State.REFUSED, 0),
        ("unknown address", State.REFUSED, 0),
        ("silent after data", State.NEEDS_A_LOOK, 1),
    ],
)
def test_each_fault_has_its_end(letter, server, fault, state, left):
    server.fault = fault
    work_off()
    ended = _again(letter)
    assert ended.state == state
    assert ended.last_error
    assert len(server.letters) == left


def test_what_may_have_left_is_never_sent_again_by_itself(letter, server):
    server.fault = "silent after data"
    work_off()
    server.fault = "none"
    Delivery.objects.update(due_at=timezone.now() - timedelta(days=1))
    sending.send_due()
    assert len(server.letters) == 1
    assert list(queries.deliveries_to_look_at()) == [letter]


def test_a_server_that_is_away_is_tried_later_and_in_the_end_shown(letter, settings, server):
    settings.EMAIL_PORT = 9
    for attempt in range(1, sending.MOST_ATTEMPTS + 1):
        Delivery.objects.update(due_at=timezone.now())
        assert sending.send_due() == 1
        waiting = _again(letter)
        assert waiting.attempts == attempt
        if attempt < sending.MOST_ATTEMPTS:
            assert waiting.state == State.RETRY
            assert waiting.due_at > timezone.now()
    assert _again(letter).state == State.NEEDS_A_LOOK
    assert "could not be reached" in _again(letter).last_error


def test_a_busy_server_gets_it_later(letter, server):
    server.fault = "busy"
    sending.send_due()
    assert sending.send_due() == 0  # not before its time
    server.fault = "none"
    Delivery.objects.update(due_at=timezone.now())
    sending.send_due()
    assert _again(letter).state == State.SENT


def test_what_a_dead_worker_had_not_begun_is_due_again(letter, server):
    held = sending.claim()
    assert sending.send_due() == 0
    Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert sending.send_due() == 1
    assert _again(letter).state == State.SENT
    sending.send(held)  # the one thought dead wakes up
    assert len(server.letters) == 1
    assert _again(letter).state == State.SENT


def test_what_a_dead_worker_had_begun_needs_a_look(letter, server):
    sending.claim()
    Delivery.objects.update(
        attempt_started_at=timezone.now(), lease_until=timezone.now() - timedelta(seconds=1)
    )
    sending.send_due()
    assert _again(letter).state == State.NEEDS_A_LOOK
    assert server.letters == []


def test_a_person_can_say_that_it_left_or_send_it_once_more(letter, server, ada, ida):
    for deed in (call_sent, try_again):
        Delivery.objects.update(state=State.NEEDS_A_LOOK)
        with pytest.raises(PermissionDenied):
            deed(by=ida, delivery=letter)
    call_sent(by=ada, delivery=letter)
    assert _again(letter).state == State.SENT
    try_again(by=ada, delivery=letter)  # what is sent is not sent again
    assert _again(letter).state == State.SENT
    Delivery.objects.update(state=State.NEEDS_A_LOOK)
    try_again(by=ada, delivery=letter)
    work_off()
    assert len(server.letters) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "nobody"},
        {"to": "a@b.example\nBcc: c@d.example"},
        {"subject": "Hello\r\nBcc: c@d.example"},
        {"headers": {"X-One": "a\nBcc: c@d.example"}},
        {"headers": {"X-One\nBcc: c@d.example": "a"}},
    ],
)
def test_no_header_can_be_smuggled_in(db, wrong):
    told = {"to": "a@b.example", "subject": "Hello", "text": "", **wrong}
    with pytest.raises(ValidationError):
        post_mail(by=system_person(), deed="x", **told)
    assert not Delivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_eight_workers_send_each_letter_once(server):
    for number in range(12):
        _post(f"deed {number}")
    errors = []

    def work():
        try:
            sending.send_due()
        except Exception as problem:  # noqa: BLE001 (shown by the assert below)
            errors.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sending.send_due()
    assert errors == []
    assert len(server.letters) == 12
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.SENT}


def test_texts_of_mail_that_left_long_ago_are_forgotten(letter, server):
    from openroads.delivery.jobs import enqueue

    work_off()
    Delivery.objects.update(sent_at=timezone.now() - timedelta(days=31))
    enqueue("delivery.clear_out", by=system_person())
    work_off()
    forgotten = _again(letter)
    assert (forgotten.text, forgotten.subject) == ("", "")
    assert forgotten.state == State.SENT
