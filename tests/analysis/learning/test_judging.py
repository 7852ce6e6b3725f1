"""Judging models and people: who takes over, how far people agree, how right the analyser is."""

import numpy as np
import pytest

from openroads.analysis.learning.agreement import alpha, by_post
from openroads.analysis.learning.report import Judged, report
from openroads.analysis.learning.scores import confusion, macro_f1
from openroads.analysis.learning.switching import compare, next_size, size_due

CLASSES = ("negative", "neutral", "positive")


def answers(*runs):
    """answers((0, 3), (2, 1)) is 0 0 0 2."""
    return np.concatenate([np.full(times, value, np.int8) for value, times in runs])


def test_macro_f1_is_the_mean_over_the_classes():
    table = np.array([[8, 2, 0], [1, 5, 4], [0, 0, 10]], float)
    expected = np.mean([2 * 8 / (10 + 9), 2 * 5 / (10 + 7), 2 * 10 / (10 + 14)])
    assert float(macro_f1(table)) == pytest.approx(expected)
    assert float(macro_f1(np.array([[4.0, 0, 0], [0, 4, 0], [0, 0, 0]]))) == 1
    assert np.isnan(macro_f1(np.zeros((3, 3))))
    truth, told = answers((0, 3), (1, 1)), answers((0, 2), (1, 2))
    assert confusion(truth, told, 2).tolist() == [[2, 1], [0, 1]]
    assert confusion(truth, told, 2, np.array([1, 1, 3, 2.0])).tolist() == [[2, 3], [0, 2]]


@pytest.mark.parametrize(
    ("labels", "tested", "due"),
    [
        (199, (), None), (200, (), 200), (399, (), 200), (399, (200,), None), (400, (200,), 400),
        (1700, (), 1600), (1700, (200, 400), 1600), (1700, (1600,), None), (3200, (1600,), 3200),
    ],
)  # fmt: skip
def test_models_are_tested_at_fixed_sizes_once(labels, tested, due):
    assert size_due(labels, tested) == due


def test_the_next_size_doubles():
    assert [next_size(tested) for tested in ((), (200,), (400, 200), (1600,))] == [
        200,
        400,
        800,
        3200,
    ]


def better_model(size, seed=1, skill=0.75):
    """The truth, a model right in half of the cases, and one right in `skill` of them."""
    dice = np.random.default_rng(seed)
    truth = dice.integers(0, 3, size).astype(np.int8)
    guess = dice.integers(0, 3, (2, size)).astype(np.int8)
    old = np.where(dice.random(size) < 0.5, truth, guess[0])
    new = np.where(dice.random(size) < skill, truth, guess[1])
    return truth, old.astype(np.int8), new.astype(np.int8)


def test_a_model_that_is_clearly_better_takes_over():
    verdict = compare(*better_model(300), 3)
    assert verdict.switches
    assert verdict.low > 0
    assert verdict.low < verdict.gain < verdict.high
    assert verdict.new_table.sum() == verdict.labels == 300


def test_the_bounds_are_those_of_redrawing_the_labels():
    """Against a plain bootstrap written out, with other draws."""
    truth, old, new = better_model(300, skill=0.6)
    verdict, dice, gains = compare(truth, old, new, 3), np.random.default_rng(9), []
    for _ in range(3000):
        drawn = dice.integers(0, 300, 300)
        scores = [
            np.mean([2 * ((truth == k) & (told == k))[drawn].sum() / ((truth == k)[drawn].sum() + (told == k)[drawn].sum()) for k in range(3)])
            for told in (old, new)
        ]  # fmt: skip
        gains.append(scores[1] - scores[0])
    assert verdict.low == pytest.approx(np.quantile(gains, 0.05), abs=0.006)
    assert verdict.high == pytest.approx(np.quantile(gains, 0.95), abs=0.006)


def test_too_few_labels_or_too_few_of_a_class_never_switch():
    assert compare(*better_model(199), 3).why == "too_few_labels"
    truth, old, new = better_model(300)
    rare = np.where((truth == 2) & (np.cumsum(truth == 2) > 9), 0, truth).astype(np.int8)
    assert compare(rare, old, rare, 3).why == "too_few_of_a_class"
    assert compare(truth[:0], old[:0], new[:0], 3).why == "too_few_labels"


def test_more_right_answers_by_telling_the_largest_class_do_not_count():
    """240 of 300 posts are negative: always saying so is right in 80%, and worth nothing."""
    truth = answers((0, 240), (1, 30), (2, 30))
    old = np.concatenate(
        [answers((0, 150), (1, 45), (2, 45)), answers((1, 25), (0, 5)), answers((2, 25), (0, 5))]
    )
    new = answers((0, 300))
    assert (new == truth).mean() > (old == truth).mean()
    verdict = compare(truth, old, new, 3)
    assert not verdict.switches
    assert verdict.gain < 0


def test_models_that_are_equally_good_hardly_ever_switch():
    switched = 0
    for seed in range(60):
        truth, old, _ = better_model(200, seed)
        _, _, new = better_model(200, seed, skill=0.5)
        switched += compare(truth, old, new, 3).switches
    assert switched <= 6, "5% are expected; 7 of 60 would happen once in thirty times"


def test_weights_count_as_so_many_posts():
    truth, old, new = better_model(240)
    once = compare(
        np.concatenate([truth, truth[:60]]),
        np.concatenate([old, old[:60]]),
        np.concatenate([new, new[:60]]),
        3,
    )
    weighted = compare(truth, old, new, 3, weights=np.where(np.arange(240) < 60, 2.0, 1.0))
    assert (weighted.old, weighted.new) == pytest.approx((once.old, once.new))


# Krippendorff 2011, example C: four observers, twelve units, values missing.
OBSERVERS = ("1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 .")  # fmt: skip
UNITS = [
    [value for value in unit if value != "."]
    for unit in zip(*(row.split() for row in OBSERVERS), strict=True)
]


@pytest.mark.parametrize(("scale", "expected"), [("nominal", 0.743), ("ordinal", 0.815)])
def test_alpha_is_that_of_krippendorffs_example(scale, expected):
    found = alpha(UNITS, "12345", scale)
    assert found.alpha == pytest.approx(expected, abs=5e-4)
    assert (found.units, found.values) == (11, 40)
    assert found.low < found.alpha < found.high <= 1


def test_alpha_of_two_observers_and_two_values():
    """His example A: ten units, told 0100000000 and 1110010010: .095."""
    units = list(zip("0100000000", "1110010010", strict=True))
    assert alpha(units, "01").alpha == pytest.approx(0.095, abs=5e-4)


def test_alpha_knows_its_ends():
    assert alpha([["a", "a"], ["b", "b"]], "ab").alpha == 1
    assert alpha([["a", "b"], ["b", "a"]], "ab").alpha < 0
    assert np.isnan(alpha([["a", "a"], ["a", "a"]], "ab").alpha)
    assert alpha([["a"], []], "ab").units == 0
    assert alpha([], []).units == 0
    mixed_ends = alpha([["a", "c"], ["a", "a"], ["b", "b"], ["c", "c"]], "abc", "ordinal").alpha
    mixed_neighbours = alpha(
        [["a", "b"], ["a", "a"], ["b", "b"], ["c", "c"]], "abc", "ordinal"
    ).alpha
    assert mixed_ends < mixed_neighbours


def test_the_last_label_of_a_person_on_a_post_counts():
    labels = [(7, 1, "a"), (8, 1, "b"), (7, 2, "b"), (7, 1, "b")]
    assert by_post(labels) == [["b", "b"], ["b"]]


TRUTH = ["negative"] * 10 + ["neutral"] * 5 + ["positive"] * 5
TOLD = (
    ["negative"] * 8
    + ["neutral"] * 2
    + ["neutral"] * 4
    + ["positive"]
    + ["positive"] * 3
    + ["negative", "unknown"]
)
LANGUAGE = ["en"] * 12 + ["nl"] * 8
SOURCE = [4] * 6 + [9] * 14


def test_the_report_counts_as_a_person_would():
    found = report(Judged(TRUTH, TOLD, LANGUAGE, SOURCE, [1] * 20), CLASSES)
    whole = found.overall
    assert (whole.n, whole.effective) == (20, pytest.approx(20))
    assert whole.table.tolist() == [[8, 2, 0, 0], [0, 4, 1, 0], [1, 0, 3, 1]]
    assert float(whole.accuracy.value) == pytest.approx(15 / 20)
    # Wilson, 15 of 20 (Newcombe 1998, method 3).
    assert (float(whole.accuracy.low), float(whole.accuracy.high)) == pytest.approx(
        (0.5313, 0.8881), abs=1e-3
    )
    negative, neutral, positive = whole.classes
    assert [float(one.precision.value) for one in whole.classes] == pytest.approx(
        [8 / 9, 4 / 6, 3 / 4]
    )
    assert [float(one.recall.value) for one in (negative, neutral, positive)] == pytest.approx(
        [0.8, 0.8, 0.6]
    )
    assert [one.labels for one in whole.classes] == [10, 5, 5]
    expected = np.mean([2 * 8 / 19, 2 * 4 / 11, 2 * 3 / 9])
    assert float(whole.macro_f1.value) == pytest.approx(expected)
    assert whole.macro_f1.low < whole.macro_f1.value < whole.macro_f1.high
    assert [(name, one.n) for name, one in found.languages] == [("en", 12), ("nl", 8)]
    assert [(name, one.n) for name, one in found.sources] == [(9, 14), (4, 6)]
    assert float(found.sources[1][1].accuracy.value) == 1


def test_labels_that_stand_for_more_posts_count_for_more_and_widen_the_interval():
    weights = [9.0] * 10 + [1.0] * 10
    plain = report(Judged(TRUTH, TOLD, LANGUAGE, SOURCE, [1] * 20), CLASSES).overall
    heavy = report(Judged(TRUTH, TOLD, LANGUAGE, SOURCE, weights), CLASSES).overall
    assert float(heavy.accuracy.value) == pytest.approx((9 * 8 + 7) / 100)
    assert heavy.effective == pytest.approx(100**2 / (10 * 81 + 10))
    assert heavy.accuracy.high - heavy.accuracy.low > plain.accuracy.high - plain.accuracy.low
    assert heavy.shares.sum() == pytest.approx(1)
    assert heavy.table.tolist() == plain.table.tolist()
    tenfold = report(Judged(TRUTH, TOLD, LANGUAGE, SOURCE, [10] * 20), CLASSES).overall
    assert tenfold.effective == pytest.approx(20), "equal weights are no more labels"


def test_nothing_labelled_gives_no_figure():
    found = report(Judged([], [], [], [], []), CLASSES)
    assert found.overall.n == 0
    assert np.isnan(found.overall.accuracy.value)
    assert (found.overall.accuracy.low, found.overall.accuracy.high) == (0, 1)
    assert np.isnan(found.overall.macro_f1.value)
    assert found.languages == found.sources == ()


def test_labels_that_are_no_class_are_refused():
    with pytest.raises(ValueError, match="meh"):
        report(Judged(["meh"], ["negative"], ["en"], [1], [1.0]), CLASSES)
    with pytest.raises(ValueError, match="Every label"):
        report(Judged(["negative"], [], ["en"], [1], [1.0]), CLASSES)
