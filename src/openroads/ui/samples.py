"""Made-up values for the sheet of parts: every part in every state, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from openroads.ui.road import Command, Page, Way


@dataclass(frozen=True)
class SamplePost:
    """What `{% quote %}` takes, as a row of the archive has it."""

    text: str
    author_name: str
    network: str
    language: str
    tone: float
    mood: int
    title: str = ""
    author: str = ""
    url: str = ""
    published_at: datetime = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
    likes: int | None = None
    replies: int | None = None
    reposts: int | None = None


POSTS = (
    SamplePost(
        "Bij 2 graden haal ik met mijn Kade nog 48 km. In de winkel zeiden ze 120.",
        "Marloes",
        "bluesky",
        "nl",
        -0.9,
        -1,
        url="https://social.example/marloes/1",
        likes=12,
        replies=5,
    ),
    SamplePost(
        "Love my Polder, but it loses a third the moment it freezes. Just tell me that.",
        "dikewind",
        "reddit",
        "en",
        -0.3,
        -1,
    ),
    SamplePost("Is the Gracht in stock in Utrecht?", "", "x", "en", 0.0, 0),
    SamplePost(
        "Mooiste fiets die ik ooit had!",
        "Aylin K.",
        "instagram",
        "nl",
        0.8,
        1,
        title="Vijf sterren",
    ),
    SamplePost("أحب دراجتي الجديدة", "Samir", "mastodon", "ar", float("nan"), -128),
)

ROAD = (
    Way("Home", "#home", key="h"),
    Way(
        "Listen",
        "#listen",
        current=True,
        key="l",
        pages=(Page("Explore", "#explore"), Page("Brand gap", "#gap", current=True)),
    ),
    Way("Answer", "#answer", count=31, key="a"),
    Way("Change", "#change", count=3, key="c"),
    Way("Publish", "#publish", key="p"),
    Way("Reports", "#reports", apart=True),
)

COMMANDS = (
    Command("Import a file", "#import", hint="Listen"),
    Command("Find posts with", "#posts-", takes_words=True),
)
