"""The people of the demo company, for its login page."""

from dataclasses import dataclass

from django import template

from openroads.directory.models import Person
from openroads.directory.roles import Role
from openroads.web.welcome import is_demo_house

register = template.Library()

FIRST = ("conversation_manager", "listener", "webcare_agent", "department_head", "administrator")


@dataclass(frozen=True)
class DemoPerson:
    """Somebody one can be on the demo."""

    pk: int
    name: str
    role: str


@register.simple_tag
def demo_people() -> list[DemoPerson]:
    """One person per role, those who see most first, and two who answer: an inbox is shared. Nobody unless
    the demo company is served."""
    if not is_demo_house():
        return []
    found: dict[str, list[DemoPerson]] = {}
    people = Person.objects.filter(is_active=True, is_system=False).prefetch_related("grants")
    for person in people.order_by("pk"):
        for grant in person.grants.all():
            told = found.setdefault(grant.role, [])
            if len(told) < (2 if grant.role == Role.WEBCARE_AGENT else 1):
                told.append(DemoPerson(person.pk, person.name, grant.get_role_display()))
    order = {role: place for place, role in enumerate(FIRST)}
    roles = sorted(found, key=lambda role: (order.get(role, 99), role))
    return [person for role in roles for person in found[role]]
