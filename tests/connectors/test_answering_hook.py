"""Answering through a program of one's own: signed, the same id over all tries, and what it says of it."""

import base64
from datetime import UTC, datetime

import pytest

from openroads.connectors.answering import ANSWERING, Picture, answering_for
from openroads.connectors.answering.hook import AnsweringHook
from openroads.connectors.failures import Refused, Unsure
from openroads.connectors.signatures import is_signed, new_secret
from tests.connectors.answered import HANG_UP, Network, draft, network

__all__ = ["network"]
SECRET = new_secret()


@pytest.fixture
def hook(network: Network) -> AnsweringHook:
    return AnsweringHook(network.client, {"address": f"{network.url}/answers", "secret": SECRET})


def test_an_answer_is_handed_over_signed(network: Network, hook: AnsweringHook) -> None:
    network.says("POST /answers", {"id": "post 9", "url": "https://forum.example/9"})
    picture = Picture("a.png", "image/png", b"png", "Een accu")
    receipt = hook.publish(draft(reply_to="8", to="marloes", picture=picture))
    assert (receipt.native_id, receipt.url) == ("post 9", "https://forum.example/9")
    (asked,) = network.asked
    number, moment, told = (asked.headers[f"webhook-{name}"] for name in ("id", "timestamp", "signature"))  # fmt: skip
    assert is_signed([SECRET], number, moment, asked.body, told, datetime.now(UTC))
    said = asked.told
    assert said["type"] == "answer.publish" and said["data"]["reply_to"] == "8"
    assert base64.b64decode(said["data"]["picture"]["base64"]) == b"png"


def test_a_double_has_the_same_id(network: Network, hook: AnsweringHook) -> None:
    network.says("POST /answers", HANG_UP)
    with pytest.raises(Unsure):
        hook.publish(draft())
    assert hook.find(draft()) is None
    network.says("POST /answers", (204, b""))
    hook.publish(draft())
    hook.publish(draft(key="another"))
    first, second, other = (asked.headers["webhook-id"] for asked in network.asked)
    assert first == second != other


def test_an_address_that_is_none_is_not_kept_as_one(network: Network, hook: AnsweringHook) -> None:
    network.says("POST /answers", {"id": 5, "url": "javascript:alert(1)"})
    receipt = hook.publish(draft())
    assert (receipt.native_id, receipt.url) == ("5", "")


def test_a_secret_that_is_none_is_refused(network: Network) -> None:
    with pytest.raises(Refused) as refused:
        AnsweringHook(network.client, {"address": network.url, "secret": "hunter2"}).check()
    assert "hunter2" not in str(refused.value) and network.asked == []


def test_trying_it_publishes_nothing(network: Network, hook: AnsweringHook) -> None:
    network.says("POST /answers", {"name": "Forum"})
    assert hook.check() == "Forum"
    assert network.asked[0].told["type"] == "answer.check"


def test_a_network_has_its_own_way_or_a_hook() -> None:
    own = {network: kind.kind for network in ANSWERING["hook"].networks if (kind := answering_for(network))}  # fmt: skip
    assert own == {
        "mastodon": "mastodon", "bluesky": "bluesky", "facebook": "facebook", "instagram": "instagram",
        "google": "google", "trustpilot": "trustpilot", "mail": "mail",
    }  # fmt: skip


@pytest.mark.parametrize("kind", list(ANSWERING))
def test_every_way_names_its_secrets_and_explains_itself(kind: str) -> None:
    way = ANSWERING[kind]
    # Practice opens nothing, so it has nothing to hide.
    assert any(field.secret for field in way.fields) is (kind != "practice")
    assert way.asks and way.label
    assert len({field.name for field in way.fields}) == len(way.fields)
    assert way.limits.public or way.limits.private
