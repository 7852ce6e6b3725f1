"""Reading visits and deaf spells of one source, the last first."""

from django.db.models import QuerySet

from openroads.listening.ear.models import Deafness, Visited
from openroads.listening.models import Source

LAST = 20


def visits_of(source: Source) -> list[Visited]:
    """The last visits, the one under way among them."""
    return list(Visited.objects.filter(source=source)[:LAST])


def spells_of(source: Source) -> QuerySet[Deafness]:
    """Every spell in which it was deaf."""
    return Deafness.objects.filter(source=source).select_related("source")
