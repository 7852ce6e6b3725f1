"""Who may look after what leaves the house."""

from openroads.directory.models import Person
from openroads.directory.policy import has_role
from openroads.directory.roles import Role


def may_keep_delivery(person: Person) -> bool:
    """Stop jobs, and say of a delivery in doubt that it left or must be tried again."""
    return has_role(person, Role.ADMINISTRATOR, everywhere=True)
