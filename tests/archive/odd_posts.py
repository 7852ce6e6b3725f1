"""Posts as strange as they come, drawn at random but the same every time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np

from openroads.analysis.pipeline import Analyser, Analysis
from openroads.archive.ingest import Origin
from openroads.archive.message import Message
from tests.analysis.query.trees import FIRST, LANGUAGES, NAMES, NETWORKS, PIECES

ORIGIN = Origin(source=3, purpose_voice="customer", brand=2)
BETWEEN = (
    " ",
    " ",
    " ",
    " ",
    "  ",
    ", ",
    "\n",
    "-",
    "'",
    ".",
    "/",
    "\t",
    "|",
    "",
    " \x1e ",
    "…",
    "\u00a0",
)
URLS = (
    "", "https://windmee.nl/a", "http://WWW.Windmee.NL:8080/x", "https://forum.windmee.nl?q=mee.nl",
    "https://u:p@windmee.nl/", "https://mee.nl#windmee.nl", "windmee.nl/zonder", "ftp://x/", "//x",
    "https://evil.nl/@windmee.nl", "https://windmee.nl\n.x/", "https://xwindmee.nl",
)  # fmt: skip


def odd_text(random: Random, longest: int = 12) -> str:
    """A few pieces with anything between them."""
    common = random.random() < 0.6
    parts = []
    for _ in range(random.randrange(longest)):
        parts.append(random.choice(PIECES[:9] if common and random.random() < 0.7 else PIECES))
        parts.append(random.choice(BETWEEN))
    return "".join(parts)


def odd_message(random: Random, number: int, text: str | None = None) -> Message:
    """One message; a given text stands in for a drawn one."""

    def figure(most: int) -> int | None:
        return None if random.random() < 0.3 else random.choice((random.randrange(13), most))

    start = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC)
    moment = start + timedelta(
        days=random.randrange(180), milliseconds=random.choice((0, 1, 86_399_999))
    )
    return Message(
        f"odd-{number}", random.choice(NETWORKS), odd_text(random) if text is None else text, moment,
        author=random.choice(NAMES), author_name=random.choice(NAMES), url=random.choice(URLS),
        title=odd_text(random, 5) if random.random() < 0.4 else "",
        reply_to=random.choice(("", "1")), quotes=random.choice(("", "2")),
        likes=figure(2**32 - 1), replies=figure(10), reposts=figure(2**32 - 1),
        views=figure(2**63),
        rating=random.choice((None, 0.0, 4.1, 4.5, 1 / 3, 5.99, float("nan"), 1e30)),
    )  # fmt: skip


def analysed(analyser: Analyser, random: Random, messages: list[Message]) -> Analysis:
    """What the analyser makes of them, with moods, kinds and languages of every sort."""
    made = analyser.analyse([message.text for message in messages])
    total = len(messages)
    return replace(
        made,
        mood=np.array([random.choice((1, 0, -1, -128)) for _ in range(total)], np.int8),
        kind=[random.choice(("question", "complaint", "praise", "other")) for _ in range(total)],
        language=[random.choice(LANGUAGES) for _ in range(total)],
        brands=[random.choice(([], [1], [1, 3])) for _ in range(total)],
        products=[random.choice(([], [1], [2, 3])) for _ in range(total)],
    )
