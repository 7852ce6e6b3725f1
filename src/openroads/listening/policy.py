"""Who may do what in the listening room."""

from openroads.directory.models import Membership, Person
from openroads.directory.policy import has_role
from openroads.directory.roles import Role
from openroads.listening.explore.models import Event, SavedView

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


def may_assess(person: Person) -> bool:
    """Read and take along the assessment of what listening means for people."""
    return has_role(person, *LISTENERS, everywhere=True)


def may_mark_events(person: Person) -> bool:
    """Mark what happened on a day, and take a mark away."""
    return has_role(person, *LISTENERS)


def may_forget_view(person: Person, view: SavedView) -> bool:
    """Take a saved view away: only who saved it."""
    return may_read_conversations(person) and view.by_id == person.pk


def may_see_view(person: Person, view: SavedView) -> bool:
    """Open a saved view: who saved it, and those it is shared with."""
    if not may_read_conversations(person):
        return False
    if view.shared or view.by_id == person.pk:
        return True
    parts = Membership.objects.filter(person=person)
    if view.team_id and parts.filter(team=view.team_id).exists():
        return True
    return bool(view.department_id) and parts.filter(department=view.department_id).exists()


def may_note_on(person: Person, view: SavedView) -> bool:
    """Write a note on the lines of a view: everybody who sees it."""
    return may_see_view(person, view)


def may_take_mark_away(person: Person, event: Event) -> bool:
    """Take a mark away: who may mark events, and of a note also who wrote it and whose view it is."""
    if may_mark_events(person):
        return True
    if event.view is None or not may_read_conversations(person):
        return False
    return person.pk in (event.by_id, event.view.by_id)
