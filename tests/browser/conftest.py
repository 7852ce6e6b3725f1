"""A served demo company, a real Chromium, and visitors whose every page is looked at for faults."""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.browser.visitor import Visitor
from tests.cli.houses import Served

CHROMIUM = (
    os.environ.get("OPENROADS_TEST_CHROMIUM")
    or shutil.which("chromium-headless-shell")  # the same engine without a window: half the work
    or "/usr/bin/chromium"
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
POSTS = 4_000
LAST_ONE_OUT = 600.0
"""Seconds the worker that started the demo waits for another that still walks in it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The browser. Where there is none these tests are left out, visibly; in CI that is a failure."""
    if not Path(CHROMIUM).exists():
        told = f"no browser at {CHROMIUM}: install Chromium or set OPENROADS_TEST_CHROMIUM"
        if os.environ.get("OPENROADS_TEST_EVERYTHING"):
            pytest.fail(told)
        pytest.skip(told)
    from playwright.sync_api import Locator, sync_playwright

    click = Locator.click

    def click_through(locator: Any, **how: Any) -> None:
        """A click ends when the next page begins; what is read at once would be read from half a page."""
        click(locator, **how)
        locator.page.wait_for_load_state()

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # TRICKY: playwright keeps an event loop in this thread, at which Django refuses the database
        # (the fixture that forgets failed sign-ins uses it). Nothing here runs beside that loop.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        patch.setattr(Locator, "click", click_through)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def _noted(place: Path) -> Iterator[dict[str, Any]]:
    """What the workers of this test run know of the demo they share; one at a time."""
    with place.open("a+") as book:
        fcntl.flock(book, fcntl.LOCK_EX)
        book.seek(0)
        note = json.loads(book.read() or "{}")
        yield note
        book.seek(0)
        book.truncate()
        json.dump(note, book)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demo company, filled and served once for all workers of this run.

    OPENROADS_TEST_DEMO names one that is served already: writing these tests goes faster with it.
    """
    if given := os.environ.get("OPENROADS_TEST_DEMO"):
        yield given
        return
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    served, place = None, shared / "demo-house.json"
    with _noted(place) as note:
        if not note.get("address"):
            words = ("demo", "--data", shared / "demo-house", "--posts", POSTS)
            served = Served(*words, log=shared / "demo-house.log")
            note["address"] = served.address
        note["walkers"] = note.get("walkers", 0) + 1
        address: str = note["address"]
    yield address
    with _noted(place) as note:
        note["walkers"] -= 1
    if served is None:
        return
    until = time.monotonic() + LAST_ONE_OUT
    while time.monotonic() < until:
        with _noted(place) as note:
            if not note["walkers"]:
                note["address"] = ""
                break
        time.sleep(0.5)
    served.stop()


@pytest.fixture
def new_house(tmp_path: Path) -> Iterator[Served]:
    """`openroads run` in an empty folder."""
    house = Served("run", "--data", tmp_path / "house", log=tmp_path / "house.log")
    yield house
    house.stop()


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(chromium: Any) -> Iterator[Visit]:
    """Somebody with a browser of their own: `visit(address, language="nl", width=320)`.

    At the end every page they saw must have been without an error on the console, and every answer
    must have carried the strict policy.
    """
    visitors: list[Visitor] = []

    def come(address: str, **looks: Any) -> Visitor:
        visitors.append(Visitor(chromium, address, **looks))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.leave()
    assert [fault for visitor in visitors for fault in visitor.faults] == []


@pytest.fixture
def enter(visit: Visit, demo: str) -> Visit:
    """One of the demo people at work: `enter("Sanne de Wit", theme="dark")`."""

    def come_in(name: str, **looks: Any) -> Visitor:
        visitor = visit(demo, **looks)
        visitor.enter_as(name)
        return visitor

    return come_in
