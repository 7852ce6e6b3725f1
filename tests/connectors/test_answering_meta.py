"""Answering at Facebook and Instagram, on a server that answers in the shapes of Meta's documentation; it
was never run against Meta itself."""

from typing import Any

import pytest

from openroads.connectors.answering import Draft, Limits, Picture
from openroads.connectors.answering.facebook import AnsweringFacebook
from openroads.connectors.answering.instagram import AnsweringInstagram
from openroads.connectors.failures import Refused, TryLater, Unsure
from openroads.connectors.meta import proof
from tests.connectors.answered import HANG_UP, Asked, Network, draft, network

__all__ = ["network"]
V = "/v25.0"
POST, COMMENT, ANSWER = "100_1", "1_2", "1_3"
SAID = "Dag Marloes, dat zoeken we uit."


@pytest.fixture
def page(network: Network, monkeypatch: pytest.MonkeyPatch) -> AnsweringFacebook:
    monkeypatch.setattr(AnsweringFacebook, "api", network.url)
    return AnsweringFacebook(network.client, {"topic": "100", "token": "a-token", "app_secret": "a-secret"})  # fmt: skip


@pytest.fixture
def account(network: Network, monkeypatch: pytest.MonkeyPatch) -> AnsweringInstagram:
    monkeypatch.setattr(AnsweringInstagram, "api", network.url)
    network.says(f"GET {V}/200", {"username": "windmee", "id": "200"})
    return AnsweringInstagram(network.client, {"topic": "200", "token": "a-token", "app_secret": "a-secret"})  # fmt: skip


def answer(**more: Any) -> Draft:
    return draft(**{"reply_to": COMMENT, "thread": POST, **more})


def fault(code: int, why: str = "Because.") -> tuple[int, object]:
    return 400, {"error": {"code": code, "message": why}}


def comment(number: str, text: str, parent: str = "", by: str = "100") -> dict[str, object]:
    told = {"id": number, "message": text, "from": {"id": by}, "created_time": "2026-11-02T09:00:00+0000"}  # fmt: skip
    return {**told, "parent": {"id": parent}} if parent else told


def test_a_comment_in_reply_is_signed_and_its_token_stands_in_no_address(network: Network, page: AnsweringFacebook) -> None:  # fmt: skip
    network.says(f"POST {V}/{COMMENT}/comments", {"id": ANSWER})
    receipt = page.publish(answer())
    assert (receipt.native_id, receipt.url) == (ANSWER, "https://www.facebook.com/1_3")
    (asked,) = network.asked
    assert asked.told == {"message": SAID}
    assert asked.headers["authorization"] == "Bearer a-token"
    assert asked.query == {"appsecret_proof": proof("a-secret", "a-token")}


@pytest.mark.parametrize(
    ("told", "error"),
    [
        (fault(4), TryLater),
        (fault(2), Unsure),
        (fault(190), Refused),
        (fault(100), Refused),
        (fault(10), Refused),
        ((500, {}), Unsure),
        (HANG_UP, Unsure),
        ({}, Unsure),
    ],
    ids=["too often", "passing", "token", "gone", "not allowed", "500", "hangs up", "no id"],
)
def test_each_trouble_of_meta_is_one_of_three(network: Network, page: AnsweringFacebook, told: object, error: type) -> None:  # fmt: skip
    network.says(f"POST {V}/{COMMENT}/comments", told)
    with pytest.raises(error):
        page.publish(answer())


def test_a_lost_comment_is_found_by_who_where_and_what(network: Network, page: AnsweringFacebook) -> None:  # fmt: skip
    network.says(f"GET {V}/{COMMENT}", {"id": COMMENT})
    there = [
        comment("1_9", SAID, COMMENT, by="555"),  # somebody copied us
        comment("1_8", SAID, "1_77"),  # ours, elsewhere in the thread
        comment("1_7", "Iets anders", COMMENT),
    ]
    network.says(f"GET {V}/{POST}/comments", {"data": there})
    assert page.find(answer()) is None
    network.says(f"GET {V}/{POST}/comments", {"data": [*there, comment("1_6", SAID, COMMENT)]})
    found = page.find(answer())
    assert found and found.native_id == "1_6" and found.sent_at


def test_an_answer_to_an_answer_is_found_under_the_first_comment(network: Network, page: AnsweringFacebook) -> None:  # fmt: skip
    network.says(f"GET {V}/{COMMENT}", {"id": COMMENT, "parent": {"id": "1_1"}})
    network.says(f"GET {V}/{POST}/comments", {"data": [comment("1_6", SAID, "1_1")]})
    found = page.find(answer())
    assert found and found.native_id == "1_6"


def test_a_list_that_never_ends_proves_nothing(network: Network, page: AnsweringFacebook) -> None:
    network.says(f"GET {V}/{COMMENT}", {"id": COMMENT})
    more = {"data": [comment("1_7", "x", COMMENT)], "paging": {"next": "more", "cursors": {"after": "m"}}}  # fmt: skip
    network.says(f"GET {V}/{POST}/comments", more)
    with pytest.raises(TryLater):
        page.find(answer())


def test_a_private_message_goes_to_who_made_the_comment_and_cannot_be_looked_up(network: Network, page: AnsweringFacebook) -> None:  # fmt: skip
    network.says(f"POST {V}/100/messages", {"recipient_id": "7", "message_id": "m_1"})
    assert page.publish(answer(private=True)).native_id == "m_1"
    assert network.asked[0].told == {"recipient": {"comment_id": COMMENT}, "message": {"text": SAID}}  # fmt: skip
    with pytest.raises(Unsure):
        page.find(answer(private=True))
    with pytest.raises(Refused, match="1,000"):
        page.publish(answer(private=True, text="x" * 1_001))


def test_what_is_no_number_becomes_no_address(network: Network, page: AnsweringFacebook) -> None:
    for told in ("", "../me", "1_2/likes", "１_2"):
        with pytest.raises(Refused):
            page.publish(answer(reply_to=told))
    assert network.asked == []


def test_an_instagram_answer_hangs_under_the_comment_with_a_mention(network: Network, account: AnsweringInstagram) -> None:  # fmt: skip
    network.says(f"GET {V}/17", {"id": "17"})
    network.says(f"POST {V}/17/replies", {"id": "18"})
    asked = answer(reply_to="17", thread="16", to="marloes")
    assert account.publish(asked).native_id == "18"
    assert network.did("POST")[0].told == {"message": f"@marloes {SAID}"}
    network.says(f"GET {V}/19", {"id": "19", "parent_id": "17"})
    assert account.publish(answer(reply_to="19", thread="16")).native_id == "18"  # an answer to one
    network.says(f"POST {V}/16/comments", {"id": "20"})
    assert account.publish(answer(reply_to="16", thread="16")).native_id == "20"  # to the post


def test_a_lost_instagram_answer_is_found(network: Network, account: AnsweringInstagram) -> None:
    network.says(f"GET {V}/17", {"id": "17"})
    asked = answer(reply_to="17", thread="16", to="marloes")
    there = [{"id": "21", "text": f"@marloes {SAID}", "username": "copycat"}]
    network.says(f"GET {V}/17/replies", {"data": there})
    assert account.find(asked) is None
    ours = {"id": "22", "text": f"@marloes {SAID}", "username": "windmee", "timestamp": "2026-11-02T09:00:00+0000"}  # fmt: skip
    network.says(f"GET {V}/17/replies", {"data": [*there, ours]})
    found = account.find(asked)
    assert found and found.native_id == "22"


def test_who_we_are_there(network: Network, page: AnsweringFacebook, account: AnsweringInstagram) -> None:  # fmt: skip
    network.says(f"GET {V}/100", {"name": "Windmee", "id": "100"})
    assert (page.check(), account.check()) == ("Windmee", "@windmee")


def test_what_meta_lets_us_say_privately_ends_after_a_week() -> None:
    limits: Limits = AnsweringFacebook.limits
    assert (limits.hours, limits.private, limits.public, limits.picture) == (168, True, True, True)
    # Instagram's comments are words alone.
    assert not AnsweringInstagram.limits.picture


PNG = b"\x89PNG\r\n\x1a\nnot much of one"


def picture(kind: str = "image/png") -> Picture:
    return Picture("stekker.png", kind, PNG, "De stekker, van boven")


def test_a_picture_goes_along_as_a_photo_that_the_comment_alone_shows(
    network: Network, page: AnsweringFacebook
) -> None:
    network.says(f"POST {V}/100/photos", {"id": "777"})
    network.says(f"POST {V}/{COMMENT}/comments", {"id": ANSWER})
    assert page.publish(answer(picture=picture())).native_id == ANSWER
    photo, said = network.asked
    kind, _, mark = photo.headers["content-type"].partition("; boundary=")
    assert kind == "multipart/form-data" and photo.body.endswith(f"--{mark}--\r\n".encode())
    assert photo.query == {"appsecret_proof": proof("a-secret", "a-token")}
    for part in (b'name="published"\r\n\r\nfalse', b'name="alt_text_custom"\r\n\r\nDe stekker, van boven', b'name="source"; filename="picture.png"', PNG):  # fmt: skip
        assert part in photo.body
    assert said.told == {"message": SAID, "attachment_id": "777"}


@pytest.mark.parametrize("told", [(400, {"error": {"code": 2, "message": "Busy."}}), HANG_UP, {}])
def test_a_picture_that_got_lost_leaves_no_doubt_about_the_answer(
    network: Network, page: AnsweringFacebook, told: object
) -> None:
    network.says(f"POST {V}/100/photos", told)
    with pytest.raises(TryLater):
        page.publish(answer(picture=picture()))
    assert not [asked for asked in network.asked if "comments" in asked.path]


def test_a_picture_that_facebook_does_not_take_is_refused_before_anything_leaves(
    network: Network, page: AnsweringFacebook
) -> None:
    for one in (answer(picture=picture("image/webp")), answer(picture=picture(), private=True)):
        with pytest.raises(Refused):
            page.publish(one)
    assert network.asked == []


def test_a_question_is_a_question(network: Network, page: AnsweringFacebook) -> None:
    def only_get(asked: Asked) -> object:
        assert asked.method == "GET"
        return {"data": []}

    network.routes[f"GET {V}/{POST}/comments"] = only_get
    network.says(f"GET {V}/{COMMENT}", {"id": COMMENT})
    assert page.find(answer()) is None
    assert network.did("POST") == []
