"""Themes of a month's posts by non-negative matrix factorisation: a reading aid, made by counting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Figures = NDArray[np.float64]

THEMES = 10
VOCABULARY = 800
"""Words a month's themes are made of: those in most posts that say something (see `vocabulary_of`)."""
LEAST_POSTS = 20
MOST_SHARE = 0.25
"""Words in fewer posts, or in more than this share of them, tell no themes apart."""
BATCH = 1024
ROUNDS = 8
TOLD = 8
"""Words a theme is told by."""
COHERENT = 0.05
"""Mean NPMI of the first words below which a theme is hidden."""
ALIKE = 0.4
"""Cosine from which a theme goes on from one of the month before."""

_SMALL = 1e-10


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme: its words by weight, the posts it is strongest in, and how surely its first words
    stand together (mean NPMI, -1..1)."""

    words: tuple[tuple[int, float], ...]
    posts: int
    coherence: float

    @property
    def is_coherent(self) -> bool:
        return self.coherence >= COHERENT


def vocabulary_of(
    terms: NDArray[np.uint32], documents: int, leave_out: frozenset[int] = frozenset()
) -> Ids:
    """The words themes are made of, in ascending order: in at least `LEAST_POSTS` posts and at most
    `MOST_SHARE` of them, the most used first, no name."""
    ids, uses = np.unique(terms, return_counts=True)
    kept = (uses >= LEAST_POSTS) & (uses <= MOST_SHARE * documents)
    kept &= ~np.isin(ids, np.fromiter(leave_out, np.int64, len(leave_out)))
    ids, uses = ids[kept].astype(np.int64), uses[kept]
    return np.sort(ids[np.lexsort((ids, -uses))[:VOCABULARY]])


def weighed(
    terms: NDArray[np.uint32], lengths: Ids, vocabulary: Ids
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Posts by words as TF-IDF of length 1, ln((1 + n)/(1 + d)) + 1 for a word in d of n posts; and
    the same as yes or no. Posts without any of the words are left out."""
    held = np.zeros((len(lengths), len(vocabulary)), np.bool_)
    owner = np.repeat(np.arange(len(lengths)), lengths)
    place = np.minimum(np.searchsorted(vocabulary, terms), max(len(vocabulary) - 1, 0))
    known = vocabulary[place] == terms
    held[owner[known], place[known]] = True
    held = held[held.any(axis=1)]
    idf = np.log((1 + len(held)) / (1 + held.sum(axis=0))) + 1
    table = (held * idf).astype(np.float32)
    norms = np.sqrt((table**2).sum(axis=1, keepdims=True))
    return table / np.maximum(norms, 1e-9), held


def factorised(
    table: NDArray[np.float32], themes: int = THEMES, *, rounds: int = ROUNDS
) -> Figures:
    """Themes by words, W >= 0, with posts close to H W for some H >= 0 (Lee and Seung 1999).

    In small batches, as sums of H'H and H'X gone through by coordinate descent (HALS; Cichocki and
    Phan 2009; online after Mairal and others 2010). It begins from the singular vectors (NNDSVDa;
    Boutsidis and Gallopoulos 2008), so the same posts give the same themes.
    """
    themes = min(themes, *table.shape)
    words = begun(table, themes)
    for _round in range(rounds):
        inner = np.zeros((themes, themes))
        outer = np.zeros((themes, table.shape[1]))
        for start in range(0, len(table), BATCH):
            batch = table[start : start + BATCH].astype(np.float64)
            loads = loaded(batch, words)
            inner += loads.T @ loads
            outer += loads.T @ batch
        for k in range(themes):
            step = (outer[k] - inner[k] @ words) / max(inner[k, k], _SMALL)
            words[k] = np.maximum(words[k] + step, 0.0)
    return words


def begun(table: NDArray[np.float32], themes: int) -> Figures:
    """Where a factorisation begins: the stronger side of each leading singular pair."""
    values, vectors = np.linalg.eigh((table.T @ table).astype(np.float64))
    mean = float(table.mean())
    words = np.empty((themes, table.shape[1]))
    for k in range(themes):
        right = vectors[:, -1 - k]
        size = float(np.sqrt(max(values[-1 - k], 0.0)))
        left = (table @ right.astype(np.float32)).astype(np.float64) / max(size, _SMALL)
        sides = []
        for sign in (1.0, -1.0):
            up, down = np.maximum(sign * right, 0), np.maximum(sign * left, 0)
            sides.append((float(np.linalg.norm(up) * np.linalg.norm(down)), up))
        weight, side = max(sides, key=lambda each: each[0])
        length = max(float(np.linalg.norm(side)), _SMALL)
        words[k] = np.sqrt(size * weight) * side / length
    words[words < _SMALL] = mean / 100
    return words


def loaded(batch: Figures, words: Figures, *, rounds: int = 12) -> Figures:
    """How much of each theme each post holds, for themes that stand (HALS on one side)."""
    gram, wanted = words @ words.T, batch @ words.T
    loads = np.maximum(wanted / np.maximum(np.diag(gram), _SMALL), 0.0) / len(words)
    for _round in range(rounds):
        for k in range(len(words)):
            step = (wanted[:, k] - loads @ gram[:, k]) / max(gram[k, k], _SMALL)
            loads[:, k] = np.maximum(loads[:, k] + step, 0.0)
    return np.asarray(loads)


def coherence(held: NDArray[np.bool_], places: Sequence[int]) -> float:
    """Mean NPMI of every two of some words over posts (Bouma 2009): ln(p12/(p1 p2)) / -ln p12; two
    words that never meet count -1."""
    chosen = held[:, list(places)].astype(np.float64)
    n = float(len(chosen))
    if n == 0 or len(places) < 2:
        return -1.0
    both, one = chosen.T @ chosen / n, chosen.mean(axis=0)
    found = []
    for a in range(len(places)):
        for b in range(a + 1, len(places)):
            p = both[a, b]
            if p <= 0:
                found.append(-1.0)
            elif p >= 1:
                found.append(1.0)
            else:
                found.append(float(np.log(p / (one[a] * one[b])) / -np.log(p)))
    return float(np.mean(found))


def themes_of(
    terms: NDArray[np.uint32],
    lengths: Ids,
    *,
    leave_out: frozenset[int] = frozenset(),
    themes: int = THEMES,
) -> tuple[list[Theme], int]:
    """The themes of some posts, the largest first, and how many posts they were made from; none from
    too few posts or words."""
    vocabulary = vocabulary_of(terms, len(lengths), leave_out)
    if len(vocabulary) < 2 * themes:
        return [], 0
    table, held = weighed(terms, lengths, vocabulary)
    words = factorised(table, themes)
    strongest = np.concatenate(
        [
            loaded(table[start : start + BATCH].astype(np.float64), words).argmax(axis=1)
            for start in range(0, len(table), BATCH)
        ]
    )
    posts = np.bincount(strongest, minlength=len(words))
    found = []
    for k in range(len(words)):
        order = np.lexsort((vocabulary, -words[k]))[:KEPT]
        pairs = [(int(vocabulary[p]), float(words[k][p])) for p in order if words[k][p] > _SMALL]
        sure = coherence(held, [int(p) for p in order[:TOLD]])
        found.append(Theme(tuple(pairs), int(posts[k]), sure))
    return sorted(found, key=lambda theme: -theme.posts), len(table)


KEPT = 40
"""Words of a theme that are kept: by these it is known again a month later."""


def alike(first: Mapping[int, float], second: Mapping[int, float]) -> float:
    """Cosine of two themes by their words."""
    shared = sum(weight * second[word] for word, weight in first.items() if word in second)
    lengths = [np.sqrt(sum(weight**2 for weight in each.values())) for each in (first, second)]
    return float(shared / (lengths[0] * lengths[1])) if all(lengths) else 0.0


def matched(
    now: Sequence[Mapping[int, float]], before: Sequence[Mapping[int, float]]
) -> list[int | None]:
    """For each theme the place of the one it goes on from, surest pairs first; each only once."""
    pairs = [
        (alike(one, other), n, m) for n, one in enumerate(now) for m, other in enumerate(before)
    ]
    found: list[int | None] = [None] * len(now)
    taken: set[int] = set()
    for sure, n, m in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if sure < ALIKE:
            break
        if found[n] is None and m not in taken:
            found[n] = m
            taken.add(m)
    return found
