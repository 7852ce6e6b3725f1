"""A small corpus whose gap anybody can count by hand: keywords in sentences both sides could say."""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

FIRST, LAST = date(2026, 6, 1), date(2026, 6, 28)
NOUNS = """
apple arm bag ball bank barn basket beach bed bell bench bird boat book bottle bowl box branch bread
bridge brother bucket button cake camera candle card carpet castle cat chair church city cloud coat
coffee corner cousin cow cup curtain desk doctor dog door dress drum egg evening face farm father feather
fence field finger fire fish flag floor flower forest fork fruit game garden gate girl glass glove grass
guitar hammer hat head hill horse island jacket key kitchen knife ladder lake lamp leaf letter market
meadow milk mirror mother mountain mouth museum neck needle ocean oven paper park pencil picture pillow
plate pocket rabbit ribbon ring roof room rope salt school shelf shirt sister soap sock spoon square
station stone street sugar table teacher tent ticket tower tree uncle vase wall window yard
""".split()
SENTENCE = 9
"""Nouns of a sentence beside its keyword; drawn far enough apart that no two look like copies."""
FRAME = 2 * SENTENCE
"""Little words between them, which are words but no terms."""


@dataclass(frozen=True)
class Group:
    """So many posts by so many people with a keyword in each."""

    name: str
    posts: int
    people: int
    words: str = ""


CUSTOMERS = (
    Group("battery", 28, 28, "battery"),
    Group("kade", 12, 12, "battery Kade"),
    Group("charger", 14, 4, "charger"),
    Group("saddle", 30, 30, "saddle"),
    Group("others", 20, 20),
)
REPOSTS, COPIES, OWN = 6, 5, 7
POSTS = sum(group.posts for group in CUSTOMERS)
PEOPLE = sum(group.people for group in CUSTOMERS)
BATTERY = 28 + 12
TEXTS = 60
WORDS = sum(group.posts * (SENTENCE + FRAME + len(group.words.split())) for group in CUSTOMERS)
OWN_WORDS = OWN * (SENTENCE + FRAME + 1) + TEXTS * (SENTENCE + FRAME + 1 + 3)


class Sentences:
    """Sentences around a keyword, always the same ones."""

    def __init__(self, seed: int = 7) -> None:
        self._dice = Random(seed)

    def about(self, keyword: str) -> str:
        nouns = [f"and the {noun}" for noun in self._dice.sample(NOUNS, SENTENCE)]
        return " ".join([*nouns[:4], *keyword.split(), *nouns[4:]])


def posts_csv() -> str:
    """What customers say, with reposts, copies and our own account among it."""
    sentences, out = Sentences(), io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "date", "author", "text", "lang", "is retweet"])
    number = 0

    def write(author: str, text: str, repost: bool = False) -> None:
        nonlocal number
        day = FIRST + timedelta(days=number % 28)
        writer.writerow([f"p{number}", f"{day} 10:{number % 60:02}", author, text, "en", repost])
        number += 1

    first = ""
    for group in CUSTOMERS:
        for place in range(group.posts):
            text = sentences.about(group.words)
            first = first or text
            write(f"{group.name}{place % group.people}", text)
    for place in range(REPOSTS):
        write(f"echo{place}", first, repost=True)
    for place in range(COPIES):
        write(f"copy{place}", first + "!" * place)
    for _place in range(OWN):
        write("@Windmee", sentences.about("premium"))
    return out.getvalue()


def texts_csv() -> str:
    """What the brand says of itself since long, one passage a text."""
    sentences, out = Sentences(8), io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["url", "title", "text", "valid_from", "language"])
    for place in range(TEXTS):
        writer.writerow([f"https://windmee.example/{place}", f"Page {place}",
                         sentences.about("premium") + " and the design", "2024-01-01", "en"])  # fmt: skip
    return out.getvalue()
