"""Giving sight of names to a person, and taking it away."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person
from openroads.listening.models import SeesNames
from openroads.listening.sight import policy


@transaction.atomic
def give_sight(*, by: Person, person: Person, why: str, until: date | None = None) -> SeesNames:
    """Let a person see the names of authors from today, for a reason that is kept.

    Raises ValidationError for somebody who may not sign in, and for a day that is no later day.
    """
    directory_policy.require(by, policy.may_keep_sight)
    today = timezone.localdate()
    if person.is_system or not person.is_active:
        raise ValidationError({"person": _("This person may not sign in.")})
    if until is not None and until <= today:
        raise ValidationError({"until": _("Choose a day after today.")})
    given = SeesNames.objects.create(person=person, why=why, since=today, until=until, by=by)
    trail.record(by, "gave sight of names", person, reason=why, until=str(until or ""))
    policy.forget_sight(person)
    return given


@transaction.atomic
def take_sight(*, by: Person, given: SeesNames) -> SeesNames:
    """Take sight of names away, from now on."""
    directory_policy.require(by, policy.may_keep_sight)
    given = SeesNames.objects.select_for_update(of=("self",)).select_related("person").get(pk=given.pk)  # fmt: skip
    today = timezone.localdate()
    if given.until is None or given.until > today:
        given.until = today
        given.save(update_fields=["until"])
        trail.record(by, "took sight of names away", given.person, reason=given.why)
    policy.forget_sight(given.person)
    return given
