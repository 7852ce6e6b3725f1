"""Puts one customer's text together: an opening, what happened, details, a feeling, a closing."""

from bisect import bisect
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from random import Random
from typing import NamedTuple

from openroads.demo.company import POLDER
from openroads.demo.crowd import Author
from openroads.demo.grammar import HERE, Phrase, phrases, sections, sentence, words_in
from openroads.demo.networks import NETWORKS, PUBLIC, SHORT
from openroads.demo.scene import Scene
from openroads.demo.season import CLAIM, PLUG_NEWS, THEMES
from openroads.demo.style import dress, letter, tags

Book = dict[str, tuple[Phrase, ...]]
MOODS = ("-", "?", "+", "=")
# How a theme is spoken of: complaint, question, praise, other.
MOOD: dict[str, tuple[float, float, float, float]] = {
    "winter": (0.57, 0.24, 0.07, 0.12),
    "plug": (0.74, 0.19, 0.0, 0.07),
    "wait": (0.74, 0.14, 0.07, 0.05),
    "weight": (0.63, 0.15, 0.12, 0.10),
    "broken": (0.69, 0.18, 0.07, 0.06),
    "app": (0.47, 0.21, 0.24, 0.08),
    "price": (0.53, 0.20, 0.15, 0.12),
    "insurance": (0.22, 0.30, 0.37, 0.11),
    "range": (0.62, 0.19, 0.07, 0.12),
    "upkeep": (0.31, 0.30, 0.23, 0.16),
    "theft": (0.55, 0.20, 0.15, 0.10),
    "order": (0.34, 0.30, 0.26, 0.10),
    "family": (0.22, 0.26, 0.40, 0.12),
    "ride": (0.08, 0.08, 0.68, 0.16),
    "trip": (0.17, 0.22, 0.36, 0.25),
    "shop": (0.26, 0.14, 0.50, 0.10),
    "lease": (0.14, 0.50, 0.22, 0.14),
    "used": (0.34, 0.38, 0.12, 0.16),
    "rival": (0.30, 0.20, 0.25, 0.25),
    "design": (0.25, 0.16, 0.44, 0.15),
    "rain": (0.28, 0.25, 0.12, 0.35),
    "noise": (0.60, 0.22, 0.08, 0.10),
    "talk": (0.25, 0.12, 0.13, 0.50),
}
PLUG_AFTER = (0.24, 0.26, 0.35, 0.15)
MONTH = 32
"""Days in which two texts of the same lead must differ in most of the rest."""
ALIKE = 0.40
"""The share of common words (of all words of both) above which two texts are too much alike."""
_NAMED = ("windmee", "kade", "polder", "gracht")
_BIKES = _NAMED[1:]
_KEYWORD = {"nl": "winterbereik", "en": "winter range"}


@dataclass(slots=True)
class Text:
    """A finished text with what it is about; `title` only where the network has titles."""

    words: str
    title: str
    theme: str
    mood: str


class Meaning(NamedTuple):
    """How a post was meant: its mood ("-", "?", "+", "=") and what it is about."""

    mood: str
    theme: str


class Memory:
    """What was said lately with which phrases, so that no two people tell the same story by accident."""

    def __init__(self) -> None:
        self._texts: set[str] = set()
        self._plans: defaultdict[int, deque[tuple[int, frozenset[int]]]] = defaultdict(deque)
        self._sizes: dict[int, int] = {}

    def _size(self, parts: frozenset[int]) -> int:
        return sum(self._sizes[part] for part in parts)

    def fresh(self, lead: Phrase, plan: list[Phrase], ago: int) -> bool:
        """Whether these phrases differ enough from the past month's plans with this lead;
        remembered if so."""
        for phrase in plan:
            if id(phrase) not in self._sizes:
                self._sizes[id(phrase)] = words_in(phrase)
        parts = frozenset(map(id, plan))
        earlier = self._plans[id(lead)]
        while earlier and earlier[0][0] - ago > MONTH:
            earlier.popleft()
        own = self._size(parts)
        for _, other in earlier:
            common = self._size(parts & other)
            if common > ALIKE * (own + self._size(other) - common):
                return False
        earlier.append((ago, parts))
        return True

    def unseen(self, text: str) -> bool:
        """True once per text."""
        key = text.lower().rstrip(".! ")
        if key in self._texts:
            return False
        self._texts.add(key)
        return True


class Writer:
    """Writes what customers say, in the phrases of voices/."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.dice = rng.random
        self.library: dict[str, dict[str, Book]] = {
            language: {theme: phrases("voices", language, theme) for theme in (*THEMES, "shared")}
            for language in ("nl", "en")
        }
        self.german = phrases("voices", "de", "all")
        lines = (HERE / "voices" / "nl" / "hostile.txt").read_text(encoding="utf-8").splitlines()
        self.hostile = sections(lines)["hostile"]
        self.memory = Memory()
        self._nasty = 0

    def one(self, pool: tuple[Phrase, ...]) -> Phrase:
        """Any phrase of a pool."""
        return pool[int(self.dice() * len(pool))]

    def scene(self, author: Author, ago: int, on: date, theme: str = "") -> Scene:
        """Fresh details for one text; family talk is mostly about the Polder."""
        bike = POLDER if theme == "family" and self.dice() < 0.6 else author.bike
        name = "" if author.name == author.handle else author.name.split(" ")[0]
        scene = Scene(self.rng, author.language, bike, name, on.month, on.year)
        scene.kept["belofte"] = "140" if ago <= CLAIM else "120"
        return scene

    def mood(self, theme: str, ago: int, network: str) -> str:
        """How this post speaks of its theme; reviews do not ask."""
        weights = PLUG_AFTER if theme == "plug" and ago <= PLUG_NEWS else MOOD[theme]
        mood = MOODS[bisect(tuple(accumulate(weights[:3])), self.dice())]
        if network == "trustpilot" and mood == "?":
            return "-" if self.dice() < 0.6 else "+"
        return mood

    def write(self, author: Author, theme: str, ago: int, on: date) -> Text:
        """What this author says about a theme on a day."""
        if author.language == "de":
            return self._german(author, ago, on)
        book = self.library[author.language][theme]
        shared = self.library[author.language]["shared"]
        mood = self.mood(theme, ago, author.network)
        if not book.get(mood):
            mood = next(other for other in MOODS if book.get(other))
        for attempt in range(10):
            lead, plan = self._plan(author, book, shared, theme, mood, ago, attempt // 3)
            if not self.memory.fresh(lead, plan, ago):
                continue
            text = self._say(author, plan, book, shared, theme, mood, ago, on)
            if self.memory.unseen(text.words):
                return text
        return self._say(author, plan, book, shared, theme, mood, ago, on)

    def _plan(
        self, author: Author, book: Book, shared: Book, theme: str, mood: str, ago: int, extra: int
    ) -> tuple[Phrase, list[Phrase]]:
        """The leading phrase of a text, and all its phrases in order; `extra` asks for so many details more than usual."""
        leads = book[mood]
        if theme == "plug" and ago <= PLUG_NEWS:
            leads = leads + book.get("after" + mood, ())
        lead = self.one(shared["dialect"] if self.dice() < 0.003 else leads)
        plan = [lead]
        pool = book.get("more" + mood, ()) + book.get("more", ()) or shared["situation"]
        for _ in range(self._details(author) + extra):
            phrase = self.one(pool)
            if phrase not in plan:
                plan.append(phrase)
        if self.dice() < (0.18 if author.network in SHORT else 0.4) + 0.3 * extra:
            plan.insert(1 + int(self.dice() * len(plan)), self.one(shared["situation"]))
        if mood == "-" and self.dice() < 0.42:
            plan.insert(1 + int(self.dice() * len(plan)), self.one(shared["feel-"]))
        if author.network != "mail" and self.dice() < 0.05 + 0.25 * author.wordy:
            plan.insert(0, self.one(shared["open" + mood]))
        if self.dice() < 0.08 + 0.28 * author.wordy:
            plan.append(self.one(shared["close" + mood]))
        return lead, plan

    def _details(self, author: Author) -> int:
        wanted = author.wordy + self.dice()
        if author.network in SHORT:
            return 0 if wanted < 0.55 else 1 if wanted < 1.35 else 2
        if author.network in {"instagram", "facebook", "mastodon"}:
            return 0 if wanted < 0.40 else 1 if wanted < 1.1 else 2
        return 1 if wanted < 0.6 else 2 if wanted < 1.2 else 3

    def _say(
        self,
        author: Author,
        plan: list[Phrase],
        book: Book,
        shared: Book,
        theme: str,
        mood: str,
        ago: int,
        on: date,
    ) -> Text:
        scene = self.scene(author, ago, on, theme)
        said = [sentence(phrase, scene.fill, self.dice) for phrase in plan]
        low = " ".join(said).lower()
        if "name" in book and _KEYWORD[author.language] not in low and self.dice() < 0.9:
            said.insert(1, sentence(self.one(book["name"]), scene.fill, self.dice))
        if not any(bike in low for bike in _BIKES) and self.dice() < 0.62:
            at = 1 + int(self.dice() * len(said))
            said.insert(at, sentence(self.one(shared["about"]), scene.fill, self.dice))
        limit = NETWORKS[author.network].limit - 40
        while len(said) > 1 and sum(map(len, said)) + len(said) > limit:
            said.pop()
        text = " ".join(said)
        if author.network not in PUBLIC:  # nobody is addressed by a handle in a review or a mail
            text = text.replace("@windmee_service", "Windmee").replace("@windmee", "Windmee")
        words = self._finish(author, text, theme, mood, scene)
        return Text(words, self._title(author, book, shared, mood, scene), theme, mood)

    def _title(self, author: Author, book: Book, shared: Book, mood: str, scene: Scene) -> str:
        if not NETWORKS[author.network].titled:
            return ""
        pool = book.get("title" + mood, ()) + book.get("title", ()) + shared["title"]
        title = sentence(self.one(pool), scene.fill, self.dice)
        return title.lower() if author.lower else title

    def _finish(self, author: Author, text: str, theme: str, mood: str, scene: Scene) -> str:
        text = dress(self.rng, author, text, mood)
        if author.network == "mail":
            return letter(self.rng, author, text)
        if self.dice() < NETWORKS[author.network].tagged:
            text = f"{text} {tags(self.rng, author.language, theme, scene.bike.name)}"
        if author.network in PUBLIC and self.dice() < 0.85:
            low = text.lower()
            if not any(name in low for name in _NAMED):
                text = f"{text} {'@windmee' if self.dice() < 0.7 else '#windmee'}"
        return text

    def answer(self, author: Author, theme: str, mood: str, ago: int, on: date) -> Text:
        """A reply of one customer to another's post."""
        language = author.language
        shared, book = self.library[language]["shared"], self.library[language][theme]
        for attempt in range(10):
            tone = self._tone(mood)
            plan = [self.one(shared["reply" + tone])]
            pool = book.get("more" + tone, ()) + book.get("more", ())
            if pool and self.dice() < 0.55 + attempt / 4:
                plan.append(self.one(pool))
            if self.dice() < attempt / 6:
                plan.append(self.one(shared["situation"]))
            if tone == "-" and self.dice() < 0.3:
                plan.append(self.one(shared["feel-"]))
            if not self.memory.fresh(plan[0], plan, ago):
                continue
            scene = self.scene(author, ago, on)
            said = " ".join(sentence(phrase, scene.fill, self.dice) for phrase in plan)
            text = dress(self.rng, author, said, tone)
            if self.memory.unseen(text):
                break
        else:
            scene = self.scene(author, ago, on)
            text = " ".join(sentence(phrase, scene.fill, self.dice) for phrase in plan)
        return Text(text, "", theme, tone)

    def _tone(self, mood: str) -> str:
        usual = {"?": "=", "-": "-", "+": "+", "=": "="}[mood]
        return usual if self.dice() < 0.62 else "-=+"[int(self.dice() * 3)]

    def _german(self, author: Author, ago: int, on: date) -> Text:
        for attempt in range(8):
            count = 1 + int(self.dice() * 2) + attempt // 3
            plan = [self.one(self.german["say"])]
            plan += [self.one(self.german["more"]) for _ in range(count)]
            plan = [phrase for at, phrase in enumerate(plan) if phrase not in plan[:at]]
            if self.memory.fresh(plan[0], plan, ago):
                break
        scene = self.scene(author, ago, on)
        text = " ".join(sentence(phrase, scene.fill, self.dice) for phrase in plan)
        title = "Windmee" if NETWORKS[author.network].titled else ""
        return Text(dress(self.rng, author, text, "="), title, "talk", "=")

    def nasty(self, author: Author, ago: int, on: date) -> str:
        """Markup, script, emoji alone, very long words, right-to-left script: what a public inbox really gets."""
        scene = self.scene(author, ago, on)
        line = self.hostile[self._nasty % len(self.hostile)]
        self._nasty += 1
        for slot in ("P", "km", "winkel"):
            line = line.replace(
                "{" + slot + "}", scene.fill(slot) if author.language != "de" else "Kade"
            )
        return line
