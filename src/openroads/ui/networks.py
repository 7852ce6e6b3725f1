"""What readers call a network: its own name, or an ordinary word in their language."""

from django.utils.translation import gettext_lazy as _

from openroads.archive.networks import LABELS, NETWORKS

WORDS = {
    "google": _("Google reviews"),
    "review": _("Reviews"),
    "forum": _("Forum"),
    "news": _("News"),
    "blog": _("Blog"),
    "mail": _("E-mail"),
    "chat": _("Chat"),
    "survey": _("Survey"),
    "web": _("Web"),
    "file": _("Imported file"),
}
"""Names of networks are the same everywhere; these are words."""


def network_word(kind: str) -> str:
    """The word for a network in the reader's language."""
    return str(WORDS.get(kind) or LABELS.get(kind, kind))


def network_choices() -> list[tuple[str, str]]:
    """Every network as (kind, word), in the order of the archive's list."""
    return [(kind, network_word(kind)) for kind, _label in NETWORKS]
