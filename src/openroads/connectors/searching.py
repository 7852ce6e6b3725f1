"""Networks that are searched: lists that show the newest first, read so that every post comes once,
also after a stop in the middle."""

import json
import time
from abc import abstractmethod
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final

from openroads.archive.message import Message
from openroads.connectors.answers import ask
from openroads.connectors.failures import Refused
from openroads.connectors.http import Answer, Guarded
from openroads.connectors.metering import Allowance, Counted, Meter
from openroads.connectors.port import Can, Connector, Field, Page, Rejected
from openroads.connectors.sentences import say

OVERLAP: Final = timedelta(hours=2)
"""Read again at each visit: networks show some posts late, and people mend what they wrote."""
MOST_PAGES: Final = 100
"""Pages of one visit; the next visit goes on where it stopped."""
EVERY_MINUTES: Final = 15
MOST_SEARCHES: Final = 10
MOST_DAYS: Final = 3_650

LOOK_FOR: Final = Field(
    "topic",
    say("What to look for"),
    say("Names and words as people write them, separated by commas: Windmee, wind mee, #windmee."),
)
HEAR_FOR: Final = Field(
    "topic",
    say("What to look for"),
    say(
        "Names and words as people write them, separated by commas: Windmee, wind mee, #windmee. A stream also takes Boolean queries."
    ),
    required=False,
)
"""The same where a network can be heard as well; what is said to an own account is not looked for."""
BACK: Final = Field(
    "days",
    say("Days to look back"),
    say("How far back the first visit goes."),
    required=False,
    default="30",
)


SEARCH, STREAM, OWN = "search", "stream", "own"
WAY: Final = Field(
    "way",
    say("How to listen"),
    say("A stream brings what is said within seconds; a search asks every quarter of an hour."),
    required=False,
    default=SEARCH,
    choices=(
        (SEARCH, say("By search")),
        (STREAM, say("By stream")),
        (OWN, say("Mentions of and replies to your own account")),
    ),
)


def way_of(told: Mapping[str, str]) -> str:
    """How a source listens: by search where nobody chose."""
    return told.get(WAY.name, "") or SEARCH


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a list: its posts, and the network's mark of where older ones begin (empty: there are
    none in the asked time)."""

    messages: list[Message]
    older: str
    rejected: tuple[Rejected, ...] = ()


Ask = Callable[[str, datetime, str], Slice]
"""What gives posts that match a search and were said from a moment on, newest first, after a mark."""


@dataclass(frozen=True, slots=True)
class _Walk:
    """How far one search has been read.

    `since` is the moment up to which all is read. A walk goes down from the newest post, `top`, to
    it; `older` is where it goes on, empty when none is under way.
    """

    since: str
    top: str = ""
    older: str = ""


def walk(
    ask: Ask,
    searches: tuple[str, ...],
    cursor: str,
    first: datetime,
    now: datetime,
    overlap: timedelta = OVERLAP,
) -> Iterator[Page]:
    """Pages of all searches, one after the other; each once more from a little before the newest post
    of its last walk, or from `first` on when it has had none.

    A cursor is the walks by search, as JSON: a search that is new begins at `first`, one that is no
    longer asked is forgotten.
    """
    before = _walks(cursor)
    walks = {search: before.get(search) or _Walk(first.isoformat()) for search in searches}
    pages = 0
    for search in searches:
        going = True
        while going and pages < MOST_PAGES:
            at, pages = walks[search], pages + 1
            since = datetime.fromisoformat(at.since)
            found = ask(search, since - overlap, at.older)
            # Some clocks run ahead: what they say must not make the next visit begin too late.
            said = [min(each.said_at, now) for each in found.messages]
            top = max([since, *_moments(at), *said])
            going = found.older not in ("", at.older)
            walks[search] = (
                _Walk(at.since, top.isoformat(), found.older) if going else _Walk(top.isoformat())
            )
            yield Page(found.messages, _cursor(walks), list(found.rejected))


class Searched(Connector):
    """A network with a search. Its topic is what to look for; `told` are the settings of its form.

    `now` is the moment of the visit.
    """

    can: ClassVar[Can] = Can.READ
    reads: ClassVar[str]
    """A sentence: what of the network is read."""
    asks: ClassVar[str]
    """A sentence: what a person must have."""
    between: ClassVar[float] = 1.0
    """Seconds between two questions."""
    every: ClassVar[int] = EVERY_MINUTES
    """Minutes between two visits."""
    overlap: ClassVar[timedelta] = OVERLAP
    """How much is read again at each visit."""
    agree: ClassVar[tuple[str, ...]] = ()
    """Sentences a person must read and confirm before the house listens here; none: it just may."""
    priced: ClassVar[bool] = False
    """Whether it costs money: then it stays off until a person has seen how much."""
    stays: ClassVar[bool] = False
    """Whether what it brings may leave the house in no file."""

    def __init__(
        self,
        client: Guarded,
        told: Mapping[str, str],
        now: datetime | None = None,
        pause: Callable[[float], None] = time.sleep,
        meter: Meter | None = None,
    ) -> None:
        self._client = client
        self._told = told
        self._now = now or datetime.now(UTC)
        self._pause = pause
        self._asked = False
        self._meter = meter or Counted(self._now)

    @classmethod
    def allowances(cls, told: Mapping[str, str]) -> tuple[Allowance, ...]:
        """What a source with these settings spends, and how much of it there is; none: nobody counts."""
        return ()

    @classmethod
    def minutes(cls, told: Mapping[str, str]) -> int:
        """Minutes between two visits of a source with these settings."""
        return cls.every

    def read(self, topic: str, cursor: str = "") -> Iterator[Page]:
        """What matches the searches, newest first, each from where the last visit left off; or what was
        said to the own account."""
        first = self._now - timedelta(days=days_back(self._told.get(BACK.name, "")))
        if way_of(self._told) == OWN:
            return walk(self._ask_own, (OWN,), cursor, first, self._now)
        return walk(self._ask, self._searches(topic), cursor, first, self._now, self.overlap)

    def _searches(self, topic: str) -> tuple[str, ...]:
        """What is asked, list by list."""
        return searches_in(topic)

    @classmethod
    def check(cls, told: Mapping[str, str]) -> None:
        """Look at settings before anybody is asked. Raises Refused with a sentence."""
        if way_of(told) != OWN:
            searches_in(told.get(LOOK_FOR.name, ""))
        days_back(told.get(BACK.name, ""))

    def _get(
        self, address: str, headers: Mapping[str, str] | None = None, /, **params: str | int
    ) -> Answer:
        """The answer to one question, a little after the one before."""
        return self._question(address, headers, params)

    def _question(
        self,
        address: str,
        headers: Mapping[str, str] | None,
        params: Mapping[str, str | int],
        also: Container[int] = (),
    ) -> Answer:
        """The same; answers with a status in `also` come back too, for who reads why."""
        if self._asked:
            self._pause(self.between)
        self._asked = True
        return ask(self._client, address, params, headers=headers, also=also)

    @abstractmethod
    def _ask(self, search: str, since: datetime, older: str) -> Slice:
        """One question to the network."""

    def _ask_own(self, search: str, since: datetime, older: str) -> Slice:
        """One question for what was said to the own account, where a network can be asked that."""
        raise Refused(say("This network cannot be asked what was said to you."))


def days_back(told: str) -> int:
    """How many days the first visit looks back. Raises Refused for what is no such number."""
    days = told.strip() or BACK.default
    if not (days.isascii() and days.isdigit() and 0 < int(days) <= MOST_DAYS):
        raise Refused(
            say(
                "“{told}” is not a number of days from 1 to {most}.", told=days[:20], most=MOST_DAYS
            )
        )
    return int(days)


def searches_in(topic: str, most: int | None = MOST_SEARCHES) -> tuple[str, ...]:
    """The searches a person wrote, separated by commas or lines. Raises Refused when there are none
    or too many."""
    found = [" ".join(part.split()) for part in topic.replace("\n", ",").split(",")]
    asked = tuple(dict.fromkeys(search for search in found if search))
    if not asked:
        raise Refused(say("Say what to look for."))
    if most is not None and len(asked) > most:
        raise Refused(say("One source looks for at most {most} things; make two of it.", most=most))
    return asked


def _walks(cursor: str) -> dict[str, _Walk]:
    try:
        told = json.loads(cursor) if cursor else {}
        walks = {str(search): _Walk(**walk) for search, walk in told.items()}
        for each in walks.values():
            datetime.fromisoformat(each.since)
    except (ValueError, TypeError, AttributeError):
        return {}  # a cursor that cannot be read: from the beginning, which adds nothing twice
    return walks


def _cursor(walks: dict[str, _Walk]) -> str:
    return json.dumps({search: asdict(each) for search, each in walks.items()})


def _moments(at: _Walk) -> list[datetime]:
    return [datetime.fromisoformat(at.top)] if at.top else []
