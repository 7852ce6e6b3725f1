"""What every way in looks like: a connector reads pages, and fails in the two ways of `failures`."""

import enum
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from openroads.archive.message import Message
from openroads.connectors.http import Guarded
from openroads.connectors.sentences import Sentence, say


class Can(enum.Flag):
    """What a connector is able to do."""

    READ = enum.auto()
    PUBLISH = enum.auto()


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a connector's settings form; labels are English msgids."""

    name: str
    label: str = ""
    help: str = ""
    secret: bool = False
    required: bool = True
    default: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    """Values with their labels, where a person chooses one."""


def row_of(number: int) -> Sentence:
    """The place of a row as people name it: "row 17"."""
    return say("row {number}", number=str(number))


@dataclass(frozen=True, slots=True)
class Rejected:
    """One thing that could not be read: where it stands, why (a sentence) and what it held."""

    where: str
    reason: str
    raw: dict[str, str] | str


@dataclass(frozen=True, slots=True)
class Page:
    """A batch of messages and the cursor that continues after it.

    Save `cursor` only after the messages are durable; reading again from it repeats nothing and
    skips nothing. `total` is the number of rows when the source knows it; `share` is how much of
    the source lies behind this cursor, 0 to 1, when that can be told. `notes` are sentences on
    what was read differently from how it was told, such as entries without a date.
    """

    messages: list[Message]
    cursor: str
    rejected: list[Rejected] = field(default_factory=list)
    total: int | None = None
    share: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hearing(Page):
    """What a stream brought in a few seconds. It may be empty: then only the cursor moved on.

    Deletions are messages. Besides there is what the network says of whole accounts, each named by the
    beginning of its native ids, up to the third stroke: posts of those that are `gone` go, those before
    the messages of this page; `renamed` have another handle; of those that are `unsure` some posts may
    be gone, which `still_there` tells. `events` is how many things were heard, wanted or not, `last_at`
    when the last of them was said.
    """

    events: int = 0
    last_at: datetime | None = None
    gone: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    unsure: tuple[str, ...] = ()


class Streamed(ABC):
    """A way in that stays open. `told` are the settings of its network's form.

    Raises only TryLater (call again) and Refused (there is no stream here, or not for us).
    """

    kind: ClassVar[str]
    remembers: ClassVar[timedelta]
    """How far back a stream can be taken up again; what was said before that is for the search."""

    @abstractmethod
    def __init__(self, client: Guarded, told: Mapping[str, str]) -> None:
        """Ready to call, over the guarded client."""

    @classmethod
    @abstractmethod
    def line_of(cls, told: Mapping[str, str]) -> str:
        """A name that is the same for sources that may be heard on one line; empty: on its own."""

    @abstractmethod
    def listen(self, topic: str, cursor: str, alive: Callable[[], bool]) -> Iterator[Hearing]:
        """What is said from a little before `cursor` on (empty: from now on) and fits the topic, every
        few seconds, also when it is nothing; ends when `alive` answers no. While a page is being
        stored nothing more is read, so that a slow archive slows down the network and not the house."""

    def still_there(self, native_ids: Sequence[str]) -> set[str]:
        """Those of these posts that the network still shows; all of them where it cannot be asked."""
        return set(native_ids)


class Connector(ABC):
    """A way in: `read` yields pages from a topic (an address, a path, a search) after a cursor.

    Raises only TryLater and Refused.
    """

    kind: ClassVar[str]
    label: ClassVar[str]
    can: ClassVar[Can]
    fields: ClassVar[tuple[Field, ...]]

    @abstractmethod
    def read(self, topic: str, cursor: str = "") -> Iterator[Page]:
        """Pages from where `cursor` left off; an empty cursor starts at the beginning."""
