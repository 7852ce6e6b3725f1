"""Documents per term agree with counting them one by one."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from openroads.analysis.gap_counts import TermCounts
from openroads.analysis.term_docs import TermDocs

TERMS = st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 9), max_size=60)
PARTS = st.lists(st.tuples(st.integers(0, 9), st.integers(-3, 2**31 - 1) | st.integers(-3, 3)), max_size=60)  # fmt: skip


def as_dict(docs: TermDocs) -> dict[int, int]:
    assert docs.ids.tolist() == sorted(set(docs.ids.tolist()))
    return dict(zip(docs.ids.tolist(), docs.docs.tolist(), strict=True))


@given(TERMS)
def test_uses_are_counted(terms: list[int]) -> None:
    found = TermDocs.of_uses(np.array(terms, np.uint32))
    assert as_dict(found) == Counter(terms)
    assert found.of(np.array([0, 5, 2**32 - 1], np.int64)).tolist() == [
        terms.count(term) for term in (0, 5, 2**32 - 1)
    ]


@given(PARTS, PARTS)
def test_parts_are_added_up_and_nothing_is_left_out(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    blocks = [
        (np.array([term for term, _ in part], np.uint32), np.array([n for _, n in part], np.int32))
        for part in (first, second)
    ]
    expected: Counter[int] = Counter()
    for term, n in first + second:
        expected[term] += n
    assert as_dict(TermDocs.of_parts(blocks)) == {t: n for t, n in expected.items() if n}


def test_the_rare_are_left_out_and_estimates_are_scaled() -> None:
    docs = TermDocs.of_uses(np.array([4, 4, 7, 9, 9, 9], np.uint32))
    assert as_dict(docs.at_least(2)) == {4: 2, 9: 3}
    assert as_dict(docs.at_least(2).times(8)) == {4: 16, 9: 24}
    assert len(TermDocs.of_parts([])) == len(TermDocs.of_uses(np.empty(0, np.uint32))) == 0


def test_terms_counted_anew_stand_in_their_place() -> None:
    counts = TermCounts(np.array([2, 5, 8]), np.array([16, 24, 8]), np.array([1, 2, 3]))
    exact = counts.counted(np.array([5, 6, 8]), they=np.array([21, 9, 0]))
    assert exact.they_docs.tolist() == [16, 21, 0]
    assert exact.we_docs.tolist() == counts.we_docs.tolist() == [1, 2, 3]
    empty = counts.of(np.zeros(3, np.bool_))
    assert len(empty.counted(np.array([5]), they=np.array([1]))) == 0
