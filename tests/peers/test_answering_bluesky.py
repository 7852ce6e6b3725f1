"""Answering on the network of Bluesky's own makers, all of it on this machine: in its thread, once, with its links and
pictures, and what the network says when it does not want something."""

import base64
import time
from collections.abc import Iterator
from typing import Any

import pytest

from openroads.connectors import bluesky as reading
from openroads.connectors.answering import Draft, Picture
from openroads.connectors.answering.bluesky import AnsweringBluesky, key_of
from openroads.connectors.failures import Refused, Unsure
from openroads.connectors.http import Guarded
from tests.peers import bluesky
from tests.peers.bluesky import POST, Network, Person, until
from tests.peers.conftest import PEERS

pytestmark = pytest.mark.heavy
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")  # fmt: skip


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """One network for the tests of this file, on a database of its own."""
    with bluesky.whole_network(PEERS, tmp_path_factory.mktemp("bluesky")) as running:
        yield running


@pytest.fixture(scope="module")
def windmee(network: Network) -> Person:
    return network.person("windmee")


@pytest.fixture(scope="module")
def marloes(network: Network) -> Person:
    return network.person("marloes")


@pytest.fixture
def key() -> str:
    """A deed of its own."""
    return f"answer {time.monotonic_ns()}"


def way(person: Person, **told: str) -> AnsweringBluesky:
    settings = {"server": person.network.url, "handle": person.handle, "word": person.word, **told}
    return AnsweringBluesky(Guarded(person.network.addresses), settings)


def answer(to: str, key: str, text: str = "Dat zoeken we uit.", **more: Any) -> Draft:
    return Draft(key=key, text=text, to="marloes.test", reply_to=to, language="nl", **more)


def record(person: Person, address: str) -> Any:
    asked = {"repo": person.did, "collection": POST, "rkey": address.rpartition("/")[2]}
    return person.network.ask("com.atproto.repo.getRecord", **asked)["value"]


def test_an_answer_stands_under_the_post_with_links_and_people_that_can_be_followed(
    windmee: Person, marloes: Person, key: str
) -> None:
    asked = marloes.post("Mijn accu is leeg 😡")
    said = "Vervelend 🚲! Zie https://windmee.example/accu, of vraag het @marloes.test."
    receipt = way(windmee).publish(answer(asked, key, said))
    there = record(windmee, receipt.native_id)
    here = marloes.reference(asked)
    assert there["reply"] == {"root": here, "parent": here}
    assert there["text"] == said and there["langs"] == ["nl"]
    words = said.encode()
    places = {
        facet["features"][0]["$type"].partition("#")[2]: words[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
        for facet in there["facets"]
    }  # fmt: skip
    assert places == {"link": "https://windmee.example/accu", "mention": "@marloes.test"}
    told = {"method": "app.bsky.notification.listNotifications", "token": marloes.token}
    heard = until(lambda: [each for each in marloes.network.ask(**told)["notifications"] if each["uri"] == receipt.native_id])  # fmt: skip
    assert heard[0]["reason"] in ("reply", "mention")


def test_the_same_deed_stands_there_once_and_is_found(
    windmee: Person, marloes: Person, key: str
) -> None:
    asked = marloes.post("Mijn accu is leeg")
    first = way(windmee).publish(answer(asked, key))
    with pytest.raises(Unsure):
        way(windmee).publish(answer(asked, key))
    found = way(windmee).find(answer(asked, key))
    assert found is not None and found.native_id == first.native_id and found.url == first.url
    told = {"repo": windmee.did, "collection": POST}
    there = windmee.network.ask("com.atproto.repo.listRecords", **told)["records"]
    assert [each["uri"] for each in there if each["uri"].endswith(key_of(answer(asked, key)))] == [first.native_id]  # fmt: skip


def test_what_does_not_stand_there_is_not_found(windmee: Person, marloes: Person, key: str) -> None:
    asked = marloes.post("Mijn accu is leeg")
    assert way(windmee).find(answer(asked, key)) is None
    way(windmee).publish(answer(asked, key))
    with pytest.raises(Unsure):
        way(windmee).find(answer(asked, key, "Iets heel anders."))


def test_what_we_deleted_there_ourselves_is_not_found(
    windmee: Person, marloes: Person, key: str
) -> None:
    asked = marloes.post("Mijn accu is leeg")
    windmee.delete(way(windmee).publish(answer(asked, key)).native_id)
    assert way(windmee).find(answer(asked, key)) is None


def test_a_picture_goes_along_with_its_words(windmee: Person, marloes: Person, key: str) -> None:
    asked = marloes.post("Mijn accu is leeg")
    picture = Picture("accu.png", "image/png", PNG, "Een lege accu, “rood”")
    receipt = way(windmee).publish(answer(asked, key, picture=picture))
    until(lambda: windmee.network.ask("app.bsky.feed.getPosts", marloes.token, uris=receipt.native_id)["posts"])  # fmt: skip
    (seen,) = windmee.network.ask("app.bsky.feed.getPosts", marloes.token, uris=receipt.native_id)["posts"]  # fmt: skip
    assert [each["alt"] for each in seen["embed"]["images"]] == ["Een lege accu, “rood”"]


def test_an_answer_as_long_as_may_be_is_taken_and_a_longer_one_refused(
    windmee: Person, marloes: Person, key: str
) -> None:
    asked = marloes.post("Mijn accu is leeg")
    # People count what they see: a family of four is one, of twenty-five bytes.
    whole = "👨‍👩‍👧‍👦" * 100 + "é" * 200
    assert AnsweringBluesky.limits.count(whole) == AnsweringBluesky.limits.characters
    receipt = way(windmee).publish(answer(asked, key, whole))
    assert record(windmee, receipt.native_id)["text"] == whole
    with pytest.raises(Refused):
        way(windmee).publish(answer(asked, f"{key} more", whole + "é"))


def test_a_post_that_is_gone_is_said_to_be(windmee: Person, marloes: Person, key: str) -> None:
    asked = marloes.post("Mijn accu is leeg")
    marloes.delete(asked)
    until(lambda: not windmee.network.ask("app.bsky.feed.getPosts", marloes.token, uris=asked)["posts"] or None)  # fmt: skip
    with pytest.raises(Refused, match="not there any more"):
        way(windmee).publish(answer(asked, key))


def test_an_old_token_is_made_anew_and_a_wrong_app_password_is_said_to_be(
    windmee: Person, marloes: Person, key: str
) -> None:
    asked = marloes.post("Mijn accu is leeg")
    assert way(windmee).check() == "@windmee.test"
    for kept in reading.SESSIONS:
        reading.SESSIONS[kept] = (time.monotonic(), "taken.no.more")
    assert way(windmee).publish(answer(asked, key)).native_id
    with pytest.raises(Refused, match="app password") as refused:
        way(windmee, word="wrong-word").check()
    assert "wrong-word" not in str(refused.value)


def test_private_messages_are_no_part_of_this_network_and_are_not_sent(
    windmee: Person, marloes: Person, key: str
) -> None:
    asked = marloes.post("Mijn accu is leeg")
    with pytest.raises(Refused):
        way(windmee).publish(answer(asked, key, private=True))
