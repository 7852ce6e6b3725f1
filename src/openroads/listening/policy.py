"""Who may do what in the listening room."""

from openroads.directory.models import Person
from openroads.directory.policy import has_role
from openroads.directory.roles import Role

LISTENERS = (Role.CONVERSATION_MANAGER, Role.LISTENER, Role.ADMINISTRATOR)
READERS = (
    *LISTENERS,
    Role.WEBCARE_AGENT,
    Role.EDITOR,
    Role.CHAMPION,
    Role.DEPARTMENT_HEAD,
    Role.DECISION_MAKER,
)


def may_read_conversations(person: Person) -> bool:
    """See the gap, the posts behind it and the sources."""
    return has_role(person, *READERS)


def may_import(person: Person) -> bool:
    """Bring conversations in, and stop or resume an import."""
    return has_role(person, *LISTENERS, everywhere=True)


def may_keep_sources(person: Person) -> bool:
    """Follow a feed, read the company's site, add its own texts."""
    return has_role(person, *LISTENERS, everywhere=True)
