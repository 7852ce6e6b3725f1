"""What every way of answering looks like: a draft goes out once, and can be looked for afterwards."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from openroads.connectors.answers import Told, as_object
from openroads.connectors.failures import Refused, Unsure
from openroads.connectors.http import Answer, Guarded
from openroads.connectors.plain import clean
from openroads.connectors.port import Field
from openroads.connectors.sentences import say

SEAL: Final = "seal"
"""The name under which a way is handed a secret of the house with which it marks what it sends; nobody
is asked for it."""
PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that goes along, with what it shows in words."""

    name: str
    kind: str
    body: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before it leaves. `key` is the same for the same deed: by it a double is known.

    `reply_to` and `thread` are native ids as the archive has them, `to` is the handle or mail address of
    who it is for, `references` are the Message-IDs of a thread of mails, oldest first.
    """

    key: str
    text: str
    private: bool = False
    to: str = ""
    reply_to: str = ""
    thread: str = ""
    subject: str = ""
    references: tuple[str, ...] = ()
    language: str = ""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The proof that something was published: its id there, its address, and when."""

    native_id: str
    url: str = ""
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a network lets an answer be. `characters` None: nobody says. `hours` after their last message
    we may answer privately; None: no end. `counted` counts as the network does."""

    characters: int | None
    private: bool
    public: bool
    picture: bool
    hours: int | None = None
    counted: Callable[[str], int] = len

    def count(self, text: str) -> int:
        """The length of a text as the network counts it."""
        return self.counted(text)


class Answering(ABC):
    """A way out for answers, under one account. `told` are the settings of its form, secrets among them."""

    kind: ClassVar[str]
    label: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]]
    networks: ClassVar[tuple[str, ...]]
    """The words of the archive for what is answered."""
    limits: ClassVar[Limits]
    asks: ClassVar[str]
    """What a person must have at hand, in one sentence."""

    def __init__(self, client: Guarded, told: Mapping[str, str]) -> None:
        self._client = client
        self._told = told

    @classmethod
    def words(cls, draft: Draft) -> str:
        """What is published of a draft, with what the network needs in it, such as a mention."""
        return clean(draft.text)

    @abstractmethod
    def publish(self, draft: Draft) -> Receipt:
        """Send it. Raises TryLater (it certainly did not leave), Refused, or Unsure (nobody knows)."""

    @abstractmethod
    def find(self, draft: Draft) -> Receipt | None:
        """Look whether it arrived; None: it is not there, and may be sent again. Raises TryLater when
        it cannot be told now, Unsure when it can never be told, Refused when we are not let in."""

    @abstractmethod
    def check(self) -> str:
        """Who we are there (a handle). Raises TryLater and Refused."""

    def characters(self) -> int | None:
        """The limit of the very server, where servers differ; else that of the network."""
        return self.limits.characters

    def _text(self, name: str, default: str = "") -> str:
        return self._told.get(name, "").strip() or default


def done(answer: Answer) -> Told:
    """What a network tells of a deed it agreed to. Raises Unsure when that cannot be read."""
    try:
        return as_object(answer)
    except Refused as problem:
        raise Unsure(problem.why) from None


def only_digits(told: str) -> str:
    """A number that becomes part of an address. Raises Refused for what is none."""
    if not (told.isascii() and told.isdigit() and len(told) <= 40):
        raise Refused(say("“{told}” is not a number this network gives.", told=told[:60]))
    return told


def picture_of(draft: Draft, most: int) -> Picture | None:
    """The picture of a draft. Raises Refused for what is no picture, or larger than `most` bytes."""
    picture = draft.picture
    if picture is None:
        return None
    if picture.kind not in PICTURES:
        raise Refused(say("A picture is a JPEG, PNG, GIF or WebP; this is {kind}.", kind=picture.kind[:60]))  # fmt: skip
    if len(picture.body) > most:
        raise Refused(say("The picture is larger than {size} MB; make it smaller.", size=most / 1_000_000))  # fmt: skip
    return picture


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same, but for blanks: networks fold those."""
    return clean(one).split() == clean(other).split()
