"""Paper: a report that can be read aloud, in both page directions, whatever the words hold."""

import re
import shutil
import subprocess
from dataclasses import replace
from importlib import resources

import pytest

from openroads.charts import gap_report, lines, scales
from openroads.charts.colours import Tokens
from openroads.charts.gap_report import Drawing, GapReport
from openroads.charts.pdf import PaperRefused, compile_pdf, printable
from openroads.charts.word_axis import AxisTexts, DrawnWord, word_axis

AXIS = word_axis(
    [DrawnWord("accu", "accu", "nl", -7, 40, "they"), DrawnWord("stil", "stil", "nl", 6, 9, "we")],
    AxisTexts("Words", "Riders say it more", "Windmee says it more", "no difference"),
    shape=gap_report.PAPER_AXIS,
)
SCORE = scales.Scored(47, 45, 49, 19, 23)
REPORT = GapReport(
    language="en",
    author="Openroads",
    brand="Windmee",
    kind="Brand gap",
    dateline="24 November 2026",
    finding="We sell freedom; riders talk about winter",
    standfirst="13,060 posts by 8,214 people; 255 texts of ours.",
    footer="Openroads at Windmee",
    page_word="page",
    of_word="of",
    score=gap_report.ScorePart("The gap", "47", "of 100", "45 to 49", "Chance gives 19 to 23."),
    months=gap_report.MonthsPart(
        "Twelve months", trend=Drawing(lines.trend([lines.Moment(5), lines.Moment(6)], ""), "Up")
    ),
    products=gap_report.ProductsPart(
        "Per product",
        ("Product", "Gap", "against chance", "Posts"),
        (
            gap_report.ProductRow("Kade", "51", "6,204", Drawing(scales.mini_strip(SCORE), "51")),
            gap_report.ProductRow("Gracht", "", "12", why="too few to say"),
        ),
    ),
    lists=(
        gap_report.ListPart(
            "they",
            "Riders say it, we don’t",
            "1 word",
            ("per 10,000 words", "riders", "we"),
            (gap_report.ListRow("winterbereik", "nl", "58", "1"),),
        ),
        gap_report.ListPart("we", "We say it", "", ("", "", ""), (), empty="No words."),
    ),
    quotes_title="In their words",
    quotes=(gap_report.QuotePart("#eval(1) $x$ *bold* \U0001f621", "en", "Marloes, forum"),),
    method_title="How it was counted",
    method=("Root of the Jensen-Shannon divergence.", "Intervals are 95%."),
    axis=Drawing(AXIS, "Words on one axis"),
)


@pytest.fixture(scope="module")
def palette():
    css = resources.files("openroads.ui") / "static" / "ui" / "tokens.css"
    return Tokens.parse(css.read_text(encoding="utf-8")).print


def text_of(pdf: bytes) -> str:
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not on this machine")
    run = subprocess.run([tool, "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"\s+", " ", run.stdout.decode())


@pytest.mark.parametrize("layout", ["portrait", "landscape"])
def test_the_report_is_a_readable_pdf_in_both_directions(palette, layout):
    pdf = gap_report.gap_report_pdf(REPORT, palette, layout=layout)
    assert pdf.startswith(b"%PDF-1.")
    assert b"pdfuaid" in pdf
    assert pdf == gap_report.gap_report_pdf(REPORT, palette, layout=layout)


def test_every_text_of_the_report_is_on_paper_as_text(palette):
    text = text_of(gap_report.gap_report_pdf(REPORT, palette))
    for words in (
        "We sell freedom; riders talk about winter", "winterbereik", "too few to say", "45 to 49",
        "#eval(1) $x$ *bold* [pouting face]", "page 1 of 1", "Intervals are 95%.", "No words.", "accu",
    ):  # fmt: skip
        assert words in text


def test_a_report_with_too_little_to_say_still_says_why(palette):
    bare = replace(
        REPORT,
        score=gap_report.ScorePart("The gap", shortage="Too few posts to say: 12 of 30."),
        months=gap_report.MonthsPart("Twelve months", shortage="Not measured yet."),
        products=gap_report.ProductsPart(),
        lists=(),
        quotes=(),
        axis=None,
    )
    text = text_of(gap_report.gap_report_pdf(bare, palette))
    assert "Too few posts to say: 12 of 30." in text and "Not measured yet." in text


def test_a_word_of_another_script_on_the_axis_does_not_stop_the_report(palette):
    texts = AxisTexts("Words", "they", "we", "none")
    axis = word_axis([DrawnWord("w", "電池 \U0001f621", "ja", 5, 9, "we")], texts)
    pdf = gap_report.gap_report_pdf(replace(REPORT, axis=Drawing(axis, "Words")), palette)
    assert "[...] [pouting face]" in text_of(pdf)


def test_a_picture_without_words_is_refused():
    template = '#set document(title: "x")\n= x\n#image("a.svg")'
    with pytest.raises(PaperRefused, match="(?i)alt"):
        compile_pdf(template, {}, {"a.svg": scales.feel(0.5).replace("var(--", "(").encode()})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("café zo’n “test” − € ≥", "café zo’n “test” − € ≥"),
        ("boos \U0001f621\ufe0f!", "boos [pouting face]!"),
        ("ok 日本語 ok", "ok [...] ok"),
        ("a\u200bb\u202ec", "abc"),
        ("cafe\u0301", "café"),
        ("tab\there", "tab here"),
    ],
)
def test_what_the_typefaces_cannot_set_is_put_into_words(text, expected):
    assert printable(text) == expected
