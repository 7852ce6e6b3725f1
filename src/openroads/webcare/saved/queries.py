"""Reading saved replies: those in use while answering, and all of them with how they did."""

from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from openroads.directory.models import Person
from openroads.directory.queries import people_to_choose
from openroads.directory.roles import Role
from openroads.webcare import policy as room
from openroads.webcare.saved import policy
from openroads.webcare.saved.models import SavedReply

State = SavedReply.State


def replies_for(person: Person) -> QuerySet[SavedReply]:
    """The saved replies somebody may see, with how often each was used."""
    if not policy.may_see_replies(person):
        return SavedReply.objects.none()
    found = SavedReply.objects.select_related("owner", "proposed_by", "approved_by")
    return found.annotate(used=Count("uses"))


def counts_by_state(person: Person) -> dict[str, int]:
    """How many stand in each state."""
    if not policy.may_see_replies(person):
        return {}
    rows = SavedReply.objects.order_by().values_list("state").annotate(n=Count("pk"))
    counted = dict(rows)
    return {value: int(counted.get(value, 0)) for value in State.values}


def in_use(language: str = "", today: date | None = None) -> QuerySet[SavedReply]:
    """Those that can be used now, of a language or of any."""
    found = SavedReply.objects.filter(
        state=State.APPROVED, expires_on__gt=today or timezone.localdate()
    )
    return found.filter(language=language) if language else found


def reply_of_code(code: str, language: str) -> SavedReply | None:
    """The one typed as /accu: in the language of the case, else in the other one."""
    rows = list(in_use().filter(code=code.removeprefix("/").lower()))
    rows.sort(key=lambda one: one.language != language)
    return rows[0] if rows else None


def codes_like(begun: str, language: str, most: int = 8) -> list[SavedReply]:
    """Those whose short code begins so, or whose title holds it."""
    begun = begun.removeprefix("/").lower()
    found = in_use(language).filter(Q(code__startswith=begun) | Q(title__icontains=begun))
    return list(found.order_by("code")[:most])


def owners_to_choose() -> QuerySet[Person]:
    """Colleagues who can own a saved reply."""
    wanted = [role.value for role in (*room.LEADS, Role.WEBCARE_AGENT)]
    return people_to_choose().filter(grants__role__in=wanted).distinct()
