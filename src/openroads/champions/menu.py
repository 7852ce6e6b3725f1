"""What the room of champions adds to the road and to the palette."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from openroads.champions import policy, queries
from openroads.directory.models import Person
from openroads.directory.policy import has_role
from openroads.directory.roles import Role
from openroads.ui.road import Command, Page, Way

ON_THE_ROAD = (
    Role.CONVERSATION_MANAGER, Role.EDITOR, Role.CHAMPION, Role.WEBCARE_AGENT, Role.DEPARTMENT_HEAD,
    Role.DECISION_MAKER, Role.EMPLOYEE,
)  # fmt: skip
"""Whose road it stands on; others find it in the palette."""


def ways(person: Person, path: str) -> list[Way]:
    """The way Champions; its count is the colleagues who wait until a keeper has looked, asked under the
    way only: keepers have a notice of each."""
    if not has_role(person, *ON_THE_ROAD):
        return []
    url, spotlights = reverse("champions:successes"), reverse("champions:spotlights")
    here = path.startswith(url)
    return [
        Way(
            label=pgettext("way", "Champions"),
            url=url,
            current=here,
            count=(queries.waiting_for(person) if here else 0) or None,
            pages=[
                Page(_("Successes"), url, current=here and not path.startswith(spotlights)),
                Page(_("Spotlight"), spotlights, current=path.startswith(spotlights)),
            ],
            key="v",
        )
    ]


def commands(person: Person) -> list[Command]:
    """Deeds of this room, for the palette."""
    if not policy.may_read(person):
        return []
    way = pgettext("way", "Champions")
    url = reverse("champions:successes")
    found = [
        Command(_("Successes"), url, way),
        Command(_("My successes"), f"{url}?view=mine", way),
        Command(_("Colleagues in the spotlight"), reverse("champions:spotlights"), way),
    ]
    if policy.may_record(person):
        found.append(Command(_("Write down a success"), reverse("champions:add"), way))
    if policy.may_ask_for_spotlight(person):
        found.append(Command(_("Put a colleague in the spotlight"), reverse("champions:ask"), way))
    if policy.may_keep(person):
        found.append(Command(_("Successes to confirm"), f"{url}?view=waiting", way))
    return found
