"""What the language model adds to the settings and to the palette."""

from django.urls import reverse
from django.utils.translation import gettext as _

from openroads.directory.models import Person
from openroads.listening.language_model import policy
from openroads.ui.road import Command


def settings_pages(person: Person) -> list[tuple[str, str]]:
    """Label and address, for who says what may be sent."""
    if not policy.may_allow_sources(person):
        return []
    return [(_("Language model"), reverse("language_model:language_model"))]


def commands(person: Person) -> list[Command]:
    """Deeds, for the palette."""
    return [Command(label, address, _("Settings")) for label, address in settings_pages(person)]
