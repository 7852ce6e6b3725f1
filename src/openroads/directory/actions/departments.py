"""How the company is divided: departments, teams, and who belongs to which."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.directory import policy, queries, trail
from openroads.directory.actions.people import revoke_role
from openroads.directory.models import Department, Membership, Person, Team

Part = Department | Team


@transaction.atomic
def add_department(*, by: Person, name: str, head: Person | None = None) -> Department:
    """Begin a department."""
    policy.require(by, policy.may_keep_company)
    department = Department(name=_named(name), head=head)
    _refuse_same(department)
    department.save()
    trail.record(by, "added department", department, name=department.name)
    return department


@transaction.atomic
def change_department(
    *, by: Person, department: Department, name: str, head: Person | None
) -> Department:
    """Call a department otherwise, or name another head."""
    policy.require(by, policy.may_keep_company)
    was = {"name": department.name, "head": str(department.head or "")}
    department.name, department.head = _named(name), head
    _refuse_same(department)
    department.save(update_fields=["name", "head"])
    now = {"name": department.name, "head": str(department.head or "")}
    if was != now:
        trail.record(by, "changed department", department, **_differences(was, now))
    return department


@transaction.atomic
def add_team(*, by: Person, name: str, department: Department | None = None) -> Team:
    """Begin a team, inside a department or across them."""
    policy.require(by, policy.may_keep_company)
    team = Team(name=_named(name), department=department)
    _refuse_same(team)
    team.save()
    trail.record(by, "added team", team, name=team.name)
    return team


@transaction.atomic
def change_team(*, by: Person, team: Team, name: str, department: Department | None) -> Team:
    """Call a team otherwise, or move it to another department."""
    policy.require(by, policy.may_keep_company)
    was = {"name": team.name, "department": str(team.department or "")}
    team.name, team.department = _named(name), department
    _refuse_same(team)
    team.save(update_fields=["name", "department"])
    now = {"name": team.name, "department": str(team.department or "")}
    if was != now:
        trail.record(by, "changed team", team, **_differences(was, now))
    return team


@transaction.atomic
def end_part(*, by: Person, part: Part) -> Part:
    """End a department or team. Roles that hold there only end with it; who belonged to it stays
    known, for when it is brought back.

    Raises ValidationError for a department that still has teams, and, for who may not take roles
    away, where roles would end.
    """
    policy.require(by, policy.may_keep_company)
    if part.ended_on is not None:
        return part
    if isinstance(part, Department) and (teams := queries.teams_of(part)):
        raise ValidationError(
            _("End or move its teams first: %(teams)s.")
            % {"teams": ", ".join(team.name for team in teams)}
        )
    grants = queries.grants_in(part, timezone.localdate())
    if grants and not policy.may_keep_people(by):
        raise ValidationError(_("An administrator must first take away the roles that hold here only."))  # fmt: skip
    for grant in grants:
        revoke_role(by=by, grant=grant)
    part.ended_on = timezone.localdate()
    part.save(update_fields=["ended_on"])
    if isinstance(part, Team):
        trail.record(by, "ended team", part, name=part.name, roles=len(grants))
    else:
        trail.record(by, "ended department", part, name=part.name, roles=len(grants))
    return part


@transaction.atomic
def bring_back_part(*, by: Person, part: Part) -> Part:
    """Go on with an ended department or team, with the people who belonged to it. Roles are given
    anew."""
    policy.require(by, policy.may_keep_company)
    if part.ended_on is None:
        return part
    part.ended_on = None
    part.save(update_fields=["ended_on"])
    if isinstance(part, Team):
        trail.record(by, "brought back team", part, name=part.name)
    else:
        trail.record(by, "brought back department", part, name=part.name)
    return part


@transaction.atomic
def add_member(*, by: Person, person: Person, part: Part) -> None:
    """Let somebody belong to a department or team; twice is once."""
    policy.require(by, policy.may_keep_company)
    if person.is_system or not person.is_active:
        raise ValidationError(_("This person may not log in."))
    if part.ended_on is not None:
        raise ValidationError(_("%(name)s has ended.") % {"name": part.name})
    if queries.memberships_in(part).filter(person=person).exists():
        return
    if isinstance(part, Team):
        Membership.objects.create(person=person, team=part)
    else:
        Membership.objects.create(person=person, department=part)
    trail.record(by, "joined", part, person=person.name)


@transaction.atomic
def remove_member(*, by: Person, person: Person, part: Part) -> None:
    """Let somebody belong to it no longer. Their roles stay."""
    policy.require(by, policy.may_keep_company)
    found = list(queries.memberships_in(part).filter(person=person))
    for membership in found:
        _loosen(membership, part)
    if found:
        trail.record(by, "left", part, person=person.name)


def _loosen(membership: Membership, part: Part) -> None:
    """One row may say both department and team: the other half stays, once."""
    department = membership.department if isinstance(part, Team) else None
    team = None if isinstance(part, Team) else membership.team
    mine = Membership.objects.filter(person=membership.person, department=department, team=team)
    if (department or team) is None or mine.exists():
        membership.delete()
        return
    membership.department, membership.team = department, team
    membership.save(update_fields=["department", "team"])


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise ValidationError({"name": _("Give a name.")})
    return name


def _refuse_same(part: Part) -> None:
    same = type(part).objects.filter(name__iexact=part.name).exclude(pk=part.pk).first()
    if same is not None and same.ended_on:
        raise ValidationError(
            {"name": _("%(name)s is here already; it has ended and can be brought back.") % {"name": same.name}}
        )  # fmt: skip
    if same is not None:
        raise ValidationError({"name": _("%(name)s is here already.") % {"name": same.name}})


def _differences(was: dict[str, str], now: dict[str, str]) -> dict[str, dict[str, str]]:
    return {
        field: {"was": was[field], "now": now[field]} for field in was if was[field] != now[field]
    }
