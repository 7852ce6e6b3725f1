"""Difference in differences, with figures worked out by hand."""

import pytest

from openroads.analysis.intervals import net_sentiment
from openroads.analysis.steering import change_in_rate, change_in_tone, t_quantile

EVEN = [(10, 100)] * 4


def test_students_t_is_as_in_the_tables() -> None:
    assert t_quantile(0.95, 6) == pytest.approx(2.4469, abs=0.002)
    assert t_quantile(0.95, 10) == pytest.approx(2.2281, abs=0.0002)
    assert t_quantile(0.95, 1e9) == pytest.approx(1.95996, abs=1e-5)


def test_twice_as_many_while_the_rest_stays() -> None:
    change = change_in_rate(EVEN, [(20, 100)] * 4)
    # (80.5 x 400.5)/(40.5 x 400.5) = 1.98765; se = sqrt(1/80.5 + 1/40.5 + 2/400.5) = .20520; t(6) = 2.4469.
    assert float(change.effect.value) == pytest.approx(0.98765, abs=1e-5)
    assert float(change.effect.low) == pytest.approx(0.2030, abs=2e-3)
    assert float(change.effect.high) == pytest.approx(2.2840, abs=4e-3)
    assert change.is_proven


def test_what_moves_everything_is_not_put_down_to_us() -> None:
    change = change_in_rate(EVEN, [(20, 200)] * 4)
    assert float(change.effect.value) == pytest.approx(80.5 / 40.5 / (800.5 / 400.5) - 1)
    assert not change.is_proven


def test_weeks_that_swing_widen_the_interval() -> None:
    wild = [(2, 100), (38, 100), (2, 100), (38, 100)]
    change = change_in_rate(EVEN, wild)
    assert change.spread > 5
    assert not change.is_proven


def test_change_of_tone_beyond_the_rest() -> None:
    sides = [
        net_sentiment(*told)
        for told in ((40, 60, 200), (90, 30, 200), (50, 50, 400), (50, 50, 400))
    ]
    change = change_in_tone(*sides)
    # -10 became +30 while the rest stayed at 0.
    assert float(change.effect.value) == pytest.approx(40)
    assert change.is_proven
    nothing = change_in_tone(sides[0], sides[1], sides[0], sides[1])
    assert float(nothing.effect.value) == 0
    assert not nothing.is_proven
