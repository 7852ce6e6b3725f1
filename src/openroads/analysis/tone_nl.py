"""Scores the feeling of Dutch posts: a public-domain word list, our own service words, and the
rules of Dutch negation.
"""

import csv
import math
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from openroads.analysis import emoji
from openroads.analysis.marks import FEELING_NL, IRONIC, LOUD, TURNED, of_phrases, together
from openroads.analysis.names import MARK
from openroads.analysis.phrases import Phrases
from openroads.analysis.remembered import Remembered
from openroads.analysis.terms import lemma

SCALE = 4.0
ALPHA = 15.0
"""A summed polarity s becomes 4s / sqrt((4s)^2 + 15): the compound of VADER, so that both
languages share one axis.
"""

NEGATION = -0.6
"""What is left of a polarity behind "niet", when the word has no negated value of its own."""

BEFORE = 4
AFTER = 4
"""Tokens within which a negation reaches forward to a word, and a verb forward to its negation
("werkt nog steeds niet").
"""

BEFORE_BUT, AFTER_BUT = 0.6, 1.3
EXCLAIM = 0.08
DAMP_LIST = 0.6
"""The general list counts for less than our own words: it was made for reviews of books."""

NEGATIONS = frozenset(
    "niet geen nooit niks niets nergens niemand zonder noch nauwelijks amper nie "
    "geenszins allesbehalve".split()
)
BOOSTERS = dict.fromkeys(
    "erg heel hele zeer super echt enorm ontzettend bijzonder uiterst mega onwijs "
    "ongelofelijk ongelooflijk verschrikkelijk vreselijk ontiegelijk waanzinnig mateloos "
    "zwaar totaal volkomen helemaal absoluut zo buitengewoon uitermate extreem hartstikke "
    "vet compleet".split(),
    1.35,
) | dict.fromkeys(
    "beetje enigszins redelijk vrij tamelijk nogal best soms wat lichtelijk iets ietwat".split(),
    0.7,
)
ENDS = frozenset(".!?\n…;")
BUT = frozenset({"maar", "echter", "helaas"})
STOPS_BEFORE = BUT | {","}
STOPS_AFTER = BUT | {",", "en", "dat"}
"""Where the reach of a negation ends, besides the end of the sentence."""

PRAISING = ("super", "mega", "hyper")
"""Glued in front of any word: "supertevreden", "megatraag"."""

FIRM = frozenset({"niet alleen", "niet zomaar"})


class Feeling(NamedTuple):
    """What one Dutch token does to the feeling of its sentence."""

    polarity: float
    negated: float
    booster: float = 0.0
    negates: bool = False
    verb: bool = False
    """Its negation comes behind it."""

    @property
    def felt(self) -> bool:
        """Whether it carries feeling of its own, as it stands or negated."""
        return bool(self.polarity or self.negated)


NOTHING = Feeling(0.0, 0.0)


def _rows(file: str) -> list[dict[str, str]]:
    text = files("openroads.analysis").joinpath("lexicons", file).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@lru_cache(maxsize=1)
def words() -> tuple[dict[str, Feeling], dict[str, Feeling], Phrases[float]]:
    """Our own words, the general list (the mean of a form's senses), and our phrases with their
    polarity.
    """
    senses: dict[str, list[float]] = {}
    for row in _rows("nl-polarity.csv"):
        senses.setdefault(row["form"].lower(), []).append(float(row["polarity"]))
    general: dict[str, Feeling] = {}
    own: dict[str, Feeling] = {}
    for form, values in senses.items():
        mean = DAMP_LIST * sum(values) / len(values)
        general[form] = Feeling(mean, mean * NEGATION)
    phrases = []
    for row in _rows("nl-service.csv"):
        value = float(row["polarity"])
        if " " in row["form"]:
            phrases.append((row["form"], value))
        else:
            given = row["negated"]
            negated = float(given) if given else value * NEGATION
            own[row["form"]] = Feeling(
                value, negated, verb=bool(given) and row["form"].endswith("en")
            )
    return own, general, Phrases(phrases)


def marks() -> dict[str, int]:
    """The words that may do something to the feeling of a whole Dutch post."""
    return together(dict.fromkeys(BUT, TURNED), of_phrases(words()[2], FEELING_NL))


class DutchTone(Remembered[Feeling]):
    """Scores token lists; remembers each token. Recognised names arrive marked and feel nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._own, self._general, self._phrases = words()

    def look(self, token: str) -> Feeling:
        """What one token does to the feeling."""
        first = token[0]
        if first in (MARK, "@") or first.isdigit():
            return NOTHING
        word = token[1:] if first == "#" else token
        if not word[:1].isalpha():
            value = emoji.feeling(token)
            return Feeling(value, value) if value else NOTHING
        if word in NEGATIONS:
            return Feeling(0.0, 0.0, negates=True)
        return self._known(word)._replace(booster=BOOSTERS.get(word, 0.0))

    def _known(self, word: str) -> Feeling:
        """A word by the lists: as written before its dictionary form, our own list before the
        general one.
        """
        plain = lemma(word, "nl").lower()
        for known in (self._own, self._general):
            found = known.get(word) or known.get(plain)
            if found is not None:
                return found
        for prefix in PRAISING:
            if word.startswith(prefix) and len(word) > len(prefix) + 3:
                return self._known(word.removeprefix(prefix))
        return NOTHING

    def is_felt(self, token: str) -> bool:
        """Whether a token has a feeling of its own."""
        return self[token].felt

    def score(
        self,
        tokens: Sequence[str],
        felt: Sequence[int],
        phrases: Sequence[int],
        whole: Sequence[str],
        marked: int,
    ) -> float:
        """The compound feeling of a post's tokens, -1..1; 0 where nothing is felt.

        `felt` are the places of tokens with a feeling of their own, `phrases` those where a phrase
        may begin, `whole` the tokens before names were recognised, `marked` what these are marked
        with together.
        """
        hits = self._phrases.find(tokens, phrases) if marked & FEELING_NL else []
        if not hits and not felt:
            return 0.0
        values = [0.0] * len(tokens)
        taken = [False] * len(tokens)
        for start, length, value in hits:
            values[start] = value
            taken[start : start + length] = [True] * length
        for place in felt:
            if taken[place]:
                continue
            strengthens = (
                self[tokens[place]].booster
                and place + 1 < len(tokens)
                and self[tokens[place + 1]].felt
            )
            if not strengthens:  # "vreselijk lekker" has nothing dreadful
                values[place] = self._in_context(tokens, place, taken)
        if marked & TURNED:
            values = _weighed(tokens, values)
        return self._compound(whole, sum(values), marked)

    def _in_context(self, tokens: Sequence[str], place: int, taken: Sequence[bool]) -> float:
        """The polarity of the word at `place` after the negations around it and the booster right
        before it.
        """
        feeling = self[tokens[place]]
        negated = False
        for back in range(place - 1, max(-1, place - 1 - BEFORE), -1):
            if tokens[back][0] in ENDS or tokens[back] in STOPS_BEFORE:
                break
            if self[tokens[back]].negates and not taken[back]:
                negated = f"{tokens[back]} {tokens[back + 1]}" not in FIRM
                break
        if feeling.verb and not negated:
            for ahead in range(place + 1, min(len(tokens), place + 1 + AFTER)):
                if tokens[ahead][0] in ENDS or tokens[ahead] in STOPS_AFTER:
                    break
                if self[tokens[ahead]].negates and not taken[ahead]:
                    negated = True
                    break
        value = feeling.negated if negated else feeling.polarity
        return value * ((self[tokens[place - 1]].booster if place else 0.0) or 1.0)

    @staticmethod
    def _compound(whole: Sequence[str], total: float, marked: int) -> float:
        if total > 0 and marked & IRONIC:
            total *= -0.5
        if marked & LOUD:
            shouts = sum(token.count("!") for token in set(whole) if token[0] in "!?")
            total *= 1 + EXCLAIM * min(shouts, 4)
        return total * SCALE / math.sqrt((total * SCALE) ** 2 + ALPHA)


def _weighed(tokens: Sequence[str], values: list[float]) -> list[float]:
    """The values with less weight before a "maar" in the same sentence, and more behind it."""
    out = list(values)
    start = 0
    turned = False
    for place, token in enumerate(tokens):
        if token in BUT and not turned:
            for earlier in range(start, place):
                out[earlier] *= BEFORE_BUT
            turned = True
        elif token[0] in ENDS:
            start, turned = place + 1, False
        elif turned:
            out[place] *= AFTER_BUT
    return out
