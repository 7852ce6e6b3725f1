"""Who may do what: every action asks here, whoever it came through."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.directory.models import Department, Grant, Person, Team
from openroads.directory.roles import Role

_KEPT = "_grants_of_today"


def require(person: Person | AnonymousUser, may: Callable[..., bool], *objects: Any) -> None:
    """Go on only when `may(person, *objects)`; otherwise raises PermissionDenied."""
    if not may(person, *objects):
        raise PermissionDenied(_("You have no right to do this. An administrator can give it."))


def has_role(
    person: Person | AnonymousUser,
    *roles: Role,
    department: Department | None = None,
    team: Team | None = None,
    everywhere: bool = False,
) -> bool:
    """Whether a person has one of the roles today.

    Without more, a role held in any department or team counts. With `department` or `team` it must
    hold there (or everywhere); with `everywhere` it must not be limited to a part of the company.
    The house itself (the system person) may do everything; who may not sign in has no role.
    """
    if not isinstance(person, Person):
        return False
    if person.is_system:
        return True
    if not person.is_active:
        return False
    for grant in grants_today(person):
        if grant.role not in roles:
            continue
        limited = bool(grant.department_id or grant.team_id)
        if not limited or not (everywhere or department or team):
            return True
        if not everywhere and (
            (department is not None and grant.department_id == department.pk)
            or (team is not None and grant.team_id == team.pk)
        ):
            return True
    return False


def grants_today(person: Person) -> list[Grant]:
    """The grants that hold today, asked once per person in memory (so once per page)."""
    today = timezone.localdate()
    kept = person.__dict__.get(_KEPT)
    if kept is None or kept[0] != today:
        holds = Q(until__isnull=True) | Q(until__gt=today)
        kept = (today, list(person.grants.filter(holds, since__lte=today)))
        person.__dict__[_KEPT] = kept
    grants: list[Grant] = kept[1]
    return grants


def forget_grants(person: Person) -> None:
    """Ask anew next time: after a role was given or taken."""
    person.__dict__.pop(_KEPT, None)


def may_see_people(person: Person) -> bool:
    """See who works here and what they may do."""
    return has_role(person, Role.ADMINISTRATOR, Role.CONVERSATION_MANAGER, everywhere=True)


def may_keep_people(person: Person) -> bool:
    """Add people, give and take roles, let in and keep out."""
    return has_role(person, Role.ADMINISTRATOR, everywhere=True)


SEES_COMPANY = tuple(role for role in Role if role not in (Role.EMPLOYEE, Role.CUSTOMER))


def may_see_company(person: Person) -> bool:
    """See which names the house looks for and which accounts are the company's own."""
    return has_role(person, *SEES_COMPANY)


def may_keep_company(person: Person) -> bool:
    """Change departments, teams, channel accounts and what the company is called."""
    return has_role(person, Role.ADMINISTRATOR, Role.CONVERSATION_MANAGER, everywhere=True)


def may_see_trail(person: Person) -> bool:
    """Read who did what."""
    return has_role(person, Role.ADMINISTRATOR, everywhere=True)
