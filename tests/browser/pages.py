"""The pages of the road, and how a page is judged: axe, its own HTML, its width."""

from collections.abc import Iterator, Sequence
from typing import Any

import html5lib

LISTENER = "Sanne de Wit"
ADMINISTRATOR = "Ada"
AGENT = "Daan Kuipers"

FOR_EVERYBODY = ("/", "/menu/", "/menu/?q=gap", "/menu/?q=zzzz", "/people/me/")
FOR_LISTENERS = (
    "/listen/gap/",
    "/listen/gap/?since=2026-08-05&until=2026-10-20&whole=1",
    "/listen/gap/?since=2020-01-01&until=2020-02-01",
    "/listen/gap/method/",
    "/listen/posts/",
    "/listen/posts/?word=accu",
    "/listen/explore/posts/",
    "/listen/reputation/",
    "/listen/reputation/?count=full&net=nsr",
    "/listen/reputation/steering/",
    "/listen/reputation/method/",
    "/listen/signals/",
    "/listen/signals/promises/add/",
    "/listen/events/",
    "/listen/patterns/measured/",
    "/listen/topics/1/",
    "/listen/themes/",
    "/listen/reading/",
    "/listen/reading/read/",
    "/listen/imports/",
    "/listen/sources/",
    "/listen/register/",
    "/listen/register/dpia/",
    "/listen/sources/feed/",
    "/listen/sources/site/",
    "/listen/sources/network/",
    "/listen/sources/network/mastodon/",
    "/listen/sources/network/reddit/",
    "/listen/texts/",
    "/listen/texts/add/",
    "/listen/insight/",
    "/listen/subscriptions/",
    "/listen/subscriptions/add/",
    "/listen/subscriptions/1/",
    "/listen/reach/",
    "/listen/hours/",
    "/listen/hours/1/",
    "/listen/hours/2/1/",
    "/listen/export/",
    "/listen/views/",
    "/changes/",
    "/changes/?state=measured",
    "/changes/14/",
    "/changes/20/",
    "/changes/14/telling/",
    "/changes/clocks/",
    "/changes/definition/",
    "/changes/insights/",
    "/changes/insights/40/",
    "/changes/insights/40/hand/",
    "/changes/insights/method/",
    "/company/",
)
FOR_ADMINISTRATORS = (
    "/answer/times/",
    "/answer/times/hours/add/",
    "/answer/times/hours/1/",
    "/answer/times/promises/add/",
    "/answer/times/promises/1/",
    "/answer/satisfaction/",
    "/answer/rules/add/",
    "/answer/rules/1/",
    "/answer/rules/1/try/",
    "/people/",
    "/people/add/",
    "/changes/trackers/",
    "/listen/language-model/",
    "/api-keys/",
    "/api-keys/add/",
    "/channels/",
    "/channels/add/",
    "/channels/add/mail/",
    "/trail/",
    "/trail/?deed=gave+role",
    "/company/change/",
    "/company/brands/add/",
    "/company/accounts/add/",
    "/departments/",
    "/departments/add/",
    "/departments/add-team/",
    "/erasing/",
    "/keeping/",
    "/names/",
    "/requests/",
    "/requests/2/",
    "/listen/register/controller/",
    "/answer/approach/add/",
    "/answer/approach/1/",
    "/answer/questions/mailbox/",
    "/answer/articles/centre/",
)
FOR_AGENTS = (
    "/champions/",
    "/champions/?view=mine",
    "/champions/?kind=hire&level=D",
    "/champions/definition/",
    "/champions/add/",
    "/champions/1/",
    "/champions/spotlight/",
    "/champions/spotlight/ask/",
    "/champions/spotlight/1/",
    "/answer/figures/",
    "/answer/figures/?network=mastodon&kind=public",
    "/answer/figures/?since=2020-01-01&until=2020-02-01",
    "/answer/figures/method/",
    "/answer/inbox/",
    "/answer/inbox/?queue=closed",
    "/answer/inbox/?q=accu",
    "/answer/inbox/?q=zeppelin",
    "/answer/rules/",
    "/answer/rules/log/",
    "/answer/articles/",
    "/answer/articles/?q=winter",
    "/answer/articles/?q=zeppelin",
    "/answer/articles/1/",
    "/answer/articles/1/?version=1",
    "/answer/articles/1/write/nl/",
    "/answer/articles/add/",
    "/answer/articles/method/",
    "/answer/saved/",
    "/answer/saved/?state=proposed",
    "/answer/saved/add/",
    "/answer/saved/1/",
    "/answer/approach/",
    "/answer/questions/",
    "/answer/questions/1/",
    "/answer/cases/1/beside/",
    "/answer/cases/1/ask/",
    "/answer/cases/1/approach/",
)
OF_ONE_ACCOUNT = (
    "/account/password/change/",
    "/account/email/",
    "/account/2fa/",
    "/account/sessions/",
    "/account/logout/",
)
OUTSIDE = (
    "/account/login/",
    "/account/password/reset/",
    "/you-said/",
    "/notice/",
    "/notice/ask/",
    "/notice/asked/",
    "/help/",
    "/help/?q=accu+winter",
    "/help/?q=zeppelin",
    "/help/6-x/",
)

LOOKS = {"en": (("light", 1440), ("dark", 320)), "nl": (("dark", 1440),)}
"""In which lights and widths axe looks at a page of a language; whether it fits is seen at 320 in both."""

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Any) -> list[str]:
    """What axe finds wrong with the page as it stands, one sentence a kind."""
    from axe_playwright_python.sync_playwright import Axe

    # Without `preload` it does not read every style sheet again, which one rule wants (that no page is turned
    # by how a screen is held: tests/ui/test_static.py); without `selectors` it names no path to each element.
    # Together a third of its time.
    options = {
        "runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"],
        "preload": False, "selectors": False,
    }  # fmt: skip
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{page.url}: {each['id']} ({each['help']}) at {each['nodes'][0]['html'][:200]}"
        for each in found
    ]


def too_wide(page: Any) -> list[str]:
    """A sentence when the document must be scrolled sideways."""
    width, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{page.url} is {width} px wide in a window of {window}"] if width > window else []


def what_the_policy_would_stop(html: str) -> Iterator[str]:
    """Inline scripts, styles and handlers in a page, as a browser's own parser sees it."""
    for element in html5lib.parse(html, namespaceHTMLElements=False).iter():
        if not isinstance(element.tag, str):
            continue
        names = {str(name).lower(): value for name, value in element.attrib.items()}
        if element.tag == "script" and "src" not in names and "json" not in names.get("type", ""):
            yield f"<script> without a file: {(element.text or '')[:60]}"
        if element.tag == "style":
            yield f"<style>: {(element.text or '')[:60]}"
        for name, value in names.items():
            address = name in ("href", "src", "action", "formaction", "xlink:href")
            if name.startswith("on") or name == "style":
                yield f"<{element.tag} {name}={value[:60]!r}>"
            elif address and value.strip().lower().startswith(("javascript:", "data:text")):
                yield f"<{element.tag} {name}={value[:60]!r}>"
            elif name in ("src", "xlink:href") and value.startswith(("http:", "https:", "//")):
                yield f"<{element.tag} {name}={value[:60]!r}> is fetched from elsewhere"


def judged(page: Any, language: str, looks: Sequence[tuple[str, int]] | None = None) -> list[str]:
    """All that is wrong with a page somebody looks at, in the lights and widths of this language (or
    in some of them)."""
    page.wait_for_load_state()
    faults = [f"{page.url}: {found}" for found in what_the_policy_would_stop(page.content())]
    title, headings = page.title(), page.locator("main h1").count()
    if not title or headings != 1 or page.evaluate("document.documentElement.lang") != language:
        faults.append(f"{page.url}: titled {title!r}, {headings} headings of the first order")
    for light, width in looks or LOOKS[language]:
        page.emulate_media(color_scheme=light)
        page.set_viewport_size({"width": width, "height": 900})
        faults += [f"{light} {width}: {fault}" for fault in violations(page) + too_wide(page)]
    page.set_viewport_size({"width": 320, "height": 900})
    return faults + too_wide(page)
