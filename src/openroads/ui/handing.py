"""The shape of what a page says about handing something over to another room.

Rooms on one landing do not know each other. `openroads.web.handing` knows what each takes and gives, and its
context processor hands every page `handed_on`: a function of room and id. A page shows it with
`{% handed_on "webcare" case.pk %}` and asks nothing until then.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """A label, and a path of this house."""

    label: str
    url: str


@dataclass(frozen=True)
class HandedOn:
    """What became of a thing elsewhere, and what could be made of it, for the person who looks."""

    became: Sequence[Link] = ()
    offers: Sequence[Link] = ()

    def __bool__(self) -> bool:
        return bool(self.became or self.offers)
