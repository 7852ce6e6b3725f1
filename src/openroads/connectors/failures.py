"""The ways in which asking somebody else fails, and the one in which nobody knows whether a deed was done."""

from typing import Final

from openroads.connectors.sentences import Said, Sentence, say

_NO_ANSWER: Final[Sentence] = say("The other side did not answer.")


class TryLater(Said):
    """It did not work now and may work later: a time-out, a busy server, a passing limit.

    `after` is the number of seconds the other side asked us to wait, None when it did not say.
    `why` is a sentence a person can read.
    """

    def __init__(self, why: str = _NO_ANSWER, after: float | None = None):
        super().__init__(why)
        self.after = after


class Refused(Said):
    """It will not work, however often we try; `why` is a sentence saying what a person can do."""


class Unsure(Said):
    """It may have been done and it may not: the line broke after the sending had begun. Only deeds fail
    so (`Guarded.do`); whoever meets it looks before doing it again. `why` is a sentence."""
