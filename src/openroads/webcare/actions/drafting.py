"""Drafts: what is being written is kept as it is typed, and found again, also on another device."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from openroads.directory import policy as directory_policy
from openroads.directory.models import Person
from openroads.webcare import policy
from openroads.webcare.models import Case, Draft

KINDS = ("public", "private", "note")


@transaction.atomic
def keep_draft(
    *, by: Person, case: Case, text: str, kind: str, seen: int, helped_by: Sequence[str] = ()
) -> Draft | None:
    """Keep what somebody is writing; nothing but spaces takes the draft away."""
    directory_policy.require(by, policy.may_act_in, case)
    if not text.strip():
        Draft.objects.filter(case=case, by=by).delete()
        return None
    kept, _made = Draft.objects.update_or_create(
        case=case, by=by,
        defaults={
            "text": text[:20_000], "kind": kind if kind in KINDS else "public", "seen": seen,
            "helped_by": list(helped_by)[:20], "saved_at": timezone.now(),
        },
    )  # fmt: skip
    return kept


def drop_draft(*, by: Person, case: Case) -> None:
    """Throw away what one was writing."""
    directory_policy.require(by, policy.may_act_in, case)
    Draft.objects.filter(case=case, by=by).delete()
