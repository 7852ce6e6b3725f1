"""Copies and near-copies are found, and different posts are left apart."""

import random

import numpy as np

from openroads.analysis.duplicates import hash64
from openroads.analysis.pipeline import Analyser

ANALYSER = Analyser()


def key(text: str) -> int:
    return int(ANALYSER.analyse([text]).same_key[0])


def banded(texts: list[str]) -> np.ndarray:
    return ANALYSER.analyse(texts).bands


def test_the_same_text_in_other_clothes_shares_its_key():
    plain = key("@windmee mijn accu is leeg https://t.co/abc")
    assert plain == key("@Windmee   Mijn accu is LEEG!!! https://t.co/xyz")
    assert plain == key("RT @daan: @iemand mijn accu is leeg http://a.b")
    assert plain != key("@windmee mijn accu is vol https://t.co/abc")
    assert key("😡") != key("😍")


def test_an_empty_text_has_no_key():
    assert key("") == key("...") == 0


def test_hashes_do_not_change_between_processes_and_machines():
    assert hash64("accu") == 15733780149037576112


def test_short_texts_have_no_bands():
    assert not banded(["a b c", "", "accu leeg"]).any()
    assert banded(["mijn accu is leeg"]).all()


def test_bands_do_not_depend_on_the_neighbours():
    one = "mijn accu is alweer leeg na tien kilometer"
    assert (banded(["x y z w", one, "dit is iets heel anders dus"])[1] == banded([one])[0]).all()


def test_planted_near_copies_are_found_and_others_are_not():
    """1,500 made-up posts of 20 words with Zipf frequencies, each with a copy in which words were
    replaced.

    Similarity is the Jaccard share of word triples. Measured when written: found .99 of the copies
    above .8, .84 at .7 to .8, .54 at .6 to .7, .12 at .4 to .5; of the pairs found 1.00 share at
    least .3 and .98 at least .5.
    """
    chance = random.Random(7)
    vocabulary = [f"woord{number}" for number in range(3000)]
    weights = [1 / (rank + 10) for rank in range(3000)]
    posts = [chance.choices(vocabulary, weights, k=20) for _ in range(1500)]
    copies = []
    for post in posts:
        copy = list(post)
        for _ in range(chance.randint(0, 3)):
            copy[chance.randrange(20)] = chance.choice(vocabulary)
        copies.append(copy)
    everything = [" ".join(words) for words in posts + copies]
    found = _pairs(banded(everything))
    likeness = {
        (place, place + 1500): _jaccard(posts[place], copies[place]) for place in range(1500)
    }
    near = [pair for pair, share in likeness.items() if share >= 0.8]
    assert sum(pair in found for pair in near) / len(near) >= 0.95
    middle = [pair for pair, share in likeness.items() if 0.6 <= share < 0.7]
    assert len(middle) > 100
    assert 0.4 <= sum(pair in found for pair in middle) / len(middle) <= 0.9
    words = posts + copies
    alike = [_jaccard(words[one], words[other]) >= 0.3 for one, other in found]
    assert sum(alike) / len(alike) >= 0.98


def _pairs(table: np.ndarray) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for column in table.T:
        groups: dict[int, list[int]] = {}
        for row, value in enumerate(column.tolist()):
            if value:
                groups.setdefault(value, []).append(row)
        for rows in groups.values():
            found.update((a, b) for at, a in enumerate(rows) for b in rows[at + 1 :])
    return found


def _jaccard(one: list[str], other: list[str]) -> float:
    a, b = ({tuple(words[i : i + 3]) for i in range(len(words) - 2)} for words in (one, other))
    return len(a & b) / len(a | b)
