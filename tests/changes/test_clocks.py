"""The clocks: days per step, open ones counted, per department and by quarter."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from openroads.changes import clocks
from openroads.changes.actions import changing
from openroads.changes.actions import insights as actions
from openroads.changes.clocks import Clock, Thread
from openroads.charts import before_after as chart
from openroads.charts import clock_bars
from tests.changes.changing import begun, decided, live
from tests.changes.test_insights import opened

TODAY = date(2026, 11, 24)


def test_each_stretch_is_counted_from_its_own_beginning() -> None:
    story = Thread(1, date(2026, 4, 21), date(2026, 3, 3), date(2026, 5, 6), True, date(2026, 8, 14), date(2026, 8, 20))  # fmt: skip
    spans = {clock: story.span(clock, TODAY) for clock in Clock}
    assert spans == {
        Clock.INSIGHT: (49, True), Clock.DECISION: (15, True), Clock.LIVE: (100, True),
        Clock.TOLD: (6, True), Clock.WHOLE: (164, True),
    }  # fmt: skip


def test_what_is_open_counts_until_today_and_what_was_stopped_until_its_day() -> None:
    waits = Thread(1, TODAY - timedelta(days=8))
    assert waits.span(Clock.DECISION, TODAY) == (8, False)
    assert waits.span(Clock.INSIGHT, TODAY) is None, "the first post is unknown"
    assert waits.span(Clock.WHOLE, TODAY) is None, "no change yet"
    stopped = Thread(1, TODAY - timedelta(days=90), None, TODAY - timedelta(days=80), True, ended_on=TODAY - timedelta(days=30))  # fmt: skip
    assert stopped.span(Clock.LIVE, TODAY) == (50, False)


@given(st.lists(st.tuples(st.integers(0, 300), st.booleans()), max_size=30))
def test_half_of_all_is_never_quicker_than_the_ended_ones_alone(
    rows: list[tuple[int, bool]],
) -> None:
    threads = [
        Thread(1, TODAY - timedelta(days=n), decided_on=TODAY if done else None) for n, done in rows
    ]
    told = clocks.durations_of(threads, Clock.DECISION, TODAY)
    assert (told.n, told.open) == (len(rows), sum(not done for _n, done in rows))
    ended = clocks.durations_of([t for t in threads if t.decided_on], Clock.DECISION, TODAY)
    if told.median.value is not None:
        assert ended.median.value is not None and told.median.value >= ended.median.value


@pytest.mark.django_db
def test_the_house_is_timed_without_what_was_withdrawn(
    sanne: Any, tom: Any, product: Any, service: Any, signed_in: Any
) -> None:
    live(tom, begun(sanne, tom, product), timezone.localdate() - timedelta(days=10))
    changing.stop(by=tom, change=begun(sanne, tom, product), why="x")
    opened(sanne, service)
    actions.withdraw_insight(by=sanne, insight=opened(sanne, product), why="x")
    decided(tom, opened(sanne, product), "no")
    found = clocks.threads()
    assert len(found) == 4 and sum(one.is_change for one in found) == 2
    every = clocks.all_clocks(found, timezone.localdate())
    assert (every[Clock.DECISION].n, every[Clock.DECISION].open) == (4, 1)
    assert (every[Clock.LIVE].n, every[Clock.LIVE].open) == (2, 1)
    page = signed_in(sanne).get("/changes/clocks/").content.decode()
    assert "Product" in page and "Service" in page and "quarter of" in page


def test_drawings_hold_no_style_and_every_word_once() -> None:
    stretches = [
        chart.Stretch(2, 6, 41, 36, 47, ("41 before", "36 to 47, 220 posts")),
        chart.Stretch(6, 10, 17, 14, 21, ("17 after", "14 to 21, 104 posts")),
    ]
    days = [chart.Day(5.8, "decision"), chart.Day(6, "live"), chart.Day(6.2, "told <back>")]
    svg = chart.before_after([40.0, None, 38.5, 44, 41, 39, 20, 17, 16, 15], stretches, days, chart.Texts("It fell"))  # fmt: skip
    assert svg.count("41 before") == svg.count("17 after") == 1 and "style=" not in svg
    assert "told &lt;back&gt;" in svg or "told" not in svg
    assert svg.count("<circle") == 9 + 3
    alone = chart.before_after([40.0] * 10, [], [chart.Day(9.6, "told back")], chart.Texts("Early"))
    assert 'text-anchor="end"' in alone, "words turn round where the drawing ends"
    texts = clock_bars.WholeTexts("164 days", "half of all: 152", "target 180")
    whole = clock_bars.whole_bar(164, 152, 118, 201, 180, texts)
    assert "half of all: 152" in whole and "target 180" in whole
    assert clock_bars.whole_bar(None, None, None, None, 180, texts).count("half of all") == 0
    assert "rect" not in clock_bars.step_bar(None, 13, 110)
