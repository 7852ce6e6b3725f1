"""Whatever somebody writes in a post, a name or a heading is shown as text and does nothing."""

from datetime import date
from typing import Any

import html5lib
import pytest
from django.urls import reverse

from openroads.directory.company import COMPANY, Brand, Company
from openroads.directory.conversations import archive
from openroads.listening.actions.imports import correct_reading
from openroads.listening.models import Source
from tests.archive.saying import land, said

NASTY = (
    "<script>alert('x')</script> the battery",
    '"><img src=x onerror=alert(1)> the battery',
    "</blockquote></article><style>*{display:none}</style> the battery",
    "{{ settings.SECRET_KEY }} {% debug %} the battery",
    "\u202egnp.exe battery \u2066 the battery",
    "<svg/onload=alert(1)> &lt;b&gt; the battery",
    "the battery [x](javascript:alert(1)) data:text/html,<script>alert(1)</script>",
    "Z̸̡̢͎a̵͝l̷g̶o̴ the battery " + "\u0301" * 40,
)
PERIOD = {"since": "2026-06-01", "until": "2026-06-30"}


@pytest.fixture
def heard(windmee: Brand) -> None:
    """Posts as no reader of ours would leave them: the pages must not count on what came before."""
    posts = [
        said(f"n{n}", text, date(2026, 6, 1), language="en", brands=(windmee.pk,), title=text[:40],
             author=text[:60], author_name=text[:60], url="javascript:alert(document.cookie)")
        for n, text in enumerate(NASTY)
    ]  # fmt: skip
    land(archive(), *posts)


def harm(html: str) -> list[str]:
    """Elements and attributes of a page that are not ours."""
    found = []
    for element in html5lib.parse(html, namespaceHTMLElements=False).iter():
        if not isinstance(element.tag, str):
            continue
        named = {str(name): value for name, value in element.attrib.items()}
        if element.tag == "img" or element.tag == "style":
            found.append(f"<{element.tag}>")
        if element.tag == "script" and not (
            {"src"} & set(named) or "json" in named.get("type", "")
        ):
            found.append(f"<script>{element.text}")
        found += [f"{name}={value}" for name, value in named.items() if name.startswith("on")]
        found += [value for name, value in named.items() if name in ("href", "src") and value.lower().strip().startswith(("javascript:", "data:"))]  # fmt: skip
    return found


def test_hostile_posts_are_shown_as_text(heard: None, daan: Any, signed_in: Any) -> None:
    browser = signed_in(daan)  # who answers sees names, and so all that is written
    page = browser.get(reverse("listening:posts"), PERIOD).content.decode()
    assert harm(page) == []
    quotes = [
        "".join(each.itertext())
        for each in html5lib.parse(page, namespaceHTMLElements=False).iter("blockquote")
    ]
    assert len(quotes) == len(NASTY)
    for marker in ("<script>alert('x')</script>", "onerror=alert(1)", "{{ settings.SECRET_KEY }}", "<svg/onload=alert(1)> &lt;b&gt;"):  # fmt: skip
        assert any(marker in quote for quote in quotes), marker
    assert page.count('dir="auto"') >= len(NASTY), "each quote keeps its own direction"


@pytest.mark.parametrize("place", ["listening:imports", "listening:gap", "listening:sources", "web:home", "ui:menu"])  # fmt: skip
def test_hostile_names_of_files_and_words_are_text_everywhere(
    heard: None, sanne: Any, signed_in: Any, place: str
) -> None:
    query = PERIOD | {"word": "<script>alert(1)</script>", "q": '"><script>alert(1)</script>'}
    assert harm(signed_in(sanne).get(reverse(place), query).content.decode()) == []


def test_a_hostile_name_of_the_house_cannot_leave_the_palette(
    windmee: Brand, sanne: Any, signed_in: Any
) -> None:
    Company.objects.filter(pk=COMPANY).update(name="</script><img src=x onerror=alert(1)>")
    windmee.name = "</title><script>alert(1)</script>"
    windmee.save()
    Source.objects.create(kind="feed", name="</script><script>alert(1)</script>", last_error="<img src=x>")  # fmt: skip
    browser = signed_in(sanne)
    for place in ("web:home", "listening:gap", "listening:sources", "directory:company", "ui:menu"):
        assert harm(browser.get(reverse(place)).content.decode()) == [], place


def test_hostile_headings_are_text_in_the_preview(
    received: Any, sanne: Any, signed_in: Any
) -> None:
    heading = '"><script>alert(1)</script>'
    quoted = '"' + heading.replace('"', '""') + '"'
    item = received(f"text,date,{quoted}\n<b>bold</b>,2026-06-01,<img src=x onerror=alert(1)>\n")
    columns = {"text": "text", "said_at": "date", "author": heading}
    correct_reading(by=sanne, item=item, columns=columns)
    page = signed_in(sanne).get(reverse("listening:import", args=(item.pk,))).content.decode()
    assert harm(page) == []
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 1


def test_words_in_the_file_start_no_formula(brought: Any, windmee: Brand, sanne: Any) -> None:
    from openroads.analysis.cells import safe_cell

    for text in ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"):
        assert safe_cell(text) == f"'{text}"
    assert safe_cell("battery") == "battery"


def test_markup_in_a_file_is_read_as_the_words_it_shows(brought: Any, windmee: Brand, sanne: Any, signed_in: Any) -> None:  # fmt: skip
    item = brought("id,date,text\n1,2026-06-01,<p>The <b>battery</b> is flat</p><script>alert(1)</script>\n", "<img src=x onerror=1>.csv", windmee)  # fmt: skip
    assert item.added == 1
    browser = signed_in(sanne)
    (post,) = browser.get(reverse("listening:posts"), PERIOD).context["shown"].posts
    assert post.text == "The battery is flat"
    for place in (reverse("listening:imports"), reverse("listening:import", args=(item.pk,))):
        assert harm(browser.get(place).content.decode()) == []
