"""Starting an insight from any posts: what is frozen, what is quoted, and where it can be begun."""

from typing import Any

import pytest
from django.http import QueryDict

from openroads.changes.models import Insight, Sample
from openroads.directory.models import Department
from openroads.listening.culture.freezing import chosen_by, count_now
from openroads.listening.explore.actions import save_view
from openroads.listening.labels.cards import post_at
from tests.conftest import on_the_payroll
from tests.listening import corpus
from tests.listening.culture.conftest import PERIOD

pytestmark = pytest.mark.django_db


def chosen(person: Any, query: str) -> Any:
    return chosen_by(QueryDict(query), person)


def test_a_set_is_frozen_with_the_question_that_found_it(sanne_here: Any, topic: Any) -> None:
    found = chosen(sanne_here, f"brand=0&topic={topic.pk}&{PERIOD}").frozen
    assert (found.kind, found.posts, found.people) == ("topic", corpus.BATTERY, corpus.BATTERY)
    assert (found.query, found.version) == ("battery", 1)
    assert (found.since, found.first_on) == (corpus.FIRST, corpus.FIRST)
    assert found.net is None or found.net_low <= found.net <= found.net_high
    assert "topic=" in found.url and found.now_url.startswith("/listen/now/?")


def test_a_word_a_query_and_a_view_are_sets_too(heard: Any, sanne_here: Any) -> None:
    brand = heard[0]
    word = chosen(sanne_here, f"brand=0&word=battery&{PERIOD}").frozen
    assert (word.kind, word.posts, word.query, word.version) == ("posts", 40, "battery", None)
    query = chosen(sanne_here, f"brand=0&q=charger&{PERIOD}").frozen
    assert (query.posts, query.people) == (14, 4)
    view = save_view(by=sanne_here, name="Mine", query=f"brand={brand.pk}&{PERIOD}", shared=False)
    kept = chosen(sanne_here, f"{view.query}&view={view.pk}").frozen
    assert (kept.kind, kept.name) == ("view", "Mine")
    noor = on_the_payroll("Noor", "noor@windmee.example", "conversation_manager")
    assert chosen(noor, f"{view.query}&view={view.pk}").frozen.kind == "posts", "no view of theirs"


def test_five_posts_are_quoted_each_once_and_of_the_set(sanne_here: Any) -> None:
    samples = chosen(sanne_here, f"brand=0&q=saddle&{PERIOD}").samples
    assert len(samples) == len({post.id for post in samples}) == 5
    assert all("saddle" in post.text for post in samples)
    assert [post.place for post in samples] == sorted((p.place for p in samples), reverse=True)


def test_what_cannot_be_read_or_holds_nothing_is_no_set(sanne_here: Any, signed_in: Any) -> None:
    for query in (f"brand=0&q=xylophone&{PERIOD}", f"brand=0&q=(broken&{PERIOD}", "post=nonsense"):
        assert chosen(sanne_here, query) is None
        assert signed_in(sanne_here).get(f"/listen/insight/?{query}").status_code == 404


def test_an_insight_begins_with_one_form(sanne_here: Any, topic: Any, signed_in: Any) -> None:
    product = Department.objects.create(name="Product")
    browser, address = signed_in(sanne_here), f"/listen/insight/?brand=0&topic={topic.pk}&{PERIOD}"
    page = browser.get(address).content.decode()
    assert "40" in page and 'value="Riders' in page
    ids = [part.split('"')[0] for part in page.split('name="quote" value="')[1:6]]
    assert browser.post(address, {"title": "", "department": product.pk}).status_code == 400
    answer = browser.post(
        address, {"title": "Winter halves it", "department": product.pk, "quote": ids[:2]}
    )
    insight = Insight.objects.get()
    assert answer.url == f"/changes/insights/{insight.number}/"
    assert (insight.origin_room, insight.department) == ("listening", product)
    assert {str(pk) for pk in Sample.objects.values_list("post", flat=True)} == set(ids[:2])
    assert not any(sample.author or sample.author_name for sample in Sample.objects.all())
    # The same set once more, to the one that waits.
    assert "Or add it to one that waits" in browser.get(address).content.decode()
    assert browser.post(address, {"insight": insight.pk, "quote": ids[:1]}).status_code == 302
    assert insight.evidence.count() == 2


def test_single_posts_are_evidence_of_their_own(sanne_here: Any) -> None:
    posts = chosen(sanne_here, f"brand=0&q=charger&{PERIOD}").samples
    marks = [f"{post.published_at.timestamp():.3f}-{post.id}" for post in posts[:3]]
    assert post_at(marks[0]) is not None
    found = chosen(sanne_here, "&".join(f"post={mark}" for mark in (*marks, marks[0])))
    assert found.frozen.posts == 3 and len(found.samples) == 3
    assert found.frozen.people == len({post.author_key for post in posts[:3]})
    assert found.frozen.url.startswith("/listen/posts/")


def test_a_set_is_counted_again_and_what_came_since_is_told(
    sanne_here: Any, signed_in: Any
) -> None:
    query = f"brand=0&q=battery&since={corpus.FIRST}&until=2026-06-14"
    found = count_now(QueryDict(query), sanne_here)
    assert found is not None
    frozen, later = found
    assert frozen.posts is not None and frozen.posts + later == corpus.BATTERY and later > 0
    part = signed_in(sanne_here).get(f"/listen/now/?{query}", headers={"HX-Request": "true"})
    assert f"{later} more posts since" in part.content.decode() and b"<html" not in part.content
    assert b"<html" in signed_in(sanne_here).get(f"/listen/now/?{query}").content


def test_every_page_with_posts_leads_to_an_insight(
    heard: Any, sanne_here: Any, topic: Any, signed_in: Any
) -> None:
    brand = heard[0]
    post = chosen(sanne_here, f"brand=0&q=saddle&{PERIOD}").samples[0]
    mark = f"{post.published_at.timestamp():.3f}-{post.id}"
    view = save_view(by=sanne_here, name="Mine", query=f"brand=0&{PERIOD}", shared=False)
    pages = {
        f"/listen/explore/?brand=0&q=saddle&{PERIOD}": "q=saddle",
        f"/listen/explore/posts/?brand=0&q=saddle&{PERIOD}": "q=saddle",
        f"/listen/gap/?brand={brand.pk}&{PERIOD}&word=saddle": "word=saddle",
        f"/listen/topics/{topic.pk}/": f"topic={topic.pk}",
        f"/listen/posts/{mark}/": f"post={mark}",
        f"/listen/views/{view.pk}/": f"view={view.pk}",
    }
    omar = on_the_payroll("Omar", "omar@windmee.example", "decision_maker")
    for address, part in pages.items():
        told = signed_in(sanne_here).get(address).content.decode()
        links = [each.split('"')[0] for each in told.split('href="/listen/insight/?')[1:]]
        assert any(part in link for link in links), address
        assert signed_in(sanne_here).get("/listen/insight/?" + links[0].replace("&amp;", "&")).status_code == 200  # fmt: skip
    assert "/listen/insight/?" not in signed_in(omar).get(next(iter(pages))).content.decode()
