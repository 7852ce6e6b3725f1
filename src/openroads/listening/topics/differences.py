"""What changed between two versions of a query: word by word, so that a page can mark it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

_PIECE = re.compile(r'"[^"]*"|[()]|[^\s()"]+')


@dataclass(frozen=True)
class Piece:
    """A stretch of a query that stayed ("same"), went ("out") or came ("in")."""

    how: str
    text: str
    apart: bool = True
    """Whether a space follows."""


def pieces_of(text: str) -> list[str]:
    """Words, phrases, fields and parentheses in order."""
    return _PIECE.findall(text)


def differences(before: str, after: str) -> list[Piece]:
    """How to get from one query to the next: what stays, what goes, what comes, in order."""
    old, new = pieces_of(before), pieces_of(after)
    found: list[Piece] = []
    for how, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            found.append(Piece("same", joined(old[a:b])))
            continue
        if b > a:
            found.append(Piece("out", joined(old[a:b])))
        if d > c:
            found.append(Piece("in", joined(new[c:d])))
    following = [*(piece.text for piece in found[1:]), ""]
    return [
        replace(piece, apart=not (piece.text.endswith("(") or then.startswith(")")))
        for piece, then in zip(found, following, strict=True)
    ]


def joined(pieces: Sequence[str]) -> str:
    """Pieces as they are read: parentheses close to what they hold."""
    return " ".join(pieces).replace("( ", "(").replace(" )", ")")
