"""The shell in a real browser: axe in both themes and languages, the policy never broken, the keys."""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHROMIUM = (
    os.environ.get("OPENROADS_TEST_CHROMIUM")
    or shutil.which("chromium-headless-shell")
    or shutil.which("chromium")
    or ""
)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def chromium():
    sync_playwright = pytest.importorskip("playwright.sync_api").sync_playwright
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine")
    # The browser's event loop lives in this thread; Django must still talk to its database here.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def house(live_server, client, noor, monkeypatch):
    """The address of the house and the cookie with which Noor is in."""
    monkeypatch.setattr(settings.OPENROADS, "demo", True)
    client.force_login(noor)
    name = settings.SESSION_COOKIE_NAME
    return live_server.url, {"name": name, "value": client.cookies[name].value}


@pytest.fixture
def visit(chromium, house):
    url, session = house
    opened = []

    def open_page(path, *, width=1440, language="en", theme="light", signed_in=True, **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        opened.append(context)
        cookies = [
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": language},
            {"name": "theme", "value": theme},
        ]
        if signed_in:
            cookies.append(session)
        context.add_cookies([{**cookie, "url": url} for cookie in cookies])
        page = context.new_page()
        page.faults = []
        page.on("console", lambda m: page.faults.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto(url + path)
        page.wait_for_load_state("networkidle")
        folder = os.environ.get("OPENROADS_TEST_SCREENSHOTS")
        if folder:
            name = f"{path.strip('/').replace('/', '-') or 'home'}-{language}-{theme}-{width}.png"
            page.screenshot(path=Path(folder) / name, full_page=True)
        return page

    yield open_page
    for context in opened:
        context.close()


def faults_of(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe
    found = axe().run(page, options={"runOnly": RULES["runOnly"]}).response["violations"]
    return [(f["id"], [node["html"][:160] for node in f["nodes"]]) for f in found]


PAGES = ["/parts/", "/menu/", "/menu/?q=zzz", "/account/login/", "/account/2fa/", "/nowhere/"]


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "nl")])
@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_shut_out_and_the_policy_holds(visit, path, theme, language):
    page = visit(path, theme=theme, language=language, signed_in="login" not in path)
    assert page.locator("html").get_attribute("lang") == language
    assert faults_of(page) == []
    assert [fault for fault in page.faults if "404 (Not Found)" not in fault] == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_sticks_out_at_320_pixels(visit, path):
    page = visit(path, width=320, language="nl", signed_in="login" not in path)
    over = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert over <= 0
    assert faults_of(page) == []


def test_the_palette_finds_and_goes_without_a_mouse(visit):
    page = visit("/menu/")
    page.keyboard.press("Control+k")
    assert page.locator("#palette").evaluate("dialog => dialog.open")
    page.keyboard.type("gap")
    option = page.locator("#palette-list [aria-selected=true]")
    assert "gap" in option.inner_text().lower()
    page.keyboard.press("Escape")
    assert not page.locator("#palette").evaluate("dialog => dialog.open")


def test_single_keys_stay_quiet_inside_a_field(visit):
    page = visit("/menu/")
    page.locator("#menu-q").focus()
    page.keyboard.type("g?/")
    assert page.locator("#menu-q").input_value() == "g?/"
    assert not page.locator("#keys-dialog").evaluate("dialog => dialog.open")
    page.locator("h1").click()
    page.keyboard.press("?")
    assert page.locator("#keys-dialog").evaluate("dialog => dialog.open")


def test_the_theme_changes_at_once_and_stays(visit):
    page = visit("/menu/", theme="light")
    with page.expect_response("**/theme/"):
        page.locator(".top form.theme button").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_without_a_script_theme_and_language_still_change(visit):
    page = visit("/menu/", theme="light", java_script_enabled=False)
    page.locator(".top form.theme button").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.locator(".top .lang button[value=nl]").click()
    assert page.locator("html").get_attribute("lang") == "nl"


def test_escape_closes_a_slip_and_gives_the_focus_back(visit):
    page = visit("/menu/")
    name = page.locator(".who > summary")
    name.focus()
    page.keyboard.press("Enter")
    assert page.locator(".who").evaluate("slip => slip.open")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert not page.locator(".who").evaluate("slip => slip.open")
    assert name.evaluate("summary => summary === document.activeElement")
