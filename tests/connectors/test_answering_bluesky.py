"""Answering at Bluesky, on a server of the test that keeps records as a real one does: one under each key."""

import base64
import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.connectors import bluesky as reading
from openroads.connectors.answering import Draft, Picture
from openroads.connectors.answering.bluesky import ALPHABET, AnsweringBluesky, key_of
from openroads.connectors.failures import Refused, TryLater, Unsure
from tests.connectors.answered import HANG_UP, Asked, Network, draft, network

__all__ = ["network"]
DID = "did:plc:windmee"
PARENT = "at://did:plc:marloes/app.bsky.feed.post/3kparent"
ROOT = "at://did:plc:sanne/app.bsky.feed.post/3kroot"
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")  # fmt: skip


class Pds:
    """What a Bluesky server does with what it is asked (https://docs.bsky.app)."""

    def __init__(self, network: Network) -> None:
        self.records: dict[str, Any] = {}
        self.token, self.signed_in, self.after = "one", 0, ""
        self.network = network
        for method, does in {
            "POST com.atproto.server.createSession": self._session,
            "POST com.atproto.repo.createRecord": self._create,
            "POST com.atproto.repo.uploadBlob": self._blob,
            "GET com.atproto.repo.getRecord": self._record,
            "GET com.atproto.server.getSession": self._me,
            "GET com.atproto.identity.resolveHandle": self._handle,
            "GET app.bsky.feed.getPosts": self._posts,
        }.items():
            verb, name = method.split()
            network.routes[f"{verb} /xrpc/{name}"] = does

    def _session(self, asked: Asked) -> object:
        if asked.told["password"] != "app-word":
            return 401, {"error": "AuthenticationRequired"}
        self.signed_in += 1
        return {"accessJwt": self.token, "did": DID}

    def _let_in(self, asked: Asked) -> bool:
        return asked.headers.get("authorization") == f"Bearer {self.token}"

    def _create(self, asked: Asked) -> object:
        if not self._let_in(asked):
            return 400, {"error": "ExpiredToken", "message": "Token has expired"}
        told = asked.told
        if len(told["record"]["text"]) > 300:
            return 400, {"error": "InvalidRequest", "message": "text must not be longer than 300 graphemes"}  # fmt: skip
        if told["rkey"] in self.records:
            return 500, {"error": "InternalServerError"}
        self.records[told["rkey"]] = told["record"]
        if self.after == "hangs up":
            return HANG_UP
        return {"uri": f"at://{DID}/app.bsky.feed.post/{told['rkey']}", "cid": "bafynew"}

    def _blob(self, asked: Asked) -> object:
        link = {"$link": hashlib.sha256(asked.body).hexdigest()}
        return {"blob": {"$type": "blob", "ref": link, "mimeType": asked.headers["content-type"]}}

    def _record(self, asked: Asked) -> object:
        if not self._let_in(asked):
            return 401, {"error": "InvalidToken"}
        record = self.records.get(asked.query["rkey"])
        if record is None:
            return 400, {"error": "RecordNotFound", "message": "Could not locate record"}
        return {"uri": f"at://{DID}/app.bsky.feed.post/{asked.query['rkey']}", "value": record}

    def _me(self, asked: Asked) -> object:
        if not self._let_in(asked):
            return 401, {"error": "InvalidToken"}
        return {"handle": "windmee.bsky.social", "did": DID}

    def _handle(self, asked: Asked) -> object:
        if asked.query["handle"] == "marloes.bsky.social":
            return {"did": "did:plc:marloes"}
        return 400, {"error": "InvalidRequest", "message": "Unable to resolve handle"}

    def _posts(self, asked: Asked) -> object:
        if not self._let_in(asked):
            return 401, {"error": "InvalidToken"}
        if asked.query["uris"] != PARENT:
            return {"posts": []}
        reply = {"root": {"uri": ROOT, "cid": "bafyroot"}, "parent": {"uri": ROOT, "cid": "bafyroot"}}  # fmt: skip
        return {"posts": [{"uri": PARENT, "cid": "bafyparent", "record": {"reply": reply}}]}


@pytest.fixture
def pds(network: Network) -> Pds:
    reading.SESSIONS.clear()
    return Pds(network)


def way(network: Network, **told: str) -> AnsweringBluesky:
    ours = {"server": network.url, "handle": "windmee.bsky.social", "word": "app-word", **told}
    return AnsweringBluesky(network.client, ours)


def answer(**more: Any) -> Draft:
    return draft(reply_to=PARENT, thread=ROOT, language="nl", **more)


def test_an_answer_hangs_in_its_thread_with_its_links(network: Network, pds: Pds) -> None:
    said = "Dag @marloes.bsky.social 👋, kijk op https://windmee.example/accu. Of vraag @niemand.bsky.social."
    receipt = way(network).publish(answer(text=said))
    [(rkey, record)] = pds.records.items()
    assert receipt.native_id == f"at://{DID}/app.bsky.feed.post/{rkey}"
    assert receipt.url == f"https://bsky.app/profile/{DID}/post/{rkey}"
    assert record["reply"] == {
        "root": {"uri": ROOT, "cid": "bafyroot"}, "parent": {"uri": PARENT, "cid": "bafyparent"},
    }  # fmt: skip
    assert record["langs"] == ["nl"] and record["text"] == said
    whole = said.encode()
    marked = {
        whole[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode(): f["features"][0]
        for f in record["facets"]
    }
    assert marked["https://windmee.example/accu"]["uri"] == "https://windmee.example/accu"
    assert marked["@marloes.bsky.social"]["did"] == "did:plc:marloes"
    assert len(marked) == 2  # who does not exist is a mere word


def test_a_lost_answer_is_found_and_never_there_twice(network: Network, pds: Pds) -> None:
    pds.after = "hangs up"
    with pytest.raises(Unsure):
        way(network).publish(answer())
    found = way(network).find(answer())
    assert found and found.native_id.endswith(key_of(answer()))
    with pytest.raises(Unsure):  # the server takes no second one under its key
        way(network).publish(answer())
    assert len(pds.records) == 1


def test_what_is_not_there_is_said_to_be_absent(network: Network, pds: Pds) -> None:
    assert way(network).find(answer()) is None
    way(network).publish(answer())
    assert way(network).find(answer(key="case 12 reply 4")) is None


def test_other_words_under_the_key_are_no_proof(network: Network, pds: Pds) -> None:
    way(network).publish(answer(text="Iets anders"))
    with pytest.raises(Unsure):
        way(network).find(answer())


def test_one_signing_in_serves_many_and_an_old_token_is_made_anew(network: Network, pds: Pds) -> None:  # fmt: skip
    way(network).publish(answer())
    way(network).find(answer())
    assert pds.signed_in == 1
    pds.token = "two"
    way(network).publish(answer(key="another"))
    assert pds.signed_in == 2 and len(pds.records) == 2


def test_a_picture_goes_along_with_its_words(network: Network, pds: Pds) -> None:
    way(network).publish(answer(picture=Picture("accu.png", "image/png", PNG, "Een lege accu")))
    (record,) = pds.records.values()
    (image,) = record["embed"]["images"]
    assert image["alt"] == "Een lege accu" and image["image"]["mimeType"] == "image/png"
    with pytest.raises(Refused, match="larger"):
        way(network).publish(answer(key="b", picture=Picture("x", "image/png", b"x" * 1_000_001, "")))  # fmt: skip
    with pytest.raises(Refused, match="JPEG"):
        way(network).publish(answer(key="c", picture=Picture("x", "text/html", b"<p>", "")))


def test_what_cannot_be_sent_is_said_in_words(network: Network, pds: Pds) -> None:
    with pytest.raises(Refused, match="300 graphemes"):
        way(network).publish(answer(text="x" * 301))
    with pytest.raises(Refused, match="not there any more"):
        way(network).publish(draft(reply_to="at://did:plc:x/app.bsky.feed.post/gone"))
    with pytest.raises(Refused, match="Private"):
        way(network).publish(answer(private=True))
    with pytest.raises(Refused, match="app password") as refused:
        way(network, word="wrong-word").publish(answer())
    assert "wrong-word" not in str(refused.value)
    assert pds.records == {}


def test_a_server_that_does_not_say_is_asked_later(network: Network, pds: Pds) -> None:
    network.says("GET /xrpc/com.atproto.repo.getRecord", (503, {}))
    with pytest.raises(TryLater):
        way(network).find(answer())
    network.says("GET /xrpc/com.atproto.repo.getRecord", (400, {"error": "InvalidRequest", "message": "?"}))  # fmt: skip
    with pytest.raises(TryLater):
        way(network).find(answer())


def test_a_picture_that_got_lost_leaves_no_doubt(network: Network, pds: Pds) -> None:
    network.says("POST /xrpc/com.atproto.repo.uploadBlob", HANG_UP)
    with pytest.raises(TryLater):
        way(network).publish(answer(picture=Picture("a.png", "image/png", PNG, "")))
    assert pds.records == {}


def test_who_we_are_there(network: Network, pds: Pds) -> None:
    assert way(network).check() == "@windmee.bsky.social"


@given(st.text(max_size=40))
def test_every_deed_has_a_key_the_network_takes(key: str) -> None:
    made = key_of(Draft(key, ""))
    assert made == key_of(Draft(key, "other words"))
    assert len(made) == 13 and set(made) <= set(ALPHABET) and made[0] in "234567abcdefghij"
    moment = sum(ALPHABET.index(sign) << (5 * place) for place, sign in enumerate(reversed(made))) >> 10  # fmt: skip
    assert 1_704_067_200_000_000 <= moment < 1_735_603_200_000_000


def test_keys_are_golden() -> None:
    """A key that changes would publish what waits a second time."""
    assert key_of(Draft("case 12 reply 3", "")) == GOLDEN


GOLDEN = "3kll5qtkg4rqc"
