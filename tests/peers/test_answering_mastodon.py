"""Answering on a server that speaks Mastodon's API: once, to whom it is for, and found again when the line broke."""

import base64
from typing import Any
from urllib.parse import urlsplit

import pytest

from openroads.connectors.answering import Draft, Picture
from openroads.connectors.answering.mastodon import AnsweringMastodon
from openroads.connectors.failures import Refused, TryLater, Unsure
from openroads.connectors.http import Guarded
from tests.peers.conftest import Mastodon

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")  # fmt: skip


def way(server: Mastodon, token: str = "ilse-token") -> AnsweringMastodon:
    client = Guarded([urlsplit(server.url).netloc])
    return AnsweringMastodon(client, {"server": server.url, "token": token})


def answer(server: Mastodon, to: str, key: str, text: str = "Dat zoeken we uit.", **more: Any) -> Draft:  # fmt: skip
    host = urlsplit(server.url).netloc
    return Draft(key=key, text=text, to="daan", reply_to=f"{host}/{to}", language="nl", **more)


def asked_by_daan(server: Mastodon, tag: str) -> str:
    return server.post_as("daan-token", f"Mijn #{tag} accu is leeg")


def answers_to(server: Mastodon, number: str, token: str = "daan-token") -> list[Any]:
    told = server.ask("GET", f"/api/v1/statuses/{number}/context", token=token)
    return list(told["descendants"])


def test_an_answer_stands_under_the_post_with_a_mention(mastodon: Mastodon, tag: str) -> None:
    number = asked_by_daan(mastodon, tag)
    receipt = way(mastodon).publish(answer(mastodon, number, f"{tag} 1"))
    (found,) = answers_to(mastodon, number)
    assert receipt.native_id == f"{urlsplit(mastodon.url).netloc}/{found['id']}"
    assert receipt.url == found["url"] and receipt.sent_at
    assert found["visibility"] == "public" and found["language"] == "nl"
    assert [each["username"] for each in found["mentions"]] == ["daan"]


def test_the_same_deed_stands_there_once(mastodon: Mastodon, tag: str) -> None:
    number = asked_by_daan(mastodon, tag)
    first = way(mastodon).publish(answer(mastodon, number, f"{tag} 1"))
    again = way(mastodon).publish(answer(mastodon, number, f"{tag} 1"))
    assert first.native_id == again.native_id
    assert len(answers_to(mastodon, number)) == 1


def test_what_stands_there_is_found_and_what_does_not_is_not(mastodon: Mastodon, tag: str) -> None:
    number, other = asked_by_daan(mastodon, tag), asked_by_daan(mastodon, tag)
    said = (
        f"Kijk op https://windmee.example/{'a' * 60}?hulp=1&b=2\n\nVraag het @ilse: 2 < 3 & “ja”."
    )
    receipt = way(mastodon).publish(answer(mastodon, number, f"{tag} 1", said))
    found = way(mastodon).find(answer(mastodon, number, f"{tag} 1", said))
    assert found is not None and found.native_id == receipt.native_id
    assert way(mastodon).find(answer(mastodon, other, f"{tag} 1", said)) is None
    assert way(mastodon).find(answer(mastodon, number, f"{tag} 1", f"{said}!")) is None
    assert way(mastodon).find(answer(mastodon, number, f"{tag} 1", said, private=True)) is None


def test_a_private_answer_is_for_one(mastodon: Mastodon, tag: str) -> None:
    number = asked_by_daan(mastodon, tag)
    asked = answer(mastodon, number, f"{tag} 1", "Stuur je klantnummer.", private=True)
    receipt = way(mastodon).publish(asked)
    status = mastodon.ask("GET", f"/api/v1/statuses/{receipt.native_id.rpartition('/')[2]}")
    assert status["visibility"] == "direct"
    found = way(mastodon).find(asked)
    assert found is not None and found.native_id == receipt.native_id


def test_a_picture_goes_along_with_its_words(mastodon: Mastodon, tag: str) -> None:
    number = asked_by_daan(mastodon, tag)
    picture = Picture("accu.png", "image/png", PNG, "Een lege accu, “rood”")
    way(mastodon).publish(answer(mastodon, number, f"{tag} 1", picture=picture))
    (found,) = answers_to(mastodon, number)
    (media,) = found["media_attachments"]
    assert media["description"] == "Een lege accu, “rood”" and media["type"] == "image"


@pytest.mark.parametrize(
    ("effect", "error"),
    [
        ({"type": "status", "status": 503}, Unsure),
        ({"type": "ratelimit"}, TryLater),
        ({"type": "status", "status": 401}, Refused),
        ({"type": "status", "status": 422}, Refused),
        ({"type": "malformed"}, Unsure),
    ],
    ids=["503", "too often", "401", "422", "half JSON"],
)
def test_a_server_in_trouble_is_one_of_three(mastodon: Mastodon, tag: str, effect: dict[str, object], error: type[Exception]) -> None:  # fmt: skip
    number = asked_by_daan(mastodon, tag)
    mastodon.fault("/api/v1/statuses", **effect)
    with pytest.raises(error):
        way(mastodon).publish(answer(mastodon, number, f"{tag} 1"))


def test_who_we_are_there_and_how_long_an_answer_may_be(mastodon: Mastodon, tag: str) -> None:
    # As it names itself in the posts that are read back, whatever name it was reached by.
    assert way(mastodon).check() == f"@ilse@localhost:{urlsplit(mastodon.url).port}"
    assert way(mastodon).characters() == 500
    with pytest.raises(Refused, match="access token") as refused:
        way(mastodon, "wrong-token").check()
    assert "wrong-token" not in str(refused.value)


def test_a_post_that_is_gone_is_said_to_be(mastodon: Mastodon, tag: str) -> None:
    with pytest.raises(Refused):
        way(mastodon).publish(answer(mastodon, "999999999", f"{tag} 1"))
