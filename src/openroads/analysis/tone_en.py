"""Scores the feeling of English posts by the rules of VADER, with names, mentions and links kept
out of it.
"""

import math
import re
import string
from collections import Counter
from collections.abc import Set
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from openroads.analysis.remembered import Remembered

RAISE = 0.293
CAPITALS = 0.733
FLIP = -0.74
DAMPING = (1.0, 0.95, 0.9)
"""How much of a booster is left at one, two and three words before the word it strengthens."""

ALPHA = 15.0
EXCLAIM = 0.292
ASK = 0.18
ASK_MOST = 0.96

NEGATIONS = frozenset(
    "aint arent cannot cant couldnt darent didnt doesnt hadnt hasnt havent isnt mightnt "
    "mustnt neednt oughtnt shant shouldnt wasnt werent dont wont wouldnt uhuh uh-uh "
    "neither never none nope nor not nothing nowhere without rarely seldom despite".split()
)
BOOSTERS = dict.fromkeys(
    "absolutely amazingly awfully completely considerable considerably decidedly deeply "
    "effing enormous enormously entirely especially exceptional exceptionally extreme "
    "extremely fabulously flipping flippin frackin fracking fricking frickin frigging "
    "friggin fully fuckin fucking fuggin fugging greatly hella highly hugely incredible "
    "incredibly intensely major majorly more most particularly purely quite really "
    "remarkably so substantially thoroughly total totally tremendous tremendously uber "
    "unbelievably unusually utter utterly very".split(),
    RAISE,
) | dict.fromkeys(
    "almost barely hardly kinda kindof kind-of less little marginal marginally "
    "occasional occasionally partly scarce scarcely slight slightly somewhat sorta "
    "sortof sort-of".split(),
    -RAISE,
)
BOOSTER_PAIRS = {"just enough": -RAISE, "kind of": -RAISE, "sort of": -RAISE}
STRESS = frozenset({"so", "this"})
IDIOMS = {
    "the shit": 3.0, "the bomb": 3.0, "bad ass": 1.5, "badass": 1.5, "bus stop": 0.0,
    "yeah right": -2.0, "kiss of death": -1.5, "to die for": 3.0, "beating heart": 3.5,
}  # fmt: skip
FIXED = frozenset(max(run.split(), key=len) for run in (*IDIOMS, *BOOSTER_PAIRS))
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
MASK = re.compile(r"^\W*(?:@\w|https?://|www\.)")


def _package_file(name: str) -> str:
    """A data file of the installed vaderSentiment; its module is not imported, because that one
    imports requests.
    """
    spec = find_spec("vaderSentiment")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(
            "The package vaderSentiment, whose word list is used, is not installed."
        )
    return (Path(spec.submodule_search_locations[0]) / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def lexicon() -> dict[str, float]:
    """VADER's words and emoticons with their mean valence, -4..4 (Hutto and Gilbert 2014, MIT
    licence).
    """
    rows = (row.split("\t") for row in _package_file("vader_lexicon.txt").splitlines() if row)
    return {row[0].strip(): float(row[1]) for row in rows}


@lru_cache(maxsize=1)
def emoji_words() -> dict[str, str]:
    """VADER's emoji of one character with their description in words; longer ones it never
    recognises.
    """
    rows = (row.split("\t") for row in _package_file("emoji_utf8_lexicon.txt").splitlines() if row)
    return {row[0]: row[1].strip() for row in rows if len(row[0]) == 1}


class Chunk(NamedTuple):
    """What we know of one run of characters between spaces."""

    plain: str
    valence: float | None
    booster: float
    negates: bool
    shouted: bool
    fixed: bool
    """Whether a fixed expression may stand around it: it is the longest word of one."""


class EnglishTone(Remembered[Chunk]):
    """Scores texts; remembers each run of characters. `names` are words without feeling, `runs`
    names of several words.
    """

    def __init__(self, names: Set[str] = frozenset(), runs: Set[str] = frozenset()) -> None:
        super().__init__()
        self._lexicon = lexicon()
        self._emoji = emoji_words()
        self._names = names
        self._runs = _any_of(runs) if runs else None
        # Of each name the word that most names share ("kade" of "my kade"): few texts hold one.
        often = Counter(word for run in runs for word in run.split())
        self._run_words = tuple({max(run.split(), key=lambda one: often[one]) for run in runs})

    def look(self, token: str) -> Chunk:
        """What one run of characters between spaces does to the feeling."""
        stripped = token.strip(string.punctuation)
        word = stripped if len(stripped) > 2 else token
        plain = word.lower()
        bare = stripped.lower().removesuffix("'s")
        if (not token.isalnum() and MASK.match(token)) or bare in self._names:
            return Chunk("@", None, 0.0, False, False, False)
        booster = BOOSTERS.get(plain, 0.0)
        negates = plain in NEGATIONS or "n't" in plain
        return Chunk(
            plain, self._lexicon.get(plain), booster, negates, word.isupper(), plain in FIXED
        )

    def score(self, text: str) -> float:
        """The compound feeling of a text, -1..1, rounded to four figures as VADER does; 0 where
        nothing is felt.

        Same rules as vaderSentiment 3.3.2, but for its slip at "but": with two words of equal
        weight it halves the first twice, where here each word counts by its own place.
        """
        if self._runs is not None and self._may_hold_a_run(text):
            text = self._runs.sub("@x", text)
        if not text.isascii():
            text = NOT_ASCII.sub(self._described, text)
        chunks = [self[chunk] for chunk in text.split()]
        places = [place for place, chunk in enumerate(chunks) if chunk.valence is not None]
        places = [place for place in places if not chunks[place].booster]
        if not places:
            return 0.0
        shouts = _some_shout(chunks)
        fixed = True in [chunk.fixed for chunk in chunks]
        felt = [(place, self._valence(chunks, place, shouts, fixed)) for place in places]
        total = sum(value for _, value in self._after_but(chunks, felt))
        if total:
            total += math.copysign(self._emphasis(text), total)
        return round(total / math.sqrt(total * total + ALPHA), 4)

    def _may_hold_a_run(self, text: str) -> bool:
        """False where no name of several words can be; asked because the search itself is slow."""
        lowered = text.lower()
        # Outside ASCII capitals have more than one small letter, so there only the search knows.
        return not text.isascii() or any(word in lowered for word in self._run_words)

    def _described(self, found: re.Match[str]) -> str:
        before = found.start() - 1
        words = self._emoji.get(found.group())
        if words is None:
            return found.group()
        return words if before < 0 or found.string[before] == " " else " " + words

    @staticmethod
    def _after_but(chunks: list[Chunk], felt: list[tuple[int, float]]) -> list[tuple[int, float]]:
        """What comes after the first "but" weighs three times what came before it."""
        words = [chunk.plain for chunk in chunks]
        if "but" not in words:
            return felt
        but = words.index("but")
        return [
            (place, value * (0.5 if place < but else 1.5 if place > but else 1.0))
            for place, value in felt
        ]

    @staticmethod
    def _emphasis(text: str) -> float:
        asked = text.count("?")
        questions = 0.0 if asked < 2 else asked * ASK if asked <= 3 else ASK_MOST
        return min(text.count("!"), 4) * EXCLAIM + questions

    def _valence(self, chunks: list[Chunk], place: int, shouts: bool, fixed: bool) -> float:
        """The weight of the felt word at `place`, given the three words before it and the two
        after it; `fixed` says whether there may be a fixed expression among them.
        """
        chunk = chunks[place]
        own = chunk.valence or 0.0
        value = own
        last = len(chunks) - 1
        if chunk.plain == "kind" and place < last and chunks[place + 1].plain == "of":
            return 0.0
        if chunk.plain == "no" and place < last and chunks[place + 1].valence is not None:
            value = 0.0
        if self._after_no(chunks, place):
            value = own * FLIP
        if chunk.shouted and shouts:
            value += CAPITALS if value > 0 else -CAPITALS
        for back in range(min(3, place)):
            near = chunks[place - back - 1]
            if near.valence is not None:
                continue
            if near.booster:
                value += _boost(near, value, shouts) * DAMPING[back]
            value = _negated(value, chunks, place, back)
            if back == 2 and fixed:
                value = _idiom(value, chunks, place)
        if place and chunks[place - 1].plain == "least":
            softened = place > 1 and chunks[place - 2].plain in {"at", "very"}
            value = value if softened else value * FLIP
        return value

    @staticmethod
    def _after_no(chunks: list[Chunk], place: int) -> bool:
        """Whether "no" stands one or two words before, or three with "or" or "nor" between."""
        return (
            (place > 0 and chunks[place - 1].plain == "no")
            or (place > 1 and chunks[place - 2].plain == "no")
            or (
                place > 2
                and chunks[place - 3].plain == "no"
                and chunks[place - 1].plain in {"or", "nor"}
            )
        )


def _any_of(runs: Set[str]) -> re.Pattern[str]:
    """Finds runs of words, the longest first; those with one first word together, because each
    alternative costs a look at every place (six times faster for the forms of three products).
    """
    by_first: dict[str, list[str]] = {}
    for run in sorted(runs, key=lambda run: (-len(run), run)):
        first, *rest = map(re.escape, run.split())
        by_first.setdefault(first, []).append(r"\s+".join(rest))
    parts = (rf"{first}\s+(?:{'|'.join(rest)})" for first, rest in by_first.items())
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


def _some_shout(chunks: list[Chunk]) -> bool:
    """Whether capitals mean something here: some words have only capitals and some do not."""
    shouted = sum(chunk.shouted for chunk in chunks)
    return 0 < shouted < len(chunks)


def _boost(near: Chunk, value: float, shouts: bool) -> float:
    boost = -near.booster if value < 0 else near.booster
    if near.shouted and shouts:
        boost += CAPITALS if value > 0 else -CAPITALS
    return boost


def _negated(value: float, chunks: list[Chunk], place: int, back: int) -> float:
    """The value after the word `back + 1` places before it had its say as a negation."""
    near = chunks[place - back - 1]
    if back:
        one = chunks[place - 1].plain
        two = chunks[place - 2].plain if back == 2 else one
        if near.plain == "never" and two in STRESS:
            return value * 1.25
        # TRICKY: at three words VADER lets "so" or "this" right before the word strengthen it,
        # "never" or no "never"
        if back == 2 and one in STRESS:
            return value * 1.25
        if near.plain == "without" and "doubt" in (one, two):
            return value
    return value * FLIP if near.negates else value


def _idiom(value: float, chunks: list[Chunk], place: int) -> float:
    """The value when the words around it form a fixed expression, or a booster of two words
    stands before it.
    """
    three, two, one, here = (chunks[place - step].plain for step in (3, 2, 1, 0))
    for run in (
        f"{one} {here}",
        f"{two} {one} {here}",
        f"{two} {one}",
        f"{three} {two} {one}",
        f"{three} {two}",
    ):
        if run in IDIOMS:
            value = IDIOMS[run]
            break
    after = [chunk.plain for chunk in chunks[place + 1 : place + 3]]
    for length in range(1, len(after) + 1):
        value = IDIOMS.get(" ".join([here, *after[:length]]), value)
    for run in (f"{three} {two} {one}", f"{three} {two}", f"{two} {one}"):
        value += BOOSTER_PAIRS.get(run, 0.0)
    return value
