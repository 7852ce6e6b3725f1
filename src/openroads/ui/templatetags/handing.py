"""What became of a thing in other rooms, and what could be made of it, on the thing's own page."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

register = template.Library()


@register.inclusion_tag("ui/_handed_on.html", takes_context=True)
def handed_on(context: Context, room: str, id: object, compliment: bool = False) -> dict[str, Any]:
    """Asks the top of the house, which gives every page `handed_on` (see openroads/ui/handing.py); where
    it does not, nothing is shown."""
    ask = context.get("handed_on")
    return {"handed": ask(room, str(id)) if ask is not None else None, "compliment": compliment}
