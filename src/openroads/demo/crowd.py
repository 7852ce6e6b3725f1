"""Invented names and handles for twenty thousand customers, and the way each of them writes."""

from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from openroads.demo.company import GRACHT, KADE, POLDER, ProductRow
from openroads.demo.grammar import words

EMOJI = tuple("😂 🙄 🚲 😡 🙏 ❤️ 😅 👍 🥶 💪 😭 ☀️ 🌧️ 👏 🔋 😎 🤷‍♀️ 🤦‍♂️ 🎉 🐌".split())

# (network, share in Dutch, share in English)
NETWORKS: tuple[tuple[str, float, float], ...] = (
    ("x", 0.185, 0.17),
    ("bluesky", 0.12, 0.13),
    ("mastodon", 0.06, 0.09),
    ("reddit", 0.085, 0.22),
    ("instagram", 0.13, 0.11),
    ("facebook", 0.17, 0.06),
    ("trustpilot", 0.09, 0.075),
    ("youtube", 0.035, 0.075),
    ("forum", 0.065, 0.04),
    ("mail", 0.06, 0.03),
)
_NICKNAMED = frozenset({"reddit", "forum", "youtube"})


@dataclass(slots=True)
class Author:
    """One customer: where and how this person writes; one author keeps one style."""

    handle: str
    name: str
    network: str
    language: str
    bike: ProductRow
    lower: bool = False
    bare: bool = False
    excited: bool = False
    dots: bool = False
    short: bool = False
    typos: float = 0.0
    emoji: tuple[str, ...] = ()
    wordy: float = 0.5


def _handle(rng: Random, network: str, first: str, last: str, book: dict[str, list[str]]) -> str:
    flat = last.lower().replace(" ", "").replace("'", "")
    low = first.lower()
    if network == "mail":
        return f"{low}.{flat}{rng.randrange(1, 99)}@post.example"
    noun, other = rng.choice(book["nouns"]), rng.choice(book["nouns"])
    shapes = (
        f"{low}{flat}",
        f"{low}_{flat}",
        f"{low[0]}{flat}{rng.randrange(2, 99)}",
        f"{low}{rng.randrange(1955, 2006)}",
        f"{low}{rng.choice(book['verbs'])}",
        f"{low}_{noun}",
        f"{flat}{rng.choice(('', '_nl', '_', 'x'))}{rng.randrange(1, 999)}",
        f"{noun}{rng.choice(book['tails'])}",
        f"{rng.choice(book['adjectives'])}_{noun}",
        f"{noun}{other}{rng.randrange(1, 99)}",
    )
    nicknames = (2, 2, 2, 2, 2, 3, 1, 5, 5, 5)
    given = (5, 5, 4, 3, 2, 2, 3, 1, 1, 1)
    return rng.choices(shapes, nicknames if network in _NICKNAMED else given)[0]


def _style(rng: Random, author: Author) -> None:
    dice = rng.random
    formal = author.network in {"mail", "trustpilot"}
    author.lower = dice() < (0.04 if formal else 0.17)
    author.bare = dice() < (0.05 if formal else 0.30)
    author.excited = dice() < 0.07
    author.dots = dice() < 0.06
    author.short = not formal and dice() < 0.09
    author.typos = 0.35 if dice() < 0.10 else 0.03
    if not formal and dice() < (0.38 if author.network in {"instagram", "facebook"} else 0.2):
        author.emoji = tuple(rng.sample(EMOJI, rng.randrange(1, 4)))
    author.wordy = min(0.95, max(0.05, rng.gauss(0.5, 0.25)))


def _shown(rng: Random, handle: str, network: str, first: str, last: str) -> str:
    """The name beside the handle: whole, first name only, an initial, or the handle again."""
    dice = rng.random()
    if dice < 0.55:
        return f"{first} {last}"
    if dice < 0.75 or (dice >= 0.85 and network == "mail"):
        return first
    return f"{first} {last[0].upper()}." if dice < 0.85 else handle


class Crowd:
    """Twenty thousand authors with power-law activity; `someone()` is who speaks next."""

    def __init__(self, rng: Random, size: int) -> None:
        self._rng = rng
        self._dice = rng.random
        self._taken: set[tuple[str, str]] = set()
        self._networks = [
            list(accumulate(dutch for _, dutch, _ in NETWORKS)),
            list(accumulate(english for _, _, english in NETWORKS)),
        ]
        self.authors = [self._person() for _ in range(size)]
        self._activity = list(accumulate((rank + 20.0) ** -0.55 for rank in range(size)))

    def _person(self) -> Author:
        rng = self._rng
        dice = rng.random()
        language = "nl" if dice < 0.634 else "en" if dice < 0.990 else "de"
        table = self._networks[0 if language == "nl" else 1]
        network = NETWORKS[bisect(table, rng.random() * table[-1])][0]
        book = words("nl" if language == "nl" else "en")
        first, last = rng.choice(book["first"]), rng.choice(book["last"])
        handle = _handle(rng, network, first, last, book)
        while (network, handle) in self._taken:
            name, _, host = handle.partition("@")
            handle = f"{name}{rng.randrange(2, 10)}{'@' + host if host else ''}"
        self._taken.add((network, handle))
        dice = rng.random()
        city = GRACHT if dice >= KADE.share + POLDER.share else POLDER
        bike = KADE if dice < KADE.share else city
        author = Author(handle, _shown(rng, handle, network, first, last), network, language, bike)
        _style(rng, author)
        return author

    def someone(self) -> Author:
        """An author, drawn by activity."""
        return self.authors[bisect(self._activity, self._dice() * self._activity[-1])]
