"""What an insight rests on, as values: a set of posts or cases frozen at a moment, with a few people's
words. A working room makes them and hands them over; nothing here knows where they came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

SAMPLES = 5
"""Posts quoted with a piece of evidence."""
MOST_RAISED = 10_000
"""Posts of which it is kept that somebody raised it there."""


@dataclass(frozen=True)
class Quoted:
    """A post as it stood when it was quoted. Who wrote it is not copied: the archive knows, for those
    who may see it. `place` is where in this house it can be read; tone None: unknown."""

    post: int
    published_at: datetime
    source: int
    network: str
    language: str
    tone: float | None
    mood: int
    title: str
    text: str
    place: str = ""


@dataclass(frozen=True)
class Raised:
    """A post in which somebody raised it: where it stands, and a key that tells people apart (0: nobody
    named them). Who it is, the archive knows."""

    post: int
    published_at: datetime
    source: int
    network: str
    language: str
    author_key: int


@dataclass(frozen=True)
class Frozen:
    """A set as it was counted. Figures that nobody counted are None, never 0; `until` is out.

    `query` is the question word for word with its `version`, `url` the page that shows the set, and
    `now_url` the one that counts it again. `sieve` is the question so that the archive can be asked it
    over other days (see `asking`); None: it cannot, as for posts chosen one by one. `raised` are the
    newest `MOST_RAISED` posts in it.
    """

    kind: str
    name: str
    url: str = ""
    now_url: str = ""
    query: str = ""
    version: int | None = None
    since: date | None = None
    until: date | None = None
    first_on: date | None = None
    """The day of the first post in it."""
    posts: int | None = None
    people: int | None = None
    nameless: int | None = None
    rated: int | None = None
    net: float | None = None
    net_low: float | None = None
    net_high: float | None = None
    cases: int | None = None
    quotes: tuple[Quoted, ...] = ()
    sieve: dict[str, Any] | None = None
    raised: Sequence[Raised] = ()


@dataclass(frozen=True)
class Origin:
    """Where an insight was begun: a room, its number of the thing there, and its address."""

    room: str = ""
    id: str = ""
    url: str = ""
