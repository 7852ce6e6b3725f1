"""Who sees names, and who says so."""

from django.db.models import Q
from django.utils import timezone

from openroads.directory.models import Person
from openroads.directory.policy import has_role
from openroads.directory.roles import Role
from openroads.listening.models import Import, SeesNames

ANSWER = (Role.WEBCARE_AGENT,)
"""Who answers people has to know who they are."""
_KEPT = "_sees_names_today"


def may_see_names(person: Person) -> bool:
    """See who wrote a post: who answers, and who was given sight of names; asked once per person in
    memory (so once per page). An administrator sees names where they look an author up, and only
    there: that is another right."""
    if has_role(person, *ANSWER):
        return True
    today = timezone.localdate()
    kept: tuple[object, bool] | None = person.__dict__.get(_KEPT)
    if kept is None or kept[0] != today:
        holds = Q(until=None) | Q(until__gt=today)
        given = SeesNames.objects.filter(holds, person=person.pk, since__lte=today)
        kept = (today, person.is_active and given.exists())
        person.__dict__[_KEPT] = kept
    return kept[1]


def may_see_file(person: Person, item: Import) -> bool:
    """See the rows of a file that was brought in, names and all: who brought it, and who sees names."""
    return item.by_id == person.pk or may_see_names(person)


def forget_sight(person: Person) -> None:
    """Ask anew next time: after sight was given or taken."""
    person.__dict__.pop(_KEPT, None)


def may_keep_sight(person: Person) -> bool:
    """Say who sees names."""
    return has_role(person, Role.ADMINISTRATOR, everywhere=True)
