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
    url, made = reverse("changes:insights"), reverse("changes:changes")
    clocks, public = reverse("changes:clocks"), reverse("public:you_said")
    below = path.startswith(made)
    return [
        Way(
            label=pgettext("way", "Change"),
            url=url,
            current=below,
            count=queries.waiting_for(person, stands_in=below) or None,
            pages=[
                Page(_("Insights"), url, current=path.startswith(url)),
                Page(_("Changes"), made, current=below and not path.startswith((url, clocks))),
                Page(_("Clocks"), clocks, current=path.startswith(clocks)),
                Page(_("You said, we did"), public),
            ],
            key="c",
        )
    ]


def settings_pages(person: Person) -> list[tuple[str, str]]:
    """Label and address of what is kept under settings."""
    if not policy.may_keep_trackers(person):
        return []
    return [(_("Trackers"), reverse("changes:trackers"))]


def commands(person: Person) -> list[Command]:
    """Deeds of this room, for the palette."""
    if not policy.may_see_insights(person):
        return []
    way = pgettext("way", "Change")
    return [
        Command(_("Insights waiting for a decision"), reverse("changes:insights"), way),
        Command(_("Changes being made"), reverse("changes:changes"), way),
        Command(_("Changes to tell back"), f"{reverse('changes:changes')}?state=live", way),
        Command(_("Clocks of changes"), reverse("changes:clocks"), way),
    ]
