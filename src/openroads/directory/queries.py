"""Reading the directory: people with their roles, and the trail."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, QuerySet

from openroads.directory import policy
from openroads.directory.models import Department, Grant, Person, Team, TrailEntry
from openroads.directory.roles import Role


def people_for(by: Person) -> QuerySet[Person]:
    """Everybody but the house itself, with their grants; nobody for who may not see people."""
    if not policy.may_see_people(by):
        return Person.objects.none()
    grants = Grant.objects.select_related("department", "team")
    return Person.objects.filter(is_system=False).prefetch_related(
        Prefetch("grants", queryset=grants)
    )


def people_found(by: Person, words: str, *, limit: int = 200) -> list[Person]:
    """People whose name or address holds every word, those who may sign in first."""
    found = people_for(by)
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return list(found.order_by("-is_active", "name", "pk")[:limit])


def grants_of(person: Person, today: date) -> tuple[list[Grant], list[Grant]]:
    """The grants of a person that hold or will hold, and those that are over."""
    every = list(person.grants.select_related("department", "team").order_by("since", "pk"))
    over = [grant for grant in every if grant.until is not None and grant.until <= today]
    return [grant for grant in every if grant not in over], over


def departments() -> QuerySet[Department]:
    return Department.objects.all()


def teams() -> QuerySet[Team]:
    return Team.objects.select_related("department")


def other_administrators(*, than: Person, today: date) -> QuerySet[Person]:
    """Who else can let people in today."""
    holds = Q(grants__until__isnull=True) | Q(grants__until__gt=today)
    return (
        Person.objects.filter(
            holds,
            is_active=True,
            is_system=False,
            grants__role=Role.ADMINISTRATOR,
            grants__department__isnull=True,
            grants__team__isnull=True,
            grants__since__lte=today,
        )
        .exclude(pk=than.pk)
        .distinct()
    )


def trail_for(by: Person, *, before: int = 0, limit: int = 100) -> list[TrailEntry]:
    """The newest entries of the trail below number `before` (0 = from the end).

    Raises PermissionDenied for who may not read it: an empty trail would be a lie.
    """
    if not policy.may_see_trail(by):
        raise PermissionDenied
    entries = TrailEntry.objects.select_related("by").order_by("-number")
    if before:
        entries = entries.filter(number__lt=before)
    return list(entries[:limit])
