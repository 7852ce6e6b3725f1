"""Who may say what a topic is."""

from openroads.directory.models import Person
from openroads.directory.policy import has_role
from openroads.listening.policy import LISTENERS


def may_define_topics(person: Person) -> bool:
    """Define a topic, change its query, put it away: listeners and whoever leads the programme.
    Everybody who may read conversations may look at topics and explore by them."""
    return has_role(person, *LISTENERS)
