"""What the house does by itself to keep data safe, in the reader's words."""

from django.conf import settings
from django.utils.translation import gettext as _

from openroads.listening.models import Controller


def stored_words(controller: Controller) -> str:
    """Where the data is."""
    if controller.stored:
        return controller.stored
    if settings.OPENROADS.archive_is_embedded:
        return _("in the data folder of this house, on the machine it runs on")
    return _("in the company’s own database servers")


def security_words(controller: Controller) -> list[str]:
    """Measures of article 32: what somebody wrote, and what the house does itself."""
    own = [line.strip() for line in controller.security.splitlines() if line.strip()]
    return [
        *own,
        _("authors by a pseudonym made with a secret key, names only for who answers"),
        _("rights by role, from and until a day"),
        _("every deed in a trail that cannot be changed unnoticed"),
        _("keys and secrets encrypted in the database"),
        _("erasure everywhere with a proof, and nothing of an erased author taken in again"),
        _("what is past its time is taken out every night"),
    ]
