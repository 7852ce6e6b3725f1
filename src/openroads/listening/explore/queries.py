"""Reading what people added: the views somebody sees, the events of some days."""

from datetime import date

from django.db.models import Q, QuerySet

from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.explore.models import Event, SavedView


def views_for(person: Person) -> QuerySet[SavedView]:
    """Somebody's own views and those colleagues share."""
    if not policy.may_read_conversations(person):
        return SavedView.objects.none()
    return SavedView.objects.filter(Q(by=person) | Q(shared=True)).select_related("by")


def events_for(person: Person) -> QuerySet[Event]:
    """Every event this person may see, oldest first."""
    if not policy.may_read_conversations(person):
        return Event.objects.none()
    return Event.objects.select_related("brand", "by")


def events_between(since: date, until: date, brand: int) -> list[Event]:
    """Events of these days (`until` is out) that concern the brand or every brand."""
    rows = Event.objects.filter(on__gte=since, on__lt=until)
    if brand:
        rows = rows.filter(Q(brand=None) | Q(brand=brand))
    return list(rows)
