"""Who may say what of patterns, and who is alerted."""

from openroads.directory.models import Person
from openroads.directory.policy import has_role
from openroads.listening.patterns.models import AlertRule
from openroads.listening.policy import LISTENERS, may_read_conversations

__all__ = ["may_alert_teams", "may_change_rule", "may_read_conversations", "may_try_detector"]


def may_alert_teams(person: Person) -> bool:
    """Have a whole team alerted, and webhooks told; everybody who reads conversations may have
    themselves alerted."""
    return has_role(person, *LISTENERS)


def may_change_rule(person: Person, rule: AlertRule) -> bool:
    """Change or end a rule: one's own, and a team's for who may make these."""
    if rule.person_id is not None:
        return may_read_conversations(person) and rule.person_id == person.pk
    return may_alert_teams(person)


def may_try_detector(person: Person) -> bool:
    """Have it tried out on the house's own history."""
    return has_role(person, *LISTENERS)
