"""How people speak with us on a network: in public, alone with us, or in a review."""

from openroads.webcare.models import Case

MAIL = "mail"
REVIEWS = frozenset({"google", "trustpilot", "kiyoh", "appstore", "playstore", "review"})
PRIVATE = frozenset({MAIL, "chat", "survey", "whatsapp"})
"""Networks on which people write to us alone."""
TO_US = REVIEWS | PRIVATE
"""Networks on which whoever writes, writes to us (or about us where we are expected to answer)."""


def kind_of(network: str) -> Case.Kind:
    """What kind of case something said on a network opens."""
    if network in REVIEWS:
        return Case.Kind.REVIEW
    return Case.Kind.PRIVATE if network in PRIVATE else Case.Kind.PUBLIC
