"""Whether what somebody sends us is signed by who we gave the secret to: Standard Webhooks, and Meta's way."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(minutes=5)
"""How far the sender's clock may be from ours: what was signed earlier is not believed any more."""
PREFIX: Final = "whsec_"
MOST_SIGNATURES: Final = 10
"""In one header; a sender that changes its secret sends two."""


def new_secret() -> str:
    """A secret as Standard Webhooks writes it: 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def key_of(secret: str) -> bytes:
    """The bytes that sign. Raises ValueError for what is no such secret."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("no secret of Standard Webhooks") from None
    if not secret.startswith(PREFIX) or not key:
        raise ValueError("no secret of Standard Webhooks")
    return key


def sign(secret: str, deed: str, timestamp: str, body: bytes) -> str:
    """The signature of a body under an id and a moment in seconds: "v1," and base64 of HMAC-SHA256 over
    `id.timestamp.body` (https://www.standardwebhooks.com)."""
    said = b".".join((deed.encode(), timestamp.encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key_of(secret), said, "sha256")).decode()


def is_signed(
    known: Iterable[str], deed: str, timestamp: str, body: bytes, told: str, now: datetime
) -> bool:
    """Whether one of the known secrets made one of the signatures told, not more than five minutes ago.

    Without a known secret nothing is signed. Every secret is tried, in constant time each.
    """
    if not deed or not is_fresh(timestamp, now):
        return False
    offered = [each for each in told.split()[:MOST_SIGNATURES] if each.startswith("v1,")]
    good = False
    for secret in known:
        right = sign(secret, deed, timestamp, body).encode()
        for each in offered:
            good |= hmac.compare_digest(right, each.encode("utf-8", "replace"))
    return good


def is_fresh(timestamp: str, now: datetime) -> bool:
    """Whether a moment in seconds since 1970 lies within five minutes of now, before or after."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(int(timestamp) - now.timestamp()) <= WINDOW.total_seconds()


def is_signed_by_meta(secret: str, body: bytes, told: str) -> bool:
    """Whether Meta's `X-Hub-Signature-256` is that of this raw body under the secret of our app; never
    without a secret (https://developers.facebook.com/docs/graph-api/webhooks/getting-started)."""
    if not secret:
        return False
    right = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(right.encode(), told.strip().encode("utf-8", "replace"))


def is_same(secret: str, told: str) -> bool:
    """Whether somebody knows a secret, compared in constant time; nobody does when there is none."""
    return bool(secret) and hmac.compare_digest(secret.encode(), told.encode("utf-8", "replace"))
