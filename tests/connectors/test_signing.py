"""Signatures of webhooks: as the specification's own example, and true for nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.connectors.signing import ID, MOMENT, SIGNATURES, is_signed, new_secret, signed

# The example of https://github.com/standard-webhooks/standard-webhooks (its libraries' own tests).
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NUMBER = "msg_p5jXN8AQM9LWM0D4loKWxJek"
BODY = b'{"test": 2432232314}'
NOW = datetime.fromtimestamp(1_614_265_330, UTC)
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_example_of_the_specification_comes_out() -> None:
    assert signed([SECRET], NUMBER, NOW, BODY) == {
        ID: NUMBER, MOMENT: "1614265330", SIGNATURES: SIGNATURE,
    }  # fmt: skip


def test_either_of_two_secrets_is_enough_on_both_sides() -> None:
    new = new_secret()
    headers = signed([new, SECRET], NUMBER, NOW, BODY)
    assert headers[SIGNATURES].count("v1,") == 2
    assert is_signed([SECRET], headers, BODY, NOW)
    assert is_signed([new], headers, BODY, NOW)
    assert is_signed([new_secret(), new], headers, BODY, NOW)
    assert not is_signed([new_secret()], headers, BODY, NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {ID: "msg_other"},
        {ID: ""},
        {MOMENT: "1614265331"},
        {MOMENT: "²"},
        {MOMENT: "-1614265330"},
        {MOMENT: ""},
        {SIGNATURES: ""},
        {SIGNATURES: SIGNATURE.replace("v1,", "v2,")},
        {SIGNATURES: "v1,é"},
    ],
)
def test_a_header_that_was_changed_is_no_signature(wrong: dict[str, str]) -> None:
    headers = {**signed([SECRET], NUMBER, NOW, BODY), **wrong}
    assert not is_signed([SECRET], headers, BODY, NOW)


def test_what_is_older_than_five_minutes_may_be_a_replay() -> None:
    headers = signed([SECRET], NUMBER, NOW, BODY)
    assert is_signed([SECRET], headers, BODY, NOW + timedelta(minutes=5))
    assert not is_signed([SECRET], headers, BODY, NOW + timedelta(minutes=5, seconds=1))
    assert not is_signed([SECRET], headers, BODY, NOW - timedelta(minutes=5, seconds=1))


@given(
    body=st.binary(max_size=200),
    other=st.binary(max_size=200),
    number=st.text("abc_123", min_size=1),
)
def test_one_signature_is_of_one_body(body: bytes, other: bytes, number: str) -> None:
    headers = signed([SECRET], number, NOW, body)
    assert is_signed([SECRET], headers, other, NOW) == (body == other)


def test_what_is_no_secret_is_said_to_be_none() -> None:
    with pytest.raises(ValueError, match="no secret"):
        signed(["whsec_not base64"], NUMBER, NOW, BODY)
