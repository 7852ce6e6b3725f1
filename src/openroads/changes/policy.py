"""Who may do what with insights."""

from openroads.changes.models import Insight
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
