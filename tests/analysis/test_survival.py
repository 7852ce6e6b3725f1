"""The clock with open items: golden values of the leukaemia trial, and the plain quantile without any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.analysis.survival import durations, kaplan_meier, quantile

# Weeks of remission, Freireich et al. 1963 (Blood 21:699), as in Cox and Oakes 1984, table 1.1, and
# Kalbfleisch and Prentice 2002; a plus is censored.
SIX_MP = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


def read(told: str) -> tuple[list[float], list[bool]]:
    words = told.split()
    return [float(word.rstrip("+")) for word in words], [not word.endswith("+") for word in words]


def test_the_curve_of_the_treated_is_the_published_one() -> None:
    curve = kaplan_meier(*read(SIX_MP))
    assert (curve.n, curve.done, curve.open) == (21, 9, 12)
    assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert np.round(curve.lasting, 4).tolist() == [.8571, .8067, .7529, .6902, .6275, .5378, .4482]  # fmt: skip
    # R: survfit(conf.type = "log-log"), first and last row.
    assert np.round([curve.low[0], curve.high[0]], 3).tolist() == [0.620, 0.952]
    assert np.round([curve.low[-1], curve.high[-1]], 3).tolist() == [0.188, 0.680]


def test_medians_and_intervals_are_those_of_the_books() -> None:
    treated = quantile(kaplan_meier(*read(SIX_MP)), 0.5)
    assert (treated.value, treated.low, treated.high) == (23, 13, None)
    placebo = quantile(kaplan_meier(*read(PLACEBO)), 0.5)
    assert (placebo.value, placebo.low, placebo.high) == (8, 4, 11)


def test_where_the_curve_does_not_get_there_nobody_can_say() -> None:
    assert quantile(kaplan_meier(*read(SIX_MP)), 0.85).value is None
    told = durations([5.0, 9.0], [False, False])
    assert (told.median.value, told.n, told.open) == (None, 2, 2)
    nothing = durations([], [])
    assert (nothing.n, nothing.median.value, nothing.p85.value) == (0, None, None)


def test_what_is_no_duration_is_refused() -> None:
    for days, done in (([-1.0], [True]), ([1.0, 2.0], [True]), ([float("nan")], [True])):
        with pytest.raises(ValueError, match="ays"):
            kaplan_meier(days, done)
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile(kaplan_meier([1.0], [True]), 1.0)


@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=80),
    st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.85, 0.9]),
)
def test_without_open_items_it_is_the_empirical_quantile(days: list[int], part: float) -> None:
    found = quantile(kaplan_meier(days, [True] * len(days)), part)
    # The first value of which at least this part is not greater; exact, without floating sums.
    ordered = sorted(days)
    expected = next(d for place, d in enumerate(ordered, 1) if place * 100 >= round(part * 100) * len(days))  # fmt: skip
    assert found.value == expected
    assert found.low is None or found.low <= found.value
    assert found.high is None or found.high >= found.value


@given(st.lists(st.tuples(st.integers(0, 400), st.booleans()), min_size=1, max_size=60))
def test_open_items_never_make_it_look_quicker(rows: list[tuple[int, bool]]) -> None:
    days, done = [row[0] for row in rows], [row[1] for row in rows]
    flattering = durations(list(map(float, days)), [True] * len(days)).median.value
    told = durations([float(d) for d in days], done).median.value
    assert told is None or (flattering is not None and told >= flattering)
