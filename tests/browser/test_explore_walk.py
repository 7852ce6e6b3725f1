"""The analyst's walk: ask, have a query mended, make it a topic, explore by it, compare; axe at every stop."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.pages import LISTENER, judged


def query_of(page: Any) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


@pytest.mark.parametrize(("language", "look"), [("en", ("dark", 1440)), ("nl", ("light", 320))])
def test_from_a_question_to_a_topic_that_is_compared(
    enter: Any, language: str, look: tuple[str, int]
) -> None:
    visitor = enter(LISTENER, language=language, light=look[0], width=look[1])
    page, faults = visitor.page, []
    page.goto("/listen/explore/")
    faults += judged(page, language, [look])
    marked = page.locator(".exhibit-wide svg path[stroke-dasharray]")
    assert marked.count() >= 1, "an event is marked"

    page.locator("#q").press_sequentially("hastag:noor accu")
    page.locator("#q-faults a.mend").click()
    page.wait_for_url("**hashtag*")
    assert query_of(page)["q"] == ["hashtag:noor accu"]

    page.locator("#q").fill("accu* NEAR/9 (winter* OR kou OR koud* OR vorst)")
    page.locator("#q").press("Enter")
    page.wait_for_url("**NEAR*")
    page.locator('main a[href*="/topics/add/"]').click()
    found = page.locator("#preview .found b")
    before = found.inner_text()
    page.locator("#id_text").press("Control+End")
    page.locator("#id_text").press_sequentially(" NOT zomer*")
    expect(page.locator("#preview .meaning li")).to_have_count(2, timeout=20_000)
    assert re.search(r"\d", before)
    faults += judged(page, language, [look])

    name = f"Accu en kou {uuid4().hex[:8]}"
    page.locator("#id_name").fill(name)
    page.locator("form.define .btn.go").click()
    page.wait_for_url(re.compile(r"/listen/topics/\d+/$"))
    topic = page.url.rstrip("/").rpartition("/")[2]
    page.locator(".over-time").wait_for()
    assert page.locator("progress").count() == 0
    faults += judged(page, language, [look])

    page.locator(f'main a.btn.go[href*="topic={topic}"]').click()
    page.wait_for_url("**/listen/explore/**")
    assert query_of(page)["topic"] == [topic]
    assert name in page.locator("a.chip").inner_text()
    page.locator('main .acts a[href*="/compare/"]').first.click()
    page.wait_for_url("**/compare/**")
    expect(page.locator("a.chip", has_text=name)).to_have_count(2)
    faults += judged(page, language, [look])

    page.goto("/listen/topics/")
    assert name in page.locator(".topic-list").inner_text()
    faults += judged(page, language, [look])
    assert faults == []


def test_a_topic_is_made_and_changed_without_javascript(enter: Any) -> None:
    page = enter(LISTENER, script=False).page
    page.goto("/listen/topics/add/?q=hastag:noor")
    page.locator("button.mend").click()
    assert page.locator("#id_text").input_value() == "hashtag:noor"
    page.locator("#id_text").fill("laadstekker*")
    page.locator('button[name="look"]').click()
    page.locator(
        "#preview .found"
    ).wait_for()  # the page that was asked for may still be on its way
    page.locator("#id_name").fill(f"Stekker {uuid4().hex[:8]}")
    page.locator("#id_name").press("Enter")
    page.wait_for_url(re.compile(r"/listen/topics/\d+/$"))
    page.locator('main a[href$="/change/"]').click()
    page.locator("#id_text").fill("laadstekker* OR stekker*")
    page.locator("form.define .btn.go").click()
    page.wait_for_url(re.compile(r"/listen/topics/\d+/$"))
    assert page.locator(".versions > li").count() == 2
    assert page.locator(".versions ins").count() == 1
