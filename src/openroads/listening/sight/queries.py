"""Reading who sees names."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from openroads.directory.models import Person
from openroads.listening.models import SeesNames
from openroads.listening.sight import policy


@dataclass(frozen=True)
class Sighted:
    """Who sees names today: by answering, and by what was given to them."""

    answering: list[Person]
    given: list[SeesNames]


def sighted() -> Sighted:
    """Everybody who sees names today, by name."""
    today = timezone.localdate()
    holds = Q(grants__until=None) | Q(grants__until__gt=today)
    answering = Person.objects.filter(
        holds, is_active=True, grants__role__in=policy.ANSWER, grants__since__lte=today
    ).distinct()
    given = SeesNames.objects.filter(Q(until=None) | Q(until__gt=today), person__is_active=True)
    return Sighted(
        list(answering.order_by("name")),
        list(given.select_related("person", "by").order_by("person__name", "pk")),
    )


def given_for(person: Person) -> QuerySet[SeesNames]:
    """What was given to anybody, for who keeps it."""
    if not policy.may_keep_sight(person):
        return SeesNames.objects.none()
    return SeesNames.objects.select_related("person")


def could_see() -> QuerySet[Person]:
    """People to whom sight can be given."""
    return Person.objects.filter(is_active=True, is_system=False).order_by("name")
