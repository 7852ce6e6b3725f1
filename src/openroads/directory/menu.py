"""What the directory adds to the road and to the palette: settings, for who may see them."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from openroads.directory import policy
from openroads.directory.models import Person
from openroads.ui.road import Command, Page, Way


def ways(person: Person, path: str, more: Sequence[tuple[str, str]] = ()) -> list[Way]:
    """The way Settings with company, people and trail; empty for who may see none of them. `more`
    are (label, address) of other rooms' settings; they stand before the trail."""
    pages = []
    if policy.may_keep_company(person):
        pages.append((_("The company"), reverse("directory:company")))
    if policy.may_see_people(person):
        pages.append((_("Departments and teams"), reverse("directory:departments")))
        pages.append((_("People"), reverse("directory:people")))
    pages += more
    if policy.may_see_trail(person):
        pages.append((_("Trail"), reverse("directory:trail")))
    if not pages:
        return []
    return [
        Way(
            label=_("Settings"),
            url=pages[0][1],
            current=any(path.startswith(url) for _label, url in pages),
            pages=[Page(label, url, current=path.startswith(url)) for label, url in pages],
            apart=True,
        )
    ]


def commands(person: Person) -> list[Command]:
    """Deeds of this room, for the palette."""
    found = [Command(_("My account"), reverse("directory:me"))]
    if policy.may_see_people(person):
        people = f"{reverse('directory:people')}?q="
        found.append(Command(_("Find a person"), people, _("Settings"), takes_words=True))
    if policy.may_keep_people(person):
        found.append(Command(_("Add a person"), reverse("directory:add_person"), _("Settings")))
    if policy.may_keep_company(person):
        found += [
            Command(_("Add a brand"), reverse("directory:add_brand"), _("Settings")),
            Command(_("Add an account of ours"), reverse("directory:add_account"), _("Settings")),
            Command(_("Add a department"), reverse("directory:add_department"), _("Settings")),
            Command(_("Add a team"), reverse("directory:add_team"), _("Settings")),
        ]
    return found
