"""What Windmee says about itself: pages in their versions, press releases, newsletters and blog posts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal

from openroads.demo.company import GRACHT, KADE, POLDER, SHOPS, SITE, ProductRow
from openroads.demo.grammar import Phrase, phrases, sentence
from openroads.demo.scene import Scene
from openroads.demo.season import CLAIM, DAYS, PLUG_NEWS

Kind = Literal["page", "release", "post"]
HONEST = 70
"""Days before today since which the pages speak of what wind and weather do to the range."""


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


@dataclass(frozen=True, slots=True)
class _Plan:
    path: str
    title_nl: str
    title_en: str
    topics: str
    starts: tuple[int, ...]
    bike: ProductRow | None = None


# Pages: path, titles, one topic per paragraph, days before today on which a new version went live.
PAGES: tuple[_Plan, ...] = (
    _Plan("", "Windmee, fietsen met de wind mee", "Windmee, cycling with the wind behind you", "freedom design craft lifestyle belt service sustain range smart", (DAYS + 90, CLAIM, 60)),
    _Plan("kade", "De Kade", "The Kade", "kade design range belt freedom smart craft service price", (DAYS + 120, CLAIM, 55), KADE),
    _Plan("polder", "De Polder", "The Polder", "polder freedom design range lifestyle craft belt service plan", (DAYS + 120, CLAIM + 30, 55), POLDER),
    _Plan("gracht", "De Gracht", "The Gracht", "gracht design lifestyle freedom belt smart craft sustain price", (DAYS + 80, 300, 66), GRACHT),
    _Plan("service", "Service aan huis", "Home service", "service plan freedom service lifestyle company plan", (DAYS + 40, 210)),
    _Plan("app", "De Windmee app", "The Windmee app", "smart freedom smart design range smart lifestyle", (DAYS + 40, 330, 130)),
    _Plan("zorgeloos", "Zorgeloos pakket: verzekering en onderhoud", "The carefree plan", "plan service plan price freedom plan", (DAYS + 40, 190)),
    _Plan("duurzaam", "Duurzaam", "Sustainable", "sustain craft sustain lifestyle sustain company sustain", (DAYS + 60, 240)),
    _Plan("over-ons", "Over ons", "About us", "company freedom craft company sustain lifestyle design", (DAYS + 200, 280)),
    _Plan("vakmanschap", "Vakmanschap", "Craftsmanship", "craft design craft belt craft company", (DAYS + 30,)),
    _Plan("design", "Design", "Design", "design lifestyle design craft design freedom", (DAYS + 30,)),
    _Plan("riemaandrijving", "Riemaandrijving", "Belt drive", "belt freedom belt craft belt plan", (DAYS + 30,)),
    _Plan("actieradius", "Actieradius", "Range", "range freedom range smart range", (CLAIM, HONEST)),
    _Plan("lease", "Lease en zakelijk", "Lease and business", "price kade plan service sustain price", (DAYS + 10, 200)),
    _Plan("familie", "Voor de hele familie", "For the whole family", "polder lifestyle polder freedom design", (430,)),
    _Plan("stad", "Voor de stad", "For the city", "gracht lifestyle gracht sustain freedom", (400,)),
)  # fmt: skip
RELEASES: tuple[tuple[int, str, str, str], ...] = (
    (530, "Windmee presenteert nieuwe Kade", "Windmee presents the new Kade", "news kade design craft"),
    (502, "Windmee wint designprijs met de Gracht", "Windmee wins design award for the Gracht", "news gracht design lifestyle"),
    (480, "Nieuwe assemblagehal in Zwolle open", "New assembly hall opens in Zwolle", "news craft company sustain"),
    (445, "Windmee lanceert slimste slot", "Windmee launches its smartest lock", "news smart freedom belt"),
    (402, "Windmee groeit in België", "Windmee grows in Belgium", "news company freedom craft"),
    (371, "Polder verkozen tot gezinsfiets van het jaar", "Polder is family bike of the year", "news polder lifestyle design"),
    (338, "Thuiszorg kiest voor de Polder", "Home care chooses the Polder", "news polder sustain service"),
    (301, "Zonnedak voor de fabriek", "Solar roof for the factory", "news sustain craft company"),
    (CLAIM, "Nieuwe Kade: tot 140 km op één lading", "New Kade: up to 140 km on one charge", "news range kade freedom"),
    (251, "Nieuwe kleuren: mos en zand", "New colours: moss and sand", "news design lifestyle craft"),
    (222, "Service aan huis in de avond", "Home service in the evening", "news service plan company"),
    (188, "Windmee haalt drie miljoen op", "Windmee raises three million", "news company craft freedom"),
    (150, "Nieuwe app voor alle rijders", "New app for all riders", "news smart design freedom"),
    (PLUG_NEWS, "Sterkere laadstekker voor elke Windmee", "A stronger charger plug for every Windmee", "news honest service craft"),
    (61, "Drie getallen voor de actieradius", "Three figures for range", "news honest range smart"),
    (41, "Riemaandrijving van gerecycled materiaal", "Belt drive from recycled material", "news sustain belt craft"),
    (20, "Windmee en steden: stille straten", "Windmee and cities: silent streets", "news gracht sustain freedom"),
)  # fmt: skip
BLOG: tuple[tuple[str, str, str], ...] = (
    ("Vijf vrije dagen langs de kust", "Five free days along the coast", "freedom lifestyle kade belt freedom"),
    ("Een dag in het atelier", "A day in the studio", "craft design craft company design"),
    ("Zo kies je jouw kleur", "How to choose your colour", "design lifestyle design gracht"),
    ("Naar school met de Polder", "To school with the Polder", "polder freedom polder lifestyle plan"),
    ("Stil door de stad", "Silent through the city", "gracht belt gracht sustain freedom"),
    ("Waarom wij voor riemaandrijving kiezen", "Why we choose belt drive", "belt craft belt sustain belt"),
    ("Het verhaal achter de Kade", "The story of the Kade", "kade design craft freedom range"),
    ("Groen ondernemen in Zwolle", "Green business in Zwolle", "sustain company sustain craft"),
    ("Slimmer op pad met de app", "Smarter on the road with the app", "smart freedom smart range"),
    ("Fietsen als lifestyle", "Cycling as a lifestyle", "lifestyle freedom design lifestyle"),
    ("Achter de schermen bij service aan huis", "Behind the scenes of home service", "service company service plan"),
    ("Weekendavontuur op de Veluwe", "Weekend adventure in the woods", "lifestyle freedom kade range lifestyle"),
    ("Zorgeloos op weg", "On the road without a care", "plan service freedom plan"),
    ("De kunst van het lassen", "The art of welding", "craft design craft lifestyle"),
    ("Wonen met een mooie fiets", "Living with a beautiful bike", "design lifestyle gracht design"),
    ("Picknick met de familie", "Picnic with the family", "polder lifestyle freedom polder"),
    ("Van idee tot icoon", "From idea to icon", "design craft gracht company"),
    ("Forenzen zonder stress", "Commuting without stress", "kade freedom belt smart"),
    ("Ver komen: hoe haal je alles uit je accu", "Going far: all you can get from your battery", "honest range honest smart"),
    ("Duurzaam op vakantie", "A sustainable holiday", "sustain freedom lifestyle kade"),
)  # fmt: skip


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


def _claim(ago: int) -> int:
    return 140 if ago <= CLAIM else 120


def _pages(today: date, desk: _Desk) -> list[BrandPage]:
    rows: list[BrandPage] = []
    for plan in PAGES:
        for language in ("nl", "en"):
            for place, ago in enumerate(plan.starts):
                following = plan.starts[place + 1] if place + 1 < len(plan.starts) else None
                topics = plan.topics.split()
                if ago <= HONEST:
                    topics[topics.index("range") if "range" in topics else -1] = "honest"
                text = desk.text(language, topics, plan.bike, _claim(ago))
                if plan.path == "kade":
                    lead = (
                        f"Tot {_claim(ago)} km op één lading."
                        if language == "nl"
                        else f"Up to {_claim(ago)} km on one charge."
                    )
                    text = f"{lead} {text}"
                rows.append(
                    BrandPage(
                        f"{SITE}/{language}/{plan.path}".rstrip("/"), plan.title_nl if language == "nl" else plan.title_en, text, language,
                        plan.bike.name if plan.bike else "", "page", today - timedelta(days=ago),
                        today - timedelta(days=following) if following is not None else None,
                    )
                )  # fmt: skip
    for shop in SHOPS:
        text = desk.text("nl", ("shop", "lifestyle", "service", "design"), None, 140, shop)
        rows.append(
            BrandPage(
                f"{SITE}/nl/winkels/{shop.lower()}",
                f"Windmee {shop}",
                text,
                "nl",
                "",
                "page",
                today - timedelta(days=DAYS + 20),
            )
        )
    text = desk.text("nl", ("jobs", "company", "craft", "lifestyle"), None, 140)
    rows.append(
        BrandPage(
            f"{SITE}/nl/werken-bij",
            "Werken bij Windmee",
            text,
            "nl",
            "",
            "page",
            today - timedelta(days=350),
        )
    )
    return rows


def _dated(today: date, desk: _Desk) -> list[BrandPage]:
    rows: list[BrandPage] = []
    for ago, dutch, english, topics in RELEASES:
        for language, title in (("nl", dutch), ("en", english)):
            lead = sentence(
                phrases("brand", language, "releases")[str(ago)][0], str, desk.rng.random
            )
            text = f"{lead} {desk.text(language, topics.split(), None, _claim(ago))}"
            product = next((bike.name for bike in (KADE, POLDER, GRACHT) if bike.name in title), "")
            rows.append(
                BrandPage(
                    f"{SITE}/{language}/pers/{DAYS - ago:03d}",
                    title,
                    text,
                    language,
                    product,
                    "release",
                    today - timedelta(days=ago),
                )
            )
    for number in range(18):
        ago = DAYS - 20 - number * 30
        for language in ("nl", "en"):
            topics = (
                "hello",
                ("freedom", "design", "lifestyle")[number % 3],
                ("kade", "polder", "gracht")[number % 3],
                ("belt", "craft", "sustain", "smart", "plan")[number % 5],
            )
            title = f"Nieuwsbrief {number + 1}" if language == "nl" else f"Newsletter {number + 1}"
            rows.append(
                BrandPage(
                    f"{SITE}/{language}/nieuwsbrief/{number + 1}",
                    title,
                    desk.text(language, topics, None, _claim(ago)),
                    language,
                    "",
                    "post",
                    today - timedelta(days=ago),
                )
            )
    for number in range(len(BLOG) * 2):
        dutch, english, topics = BLOG[number % len(BLOG)]
        ago = max(3, DAYS - 8 - number * 13 - desk.rng.randrange(4))
        if "honest" in topics and ago > HONEST:
            ago = HONEST - 20 - number % 7
        again = number >= len(BLOG)
        for language, title in (("nl", dutch), ("en", english)):
            if language == "en" and number % 3 == 2:
                continue
            shown = (
                title
                if not again
                else f"{title}, {'deel twee' if language == 'nl' else 'part two'}"
            )
            rows.append(
                BrandPage(
                    f"{SITE}/{language}/blog/{number + 1}",
                    shown,
                    desk.text(language, topics.split(), None, _claim(ago)),
                    language,
                    "",
                    "post",
                    today - timedelta(days=ago),
                )
            )
    return rows


def windmee_texts(today: date) -> list[BrandPage]:
    """Every text of the brand in every version, oldest first; the same for the same `today`.

    Dutch and English were written side by side, neither from the other, so the two differ in length.
    """
    desk = _Desk(today.toordinal())
    rows = _pages(today, desk) + _dated(today, desk)
    return sorted(rows, key=lambda row: (row.valid_from, row.url))
