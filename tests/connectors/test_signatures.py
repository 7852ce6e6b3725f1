"""Signatures of those who send us posts: Standard Webhooks' own example, and everything that is none."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.connectors import signatures as sig

# The example of the specification's own libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
DEED, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}'
RIGHT = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
NOW = datetime.fromtimestamp(1614265330, UTC)


def test_the_example_of_the_specification_is_signed() -> None:
    assert sig.sign(SECRET, DEED, AT, BODY) == RIGHT
    assert sig.is_signed([SECRET], DEED, AT, BODY, RIGHT, NOW)


def test_one_of_two_secrets_and_one_of_several_signatures_is_enough() -> None:
    other = sig.new_secret()
    assert sig.is_signed([other, SECRET], DEED, AT, BODY, f"v1a,x v1,AAAA {RIGHT}", NOW)
    assert not sig.is_signed([other], DEED, AT, BODY, RIGHT, NOW)


@pytest.mark.parametrize("minutes", [-6, 6, -10_000, 10_000])
def test_what_was_signed_long_ago_or_ahead_is_not_believed(minutes: int) -> None:
    assert not sig.is_signed([SECRET], DEED, AT, BODY, RIGHT, NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("known", "deed", "at", "body", "told"),
    [
        ([], DEED, AT, BODY, RIGHT),
        ([SECRET], "", AT, BODY, RIGHT),
        ([SECRET], "other", AT, BODY, RIGHT),
        ([SECRET], DEED, "1614265331", BODY, RIGHT),
        ([SECRET], DEED, "16142653٣0", BODY, RIGHT),
        ([SECRET], DEED, "", BODY, RIGHT),
        ([SECRET], DEED, AT, BODY + b" ", RIGHT),
        ([SECRET], DEED, AT, BODY, ""),
        ([SECRET], DEED, AT, BODY, RIGHT.removeprefix("v1,")),
        ([SECRET], DEED, AT, BODY, "v2," + RIGHT[3:]),
        ([SECRET], DEED, AT, BODY, "v1,é"),
    ],
)
def test_what_is_not_signed(known: list[str], deed: str, at: str, body: bytes, told: str) -> None:
    assert not sig.is_signed(known, deed, at, body, told, NOW)


@given(st.text(max_size=40), st.text(max_size=40), st.binary(max_size=40), st.text(max_size=80))
def test_nothing_a_stranger_sends_is_signed_or_breaks(
    deed: str, at: str, body: bytes, told: str
) -> None:
    assert not sig.is_signed([SECRET], deed, at, body, told, NOW)
    assert not sig.is_signed_by_meta("app", body, told)


def test_meta_signs_the_very_bytes() -> None:
    # openssl: printf '{"entry":[]}' | openssl dgst -sha256 -hmac app-secret
    right = "sha256=fe6aaed5aff30b5679e782271914a2287bdd7de6bedb495c95c24ad91e5e3fdb"
    body = b'{"entry":[]}'
    assert sig.is_signed_by_meta("app-secret", body, right)
    assert not sig.is_signed_by_meta("app-secret", body + b"\n", right)
    assert not sig.is_signed_by_meta("", body, right)
    assert not sig.is_signed_by_meta("app-secret", body, right.upper())


def test_two_secrets_are_never_the_same_and_none_is_no_secret() -> None:
    first, second = sig.new_secret(), sig.new_secret()
    assert first != second and len(sig.key_of(first)) == 32
    assert sig.is_same("word", "word") and not sig.is_same("", "") and not sig.is_same("word", "")
    for wrong in ("", "whsec_", "whsec_!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"):
        with pytest.raises(ValueError):
            sig.key_of(wrong)
