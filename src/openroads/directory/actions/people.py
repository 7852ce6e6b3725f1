"""Doing things to people: adding, giving and taking roles, keeping out and letting in again."""

from datetime import date

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.directory import policy, queries, trail
from openroads.directory.models import Department, Grant, Person, Team
from openroads.directory.roles import Role
from openroads.directory.sessions import end_every_session


@transaction.atomic
def create_person(
    *,
    by: Person,
    email: str,
    name: str,
    password: str | None = None,
    language: str = "",
) -> Person:
    """Add somebody. Without a password they first follow the link of make_sign_in_link().

    The address counts as verified: whoever may add people vouches for it. Raises ValidationError
    (with the field's name) for an address that is taken or a password that is too weak.
    """
    policy.require(by, policy.may_keep_people)
    email, name = _checked(email, name, Person.objects.all())
    person = Person(email=email, name=name, language=language)
    if password is None:
        person.set_unusable_password()
    else:
        try:
            validate_password(password, person)
        except ValidationError as problem:
            raise ValidationError({"password": problem}) from None
        person.set_password(password)
    person.save()
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    trail.record(by, "added person", person, name=name)
    return person


@transaction.atomic
def change_person(*, by: Person, person: Person, name: str, email: str) -> Person:
    """Correct somebody's name and address. A new address counts as verified, and signing in asks for
    it from now on; links that were made for the old one work no longer.

    Raises ValidationError (with the field's name) for an address that is somebody else's.
    """
    policy.require(by, policy.may_keep_people)
    if person.is_system:
        raise ValidationError(_("This is the house itself; it keeps its name."))
    person = Person.objects.select_for_update().get(pk=person.pk)
    email, name = _checked(email, name, Person.objects.exclude(pk=person.pk))
    asked = {"name": (person.name, name), "address": (person.email, email)}
    changed = {what: {"was": was, "now": now} for what, (was, now) in asked.items() if was != now}
    if not changed:
        return person
    person.name, person.email = name, email
    person.save(update_fields=["name", "email"])
    if "address" in changed:
        EmailAddress.objects.filter(user=person).delete()
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    trail.record(by, "changed person", person, **changed)
    return person


def _checked(email: str, name: str, others: QuerySet[Person]) -> tuple[str, str]:
    """Address and name as they are kept. Raises ValidationError with the field's name."""
    email, name = email.strip().lower(), " ".join(name.split())
    if not name:
        raise ValidationError({"name": _("Give a name.")})
    try:
        validate_email(email)
    except ValidationError as problem:
        raise ValidationError({"email": problem}) from None
    if others.filter(email__iexact=email).exists():
        raise ValidationError({"email": _("Somebody with this address is here already.")})
    return email, name


@transaction.atomic
def invite_person(
    *, by: Person, email: str, name: str, language: str = "", role: str = ""
) -> Person:
    """Add somebody without a password, with a first role when one is given."""
    person = create_person(by=by, email=email, name=name, language=language)
    if role:
        grant_role(by=by, person=person, role=role)
    return person


@transaction.atomic
def make_sign_in_link(*, by: Person, person: Person) -> dict[str, str]:
    """The two parts of a link with which `person` chooses a password, once, within three days.

    For a first sign-in, or a forgotten password in a house without mail. A second step, when one is
    set, is still asked. The link itself is kept nowhere.
    """
    policy.require(by, policy.may_keep_people)
    if person.is_system or not person.is_active:
        raise ValidationError(_("This person may not sign in."))
    trail.record(by, "made sign-in link", person)
    return {
        "uidb36": user_pk_to_url_str(person),
        "key": EmailAwarePasswordResetTokenGenerator().make_token(person),
    }


@transaction.atomic
def change_me(*, by: Person, name: str, language: str, theme: str) -> Person:
    """Change what everybody may change about themselves."""
    by.name, by.language, by.theme = " ".join(name.split()), language, theme
    by.save(update_fields=["name", "language", "theme"])
    trail.record(by, "changed own account", by)
    return by


@transaction.atomic
def grant_role(
    *,
    by: Person,
    person: Person,
    role: Role | str,
    department: Department | None = None,
    team: Team | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Grant:
    """Give a role, everywhere or in one department or team, from `since` (today) until `until`."""
    policy.require(by, policy.may_keep_people)
    since = since or timezone.localdate()
    if person.is_system:
        raise ValidationError(_("The house itself needs no role."))
    over = [part for part in (department, team) if part is not None and part.ended_on]
    if over:
        raise ValidationError(_("%(name)s has ended.") % {"name": over[0].name})
    if until is not None and until <= since:
        raise ValidationError({"until": _("A role ends after it begins.")})
    held = person.grants.filter(
        role=role, department=department, team=team, until__isnull=True, since__lte=since
    ).first()
    if held is not None and until is None:
        return held
    grant = Grant.objects.create(
        person=person, role=Role(role), department=department, team=team, since=since, until=until
    )
    policy.forget_grants(person)
    trail.record(
        by,
        "gave role",
        person,
        role=str(role),
        department=department.name if department else "",
        team=team.name if team else "",
        since=since,
        until=until,
    )
    return grant


@transaction.atomic
def revoke_role(*, by: Person, grant: Grant) -> None:
    """Take a role away from today on; a role that has not begun disappears."""
    policy.require(by, policy.may_keep_people)
    today = timezone.localdate()
    person = grant.person
    limited = grant.department_id or grant.team_id
    if grant.role == Role.ADMINISTRATOR and not limited and person.is_active:
        _keep_one_administrator(person)
    if grant.since > today:
        grant.delete()
    else:
        grant.until = today
        grant.save(update_fields=["until"])
    policy.forget_grants(person)
    trail.record(by, "took role", person, role=grant.role)


@transaction.atomic
def deactivate_person(*, by: Person, person: Person) -> Person:
    """Keep somebody out: every session ends at once, the roles stay for if they come back."""
    policy.require(by, policy.may_keep_people)
    if person.is_system:
        raise ValidationError(_("The house itself cannot be kept out."))
    if not person.is_active:
        return person
    if policy.may_keep_people(person):
        _keep_one_administrator(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_every_session(person)
    trail.record(by, "kept out", person)
    return person


@transaction.atomic
def reactivate_person(*, by: Person, person: Person) -> Person:
    """Let somebody in again with the roles they have."""
    policy.require(by, policy.may_keep_people)
    if person.is_system or person.is_active:
        return person
    person.is_active = True
    person.save(update_fields=["is_active"])
    trail.record(by, "let in again", person)
    return person


def _keep_one_administrator(person: Person) -> None:
    """Raises ValidationError when nobody but `person` can let people in, for good.

    Two administrators who take each other's role at the same moment wait for each other here.
    """
    trail.wait_for_turn()
    if not queries.other_administrators(than=person, today=timezone.localdate()).exists():
        raise ValidationError(
            _(
                "This is the last administrator who can log in. Make somebody else administrator "
                "for good first, and let them log in once."
            )
        )
