"""What a query is once it is read: a tree of frozen values, the same for archive, stream and page.

Words are as `words.fold` leaves them: without capitals and accents, `*` for any letters. A tree is
made by the parser, or by hand with `all_of`, `any_of` and `no`, which keep it in its one form:
no AND directly within an AND, no NOT of a NOT, nothing joined that is alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

STAR = "*"


@dataclass(frozen=True, slots=True)
class Word:
    """One word, anywhere in title or text."""

    text: str

    @property
    def wild(self) -> bool:
        """Whether it stands for several words."""
        return STAR in self.text


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two or more words that directly follow each other."""

    words: tuple[Word, ...]


Run = Word | Phrase


@dataclass(frozen=True, slots=True)
class Near:
    """One of the left and one of the right with at most `between` words between them, in this order
    only when `ordered`."""

    left: tuple[Run, ...]
    right: tuple[Run, ...]
    between: int
    ordered: bool = False


FieldName = Literal[
    "author", "site", "lang", "network", "hashtag", "mention", "emoji", "tone", "kind", "has"
]


@dataclass(frozen=True, slots=True)
class Field:
    """Something about the post that is this. Tone, kind and has are among their lists below."""

    name: FieldName
    value: str


AboutName = Literal["brand", "product", "source"]


@dataclass(frozen=True, slots=True)
class About:
    """A brand or product the post is about, or the source it came by."""

    name: AboutName
    id: int


FigureName = Literal["likes", "replies", "reposts", "views", "rating"]
Test = Literal["=", ">", ">=", "<", "<="]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure the network told; one it did not tell meets no test. Ratings may have decimals."""

    name: FigureName
    test: Test
    value: float


@dataclass(frozen=True, slots=True)
class Days:
    """Posts of these UTC days: `since` is in, `until` is out; None leaves that end open."""

    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Not:
    """Every post the other does not find."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """Posts that all parts find."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Posts that any part finds."""

    parts: tuple["Node", ...]


Leaf = Word | Phrase | Near | Field | About | Figure | Days
Node = Leaf | Not | And | Or

TONES = {"positive": 1, "neutral": 0, "negative": -1, "unknown": -128}
"""The moods of a post by name."""
KINDS = ("question", "complaint", "praise", "other")
HAS = (
    "link", "emoji", "hashtag", "mention", "title", "author", "reply", "quote", "rating", "likes",
    "replies", "reposts", "views",
)  # fmt: skip
"""What a post can have: figures mean that the network told them, reply that it answers another,
quote that it quotes one."""


def all_of(*parts: Node) -> Node:
    """All parts together; one alone is itself."""
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, And) else (part,)
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def any_of(*parts: Node) -> Node:
    """Any of the parts; one alone is itself."""
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, Or) else (part,)
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def no(part: Node) -> Node:
    """What the part does not find; twice no is yes."""
    return part.part if isinstance(part, Not) else Not(part)


def positive(node: Node) -> bool:
    """Whether every post it finds has something that was asked for, rather than only lacks what was
    not wanted."""
    if isinstance(node, Not):
        return False
    if isinstance(node, And):
        return any(map(positive, node.parts))
    return all(map(positive, node.parts)) if isinstance(node, Or) else True


def leaves(node: Node) -> Iterator[Leaf]:
    """Everything it asks for or rules out, from left to right."""
    if isinstance(node, Not):
        yield from leaves(node.part)
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from leaves(part)
    else:
        yield node
