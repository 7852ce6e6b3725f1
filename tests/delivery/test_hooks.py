"""Webhooks: who asked is told, signed, tried again until it arrives, and told no more than it asked."""

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from openroads.connectors.signing import is_signed
from openroads.delivery import hooks, sending
from openroads.delivery.hooks import EVENTS, declare_event, tell_hooks
from openroads.delivery.models import Delivery, Endpoint
from openroads.directory.models import TrailEntry
from openroads.directory.people import system_person

State = Delivery.State
FACTS = {"insight": 31, "title": "Winter range", "url": "/changes/31/"}


class Listener(ThreadingHTTPServer):
    """The other side: keeps what it was sent and answers as it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.answers: list[int] = []
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.address = f"http://127.0.0.1:{self.server_port}/hook"


class _Asked(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))  # fmt: skip
        self.send_response(self.server.answers.pop(0) if self.server.answers else 204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def listener(settings) -> Iterator[Listener]:
    with Listener() as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        settings.OPENROADS.http_allow = (f"127.0.0.1:{server.server_port}",)
        try:
            yield server
        finally:
            server.shutdown()


@pytest.fixture(autouse=True)
def events(monkeypatch):
    monkeypatch.setattr(hooks, "EVENTS", EVENTS.copy())
    monkeypatch.setattr("openroads.delivery.forms.EVENTS", hooks.EVENTS)
    declare_event("insight.opened", "an insight was opened")
    declare_event("alert.raised", "an alert was raised")


@pytest.fixture
def tracker(ada, listener) -> Endpoint:
    return hooks.add_endpoint(
        by=ada, name="Tracker", address=listener.address, events=["insight.opened"]
    )


def _tell(**more) -> int:
    said = {"event": "insight.opened", "deed": "insight 31 opened", "facts": FACTS, **more}
    return tell_hooks(by=system_person(), **said)


def test_who_asked_is_told_once_and_can_check_who_speaks(tracker, listener):
    secret = tracker.secret
    assert _tell() == 1
    _tell()
    _tell(event="alert.raised", deed="alert 1")
    assert sending.send_due() == 1
    [(headers, body)] = listener.heard
    assert is_signed([secret], headers, body, timezone.now())
    assert not is_signed(["whsec_AAAA"], headers, body, timezone.now())
    said = json.loads(body)
    assert (said["type"], said["data"]) == ("insight.opened", FACTS)
    assert Delivery.objects.get().state == State.SENT


def test_what_did_not_arrive_is_tried_again_with_the_same_id(tracker, listener):
    listener.answers = [500, 404, 302]
    _tell()
    for _try in range(4):
        sending.send_due()
        Delivery.objects.update(due_at=timezone.now())
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == (State.SENT, 4)
    assert len({headers["webhook-id"] for headers, _body in listener.heard}) == 1
    assert len({body for _headers, body in listener.heard}) == 1


def test_after_eight_tries_a_person_looks_and_sends_it_again(tracker, listener, ada, signed_in):
    listener.answers = [500] * sending.MOST_ATTEMPTS
    _tell()
    for _try in range(sending.MOST_ATTEMPTS):
        sending.send_due()
        Delivery.objects.update(due_at=timezone.now())
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.last_error) == (State.NEEDS_A_LOOK, "The other side answered 500.")  # fmt: skip
    browser = signed_in(ada)
    assert "The other side answered 500." in browser.get("/leaving/?state=needs_a_look").content.decode()  # fmt: skip
    browser.post(reverse("delivery:try_again", args=(delivery.pk,)))
    sending.send_due()
    assert Delivery.objects.get().state == State.SENT


def test_who_wants_no_more_is_told_no_more(tracker, listener):
    listener.answers = [410]
    _tell()
    sending.send_due()
    assert Delivery.objects.get().state == State.REFUSED
    assert not Endpoint.objects.get().is_on
    assert _tell(deed="insight 32 opened") == 0


def test_a_hook_whose_worker_died_leaves_again(tracker, listener):
    _tell()
    delivery = sending.claim()
    assert delivery
    Delivery.objects.update(
        attempt_started_at=timezone.now(), lease_until=timezone.now() - timedelta(seconds=1)
    )
    sending.send_due()
    assert Delivery.objects.get().state == State.SENT


def test_mail_waits_without_a_mail_server_and_hooks_do_not(tracker, listener, tom, settings):
    from openroads.delivery.notices import notify

    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    notify(to=tom, deed="x", title="X", mail=True)
    _tell()
    sending.send_due()
    states = dict(Delivery.objects.values_list("kind", "state"))
    assert states == {"mail": State.DUE, "hook": State.SENT}


def test_an_address_inside_the_network_is_not_told_unless_it_was_allowed(ada, settings, listener):
    settings.OPENROADS.http_allow = ()
    hooks.add_endpoint(by=ada, name="Inside", address=listener.address, events=["insight.opened"])
    _tell()
    sending.send_due()
    assert Delivery.objects.get().state == State.REFUSED
    assert not listener.heard


def test_both_secrets_sign_for_a_day_after_a_renewal(tracker, listener, ada):
    old = tracker.secret
    new = hooks.renew_secret(by=ada, endpoint=tracker)
    _tell()
    sending.send_due()
    headers, body = listener.heard[0]
    assert is_signed([old], headers, body, timezone.now())
    assert is_signed([new], headers, body, timezone.now())
    later = timezone.now() + hooks.OLD_SECRET_HOLDS
    assert hooks.keys_of(tracker, later) == [new]


def test_what_waits_for_an_endpoint_that_ended_does_not_leave(tracker, listener, ada):
    _tell()
    hooks.end_endpoint(by=ada, endpoint=tracker)
    sending.send_due()
    assert Delivery.objects.get().state == State.REFUSED
    assert not listener.heard
    assert Endpoint.objects.get().secret == ""


def test_the_secret_is_shown_once_and_stands_nowhere_else(ada, listener, signed_in):
    browser = signed_in(ada)
    told = {"name": "Tracker", "address": listener.address, "events": ["insight.opened"]}
    answer = browser.post(reverse("delivery:add_endpoint"), told)
    endpoint = Endpoint.objects.get()
    assert endpoint.secret in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    for address in ("/hooks/", f"/hooks/{endpoint.pk}/", "/leaving/", "/trail/"):
        assert endpoint.secret not in browser.get(address).content.decode()
    kept = Endpoint.objects.raw("SELECT id, secret AS written FROM delivery_endpoint")[0]
    assert endpoint.secret not in kept.written


def test_a_page_shows_what_an_endpoint_was_told(tracker, listener, ada, signed_in):
    browser = signed_in(ada)
    browser.post(reverse("delivery:try_endpoint", args=(tracker.pk,)))
    sending.send_due()
    page = browser.get(reverse("delivery:endpoint", args=(tracker.pk,))).content.decode()
    assert "hook.test" in page
    assert json.loads(listener.heard[0][1])["data"] == {"endpoint": "Tracker"}
    changed = {
        "name": "Board",
        "address": listener.address,
        "events": ["alert.raised"],
        "is_on": "",
    }
    browser.post(reverse("delivery:endpoint", args=(tracker.pk,)), changed)
    tracker.refresh_from_db()
    assert (tracker.name, tracker.events, tracker.is_on) == ("Board", ["alert.raised"], False)
    assert TrailEntry.objects.filter(verb="changed endpoint").exists()


def test_nobody_is_told_what_no_room_declared(tracker, ada):
    with pytest.raises(ValueError, match="declared"):
        _tell(event="nothing.known")
    with pytest.raises(ValidationError):
        hooks.add_endpoint(by=ada, name="X", address="https://x.example/", events=["nothing.known"])


def test_only_an_administrator_adds_addresses(noor, tracker):
    with pytest.raises(PermissionDenied):
        hooks.add_endpoint(by=noor, name="X", address="https://x.example/", events=[])
    with pytest.raises(PermissionDenied):
        hooks.renew_secret(by=noor, endpoint=tracker)
    with pytest.raises(PermissionDenied):
        hooks.end_endpoint(by=noor, endpoint=tracker)
