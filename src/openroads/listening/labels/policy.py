"""Who may say what a post is, and who decides which model reads them."""

from openroads.directory.models import Person
from openroads.directory.policy import has_role
from openroads.directory.roles import Role
from openroads.listening.labels.models import Label
from openroads.listening.policy import LISTENERS
from openroads.listening.topics.models import TopicLabel


def may_label(person: Person) -> bool:
    """Correct a post, confirm it, and check posts of a random sample."""
    return has_role(person, *LISTENERS, Role.WEBCARE_AGENT)


def may_undo_label(person: Person, label: Label | TopicLabel) -> bool:
    """Take a label back: whoever gave it, and whoever teaches."""
    return may_label(person) and (label.by_id == person.pk or may_teach(person))


def may_teach(person: Person) -> bool:
    """Draw samples, have a model learned, and go back to an earlier one."""
    return has_role(person, *LISTENERS, everywhere=True)
