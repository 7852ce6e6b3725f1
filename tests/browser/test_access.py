"""Every page of the road: axe finds nothing, no sideways scrolling, no inline script or style, no error."""

import re
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.pages import (
    ADMINISTRATOR,
    AGENT,
    FOR_ADMINISTRATORS,
    FOR_AGENTS,
    FOR_EVERYBODY,
    FOR_LISTENERS,
    LISTENER,
    LOOKS,
    OF_ONE_ACCOUNT,
    OUTSIDE,
    judged,
    too_wide,
    violations,
)

PLACES = [(LISTENER, *FOR_EVERYBODY, *FOR_LISTENERS), (ADMINISTRATOR, *FOR_EVERYBODY, *FOR_ADMINISTRATORS, *OF_ONE_ACCOUNT), (AGENT, *FOR_AGENTS)]  # fmt: skip

languages = pytest.mark.parametrize("language", LOOKS)
who = pytest.mark.parametrize("whose", PLACES, ids=["listener", "administrator", "agent"])


def one_of(page: Any, listing: str, pattern: str) -> str:
    """The address of the first thing on a page of many."""
    page.goto(listing)
    links = [link.get_attribute("href") for link in page.locator("main a").all()]
    return next(link for link in links if re.fullmatch(pattern, link))


@languages
@who
def test_pages_are_for_everybody(enter: Any, whose: tuple[str, ...], language: str) -> None:
    name, *places = whose
    page, faults = enter(name, language=language).page, []
    if name == LISTENER:
        places.append(one_of(page, "/listen/texts/", r"/listen/texts/\d+/"))
    elif name == AGENT:
        case = one_of(page, "/answer/inbox/?queue=all", r"/answer/cases/\d+/.*").split("?")[0]
        contact = one_of(page, case, r"/answer/people/\d+/")
        deeds = ("hand", "snooze", "merge", "split", "elsewhere", "insight")
        places += [case, f"{case}?write=note", contact, *(f"{case}{deed}/" for deed in deeds)]
    else:
        places.append(one_of(page, "/people/", r"/people/\d+/"))
    for place in places:
        page.goto(place)
        faults += judged(page, language)
    assert faults == []


@languages
def test_pages_before_signing_in_are_for_everybody(visit: Any, demo: str, language: str) -> None:
    visitor = visit(demo, language=language)
    visitor.expected |= {404}
    faults = []
    for place in (*OUTSIDE, "/no/such/page/"):
        visitor.page.goto(place)
        faults += judged(visitor.page, language)
    assert faults == []


def opened(page: Any, key: str) -> None:
    """Press a key until its dialog is open: a busy machine may still be starting the scripts."""
    for _try in range(5):
        page.keyboard.press(key)
        with suppress(PlaywrightTimeout):
            page.locator("dialog[open]").wait_for(timeout=4_000)
            return
    raise AssertionError(f"{key} opens nothing")


def test_an_open_palette_list_of_keys_and_choice_are_for_everybody(enter: Any) -> None:
    visitor = enter(LISTENER)
    page = visitor.page
    page.goto("/listen/gap/")
    faults = []
    for opens in ("Control+K", "?"):
        opened(page, opens)
        faults += violations(page)
        page.keyboard.press("Escape")
    for summary in page.locator(".ask summary").all():
        summary.click()
        faults += violations(page)
    page.locator("summary", has_text=LISTENER).click()
    assert faults + violations(page) == []


def test_the_pages_work_at_four_times_their_size(enter: Any) -> None:
    """WCAG 1.4.10: 1280 px at 400% is a window of 320 px, 256 px high."""
    visitor = enter(LISTENER, width=320)
    visitor.page.set_viewport_size({"width": 320, "height": 256})
    faults = []
    for place in ("/", "/listen/gap/", "/listen/imports/", "/listen/posts/"):
        visitor.page.goto(place)
        faults += too_wide(visitor.page)
        visitor.page.keyboard.press("Tab")
        visitor.page.keyboard.press("Enter")  # the skip link
        for _step in range(4):
            visitor.page.keyboard.press("Tab")
            if visitor.page.evaluate(HIDDEN):
                faults.append(f"{place}: {visitor.focused()} is under a bar when it has the focus")
    assert faults == []


HIDDEN = """() => {
  const on = document.activeElement, box = on.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + 3, 1), innerWidth - 1), y = box.top + box.height / 2;
  const top = document.elementFromPoint(x, y);
  return on !== document.body && !(top && (on.contains(top) || top.contains(on)));
}"""
"""WCAG 2.4.11: what has the focus lies under something else, or outside the window."""
