"""Who may do what in webcare."""

from openroads.directory.models import Person
from openroads.directory.policy import has_role
from openroads.directory.roles import Role
from openroads.webcare.models import Case

LEADS = (Role.CONVERSATION_MANAGER, Role.ADMINISTRATOR)


def may_answer(person: Person) -> bool:
    """See cases and answer people. Which cases is for `queries.cases_for` to say. Nobody else sees
    them: who answers has to know who people are, others do not."""
    return has_role(person, Role.WEBCARE_AGENT)


def answers_everywhere(person: Person) -> bool:
    """Whether no team is out of sight."""
    return has_role(person, Role.WEBCARE_AGENT, everywhere=True)


def may_approve(person: Person, writer: Person | None) -> bool:
    """Be the second person who looks at an answer: anybody who answers but its writer."""
    return may_answer(person) and (writer is None or writer.pk != person.pk)


def may_act_in(person: Person, case: Case) -> bool:
    """Do something in a case one sees."""
    return answers_everywhere(person) or (
        case.team is not None and has_role(person, Role.WEBCARE_AGENT, team=case.team)
    )


def may_lead(person: Person) -> bool:
    """Set rules, clocks, calendars and the approach, and see figures of all."""
    return has_role(person, *LEADS)


def may_see_figures(person: Person) -> bool:
    """See how webcare goes: who answers, who leads, and who decides."""
    return has_role(
        person, *LEADS, Role.WEBCARE_AGENT, Role.LISTENER, Role.DEPARTMENT_HEAD, Role.DECISION_MAKER
    )
