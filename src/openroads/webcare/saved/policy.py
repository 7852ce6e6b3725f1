"""Who may do what with saved replies."""

from openroads.directory.models import Person
from openroads.webcare import policy
from openroads.webcare.saved.models import SavedReply


def may_see_replies(person: Person) -> bool:
    """See and use them: who answers, and who leads."""
    return policy.may_answer(person) or policy.may_lead(person)


def may_propose(person: Person) -> bool:
    """Write one, or change one; it waits for a second person again."""
    return may_see_replies(person)


def may_approve(person: Person, reply: SavedReply) -> bool:
    """Be the second person: anybody who answers everywhere or leads, but who wrote it last."""
    able = policy.may_lead(person) or policy.answers_everywhere(person)
    return able and (person.is_system or reply.proposed_by_id != person.pk)


def may_end(person: Person, reply: SavedReply) -> bool:
    """End one before its day: its owner, and who leads."""
    return policy.may_lead(person) or (may_see_replies(person) and reply.owner_id == person.pk)
