"""Signatures of webhooks, as Standard Webhooks says: over id, moment and the bytes that were sent.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

PREFIX: Final = "whsec_"
VERSION: Final = "v1"
WINDOW: Final = timedelta(minutes=5)
"""How far the moment of a message may lie from now: older ones may be replays."""
ID: Final = "webhook-id"
MOMENT: Final = "webhook-timestamp"
SIGNATURES: Final = "webhook-signature"


def new_secret() -> str:
    """A secret of 256 bits, as people copy it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed(keys: Iterable[str], number: str, now: datetime, body: bytes) -> dict[str, str]:
    """The three headers of a message; one signature for each secret, so that both ends can change it
    without a message going lost."""
    moment = str(int(now.timestamp()))
    each = [f"{VERSION},{_signature(key, number, moment, body)}" for key in keys]
    return {ID: number, MOMENT: moment, SIGNATURES: " ".join(each)}


def is_signed(keys: Iterable[str], headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether a message was signed with one of these secrets within five minutes of `now`.

    `headers` are in lower case. Compares in constant time. That a message was not heard before is
    for the caller to see, by its id.
    """
    number, moment = headers.get(ID, ""), headers.get(MOMENT, "")
    if not number or not (moment.isascii() and moment.isdigit() and len(moment) < 12):
        return False
    if abs(now.timestamp() - int(moment)) > WINDOW.total_seconds():
        return False
    given = [
        signature
        for version, _comma, signature in (
            each.partition(",") for each in headers.get(SIGNATURES, "")[:2_000].split(" ")
        )
        if version == VERSION
    ]
    right = [_signature(key, number, moment, body) for key in keys]
    # Every pair is compared, whatever came before: time tells nothing.
    same = [hmac.compare_digest(a.encode(), b.encode()) for a in given for b in right]
    return any(same)


def _signature(key: str, number: str, moment: str, body: bytes) -> str:
    said = f"{number}.{moment}.".encode() + body
    return base64.b64encode(hmac.digest(_bytes_of(key), said, hashlib.sha256)).decode()


def _bytes_of(key: str) -> bytes:
    """The secret itself. Raises ValueError for what is none."""
    try:
        return base64.b64decode(key.removeprefix(PREFIX), validate=True)
    except binascii.Error as problem:
        raise ValueError("This is no secret of a webhook.") from problem
