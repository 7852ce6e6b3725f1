"""Reading the directory: people, departments and teams, the company's names, and the trail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX as UNUSABLE
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, Q, QuerySet

from openroads.directory import policy
from openroads.directory.company import COMPANY, Brand, Company, Product
from openroads.directory.models import (
    Account,
    Department,
    Grant,
    Membership,
    Person,
    Team,
    TrailEntry,
)
from openroads.directory.roles import Role

PEOPLE_A_PAGE = 100
TRAIL_A_PAGE = 100


# ---------------------------------------------------------------------------------------- people
def people_for(by: Person) -> QuerySet[Person]:
    """Everybody but the house itself, with their grants and where they belong; nobody for who may
    not see people."""
    if not policy.may_see_people(by):
        return Person.objects.none()
    grants = Grant.objects.select_related("department", "team")
    memberships = Membership.objects.select_related("department", "team")
    return Person.objects.filter(is_system=False).prefetch_related(
        Prefetch("grants", queryset=grants), Prefetch("memberships", queryset=memberships)
    )


def people_found(by: Person, words: str) -> QuerySet[Person]:
    """People whose name or address holds every word, those who may sign in first."""
    found = people_for(by)
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return found.order_by("-is_active", "name", "pk")


def people_to_choose() -> QuerySet[Person]:
    """Who can be given something to do: everybody who may sign in."""
    return Person.objects.filter(is_system=False, is_active=True).order_by("name", "pk")


def grants_of(person: Person, today: date) -> tuple[list[Grant], list[Grant]]:
    """The grants of a person that hold or will hold, and those that are over."""
    every = list(person.grants.select_related("department", "team").order_by("since", "pk"))
    over = [grant for grant in every if grant.until is not None and grant.until <= today]
    return [grant for grant in every if grant not in over], over


def other_administrators(*, than: Person, today: date) -> QuerySet[Person]:
    """Who else can let people in, today and for good: not somebody whose role ends by itself, and
    not somebody invited who has never found the door."""
    found_the_door = Q(last_login__isnull=False) | ~Q(password__startswith=UNUSABLE)
    return (
        Person.objects.filter(
            found_the_door,
            grants__until__isnull=True,
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


# ------------------------------------------------------------------------- departments and teams
def departments() -> QuerySet[Department]:
    """Departments that have not ended."""
    return Department.objects.filter(ended_on=None)


def teams() -> QuerySet[Team]:
    """Teams that have not ended."""
    return Team.objects.filter(ended_on=None).select_related("department")


def departments_for(by: Person) -> QuerySet[Department]:
    """Every department, ended ones too, with `people` (how many) and its head."""
    if not policy.may_see_people(by):
        return Department.objects.none()
    counted = Department.objects.annotate(people=Count("memberships__person", distinct=True))
    return counted.select_related("head").order_by("name")


def teams_for(by: Person) -> QuerySet[Team]:
    """Every team, ended ones too, with `people` (how many) and its department."""
    if not policy.may_see_people(by):
        return Team.objects.none()
    counted = Team.objects.annotate(people=Count("memberships__person", distinct=True))
    return counted.select_related("department").order_by("name")


def teams_of(department: Department) -> list[Team]:
    """The teams of a department that have not ended."""
    return list(department.teams.filter(ended_on=None))


def memberships_in(part: Department | Team) -> QuerySet[Membership]:
    """Who belongs to a department or team: a row per membership."""
    if isinstance(part, Team):
        return Membership.objects.filter(team=part)
    return Membership.objects.filter(department=part)


def members_of(part: Department | Team) -> list[Person]:
    """The people who belong to it, by name; with `grants_now`."""
    found = Person.objects.filter(pk__in=memberships_in(part).values("person"))
    grants = Grant.objects.select_related("department", "team")
    return list(found.order_by("name", "pk").prefetch_related(Prefetch("grants", queryset=grants)))


def grants_in(part: Department | Team, today: date) -> list[Grant]:
    """Roles that hold, or will hold, in this department or team only."""
    held = Grant.objects.filter(Q(until__isnull=True) | Q(until__gt=today)).select_related("person")
    where = held.filter(team=part) if isinstance(part, Team) else held.filter(department=part)
    return list(where.order_by("person__name", "pk"))


# ----------------------------------------------------------------------------------- the company
def company() -> Company | None:
    """The company of this house; None before the first start is done."""
    return Company.objects.filter(pk=COMPANY).first()


def brands_for(by: Person) -> list[Brand]:
    """Every brand with its products, ours first; ended ones too. None for who may not see them."""
    if not policy.may_see_company(by):
        return []
    return list(Brand.objects.prefetch_related("products"))


def brands_looked_for() -> QuerySet[Brand]:
    """Brands that have not ended."""
    return Brand.objects.filter(ended_on=None)


def products_looked_for() -> QuerySet[Product]:
    """Products that have not ended, of brands that have not ended."""
    return Product.objects.filter(ended_on=None, brand__ended_on=None)


def products_for(by: Person) -> QuerySet[Product]:
    """Every product with its brand; none for who may not see them."""
    if not policy.may_see_company(by):
        return Product.objects.none()
    return Product.objects.select_related("brand")


def accounts_for(by: Person) -> QuerySet[Account]:
    """The company's own accounts with owner, stand-in and brand; those in use first."""
    if not policy.may_see_company(by):
        return Account.objects.none()
    return Account.objects.select_related("owner", "backup", "brand").order_by(
        "network", "handle", "pk"
    )


# ------------------------------------------------------------------------------------- the trail
@dataclass(frozen=True)
class TrailFilter:
    """What part of the trail somebody asks for: of one person, of one kind of deed."""

    by: int = 0
    deed: str = ""


def trail_for(
    by: Person, asked: TrailFilter | None = None, *, before: int = 0, limit: int = TRAIL_A_PAGE
) -> list[TrailEntry]:
    """The newest entries of the trail below number `before` (0 = from the end).

    Raises PermissionDenied for who may not read it: an empty trail would be a lie.
    """
    entries = _trail(by, asked or TrailFilter()).order_by("-number")
    if before:
        entries = entries.filter(number__lt=before)
    return list(entries[:limit])


def whole_trail_for(by: Person, asked: TrailFilter) -> Iterator[TrailEntry]:
    """Every entry asked for, oldest first, a few thousand at a time."""
    return _trail(by, asked).order_by("number").iterator(chunk_size=2000)


def people_in_trail(by: Person) -> list[Person]:
    """Everybody who did something, the house itself too."""
    return list(Person.objects.filter(pk__in=_trail(by, TrailFilter()).values("by")))


def deeds_in_trail(by: Person) -> list[str]:
    """Every kind of deed that was done, in the words in which it is kept."""
    found = _trail(by, TrailFilter()).order_by("verb").values_list("verb", flat=True)
    return list(found.distinct())


def _trail(by: Person, asked: TrailFilter) -> QuerySet[TrailEntry]:
    if not policy.may_see_trail(by):
        raise PermissionDenied
    entries = TrailEntry.objects.select_related("by")
    if asked.by:
        entries = entries.filter(by=asked.by)
    if asked.deed:
        entries = entries.filter(verb=asked.deed)
    return entries
