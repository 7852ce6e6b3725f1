"""Keeping a view, marking an event, and taking either away again."""

from datetime import date

from django.db import transaction

from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.company import Brand
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.explore.models import Event, SavedView


@transaction.atomic
def save_view(*, by: Person, name: str, query: str, shared: bool) -> SavedView:
    """Keep a view under a name; the same name once more replaces what it stood for."""
    directory_policy.require(by, policy.may_read_conversations)
    view, _made = SavedView.objects.update_or_create(
        by=by, name=name, defaults={"query": query, "shared": shared}
    )
    trail.record(by, "saved a view", view, name=name)
    return view


@transaction.atomic
def forget_view(*, by: Person, view: SavedView) -> None:
    """Take a view away; only who saved it can."""
    directory_policy.require(by, policy.may_forget_view, view)
    trail.record(by, "forgot a view", view, name=view.name)
    view.delete()


@transaction.atomic
def mark_event(*, by: Person, on: date, what: str, brand: Brand | None = None) -> Event:
    """Mark what happened on a day on every line over time; said twice it is one event."""
    directory_policy.require(by, policy.may_mark_events)
    event, made = Event.objects.get_or_create(on=on, what=what, defaults={"brand": brand, "by": by})
    if made:
        trail.record(by, "marked an event", event, name=what, since=on.isoformat())
    return event


@transaction.atomic
def unmark_event(*, by: Person, event: Event) -> None:
    """Take a mark away."""
    directory_policy.require(by, policy.may_mark_events)
    trail.record(by, "took an event away", event, name=event.what, since=event.on.isoformat())
    event.delete()
