"""Mastodon as it is said: hashtags, or all that a server knows, by server-sent events; edits and deletions."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final
from urllib.parse import urlencode

from openroads.archive.message import Message
from openroads.connectors.answers import Told, as_object, inside, text
from openroads.connectors.events import SILENCE, Event, EventStream
from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.http import Guarded
from openroads.connectors.lines import with_something
from openroads.connectors.looking import Wanted
from openroads.connectors.mastodon import TOKEN, as_message, deletion, host_of
from openroads.connectors.port import Hearing, Streamed
from openroads.connectors.searching import searches_in
from openroads.connectors.servers import server_of

EVERY: Final = 5.0
MOST: Final = 500
TICK: Final = 0.5
AT_HAND: Final = 0.05
EDITED: Final = ("status.update", "status_update")
"""What an edit is called: as the documentation has it, and as some that speak this language do."""


@dataclass
class _Batch:
    """What was heard since the last page, by what it is known by: the last word counts."""

    messages: dict[str, Message] = field(default_factory=dict)
    events: int = 0
    last_at: datetime | None = None


class MastodonStream(Streamed):
    """Public posts with some hashtags, or that fit a Boolean query among all a server knows. A server's
    streams forget: what was said while nobody listened is for the search."""

    kind: ClassVar[str] = "mastodon"
    every: ClassVar[float] = EVERY
    remembers: ClassVar[timedelta] = timedelta(0)

    def __init__(
        self,
        client: Guarded,
        told: Mapping[str, str],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
        every: float | None = None,
        silence: float = SILENCE,
    ) -> None:
        self._client, self._told = client, told
        self._now, self._clock = now, clock
        self._every, self._silence = every or self.every, silence

    @classmethod
    def line_of(cls, told: Mapping[str, str]) -> str:
        """Never shared: the token is somebody's."""
        return ""

    def listen(self, topic: str, cursor: str, alive: Callable[[], bool]) -> Iterator[Hearing]:
        """The cursor is the moment of the last page; a stream starts at now, whatever it says."""
        searches = searches_in(topic)
        tags = [search[1:] for search in searches if search.startswith("#")]
        by_tag = len(tags) == len(searches) and all(tag.replace("_", "").isalnum() for tag in tags)
        wanted = None if by_tag else Wanted(searches)
        streams = self._call([("hashtag", tag) for tag in tags] if by_tag else [("public", "")])
        batch, since = _Batch(), self._clock()
        try:
            ready = list(streams)
            while alive():
                try:
                    for stream in ready:
                        for event in stream.events(AT_HAND):
                            self._take(batch, event, wanted)
                    ready = self._ready(streams)
                except TryLater:
                    if batch.events:  # nobody says it again
                        yield self._page(batch)
                    raise
                if len(batch.messages) >= MOST or self._clock() - since >= self._every:
                    yield self._page(batch)
                    batch, since = _Batch(), self._clock()
            if batch.events:
                yield self._page(batch)
        finally:
            for stream in streams:
                stream.close()

    def _page(self, batch: _Batch) -> Hearing:
        messages, mark = list(batch.messages.values()), self._now().isoformat()
        return Hearing(messages, mark, events=batch.events, last_at=batch.last_at)

    def _call(self, asked: list[tuple[str, str]]) -> list[EventStream]:
        server = self._streaming()
        token = self._told.get(TOKEN.name, "")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        opened: list[EventStream] = []
        try:
            for channel, tag in asked:
                query = f"?{urlencode({'tag': tag})}" if tag else ""
                address = f"{server}/api/v1/streaming/{channel}{query}"
                opened.append(
                    EventStream(self._client, address, headers=headers, silence=self._silence)
                )
        except BaseException:
            for stream in opened:
                stream.close()
            raise
        return opened

    def _streaming(self) -> str:
        """Where the server streams: it may be a name beneath its own. A token goes nowhere else."""
        server, home = server_of(self._told), host_of(self._told)
        try:
            told = as_object(self._client.get(f"{server}/api/v2/instance"))
        except Refused:  # an older server; its streams may be there nevertheless
            return server
        address = text(inside(told, "configuration", "urls"), "streaming")
        scheme, _, rest = address.partition("://")
        host = rest.partition("/")[0]
        if scheme not in ("wss", "ws") or not (host == home or host.endswith(f".{home}")):
            return server
        return f"{'https' if scheme == 'wss' else 'http'}://{host}"

    def _ready(self, streams: list[EventStream]) -> list[EventStream]:
        """The streams that have something to say, waited for a moment; each is watched for silence."""
        lines = {stream.line: stream for stream in streams}
        found = [lines[line] for line in with_something(list(lines), TICK)]
        for stream in streams:
            stream.line.watch()
        return found

    def _take(self, batch: _Batch, event: Event, wanted: Wanted | None) -> None:
        """Fold one event in: the last word about a post counts."""
        batch.events += 1
        batch.last_at = self._now()
        host, now = host_of(self._told), self._now()
        if event.name == "delete":
            said: Message | None = deletion(event.text.strip(), host, now)
        elif event.name == "update" or event.name in EDITED:
            status = _status(event.text)
            said = as_message(status, now, host)
            # Who edits away what we look for, or hides it, is not kept either.
            is_wanted = said is not None and (wanted is None or wanted.finds(said))
            if not is_wanted:
                known = event.name in EDITED and text(status, "id")
                said = deletion(text(status, "id"), host, now) if known else None
        else:
            return
        if said is not None and said.native_id:
            batch.messages.pop(said.native_id, None)
            batch.messages[said.native_id] = said


def _status(told: str) -> Told:
    try:
        status = json.loads(told)
    except (ValueError, RecursionError):
        return {}
    return status if isinstance(status, dict) else {}
