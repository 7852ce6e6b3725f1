"""Handing over between rooms that do not know each other: explicit lists of who gives and who takes."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from openroads.champions import handing as champions
from openroads.champions.handing import Origin
from openroads.directory.models import Person
from openroads.ui.handing import HandedOn, Link
from openroads.webcare import handing as webcare


class Giver(Protocol):
    """A room (its `handing.py`) whose things become something elsewhere; ids are as addresses say them."""

    def seen(self, person: Person, id: str) -> Link | None: ...

    def names(self, id: str) -> Sequence[str]: ...

    def note(self, *, by: Person, id: str, became: str, code: str) -> None: ...

    def erased(self) -> Sequence[str]: ...


class Taker(Protocol):
    """A room (its `handing.py`) that makes something of things of others."""

    def offers(self, person: Person, room: str, id: str) -> list[Link]: ...

    def became(self, person: Person, room: str, id: str) -> list[Link]: ...


GIVERS: Mapping[str, Giver] = {"webcare": webcare}
TAKERS: Sequence[Taker] = (champions,)


def handed_on(person: Person, room: str, id: str) -> HandedOn:
    """What became of a thing of a room, and what this person can make of it."""
    return HandedOn(
        became=[link for taker in TAKERS for link in taker.became(person, room, id)],
        offers=[link for taker in TAKERS for link in taker.offers(person, room, id)],
    )


class OriginsOfTheHouse:
    """What the champions' room asks about things of other rooms (`champions.handing.Origins`)."""

    def seen(self, person: Person, room: str, id: str) -> Origin | None:
        giver = GIVERS.get(room)
        link = giver.seen(person, id) if giver is not None else None
        return Origin(room, id, link) if link is not None else None

    def names(self, origin: Origin) -> Sequence[str]:
        return GIVERS[origin.room].names(origin.id)

    def note(self, *, by: Person, origin: Origin, became: str, code: str) -> None:
        GIVERS[origin.room].note(by=by, id=origin.id, became=became, code=code)


ORIGINS = OriginsOfTheHouse()
