"""Reads NEAR: what may stand on its two sides, and how far apart."""

import re
from dataclasses import dataclass

from openroads.analysis.query.faults import Limits, Report
from openroads.analysis.query.lexing import ORDERED, Piece
from openroads.analysis.query.syntax import Near, Node, Not, Or, Phrase, Run, Word
from openroads.analysis.sentences import say

_NOTS = re.compile(r"^(?:(?:NOT|NIET)\s+)+")


@dataclass(frozen=True, slots=True)
class Read:
    """A part of a query that was read, from where to where. Its node is None when a fault stands in
    its place: then nothing more is said about it."""

    node: Node | None
    start: int
    end: int
    bracketed: bool = False


def near(
    left: Read, operator: Piece, right: Read, text: str, report: Report, limits: Limits
) -> Near | None:
    """Both sides joined; None (and a fault, unless there is one already) when that cannot be."""
    between = _distance(operator, report, limits.distance)
    sides = []
    for side in (left, right):
        if isinstance(side.node, Not):
            _refuse_not(left, operator, right, side, text, report)
        sides.append(_runs(side, operator, report))
    if between is None or not all(sides):
        return None
    return Near(sides[0], sides[1], between, ORDERED[operator.name])


def _distance(operator: Piece, report: Report, most: int) -> int | None:
    digits = operator.value.isascii() and operator.value.isdigit()
    number = int(operator.value[:9]) if digits else -1
    if 0 <= number <= most:
        return number
    fix = f"{operator.name}/{most if number > most else 5}"
    if digits:
        text = say("At most {most} words can stand between.", most=most)
    else:
        text = say("Say how many words may stand between, such as {example}.", example=fix)
    report.fault("odd_distance", operator.start, operator.end, text, fix)
    return None


def _runs(side: Read, operator: Piece, report: Report) -> tuple[Run, ...]:
    """The words and phrases on one side; none (and a fault) when there is more."""
    node = side.node
    if node is None or isinstance(node, Not):
        return ()
    if isinstance(node, Word | Phrase):
        return (node,)
    if isinstance(node, Or):
        runs = tuple(part for part in node.parts if isinstance(part, Word | Phrase))
        if len(runs) == len(node.parts):
            return runs
    if isinstance(node, Near):
        report.fault(
            "near_chain", operator.start, operator.end,
            say("NEAR joins two. Write (a NEAR/5 b) AND (b NEAR/5 c)."),
        )  # fmt: skip
    else:
        report.fault(
            "near_operand", side.start, side.end,
            say("NEAR joins words, phrases, or words with OR between them in parentheses."),
        )  # fmt: skip
    return ()


def _refuse_not(
    left: Read, operator: Piece, right: Read, side: Read, text: str, report: Report
) -> None:
    begin = _NOTS.sub("", text[left.start : left.end])
    whole = f"NOT ({begin} {operator.text} {text[right.start : right.end]})"
    report.fault(
        "near_not", left.start, right.end,
        say("NEAR needs words to look for. Put NOT before the whole, in parentheses."),
        whole if side is left else "",
    )  # fmt: skip
