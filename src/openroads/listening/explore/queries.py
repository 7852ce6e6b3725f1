"""Reading what people added: the views somebody sees, the events of some days."""

from datetime import date

from django.db.models import Q, QuerySet
from django.http import QueryDict

from openroads.analysis.query.faults import HIDDEN
from openroads.analysis.query.known import Known
from openroads.analysis.query.parse import parse
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.explore.models import Event, SavedView
from openroads.listening.explore.words import known_names
from openroads.listening.sight.seeing import sight_of


def views_for(person: Person) -> QuerySet[SavedView]:
    """Somebody's own views and those colleagues share; none that asks for people by name, for who
    does not see names."""
    if not policy.may_read_conversations(person):
        return SavedView.objects.none()
    views = SavedView.objects.filter(Q(by=person) | Q(shared=True)).select_related("by")
    sight = sight_of(person)
    asking = [] if sight.names else list(views.filter(query__contains="q="))
    if not asking:
        return views
    known = known_names(sight)
    return views.exclude(pk__in=[view.pk for view in asking if _names_people(view.query, known)])


def _names_people(query: str, known: Known) -> bool:
    read = parse(QueryDict(query).get("q", ""), known)
    return any(fault.id in HIDDEN for fault in read.faults)


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
