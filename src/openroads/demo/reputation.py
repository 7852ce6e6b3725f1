"""Windmee beside its rivals: what people say of these, what Windmee promises, and what it did to steer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from openroads.archive.ingest import Origin, ingest
from openroads.archive.message import Message
from openroads.connectors.port import Page
from openroads.demo import people
from openroads.demo.season import PLUG_NEWS
from openroads.directory.company import Brand, Product
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening import queries
from openroads.listening.analysing import analysed
from openroads.listening.models import BrandText, Source
from openroads.listening.reputation.actions import log_steering
from openroads.listening.signals.actions import make_promise
from openroads.listening.themes.actions import make_themes
from openroads.listening.topics.models import Topic

DAYS = 200
"""Days before today over which rivals are heard: two quarters and a little."""
THEMED = 5
"""Months whose themes the demo has; the others are made in its first night."""
LAUNCH = 52
"""Days before today on which Stroomfiets brought a new bike out."""
THREE_FIGURES = 61
"""Days before today on which Windmee began to give three figures for its range."""

PLACES = "Utrecht Zwolle Gent Assen Delft Leuven Breda Hoorn Ede Almere Tilburg Venlo Sneek Meppel".split()
FORUM = ("x", "bluesky", "mastodon", "facebook", "instagram")

SAID = {
    "nl": {
        "range": (
            "haalde met de {brand} vandaag {km} km naar {place} en had nog accu over",
            "{brand} haalt bij mij gewoon {km} km op één lading, ook met wind tegen richting {place}",
            "het bereik van {brand} klopt, {km} km van {place} en terug zonder laden",
            "accu van mijn {brand} was na {km} km bij {place} al leeg, dat valt tegen",
        ),
        "quiet": (
            "wat is die {brand} stil zeg, door {place} rijden en niemand hoort je aankomen",
            "de motor van mijn {brand} piept na {weeks} weken, in {place} kijken ze ervan op",
            "stille motor, heerlijk fietsen rond {place} met de {brand}",
        ),
        "light": (
            "de {brand} weegt maar {kilo} kilo, til hem zo de trap op in {place}",
            "eindelijk een lichte e-bike: {brand} van {kilo} kilo, past in de trein naar {place}",
            "{brand} is te zwaar voor het fietsenrek bij station {place}, {kilo} kilo",
        ),
        "service": (
            "al {weeks} weken wachten op de monteur van {brand} in {place}, niemand belt terug",
            "{brand} laat me {weeks} weken wachten op een onderdeel, winkel in {place} weet van niets",
            "service van {brand} is waardeloos, {weeks} keer gebeld en nog geen reparatie in {place}",
            "monteur van {brand} stond er binnen {weeks} dagen in {place}, netjes geholpen",
        ),
        "price": (
            "{brand} is {euro} euro duurder geworden, in {place} kost hij nu flink meer",
            "lease van {brand} voor {euro} euro per maand via mijn werk in {place}, prima prijs",
        ),
        "compare": (
            "twijfel tussen Windmee en {brand}, iemand in {place} met ervaring na {weeks} weken?",
            "van Windmee overgestapt op {brand}, na {weeks} weken in {place} {feel}",
        ),
        "new": (
            "de nieuwe {brand} gezien in {place}, {km} km bereik en {kilo} kilo, {feel}",
            "proefrit met de nieuwe {brand} bij {place}: {km} km gereden, {feel}",
        ),
    },
    "en": {
        "range": (
            "did {km} km to {place} on my {brand} today and still had battery left",
            "{brand} range is honest, {km} km around {place} on one charge",
            "battery of my {brand} was empty after {km} km near {place}, disappointing",
        ),
        "quiet": (
            "so quiet, nobody in {place} hears my {brand} coming",
            "the motor of my {brand} squeaks after {weeks} weeks in {place}",
        ),
        "light": (
            "my {brand} weighs {kilo} kilos, carried it up the stairs in {place}",
            "{brand} is too heavy for the rack at {place} station, {kilo} kilos",
        ),
        "service": (
            "waiting {weeks} weeks for the {brand} mechanic in {place}, nobody calls back",
            "{brand} service is useless, called {weeks} times about a repair in {place}",
        ),
        "price": ("{brand} went up {euro} euros, the shop in {place} says sorry",),
        "compare": ("anyone in {place} moved from Windmee to {brand}? after {weeks} weeks, {feel}?",),
        "new": ("test ride on the new {brand} near {place}, {km} km, {feel}",),
    },
}  # fmt: skip
MORE = {
    "nl": (
        "ben benieuwd of anderen dat ook hebben", "ik rijd elke dag naar kantoor", "mijn buurman heeft dezelfde",
        "de kinderen vinden het prachtig", "gekocht in de aanbieding", "morgen weer verder", "iemand tips?",
        "had ik niet verwacht", "toch blij dat ik hem heb", "dit had beter gekund", "ga nooit meer terug",
        "volgende keer een andere winkel", "op naar het voorjaar", "met regen is het anders",
    ),
    "en": (
        "wonder if others see the same", "I ride to the office every day", "my neighbour has the same one",
        "the kids love it", "bought it on sale", "any tips?", "did not expect that", "still glad I have it",
        "could have been better", "never going back", "spring can come now", "rain makes a difference",
    ),
}  # fmt: skip
FEEL = {
    "nl": ("echt geweldig", "valt me tegen", "fijne fiets", "niet overtuigd", "heel tevreden"),
    "en": ("really great", "not convinced", "lovely bike", "a bit disappointing", "very happy"),
}


@dataclass(frozen=True, slots=True)
class Rival:
    """How much is said of a rival a day (of every hundred of all), and about what."""

    name: str
    share: int
    about: dict[str, int]


RIVALS = (
    Rival("Stroomfiets", 66, {"range": 30, "service": 26, "price": 14, "compare": 14, "light": 8, "quiet": 8}),
    Rival("Tramont", 34, {"light": 30, "quiet": 24, "price": 18, "range": 10, "compare": 12, "service": 6}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PromisePlan:
    """What Windmee promises, in Dutch and in English: of which bike (empty: of all), its words, the
    claim and its page."""

    names: tuple[str, str]
    product: str
    texts: tuple[str, str]
    claim: str
    page: str


SPOKEN = ("nl", "en")
PROMISES = (
    PromisePlan(("Actieradius", "Range"), "Kade", ('actieradius OR bereik OR winterbereik OR lading OR "km"', 'range OR "km" OR "one charge"'), "Tot 140 km op één lading.", "actieradius"),
    PromisePlan(("Service aan huis", "Home service"), "", ('"service aan huis" OR monteur* OR reparatie* OR service', 'service OR "home service" OR mechanic* OR repair*'), "Onze monteur komt bij je thuis, ook in de avond.", "service"),
    PromisePlan(("Stil", "Quiet"), "", ("stil OR stille OR geruisloos OR piep* OR kraak* OR geluid", "quiet OR silent OR squeak* OR noise"), "Stil door de stad, met riem in plaats van ketting.", "riemaandrijving"),
    PromisePlan(("Licht", "Light"), "", ("licht OR lichte OR zwaar OR zware OR kilo OR kilo's OR gewicht OR til*", "light OR heavy OR kilos OR weight OR lift*"), "De Gracht weegt 21 kilo.", "gracht"),
    PromisePlan(("Vrijheid", "Freedom"), "", ("vrijheid OR vrij OR avontuur", "freedom OR free OR adventure"), "Vrijheid begint bij je voordeur.", ""),
    PromisePlan(("Slimme app", "Smart app"), "", ("app OR slot OR slim OR slimme", "app OR smart OR lock"), "De app weet waar je fiets staat.", "app"),
)  # fmt: skip


def fill_reputation(brand: Brand, today: date, posts: int) -> int:
    """Rivals' posts and those that others take up, promises, steering actions and the themes of the
    months; gives how many posts."""
    count = make_rival_posts(today, posts) + make_carried_posts(brand, today)
    make_promises(brand)
    log_actions(brand, today)
    make_themes(today=today, months=THEMED)
    return count


def make_rival_posts(today: date, posts: int) -> int:
    """What people say of Stroomfiets and Tramont, from one search that follows both."""
    wanted = posts // 14
    source, _made = Source.objects.get_or_create(
        kind=Source.Kind.FILE, network="x", fingerprint="demo rivals", address="", brand=None,
        defaults={
            "name": "Rivals, by search", "last_ok_at": timezone.now(),
            "purpose": "How we stand beside other makers of e-bikes.",
        },
    )  # fmt: skip
    messages = list(rival_posts(today, wanted))
    pages = iter([Page(messages, "", [])])
    origin = Origin(source.pk, "customer", 0, queries.own_handles())
    for page, analysis in analysed(pages, queries.reader(), wanted):
        ingest(archive(), page.messages, analysis, origin, now=timezone.now())
    return len(messages)


def rival_posts(today: date, count: int, seed: int = 11) -> Iterator[Message]:
    """So many messages of the last `DAYS` days, oldest first; the same for the same day and seed.
    Stroomfiets is heard more since its launch."""
    rng = Random(seed * 7919 + today.toordinal())  # noqa: S311  repeatable on purpose, guards nothing
    weights = [1.0 + (0.9 if ago <= LAUNCH else 0.0) for ago in range(DAYS, 0, -1)]
    days = sorted(rng.choices(range(DAYS, 0, -1), weights, k=count), reverse=True)
    crowd = [(f"{word}_{n}", f"{word.title()} {n % 90}") for n, word in enumerate(["fietser", "pendel", "wiel", "rider", "e_bike", "kilometer", "trapper"] * 90)]  # fmt: skip
    for serial, ago in enumerate(days):
        launched = ago <= LAUNCH and rng.random() < 0.34
        rival = RIVALS[0] if launched or rng.randrange(100) < RIVALS[0].share else RIVALS[1]
        about = "new" if launched and rng.random() < 0.5 else rng.choices(list(rival.about), list(rival.about.values()))[0]  # fmt: skip
        language = "nl" if rng.random() < 0.72 else "en"
        handle, name = crowd[int(rng.random() ** 1.3 * len(crowd))]
        at = datetime.combine(today - timedelta(days=ago), time(), UTC)
        yield Message(
            native_id=f"rival-{serial}", network=FORUM[serial % len(FORUM)],
            text=_text(rng, rival.name, about, language),
            said_at=at + timedelta(seconds=rng.randrange(6 * 3600, 22 * 3600)),
            author=handle, author_name=name, language=language, thread=f"rival-{serial}",
            likes=int(rng.expovariate(0.4)), replies=int(rng.expovariate(1.4)), reposts=int(rng.expovariate(2.2)),
        )  # fmt: skip


def _text(rng: Random, brand: str, about: str, language: str) -> str:
    told = {
        "brand": brand, "place": rng.choice(PLACES), "km": rng.randrange(45, 150), "kilo": rng.randrange(16, 29),
        "weeks": rng.randrange(2, 12), "euro": rng.randrange(60, 400), "feel": rng.choice(FEEL[language]),
    }  # fmt: skip
    first = rng.choice(SAID[language][about]).format(**told)
    parts = [first, *rng.sample(MORE[language], rng.randrange(1, 3))]
    return ". ".join(part[0].upper() + part[1:] for part in parts) + "."


CARRIERS = (
    ("wielwijzer", "Wielwijzer", 13, 15.0, 8.0),
    ("forens_op_fiets", "Forens op fiets", 9, 9.0, 4.0),
    ("marieke_fietst", "Marieke Kolk", 6, 6.0, 1.5),
    ("ebike_tests", "E-bike Tests", 11, 3.0, 5.0),
)
"""Handle, name, posts, replies and reposts a post of those whom others take up."""

CARRIED = (
    "Winterbereik van de Windmee Kade gemeten bij {n} graden: de accu geeft {km} km, bij {m} graden nog maar {less} km",
    "Kou en accu bij Windmee, deel {n}: wat doet vorst met je winterbereik? In onze test bleef {km} procent over",
    "Lezers vragen naar de laadstekker van Windmee. De nieuwe stekker zit na {n} weken nog stevig",
    "{n} weken wachten op de monteur van Windmee, zo gaat het bij {m} lezers. Service aan huis blijft een loterij",
    "Windmee Polder met {n} kilo boodschappen door de kou naar huis, accu na {km} km op {m} procent",
    "Drie getallen voor de actieradius van de Kade: {km} in de zomer, {less} in de winter. Eindelijk eerlijk van Windmee",
)
ANSWERED = (
    "mooi dat jullie dit meten, bij mij haalt de Windmee ook {km} km",
    "bij {n} graden herken ik dit, mijn Windmee accu is dan zo leeg",
    "hebben jullie ook met tegenwind getest? Windmee zegt {km} km",
    "mijn Windmee staat binnen, dat scheelt {n} procent denk ik",
    "ik wacht al {n} weken op de monteur van Windmee, dus ja",
    "goede test, die van Windmee mogen dit lezen op dag {n}",
)


def make_carried_posts(brand: Brand, today: date) -> int:
    """A few authors whose posts others answer, and these answers; they write of the cold before it is
    cold."""
    source = Source.objects.get(network="bluesky", fingerprint="demo", brand=brand)
    messages = sorted(carried_posts(today), key=lambda message: message.said_at)
    pages = iter([Page(messages, "", [])])
    origin = Origin(source.pk, "customer", brand.pk, queries.own_handles())
    for page, analysis in analysed(pages, queries.reader(), len(messages)):
        ingest(archive(), page.messages, analysis, origin, now=timezone.now())
    return len(messages)


def carried_posts(today: date, seed: int = 5) -> Iterator[Message]:
    """The posts of `CARRIERS` of the last twelve weeks with the answers that are held of them."""
    rng = Random(seed * 104_729 + today.toordinal())  # noqa: S311  repeatable on purpose, guards nothing
    for handle, name, posts, replies, reposts in CARRIERS:
        for n in range(posts):
            at = datetime.combine(today - timedelta(days=int(84 - 78 * n / posts)), time(9, n), UTC)
            told = {"n": rng.randrange(2, 60), "m": rng.randrange(2, 90), "km": rng.randrange(60, 130), "less": rng.randrange(35, 59)}  # fmt: skip
            native = f"carried-{handle}-{n}"
            yield Message(
                native_id=native, network="bluesky", text=CARRIED[(n + len(handle)) % len(CARRIED)].format(**told) + ".",
                said_at=at, author=handle, author_name=name, language="nl", thread=native,
                likes=rng.randrange(20, 90), replies=max(0, round(rng.gauss(replies, replies / 3))),
                reposts=max(0, round(rng.gauss(reposts, reposts / 3))),
            )  # fmt: skip
            for answer in range(round(replies / 3)):
                told = {"n": rng.randrange(2, 90), "km": rng.randrange(40, 140)}
                who = rng.randrange(400)
                yield Message(
                    native_id=f"{native}-{answer}", network="bluesky",
                    text=rng.choice(ANSWERED).format(**told), said_at=at + timedelta(minutes=rng.randrange(5, 900)),
                    author=f"lezer_{who}", author_name=f"Lezer {who}", language="nl",
                    reply_to=native, thread=native, likes=rng.randrange(4), replies=0, reposts=0,
                )  # fmt: skip


def make_promises(brand: Brand) -> None:
    """What Windmee promises, each with the page it says so on."""
    noor = Person.objects.get(email=people.NOOR.email)
    products = {product.name: product for product in Product.objects.filter(brand=brand)}
    for plan in PROMISES:
        page = (
            BrandText.objects.filter(
                brand=brand, url__endswith=f"/{plan.page}", valid_to=None
            ).first()
            if plan.page
            else None
        )
        make_promise(
            by=noor, names=dict(zip(SPOKEN, plan.names, strict=True)),
            texts=dict(zip(SPOKEN, plan.texts, strict=True)), brand=brand,
            product=products.get(plan.product), claim=plan.claim, source_text=page,
        )  # fmt: skip


def log_actions(brand: Brand, today: date) -> None:
    """Three things Windmee did: one that worked, one that cannot be told, one too young to tell."""
    noor = Person.objects.get(email=people.NOOR.email)
    sanne = Person.objects.get(email=people.SANNE.email)
    topics = {topic.name: topic for topic in Topic.objects.all()}
    log_steering(
        by=noor, on=today - timedelta(days=PLUG_NEWS), what="Stronger plug announced", brand=brand,
        topic=topics["Charger plug"], hope="less",
        note="Press release, an answer to everyone who had complained, and a free plug by post.",
    )  # fmt: skip
    log_steering(
        by=noor, on=today - timedelta(days=THREE_FIGURES), what="Three range figures", brand=brand,
        product=Product.objects.get(brand=brand, name="Kade"), hope="warmer",
        note="Summer, winter and head wind on the site, so that nobody buys 140 km.",
    )  # fmt: skip
    log_steering(
        by=sanne, on=today - timedelta(days=12), what="Evening slots for repairs", brand=brand,
        topic=topics["Waiting for a repair"], hope="less",
        note="Two more mechanics in Utrecht and Zwolle, told to everyone who waits.",
    )  # fmt: skip
