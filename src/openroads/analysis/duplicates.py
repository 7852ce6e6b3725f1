"""Fingerprints that tell copies apart: one key for the same text, eight bands for texts that are
nearly the same.
"""

from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.tokens import is_emoji, is_link

BANDS = 8
ROWS = 5
"""Eight bands of five: two texts share a band half of the time at a Jaccard similarity of .61 of
their word triples.
"""

SHINGLE = 3
FEWEST_WORDS = 4

_SEED = np.random.default_rng(20110601)
_FACTORS = _SEED.integers(1, 2**63, BANDS * ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_MASKS = _SEED.integers(0, 2**63, BANDS * ROWS, dtype=np.uint64)
_FOLD = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)


def hash64(text: str) -> int:
    """A 64-bit hash, the same in every process and on every machine (Python's own is not)."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def trace(token: str) -> tuple[str, int]:
    """What one token adds to the key of its text, and its hash when near-copies share it (else
    0).
    """
    first = token[0]
    if first == "@":
        return "@", 0
    if first.isalnum():
        return ("://", 0) if is_link(token) else (token, hash64(token))
    if first == "#" and len(token) > 1:
        return token, hash64(token)
    if (first in ":;=<" and len(token) > 1) or is_emoji(token):
        return token, 0
    return "", 0


def passed_on(tokens: Sequence[str]) -> int:
    """How many tokens in front only say that this is a retweet by hand: "RT @somebody". They are no
    part of the fingerprints, so that it shares those of what it repeats.
    """
    return 2 if len(tokens) > 2 and tokens[0] == "rt" and tokens[1][0] == "@" else 0


def same_key(pieces: Iterable[str]) -> int:
    """The key of a text from what its tokens add: copies share it whatever their case, spacing,
    marks, links and mentions; 0 where nothing is left.
    """
    kept = " ".join(filter(None, pieces))
    return hash64(kept) if kept else 0


def bands(words: NDArray[np.uint64], lengths: NDArray[np.int64]) -> NDArray[np.uint64]:
    """MinHash bands for a batch, shape (texts, 8): two texts that share a value in any column are
    nearly the same.

    `words` holds the hashes of all words of all texts in order, `lengths` how many each text has.
    A row of zeros says that the text is too short to compare (fewer than four words). After
    Broder, "On the resemblance and containment of documents" (1997), with word triples and 40
    hash functions.
    """
    out = np.zeros((len(lengths), BANDS), np.uint64)
    long_enough = np.flatnonzero(lengths >= FEWEST_WORDS)
    if not len(long_enough):
        return out
    owner = np.repeat(np.arange(len(lengths)), lengths)
    inside = (owner[:-2] == owner[2:]) & (lengths[owner[:-2]] >= FEWEST_WORDS)
    mixed = _mix(words)
    triples = (mixed[:-2] * np.uint64(3) + mixed[1:-1] * np.uint64(5) + mixed[2:] * np.uint64(7))[
        inside
    ]
    triples = _mix(triples)
    counts = lengths[long_enough] - (SHINGLE - 1)
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    for band in range(BANDS):
        value = np.full(len(long_enough), band + 1, np.uint64)
        for row in range(band * ROWS, band * ROWS + ROWS):
            smallest = np.minimum.reduceat((triples ^ _MASKS[row]) * _FACTORS[row], starts)
            value = _mix(value * _FOLD + smallest)
        out[long_enough, band] = value | np.uint64(1)
    return out


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spreads every bit of each value over all others (the finaliser of SplitMix64, shortened)."""
    values = (values ^ (values >> _HALF)) * _FOLD
    mixed: NDArray[np.uint64] = values ^ (values >> _HALF)
    return mixed
