"""Whether an answer helped: who did not ask again within fourteen days of the closing, as a share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from openroads.analysis.intervals import wilson
from openroads.ui.formats import between, number, percent

WITHIN = timedelta(days=14)
FEW = 30
"""Settled uses under which no share is told."""


@dataclass(frozen=True, slots=True)
class Helped:
    """How often something was used, of how many of those it is known what came of it, and in how many
    nobody asked again."""

    used: int = 0
    settled: int = 0
    quiet: int = 0

    @property
    def share(self) -> float | None:
        """Of those known, the part in which nobody asked again; None when nothing is known."""
        return self.quiet / self.settled if self.settled else None

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of its 95% interval (Wilson 1927)."""
        found = wilson(self.quiet, self.settled)
        return float(found.low), float(found.high)

    @property
    def at_least(self) -> float:
        """The lower end: what may be counted on. 0 when nothing is known."""
        return self.ends[0]

    @property
    def said(self) -> str:
        """In words: "91%, 79% to 97%, n 41", or too few to say, with the counts."""
        if not self.settled:
            return (
                _("unknown: nothing is fourteen days old yet") if self.used else _("not used yet")
            )
        if self.settled < FEW:
            counts = {"quiet": number(self.quiet), "settled": number(self.settled)}
            return _("too few to say (%(quiet)s of %(settled)s)") % counts
        low, high = (100 * end for end in self.ends)
        return _("%(share)s, %(interval)s%%, n %(n)s") % {
            "share": percent(self.share), "interval": between(low, high), "n": number(self.settled)
        }  # fmt: skip


def helped_of(outcomes: Iterable[bool | None]) -> Helped:
    """Each use as "asked again", None where it is not known yet."""
    rows = list(outcomes)
    known = [again for again in rows if again is not None]
    return Helped(len(rows), len(known), sum(not again for again in known))
