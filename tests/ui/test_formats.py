"""How figures, days and periods read in Dutch and in English."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from openroads.ui import formats


@pytest.fixture(params=["en", "nl"])
def language(request):
    with translation.override(request.param):
        yield request.param


def said(language, english, dutch):
    return english if language == "en" else dutch


def test_a_thousand_gets_the_mark_of_the_language(language):
    assert formats.number(6204) == said(language, "6,204", "6.204")
    assert formats.number(1234.5, 1) == said(language, "1,234.5", "1.234,5")


def test_what_is_below_zero_has_a_true_minus_and_no_minus_before_zero(language):
    assert formats.number(-12) == "−12"
    assert formats.number(-0.2) == "0"
    assert formats.number(-0.04, 1) == said(language, "0.0", "0,0")


def test_a_difference_says_its_direction(language):
    assert formats.signed(21) == "+21"
    assert formats.signed(0) == "0"
    assert formats.signed(-3) == "−3"
    assert formats.signed(0.2) == "0"


@pytest.mark.parametrize("nothing", [None, float("nan")])
def test_unknown_is_a_word_and_never_zero(language, nothing):
    word = said(language, "unknown", "onbekend")
    for reading in (formats.number, formats.signed, formats.percent, formats.euro):
        assert reading(nothing) == word
    assert formats.between(nothing, 88) == word
    assert formats.number(0) == "0"


def test_an_interval_is_words_and_not_a_dash(language):
    assert formats.between(79, 88) == said(language, "79 to 88", "79 tot 88")
    assert formats.between(-14, 10, sign=True) == said(language, "−14 to +10", "−14 tot +10")


def test_money_keeps_its_sign_beside_it(language):
    assert formats.euro(38600).replace("\u00a0", " ") == said(language, "€ 38,600", "€ 38.600")


def test_a_share_is_a_percentage(language):
    assert formats.percent(0.914) == "91%"


def test_a_day_is_written_out(language):
    assert formats.day(date(2026, 11, 24)) == said(language, "24 November 2026", "24 november 2026")
    assert formats.weekday(date(2026, 11, 24)) == said(
        language, "Tuesday 24 November 2026", "dinsdag 24 november 2026"
    )


@pytest.mark.parametrize(
    ("since", "until", "english", "dutch"),
    [
        ((2026, 8, 26), (2026, 11, 24), "26 August to 23 November 2026", "26 augustus tot 23 november 2026"),
        ((2026, 11, 1), (2026, 12, 1), "November 2026", "november 2026"),
        ((2026, 9, 1), (2026, 12, 1), "September to November 2026", "september tot november 2026"),
        ((2025, 12, 1), (2026, 12, 1), "December 2025 to November 2026", "december 2025 tot november 2026"),
        ((2026, 1, 1), (2027, 1, 1), "2026", "2026"),
        ((2026, 11, 3), (2026, 11, 17), "3 to 16 November 2026", "3 tot 16 november 2026"),
        ((2026, 11, 3), (2026, 11, 4), "3 November 2026", "3 november 2026"),
        ((2025, 11, 24), (2026, 11, 24), "24 November 2025 to 23 November 2026", "24 november 2025 tot 23 november 2026"),
    ],
)  # fmt: skip
def test_a_half_open_period_is_said_with_its_last_day(language, since, until, english, dutch):
    text = formats.period(date(*since), date(*until))
    # "tot" or "tot en met": the catalogue's choice; what must hold are the days.
    assert text.replace(" tot en met ", " tot ").replace(" t/m ", " tot ") == said(
        language, english, dutch
    )


def test_a_recent_moment_has_its_clock_and_an_older_one_its_day(language):
    now = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)

    def moment(*when):
        return formats.moment(datetime(*when, tzinfo=UTC), now=now)

    assert moment(2026, 11, 24, 8, 0).startswith(said(language, "today", "vandaag"))
    assert moment(2026, 11, 23, 15, 30).startswith(said(language, "yesterday", "gisteren"))
    assert moment(2026, 11, 3, 8, 0) == said(language, "3 November", "3 november")
    assert moment(2025, 11, 3, 8, 0) == said(language, "3 November 2025", "3 november 2025")


def test_names_are_listed_as_one_says_them(language):
    assert formats.listed(["Kade", "Polder", "Gracht"]) == said(
        language, "Kade, Polder and Gracht", "Kade, Polder en Gracht"
    )
    assert formats.listed(["Kade"]) == "Kade"
    assert formats.listed([]) == ""
