"""Who may do what with successes and spotlights."""

from openroads.champions.models import Spotlight, Success
from openroads.directory.models import Person
from openroads.directory.policy import has_role
from openroads.directory.roles import Role

INSIDE = tuple(role for role in Role if role != Role.CUSTOMER)
KEEPERS = (Role.CONVERSATION_MANAGER, Role.EDITOR)
RECORDERS = (*KEEPERS, Role.CHAMPION, Role.WEBCARE_AGENT)
SEES_MONEY = (*KEEPERS, Role.DECISION_MAKER, Role.DEPARTMENT_HEAD)


def may_read(person: Person) -> bool:
    """Open this room: everybody who works here. Which successes is for `queries.successes_for` to say."""
    return has_role(person, *INSIDE)


def may_keep(person: Person) -> bool:
    """See all of them, confirm, and take back what should not be told."""
    return has_role(person, *KEEPERS)


def may_record(person: Person) -> bool:
    """Write a success down, of oneself or of a colleague."""
    return has_role(person, *RECORDERS)


def is_of(person: Person, success: Success) -> bool:
    """Whether somebody made or recorded it."""
    return person.pk in (success.owner_id, success.recorded_by_id)


def may_correct(person: Person, success: Success) -> bool:
    """Correct or withdraw: whose it is, who recorded it, and who keeps them."""
    return may_read(person) and (is_of(person, success) or may_keep(person))


def may_confirm(person: Person, success: Success) -> bool:
    """Say that it is so: a keeper, and a second person; never whose it is or who wrote it down."""
    return may_keep(person) and not is_of(person, success)


def may_let_tell(person: Person, success: Success) -> bool:
    """Say that others may hear of it: whose it is, and nobody else for them."""
    return may_read(person) and person.pk == success.owner_id


def may_keep_silent(person: Person, success: Success) -> bool:
    """Say that fewer people may hear of it than now."""
    return may_let_tell(person, success) or may_keep(person)


def sees_all_money(person: Person) -> bool:
    """See what any success one sees brought in money; others see it of their own only."""
    return has_role(person, *SEES_MONEY)


def sees_money_of(person: Person, success: Success) -> bool:
    return is_of(person, success) or sees_all_money(person)


def may_ask_for_spotlight(person: Person) -> bool:
    """Put a colleague forward."""
    return has_role(person, *RECORDERS, Role.DEPARTMENT_HEAD)


def may_answer_spotlight(person: Person, spotlight: Spotlight) -> bool:
    """Say yes or no, and step out again: the person, whatever their role."""
    return may_read(person) and person.pk == spotlight.person_id


def may_call_off(person: Person, spotlight: Spotlight) -> bool:
    """End it: who asked for it, and who keeps them."""
    return may_read(person) and (person.pk == spotlight.asked_by_id or may_keep(person))
