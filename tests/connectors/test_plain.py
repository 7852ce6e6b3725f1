"""Plain text: words survive, markup does not, and nothing stalls however hostile it is."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.connectors.networks import (
    LABELS,
    NETWORKS,
    network_of_name,
    network_of_url,
)
from openroads.connectors.plain import clean, one_line, plain, web_address


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("I <3 this & that", "I <3 this & that"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("Tom &amp; Ida &lt;3", "Tom & Ida <3"),
        ("<p>Een</p><p>Twee</p>", "Een\n\nTwee"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<b>Dik</b>gedrukt", "Dikgedrukt"),
        ("<script>alert(1)</script>T", "T"),
        ("x<style>p{}</style>y", "xy"),
        ("weg <!-- niet dit --> hier", "weg  hier"),
        ("<div onclick=alert(1)>Klik</div>", "Klik"),
        ("caf\u00e9\x00\x07", "caf\u00e9"),
        ("half \ud83d smiley", "half  smiley"),
        ("regel\r\neen\rtwee", "regel\neen\ntwee"),
    ],
)
def test_words_survive_and_markup_goes(told: str, words: str) -> None:
    assert plain(told) == words


HOSTILE = {
    "nested div": "<div>" * 100_000,
    "unclosed script": "<script>" * 50_000,
    "scripts": "<script></script>" * 20_000,
    "attributes": "<p " + "a=1 " * 50_000 + ">x</p>",
    "open angles": "<" * 500_000,
    "comments": "<!--" * 100_000,
    "half tags": "<a " * 150_000,
    "entities": "&amp;" * 100_000,
    "numeric entities": "&#" * 200_000,
    "mixed": "<div><svg><style>" * 30_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_markup_is_plain_within_a_second(name: str) -> None:
    began = time.thread_time()
    words = plain(HOSTILE[name])
    assert time.thread_time() - began < 1
    assert "<script" not in words.lower() and "<div" not in words.lower()


@given(st.text())
def test_plain_text_never_holds_what_cannot_be_stored(told: str) -> None:
    words = plain(told)
    words.encode()
    assert "\0" not in words and "\r" not in words


@given(st.text(alphabet=st.characters(codec="ascii", min_codepoint=32, max_codepoint=126)))
def test_clean_ascii_only_loses_its_edges(told: str) -> None:
    assert clean(told) == told.strip()


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "//evil.example",
        "https:evil.example", "http://", "http://a b.nl", "https://x.nl/\nSet-Cookie: a",
        'https://x.nl/"onmouseover="x', "https://user:pass@x.nl/", "https://[", "ftp://x.nl",
    ],
)  # fmt: skip
def test_links_that_are_no_plain_web_address_are_dropped(link: str) -> None:
    assert web_address(link) == ""


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        ('<img src="https://s.w.org/1f6b2.png" alt="🚲" class="wp-smiley" style="height: 1em;" />', "🚲"),
        ("<IMG class=emoji alt='👩🏽‍🔧'>", "👩🏽‍🔧"),
        ('<img alt="&#x1f1f3;&#x1f1f1;">', "🇳🇱"),
        ('<img alt="1️⃣">', "1️⃣"),
        ('<img alt="Een fiets in de regen">', ""),
        ('<img alt="自転車">', ""),
        ('<img alt="🚲 in de regen">', ""),
        ('<img alt="&lt;script&gt;">', ""),
        ('<img alt="">', ""),
        ("<img>", ""),
    ],
)  # fmt: skip
def test_a_picture_of_an_emoji_is_the_emoji_and_another_is_nothing(
    picture: str, words: str
) -> None:
    assert plain(f"Op de {picture}weg") == f"Op de {words}weg"


def test_pictures_without_an_end_do_not_stall() -> None:
    for text in (
        "<img " * 200_000,
        "<img " + "alt " * 250_000,
        "<img alt=" + "'" * 1_000_000 + ">",
    ):
        began = time.thread_time()
        plain(text)
        assert time.thread_time() - began < 1.5


def test_a_title_is_one_line() -> None:
    assert one_line("<b>Een\n titel</b>  ") == "Een titel"
    assert len(one_line("x" * 10_000)) == 500


def test_networks_are_known_by_address_and_by_name() -> None:
    assert network_of_url("https://twitter.com/windmee/status/1") == "x"
    assert network_of_url("https://old.reddit.com/r/fietsen") == "reddit"
    assert network_of_url("https://www.linkedin.com/posts/1") == "linkedin"
    assert network_of_url("https://notx.com/1") == ""
    assert network_of_url("https://x.com.evil.example/1") == ""
    assert network_of_url("javascript:alert(1)") == ""
    assert network_of_name("Twitter") == "x"
    assert network_of_name("Facebook Public") == "facebook"
    assert network_of_name("www.trustpilot.com") == "trustpilot"
    assert network_of_name("Hyves") == ""
    assert len(LABELS) == len(NETWORKS)
