"""How long something may be silent before that is unusual for it, from its own past silences."""

from collections.abc import Sequence
from itertools import pairwise

FEWEST = 20
"""Silences that must be known: of fewer nothing is said."""
MOST = 200
"""Only so many of the last count, so that what a source is now is what counts."""
TIMES = 2.0


def usual_silence(moments: Sequence[float]) -> float | None:
    """The longest silence that is still usual: twice the longest of the last 200 gaps between two
    moments; None for fewer than 20 gaps. Any order and unit; equal moments are one.

    Why: of n past gaps and the present one, any is as likely to be the longest when they are
    exchangeable, so one longer than all n before comes with a chance of 1 in n + 1 whatever their
    distribution (nights and weekends included, as far as they are among the n). That is once in 201
    gaps, too often for a source that brings many a day; the factor two asks for a silence that is
    not only the longest, but far longer.
    """
    newest = sorted(set(moments), reverse=True)[: MOST + 1]
    gaps = [later - earlier for later, earlier in pairwise(newest)]
    return TIMES * max(gaps) if len(gaps) >= FEWEST else None
