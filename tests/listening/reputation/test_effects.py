"""What becomes of a steering action: too early, too few, as hoped, the other way, moving, not proven."""

from datetime import date, timedelta

import pytest

from openroads.listening.reputation.effects import Effect, effect_of
from openroads.listening.reputation.reading import Tally

ON = date(2026, 6, 29)
WEEK = timedelta(days=7)
FIRST, LAST = ON - 9 * WEEK, ON + 5 * WEEK


def measured(aimed: list[int], rest: list[int], hope: str = "more", **more: date) -> Effect:
    """Posts a week over the eight weeks before and the four after, all on the week's first day."""

    def ask(since: date, until: date) -> tuple[dict[date, Tally], dict[date, Tally]]:
        days = [ON + WEEK * (n - 8) for n in range(12)]
        sides = [
            {
                day: Tally(n, n // 2, 0, 0)
                for day, n in zip(days, side, strict=True)
                if since <= day < until
            }
            for side in (aimed, rest)
        ]
        return sides[0], sides[1]

    days = {"first": FIRST, "last": LAST} | more
    return effect_of(ON, hope, first=days["first"], last=days["last"], ask=ask)  # fmt: skip


EVEN, REST = [20] * 8, [100] * 12


def test_more_where_more_was_hoped_for() -> None:
    effect = measured([*EVEN, 40, 42, 38, 40], REST)
    assert effect.verdict == "worked"
    assert effect.change is not None
    # (160.5 x 400.5)/(80.5 x 400.5) - 1
    assert float(effect.change.effect.value) == pytest.approx(160.5 / 80.5 - 1)
    assert [tally.posts for tally in effect.aimed] == [80, 160]
    assert [tally.posts for tally in effect.rest] == [400, 400]


def test_the_same_where_less_was_hoped_for() -> None:
    assert measured([*EVEN, 40, 42, 38, 40], REST, "less").verdict == "against"


def test_what_went_on_in_the_rest_as_well_is_not_proven() -> None:
    assert measured([*EVEN, 40, 42, 38, 40], [*[100] * 8, *[200] * 4]).verdict == "unproven"


def test_what_was_moving_already_is_not_put_down_to_the_action() -> None:
    effect = measured([*[10] * 4, *[20] * 4, *[40] * 4], REST)
    assert effect.verdict == "moving"
    assert effect.trend is not None and effect.trend.is_proven


def test_four_whole_weeks_must_have_passed() -> None:
    effect = measured([*EVEN, *[40] * 4], REST, last=ON + timedelta(days=26))
    assert (effect.verdict, effect.measured_on, effect.change) == ("early", ON + 4 * WEEK, None)
    assert measured([*EVEN, *[40] * 4], REST, last=ON + timedelta(days=27)).verdict == "worked"


def test_nothing_is_said_of_few_posts_or_without_a_history() -> None:
    assert measured([*[2] * 8, *[9] * 4], REST).verdict == "few"
    assert measured([*EVEN, *[40] * 4], REST, first=ON - WEEK).verdict == "unknown"


def test_without_eight_weeks_of_history_there_is_no_trend_to_tell() -> None:
    effect = measured([*[10] * 4, *[20] * 4, *[40] * 4], REST, first=ON - 5 * WEEK)
    assert (effect.verdict, effect.trend) == ("worked", None)


def test_tone_is_in_points_and_needs_more_posts() -> None:
    same = measured([*EVEN, *[20] * 4], REST, "warmer")
    assert same.verdict == "unproven"
    assert same.change is not None and float(same.change.effect.value) == 0
    assert measured([*[4] * 8, *[4] * 4], REST, "warmer").verdict == "few"
