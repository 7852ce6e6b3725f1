"""One word or two: "service" and "service aan" say the same thing twice, and only one of them may
stand in a list.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

NEARLY_ALL = 0.8
"""A pair that carries this share of a word's documents replaces the word."""
HARDLY_ANY = 0.25
"""A pair that carries less than this share of its rarer word adds nothing to that word."""


def longer_words_only(
    keys: Sequence[str],
    docs: NDArray[np.int64],
    shown: NDArray[np.bool_],
    theirs: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Which terms stay once words and pairs of words are settled, shape (terms,).

    `docs` are the documents on the side that says the term more, `theirs` tells which side that is:
    only terms of one side speak to each other. Pairs are keys of two words joined by a space.
    """
    stays = np.ones(len(keys), dtype=np.bool_)
    places = {keys[place]: place for place in np.flatnonzero(shown).tolist()}
    for key, place in places.items():
        words = [places[word] for word in key.split(" ") if word in places] if " " in key else []
        same = [word for word in words if theirs[word] == theirs[place]]
        if not same:
            continue
        if docs[place] < HARDLY_ANY * min(docs[word] for word in same):
            stays[place] = False
            continue
        for word in same:
            if docs[place] >= NEARLY_ALL * docs[word]:
                stays[word] = False
    return stays
