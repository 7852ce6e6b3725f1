"""Letting others send posts: making an address, changing its secret, taking in what comes, clearing it away."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from openroads.connectors.failures import Refused
from openroads.connectors.port import Rejected
from openroads.connectors.pushed import KINDS, MOST_BYTES, MOST_REJECTED, Pushed, read_pushed
from openroads.connectors.sentences import say
from openroads.connectors.signatures import is_same, is_signed, is_signed_by_meta, new_secret
from openroads.delivery.jobs import enqueue
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.company import Brand
from openroads.directory.models import Person
from openroads.directory.people import system_person
from openroads.listening import policy
from openroads.listening.models import Source
from openroads.listening.networks import secrets_of
from openroads.listening.pushed import queries
from openroads.listening.pushed.models import Payload, PushAddress
from openroads.listening.register.grounds import Grounds, enter
from openroads.listening.saying import place

READ_PUSHED = "listening.read_pushed"
OLDER_HOLDS = timedelta(hours=24)
"""So long two secrets hold after a change, for a sender to change over."""
MOST_A_MINUTE = 120
MOST_WAITING = 1_000
KEPT_ROWS = timedelta(days=30)
KEPT_REJECTED = timedelta(days=7)
"""How long the body of a request that could not be read is kept, to be read again when that is mended."""
META = ("facebook", "instagram")
TRUSTPILOT = ("trustpilot",)


class NotSigned(Exception):
    """Nobody proved that they may send here."""


class TooOften(Exception):
    """Too many requests; `after` is the number of seconds to wait."""

    def __init__(self, after: int) -> None:
        super().__init__(after)
        self.after = after


class NotListening(Exception):
    """The source is paused."""


class OtherBody(Exception):
    """Under this id something else was sent before."""


class WrongKind(Exception):
    """The media type is none that is taken."""


@dataclass(frozen=True)
class Signed:
    """What a sender puts beside a body: its id of the request, the moment, the signature, and an
    Idempotency-Key where it has one."""

    id: str
    timestamp: str
    signature: str
    key: str = ""

    @property
    def deed(self) -> str:
        """What a request is known by; the two kinds of ids do not meet."""
        return f"key:{self.key}" if self.key else f"id:{self.id}"


@transaction.atomic
def open_source(
    *,
    by: Person,
    name: str,
    purpose: str,
    brand: Brand | None = None,
    grounds: Grounds | None = None,
) -> tuple[Source, str]:
    """A source that others push posts to, with the secret that signs them, which is shown this once."""
    directory_policy.require(by, policy.may_keep_sources)
    if Source.objects.filter(kind=Source.Kind.PUSH, name=name, brand=brand).exists():
        raise Refused(say("There is a source called “{name}” already.", name=name))
    source = Source.objects.create(
        kind=Source.Kind.PUSH,
        network="web",
        name=name,
        purpose=purpose,
        brand=brand,
        fingerprint=secrets.token_hex(16),
    )
    secret = _open(source, new_secret())
    entry = enter(source, grounds, by)
    trail.record(by, "opened address for posts", source, basis=entry.basis)
    return source, secret


@transaction.atomic
def open_hook(*, by: Person, source: Source) -> str:
    """An address that a network sends to what is new at a source, with the word that opens it, which
    is shown this once. Asked again it gives another word."""
    directory_policy.require(by, policy.may_keep_sources)
    if source.network not in queries.hooked_kinds():
        raise Refused(say("This network sends nothing by itself."))
    word = secrets.token_urlsafe(32)
    changed = PushAddress.objects.filter(source=source).first()
    if changed is None:
        _open(source, word)
        trail.record(by, "opened address for webhooks", source)
        return word
    changed.secret = word
    changed.save(update_fields=["secret"])
    trail.record(by, "changed secret of address", source)
    return word


@transaction.atomic
def change_secret(*, by: Person, source: Source) -> str:
    """Another secret for posts, shown this once; the one before holds for a day, unless it is ended."""
    directory_policy.require(by, policy.may_keep_sources)
    address = PushAddress.objects.select_for_update().get(source=source)
    address.older_secret, address.older_until = address.secret, timezone.now() + OLDER_HOLDS
    address.secret = new_secret()
    address.save(update_fields=["secret", "older_secret", "older_until"])
    trail.record(by, "changed secret of address", source)
    return str(address.secret)


@transaction.atomic
def end_older_secret(*, by: Person, source: Source) -> None:
    """Let the secret before this one hold no longer."""
    directory_policy.require(by, policy.may_keep_sources)
    PushAddress.objects.filter(source=source).update(older_secret="", older_until=None)
    trail.record(by, "ended older secret of address", source)


def take_posts(
    *, address: PushAddress, signed: Signed, kind: str, body: bytes, now: datetime
) -> dict[str, Any]:
    """Take in posts that were pushed; gives the answer, the same for the same request sent again.

    Kept before it is answered, and read by a job. Raises NotSigned, NotListening, WrongKind, TooOften,
    OtherBody, and Refused with a sentence for a body that cannot be read at all.
    """
    source = address.source
    told = (signed.id, signed.timestamp, body, signed.signature)
    if source.kind != Source.Kind.PUSH or not is_signed(address.secrets_at(now), *told, now):
        raise NotSigned
    if len(signed.id) > 150 or len(signed.key) > 150:
        raise Refused(say("The id of the request is longer than {most} characters.", most=150))
    if kind not in KINDS:
        raise WrongKind
    if not source.listening:
        raise NotListening
    _not_too_often(source)
    digest = hashlib.sha256(body).hexdigest()
    if before := queries.known_deed(source, signed.deed):
        return _same_answer(before, digest)
    found = read_pushed(body, kind, now)
    answer = _answer(signed.id, found)
    if not found.messages:
        return answer  # nothing to keep
    row = Payload(
        source=source, deed=signed.deed, digest=digest, kind=kind, body=body.decode("utf-8-sig"),
        size=len(body), answer=answer, lines=found.lines, rejected=len(found.rejected), came_at=now,
    )  # fmt: skip
    return _same_answer(_keep(row), digest)


def take_from_meta(*, address: PushAddress, signature: str, body: bytes, now: datetime) -> Payload:
    """Keep what Meta sends, to be read by a job. Raises NotSigned when the secret of our app did not
    sign this very body, also when we know no secret."""
    secret = secrets_of(address.source).get("app_secret", "")
    if not is_signed_by_meta(secret, body, signature):
        raise NotSigned
    return _keep_hook(address, body, now)


def take_from_trustpilot(*, address: PushAddress, word: str, body: bytes, now: datetime) -> Payload:
    """Keep what Trustpilot sends. Raises NotSigned when the word of this address was not shown."""
    if not any(is_same(known, word) for known in address.secrets_at(now)):
        raise NotSigned
    return _keep_hook(address, body, now)


def knows_word(address: PushAddress, word: str) -> bool:
    """Whether who asks was given the word of this address."""
    return any(is_same(known, word) for known in address.secrets_at(timezone.now()))


@transaction.atomic
def read_again(*, by: Person, payload: Payload) -> None:
    """Put a request that could not be read in line once more."""
    directory_policy.require(by, policy.may_keep_sources)
    waiting = Payload.objects.filter(pk=payload.pk, state=Payload.State.REJECTED).exclude(body="")
    if waiting.update(state=Payload.State.WAITING, error=""):
        trail.record(by, "read pushed request again", payload.source)
        enqueue(READ_PUSHED, key=_key(payload.source), by=by, source_id=payload.source_id)


def clear_out(*, now: datetime) -> int:
    """Delete what was read, or given up, long enough ago; gives how many rows. What waits stays."""
    done = Payload.objects.exclude(state=Payload.State.WAITING)
    done.filter(came_at__lt=now - KEPT_REJECTED).exclude(body="").update(body="")
    return done.filter(came_at__lt=now - KEPT_ROWS).delete()[0]


def _open(source: Source, secret: str) -> str:
    PushAddress.objects.create(source=source, public_id=secrets.token_urlsafe(18), secret=secret)
    return secret


def _keep_hook(address: PushAddress, body: bytes, now: datetime) -> Payload:
    """The same body sent twice is kept once: networks send again what they think was not heard."""
    if len(body) > MOST_BYTES:
        raise Refused(say("The request is larger than {size} MB.", size=MOST_BYTES / 1_000_000))
    digest = hashlib.sha256(body).hexdigest()
    if before := queries.known_deed(address.source, f"sha256:{digest}"):
        return before
    text = body.decode("utf-8", "replace").replace("\0", "")
    row = Payload(
        source=address.source, deed=f"sha256:{digest}", digest=digest, kind="application/json",
        body=text, size=len(body), came_at=now,
    )  # fmt: skip
    return _keep(row)


def _keep(row: Payload) -> Payload:
    """Keep a request and put its reading in line; who sent it at the same moment gets the one row."""
    if queries.backlog(row.source) >= MOST_WAITING:
        raise TooOften(60)
    try:
        with transaction.atomic():
            row.save()
            enqueue(READ_PUSHED, key=_key(row.source), by=system_person(), source_id=row.source_id)
    except IntegrityError:
        before = queries.known_deed(row.source, row.deed)
        if before is None:
            raise
        _same_answer(before, row.digest)
        return before
    return row


def _key(source: Source) -> str:
    return f"pushed-{source.pk}"


def _same_answer(before: Payload, digest: str) -> dict[str, Any]:
    if before.digest != digest:
        raise OtherBody
    answer: dict[str, Any] = before.answer
    return answer


def _not_too_often(source: Source) -> None:
    now = timezone.now()
    key = f"pushed-{source.pk}-{now:%H%M}"
    cache.add(key, 0, 90)
    try:
        times = cache.incr(key)
    except ValueError:  # it was thrown out this instant
        return
    if times > MOST_A_MINUTE:
        raise TooOften(60 - now.second)


def _answer(deed: str, found: Pushed) -> dict[str, Any]:
    return {
        "id": deed,
        "lines": found.lines,
        "accepted": len(found.messages),
        "deletions": found.deletions,
        "rejected": len(found.rejected),
        "rejections": _told(found.rejected),
    }


def _told(rejected: Sequence[Rejected]) -> list[dict[str, str]]:
    """The first of the reasons, without what the line held."""
    return [{"where": place(row.where), "why": str(row.reason)} for row in rejected[:MOST_REJECTED]]
