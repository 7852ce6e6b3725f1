"""Puts one customer's text together from the phrase files: an opening, what happened, details, a closing."""

from bisect import bisect
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from random import Random

from openroads.demo.company import POLDER
from openroads.demo.crowd import Author
from openroads.demo.grammar import HERE, Phrase, phrases, sections, sentence
from openroads.demo.networks import NETWORKS, PUBLIC, SHORT
from openroads.demo.scene import Scene
from openroads.demo.season import CLAIM, PLUG_NEWS, THEMES
from openroads.demo.style import dress, tags

MOODS = ("-", "?", "+", "=")
# How a theme is spoken of: complaint, question, praise, other.
MOOD: dict[str, tuple[float, float, float, float]] = {
    "winter": (0.57, 0.24, 0.07, 0.12), "plug": (0.74, 0.19, 0.0, 0.07), "wait": (0.74, 0.14, 0.07, 0.05), "weight": (0.63, 0.15, 0.12, 0.10),
    "broken": (0.69, 0.18, 0.07, 0.06), "app": (0.42, 0.21, 0.29, 0.08), "price": (0.43, 0.22, 0.23, 0.12), "insurance": (0.20, 0.30, 0.39, 0.11),
    "range": (0.60, 0.19, 0.09, 0.12), "upkeep": (0.26, 0.30, 0.28, 0.16), "theft": (0.55, 0.20, 0.15, 0.10), "order": (0.30, 0.30, 0.30, 0.10),
    "family": (0.20, 0.24, 0.44, 0.12), "ride": (0.07, 0.08, 0.69, 0.16), "trip": (0.15, 0.20, 0.40, 0.25), "shop": (0.20, 0.12, 0.58, 0.10),
    "lease": (0.12, 0.50, 0.25, 0.13), "used": (0.32, 0.40, 0.13, 0.15), "rival": (0.30, 0.20, 0.25, 0.25), "design": (0.22, 0.15, 0.50, 0.13),
    "rain": (0.25, 0.25, 0.15, 0.35), "noise": (0.60, 0.22, 0.08, 0.10), "talk": (0.25, 0.12, 0.13, 0.50),
}  # fmt: skip
PLUG_AFTER = (0.24, 0.26, 0.35, 0.15)
_NAMED = ("windmee", "kade", "polder", "gracht")


@dataclass(slots=True)
class Text:
    """A finished text with what it is about; `title` only where the network has titles."""

    words: str
    title: str
    theme: str
    mood: str


class Writer:
    """Writes texts and remembers them, so that no two people say exactly the same by accident."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.dice = rng.random
        self.library = {
            language: {theme: phrases("voices", language, theme) for theme in (*THEMES, "shared")}
            for language in ("nl", "en")
        }
        self.german = phrases("voices", "de", "all")
        lines = (HERE / "voices" / "nl" / "hostile.txt").read_text(encoding="utf-8").splitlines()
        self.hostile = sections(lines)["hostile"]
        self.seen: set[str] = set()

    def one(self, pool: tuple[Phrase, ...]) -> Phrase:
        return pool[int(self.dice() * len(pool))]

    def scene(self, author: Author, on: date, theme: str = "") -> Scene:
        """Fresh details for one text; family talk is mostly about the Polder."""
        bike = POLDER if theme == "family" and self.dice() < 0.6 else author.bike
        name = "" if author.name == author.handle else author.name.split(" ")[0]
        return Scene(self.rng, author.language, bike, name, on.month, on.year)

    def mood(self, theme: str, ago: int, network: str) -> str:
        weights = PLUG_AFTER if theme == "plug" and ago <= PLUG_NEWS else MOOD[theme]
        mood = MOODS[bisect(tuple(accumulate(weights[:3])), self.dice())]
        if network == "trustpilot" and mood == "?":
            return "-" if self.dice() < 0.6 else "+"
        return mood

    def unseen(self, text: str) -> bool:
        """True once per text: a generator that repeats itself is found out by its readers."""
        key = text.lower().rstrip(".! ")
        if key in self.seen:
            return False
        self.seen.add(key)
        return True

    def write(self, author: Author, theme: str, ago: int, on: date) -> Text:
        """What this author says about a theme on a day."""
        if author.language == "de":
            return self._german(author, on)
        for _ in range(8):
            text = self._attempt(author, theme, ago, on)
            if self.unseen(text.words):
                break
        return text

    def _attempt(self, author: Author, theme: str, ago: int, on: date) -> Text:
        book = self.library[author.language][theme]
        shared = self.library[author.language]["shared"]
        mood = self.mood(theme, ago, author.network)
        pool = book.get(mood)
        if not pool:
            mood = next(other for other in MOODS if book.get(other))
            pool = book[mood]
        scene = self.scene(author, on, theme)
        scene.kept["belofte"] = "140" if ago <= CLAIM else "120"
        if theme == "plug" and ago <= PLUG_NEWS:
            pool = pool + book.get("after" + mood, ())
        if self.dice() < 0.004:
            pool = shared["dialect"]
        said = [sentence(self.one(pool), scene.fill, self.dice)]
        said += self._details(author, book, shared, mood, scene)
        if author.network != "mail" and self.dice() < 0.05 + 0.25 * author.wordy:
            said.insert(0, sentence(self.one(shared["open" + mood]), scene.fill, self.dice))
        if self.dice() < 0.10 + 0.30 * author.wordy:
            said.append(sentence(self.one(shared["close" + mood]), scene.fill, self.dice))
        limit = NETWORKS[author.network].limit - 40
        while len(said) > 1 and sum(map(len, said)) + len(said) > limit:
            said.pop()
        return Text(
            self._finish(author, said, theme, mood, scene),
            self._title(author, book, shared, mood, scene),
            theme,
            mood,
        )

    def _details(
        self,
        author: Author,
        book: dict[str, tuple[Phrase, ...]],
        shared: dict[str, tuple[Phrase, ...]],
        mood: str,
        scene: Scene,
    ) -> list[str]:
        pool = book.get("more" + mood, ()) + book.get("more", ())
        wanted = author.wordy + self.dice()
        if author.network in SHORT:
            count = 0 if wanted < 0.62 else 1 if wanted < 1.35 else 2
        elif author.network in {"instagram", "facebook", "mastodon"}:
            count = 0 if wanted < 0.45 else 1 if wanted < 1.1 else 2
        else:
            count = 1 if wanted < 0.6 else 2 if wanted < 1.2 else 3
        chosen: list[Phrase] = []
        for _ in range(count if pool else 0):
            phrase = self.one(pool)
            if phrase not in chosen:
                chosen.append(phrase)
        situation = 0.16 if author.network in SHORT else 0.4
        if self.dice() < situation + (0.2 if not pool else 0.0):
            chosen.insert(int(self.dice() * (len(chosen) + 1)), self.one(shared["situation"]))
        return [sentence(phrase, scene.fill, self.dice) for phrase in chosen]

    def _title(
        self,
        author: Author,
        book: dict[str, tuple[Phrase, ...]],
        shared: dict[str, tuple[Phrase, ...]],
        mood: str,
        scene: Scene,
    ) -> str:
        if not NETWORKS[author.network].titled:
            return ""
        title = sentence(
            self.one(book.get("title" + mood, ()) + book.get("title", ()) + shared["title"]),
            scene.fill,
            self.dice,
        )
        return title.lower() if author.lower else title

    def _finish(self, author: Author, said: list[str], theme: str, mood: str, scene: Scene) -> str:
        text = " ".join(said)
        if author.network == "mail":
            text = dress(self.rng, author, text, mood)
            dutch = author.language == "nl"
            hello = (
                (
                    "Beste Windmee",
                    "Geachte heer, mevrouw",
                    "Dag mensen van Windmee",
                    "Goedemiddag",
                    "Hallo",
                )
                if dutch
                else ("Dear Windmee", "Hello", "Good morning", "Dear Sir or Madam", "Hi there")
            )
            bye = (
                ("Met vriendelijke groet", "Groet", "Hartelijke groet", "Mvg", "Met groet")
                if dutch
                else ("Kind regards", "Best wishes", "Regards", "Thanks", "Many thanks")
            )
            return f"{hello[int(self.dice() * 5)]},\n\n{text}\n\n{bye[int(self.dice() * 5)]},\n{author.name}"
        text = dress(self.rng, author, text, mood)
        net = NETWORKS[author.network]
        if self.dice() < net.tagged:
            text = f"{text} {tags(self.rng, author.language, theme, scene.bike.name)}"
        if author.network in PUBLIC:
            low = text.lower()
            if not any(name in low for name in _NAMED) and self.dice() < 0.85:
                text = f"{text} {'@windmee' if self.dice() < 0.7 else '#windmee'}"
        return text

    def answer(self, author: Author, theme: str, mood: str, on: date) -> Text:
        """A reply of one customer to another's post."""
        language = author.language if author.language != "de" else "en"
        shared, book = self.library[language]["shared"], self.library[language][theme]
        for _ in range(8):
            scene = Scene(
                self.rng, language, author.bike, author.name.split(" ")[0], on.month, on.year
            )
            dice = self.dice()
            tone = (
                "="
                if mood == "?" and dice < 0.6
                else "-"
                if mood == "-" and dice < 0.6
                else "+"
                if mood == "+" and dice < 0.65
                else "-=+"[int(self.dice() * 3)]
            )
            said = [sentence(self.one(shared["reply" + tone]), scene.fill, self.dice)]
            pool = book.get("more" + tone, ()) + book.get("more", ())
            if pool and self.dice() < 0.55:
                said.append(sentence(self.one(pool), scene.fill, self.dice))
            text = dress(self.rng, author, " ".join(said), tone)
            if self.unseen(text):
                break
        return Text(text, "", theme, tone)

    def _german(self, author: Author, on: date) -> Text:
        for _ in range(8):
            scene = Scene(self.rng, "de", author.bike, "", on.month, on.year)
            said = [sentence(self.one(self.german["say"]), scene.fill, self.dice)]
            said += [
                sentence(self.one(self.german["more"]), scene.fill, self.dice)
                for _ in range(1 + int(self.dice() * 2))
            ]
            text = dress(self.rng, author, " ".join(dict.fromkeys(said)), "=")
            if self.unseen(text):
                break
        return Text(text, "Windmee" if NETWORKS[author.network].titled else "", "talk", "=")

    def nasty(self, author: Author, on: date) -> str:
        """Markup, script, emoji alone, very long words, right-to-left script: what a public inbox really gets."""
        scene = self.scene(author, on)
        line = self.hostile[int(self.dice() * len(self.hostile))]
        for slot in ("P", "km", "winkel"):
            line = line.replace(
                "{" + slot + "}", scene.fill(slot) if author.language != "de" else "Kade"
            )
        return line
