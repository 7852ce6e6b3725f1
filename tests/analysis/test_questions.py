"""Questions grouped by two shared words."""

import numpy as np
import pytest

from openroads.analysis.questions import grouped, npmi, pair_counts

BATTERY, WINTER, LEASE, PRICE, BIKE = 1, 2, 3, 4, 5


def laid_out(documents: list[list[int]]):  # type: ignore[no-untyped-def]
    flat = np.array([term for row in documents for term in row], np.uint32)
    return flat, np.array([len(row) for row in documents], np.int64)


ASKED = (
    [[BATTERY, WINTER, BIKE]] * 5 + [[LEASE, PRICE]] * 4 + [[BIKE]] * 6 + [[BATTERY], [PRICE, BIKE]]
)


def test_npmi_is_nought_by_chance_one_together_minus_one_apart() -> None:
    assert npmi(25, 50, 50, 100) == pytest.approx(0)
    assert npmi(50, 50, 50, 100) == pytest.approx(1)
    assert npmi(0, 50, 50, 100) == -1


def test_each_question_is_in_one_group_by_the_words_it_shares() -> None:
    groups = grouped(*laid_out(ASKED))
    assert [(group.words, len(group.places)) for group in groups] == [
        ((BATTERY, WINTER), 5),
        ((LEASE, PRICE), 4),
    ]
    assert not set(groups[0].places.tolist()) & set(groups[1].places.tolist())


def test_names_make_no_group_and_two_questions_are_no_group() -> None:
    left = grouped(*laid_out(ASKED), leave_out=frozenset({WINTER, BIKE}))
    assert [group.words for group in left] == [(LEASE, PRICE)]
    assert grouped(*laid_out([[BATTERY, WINTER]] * 2)) == []
    assert grouped(*laid_out([])) == []


def test_pairs_are_counted_wherever_both_stand() -> None:
    assert pair_counts(*laid_out(ASKED), [(BATTERY, WINTER), (PRICE, BIKE), (LEASE, 99)]) == [
        5,
        1,
        0,
    ]
    assert pair_counts(*laid_out([]), [(1, 2)]) == [0]
