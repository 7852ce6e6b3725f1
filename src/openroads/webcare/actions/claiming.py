"""Who has a case in hand: a claim keeps others from answering the same person, and gives way."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.directory import policy as directory_policy
from openroads.directory.models import Person
from openroads.webcare import policy
from openroads.webcare.happening import Type, happened
from openroads.webcare.models import CLAIM, Case, Presence

HERE = timedelta(seconds=40)
"""How long somebody counts as looking after their page last said so: it says so every fifteen seconds."""


class Held(ValidationError):
    """Somebody else has the case in hand; `holder` is who."""

    def __init__(self, holder: Person) -> None:
        super().__init__(
            _("%(name)s has claimed this case. Take it over if you are to answer.")
            % {"name": holder}
        )
        self.holder = holder


def locked(case: Case) -> Case:
    """The case as it stands now, for this transaction alone."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("claimed_by", "identity")
    return rows.get(pk=case.pk)


@transaction.atomic
def claim_case(*, by: Person, case: Case) -> Case:
    """Take a case in hand, or hold on to it. Raises Held when somebody else has it."""
    directory_policy.require(by, policy.may_act_in, case)
    case, now = locked(case), timezone.now()
    check_free(case, by)
    if case.claimed_by_id == by.pk and case.claim_until and case.claim_until > now:
        return hold(case, by)
    case.claimed_by, case.claimed_at = by, now
    happened(case, Type.CLAIMED, by=by, at=now)
    return hold(case, by)


@transaction.atomic
def take_over(*, by: Person, case: Case) -> Case:
    """Take a case that somebody else has in hand; they see who did."""
    directory_policy.require(by, policy.may_act_in, case)
    case, now = locked(case), timezone.now()
    holder = case.held_by(now)
    if holder is None or holder.pk == by.pk:
        return claim_case(by=by, case=case)
    case.claimed_by, case.claimed_at = by, now
    happened(case, Type.TAKEN_OVER, by=by, at=now, was=holder.pk)
    return hold(case, by)


@transaction.atomic
def release_case(*, by: Person, case: Case) -> Case:
    """Let a case go that one has in hand."""
    directory_policy.require(by, policy.may_act_in, case)
    case = locked(case)
    if case.claimed_by_id != by.pk:
        return case
    case.claimed_by = case.claimed_at = case.claim_until = None
    case.save(update_fields=["claimed_by", "claimed_at", "claim_until"])
    happened(case, Type.RELEASED, by=by)
    return case


def check_free(case: Case, by: Person) -> None:
    """Raises Held when somebody else has it in hand."""
    holder = case.held_by(timezone.now())
    if holder is not None and holder.pk != by.pk:
        raise Held(holder)


def check_not_merged(case: Case) -> None:
    """Raises ValidationError for a case that goes on in another."""
    if case.merged_into_id is not None:
        raise ValidationError(_("This case is part of another. Go on there."))


def hold(case: Case, by: Person) -> Case:
    """Let a claim last from now on. Without one, what is done in a case claims it quietly."""
    now = timezone.now()
    if case.claimed_by_id != by.pk:
        case.claimed_by, case.claimed_at = by, now
    case.claim_until = now + CLAIM
    case.save(update_fields=["claimed_by", "claimed_at", "claim_until"])
    return case


def note_presence(*, by: Person, case: Case, writes: bool) -> None:
    """Say that somebody has a case before them, or writes in it. A claim lasts while they are there."""
    directory_policy.require(by, policy.may_act_in, case)
    now = timezone.now()
    told = {"writes": writes, "until": now + HERE}
    # Thirty people say so twice a second between them: one statement, and mostly the only one that writes.
    if not Presence.objects.filter(case=case, person=by).update(**told):
        Presence.objects.update_or_create(case=case, person=by, defaults=told)
    if case.claimed_by_id == by.pk:
        mine = Case.objects.filter(pk=case.pk, claimed_by=by, claim_until__gt=now)
        mine.update(claim_until=now + CLAIM)
