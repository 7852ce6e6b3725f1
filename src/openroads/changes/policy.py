"""Who may do what with insights, decisions and changes."""

from django.utils import timezone

from openroads.changes.models import Change, Delegate, Insight
from openroads.directory.models import Department, Person
from openroads.directory.policy import has_role
from openroads.directory.roles import Role

LISTENERS = (Role.CONVERSATION_MANAGER, Role.LISTENER, Role.ADMINISTRATOR)
OPENERS = (*LISTENERS, Role.WEBCARE_AGENT, Role.EDITOR, Role.CHAMPION, Role.DEPARTMENT_HEAD)
READERS = (*OPENERS, Role.DECISION_MAKER)


def may_see_insights(person: Person) -> bool:
    """See insights at all. Which ones is for `queries.insights_for` to say."""
    return has_role(person, *READERS)


def sees_every_insight(person: Person) -> bool:
    """Whether no department is out of sight: everybody but a head of one department only."""
    others = tuple(role for role in READERS if role != Role.DEPARTMENT_HEAD)
    return has_role(person, *others) or has_role(person, Role.DEPARTMENT_HEAD, everywhere=True)


def may_open_insight(person: Person) -> bool:
    """Open an insight, and add evidence to one that waits."""
    return has_role(person, *OPENERS)


def is_head_of(person: Person, department: Department) -> bool:
    """Whether somebody decides for a department."""
    if department.head_id == person.pk and person.is_active:
        return True
    return has_role(person, Role.DEPARTMENT_HEAD, department=department) and not has_role(
        person, Role.DEPARTMENT_HEAD, everywhere=True
    )


def may_hand_insight(person: Person, insight: Insight) -> bool:
    """Give an insight to another department or owner: who listens, and the head who has it now."""
    return has_role(person, *LISTENERS) or is_head_of(person, insight.department)


def may_withdraw_insight(person: Person, insight: Insight) -> bool:
    """Take an insight back: who opened it, and who listens. The department decides instead."""
    return has_role(person, *LISTENERS) or (
        may_open_insight(person) and insight.opened_by_id == person.pk
    )


def may_join_insights(person: Person) -> bool:
    """Say that two insights are one."""
    return has_role(person, *LISTENERS)


def decides_for(person: Person, department: Department) -> bool:
    """Whether somebody may decide for a department: its head, or who stands in for them today."""
    if is_head_of(person, department):
        return True
    today = timezone.localdate()
    stands_in = Delegate.objects.filter(person=person, department=department, until__gte=today)
    return person.is_active and stands_in.exists()


def may_decide(person: Person, insight: Insight) -> bool:
    """Answer an insight: the head of the department it was given to, and who stands in. Nobody else,
    however high: the department carries it out."""
    return person.is_system or decides_for(person, insight.department)


def may_let_decide(person: Person, department: Department) -> bool:
    """Let somebody decide beside the head: the head."""
    return is_head_of(person, department)


def may_keep_change(person: Person, change: Change) -> bool:
    """Postpone, correct, stop or go live: its owner, who decides for its department, and the
    conversation manager."""
    return (
        change.owner_id == person.pk
        or has_role(person, Role.CONVERSATION_MANAGER)
        or decides_for(person, change.department)
    )


def may_measure(person: Person) -> bool:
    """Count again beside the schedule: who listens."""
    return has_role(person, *LISTENERS)


TELLERS = (Role.WEBCARE_AGENT, Role.CONVERSATION_MANAGER)


def may_tell_back(person: Person) -> bool:
    """Write what is told, read each draft with the name it goes to, and send it: who answers everywhere, and
    nobody else sees these names here. Who answers for one team only sees names of that team's cases."""
    return has_role(person, Role.WEBCARE_AGENT, everywhere=True)


def may_begin_telling(person: Person) -> bool:
    """Write the text for all; it names nobody."""
    return has_role(person, *TELLERS)


def may_publish(person: Person) -> bool:
    """Put an answer on the public page: who leads the conversation, and the editor."""
    return has_role(person, Role.CONVERSATION_MANAGER, Role.EDITOR)


def may_keep_trackers(person: Person) -> bool:
    """Give a tracker an address to tell us at."""
    return has_role(person, Role.ADMINISTRATOR, everywhere=True)
