"""What Windmee says about itself: pages in their versions, press releases, newsletters and blog posts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest
from random import Random
from typing import Literal

from openroads.demo.company import GRACHT, KADE, POLDER, PRODUCTS, SHOPS, SITE, ProductRow
from openroads.demo.grammar import Phrase, phrases, sentence
from openroads.demo.plan import BLOG, HONEST, PAGES, RELEASES
from openroads.demo.scene import Scene
from openroads.demo.season import CLAIM, DAYS

Kind = Literal["page", "release", "post"]


@dataclass(frozen=True, slots=True)
class BrandPage:
    """One text of the brand as it stood from `valid_from` until (not with) `valid_to`; None = it still stands."""

    url: str
    title: str
    text: str
    language: str
    product: str
    kind: Kind
    valid_from: date
    valid_to: date | None = None


class _Desk:
    """The copy desk: writes paragraphs from the lines of a topic, without repeating a line inside one text."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)  # noqa: S311  repeatable on purpose
        self.lines = {language: phrases("brand", language, "lines") for language in ("nl", "en")}

    def text(
        self,
        language: str,
        topics: Sequence[str],
        bike: ProductRow | None,
        claim: int,
        shop: str = "",
    ) -> str:
        used: set[Phrase] = set()
        scene = Scene(
            self.rng, language, bike or (KADE, POLDER, GRACHT)[self.rng.randrange(3)], "", 1, 2000
        )
        scene.kept.update({"P": scene.bike.name, "belofte": str(claim), "boss": "Karel Windhorst"})
        if shop:
            scene.kept["winkel"] = shop
        return "\n\n".join(
            filter(None, (self._paragraph(language, topic, scene, used) for topic in topics))
        )

    def _paragraph(self, language: str, topic: str, scene: Scene, used: set[Phrase]) -> str:
        book = self.lines[language]
        fresh = [line for line in book[topic] if line not in used]
        chosen = self.rng.sample(fresh, min(len(fresh), 3 + self.rng.randrange(2)))
        if topic in {"news", "hello"}:
            chosen.sort(key=book[topic].index)
        spice = [
            line
            for line in book[
                self.rng.choice(("freedom", "design", "lifestyle", "craft", "sustain"))
            ]
            if line not in used
        ]
        chosen += self.rng.sample(spice, min(len(spice), max(0, 5 - len(chosen))))
        used.update(chosen)
        return " ".join(sentence(line, scene.fill, self.rng.random) for line in chosen)


_LEAD = {"nl": "Tot {km} km op één lading.", "en": "Up to {km} km on one charge."}


def _day(today: date, ago: int) -> date:
    return today - timedelta(days=ago)


def _claim(ago: int) -> int:
    return 140 if ago <= CLAIM else 120


def _pages(today: date, desk: _Desk) -> list[BrandPage]:
    rows: list[BrandPage] = []
    for plan in PAGES:
        for language in ("nl", "en"):
            url = f"{SITE}/{language}/{plan.path}".rstrip("/")
            title = plan.title_nl if language == "nl" else plan.title_en
            product = plan.bike.name if plan.bike else ""
            for ago, following in zip_longest(plan.starts, plan.starts[1:]):
                topics = plan.topics.split()
                if ago <= HONEST:
                    topics[topics.index("range") if "range" in topics else -1] = "honest"
                text = desk.text(language, topics, plan.bike, _claim(ago))
                if plan.path == "kade":
                    text = f"{_LEAD[language].format(km=_claim(ago))} {text}"
                until = None if following is None else _day(today, following)
                start = _day(today, ago)
                rows.append(BrandPage(url, title, text, language, product, "page", start, until))
    start = _day(today, DAYS + 20)
    for shop in SHOPS:
        text = desk.text("nl", ("shop", "lifestyle", "service", "design"), None, 140, shop)
        url = f"{SITE}/nl/winkels/{shop.lower()}"
        rows.append(BrandPage(url, f"Windmee {shop}", text, "nl", "", "page", start))
    text = desk.text("nl", ("jobs", "company", "craft", "lifestyle"), None, 140)
    url, start = f"{SITE}/nl/werken-bij", _day(today, 350)
    return [*rows, BrandPage(url, "Werken bij Windmee", text, "nl", "", "page", start)]


def _releases(today: date, desk: _Desk) -> list[BrandPage]:
    rows: list[BrandPage] = []
    for ago, dutch, english, topics in RELEASES:
        for language, title in (("nl", dutch), ("en", english)):
            lead = sentence(
                phrases("brand", language, "releases")[str(ago)][0], str, desk.rng.random
            )
            text = f"{lead} {desk.text(language, topics.split(), None, _claim(ago))}"
            product = next((bike.name for bike in PRODUCTS if bike.name in title), "")
            url = f"{SITE}/{language}/pers/{DAYS - ago:03d}"
            start = _day(today, ago)
            rows.append(BrandPage(url, title, text, language, product, "release", start))
    return rows


def _letters(today: date, desk: _Desk) -> list[BrandPage]:
    rows: list[BrandPage] = []
    for number in range(18):
        ago = DAYS - 20 - number * 30
        topics = (
            "hello",
            ("freedom", "design", "lifestyle")[number % 3],
            ("kade", "polder", "gracht")[number % 3],
            ("belt", "craft", "sustain", "smart", "plan")[number % 5],
        )
        for language, title in (("nl", "Nieuwsbrief"), ("en", "Newsletter")):
            text = desk.text(language, topics, None, _claim(ago))
            url = f"{SITE}/{language}/nieuwsbrief/{number + 1}"
            shown, start = f"{title} {number + 1}", _day(today, ago)
            rows.append(BrandPage(url, shown, text, language, "", "post", start))
    return rows


def _blog(today: date, desk: _Desk) -> list[BrandPage]:
    rows: list[BrandPage] = []
    for number in range(len(BLOG) * 2):
        dutch, english, topics = BLOG[number % len(BLOG)]
        ago = max(3, DAYS - 8 - number * 13 - desk.rng.randrange(4))
        if "honest" in topics and ago > HONEST:
            ago = HONEST - 20 - number % 7
        for language, title in (("nl", dutch), ("en", english)):
            if language == "en" and number % 3 == 2:
                continue
            if number >= len(BLOG):
                title += ", deel twee" if language == "nl" else ", part two"
            text = desk.text(language, topics.split(), None, _claim(ago))
            url = f"{SITE}/{language}/blog/{number + 1}"
            rows.append(BrandPage(url, title, text, language, "", "post", _day(today, ago)))
    return rows


def windmee_texts(today: date) -> list[BrandPage]:
    """Every text of the brand in every version, oldest first; the same for the same `today`.

    Dutch and English were written side by side, neither from the other, so the two differ in length.
    """
    desk = _Desk(today.toordinal())
    rows = [row for make in (_pages, _releases, _letters, _blog) for row in make(today, desk)]
    return sorted(rows, key=lambda row: (row.valid_from, row.url))
