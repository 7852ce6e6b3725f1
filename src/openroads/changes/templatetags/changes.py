"""How the pages of changes draw the small thread."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from openroads.ui.networks import network_word

register = template.Library()
register.filter("network_name", network_word)

PLACES = (5, 18, 31, 44, 57, 69)


@register.inclusion_tag("changes/_knots.html")
def knots(steps: int, waits: bool = True) -> dict[str, Any]:
    """The golden thread in its small form: six dots, the reached ones filled."""
    label = _("%(n)s of six steps reached; the decision waits") if waits else _("%(n)s of six steps reached")  # fmt: skip
    return {
        "label": label % {"n": steps},
        "circles": [(x, place < steps) for place, x in enumerate(PLACES)],
        "turn": PLACES[steps - 1] + 2,
    }
