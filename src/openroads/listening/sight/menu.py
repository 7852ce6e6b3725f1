"""What sight of names adds to the settings and to the palette."""

from django.urls import reverse
from django.utils.translation import gettext as _

from openroads.directory.models import Person
from openroads.listening.sight import policy
from openroads.ui.road import Command


def settings_pages(person: Person) -> list[tuple[str, str]]:
    """Label and address, for who keeps it."""
    if not policy.may_keep_sight(person):
        return []
    return [(_("Who sees names"), reverse("sight:names"))]


def commands(person: Person) -> list[Command]:
    """Deeds, for the palette."""
    return [Command(label, address, _("Settings")) for label, address in settings_pages(person)]
