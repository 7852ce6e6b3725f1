"""Trackers: what they are told, what they tell, and that only a person says it is live."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from openroads.changes.actions import changing, trackers
from openroads.changes.models import Change, TrackerMove
from openroads.connectors.signatures import sign
from openroads.delivery.models import Notice
from openroads.directory.models import TrailEntry
from tests.changes.changing import begun

pytestmark = pytest.mark.django_db
URL = "https://tracker.windmee.example/KADE-112"


@pytest.fixture
def followed(sanne: Any, tom: Any, product: Any) -> Change:
    """A change whose work is followed in a tracker."""
    change = begun(sanne, tom, product)
    return changing.correct_change(
        by=tom, change=change, title=change.title, about="", owner=tom, tracker_url=URL,
        tracker_key="KADE-112",
    )  # fmt: skip


def told(door: Any, secret: str, body: Any, deed: str = "msg_1", secret_of_others: str = "") -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    moment = str(int(datetime.now(UTC).timestamp()))
    return Client().post(
        f"/hooks/tracker/{door.public_id}", raw, content_type="application/json",
        headers={
            "webhook-id": deed, "webhook-timestamp": moment,
            "webhook-signature": sign(secret_of_others or secret, deed, moment, raw),
        },
    )  # fmt: skip


def test_a_signed_move_is_noted_once_and_done_is_only_proposed(
    ada: Any, tom: Any, followed: Change, signed_in: Any
) -> None:
    door, secret = trackers.open_door(by=ada, name="Product")
    body = {"data": {"url": f"{URL}/", "status": "Done"}}
    answer = told(door, secret, body)
    assert answer.status_code == 202 and answer.json() == {"accepted": True, "changes": ["C-001"], "noted": 1}  # fmt: skip
    assert told(door, secret, body).json()["noted"] == 0
    followed.refresh_from_db()
    assert followed.state == "making" and followed.live_on is None
    assert TrailEntry.objects.get(verb="an issue moved in a tracker").facts["outcome"] == "Done"
    assert Notice.objects.filter(to=tom, title="C-001 is done in Product: is it live?").count() == 1
    page = signed_in(tom).get("/changes/1/").content.decode()
    assert "Product says “Done”" in page
    move = TrackerMove.objects.get()
    signed_in(tom).post(f"/changes/1/moves/{move.pk}/leave/")
    assert "Product says" not in signed_in(tom).get("/changes/1/").content.decode()


def test_by_key_alone_and_in_progress_is_a_note_without_a_question(
    ada: Any, tom: Any, followed: Change, signed_in: Any
) -> None:
    door, secret = trackers.open_door(by=ada, name="Product")
    assert told(door, secret, {"key": "kade-112", "status": "In review"}).json()["noted"] == 1
    assert not TrackerMove.objects.get().is_done
    assert "says “" not in signed_in(tom).get("/changes/1/").content.decode()
    assert told(door, secret, {"key": "OTHER-1", "status": "Done"}, "msg_2").json()["changes"] == []


def test_what_is_not_signed_or_no_message_changes_nothing(ada: Any, followed: Change) -> None:
    door, secret = trackers.open_door(by=ada, name="Product")
    other = trackers.open_door(by=ada, name="Other")[1]
    good = {"url": URL, "status": "Done"}
    assert told(door, secret, good, secret_of_others=other).status_code == 401
    for wrong in (b"{", b"[]", {"status": "Done"}, {"url": URL}, {"url": 7, "status": "Done"}, {"data": []}):  # fmt: skip
        assert told(door, secret, wrong).status_code == 400
    assert told(door, secret, b" " * (trackers.MOST_BYTES + 1)).status_code == 413
    trackers.close_door(by=ada, door=door)
    assert told(door, secret, good).status_code == 404
    assert not TrackerMove.objects.exists()


@pytest.mark.parametrize(
    "body",
    [{"url": "http://[", "status": "x"}, {"key": "\0", "status": "x"}, {"key": "K", "status": "\0"}, b"[" * 60_000],
    ids=["address", "key", "status", "deep"],
)  # fmt: skip
def test_hostile_messages_of_a_sender_who_may_sign_are_refused_or_change_nothing(
    ada: Any, followed: Change, body: Any
) -> None:
    door, secret = trackers.open_door(by=ada, name="Product")
    assert told(door, secret, body).status_code in (202, 400)
    assert not TrackerMove.objects.exists()


def test_an_administrator_gives_the_address_and_the_secret_is_shown_once(
    ada: Any, noor: Any, signed_in: Any
) -> None:
    with pytest.raises(PermissionDenied):
        trackers.open_door(by=noor, name="x")
    browser = signed_in(ada)
    page = browser.post("/changes/trackers/", {"name": "Product"}).content.decode()
    assert "whsec_" in page and "/hooks/tracker/" in page
    assert "whsec_" not in browser.get("/changes/trackers/").content.decode()
    assert not any("whsec" in json.dumps(e.facts) for e in TrailEntry.objects.all())
