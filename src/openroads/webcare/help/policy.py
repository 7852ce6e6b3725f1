"""Who may do what with articles."""

from openroads.directory.models import Person
from openroads.directory.policy import has_role
from openroads.directory.roles import Role
from openroads.webcare import policy

WRITERS = (*policy.LEADS, Role.WEBCARE_AGENT, Role.EDITOR)


def may_see_articles(person: Person) -> bool:
    """See articles in the house, drafts too, with how they did: who writes them and who sees figures."""
    return may_write(person) or policy.may_see_figures(person)


def may_write(person: Person) -> bool:
    """Begin an article, write a version, say that it is still right."""
    return has_role(person, *WRITERS)


def may_publish(person: Person) -> bool:
    """Let the world read it, and end it: who leads, who edits, and who answers everywhere."""
    return has_role(person, *policy.LEADS, Role.EDITOR) or policy.answers_everywhere(person)


def may_set_centre(person: Person) -> bool:
    """Say whether search engines may find the help centre."""
    return policy.may_lead(person)
