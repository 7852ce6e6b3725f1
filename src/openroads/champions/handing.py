"""How what other rooms have comes in here: what is offered for it, what became of it, and the door to it.

This room does not know who gives. The top of the house hands an `Origins` to the pages that need one, and asks
`offers` and `became` for the pages of the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from openroads.champions import policy, queries
from openroads.directory.models import Person
from openroads.ui.handing import Link


@dataclass(frozen=True)
class Origin:
    """A thing of another room: which room, its id there, and its label and address for who sees it."""

    room: str
    id: str
    link: Link


class Origins(Protocol):
    """What this room asks about things of other rooms."""

    def seen(self, person: Person, room: str, id: str) -> Origin | None:
        """The thing, when it exists for this person; None otherwise, also for a room nobody knows."""
        ...

    def names(self, origin: Origin) -> Sequence[str]:
        """What people outside who stand behind it are called: words that must not stand in ours."""
        ...

    def note(self, *, by: Person, origin: Origin, became: str, code: str) -> None:
        """Write down there that it became a "success" or "spotlight", in the transaction at hand."""
        ...


def offers(person: Person, room: str, id: str) -> list[Link]:
    """What this person can make of a thing."""
    found, asked = [], urlencode({"origin": room, "id": id})
    if policy.may_record(person):
        found.append(Link(_("Make it a success"), f"{reverse('champions:add')}?{asked}"))
    if policy.may_ask_for_spotlight(person):
        found.append(
            Link(_("Put a colleague in the spotlight"), f"{reverse('champions:ask')}?{asked}")
        )
    return found


def became(person: Person, room: str, id: str) -> list[Link]:
    """What became of a thing here, as far as this person sees it."""
    if not policy.may_read(person):
        return []
    made = queries.successes_for(person).filter(origin_room=room, origin_id=id, withdrawn_at=None)
    links = [
        Link(
            _("Became success %(code)s") % {"code": success.code},
            reverse("champions:success", args=[success.number]),
        )
        for success in made
    ]
    began = Q(origin_room=room, origin_id=id) | Q(success__origin_room=room, success__origin_id=id)
    shown = queries.spotlights_for(person).filter(began)
    return links + [
        Link(
            _("Spotlight on %(name)s, %(state)s")
            % {"name": one.person, "state": one.get_state_display()},
            reverse("champions:spotlight", args=[one.pk]),
        )
        for one in shown
        if one.is_open
    ]
