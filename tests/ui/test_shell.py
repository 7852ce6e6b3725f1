"""The shell: theme, keys, language, menu, errors and the sheet of parts."""

from dataclasses import dataclass
from datetime import UTC, datetime

import html5lib
import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from openroads.ui import views
from openroads.ui.templatetags.parts import tone_word

SVG = "{http://www.w3.org/2000/svg}"


def tree(response):
    return html5lib.parse(response.content.decode(), namespaceHTMLElements=False)


@pytest.fixture
def demo(monkeypatch):
    monkeypatch.setattr(settings.OPENROADS, "demo", True)


def test_the_chosen_theme_is_written_into_the_next_page(client, db):
    client.post("/theme/", {"theme": "dark", "next": "/"})
    assert tree(client.get("/account/login/")).get("data-theme") == "dark"
    client.post("/theme/", {"theme": "system", "next": "/"})
    assert tree(client.get("/account/login/")).get("data-theme") is None


def test_a_theme_nobody_made_falls_back_to_the_system(client, db):
    client.cookies["theme"] = '"><script>'
    assert tree(client.get("/account/login/")).get("data-theme") is None


def test_the_theme_sends_nobody_to_another_site(client, db):
    for address in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""):
        answer = client.post("/theme/", {"theme": "dark", "next": address})
        assert answer.headers["Location"] == "/"
    assert client.post("/theme/", {"next": "/menu/?q=gap"}).headers["Location"] == "/menu/?q=gap"


def test_the_theme_changes_by_post_alone_and_from_our_own_page(db):
    client = Client(enforce_csrf_checks=True)
    assert client.get("/theme/").status_code == 405
    assert client.post("/theme/", {"theme": "dark"}).status_code == 403


def test_single_keys_can_be_switched_off(client, db):
    assert tree(client.get("/account/login/")).get("data-keys") == "on"
    client.post("/keys/", {"keys": "off", "next": "/"})
    assert tree(client.get("/account/login/")).get("data-keys") == "off"


def test_the_language_of_a_page_is_said_in_its_root(client, db):
    for code in ("nl", "en"):
        client.post("/language/", {"language": code, "next": "/"})
        assert tree(client.get("/account/login/")).get("lang") == code


def test_the_menu_without_a_script_finds_what_the_palette_finds(client, noor):
    client.force_login(noor)
    links = {a.get("href") for a in tree(client.get("/menu/?q=gap")).iter("a")}
    assert "/listen/gap/" in {link.split("?")[0] for link in links}


def test_what_was_looked_for_is_text_and_no_markup(client, noor):
    client.force_login(noor)
    page = tree(client.get("/menu/", {"q": "<script>alert(1)</script>"}))
    assert all("alert" not in (script.text or "") for script in page.iter("script"))
    assert "alert(1)" in "".join(page.find(".//h1").itertext())


def test_the_sheet_of_parts_exists_on_a_demo_only(client, db, monkeypatch):
    monkeypatch.setattr(settings.OPENROADS, "demo", False)
    assert client.get("/parts/").status_code == 404


def test_the_sheet_of_parts_has_one_h1_unique_ids_and_labelled_fields(client, db, demo):
    page = tree(client.get("/parts/"))
    assert len(list(page.iter("h1"))) == 1
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    named = {label.get("for") for label in page.iter("label")}
    main = page.find(".//main")
    for field in [f for kind in ("input", "select", "textarea") for f in main.iter(kind)]:
        if field.get("type") not in ("hidden", "radio"):
            assert field.get("id") in named or field.get("aria-label"), field.attrib


@dataclass(frozen=True)
class Row:
    """What a quote card needs of a row of the archive."""

    text: str
    language: str = "nl"
    tone: float = -0.9
    mood: int = -1
    author_name: str = "Marloes"
    author: str = ""
    network: str = "bluesky"
    title: str = ""
    url: str = ""
    published_at: datetime = datetime(2026, 11, 3, 15, 30, tzinfo=UTC)
    likes: int | None = None
    replies: int | None = None
    reposts: int | None = None


def card(row):
    text = Template("{% load parts %}{% quote post %}").render(Context({"post": row}))
    return html5lib.parse(text, namespaceHTMLElements=False)


def test_the_words_of_people_carry_their_language():
    assert card(Row("Mooi.")).find(".//blockquote").get("lang") == "nl"
    assert card(Row("...", language="und")).find(".//blockquote").get("lang") is None


def test_unknown_tone_is_said_and_has_no_dot():
    page = card(Row("Mooi.", tone=float("nan"), mood=-128))
    assert "tone unknown" in "".join(page.itertext())
    assert not list(page.iter(f"{SVG}circle"))
    assert list(card(Row("Mooi.")).iter(f"{SVG}circle"))


def test_words_of_strangers_are_never_markup_and_never_a_script_address():
    page = card(Row("<img src=x onerror=alert(1)>", url="javascript:alert(1)", title="<b>x</b>"))
    assert not list(page.iter("img"))
    assert "<img src=x" in "".join(page.find(".//blockquote").itertext())
    assert not list(page.iter("a"))


def test_what_a_network_did_not_tell_is_not_said():
    assert "0 likes" not in "".join(card(Row("Mooi.")).itertext())
    assert "12 likes" in "".join(card(Row("Mooi.", likes=12)).itertext())


@pytest.mark.parametrize(
    ("tone", "mood", "word"),
    [
        (-0.9, -1, "negative"),
        (-0.2, -1, "slightly negative"),
        (0.0, 0, "neutral"),
        (0.2, 1, "slightly positive"),
        (0.9, 1, "positive"),
        (0.9, -128, "tone unknown"),
        (float("nan"), 0, "tone unknown"),
    ],
)
def test_a_tone_has_a_word(tone, mood, word):
    assert tone_word(tone, mood) == word


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_every_error_page_says_what_happened_and_the_next_step(name, language, db):
    from django.utils import translation

    with translation.override(language):
        request = None if name == "500.html" else RequestFactory().get("/nowhere/")
        page = html5lib.parse(render_to_string(name, request=request), namespaceHTMLElements=False)
    assert "".join(page.find(".//h1").itertext()).strip()
    assert any(a.get("href") == "/" for a in page.find(".//main").iter("a"))


def test_the_page_of_a_fault_needs_no_database(django_db_blocker):
    with django_db_blocker.block():
        assert "Er ging iets stuk" in render_to_string("500.html")


def test_a_safe_way_back_is_kept(rf):
    request = rf.post("/theme/", {"next": "/listen/gap/?word=accu"})
    assert views._back(request) == "/listen/gap/?word=accu"
