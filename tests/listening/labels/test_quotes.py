"""A quote has words of its own and shows what it quotes; a repost has none: the two are told apart."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from openroads.archive.ingest import Origin, ingest
from openroads.archive.message import Message
from openroads.archive.queries.posts import Quote
from openroads.archive.queries.posts import posts_in_scope as posts_of
from openroads.archive.scope import Scope
from openroads.connectors.port import Page
from openroads.directory.conversations import archive
from openroads.listening import queries
from openroads.listening.labels.around import around
from openroads.listening.labels.cards import Card, cards
from openroads.listening.models import Source
from openroads.listening.sight.actions import give_sight
from openroads.listening.sight.policy import forget_sight
from openroads.listening.sight.seeing import sight_of

AT = datetime(2026, 6, 1, 10, tzinfo=UTC)
ROOT = "mstdn.example/1"
WORDS = "The bell of my Windmee fell off on the bridge this morning, thanks @marloes_secret"


@pytest.fixture
def quoted(windmee: Any) -> list[Quote]:
    """One post; quoted twice, once of these by who quotes something unheard too; passed on once."""
    from openroads.listening.analysing import analysed

    source = Source.objects.create(kind="feed", name="Mastodon", address="https://m.example/feed")

    def said(number: int, text: str, **more: Any) -> Message:
        return Message(
            f"mstdn.example/{number}", "mastodon", text, AT + timedelta(hours=number), author=f"rider_{number}",
            language="en", **more,
        )  # fmt: skip

    messages = [
        said(1, WORDS),
        said(2, "Same here on the ferry, and nobody in the shop knows when new ones come", quotes=ROOT),
        said(3, "They should glue that thing on, honestly, mine holds since I did", quotes=ROOT),
        said(4, "What he writes about saddles is worth a read for every commuter", quotes="mstdn.example/99"),
        said(5, WORDS, repost=True),
    ]  # fmt: skip
    for page, analysis in analysed([Page(messages, "", [])], queries.reader()):
        ingest(archive(), page.messages, analysis, Origin(source.pk, "customer", 0), now=AT)
    day = AT.date()
    found = posts_of(archive(), Scope(day, day + timedelta(days=2)))
    return sorted(found, key=lambda post: post.published_at)


def test_a_card_shows_what_is_quoted_and_says_when_it_is_not_held(
    quoted: list[Quote], sanne: Any
) -> None:
    first, second, third, fourth = cards(sanne, quoted)
    assert (first.quotes, first.quoted) == (False, None)
    assert (
        second.quotes and second.quoted and second.quoted.text.startswith("The bell of my Windmee")
    )
    assert third.quoted_mark == second.quoted_mark == first.mark
    assert (fourth.quotes, fourth.quoted, fourth.quoted_mark) == (True, None, "")
    assert first.alike and first.alike.reposts == 1 and second.alike is None


def test_what_is_quoted_is_seen_as_one_may_see_it(
    quoted: list[Quote], sanne: Any, ada: Any
) -> None:
    def seen() -> Card:
        return cards(sanne, quoted)[1]

    assert seen().quoted is not None
    assert "marloes_secret" not in str(seen()) and "mstdn.example" not in str(seen())
    assert "rider_1" not in str(seen())
    give_sight(by=ada, person=sanne, why="answers")
    forget_sight(sanne)
    plain = cards(sanne, quoted)[1]
    assert "marloes_secret" in str(plain) and "rider_1" in str(plain)


def test_the_page_of_a_post_says_who_quoted_it_and_who_passed_it_on(
    quoted: list[Quote], sanne: Any, signed_in: Any
) -> None:
    about = around(quoted[0], sight_of(sanne))
    assert [post.id for post in about.quoting] == [quoted[1].id, quoted[2].id]
    assert about.alike_words == "passed on 1 time" and about.quoted is None
    other = around(quoted[1], sight_of(sanne))
    assert other.quoted and other.quoted.id == quoted[0].id and not other.quoting
    browser = signed_in(sanne)
    marks = [card.mark for card in cards(sanne, quoted)]
    page = browser.get(reverse("labels:post", args=(marks[0],))).content.decode()
    assert "Quoted by 2 posts" in page and "passed on 1 time" in page
    page = browser.get(reverse("labels:post", args=(marks[1],))).content.decode()
    assert "It quotes" in page and "quotes a post" in page and "The bell of my Windmee" in page
    assert reverse("labels:post", args=(marks[0],)) in page
    page = browser.get(reverse("labels:post", args=(marks[3],))).content.decode()
    assert "quotes a post that the archive does not hold" in page
    listed = f"{reverse('listening:explore_posts')}?since=2026-06-01&until=2026-06-02&brand=0&q=has:quote"
    page = browser.get(listed).content.decode()
    assert page.count("quotes a post</a>") == 2 and page.count("archive does not hold") == 1
