"""What requests about privacy add to the settings and to the palette."""

from django.urls import reverse
from django.utils.translation import gettext as _

from openroads.directory.models import Person
from openroads.listening.requests import policy
from openroads.ui.road import Command


def settings_pages(person: Person) -> list[tuple[str, str]]:
    """Label and address, for who answers them."""
    if not policy.may_answer_requests(person):
        return []
    return [(_("What people ask about their data"), reverse("requests:requests"))]


def commands(person: Person) -> list[Command]:
    """Deeds, for the palette."""
    return [Command(label, address, _("Settings")) for label, address in settings_pages(person)]
