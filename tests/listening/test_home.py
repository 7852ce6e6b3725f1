"""Home and the gap in houses that have heard much, little or nobody."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from openroads.directory.company import Brand
from tests.listening import corpus

PERIOD = {"since": corpus.FIRST.isoformat(), "until": corpus.LAST.isoformat()}


def test_the_sentence_on_home_names_what_changed(
    windmee: Brand, brought: Any, sanne: Any, signed_in: Any
) -> None:
    """60 posts in the last four weeks say battery and 10 in the four before: the others do not move."""
    sentences = corpus.Sentences(3)
    lines = ["id,date,author,text,lang"]
    for n in range(240):
        month, day = ("06", n % 28 + 1) if n < 120 else ("05", n % 28 + 4)
        word = "battery" if n < 60 or n >= 230 else ""
        lines.append(f"h{n},2026-{month}-{day:02} 10:00,rider{n},{sentences.about(word)},en")
    brought("\n".join(lines) + "\n", brand=windmee)
    front = signed_in(sanne).get("/").context["front"]
    assert front.finding == "“Battery” is what riders talk about more than a month ago"
    assert front.standfirst.startswith("60 posts in 28 days by 60 people, 6")
    assert " times the 10 of the four weeks before" in front.standfirst
    assert front.steps[0].label == "Read the 60 posts"
    shown = signed_in(sanne).get(front.steps[0].url).context["shown"]
    assert shown.finding == "60 posts say “battery”"


def test_home_of_a_silent_house_says_how_to_begin(
    windmee: Brand, sanne: Any, tom: Any, signed_in: Any
) -> None:
    front = signed_in(sanne).get("/").context["front"]
    assert front.finding == "Nobody has been heard yet"
    assert [step.url for step in front.steps] == [reverse("listening:imports")]
    assert signed_in(tom).get("/").context["front"].steps == [], (
        "who may not import is offered no import"
    )


def test_without_enough_the_page_says_what_to_do(
    windmee: Brand, sanne: Any, signed_in: Any, brought: Any
) -> None:
    browser = signed_in(sanne)
    page = browser.get(reverse("listening:gap"), PERIOD).context["page"]
    assert page.too_little.finding == "Too few posts to speak of a gap"
    assert [step.url for step in page.too_little.steps] == [reverse("listening:imports")]
    brought(corpus.posts_csv().replace("@Windmee", "fan"), brand=windmee)
    page = browser.get(reverse("listening:gap"), PERIOD).context["page"]
    assert page.too_little.finding == "Windmee’s own words are missing"
    for place in ("gap_csv", "gap_pdf", "posts", "gap_method"):
        answer = browser.get(reverse(f"listening:{place}"), PERIOD)
        assert answer.status_code == 200
        assert b"".join(answer)


def test_what_rose_in_a_large_archive_is_counted_one_by_one(
    windmee: Brand, brought: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openroads.archive.queries import explore
    from openroads.archive.scope import Scope
    from openroads.directory.conversations import archive
    from openroads.listening.gap_reading import changed_words

    brought(corpus.posts_csv(), brand=windmee)
    middle = corpus.FIRST + timedelta(days=14)
    now, before = Scope(middle, corpus.LAST + timedelta(days=1)), Scope(corpus.FIRST, middle)

    def told() -> dict[str, tuple[int, int]]:
        changed = changed_words(archive(), now, before, ())
        return {word.key: (word.they_docs, word.we_docs) for word in changed.words}

    exact = told()
    monkeypatch.setattr(explore, "DRAWN", 60)
    drawn = told()
    assert drawn
    assert {key: exact[key] for key in drawn} == drawn
