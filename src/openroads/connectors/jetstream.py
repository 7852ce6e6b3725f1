"""Bluesky as it is said: the whole network over a Jetstream, sifted here, deletions and accounts folded in."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from openroads.archive.message import Message
from openroads.archive.platform import owner_of
from openroads.connectors.answers import Told, inside, text
from openroads.connectors.bluesky import JETSTREAM, VIEWED, Profiles, as_message, words_of
from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.http import Guarded
from openroads.connectors.looking import Wanted
from openroads.connectors.port import Hearing, Streamed
from openroads.connectors.searching import searches_in
from openroads.connectors.sentences import say
from openroads.connectors.websocket import WebSocket

POSTS: Final = "app.bsky.feed.post"
BEFORE: Final = timedelta(seconds=5)
"""Taken up again from a little earlier: servers number and time things each on its own clock."""
EVERY: Final = 5.0
"""Seconds after which what was heard is handed over."""
MOST: Final = 2_000
"""Wanted posts at which it is handed over sooner; of deletions and accounts, which are of the whole
network and hardly ever concern us, ten times as many."""
TICK: Final = 0.5
V1: Final = "/subscribe"
V2: Final = "/xrpc/network.bsky.jetstream.subscribeEvents"
AWAY: Final = frozenset({"deleted", "takendown", "suspended", "deactivated"})


@dataclass
class _Batch:
    """What was heard since the last page, folded: of each account and post what is true now."""

    posts: dict[str, Told | None] = field(default_factory=dict)
    """The record by its address; None: deleted, or says nothing any more that is looked for."""
    at: dict[str, int] = field(default_factory=dict)
    gone: dict[str, None] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    unsure: dict[str, None] = field(default_factory=dict)
    events: int = 0
    last: int = 0

    wanted: int = 0

    @property
    def is_full(self) -> bool:
        others = len(self.posts) + len(self.gone) + len(self.renamed) + len(self.unsure)
        return self.wanted >= MOST or others >= 10 * MOST

    def put(self, address: str, record: Told | None, moment: int) -> None:
        self.posts.pop(address, None)  # the last word also comes last
        self.posts[address], self.at[address] = record, moment
        self.wanted += record is not None

    def account_is_gone(self, did: str) -> None:
        """Everything it said before is no more; what it says later counts."""
        for address in [each for each in self.posts if owner_of(each) == f"at://{did}"]:
            del self.posts[address]
        self.gone[f"at://{did}"] = None


class Jetstream(Streamed):
    """Public posts of the whole network that fit a Boolean query, from a Jetstream server."""

    kind: ClassVar[str] = "bluesky"
    every: ClassVar[float] = EVERY
    remembers: ClassVar[timedelta] = timedelta(hours=36)

    def __init__(
        self,
        client: Guarded,
        told: Mapping[str, str],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
        every: float | None = None,
    ) -> None:
        self._client = client
        self._now, self._clock, self._every = now, clock, every or self.every
        self._address = told.get(JETSTREAM.name, "") or JETSTREAM.default
        self.profiles = Profiles(client, told.get(VIEWED.name, "") or VIEWED.default)

    @classmethod
    def line_of(cls, told: Mapping[str, str]) -> str:
        """All sources that hear the same server and ask the same one for names share a line."""
        return " ".join(told.get(each.name, "") or each.default for each in (JETSTREAM, VIEWED))

    def listen(self, topic: str, cursor: str, alive: Callable[[], bool]) -> Iterator[Hearing]:
        """The cursor is the moment of the last event, in microseconds since 1970: every server
        understands it, where its own numbers are its own."""
        wanted = Wanted(searches_in(topic, most=None))
        socket = self._call(cursor)
        try:
            batch, since = _Batch(last=int(cursor) if cursor.isdigit() else 0), self._clock()
            while alive():
                try:
                    for said in socket.messages(TICK):
                        self._take(batch, said, wanted)
                except TryLater:
                    if batch.events:  # or a server that hangs up every few seconds is never heard
                        yield self._page(batch)
                    raise
                if batch.is_full or self._clock() - since >= self._every:
                    yield self._page(batch)
                    batch, since = _Batch(last=batch.last), self._clock()
            if batch.events:
                yield self._page(batch)
        finally:
            socket.close()

    def still_there(self, native_ids: Sequence[str]) -> set[str]:
        """Asked of the server that knows the names as well."""
        return self.profiles.posts_shown(native_ids)

    def _call(self, cursor: str) -> WebSocket:
        """The newer way of speaking, which tells of accounts that must be looked at again; where a
        server does not know it, the older one."""
        back = int(cursor) - int(BEFORE.total_seconds() * 1e6) if cursor.isdigit() else 0
        since = {"cursor": back} if back > 0 else {}
        base = self._address.rstrip("/")
        try:
            return WebSocket(
                self._client, f"{base}{V2}?{urlencode({'collections': POSTS, **since})}"
            )
        except Refused:
            asked = urlencode({"wantedCollections": POSTS, **since})
            return WebSocket(self._client, f"{base}{V1}?{asked}")

    def _take(self, batch: _Batch, said: str, wanted: Wanted) -> None:
        """Fold one event in; what is no event we know is passed over."""
        event = _event(said)
        if event is None:
            return
        kind, did, moment, told = event
        batch.events += 1
        batch.last = max(batch.last, moment)
        if kind == "commit":
            self._take_post(batch, did, moment, told, wanted)
        elif kind == "account" and told.get("active") is False and _status(told) in AWAY:
            batch.account_is_gone(did)
            self.profiles.forget(did)
        elif kind == "identity":
            self.profiles.forget(did)
            if handle := text(told, "handle"):
                batch.renamed[f"at://{did}"] = handle
        elif kind == "sync":
            batch.unsure[f"at://{did}"] = None

    def _take_post(self, batch: _Batch, did: str, moment: int, told: Told, wanted: Wanted) -> None:
        if text(told, "collection") != POSTS or not text(told, "rkey"):
            return
        address = f"at://{did}/{POSTS}/{text(told, 'rkey')}"
        operation, record = text(told, "operation"), inside(told, "record")
        if operation == "delete":
            batch.put(address, None, moment)
        elif operation in ("create", "update") and record:
            if self._is_wanted(record, address, did, moment, wanted):
                batch.put(address, record, moment)
            elif operation == "update" or address in batch.posts:
                batch.put(address, None, moment)

    def _is_wanted(self, record: Told, address: str, did: str, moment: int, wanted: Wanted) -> bool:
        """By its words first: of a thousand posts nearly none has one that is looked for."""
        if not wanted.may_find(words_of(record)):
            return False
        message = as_message(_view(address, did, record, moment), self._now())
        return message is not None and wanted.finds(message)

    def _page(self, batch: _Batch) -> Hearing:
        """The batch as messages, under the names their authors have. Raises TryLater when these cannot
        be asked: the same is heard again then, and nobody is taken in without having been asked for."""
        dids = {owner_of(address)[5:] for address, record in batch.posts.items() if record}
        profiles = self.profiles.of(dids)
        messages = []
        for address, record in batch.posts.items():
            did = owner_of(address)[5:]
            if record is None:
                messages.append(_deletion(address, batch.at[address]))
            elif did in profiles:
                view = _view(address, did, record, batch.at[address], profiles[did])
                said = as_message(view, self._now())
                messages.append(said or _deletion(address, batch.at[address]))
        return Hearing(
            messages,
            str(batch.last) if batch.last else "",
            events=batch.events,
            last_at=_moment(batch.last) if batch.last else None,
            gone=tuple(batch.gone),
            renamed=tuple(batch.renamed.items()),
            unsure=tuple(batch.unsure),
        )


def _event(said: str) -> tuple[str, str, int, Told] | None:
    """Kind, account, moment and what is told, from either way of speaking. Raises TryLater for the
    server's own word that it hangs up."""
    try:
        told = json.loads(said)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    if told.get("$type") == "error":
        raise TryLater(say("The stream ended: {why}.", why=text(told, "error")[:60]))
    if "payload" in told:
        payload = inside(told, "payload")
        kind = text(payload, "$type").rpartition("#")[2]
        moment = _microseconds(text(payload, "witnessedAt") or text(payload, "time"))
        inner = payload if kind == "commit" else inside(payload, kind) or payload
        did = text(payload, "did")
    else:
        kind, did = text(told, "kind"), text(told, "did")
        stamp = told.get("time_us")
        moment = stamp if isinstance(stamp, int) and not isinstance(stamp, bool) else 0
        inner = inside(told, kind) if kind else {}
    if not did.startswith("did:") or not 0 < moment < 4_102_444_800_000_000:
        return None
    return kind, did, moment, inner


def _status(account: Told) -> str:
    # An account that is not active and does not say why is not to be shown either.
    return text(account, "status") or "deactivated"


def _view(
    address: str, did: str, record: Told, moment: int, profile: Told | None = None
) -> dict[str, Any]:
    """A record as the search shows posts, so that both become the same message."""
    author = profile or {"did": did, "handle": did}
    return {"uri": address, "author": author, "record": record, "indexedAt": _iso(moment)}


def _deletion(address: str, moment: int) -> Message:
    return Message(address, "bluesky", "", _moment(moment), op="delete")


def _moment(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1e6, UTC)


def _iso(microseconds: int) -> str:
    return _moment(microseconds).isoformat()


def _microseconds(told: str) -> int:
    try:
        moment = datetime.fromisoformat(told.replace("Z", "+00:00"))
    except ValueError:
        return 0
    return int(moment.timestamp() * 1e6) if moment.tzinfo else 0
