"""Webhooks of networks: asked for a word, believed by their signature, kept before they are answered."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from openroads.connectors.facebook import Facebook
from openroads.connectors.hooked import UNSUPPORTED
from openroads.connectors.trustpilot import Trustpilot
from openroads.listening.actions.networks import follow_network
from openroads.listening.models import Payload, PushAddress, Source
from openroads.listening.pushed import actions
from tests.connectors.conftest import Server
from tests.listening.conftest import server

__all__ = ["server"]

APP = "app-secret"
PAGE = {"topic": "1", "token": "page-token", "app_secret": APP, "days": "30", "version": ""}


def opened(by: Any, network: str, told: dict[str, str]) -> tuple[Source, str, str]:
    """A source with an address for webhooks: source, path, word."""
    source = follow_network(by=by, network=network, told=told, purpose="p")
    word = actions.open_hook(by=by, source=source)
    hook = "trustpilot" if network == "trustpilot" else "meta"
    return source, f"/hooks/{hook}/{PushAddress.objects.get(source=source).public_id}", word


def comment(number: str = "1_5", page: str = "1", **more: Any) -> dict[str, Any]:
    value = {"item": "comment", "verb": "add", "comment_id": number, "post_id": "1_1", "from": {"id": "7", "name": "M"}, "message": "Accu leeg", **more}  # fmt: skip
    return {"id": page, "time": int(timezone.now().timestamp()) - 60, "changes": [{"field": "feed", "value": value}]}  # fmt: skip


def sent(address: str, *entries: Any, secret: str = APP, body: bytes = b"", signature: str | None = None) -> Any:  # fmt: skip
    told = body or json.dumps({"object": "page", "entry": list(entries)}).encode()
    made = "sha256=" + hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": made if signature is None else signature}
    client = Client(enforce_csrf_checks=True)
    return client.post(address, told, content_type="application/json", headers=headers)


def test_meta_is_answered_with_its_own_figure_when_it_knows_the_word(sanne: Any) -> None:
    _, address, word = opened(sanne, "facebook", PAGE)
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": word}
    answer = Client().get(address, asked)
    assert (answer.status_code, answer.content) == (200, b"1158201444")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert Client().get(address, {**asked, "hub.verify_token": "x"}).status_code == 404
    for odd in ({"hub.challenge": "<script>"}, {"hub.mode": "unsubscribe"}, {"hub.challenge": ""}):
        assert Client().get(address, {**asked, **odd}).status_code == 400


def test_what_meta_signs_is_kept_answered_at_once_and_then_read(sanne: Any, posts_of: Any) -> None:
    source, address, _ = opened(sanne, "facebook", PAGE)
    unknown = comment("1_6")
    unknown["changes"][0]["value"] = {"item": "hologram", "post_id": "1_88", "verb": "add"}
    answer = sent(address, comment(), unknown)
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert Payload.objects.get().state == "waiting"
    source.last_error = "Deaf as before"
    source.save()
    assert posts_of(source) == 2
    payload = Payload.objects.get()
    assert (payload.state, payload.added, payload.body) == ("read", 2, "")
    source.refresh_from_db()
    assert source.last_error  # a webhook does not make a visit well
    assert sent(address, comment(verb="remove", message=None)).status_code == 200
    assert posts_of(source) == 1
    assert UNSUPPORTED


def test_the_same_sent_twice_is_kept_once(sanne: Any) -> None:
    _, address, _ = opened(sanne, "facebook", PAGE)
    entry = comment()
    assert [sent(address, entry).status_code, sent(address, entry).status_code] == [200, 200]
    assert Payload.objects.count() == 1


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=" + "0" * 64, "sha1=x"])
def test_what_our_app_did_not_sign_is_not_kept(sanne: Any, signature: str) -> None:
    _, address, _ = opened(sanne, "facebook", PAGE)
    assert sent(address, comment(), signature=signature).status_code == 401
    assert sent(address, comment(), secret="other").status_code == 401
    assert not Payload.objects.exists()


def test_without_a_secret_of_our_app_nothing_is_believed(sanne: Any) -> None:
    source, address, _ = opened(sanne, "facebook", PAGE)
    source.secrets = json.dumps({"token": "t"})
    source.save()
    assert sent(address, comment(), secret="").status_code == 401


def test_one_app_tells_of_all_its_pages_at_one_address(sanne: Any, posts_of: Any) -> None:
    first, address, _ = opened(sanne, "facebook", PAGE)
    second = follow_network(by=sanne, network="facebook", told={**PAGE, "topic": "2"}, purpose="p")
    other = follow_network(by=sanne, network="facebook", told={**PAGE, "topic": "3", "app_secret": "x"}, purpose="p")  # fmt: skip
    sent(address, comment(), comment("2_5", page="2"), comment("3_5", page="3"))
    assert [posts_of(source) for source in (first, second, other)] == [1, 1, 0]


def test_a_body_meta_would_never_send_is_marked_and_can_be_read_again(
    sanne: Any, posts_of: Any
) -> None:
    source, address, _ = opened(sanne, "facebook", PAGE)
    assert sent(address, body=b"[1, \0 2").status_code == 200
    posts_of(source)
    payload = Payload.objects.get()
    assert payload.state == "rejected" and "JSON" in payload.error and payload.body
    actions.read_again(by=sanne, payload=payload)
    payload.refresh_from_db()
    assert payload.state == "waiting"


TRUST = {"topic": "windmee.example", "key": "api-key", "days": "30"}


def test_trustpilot_is_believed_when_its_api_says_the_same(
    sanne: Any, posts_of: Any, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Trustpilot, "api", server.url)
    monkeypatch.setattr(Trustpilot, "between", 0.0)
    source, address, word = opened(sanne, "trustpilot", TRUST)
    server.says("/business-units/find", json.dumps({"id": "abc"}))
    review = {"id": "53bf", "stars": 1, "text": "Accu leeg", "createdAt": "2026-10-30T10:00:00Z", "consumer": {"id": "u"}}  # fmt: skip
    server.says("/reviews/53bf", json.dumps(review))
    event = {"eventName": "service-review-created", "eventData": {"id": "53bf"}}
    body = json.dumps({"events": [event]})
    client = Client(enforce_csrf_checks=True)
    for wrong in ({}, {"Authorization": "Basic " + base64.b64encode(b"x:wrong").decode()}, {"Authorization": "Basic !"}):  # fmt: skip
        assert client.post(address, body, content_type="application/json", headers=wrong).status_code == 401  # fmt: skip
    told = {"Authorization": "Basic " + base64.b64encode(f"x:{word}".encode()).decode()}
    assert client.post(address, body, content_type="application/json", headers=told).status_code == 200  # fmt: skip
    assert posts_of(source) == 1
    del server.routes["/reviews/53bf"]
    gone = json.dumps({"events": [{**event, "eventName": "service-review-deleted"}]})
    assert client.post(f"{address}?word={word}", gone, content_type="application/json").status_code == 200  # fmt: skip
    assert posts_of(source) == 0


def test_an_address_of_one_kind_is_none_of_another(sanne: Any) -> None:
    _, address, word = opened(sanne, "trustpilot", TRUST)
    number = address.rpartition("/")[2]
    assert Client().post(f"/hooks/meta/{number}", b"{}", content_type="application/json").status_code == 404  # fmt: skip
    assert Client().post(f"/api/v1/posts/{number}", b"{}", content_type="application/json").status_code == 404  # fmt: skip
    assert Facebook.hook == "meta" and word
