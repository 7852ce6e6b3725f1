"""Exhibits are well-formed and hostile words stay words."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.charts.markup import el, number
from openroads.charts.word_axis import AxisTexts, DrawnWord, word_axis

HOSTILE = ["<script>alert(1)</script>", '"onload=alert(1) x="', "]]>", "&lt;b&gt;", "a\x00b\x0bc"]
TEXTS = AxisTexts('label "<b>"', "<they>", "we & we", "no difference")
SVG = "{http://www.w3.org/2000/svg}"


def axis_of(words, **options) -> str:
    drawn = [
        DrawnWord(word, word, "nl", 5.0 + place, 10 + place, "we", f"/gap?word={place}")
        for place, word in enumerate(words)
    ]
    return word_axis(drawn, TEXTS, **options)


def test_hostile_words_stay_text():
    svg = axis_of(HOSTILE)
    root = ElementTree.fromstring(svg)
    texts = {element.text for element in root.iter(f"{SVG}text")}
    assert {"<script>alert(1)</script>", '"onload=alert(1) x="', "]]>", "abc"} <= texts
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {
        "svg", "a", "rect", "text", "path",
    }  # fmt: skip
    for element in root.iter():
        assert not [name for name in element.attrib if name.startswith("on") or name == "style"]


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=6, unique=True))
def test_any_words_whatever_give_a_well_formed_drawing(words):
    ElementTree.fromstring(axis_of(words, selected=words[0]))


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", " javascript:x", ""])
def test_a_link_leads_nowhere_it_should_not(href):
    with pytest.raises(ValueError, match="link"):
        el("a", href=href)


@pytest.mark.parametrize("name", ["script", "style", "foreignObject", "b c"])
def test_elements_that_run_or_style_are_refused(name):
    with pytest.raises(ValueError, match="may not hold"):
        el(name)


@pytest.mark.parametrize("attribute", ["style", "onload", "onClick"])
def test_attributes_that_run_or_style_are_refused(attribute):
    with pytest.raises(ValueError, match="may not hold"):
        el("g", **{attribute: "x"})


def test_a_coordinate_is_short_and_has_no_minus_zero():
    assert [number(value) for value in (1.0, 1.25, -0.01, 12.34)] == ["1", "1.2", "0", "12.3"]


def test_a_drawing_with_links_is_a_group_and_one_without_a_picture():
    linked = ElementTree.fromstring(axis_of(["app"]))
    still = ElementTree.fromstring(word_axis([DrawnWord("app", "app", "nl", 1, 1, "both")], TEXTS))
    assert (linked.get("role"), still.get("role")) == ("group", "img")
    assert linked.get("aria-label") == still.get("aria-label") == 'label "<b>"'
