"""Dates: every way an export writes one is the same moment, and no order is guessed in silence."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.connectors.dates import (
    Unclear,
    check_moment,
    read_date,
    shape,
    votes,
    zone,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 1, tzinfo=UTC)
MONTHS_NL = "jan feb mrt apr mei jun jul aug sep okt nov dec".split()

moments = st.datetimes(datetime(1991, 1, 1), datetime(2026, 10, 1)).map(
    lambda m: m.replace(microsecond=0, tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("written", "order"),
    [
        ("Tue Oct 31 22:10:47 +0000 2017", "iso"),
        ("Tue, 31 Oct 2017 22:10:47 GMT", "iso"),
        ("2017-10-31T22:10:47Z", "iso"),
        ("2017-10-31T23:10:47+01:00", "iso"),
        ("2017-10-31 22:10:47 UTC", "iso"),
        ("2017/10/31 23:10:47", "iso"),
        ("31-10-2017 23:10:47", "dmy"),
        ("31.10.17 23:10:47", "dmy"),
        ("10/31/2017 11:10:47 PM", "mdy"),
        ("31 oktober 2017 om 23:10:47 uur", "iso"),
        ("di 31 okt. 2017, 23:10:47", "iso"),
        ("October 31, 2017 at 11:10:47 PM", "iso"),
        ("1509487847", "iso"),
        ("1509487847.0", "epoch_s"),
        ("1509487847000", "epoch_ms"),
        ("20171031231047", "iso"),
        ("43039.965821759", "excel"),
    ],
)
def test_one_moment_however_it_is_written(written: str, order: str) -> None:
    assert read_date(written, order, AMSTERDAM) == datetime(2017, 10, 31, 22, 10, 47, tzinfo=UTC)


def test_a_day_without_a_time_is_the_same_day_in_utc() -> None:
    for written, order in (("16-02-2015", "dmy"), ("2015-02-16", "iso"), ("42051", "excel")):
        assert read_date(written, order, AMSTERDAM).date().isoformat() == "2015-02-16"


@given(moments, st.sampled_from(["-", "/", ".", " "]), st.sampled_from(["dmy", "mdy"]))
def test_day_and_month_come_back_under_the_order_they_were_written_in(
    moment: datetime, separator: str, order: str
) -> None:
    parts = ("%d", "%m") if order == "dmy" else ("%m", "%d")
    written = moment.strftime(separator.join((*parts, "%Y")) + " %H:%M:%S")
    assert read_date(written, order, UTC) == moment


@given(moments)
def test_dutch_months_come_back(moment: datetime) -> None:
    month = MONTHS_NL[moment.month - 1]
    written = f"{moment.day} {month} {moment.year} {moment:%H:%M:%S}"
    assert read_date(written, "iso", UTC) == moment


@given(st.text(max_size=80), st.sampled_from(["iso", "dmy", "mdy", "epoch_s", "epoch_ms", "excel"]))
def test_any_text_is_a_moment_in_utc_or_a_sentence(raw: str, order: str) -> None:
    try:
        assert read_date(raw, order, AMSTERDAM).utcoffset() == timedelta(0)
    except Unclear as unclear:
        assert str(unclear).endswith(".")
    shape(raw)


@given(st.text(alphabet="0123456789-/.: TZ+janfebPM", max_size=40))
def test_texts_that_nearly_are_dates_never_break_the_reader(raw: str) -> None:
    try:
        read_date(raw, "dmy", AMSTERDAM)
    except Unclear:
        pass


def test_one_part_above_twelve_anywhere_settles_the_order() -> None:
    early = [f"0{day}/03/2024" for day in range(1, 10)] * 50
    assert votes(early, NOW).ambiguous
    seen = votes([*early, "13/03/2024"], NOW)
    assert (seen.order, seen.ambiguous, seen.mixed) == ("dmy", False, False)
    assert votes([*early, "03/13/2024"], NOW).order == "mdy"


def test_a_date_that_would_lie_in_the_future_settles_the_order_too() -> None:
    seen = votes(["05/10/2026", "06/10/2026", "01/12/2025"], NOW)
    assert not seen.ambiguous or seen.order == "dmy"
    seen = votes(["10/12/2026"], NOW)  # 10 December is yet to come, October 12 is not
    assert (seen.order, seen.ambiguous) == ("mdy", False)


def test_both_proofs_together_are_called_mixed() -> None:
    seen = votes(["13/03/2024", "14/03/2024", "03/15/2024"], NOW)
    assert seen.mixed and seen.order == "dmy"


def test_in_a_mixed_file_only_what_is_certain_is_read() -> None:
    assert read_date("13/03/2024 10:00", "dmy", UTC, mixed=True).day == 13
    with pytest.raises(Unclear, match="both ways"):
        read_date("03/04/2024", "dmy", UTC, mixed=True)
    assert read_date("04/04/2024", "dmy", UTC, mixed=True).month == 4


def test_the_wrong_order_is_a_sentence_and_not_another_date() -> None:
    with pytest.raises(
        Unclear, match="16 cannot be a month, while the rest of the file has the day"
    ):
        read_date("2/16/2015", "dmy", UTC)
    with pytest.raises(Unclear, match="has the month first"):
        read_date("16/2/2015", "mdy", UTC)


@pytest.mark.parametrize("raw", ["2015-02-30", "31-04-2020", "2020-01-01 25:00", "13:00 PM"])
def test_days_that_do_not_exist_are_sentences(raw: str) -> None:
    with pytest.raises(Unclear):
        read_date(raw, "dmy", UTC)


def test_empty_timestamps_and_the_future_are_told() -> None:
    for raw in ("0", "0000-00-00 00:00:00", "1970-01-01"):
        with pytest.raises(Unclear, match="empty timestamp"):
            check_moment(read_date(raw, "iso", UTC), NOW)
    with pytest.raises(Unclear, match="future"):
        check_moment(datetime(2030, 1, 1, tzinfo=UTC), NOW)
    with pytest.raises(Unclear, match="before 1990"):
        check_moment(datetime(1985, 1, 1, tzinfo=UTC), NOW)


def test_an_unknown_zone_is_a_sentence() -> None:
    with pytest.raises(Unclear, match="no time zone"):
        zone("Europe/Atlantis")
    with pytest.raises(Unclear, match="no time zone"):
        zone("../../etc/passwd")
    with pytest.raises(Unclear, match="zone"):
        read_date("2020-01-01 10:00 XYZ", "iso", UTC)
