"""Themes: posts made from two vocabularies come apart again, the same way every time."""

import numpy as np
import pytest

from openroads.analysis.themes import (
    alike,
    coherence,
    factorised,
    matched,
    themes_of,
    vocabulary_of,
    weighed,
)


def posts_of(worlds: list[list[int]], each: int = 120, words: int = 5):  # type: ignore[no-untyped-def]
    dice = np.random.default_rng(4)
    rows = [
        sorted(dice.choice(world, words, replace=False).tolist())
        for world in worlds
        for _n in range(each)
    ]
    dice.shuffle(rows)
    flat = np.array([term for row in rows for term in row], np.uint32)
    return flat, np.array([len(row) for row in rows], np.int64)


WINTER, SHOP = list(range(1, 13)), list(range(21, 33))


def test_two_vocabularies_become_two_themes() -> None:
    found, read = themes_of(*posts_of([WINTER, SHOP]), themes=2)
    assert read == 240
    assert sorted(theme.posts for theme in found) == [120, 120]
    sides = [{word for word, _weight in theme.words[:8]} for theme in found]
    assert any(side <= set(WINTER) for side in sides)
    assert any(side <= set(SHOP) for side in sides)
    assert all(theme.is_coherent for theme in found)


def test_the_same_posts_give_the_same_themes() -> None:
    assert themes_of(*posts_of([WINTER, SHOP])) == themes_of(*posts_of([WINTER, SHOP]))


def test_a_factorisation_brings_posts_nearer_than_where_it_began() -> None:
    from openroads.analysis.themes import begun, loaded

    terms, lengths = posts_of([WINTER, SHOP, list(range(41, 55))])
    table, _held = weighed(terms, lengths, vocabulary_of(terms, len(lengths)))
    errors = []
    for words in (begun(table, 3), factorised(table, 3)):
        loads = loaded(table.astype(float), words, rounds=100)
        errors.append(float(((table - loads @ words) ** 2).sum()))
    assert (factorised(table, 3) >= 0).all()
    assert errors[1] < errors[0]


def test_words_everybody_or_nearly_nobody_uses_tell_nothing() -> None:
    flat = np.array([1] * 100 + [2] * 24 + [3] * 5 + [4] * 24, np.uint32)
    assert vocabulary_of(flat, 100).tolist() == [2, 4]
    assert vocabulary_of(flat, 100, frozenset({4})).tolist() == [2]


def test_coherence_by_hand() -> None:
    held = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1], [0, 0, 1]], bool)
    assert coherence(held, [0, 1]) == pytest.approx(1)  # ln(.5/.25) / -ln .5
    assert coherence(held, [0, 2]) == -1
    assert coherence(held, [0, 1, 2]) == pytest.approx(-1 / 3)


def test_too_few_posts_have_no_themes() -> None:
    assert themes_of(*posts_of([WINTER], each=10)) == ([], 0)


def test_a_theme_goes_on_from_the_one_most_alike_and_each_only_once() -> None:
    assert alike({1: 3.0, 2: 4.0}, {1: 3.0, 2: 4.0}) == pytest.approx(1)
    assert alike({1: 1.0}, {1: 1.0, 2: 1.0}) == pytest.approx(0.7071, abs=1e-4)
    now = [{1: 1.0, 2: 1.0}, {1: 1.0}, {9: 1.0}]
    assert matched(now, [{5: 1.0}, {1: 1.0, 2: 0.9}]) == [1, None, None]
