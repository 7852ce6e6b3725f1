"""The details of one post: what stands in the slots, the same all through that post and fitting together."""

from collections.abc import Callable
from random import Random

from openroads.demo.company import SHOPS, ProductRow
from openroads.demo.grammar import words

Maker = Callable[["Scene"], str]

AGENTS = ("DK", "SM", "JW", "MK", "BP")
"""How webcare signs: initials behind a caret."""
LANGUAGE = {"nl": words("nl"), "en": words("en"), "de": words("en")}


class Scene:
    """Slots of one post, made when first asked for and kept; `fill` is what `grammar.say` calls."""

    __slots__ = ("author", "bike", "kept", "language", "month", "name", "rng", "words", "year")

    def __init__(
        self, rng: Random, language: str, bike: ProductRow, name: str, month: int, year: int
    ) -> None:
        self.rng, self.language, self.bike, self.name = rng, language, bike, name
        self.month, self.year = month, year
        self.words = LANGUAGE[language]
        self.kept: dict[str, str] = {}

    def fill(self, slot: str) -> str:
        """The text of a slot; KeyError for a slot nobody declared."""
        found = self.kept.get(slot)
        if found is None:
            found = self.kept[slot] = SLOTS[slot](self)
        return found

    def pick(self, words: str) -> str:
        choices = self.words[words]
        return choices[int(self.rng.random() * len(choices))]

    def number(self, low: int, high: int) -> int:
        return low + int(self.rng.random() * (high - low + 1))

    def thousands(self, value: int) -> str:
        dot = "." if self.language != "en" else ","
        return f"{value // 1000}{dot}{value % 1000:03d}" if value >= 1000 else str(value)

    def money(self, value: int) -> str:
        shown = self.thousands(value)
        if self.language == "en":
            return f"€{shown}" if self.rng.random() < 0.55 else f"{shown} euros"
        return f"€ {shown}" if self.rng.random() < 0.4 else f"{shown} euro"


def _bike(scene: Scene) -> str:
    dice = scene.rng.random()
    if dice < 0.62:
        return scene.bike.name
    if dice < 0.80:
        return f"Windmee {scene.bike.name}"
    if dice < 0.92:
        return "Windmee"
    return {"nl": "fiets", "de": "Windmee"}.get(scene.language, "bike")


def _strict(scene: Scene) -> str:
    return scene.bike.name if scene.rng.random() < 0.8 else f"Windmee {scene.bike.name}"


def _degrees(scene: Scene) -> str:
    value = scene.number(-6, 5)
    if value >= 0:
        return str(value)
    below = {"nl": "min", "en": "minus", "de": "minus"}[scene.language]
    return f"-{-value}" if scene.rng.random() < 0.35 else f"{below} {-value}"


def _count(low: int, high: int, *, digits: float = 0.4) -> Maker:
    """A small number, in words or in figures as people do."""

    def make(scene: Scene) -> str:
        value = scene.number(low, high)
        if value > 12 or scene.rng.random() < digits:
            return str(value)
        return scene.words["numbers"][value]

    return make


def _between(low: int, high: int) -> Maker:
    return lambda scene: str(scene.number(low, high))


def _money(low: int, high: int, step: int = 1) -> Maker:
    return lambda scene: scene.money(scene.number(low // step, high // step) * step)


def _word(words: str) -> Maker:
    return lambda scene: scene.pick(words)


def _other_place(scene: Scene) -> str:
    first = scene.fill("plaats")
    second = scene.pick("places")
    return (
        second
        if second != first
        else scene.words["places"][0 if first != scene.words["places"][0] else 1]
    )


def _capital(slot: str) -> Maker:
    def make(scene: Scene) -> str:
        value = scene.fill(slot)
        return value[:1].upper() + value[1:]

    return make


def _buddy(scene: Scene) -> str:
    return f"{'Mijn' if scene.language == 'nl' else 'My'} {scene.fill('buur0')}"


def _ages(scene: Scene) -> str:
    young = scene.number(1, 5)
    link = "en" if scene.language == "nl" else "and"
    return f"{young} {link} {young + scene.number(1, 3)}"


def _kilometres(scene: Scene) -> str:
    value = scene.number(8, 190) * 100
    return scene.thousands(value) if scene.rng.random() < 0.7 else str(value)


def _age_ordinal(scene: Scene) -> str:
    return f"{scene.number(58, 77)}"


SLOTS: dict[str, Maker] = {
    "p": _bike,
    "P": _strict,
    "km": _between(37, 68),
    "km2": _between(9, 33),
    "zomerkm": _between(96, 135),
    "zomerkm2": _between(72, 92),
    "rit": _between(6, 27),
    "graden": _degrees,
    "graad2": _between(1, 5),
    "pct": _between(25, 45),
    "Pct": _between(25, 45),
    "pct2": _between(11, 23),
    "pct3": _between(55, 80),
    "plaats": _word("places"),
    "plaats2": _other_place,
    "winkel": lambda s: SHOPS[s.number(0, len(SHOPS) - 1)],
    "straat": _word("streets"),
    "baan": _word("work"),
    "partner": _word("partners"),
    "Partner": _capital("partner"),
    "buur0": _word("buddies"),
    "buur": _buddy,
    "dag": _word("days"),
    "dag2": _word("days"),
    "Dag": _capital("dag"),
    "maand": lambda s: s.words["months"][s.month - 1],
    "weken": _count(3, 11),
    "Weken": _capital("weken"),
    "dagen": _between(9, 34),
    "Dagen": _between(9, 34),
    "dagen2": _count(3, 8),
    "maanden": _count(3, 22, digits=0.6),
    "keer": lambda s: s.words["ordinals"][s.number(1, 4)],
    "Keer": _capital("keer"),
    "n": _count(2, 5, digits=0.2),
    "n2": _count(2, 7, digits=0.5),
    "n3": _between(1, 4),
    "tijd": _word("hours"),
    "naam": _word("names"),
    "Naam": _word("names"),
    "Naam2": lambda s: s.name or s.pick("names"),
    "Mede": _word("names"),
    "Agent": lambda s: AGENTS[s.number(0, 4)],
    "conc": lambda s: "Stroomfiets" if s.rng.random() < 0.6 else "Tramont",
    "kg": lambda s: str(s.bike.kilos + s.number(0, 1)),
    "accukg": lambda s: "3,4" if s.language == "nl" else "3.4",
    "verd": lambda s: s.words["ordinals"][s.number(1, 4)],
    "Verd": _capital("verd"),
    "Verd2": lambda s: s.words["numbers"][s.number(2, 4)],
    "oud": _between(66, 83),
    "leeft": _between(24, 71),
    "leeft2": _age_ordinal,
    "leeftijd": _ages,
    "lengte": _between(58, 96),
    "euro": _money(129, 289),
    "euro2": _money(8, 35),
    "euro3": _money(60, 160, 5),
    "prijs": lambda s: s.money(s.bike.price),
    "prijs2": _money(900, 2400, 50),
    "accu": _money(649, 849, 50),
    "stekker": _money(29, 45),
    "premie": _money(9, 17),
    "premie2": _money(18, 26),
    "eigen": _between(25, 95),
    "lease": _money(65, 130),
    "cent": _between(9, 38),
    "versie": lambda s: f"{s.number(3, 5)}.{s.number(0, 9)}",
    "fout": lambda s: f"E{s.number(10, 48)}",
    "jaar": lambda s: str(s.year - s.number(0, 2)),
    "tkm": _kilometres,
    "wind": lambda s: ("windkracht " if s.language == "nl" else "force ") + str(s.number(4, 8)),
    "aantal": _between(6, 40),
    "belofte": lambda s: "140",
}
