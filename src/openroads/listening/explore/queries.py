"""Reading what people added: the views somebody sees, the events of some days."""

from datetime import date

from django.db.models import Q, QuerySet
from django.http import QueryDict

from openroads.analysis.query.faults import HIDDEN
from openroads.analysis.query.known import Known
from openroads.analysis.query.parse import parse
from openroads.directory.models import Membership, Person
from openroads.listening import policy
from openroads.listening.explore.models import Event, SavedView
from openroads.listening.explore.words import known_names
from openroads.listening.sight.seeing import sight_of


def views_for(person: Person) -> QuerySet[SavedView]:
    """Somebody's own views, those shared with all, and those shared with a department or team of
    theirs; none that asks for people by name, for who does not see names."""
    if not policy.may_read_conversations(person):
        return SavedView.objects.none()
    mine = Membership.objects.filter(person=person)
    with_me = (
        Q(by=person)
        | Q(shared=True)
        | Q(department__in=mine.filter(department__isnull=False).values("department"))
        | Q(team__in=mine.filter(team__isnull=False).values("team"))
    )
    views = SavedView.objects.filter(with_me).select_related("by", "department", "team")
    sight = sight_of(person)
    asking = [] if sight.names else list(views.filter(query__contains="q="))
    if not asking:
        return views
    known = known_names(sight)
    return views.exclude(pk__in=[view.pk for view in asking if _names_people(view.query, known)])


def _names_people(query: str, known: Known) -> bool:
    read = parse(QueryDict(query).get("q", ""), known)
    return any(fault.id in HIDDEN for fault in read.faults)


def kept_view(person: Person, number: str) -> SavedView | None:
    """The view an address names, when this person may see it; without a number nothing is asked."""
    if not number.isdecimal() or len(number) > 9:
        return None
    return views_for(person).filter(pk=int(number)).first()


def events_for(person: Person) -> QuerySet[Event]:
    """Every event this person may see, oldest first."""
    if not policy.may_read_conversations(person):
        return Event.objects.none()
    return Event.objects.filter(view=None).select_related("brand", "by")


def notes_on(view: SavedView) -> QuerySet[Event]:
    """What was written on the lines of a view, the latest day first."""
    return Event.objects.filter(view=view).select_related("by", "view").order_by("-on", "-pk")


def mark_for(person: Person, event_id: int) -> Event | None:
    """An event, or a note on a view this person sees."""
    if not policy.may_read_conversations(person):
        return None
    seen = Q(view=None) | Q(view__in=views_for(person).values("pk"))
    return Event.objects.filter(seen, pk=event_id).select_related("view").first()


def events_between(
    since: date, until: date, brand: int, view: SavedView | None = None
) -> list[Event]:
    """Events of these days (`until` is out) that concern the brand or every brand, and the notes on a
    view; one that lasted counts from its first day on."""
    rows = Event.objects.filter(on__gte=since, on__lt=until).filter(Q(view=None) | Q(view=view))
    if brand:
        rows = rows.filter(Q(brand=None) | Q(brand=brand))
    return list(rows.select_related("by"))
