"""Invented names and handles for twenty thousand customers, and the way each of them writes."""

from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from openroads.demo.company import GRACHT, KADE, POLDER, ProductRow

FIRST_NL = "Marloes Pieter Aylin Kees Lotte Sanne Bart Femke Johan Els Mehmet Fatma Youssef Samira Jan Henk Ria Wim Truus Gerda Tonnie Sjaak Petra Marjan Ingrid Annemiek Roel Niels Koen Tim Lars Sven Eva Iris Julia Noor Sophie Emma Tess Fleur Mila Lisa Anna Daphne Kim Sharon Michelle Linda Monique Esther Karin Wilma Ans Bep Cor Nico Rob Ronald Marcel Erik Frank Peter Paul Mark Dennis Patrick Ramon Jeffrey Kevin Mike Danny Winston Rishi Anil Shanti Priya Mei Wei Duc Thuy Agnieszka Pawel Katarzyna Ahmed Hassan Khadija Naima Omar Yasmin Ibrahim Zeynep Emre Elif Gijs Teun Sietse Wiebe Hinke Jelle Fokke Anke Geert Joris Jef Griet Lien Wannes Dries Veerle Tine Maarten Hilde".split()
LAST_NL = "de Groot|Hoekstra|Vermeer|Brandsma|van Dam|Jansma|Bakkers|Visscher|Smeets|Mulders|Bosma|Vosman|Peeters|Hendriksen|van Leeuwen|Dekkers|Brouwers|de Witte|Dijkman|Smitsman|de Graaff|van der Meer|van der Linden|Koksma|Jacobsen|de Haan|Vermeulen|van den Berg|van den Broek|de Bruin|van der Heijden|Schouten|van Beek|Willemsen|van Vliet|Hoeksema|Maassen|Verhoeven|Koster|van Dalen|Prinsen|Blom|Huisman|Kuiper|van Loon|Timmer|Groen|Gerritsen|Veenstra|Postmus|Zijlstra|Wiersma|Terpstra|Boersma|Dijkstra|Yilmaz|Kaya|Demir|El Amrani|Bouzidi|Ouali|Ramdin|Soekhai|Pinas|Nguyen|Chen|Nowak|Kowalska|Claes|Maes|Wouters|Goossens|De Smet|Lambrecht|Verbeke|Martens|Buitenhuis|Oosterhof|Nijland|Ter Horst|Stam|Kromhout|Sluiter|Polman|Schipper|Roelofs|Kamp|Tuinstra|Eikelboom|Roozen|Spaan|Lammers".split("|")  # fmt: skip
FIRST_EN = "Sofia James Emily Tom Hannah Oliver Grace Callum Fiona Ewan Megan Rhys Siobhan Declan Priya Arjun Aisha Imran Zoe Lucy Ben Harry Charlotte Amelia Jack Poppy George Isla Freya Lewis Ruth Martin Susan Derek Brenda Keith Gillian Nigel Tracy Kwame Ama Chidi Ngozi Marta Piotr Elena Luca Giulia Ana Miguel Ines Clara Mateo Anders Ingrid Katja Dmitri Mina Yuki Hana Leo Max Alex Sam Robin Charlie Jo Kit Nadia Omar Tariq Leila Rosa Hugo Nina Otto Vera Ivo Kate Will Ed Pippa Rory Angus Morag Gareth Bronwyn".split()
LAST_EN = "Marquez|Hartley|Okafor|Whitcombe|Pemberton|Kirkham|Ashdown|Fairweather|Tindall|MacRae|Dunmore|O'Hare|Gallacher|Pryce|Llewell|Bannister|Coldwell|Thornby|Wexford|Haddon|Birch|Marsh|Fielding|Stokes|Patel|Sharma|Rahman|Begum|Mensah|Adeyemi|Novak|Kovac|Rossi|Ferreira|Lindqvist|Becker|Moreau|Silva|Tanaka|Park|Larkin|Quill|Sefton|Ramsbottom|Yardley|Orchard|Pike|Vane|Wolstencroft|Drummond|Kerr|Baird|Lowry|Nuttall|Eastman|Holt".split("|")  # fmt: skip
NOUN_NL = "fiets fietser trapper pedaal spaak bel polder dijk windje tegenwind regenjas bakfiets stadsmus grutto koffie stroopwafel klinker zadel velo rijwiel snelbinder kuip fluiter peddelaar".split()
NOUN_EN = "spoke pedal saddle dynamo headwind tailwind bike cargo belt crank canal dike commuter wheel gear chainless puddle mudguard magpie kettle biscuit heron badger otter".split()
TAIL = "ster mens vogel kop held gek wind rijder mama papa opa nerd bike club".split()
TAIL_EN = "wind rider dad mum fan nerd hound bird crew head lover bean days club".split()
ADJ_NL = "snelle trage natte vrolijke boze stille rode koude oude rappe dappere fietsende trappende wakkere".split()
ADJ_EN = "slow wet grumpy quiet rusty cold brave lazy windy muddy happy frosty tired".split()
EMOJI = (
    "😂",
    "🙄",
    "🚲",
    "😡",
    "🙏",
    "❤️",
    "😅",
    "👍",
    "🥶",
    "💪",
    "😭",
    "☀️",
    "🌧️",
    "👏",
    "🔋",
    "😎",
    "🤷‍♀️",
    "🤦‍♂️",
    "🎉",
    "🐌",
)

# (network, share in Dutch, share in English)
NETWORKS: tuple[tuple[str, float, float], ...] = (
    ("x", 0.185, 0.17), ("bluesky", 0.12, 0.13), ("mastodon", 0.06, 0.09), ("reddit", 0.085, 0.22), ("instagram", 0.13, 0.11),
    ("facebook", 0.17, 0.06), ("trustpilot", 0.09, 0.075), ("youtube", 0.035, 0.075), ("discourse", 0.065, 0.04), ("mail", 0.06, 0.03),
)  # fmt: skip


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


def _handle(rng: Random, network: str, first: str, last: str, language: str) -> str:
    flat = last.lower().replace(" ", "").replace("'", "")
    low = first.lower()
    if network == "mail":
        return f"{low}.{flat}{rng.randrange(1, 99)}@post.example"
    nouns, tails, adjectives = (
        (NOUN_NL, TAIL, ADJ_NL) if language == "nl" else (NOUN_EN, TAIL_EN, ADJ_EN)
    )
    shapes = (
        lambda: f"{low}{flat}", lambda: f"{low}_{flat}", lambda: f"{low[0]}{flat}{rng.randrange(2, 99)}", lambda: f"{low}{rng.randrange(1955, 2006)}",
        lambda: f"{rng.choice(nouns)}{rng.choice(tails)}", lambda: f"{rng.choice(adjectives)}_{rng.choice(nouns)}", lambda: f"{low}_{rng.choice(nouns)}",
        lambda: f"{flat}{rng.choice(('', '_nl', '_', 'x'))}{rng.randrange(1, 999)}", lambda: f"{low}{rng.choice(('fietst', 'trapt', 'op2wielen')) if language == 'nl' else rng.choice(('rides', 'cycles', 'onwheels'))}",
        lambda: f"{rng.choice(nouns)}{rng.choice(nouns)}{rng.randrange(1, 99)}",
    )  # fmt: skip
    weights = (
        (2, 2, 2, 2, 5, 5, 3, 1, 2, 5)
        if network in {"reddit", "discourse", "youtube"}
        else (5, 5, 4, 3, 1, 1, 2, 3, 2, 1)
    )
    return rng.choices(shapes, weights)[0]()


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


class Crowd:
    """Twenty thousand authors with power-law activity; `someone()` is who speaks next."""

    def __init__(self, rng: Random, size: int) -> None:
        self.authors: list[Author] = []
        taken: set[tuple[str, str]] = set()
        tables = {
            lang: list(accumulate(row[1 if lang == "nl" else 2] for row in NETWORKS))
            for lang in ("nl", "en")
        }
        for _ in range(size):
            dice = rng.random()
            language = "nl" if dice < 0.633 else "en" if dice < 0.985 else "de"
            table = tables["nl" if language == "nl" else "en"]
            network = NETWORKS[bisect(table, rng.random() * table[-1])][0]
            firsts, lasts = (FIRST_NL, LAST_NL) if language == "nl" else (FIRST_EN, LAST_EN)
            first, last = rng.choice(firsts), rng.choice(lasts)
            handle = _handle(rng, network, first, last, language)
            while (network, handle) in taken:
                handle = f"{handle.split('@')[0]}{rng.randrange(2, 10)}" + (
                    "@post.example" if network == "mail" else ""
                )
            taken.add((network, handle))
            dice = rng.random()
            name = (
                f"{first} {last}"
                if dice < 0.55
                else first
                if dice < 0.75
                else f"{first} {last[0].upper()}."
                if dice < 0.85
                else handle
                if network != "mail"
                else first
            )
            dice = rng.random()
            bike = (
                KADE
                if dice < KADE.share
                else POLDER
                if dice < KADE.share + POLDER.share
                else GRACHT
            )
            author = Author(handle, name, network, language, bike)
            _style(rng, author)
            self.authors.append(author)
        self._table = list(accumulate((rank + 20.0) ** -0.55 for rank in range(size)))
        self._dice = rng.random

    def someone(self) -> Author:
        """An author, drawn by activity."""
        return self.authors[bisect(self._table, self._dice() * self._table[-1])]
