"""The log of a case becomes times that a hand that reads it gets too; what does not count says why."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroads.analysis import cycles
from openroads.analysis.cycles import Cycle, Happening, Measured, cycles_of, figure, length, times
from openroads.analysis.worktime import WorkCalendar, working

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)  # 9:00 in Amsterdam
NINE_TO_FIVE = WorkCalendar("Europe/Amsterdam", (((540, 1020),),) * 5 + ((), ()))
WE, THEY, RULE, HOUSE = "human", "customer", "rule", "house"


def log(*lines: tuple[float, str, str], cycle: int = 1, team: int = 1) -> list[Happening]:
    """A log: minutes after Monday nine o'clock, what happened, by whom. "replied 7" is message 7, "closed
    spam" an ending."""
    found = []
    for minutes, said, actor in lines:
        type, _space, more = said.partition(" ")
        found.append(
            Happening(
                1, cycle, type, MONDAY + timedelta(minutes=minutes), actor, team,
                message=int(more) if more.isdigit() else None,
                ending="" if more.isdigit() else more,
            )
        )  # fmt: skip
    return found


def the_cycle(*lines: tuple[float, str, str]) -> Cycle:
    [found] = cycles_of(log(*lines))
    return found


def minutes(span: cycles.Span) -> float:
    return length(span) / timedelta(minutes=1)


def test_a_question_an_answer_and_the_end() -> None:
    found = the_cycle(
        (0, "opened", HOUSE), (0, "came_in", THEY), (12, "claimed", WE), (30, "replied 1", WE),
        (30, "closed answered", WE),
    )  # fmt: skip
    assert (minutes(found.first), minutes(found.resolution), found.nexts) == (30, 30, ())
    assert all(span.counts for span in found.spans)


def test_what_a_rule_or_the_house_sends_is_no_answer_of_a_person() -> None:
    found = the_cycle(
        (0, "came_in", THEY), (0, "replied 1", RULE), (1, "replied 2", HOUSE), (45, "replied 3", WE)
    )
    assert minutes(found.first) == 45


def test_several_words_in_a_row_wait_once_from_the_first() -> None:
    found = the_cycle(
        (0, "came_in", THEY), (5, "came_in", THEY), (20, "replied 1", WE),
        (60, "came_in", THEY), (70, "came_in", THEY), (90, "replied 2", WE), (91, "replied 3", WE),
        (200, "came_in", THEY), (203, "replied 4", WE),
    )  # fmt: skip
    assert minutes(found.first) == 20
    assert [minutes(span) for span in found.nexts] == [30, 3]


def test_a_word_of_thanks_ends_the_wait_without_an_answer() -> None:
    found = the_cycle(
        (0, "came_in", THEY), (10, "replied 1", WE), (60, "came_in", THEY), (600, "thanks", WE),
        (700, "closed answered", WE),
    )  # fmt: skip
    [thanked] = found.nexts
    assert (thanked.excluded, thanked.counts, thanked.is_open) == (cycles.THANKS, False, False)


def test_before_the_first_answer_thanks_only_moves_where_the_wait_begins() -> None:
    found = the_cycle(
        (0, "came_in", THEY), (5, "thanks", WE), (100, "came_in", THEY), (130, "replied 1", WE)
    )
    assert minutes(found.first) == 30
    only = the_cycle((0, "came_in", THEY), (5, "thanks", WE))
    assert only.first.excluded == cycles.THANKS


def test_an_answer_that_was_taken_back_or_failed_is_none() -> None:
    taken = the_cycle(
        (0, "came_in", THEY),
        (10, "replied 1", WE),
        (10.2, "took_back 1", WE),
        (25, "replied 2", WE),
    )
    assert minutes(taken.first) == 25
    failed = the_cycle(
        (0, "came_in", THEY), (10, "replied 1", WE), (12, "waits", WE), (15, "failed 1", HOUSE)
    )
    assert failed.first.is_open and failed.first.until is None
    again = the_cycle(
        (0, "came_in", THEY), (10, "replied 1", WE), (15, "failed 1", HOUSE), (40, "replied 1", WE)
    )
    assert minutes(again.first) == 40
    # Another answer is not touched by it.
    other = the_cycle(
        (0, "came_in", THEY), (10, "replied 1", WE), (20, "replied 2", WE), (21, "took_back 2", WE)
    )
    assert minutes(other.first) == 10


def test_where_we_wrote_first_there_is_no_first_response_but_there_are_next_ones() -> None:
    found = the_cycle(
        (0, "opened", WE), (1, "replied 1", WE), (50, "came_in", THEY), (65, "replied 2", WE)
    )
    assert found.first.excluded == cycles.WE_WROTE_FIRST
    assert [minutes(span) for span in found.nexts] == [15]


def test_who_waits_still_is_open_and_never_left_out() -> None:
    found = the_cycle((0, "opened", HOUSE), (0, "came_in", THEY), (9, "noted", WE))
    assert found.first.is_open and found.resolution.is_open
    assert length(found.first, now=MONDAY + timedelta(hours=2)) == timedelta(hours=2)
    with pytest.raises(ValueError, match="only at a moment"):
        length(found.first)


@pytest.mark.parametrize(
    ("ending", "why", "resolution"),
    [
        ("spam", cycles.SPAM, cycles.SPAM),
        ("merged", cycles.MERGED, cycles.MERGED),
        ("no_answer", cycles.NEEDS_NO_ANSWER, cycles.NEEDS_NO_ANSWER),
        ("quiet", cycles.CLOSED_UNANSWERED, ""),
        ("answered", cycles.CLOSED_UNANSWERED, ""),
    ],
)
def test_what_was_closed_unanswered_says_why(ending: str, why: str, resolution: str) -> None:
    found = the_cycle((0, "came_in", THEY), (30, f"closed {ending}", WE))
    assert (found.first.excluded, found.resolution.excluded) == (why, resolution)


def test_waiting_for_them_is_taken_off_and_snoozing_is_not() -> None:
    found = the_cycle(
        (0, "opened", HOUSE), (0, "came_in", THEY), (20, "replied 1", WE), (20, "waits", WE),
        (120, "came_in", THEY), (130, "snoozed", WE), (430, "woke", HOUSE),
        (440, "replied 2", WE), (440, "waits", WE), (500, "closed quiet", HOUSE),
    )  # fmt: skip
    assert minutes(found.resolution) == 20 + (440 - 120)


def test_open_ones_that_wait_for_them_stand_still() -> None:
    found = the_cycle((0, "came_in", THEY), (20, "replied 1", WE), (20, "waits", WE))
    assert found.resolution.paused_since == MONDAY + timedelta(minutes=20)
    assert length(found.resolution, now=MONDAY + timedelta(days=3)) == timedelta(minutes=20)


def test_a_word_after_the_end_begins_a_cycle_of_its_own() -> None:
    """Chatwoot reported 5 days and 10 minutes for this; it took ten minutes, twice."""
    five_days = 5 * 24 * 60
    found = cycles_of(
        log((0, "opened", HOUSE), (0, "came_in", THEY), (10, "replied 1", WE), (10, "closed answered", WE))
        + log(
            (five_days, "reopened", HOUSE), (five_days, "came_in", THEY),
            (five_days + 10, "replied 2", WE), (five_days + 10, "closed answered", WE), cycle=2,
        )
    )  # fmt: skip
    assert [minutes(one.first) for one in found] == [10, 10]
    assert [minutes(one.resolution) for one in found] == [10, 10]


def test_opened_again_by_a_colleague_nobody_waited() -> None:
    [_first, second] = cycles_of(
        log((0, "came_in", THEY), (9, "replied 1", WE), (9, "closed answered", WE))
        + log((60, "reopened", WE), (90, "closed answered", WE), cycle=2)
    )
    assert second.first.excluded == cycles.NO_WORD
    assert minutes(second.resolution) == 30


def test_who_closes_what_waits_says_so_by_the_ending() -> None:
    """Closing writes down that their words need no answer: the same moment, one reason."""
    found = the_cycle((0, "came_in", THEY), (30, "thanks", WE), (30, "closed spam", WE))
    assert found.first.excluded == cycles.SPAM
    none = the_cycle((0, "came_in", THEY), (30, "thanks", WE), (30, "closed no_answer", WE))
    assert none.first.excluded == cycles.NEEDS_NO_ANSWER


def test_needing_no_answer_is_waiting_for_them_too() -> None:
    found = the_cycle(
        (0, "came_in", THEY), (10, "replied 1", WE), (10, "waits", WE), (60, "came_in", THEY),
        (65, "thanks", WE), (500, "closed quiet", HOUSE),
    )  # fmt: skip
    assert minutes(found.resolution) == 10 + 5


def test_an_answer_taken_back_opens_what_was_closed_with_it() -> None:
    found = the_cycle(
        (0, "came_in", THEY), (10, "replied 1", WE), (10, "closed answered", WE),
        (10.2, "took_back 1", WE), (40, "replied 2", WE), (40, "closed answered", WE),
    )  # fmt: skip
    assert (minutes(found.first), minutes(found.resolution)) == (40, 40)
    undone = the_cycle(
        (0, "came_in", THEY),
        (10, "replied 1", WE),
        (10, "closed answered", WE),
        (11, "failed 1", HOUSE),
    )
    assert undone.first.is_open and undone.resolution.is_open


def test_an_answer_may_fail_when_the_next_cycle_has_begun() -> None:
    first, second = cycles_of(
        log((0, "came_in", THEY), (10, "replied 1", WE), (10, "closed answered", WE))
        + log((20, "reopened", THEY), (20, "came_in", THEY), (25, "failed 1", HOUSE), cycle=2)
    )
    assert first.first.excluded == cycles.CLOSED_UNANSWERED
    assert second.first.is_open


def test_an_answer_seen_at_the_network_answers_what_was_known_before_it() -> None:
    """Given there at 9:05, before we had collected the question at 9:10: it waited no time here."""
    found = the_cycle((10, "came_in", THEY), (5, "replied 1", WE))
    assert found.first.counts and minutes(found.first) == 0


def test_the_team_is_the_one_that_answered() -> None:
    early = log((0, "came_in", THEY), team=1)
    late = log((60, "handed", WE), (70, "replied 1", WE), team=2)
    [found] = cycles_of(early + late)
    assert (found.first.team, found.resolution.team) == (2, 2)


def test_both_clocks_by_hand() -> None:
    """Asked Monday at 16:30 in Amsterdam, answered Tuesday at 9:15: 45 minutes of work."""
    found = the_cycle((450, "came_in", THEY), (24 * 60 + 15, "replied 1", WE))
    assert length(found.first) == timedelta(hours=16, minutes=45)
    assert length(found.first, lambda a, b: working(NINE_TO_FIVE, a, b)) == timedelta(minutes=45)


def test_quantiles_are_of_type_seven() -> None:
    found = times([timedelta(seconds=n) for n in range(1, 11)])
    assert (found.n, found.median, found.p90) == (10, 5.5, pytest.approx(9.1))
    assert times([]) == cycles.Times(0, None, None)


def test_a_figure_shows_what_it_counts_and_what_it_leaves_out() -> None:
    spans = [
        span
        for n, lines in enumerate([
            ((0, "came_in", THEY), (10, "replied 1", WE)),
            ((0, "came_in", THEY), (30, "replied 1", WE)),
            ((0, "came_in", THEY), (50, "replied 1", WE)),
            ((0, "came_in", THEY),),
            ((0, "came_in", THEY), (5, "closed spam", WE)),
            ((0, "replied 1", WE),),
        ])
        for cycle in cycles_of([Happening(n, *_rest(one)) for one in log(*lines)])
        for span in cycle.spans
    ]  # fmt: skip
    promised = [timedelta(minutes=30), timedelta(minutes=30), None]
    measured = [
        Measured(span, length(span), length(span), promise)
        for span, promise in zip(
            [s for s in spans if s.kind == "first" and s.counts], promised, strict=True
        )
    ]
    found = figure("first", measured, spans)
    assert (found.n, found.wall.median, found.wall.p90) == (3, 1800, 2760)
    assert (found.within.hits, found.within.n, found.within.value) == (2, 2, 1.0)
    assert found.within.low == pytest.approx(0.3424, abs=1e-4)
    assert (found.still_open, found.excluded) == (1, {"spam": 1, "we_wrote_first": 1})


def _rest(one: Happening) -> tuple[int, str, datetime, str, int | None, int | None, str]:
    return one.cycle, one.type, one.at, one.actor, one.team, one.message, one.ending


# ------------------------------------------------------------------------------------ properties
for_long = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
steps = st.lists(
    st.tuples(
        st.integers(1, 3000),
        st.sampled_from(
            ["came_in", "came_in", "replied", "waits", "thanks", "snoozed", "woke", "took_back",
             "failed", "noted", "handed", "close", "ruled"]
        ),
        st.sampled_from([WE, WE, RULE, HOUSE]),
    ),
    max_size=25,
)  # fmt: skip


def told(drawn: list[tuple[int, str, str]], bots: bool = True) -> list[Happening]:
    """A log that could be: what comes after the end opens the case again."""
    found, at, cycle, closed, message = (
        [Happening(1, 1, "opened", MONDAY, HOUSE)],
        MONDAY,
        1,
        False,
        0,
    )
    for wait, type, actor in drawn:
        at += timedelta(minutes=wait)
        if closed:
            cycle, closed = cycle + 1, False
            found.append(Happening(1, cycle, "reopened", at, HOUSE))
        if type == "close":
            closed = True
            found.append(Happening(1, cycle, "closed", at, WE, ending="answered"))
            continue
        by = THEY if type == "came_in" else actor
        message += type == "replied"
        if bots or type != "replied" or by == WE:
            found.append(Happening(1, cycle, type, at, by, message=message))
    return found


@for_long
@given(steps)
def test_cycles_follow_each_other_and_hold_their_waits(drawn) -> None:  # type: ignore[no-untyped-def]
    found = cycles_of(told(drawn))
    for one, following in zip(found, found[1:], strict=False):
        assert one.closed_at is not None and one.closed_at <= following.opened_at
    for one in found:
        waits = [span for span in (one.first, *one.nexts) if span.counts]
        for span, following in zip(waits, waits[1:], strict=False):
            assert span.until <= following.since
        total = sum((length(span) for span in waits), timedelta())
        if one.closed_at is not None:
            assert total <= one.closed_at - one.opened_at
            assert not any(span.is_open for span in one.spans)
            assert timedelta() <= length(one.resolution) <= one.closed_at - one.opened_at
    assert sum(one.resolution.is_open for one in found) <= 1


@for_long
@given(steps)
def test_what_bots_send_changes_no_time(drawn) -> None:  # type: ignore[no-untyped-def]
    """Answers of rules and of the house could as well not have been."""
    assert cycles_of(told(drawn)) == cycles_of(told(drawn, bots=False))


@for_long
@given(steps, st.integers(1, 6))
def test_a_case_opened_again_leaves_its_earlier_cycles_as_they_were(drawn, keep) -> None:  # type: ignore[no-untyped-def]
    """But for an answer of theirs that fails, or is taken back, only then: it leaves them unanswered."""
    before, after = drawn[: keep * 4], drawn[keep * 4 :]
    kept = [step for step in after if step[1] not in ("took_back", "failed")]
    whole, part = cycles_of(told(before + kept)), cycles_of(told(before))
    over = [one for one in part if one.closed_at is not None]
    assert whole[: len(over)] == over


@for_long
@given(steps)
def test_the_clock_at_the_wall_is_never_the_shorter_one(drawn) -> None:  # type: ignore[no-untyped-def]
    for one in cycles_of(told(drawn)):
        for span in one.spans:
            if span.counts:
                office = length(span, lambda a, b: working(NINE_TO_FIVE, a, b))
                assert timedelta() <= office <= length(span)
