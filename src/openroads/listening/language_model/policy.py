"""Who says what may be sent to a language model, who asks it, and who says whether it is right."""

from openroads.directory.models import Person
from openroads.directory.policy import has_role
from openroads.directory.roles import Role
from openroads.listening.labels.policy import may_label
from openroads.listening.topics.policy import may_define_topics


def may_allow_sources(person: Person) -> bool:
    """Say that posts of a source may be sent outside the house, and see what that costs."""
    return has_role(person, Role.ADMINISTRATOR, everywhere=True)


def may_ask_label(person: Person) -> bool:
    """Have a label written, within what is allowed and the budget."""
    return may_define_topics(person)


def may_judge_label(person: Person) -> bool:
    """Say whether a written label is right."""
    return may_label(person)
