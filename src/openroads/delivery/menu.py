"""What delivery adds to the settings and to the palette."""

from django.urls import reverse
from django.utils.translation import gettext as _

from openroads.delivery import policy
from openroads.directory.models import Person
from openroads.ui.road import Command


def settings_pages(person: Person) -> list[tuple[str, str]]:
    """Label and address, for who keeps what leaves the house."""
    if not policy.may_keep_delivery(person):
        return []
    return [
        (_("What leaves the house"), reverse("delivery:leaving")),
        (_("Answering channels"), reverse("delivery:channels")),
        (_("Webhooks"), reverse("delivery:endpoints")),
        (_("Keys for reading"), reverse("delivery:keys")),
    ]


def commands(person: Person) -> list[Command]:
    """Deeds, for the palette."""
    pages = [(_("Notices"), reverse("delivery:notices"), "")]
    pages += [(label, address, _("Settings")) for label, address in settings_pages(person)]
    return [Command(label, address, hint) for label, address, hint in pages]
