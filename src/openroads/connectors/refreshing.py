"""Networks that tell what became of a post: looked at again by its id, for edits and deletions."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from openroads.archive.message import Message
from openroads.connectors.failures import Refused
from openroads.connectors.port import Field
from openroads.connectors.sentences import say

MOST_HOURS: Final = 720
LONG_AGO: Final = datetime(1990, 1, 1, tzinfo=UTC)
RECHECK: Final = Field(
    "recheck",
    say("Hours until a post is looked at again"),
    say("What was deleted there goes here too, at the latest after so long."),
    required=False,
    default="24",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """When a kept post is looked at again; after how long without that it goes (None: never); and
    after how long its author's name goes (None: with the post)."""

    after: timedelta
    forget: timedelta | None = None
    names: timedelta | None = None


class Refreshes(ABC):
    """A network whose posts can be asked for again by their ids."""

    @classmethod
    @abstractmethod
    def rule(cls, told: Mapping[str, str]) -> Rule:
        """When, by the settings of a source. Raises Refused for what is no number of hours."""

    @abstractmethod
    def refresh(self, ids: Sequence[str]) -> Iterator[Message]:
        """What changed of these posts: as it reads now, or `op` delete for what is there no more.

        A post of which nothing comes is still there as it was. A deletion needs no moment of its
        own: the house knows when the post was said. Raises TryLater and Refused.
        """


def hours(told: Mapping[str, str], field: Field) -> timedelta:
    """A number of hours from the settings. Raises Refused for what is none from 1 to 720."""
    given = told.get(field.name, "").strip() or field.default
    if not (given.isascii() and given.isdigit() and 0 < int(given) <= MOST_HOURS):
        raise Refused(
            say("“{told}” is not a number of hours from 1 to {most}.", told=given[:20], most=MOST_HOURS)
        )  # fmt: skip
    return timedelta(hours=int(given))


def portions(ids: Sequence[str], most: int) -> Iterator[Sequence[str]]:
    """The ids, so many at a time."""
    for start in range(0, len(ids), most):
        yield ids[start : start + most]


def gone(native_id: str, network: str) -> Message:
    """The deletion of a post; the house puts its own moment in."""
    return Message(native_id, network, "", LONG_AGO, op="delete")
