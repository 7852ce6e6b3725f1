"""Who may do what with approaches and questions to colleagues."""

from openroads.directory.models import Person
from openroads.directory.policy import has_role
from openroads.directory.roles import Role
from openroads.webcare import policy
from openroads.webcare.approach.models import ColleagueQuestion
from openroads.webcare.models import Case

INSIDE = tuple(role for role in Role if role != Role.CUSTOMER)


def may_read_approach(person: Person) -> bool:
    """Read how we answer whom: everybody who works here."""
    return has_role(person, *INSIDE)


def may_keep_approach(person: Person) -> bool:
    """Write it, change it, end it."""
    return policy.may_lead(person)


def may_see_measured(person: Person) -> bool:
    """See how it goes."""
    return policy.may_see_figures(person)


def may_ask(person: Person, case: Case) -> bool:
    """Ask a colleague about a case, or say by which approach it is answered: who acts in it."""
    return policy.may_act_in(person, case)


def may_withdraw(person: Person, question: ColleagueQuestion) -> bool:
    """Take a question back: who acts in its case."""
    return policy.may_act_in(person, question.case)


def may_set_mailbox(person: Person) -> bool:
    """Say where colleagues' answers arrive by mail."""
    return policy.may_lead(person)
