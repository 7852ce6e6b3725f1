"""Who may do what in the listening room."""

from openroads.directory.models import Person
from openroads.directory.policy import has_role
from openroads.directory.roles import Role
from openroads.listening.explore.models import SavedView

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


def may_erase(person: Person) -> bool:
    """Look up what is held of an author, hand it out, and erase it."""
    return has_role(person, Role.ADMINISTRATOR, everywhere=True)


def may_set_keeping(person: Person) -> bool:
    """Say how long posts are kept, and take out what is past that."""
    return has_role(person, Role.ADMINISTRATOR, everywhere=True)


def may_import(person: Person) -> bool:
    """Bring conversations in, and stop or resume an import."""
    return has_role(person, *LISTENERS, everywhere=True)


def may_keep_sources(person: Person) -> bool:
    """Follow a feed, read the company's site, add its own texts."""
    return has_role(person, *LISTENERS, everywhere=True)


def may_mark_events(person: Person) -> bool:
    """Mark what happened on a day, and take a mark away."""
    return has_role(person, *LISTENERS)


def may_forget_view(person: Person, view: SavedView) -> bool:
    """Take a saved view away: only who saved it."""
    return may_read_conversations(person) and view.by_id == person.pk
