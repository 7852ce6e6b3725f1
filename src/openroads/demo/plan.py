"""Which texts Windmee has: its pages and their versions, its releases, its blog."""

from dataclasses import dataclass

from openroads.demo.company import GRACHT, KADE, POLDER, ProductRow
from openroads.demo.season import CLAIM, DAYS, PLUG_NEWS

HONEST = 70
"""Days before today since which the pages speak of what wind and weather do to the range."""


@dataclass(frozen=True, slots=True)
class PagePlan:
    """A page: path, titles, a topic per paragraph, and the days before today of its versions."""

    path: str
    title_nl: str
    title_en: str
    topics: str
    starts: tuple[int, ...]
    bike: ProductRow | None = None


PAGES: tuple[PagePlan, ...] = (
    PagePlan("", "Windmee, fietsen met de wind mee", "Windmee, cycling with the wind behind you", "freedom design craft lifestyle belt service sustain range smart", (DAYS + 90, CLAIM, 60)),
    PagePlan("kade", "De Kade", "The Kade", "kade design range belt freedom smart craft service price", (DAYS + 120, CLAIM, 55), KADE),
    PagePlan("polder", "De Polder", "The Polder", "polder freedom design range lifestyle craft belt service plan", (DAYS + 120, CLAIM + 30, 55), POLDER),
    PagePlan("gracht", "De Gracht", "The Gracht", "gracht design lifestyle freedom belt smart craft sustain price", (DAYS + 80, 300, 66), GRACHT),
    PagePlan("service", "Service aan huis", "Home service", "service plan freedom service lifestyle company plan", (DAYS + 40, 210)),
    PagePlan("app", "De Windmee app", "The Windmee app", "smart freedom smart design range smart lifestyle", (DAYS + 40, 330, 130)),
    PagePlan("zorgeloos", "Zorgeloos pakket: verzekering en onderhoud", "The carefree plan", "plan service plan price freedom plan", (DAYS + 40, 190)),
    PagePlan("duurzaam", "Duurzaam", "Sustainable", "sustain craft sustain lifestyle sustain company sustain", (DAYS + 60, 240)),
    PagePlan("over-ons", "Over ons", "About us", "company freedom craft company sustain lifestyle design", (DAYS + 200, 280)),
    PagePlan("vakmanschap", "Vakmanschap", "Craftsmanship", "craft design craft belt craft company", (DAYS + 30,)),
    PagePlan("design", "Design", "Design", "design lifestyle design craft design freedom", (DAYS + 30,)),
    PagePlan("riemaandrijving", "Riemaandrijving", "Belt drive", "belt freedom belt craft belt plan", (DAYS + 30,)),
    PagePlan("actieradius", "Actieradius", "Range", "range freedom range smart range", (CLAIM, HONEST)),
    PagePlan("lease", "Lease en zakelijk", "Lease and business", "price kade plan service sustain price", (DAYS + 10, 200)),
    PagePlan("familie", "Voor de hele familie", "For the whole family", "polder lifestyle polder freedom design", (430,)),
    PagePlan("stad", "Voor de stad", "For the city", "gracht lifestyle gracht sustain freedom", (400,)),
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
