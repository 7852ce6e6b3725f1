"""Before and after a change: rates, their ratio with its interval, the control and the verdict."""

from math import exp, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.analysis.before_after import Counted, Verdict, against, compare, verdict


def weeks(*hits: int, of: int = 500) -> list[Counted]:
    return [Counted(each, of) for each in hits]


def test_the_ratio_of_two_rates_is_that_of_the_text_book() -> None:
    # Boice and Monson 1977, as in Rothman, Greenland and Lash 2008: 41 breast cancers in 28,010
    # person-years against 15 in 19,017; ratio 1.86, interval 1.03 to 3.35.
    told = compare([Counted(15, 19_017)], [Counted(41, 28_010)])
    assert told is not None
    assert [round(v, 2) for v in (told.ratio.value, told.ratio.low, told.ratio.high)] == [1.86, 1.03, 3.35]  # fmt: skip
    assert told.ratio.spread == 1


def test_weeks_that_differ_more_than_chance_widen_the_interval() -> None:
    before, after = weeks(10, 30, 10, 30), weeks(5, 15, 5, 15)
    told = compare(before, after)
    assert told is not None
    # Pearson: 4 * 100 / 20 + 4 * 25 / 10 = 30 over 8 - 2 weeks.
    assert told.ratio.spread == pytest.approx(5.0)
    half = 1.959964 * sqrt(5 * (1 / 80 + 1 / 40))
    assert told.ratio.low == pytest.approx(exp(log(0.5) - half), rel=1e-6)
    assert told.before.rate == pytest.approx(40.0) and told.after.rate == pytest.approx(20.0)
    assert told.before.low == pytest.approx(40 * exp(-1.959964 * sqrt(5 / 80)), rel=1e-6)


def test_the_control_is_taken_off() -> None:
    ours, others = compare(weeks(40, 40), weeks(20, 20)), compare(weeks(80, 80), weeks(40, 40))
    assert ours is not None and others is not None
    assert against(ours.ratio, others.ratio).value == pytest.approx(1.0)
    assert verdict(ours, None) is Verdict.FELL
    assert verdict(ours, others) is not Verdict.FELL, "everything fell: the change did not do it"


def test_each_verdict_has_its_case() -> None:
    still = compare(weeks(200, 200, 200), weeks(198, 201, 199))
    assert verdict(compare(weeks(40, 41, 39), weeks(17, 16, 18)), still) is Verdict.FELL
    assert verdict(compare(weeks(200, 200, 200), weeks(199, 203, 200)), still) is Verdict.STAYED
    assert verdict(compare(weeks(10, 12, 11), weeks(9, 10, 8)), still) is Verdict.UNSURE
    assert verdict(compare(weeks(5, 5), weeks(1, 1)), still) is Verdict.UNSURE, "too few posts"
    assert verdict(None, still) is Verdict.UNSURE


def test_nothing_before_or_after_is_no_proof_of_a_fall_to_zero() -> None:
    assert compare([], weeks(1)) is None and compare(weeks(0, of=0), weeks(1)) is None
    none_after = compare(weeks(20, 20), weeks(0, 0))
    assert none_after is not None and none_after.ratio.value > 0
    assert none_after.after.rate == 0 and none_after.after.high == pytest.approx(3.0)
    silent = compare(weeks(0), weeks(0))
    assert silent is not None and silent.ratio.low == 0 and verdict(silent, None) is Verdict.UNSURE


@given(
    st.lists(st.integers(0, 60), min_size=4, max_size=13),
    st.lists(st.integers(0, 60), min_size=4, max_size=13),
)
def test_turned_round_it_is_the_inverse(before: list[int], after: list[int]) -> None:
    there, back = compare(weeks(*before), weeks(*after)), compare(weeks(*after), weeks(*before))
    assert there is not None and back is not None
    assert there.ratio.value * back.ratio.value == pytest.approx(1.0)
    assert there.ratio.low <= there.ratio.value <= there.ratio.high
    if 0 < there.ratio.low:
        assert there.ratio.low * back.ratio.high == pytest.approx(1.0)
