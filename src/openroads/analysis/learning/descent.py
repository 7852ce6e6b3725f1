"""Finds the minimum of a smooth convex function by L-BFGS, always in the same steps."""

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Point = NDArray[np.float64]

REMEMBERED = 8
"""Earlier steps from which the curvature is estimated (Liu and Nocedal 1989 advise 3 to 7)."""

ENOUGH_LESS = 1e-4
"""The share of the promised decrease a step must bring (Armijo)."""


def product(one: Point, other: Point) -> float:
    """The inner product, without BLAS: that one splits long vectors over the cores, so that the last
    digits depend on the machine and a busy one waits for its threads."""
    return float(np.einsum("i,i->", one, other))


def minimise(
    of: Callable[[Point], tuple[float, Point]],
    start: Point,
    *,
    most: int = 200,
    tolerance: float = 1e-5,
) -> Point:
    """The point at which `of` (value and slope) is least.

    Stops when a step lowers the value by less than `tolerance` of it, or after `most` steps.
    Limited-memory BFGS with backtracking (Nocedal and Wright, Numerical Optimization, alg. 7.5).
    """
    point = start
    value, slope = of(point)
    moves: deque[tuple[Point, Point]] = deque(maxlen=REMEMBERED)
    for _ in range(most):
        direction = -_bent(slope, moves)
        promised = product(slope, direction)
        step = 1.0
        while True:
            there = point + step * direction
            its_value, its_slope = of(there)
            if its_value <= value + ENOUGH_LESS * step * promised or step < 1e-8:
                break
            step /= 2.0
        if its_value >= value:
            break
        if product(there - point, its_slope - slope) > 1e-12:
            moves.append((there - point, its_slope - slope))
        small = value - its_value < tolerance * max(1.0, abs(value))
        point, value, slope = there, its_value, its_slope
        if small:
            break
    return point


def _bent(slope: Point, moves: deque[tuple[Point, Point]]) -> Point:
    """The slope times the estimated inverse of the curvature."""
    if not moves:
        return np.asarray(slope / max(1.0, product(slope, slope) ** 0.5))
    bent = slope.copy()
    shares = []
    for move, change in reversed(moves):
        share = product(move, bent) / product(move, change)
        shares.append(share)
        bent -= share * change
    move, change = moves[-1]
    bent *= product(move, change) / product(change, change)
    for (move, change), share in zip(moves, reversed(shares), strict=True):
        bent += move * (share - product(change, bent) / product(move, change))
    return bent
