"""Helping somebody in who lost the way: a password set for them, second steps taken away."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from openroads.directory import policy, trail
from openroads.directory.models import Person
from openroads.directory.sessions import end_every_session


@transaction.atomic
def set_password(*, by: Person, person: Person, password: str) -> Person:
    """Give somebody a password; every session of theirs ends. A second step is still asked.

    Raises ValidationError for a password that is too weak.
    """
    policy.require(by, policy.may_keep_people)
    if person.is_system:
        raise ValidationError(_("This person may not sign in."))
    validate_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    end_every_session(person)
    trail.record(by, "set password", person)
    return person


@transaction.atomic
def forget_second_steps(*, by: Person, person: Person) -> int:
    """Take away codes, passkeys and recovery codes of somebody who lost their device; every session
    of theirs ends. Returns how many second steps there were."""
    policy.require(by, policy.may_keep_people)
    gone: int = Authenticator.objects.filter(user=person).delete()[0]
    end_every_session(person)
    trail.record(by, "forgot second steps", person, number=gone)
    return gone
