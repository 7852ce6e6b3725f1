"""How long the house keeps what stands outside the archive: rooms say what they have, one number of months is kept for each.

A room declares what it keeps (`declare_kept`) and takes out itself what is past its time; the page on which
it is said knows neither the room nor its tables.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from openroads.archive.scope import midnight
from openroads.directory import policy, trail
from openroads.directory.models import KeptFor, Person
from openroads.directory.roles import Role

LONGEST = 600
"""Months: fifty years."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that is kept for a time: what it is called, what goes when it is past that (a sentence), how
    the public is told of it, and how many are past a moment now."""

    name: str
    label: Promise
    goes: Promise
    public: Promise
    past: Callable[[datetime], int]


KEPT: dict[str, Kept] = {}


def declare_kept(kept: Kept) -> None:
    """A room says what of it is kept for a time."""
    KEPT[kept.name] = kept


def months_kept(name: str) -> int:
    """How many months it is kept; 0 is for good, which holds until somebody says otherwise."""
    return KeptFor.objects.filter(name=name).values_list("months", flat=True).first() or 0


def past_its_time(name: str, today: date | None = None) -> datetime | None:
    """The moment before which nothing of it is kept; None where it is kept for good."""
    months = months_kept(name)
    return kept_since(today or timezone.localdate(), months) if months else None


def kept_since(today: date, months: int) -> datetime:
    """Midnight UTC of the same day so many months ago; the last of that month where it has no such
    day."""
    count = today.year * 12 + today.month - 1 - months
    year, month = divmod(count, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return midnight(date(year, month + 1, min(today.day, last))).astimezone(UTC)


def _may_say(person: Person) -> bool:
    return policy.has_role(person, Role.ADMINISTRATOR, everywhere=True)


@transaction.atomic
def keep_for(*, by: Person, months: Mapping[str, int]) -> None:
    """Say how many months each of these is kept. Nothing goes before the next night."""
    policy.require(by, _may_say)
    for name, number in months.items():
        if name not in KEPT or not 0 <= number <= LONGEST:
            raise ValidationError(_("Between 0 and %(n)s months.") % {"n": LONGEST})
        row, made = KeptFor.objects.select_for_update().get_or_create(name=name)
        if row.months != number or (made and number):
            trail.record(by, "set how long something is kept", row, name=name, months={"was": row.months, "now": number})  # fmt: skip
            row.months = number
            row.save(update_fields=["months"])
