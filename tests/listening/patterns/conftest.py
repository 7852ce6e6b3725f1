"""A house in which people talk as usual, and more than that when a test says so."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from openroads.archive.ingest import Origin, ingest
from openroads.archive.message import Message
from openroads.connectors.port import Page
from tests.listening.corpus import Sentences

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
USUAL = 6


class Talk:
    """What is said in a test: `say` it, then `heard` puts it into the archive, each post collected a
    quarter of an hour after it was said, or as many days later as is said."""

    def __init__(self, source: Any) -> None:
        self.source = source
        self._said: dict[tuple[int, datetime], list[Message]] = defaultdict(list)
        self._sentences, self._n = Sentences(), 0

    def say(
        self, on: date, posts: int, words: str = "Windmee", *, late: int = 0, by: str = "", source: Any = None,
        network: str = "reddit", repost: bool = False, apart: int = 5,
    ) -> None:  # fmt: skip
        """So many posts on a day from midnight on, so many minutes `apart`, each by somebody else unless
        `by` says who."""
        for n in range(posts):
            self._n += 1
            said_at = datetime.combine(on, datetime.min.time(), UTC) + timedelta(minutes=apart * n)
            at = datetime.combine(on + timedelta(days=late), datetime.min.time(), UTC)
            # Of older days nothing hangs on when they came in: one batch of them is quicker.
            collected = min(max(at + timedelta(hours=23), NOW - timedelta(days=5)), NOW)
            key = (source or self.source).pk, collected
            self._said[key].append(
                Message(
                    native_id=f"p{self._n}", network=network, text=self._sentences.about(words),
                    said_at=min(said_at, NOW), author=by or f"a{self._n}", language="en", repost=repost,
                )
            )  # fmt: skip

    def usual(
        self, days: int = 84, posts: int = USUAL, words: str = "Windmee", **more: Any
    ) -> None:
        """The same number of posts, a little more or less, on each of so many days up to yesterday."""
        for ago in range(days, 0, -1):
            self.say(TODAY - timedelta(days=ago), posts + (ago * 7 % 3) - 1, words, **more)

    def heard(self) -> None:
        from openroads.directory.conversations import archive
        from openroads.listening import queries
        from openroads.listening.analysing import analysed

        for (source, collected), messages in sorted(self._said.items()):
            for page, analysis in analysed([Page(messages, "", [])], queries.reader()):
                ingest(
                    archive(), page.messages, analysis, Origin(source, "customer", 0, queries.own_handles()),
                    now=collected,
                )  # fmt: skip
        self._said.clear()


@pytest.fixture
def talk(windmee: Any) -> Talk:
    from openroads.listening.models import Source

    return Talk(Source.objects.create(kind="feed", name="Reddit", address="https://r.example/feed"))


@pytest.fixture
def another(windmee: Any) -> Any:
    from openroads.listening.models import Source

    return Source.objects.create(kind="feed", name="Forum", address="https://f.example/feed")
