"""Who may copy the house."""

from openroads.directory.models import Person
from openroads.directory.policy import has_role
from openroads.directory.roles import Role


def may_keep_house(person: Person) -> bool:
    """Make backups and take them out: they hold everything."""
    return has_role(person, Role.ADMINISTRATOR, everywhere=True)
