"""A picture with an answer: told by its bytes, without where it was taken, never without words."""

import secrets
import zlib
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from openroads.webcare.pictures import kind_of, picture_of, without_place


def segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


def chunk(name: bytes, content: bytes) -> bytes:
    return (
        len(content).to_bytes(4, "big")
        + name
        + content
        + zlib.crc32(name + content).to_bytes(4, "big")
    )


JPEG = b"\xff\xd8" + segment(0xE0, b"JFIF\0") + segment(0xE1, b"Exif\0\0GPS 52.51") + segment(0xDB, b"t" * 64) + b"\xff\xda\0\x02scan\xff\xd9"  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"h" * 13) + chunk(b"eXIf", b"GPS 52.51") + chunk(b"tEXt", b"Author Daan") + chunk(b"IEND", b"")  # fmt: skip


def test_where_it_was_taken_goes_and_the_picture_stays() -> None:
    jpeg, png = without_place(JPEG, "image/jpeg"), without_place(PNG, "image/png")
    assert b"GPS" not in jpeg and b"JFIF" in jpeg and jpeg.endswith(b"scan\xff\xd9")
    assert b"GPS" not in png and b"Daan" not in png and png.endswith(chunk(b"IEND", b""))


@given(st.binary(max_size=400))
def test_what_cannot_be_taken_apart_is_left_whole_or_shorter_and_never_fails(tail: bytes) -> None:
    for begins in (b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"GIF89a", b""):
        body = begins + tail
        for kind in ("image/jpeg", "image/png", "image/gif"):
            assert len(without_place(body, kind)) <= len(body)


@pytest.mark.parametrize(
    "body", [b"", b"<svg onload=alert(1)>", b"%PDF-1.7", b"MZ", b"RIFFxxxxAVI "]
)
def test_what_is_no_picture_is_refused_whatever_it_is_called(body: bytes) -> None:
    assert kind_of(body) == ""
    with pytest.raises(ValidationError, match="Choose a picture"):
        picture_of("photo.jpg", body, "A bike")


def test_without_words_and_when_too_large_it_is_refused() -> None:
    with pytest.raises(ValidationError, match="what the picture shows"):
        picture_of("a.jpg", JPEG, "  ")
    with pytest.raises(ValidationError, match="5 MB at most"):
        picture_of("a.jpg", JPEG + b"0" * 5_000_000, "A bike")


@pytest.mark.django_db
def test_a_picture_goes_along_with_the_answer_and_is_seen_by_who_sees_the_case(
    case: Any, daan: Any, noor: Any, signed_in: Any
) -> None:
    told = {
        "kind": "public", "text": "Zo zit de stekker", "key": secrets.token_hex(8), "seen": 1,
        "picture": SimpleUploadedFile("stekker.jpg", JPEG, "text/html"), "alt": "De stekker, van boven",
    }  # fmt: skip
    browser = signed_in(daan)
    assert browser.post(f"/answer/cases/{case.pk}/reply/", told).status_code == 302
    message = case.messages.get(kind="ours")
    assert bytes(message.picture) == without_place(JPEG, "image/jpeg")
    assert message.delivery.draft["picture"]["alt"] == "De stekker, van boven"
    page = browser.get(f"/answer/cases/{case.pk}/").content.decode()
    assert 'alt="De stekker, van boven"' in page
    shown = browser.get(f"/answer/messages/{message.pk}/picture/")
    assert (shown.headers["Content-Type"], shown.content) == ("image/jpeg", bytes(message.picture))
    assert signed_in(noor).get(f"/answer/messages/{message.pk}/picture/").status_code == 403
    fault = browser.post(f"/answer/cases/{case.pk}/reply/", {**told, "key": "k2", "alt": "", "picture": SimpleUploadedFile("a.jpg", JPEG)})  # fmt: skip
    assert fault.status_code == 409
    assert "what the picture shows" in fault.content.decode()
