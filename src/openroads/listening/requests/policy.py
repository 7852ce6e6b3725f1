"""Who answers what people ask about their own posts."""

from openroads.directory.models import Person
from openroads.listening.policy import may_erase


def may_answer_requests(person: Person) -> bool:
    """Read what people asked, hand out, erase, and close: who may erase."""
    return may_erase(person)
