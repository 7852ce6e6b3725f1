"""Where the words of the word axis stand: across by how sure, size by how often, no two of them
touching.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from openroads.charts.fonts import text_width

AIR = 5.0
"""Empty px on either side of a word. Words are drawn with `textLength`, so another serif than the
one measured here (the reader's own) is set to the same width and the proof that nothing touches
holds.
"""
LINE = 1.16
"""Height of a word's box in its own size: ascender to descender and a little air."""
LEAST_HEIGHT = 24.0
"""Nothing to press is lower than this (WCAG 2.2, 2.5.8)."""
BAND_SHARE = 0.16
"""Part of each side that the band of no visible difference takes."""
ROUND = (1, 2, 4, 5, 10, 20, 25, 50, 100, 200, 500)


@dataclass(frozen=True, slots=True)
class AxisWord:
    """A word to lay out: `place` on the axis (negative = left), `rate` says how big, any unit."""

    key: str
    text: str
    place: float
    rate: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in px."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: "Box") -> bool:
        """Whether the two share any area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word with its place in px: `x` its middle, `baseline`, its font `size`, measured `width`,
    and its own box.
    """

    word: AxisWord
    x: float
    baseline: float
    size: float
    width: float
    box: Box


@dataclass(frozen=True, slots=True)
class AxisScale:
    """From places to px: `middle` is place 0, a side is `half` px wide.

    Within the `band` (no difference to be seen) both sides share one scale of fixed width. Beyond
    it each side reaches as far as its own surest word: the side with more to go on is always the
    surer one, and on one scale its words would press those of the other against the band. Where
    one word is far surer than most of its side, distance beyond the band grows as a square root.
    The ticks keep all of this honest.
    """

    middle: float
    half: float
    band: float
    reach: tuple[float, float]
    """How far the left and the right side reach, as distances from 0."""
    root: tuple[bool, bool] = (False, False)

    def x(self, place: float) -> float:
        """The px at which a place stands."""
        side, inner = int(place > 0), self.half * BAND_SHARE
        distance = abs(place)
        if distance <= self.band:
            px = inner * distance / self.band
        else:
            part = min((distance - self.band) / (self.reach[side] - self.band), 1.0)
            px = inner + (self.half - inner) * (part**0.5 if self.root[side] else part)
        return self.middle + math.copysign(px, place)

    def ticks(self) -> tuple[float, ...]:
        """Round places, 0 among them, at most three a side, apart enough to be read."""
        left = tuple(-tick for tick in reversed(self._ticks(0)))
        return (*left, 0.0, *self._ticks(1))

    def _ticks(self, side: int) -> tuple[float, ...]:
        reach, least = self.reach[side], math.ceil(self.band) + 1
        if self.root[side]:
            round_places = (n for n in ROUND if least <= n <= reach)
            chosen = list(round_places)[::-1][::2][:3][::-1]
            return tuple(map(float, chosen))
        step = next((s for s in ROUND if (reach - self.band) / s <= 3.2), 1000)
        first = math.ceil(least / step) * step
        return tuple(float(n) for n in range(first, int(reach) + 1, step))[:3]


@dataclass(frozen=True, slots=True)
class Layout:
    """The words placed, from left to right, those for which there was no room, and the scale they
    stand on.
    """

    placed: tuple[PlacedWord, ...]
    left_out: tuple[AxisWord, ...]
    scale: AxisScale


def sized(
    words: Sequence[AxisWord], smallest: float, largest: float, top: float
) -> list[tuple[AxisWord, float]]:
    """Each word with its font size in px: areas grow with the rate, `largest` from `top` on."""
    return [
        (word, min(max(largest * math.sqrt(word.rate / top), smallest), largest)) for word in words
    ]


def _scale(measured: Sequence[tuple[AxisWord, float, float]], frame: Box, band: float) -> AxisScale:
    """A scale on which every word stands whole inside the frame at its true place."""
    middle, half = (frame.left + frame.right) / 2, (frame.right - frame.left) / 2
    left = _reach([each for each in measured if each[0].place < -band], half, band)
    right = _reach([each for each in measured if each[0].place > band], half, band)
    return AxisScale(middle, half, band, (left[0], right[0]), (left[1], right[1]))


def _reach(
    words: Sequence[tuple[AxisWord, float, float]], half: float, band: float
) -> tuple[float, bool]:
    """How far one side must reach, and whether by the root."""
    beyond = sorted(abs(word.place) - band for word, _, _ in words)
    root = bool(beyond) and beyond[len(beyond) // 2] < 0.2 * beyond[-1]
    outer = half * (1 - BAND_SHARE)
    reach = band * 2
    for word, _, width in words:
        free = max((outer - width / 2) / outer, 0.2)
        reach = max(reach, band + (abs(word.place) - band) / (free**2 if root else free))
    return reach, root


def lay_out(
    words: Sequence[AxisWord],
    frame: Box,
    *,
    smallest: float = 13.0,
    largest: float = 39.0,
    top_rate: float = 0.0,
    least_height: float = LEAST_HEIGHT,
    band: float = 3.3,
) -> Layout:
    """Places for the words inside `frame`, the same on every run and machine.

    Largest first, each as near to the middle height as the words already there let it. The place
    across is never changed; a word that finds no height is left out (the lists below carry it),
    smallest ones first by nature.
    """
    measured = []
    top_rate = top_rate or max((word.rate for word in words), default=0.0) or 1.0
    for word, size in sized(words, smallest, largest, top_rate):
        width = text_width(word.text, size)
        most = (frame.right - frame.left) * 0.7 / (width + 2 * AIR)
        if most < 1:
            size, width = size * most, width * most
        measured.append((word, size, width + 2 * AIR))
    measured.sort(key=lambda item: (-item[1], item[0].key))
    scale = _scale(measured, frame, band)
    placed: list[PlacedWord] = []
    left_out = []
    for word, size, width in measured:
        x = scale.x(word.place)
        x = min(max(x, frame.left + width / 2), frame.right - width / 2)
        height = max(size * LINE, least_height)
        top = _free_height(x - width / 2, x + width / 2, height, [p.box for p in placed], frame)
        if top is None:
            left_out.append(word)
            continue
        box = Box(x - width / 2, top, x + width / 2, top + height)
        # The optical middle of lower-case letters lies about 0.3 of the size above the baseline.
        baseline = top + height / 2 + 0.29 * size
        placed.append(PlacedWord(word, x, baseline, size, text_width(word.text, size), box))
    placed.sort(key=lambda p: (p.x, p.baseline))
    return Layout(tuple(placed), tuple(left_out), scale)


def _free_height(
    left: float, right: float, height: float, taken: Sequence[Box], frame: Box
) -> float | None:
    """The top nearest to the middle at which a box of this width and height touches nothing; None =
    no room.

    Only the edges of boxes that overlap across can be the nearest free place, so these are all that
    is tried.
    """
    beside = [box for box in taken if box.left < right and left < box.right]
    wanted = (frame.top + frame.bottom - height) / 2
    tries = [wanted]
    for box in beside:
        tries += (box.top - height, box.bottom)
    tries.sort(key=lambda top: (abs(top - wanted), top))
    for top in tries:
        if top < frame.top or top + height > frame.bottom:
            continue
        if all(top >= box.bottom or top + height <= box.top for box in beside):
            return top
    return None
