"""Reading visits, deaf spells and silent spells of one source, the last first."""

from django.db.models import QuerySet

from openroads.listening.ear.models import Deafness, Silence, Visited
from openroads.listening.models import Source

LAST = 20


def visits_of(source: Source) -> list[Visited]:
    """The last visits, the one under way among them."""
    return list(Visited.objects.filter(source=source)[:LAST])


def spells_of(source: Source) -> QuerySet[Deafness]:
    """Every spell in which it was deaf."""
    return Deafness.objects.filter(source=source).select_related("source")


def silences_of(source: Source) -> list[Silence]:
    """The last spells in which it was unusually silent."""
    return list(Silence.objects.filter(source=source)[:LAST])
