"""Makes a yes-or-no question about one post of a query, for streams: the same answer as the archive's.

It walks over the words of a post rather than trying patterns on it, so that no post, however long or
odd, takes more than a moment.
"""

import math
import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from openroads.analysis.query.syntax import (
    STAR,
    TONES,
    About,
    And,
    Days,
    Field,
    Figure,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Run,
    Test,
    Word,
)
from openroads.analysis.query.terms import shadeless
from openroads.analysis.query.words import BETWEEN, fold, searchable

HOST = r"^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#]*@)?([^/?#:]*)"
"""The host of an address; the archive's engine reads this pattern too."""
LINK = r"[hH][tT][tT][pP][sS]?://|[wW][wW][wW]\."
"""An address within a text; the archive's engine reads this pattern too."""

_HOST = re.compile(HOST)
_LINK = re.compile(LINK)
_TO_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


@dataclass(frozen=True)
class Post:
    """One post as a query sees it, before or without the archive.

    Everything is as the archive keeps it: hashtags, mentions and emoji as the analysis found them,
    mood 1, 0, -1 or -128 (unknown), figures None where the network did not tell them.
    """

    published_at: datetime
    text: str
    title: str = ""
    author: str = ""
    author_name: str = ""
    url: str = ""
    network: str = ""
    source: int = 0
    language: str = ""
    mood: int = 0
    kind: str = "other"
    likes: int | None = None
    replies: int | None = None
    reposts: int | None = None
    views: int | None = None
    rating: float | None = None
    reply_to: str = ""
    quotes: str = ""
    hashtags: Sequence[str] = ()
    mentions: Sequence[str] = ()
    emoji: Sequence[str] = ()
    brands: Sequence[int] = ()
    products: Sequence[int] = ()

    @cached_property
    def searchable(self) -> str:
        """Title and text as `words.searchable` has them; worked out once for all queries."""
        return searchable(self.title, self.text)

    @cached_property
    def words(self) -> list[str]:
        """The same, word by word."""
        # TRICKY: split() without a separator would take the mark between title and text for a space.
        return self.searchable[1:-1].split(" ")

    @cached_property
    def host(self) -> str:
        """The host of its address in small letters; empty without one."""
        found = _HOST.match(self.url)
        return found[1].translate(_TO_LOWER) if found else ""

    @cached_property
    def names(self) -> tuple[str, str]:
        """Its author's handle (without @) and shown name, without capitals and accents."""
        return fold(self.author).lstrip("@"), fold(self.author_name)

    @cached_property
    def marks(self) -> dict[str, frozenset[str]]:
        """Its hashtags, mentions and emoji as queries compare them."""
        return {
            "hashtag": frozenset(map(fold, self.hashtags)),
            "mention": frozenset(map(fold, self.mentions)),
            "emoji": frozenset(map(shadeless, self.emoji)),
        }


Matcher = Callable[[Post], bool]


def matcher(query: Node) -> Matcher:
    """The question "does this query find this post?"."""
    if isinstance(query, Not):
        part = matcher(query.part)
        return lambda post: not part(post)
    if isinstance(query, And | Or):
        parts = [matcher(part) for part in query.parts]
        if isinstance(query, And):
            return lambda post: all(part(post) for part in parts)
        return lambda post: any(part(post) for part in parts)
    if isinstance(query, Word | Phrase):
        return _run(query)
    if isinstance(query, Near):
        return _near(query)
    if isinstance(query, Days):
        return _days(query)
    if isinstance(query, Figure):
        return _figure(query)
    return _about(query) if isinstance(query, About) else _field(query)


# ------------------------------------------------------------------------------------------ words
Place = tuple[int, int]
"""Where a word or phrase stands among the words of a post: begin and end."""


def _run(run: Run) -> Matcher:
    words = (run,) if isinstance(run, Word) else run.words
    if not any(word.wild for word in words):
        sought = f" {' '.join(word.text for word in words)} "
        return lambda post: sought in post.searchable
    places = _places(run)
    return lambda post: bool(places(post.words))


def _near(near: Near) -> Matcher:
    left, right = _side(near.left), _side(near.right)

    def found(post: Post) -> bool:
        first, second = left(post.words), right(post.words)
        if _follows(first, second, post.words, near.between):
            return True
        return not near.ordered and _follows(second, first, post.words, near.between)

    return found


def _side(runs: tuple[Run, ...]) -> Callable[[list[str]], list[Place]]:
    """Where any of these stands; plain words, which are most, by one look at each word."""
    plain = {run.text for run in runs if isinstance(run, Word) and not run.wild}
    others = [_places(run) for run in runs if isinstance(run, Phrase) or run.wild]

    def found(words: list[str]) -> list[Place]:
        places = [(at, at + 1) for at, word in enumerate(words) if word in plain]
        for other in others:
            places += other(words)
        return places

    return found


def _follows(first: list[Place], second: list[Place], words: list[str], between: int) -> bool:
    """Whether one of the second begins at most `between` words behind an end of the first, without
    the end of the title between them."""
    begins = {start for start, _ in second}
    for _, end in first:
        for place in range(end, min(end + between + 1, len(words))):
            if place in begins:
                return True
            if words[place] == BETWEEN:
                break
    return False


def _places(run: Run) -> Callable[[list[str]], list[Place]]:
    """Where one word or phrase stands among words."""
    first, *rest = [_fits(word) for word in ((run,) if isinstance(run, Word) else run.words)]
    length = len(rest) + 1

    def found(words: list[str]) -> list[Place]:
        return [
            (at, at + length)
            for at in range(len(words) - length + 1)
            if first(words[at])
            and all(fits(words[at + step]) for step, fits in enumerate(rest, start=1))
        ]

    return found


def _fits(word: Word) -> Callable[[str], bool]:
    if word.wild:
        return _globbed(word.text)
    return word.text.__eq__


def _globbed(pattern: str) -> Callable[[str], bool]:
    """Whether a text is the pattern, in which a star stands for any characters; in one walk."""
    begin, *middle, end = pattern.split(STAR)

    def fits(text: str) -> bool:
        if not text.startswith(begin):
            return False
        place = len(begin)
        for part in middle:
            found = text.find(part, place)
            if found < 0:
                return False
            place = found + len(part)
        return len(text) - place >= len(end) and text.endswith(end)

    return fits


# --------------------------------------------------------------------------------- everything else
def _about(about: About) -> Matcher:
    if about.name == "brand":
        return lambda post: about.id in post.brands
    if about.name == "product":
        return lambda post: about.id in post.products
    return lambda post: post.source == about.id


def _days(days: Days) -> Matcher:
    since = datetime(*days.since.timetuple()[:3], tzinfo=UTC) if days.since else None
    until = datetime(*days.until.timetuple()[:3], tzinfo=UTC) if days.until else None
    return lambda post: (
        (since is None or post.published_at >= since)
        and (until is None or post.published_at < until)
    )


def _figure(figure: Figure) -> Matcher:
    # A rating is compared as the archive keeps it, in half the figures of a float.
    rounded = _single if figure.name == "rating" else float
    wanted, name, test = rounded(figure.value), figure.name, _TESTS[figure.test]

    def told(post: Post) -> bool:
        value: float | None = getattr(post, name)
        return value is not None and test(rounded(value), wanted)

    return told


def _single(value: float) -> float:
    try:
        (rounded,) = struct.unpack("f", struct.pack("f", value))
    except OverflowError:
        return math.copysign(math.inf, value)
    return float(rounded)


_TESTS: dict[Test, Callable[[float, float], bool]] = {
    "=": lambda told, wanted: told == wanted,
    ">": lambda told, wanted: told > wanted,
    ">=": lambda told, wanted: told >= wanted,
    "<": lambda told, wanted: told < wanted,
    "<=": lambda told, wanted: told <= wanted,
}


def _field(field: Field) -> Matcher:
    name, value = field.name, field.value
    if name == "author":
        fits = _globbed(value) if STAR in value else value.__eq__
        return lambda post: any(map(fits, post.names))
    if name == "site":
        return lambda post: post.host == value or post.host.endswith(f".{value}")
    if name == "lang":
        return lambda post: post.language == value
    if name == "tone":
        return lambda post: post.mood == TONES[value]
    if name in ("network", "kind"):
        return lambda post: getattr(post, name) == value
    if name == "has":
        return _HAS[value]
    if STAR in value:
        globbed = _globbed(value)
        return lambda post: any(map(globbed, post.marks[name]))
    return lambda post: value in post.marks[name]


_HAS: dict[str, Matcher] = {
    "link": lambda post: bool(_LINK.search(post.text)),
    "emoji": lambda post: bool(post.emoji),
    "hashtag": lambda post: bool(post.hashtags),
    "mention": lambda post: bool(post.mentions),
    "title": lambda post: bool(post.title),
    "author": lambda post: bool(post.author or post.author_name),
    "reply": lambda post: bool(post.reply_to),
    "quote": lambda post: bool(post.quotes),
    "rating": lambda post: post.rating is not None,
    "likes": lambda post: post.likes is not None,
    "replies": lambda post: post.replies is not None,
    "reposts": lambda post: post.reposts is not None,
    "views": lambda post: post.views is not None,
}
