"""What aspects and answers are called, and how sure we are of tone, in templates."""

from typing import Any

from django import template

from openroads.listening.labels import policy
from openroads.listening.labels.surety import surety
from openroads.listening.labels.words import aspect_name, value_name

register = template.Library()

register.filter("aspect_name", aspect_name)


@register.simple_tag
def answer(aspect: str, value: str) -> str:
    """The name of an answer."""
    return value_name(aspect, value)


@register.inclusion_tag("listening/labels/_surety.html", takes_context=True)
def how_sure(context: dict[str, Any], aspect: str = "tone") -> dict[str, Any]:
    """How often what stands here is right, in one line with the way to the report."""
    may_label = policy.may_label(context["request"].user)
    return {"surety": surety(aspect), "aspect": aspect, "may_label": may_label}
