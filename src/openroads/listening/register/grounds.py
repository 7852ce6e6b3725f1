"""Why and on what ground a source is to be read, as it is said when a source begins."""

from dataclasses import dataclass

from openroads.directory.models import Person
from openroads.listening.models import Entry, Source


@dataclass(frozen=True)
class Grounds:
    """What goes into the register. `keep_months` None is as the house keeps, 0 for good. What nobody
    said stays empty: the register shows it as a hole."""

    basis: str = Entry.Basis.INTEREST
    interest: str = ""
    necessity: str = ""
    balance: str = ""
    owner: Person | None = None
    keep_months: int | None = None


NOTHING_SAID = Grounds()
"""A sensible basis and nothing else: what is brought in by a command, until somebody fills the holes."""


def enter(source: Source, grounds: Grounds | None, by: Person) -> Entry:
    """Enter a source that has just begun, in the transaction and with the trail of its beginning. Who
    begins it answers for it, unless somebody else is named; the house itself answers for nothing."""
    said = grounds or NOTHING_SAID
    if said.keep_months is not None:
        source.keep_months = said.keep_months
        source.save(update_fields=["keep_months"])
    entry, _made = Entry.objects.get_or_create(
        source=source,
        defaults={
            "basis": said.basis,
            "interest": said.interest,
            "necessity": said.necessity,
            "balance": said.balance,
            "owner": said.owner or (None if by.is_system else by),
        },
    )
    return entry
