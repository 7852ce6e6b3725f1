"""Keeping the register of approaches, and placing cases under them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.connectors.plain import clean
from openroads.directory import trail
from openroads.directory.models import Person
from openroads.directory.policy import require
from openroads.webcare.approach import policy
from openroads.webcare.approach.matching import best_of
from openroads.webcare.approach.models import Approach, CaseApproach
from openroads.webcare.approach.queries import in_force
from openroads.webcare.models import Case

FIELDS = ("name", "people", "department", "role", "steps", "tone", "legal", "target", "minutes", "intent", "words")  # fmt: skip


@transaction.atomic
def add_approach(*, by: Person, told: Mapping[str, Any]) -> Approach:
    """Say how one kind of question of one kind of people is answered (`told` by the names of its fields).
    Raises ValidationError without a name or people, and where the two stand already."""
    require(by, policy.may_keep_approach)
    approach = Approach()
    _tell(approach, told)
    approach.save()
    trail.record(by, "wrote an approach", approach, name=str(approach))
    return approach


@transaction.atomic
def change_approach(*, by: Person, approach: Approach, told: Mapping[str, Any]) -> Approach:
    """Say it otherwise from now on; what it said before stands in the trail."""
    require(by, policy.may_keep_approach)
    before = {name: getattr(approach, name) for name in FIELDS}
    _tell(approach, told)
    changed = {
        name: {"was": _said(before[name]), "now": _said(getattr(approach, name))}
        for name in FIELDS
        if before[name] != getattr(approach, name)
    }
    if changed:
        approach.changed_at = timezone.now()
        approach.save()
        trail.record(by, "changed an approach", approach, **({"name": str(approach)} | changed))
    return approach


@transaction.atomic
def end_approach(*, by: Person, approach: Approach) -> None:
    """Answer by it no more."""
    require(by, policy.may_keep_approach)
    if approach.ended_at is None:
        approach.ended_at = timezone.now()
        approach.save(update_fields=["ended_at"])
        trail.record(by, "ended an approach", approach, name=str(approach))


@transaction.atomic
def place_case(*, by: Person, case: Case, approach: Approach | None) -> None:
    """Say by which approach a case is answered; None: by none of them, until its words say otherwise."""
    require(by, policy.may_ask, case)
    if approach is None:
        CaseApproach.objects.filter(case=case).delete()
        return
    CaseApproach.objects.update_or_create(
        case=case, defaults={"approach": approach, "by": by, "at": timezone.now()}
    )


@transaction.atomic
def place_by_words(*, case: Case, text: str, now: datetime | None = None) -> Approach | None:
    """Place a case under the approach its first words ask for; what a person chose stays. Gives it."""
    found = best_of(in_force(), text, case.language, case.intent)
    if found is None:
        return None
    row, _made = CaseApproach.objects.get_or_create(
        case=case, defaults={"approach": found, "at": now or timezone.now()}
    )
    return row.approach


def _tell(approach: Approach, told: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in told:
            value = told[name]
            setattr(approach, name, clean(value) if isinstance(value, str) else value)
    if not approach.name or not approach.people:
        raise ValidationError({"name": _("Say what is asked, and by whom.")})
    others = Approach.objects.filter(ended_at=None).exclude(pk=approach.pk)
    if others.filter(name=approach.name, people=approach.people).exists():
        raise ValidationError({"name": _("There is an approach for this already.")})


def _said(value: object) -> str:
    return str(value or "")[:300]
