"""What the room of changes adds to the road and to the palette."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from openroads.changes import policy, queries
from openroads.directory.models import Person
from openroads.ui.road import Command, Page, Way


def ways(person: Person, path: str) -> list[Way]:
    """The way Change; its count is what waits for a decision by this person."""
    if not policy.may_see_insights(person):
        return []
    url = reverse("changes:insights")
    return [
        Way(
            label=pgettext("way", "Change"),
            url=url,
            current=path.startswith("/changes/"),
            count=queries.waiting_for(person) or None,
            pages=[Page(_("Insights"), url, current=path.startswith(url))],
            key="c",
        )
    ]


def commands(person: Person) -> list[Command]:
    """Deeds of this room, for the palette."""
    if not policy.may_see_insights(person):
        return []
    return [
        Command(_("Insights waiting for a decision"), reverse("changes:insights"), pgettext("way", "Change"))
    ]  # fmt: skip
