"""Who may follow, plan, export, and read how far listening reaches."""

from openroads.directory.models import Membership, Person, Team
from openroads.directory.policy import has_role
from openroads.directory.roles import Role
from openroads.listening.culture.models import Hour, Subscription
from openroads.listening.policy import LISTENERS, may_read_conversations


def may_subscribe(person: Person) -> bool:
    """Follow something oneself: whoever may read it."""
    return may_read_conversations(person)


def may_subscribe_team(person: Person, team: Team) -> bool:
    """Let a team follow something: who listens, and who is in the team."""
    return has_role(person, *LISTENERS) or (may_read_conversations(person) and is_in(person, team))


def may_end(person: Person, subscription: Subscription) -> bool:
    """End a subscription for good: whose it is, who made it, and who listens."""
    own = person.pk in (subscription.person_id, subscription.by_id)
    return may_read_conversations(person) and (own or has_role(person, *LISTENERS))


def may_plan_hour(person: Person, team: Team) -> bool:
    """Plan a listening hour for a team."""
    return may_subscribe_team(person, team)


def may_sit(person: Person, hour: Hour) -> bool:
    """Read along: the team, and who listens."""
    return may_subscribe_team(person, hour.team)


def may_export_posts(person: Person) -> bool:
    """Take posts out of the house as a file: who listens, for the whole company."""
    return has_role(person, *LISTENERS, everywhere=True)


def may_see_reach(person: Person) -> bool:
    """See how far listening reaches, per department."""
    return has_role(person, *LISTENERS, Role.DEPARTMENT_HEAD, Role.DECISION_MAKER)


def is_in(person: Person, team: Team) -> bool:
    """Whether somebody belongs to a team."""
    return Membership.objects.filter(person=person, team=team).exists()
