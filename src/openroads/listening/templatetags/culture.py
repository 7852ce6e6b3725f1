"""The ways from any set of posts to what can be done with it: an insight, a subscription, a file."""

from typing import Any

from django import template

from openroads.changes.policy import may_open_insight
from openroads.directory.models import Person
from openroads.listening.culture.policy import may_export_posts, may_subscribe
from openroads.ui.networks import network_word as network_word_of

register = template.Library()

register.filter("network_name", network_word_of)


@register.inclusion_tag("listening/culture/_ways.html", takes_context=True)
def start_insight(context: dict[str, Any], query: str, look: str = "btn") -> dict[str, Any]:
    """The one link that makes evidence of the posts an address asks for."""
    person = _person(context)
    return {"query": query, "look": look, "may_start": bool(person and may_open_insight(person))}


@register.inclusion_tag("listening/culture/_ways.html", takes_context=True)
def follow_or_take(context: dict[str, Any], query: str, subscribe: str = "") -> dict[str, Any]:
    """Subscribing to the same posts, and taking them along as a file. `subscribe`: another address
    for the first."""
    person = _person(context)
    return {
        "query": query,
        "subscribe": subscribe or query,
        "may_subscribe": bool(person and may_subscribe(person)),
        "may_export": bool(person and may_export_posts(person)),
    }


def _person(context: dict[str, Any]) -> Person | None:
    request = context.get("request")
    user = getattr(request, "user", None)
    return user if isinstance(user, Person) else None
