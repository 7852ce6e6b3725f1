"""Which text answers a question best: BM25 over weighted fields, in pure figures."""

import math
from collections.abc import Iterable, Mapping

K1 = 1.2
"""How soon more of the same word stops counting."""
B = 0.75
"""How far a long text is held against its length: 0 not at all, 1 wholly."""


def rarity(texts: int, holding: int) -> float:
    """How much a word tells that stands in `holding` of `texts` texts: ln(1 + (N - n + 0.5) / (n + 0.5)).

    The weight of Robertson and Sparck Jones (1976) with one added within the logarithm, as Lucene has
    it, so that a word in more than half of the texts still counts a little and never against them.
    """
    if not 0 <= holding <= texts:
        raise ValueError(f"{holding} of {texts} texts cannot hold a word.")
    return math.log(1.0 + (texts - holding + 0.5) / (holding + 0.5))


def bm25(
    asked: Iterable[str],
    found: Mapping[str, float],
    *,
    length: float,
    usual: float,
    texts: int,
    holding: Mapping[str, int],
    k1: float = K1,
    b: float = B,
) -> float:
    """How well a text fits the words asked for (Robertson and Zaragoza 2009, The Probabilistic Relevance
    Framework: BM25 and Beyond, Foundations and Trends in Information Retrieval 3:333, formula 3.15).

    `found` is how often each word stands in the text; `length` its words, `usual` the mean of all
    `texts` texts, `holding` in how many of them each word stands. Where a word in a title counts more, its
    count is weighted before it comes here, and the length with it (BM25F; Robertson, Zaragoza and
    Taylor 2004). A word asked twice counts once. Zero when nothing asked for stands in it.
    """
    slack = k1 * ((1.0 - b) + b * (length / usual if usual > 0 else 1.0))
    score = 0.0
    for word in set(asked):
        times = found.get(word, 0.0)
        if times > 0:
            score += rarity(texts, holding[word]) * times * (k1 + 1.0) / (times + slack)
    return score
