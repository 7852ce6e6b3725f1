"""The signature exhibits: marks stand where the figures say, unknown is never zero, colours are
tokens.
"""

import re
from xml.etree import ElementTree

import pytest

from openroads.charts import lines, scales
from openroads.charts.lines import Mark, Moment, TimelineTexts
from openroads.charts.scales import ScaleTexts, Scored
from openroads.charts.word_axis import NARROW, WIDE, AxisTexts, DrawnWord, word_axis

SVG = "{http://www.w3.org/2000/svg}"
SCORE = Scored(47, 45, 49, 19, 23)
TEXTS = ScaleTexts(
    "Gap 47", "47", "chance", "53 a year ago", "0, same words", "100, no word shared"
)
AXIS = AxisTexts("Words", "Riders say it more", "Windmee says it more", "no difference we can see")
WORDS = [
    DrawnWord("accu", "accu", "nl", -7, 40, "they", "/gap?w=accu"),
    DrawnWord("stil", "stil", "nl", 6, 20, "we", "/gap?w=stil"),
    DrawnWord("app", "app", "nl", -1, 30, "contested", "/gap?w=app"),
    DrawnWord("fiets", "fiets", "nl", 0.5, 90, "both", "/gap?w=fiets"),
]


def parsed(svg: str) -> ElementTree.Element:
    assert "style=" not in svg
    assert not re.search(r"#[0-9a-fA-F]{6}", svg), "colours are tokens"
    return ElementTree.fromstring(svg)


def all_of(root, tag):
    return list(root.iter(f"{SVG}{tag}"))


def test_words_are_links_in_their_language_and_colour():
    root = parsed(word_axis(WORDS, AXIS, selected="stil"))
    links = all_of(root, "a")
    assert [link.get("href") for link in links] == [
        "/gap?w=accu", "/gap?w=app", "/gap?w=fiets", "/gap?w=stil",
    ]  # fmt: skip
    fills = [link.find(f"{SVG}text").get("fill") for link in links]
    assert fills == ["var(--they)", "var(--ink)", "var(--ink-3)", "var(--we)"]
    assert {link.get("lang") for link in links} == {"nl"}
    chosen = [link for link in links if link.get("aria-current")]
    assert [link.get("href") for link in chosen] == ["/gap?w=stil"]
    assert chosen[0].find(f"{SVG}rect").get("fill") == "var(--we-tint)"


def test_a_contested_word_is_underlined_in_both_colours():
    root = parsed(word_axis(WORDS, AXIS))
    lines_under = [
        path.get("stroke") for link in all_of(root, "a") for path in link.findall(f"{SVG}path")
    ]
    assert lines_under == ["var(--they)", "var(--we)"]


def test_every_link_can_be_pressed():
    for link in all_of(parsed(word_axis(WORDS, AXIS)), "a"):
        rect = link.find(f"{SVG}rect")
        assert float(rect.get("height")) >= 24
        assert rect.get("pointer-events") == "all"


def test_a_word_at_the_threshold_stands_on_the_edge_of_the_neutral_band():
    edge = [DrawnWord("a", "a", "nl", -4.0, 5, "they"), DrawnWord("b", "b", "nl", 4.0, 5, "we")]
    root = parsed(word_axis(edge, AXIS, band=4))
    rect = all_of(root, "rect")[0]
    left, width = float(rect.get("x")), float(rect.get("width"))
    assert left + width / 2 == pytest.approx(WIDE.width / 2, abs=0.2)
    stood = {each.text: float(each.get("x")) for each in all_of(root, "text") if each.text in "ab"}
    assert stood["a"] == pytest.approx(left, abs=0.2)
    assert stood["b"] == pytest.approx(left + width, abs=0.2)


def test_the_phone_gets_fewer_words_and_its_middle_label_below():
    crowd = [DrawnWord(f"w{k:02}", f"w{k:02}", "nl", k - 20, k, "they") for k in range(40)]
    root = parsed(word_axis(crowd, AXIS, shape=NARROW))
    words = [t for t in all_of(root, "text") if t.get("font-family") == "var(--font-serif)"]
    assert 15 < len(words) <= NARROW.most
    middle = next(t for t in all_of(root, "text") if t.text == AXIS.no_difference)
    assert float(middle.get("y")) > 300
    for word in words:
        half = float(word.get("textLength")) / 2
        assert 0 <= float(word.get("x")) - half and float(word.get("x")) + half <= 360


def test_the_gap_scale_puts_its_marks_where_the_figures_are():
    root = parsed(scales.gap_scale(SCORE, TEXTS, before=53, width=214))
    dot, before = all_of(root, "circle")
    assert float(dot.get("cx")) == pytest.approx(7 + 2 * 47)
    assert float(before.get("cx")) == pytest.approx(7 + 2 * 53)
    box = all_of(root, "rect")[0]
    assert (float(box.get("x")), float(box.get("width"))) == pytest.approx((7 + 38, 8))
    assert root.get("aria-label") == "Gap 47"


@pytest.mark.parametrize("value", [0, 20, 24, 50, 97, 100])
@pytest.mark.parametrize("before", [None, 0, 22, 49, 100])
def test_labels_of_the_gap_scale_never_touch(value, before):
    svg = scales.gap_scale(Scored(value, value, value, 19, 23), TEXTS, before=before)
    row = [t for t in all_of(parsed(svg), "text") if t.get("y") == "14"]
    ends = []
    for text in row:
        half = scales.text_width(text.text, 12, family="Source Sans Pro", bold=True) / 2
        ends.append((float(text.get("x")) - half, float(text.get("x")) + half))
    ends.sort()
    assert ends[0][0] >= 0 and ends[-1][1] <= 284
    assert all(left[1] <= right[0] for left, right in zip(ends, ends[1:], strict=False))


def test_a_product_without_a_score_has_an_empty_line_not_a_zero():
    assert all_of(parsed(scales.mini_strip(None)), "circle") == []
    assert len(all_of(parsed(scales.mini_strip(SCORE)), "circle")) == 1


def test_the_two_feelings_stand_left_and_right_of_nothing():
    root = parsed(scales.pair_strip(-41, 62, width=110))
    they, we = all_of(root, "circle")[0], all_of(root, "rect")[0]
    assert float(they.get("cx")) == pytest.approx(55 - 20.5)
    assert float(we.get("x")) + 3 == pytest.approx(55 + 31)


@pytest.mark.parametrize(
    ("tone", "x", "colour"), [(-1, 4, "neg-2"), (0, 17, "neutral"), (0.5, 23.5, "pos-2")]
)
def test_a_feeling_has_its_place_then_its_colour(tone, x, colour):
    dot = all_of(parsed(scales.feel(tone)), "circle")[0]
    assert (float(dot.get("cx")), dot.get("fill")) == (x, f"var(--{colour})")


def test_an_unknown_feeling_has_no_dot():
    assert all_of(parsed(scales.feel(None)), "circle") == []
    assert all_of(parsed(scales.feel(float("nan"))), "circle") == []


def drawn_lines(root):
    return [p for p in all_of(root, "path") if p.get("stroke") == "var(--chart-line)"]


def test_a_month_not_measured_breaks_the_line():
    whole = lines.trend([Moment(v) for v in (5, 6, 7, 6)], "t")
    broken = lines.trend([Moment(5), Moment(6), Moment(None), Moment(6), Moment(7)], "t")
    alone = lines.trend([Moment(5), Moment(6), Moment(None), Moment(6)], "t")
    assert [len(drawn_lines(parsed(svg))) for svg in (whole, broken, alone)] == [1, 2, 1]
    assert len(all_of(parsed(alone), "circle")) == 1


def test_a_trend_of_nothing_or_of_one_value_still_draws():
    parsed(lines.trend([], "t"))
    parsed(lines.trend([Moment(None)] * 3, "t"))
    parsed(lines.trend([Moment(4)] * 3, "t"))


def timeline(values, **options):
    moments = [Moment(value, 20, 40) for value in values]
    texts = TimelineTexts("Posts", ("9", "last week"), ("expected",), ((0, "June"),), ("0", "50"))
    return parsed(lines.timeline(moments, texts, **options))


def tinted(root):
    return [p for p in all_of(root, "path") if p.get("fill") == "var(--soon-tint)"]


def test_only_what_sticks_out_of_the_expected_is_tinted():
    assert tinted(timeline([30, 35, 40])) == []
    assert len(tinted(timeline([30, 60, 70]))) == 1
    assert tinted(timeline([30, 10, 5])) == []


def test_a_line_of_the_golden_thread_is_gold_and_others_are_not():
    root = timeline([30, 30, 30], marks=[Mark(1, "frost"), Mark(2, "change live", thread=True)])
    strokes = [p.get("stroke") for p in all_of(root, "path") if "V" in p.get("d")]
    assert strokes == ["var(--ink-3)", "var(--thread)"]


def test_words_of_events_close_together_do_not_touch():
    near = [Mark(1, "the first frost"), Mark(1.2, "a new app"), Mark(60, "the end of the line")]
    root = timeline([30.0] * 61, marks=near)
    said = {t.text for t in all_of(root, "text")}
    assert "a new app" in said and "the end of the line" in said
    assert "the first frost" not in said
    assert sum("V" in p.get("d") for p in all_of(root, "path")) == 3, "every line is drawn"


def test_ticks_are_round_start_at_zero_and_cover_the_highest():
    assert lines.nice_ticks(134) == (0, 50, 100, 150)
    assert lines.nice_ticks(0) == (0, 1)
    for most in (1, 3, 7, 99, 1234, 99_999):
        ticks = lines.nice_ticks(most)
        assert ticks[-1] >= most and len(ticks) <= 5
