"""Charts by Vega: coloured by tokens, safe under a strict policy, the same on paper."""

import re
from datetime import date, timedelta
from importlib import resources
from xml.etree import ElementTree

import pytest

from openroads.charts import vega
from openroads.charts.colours import Tokens
from openroads.charts.volume import Volume, VolumeTexts, posts_over_time

TEXTS = VolumeTexts("positief", "neutraal", '<script>x</script>"onload=', "onbekend")
WEEKS = [
    Volume(date(2026, 6, 1) + timedelta(weeks=week), 10 + week, 2_000, 5 * week)
    for week in range(12)
]
SPEC = posts_over_time(WEEKS, TEXTS, width=560)


@pytest.fixture(scope="module")
def palette():
    css = resources.files("openroads.ui") / "static" / "ui" / "tokens.css"
    return Tokens.parse(css.read_text(encoding="utf-8")).print


def test_a_chart_is_coloured_by_tokens_and_carries_no_style_or_handler():
    svg = vega.chart_svg(SPEC, 'Posts a week "<b>"', language="nl")
    root = ElementTree.fromstring(svg)
    assert root.get("aria-label") == 'Posts a week "<b>"'
    names = {name for element in root.iter() for name in element.attrib}
    assert "style" not in names and not [name for name in names if name.startswith("on")]
    assert "<script" not in svg
    assert {"var(--neg-2)", "var(--neutral)", "var(--pos-2)"} <= set(
        re.findall(r'fill="([^"]+)"', svg)
    )
    assert not re.findall(r'"#[0-9a-f]{6}"', svg)


def test_a_hostile_name_stays_text():
    root = ElementTree.fromstring(vega.chart_svg(SPEC, "Posts"))
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert '<script>x</script>"onload=' in texts


def test_figures_on_the_axis_are_written_in_the_readers_language():
    def texts(language):
        root = ElementTree.fromstring(vega.chart_svg(SPEC, "Posts", language=language))
        return {element.text for element in root.iter("{http://www.w3.org/2000/svg}text")}

    assert "2.000" in texts("nl") and "2,000" in texts("en")


def test_an_equal_chart_is_drawn_once():
    vega.chart_svg(SPEC, "once")
    before = vega._svg.cache_info().hits
    vega.chart_svg(dict(reversed(SPEC.items())), "once")
    assert vega._svg.cache_info().hits == before + 1


def test_paper_and_mail_get_literal_colours(palette):
    svg = vega.chart_print_svg(SPEC, "Posts", palette)
    assert "var(--" not in svg and palette["neg-2"] in svg and "Source Sans Pro" in svg
    assert vega.chart_png(SPEC, palette).startswith(b"\x89PNG")


def test_the_engine_fetches_nothing():
    with pytest.raises(ValueError, match="(?i)url|external|not allowed|denied"):
        vega.chart_svg({**SPEC, "data": {"url": "http://127.0.0.1:9/x.json"}}, "Posts")


def test_a_mood_nobody_measured_has_no_place_in_the_legend():
    names = list(SPEC["encoding"]["color"]["scale"]["domain"])
    assert "onbekend" not in names
    unknown = posts_over_time([Volume(date(2026, 6, 1), 1, 1, 1, 4)], TEXTS)
    assert "onbekend" in unknown["encoding"]["color"]["scale"]["domain"]
    assert posts_over_time([], TEXTS)["data"]["values"] == []
