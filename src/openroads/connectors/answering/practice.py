"""Practising: answers go through everything and reach nobody, for learning the inbox and for the demo company."""

from datetime import UTC, datetime
from typing import ClassVar

from openroads.archive.networks import LABELS
from openroads.connectors.answering.port import Answering, Draft, Limits, Receipt
from openroads.connectors.port import Field
from openroads.connectors.sentences import say

PREFIX = "practice:"


class AnsweringPractice(Answering):
    """Takes every answer and shows it to nobody. Its receipts say so, in their id."""

    kind: ClassVar[str] = "practice"
    label: ClassVar[str] = say("Practice: nothing leaves the house")
    fields: ClassVar[tuple[Field, ...]] = ()
    networks: ClassVar[tuple[str, ...]] = tuple(LABELS)
    limits: ClassVar[Limits] = Limits(500, True, True, True)
    asks: ClassVar[str] = say("Nothing. People outside see none of these answers.")

    def publish(self, draft: Draft) -> Receipt:
        """Nobody outside sees it; the receipt begins with `practice:`."""
        return Receipt(f"{PREFIX}{draft.key}", "", datetime.now(UTC))

    def find(self, draft: Draft) -> Receipt | None:
        """It never left, so it may always be done again."""
        return None

    def check(self) -> str:
        return "practice"
