"""What people do with patterns: see them, say whether they were good to know, and ask to be alerted."""

from datetime import time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person, Team
from openroads.listening.patterns import policy
from openroads.listening.patterns.models import AlertRule, Pattern, PatternReading


@transaction.atomic
def see(*, by: Person, pattern: Pattern) -> PatternReading:
    """Write down that somebody opened a pattern: colleagues see who knows."""
    directory_policy.require(by, policy.may_read_conversations)
    reading, _made = PatternReading.objects.get_or_create(pattern=pattern, person=by)
    return reading


@transaction.atomic
def judge(*, by: Person, pattern: Pattern, verdict: str) -> PatternReading:
    """Say whether a pattern was good to know; the last word of a person counts. An empty verdict takes
    it back. Of these the precision on the page of measurements is made."""
    directory_policy.require(by, policy.may_read_conversations)
    if verdict not in PatternReading.Verdict.values:
        raise ValidationError({"verdict": _("Say whether it was good to know.")})
    reading, _made = PatternReading.objects.select_for_update().get_or_create(
        pattern=pattern, person=by
    )
    if reading.verdict != verdict:
        reading.verdict, reading.said_at = verdict, timezone.now()
        reading.save(update_fields=["verdict", "said_at"])
        trail.record(by, "judged a pattern", pattern, name=pattern.shown, value=verdict)
    return reading


@transaction.atomic
def add_rule(
    *, by: Person, team: Team | None = None, series: str = "", least: int = 10, mail: bool = False,
    hook: bool = False, quiet_from: time | None = None, quiet_until: time | None = None,
) -> AlertRule:  # fmt: skip
    """Have oneself alerted, or with `team` everybody in it. Webhooks are told on behalf of the house, so
    only who may alert teams can have them told."""
    directory_policy.require(by, policy.may_read_conversations)
    if team is not None or hook:
        directory_policy.require(by, policy.may_alert_teams)
    _refuse_half_a_night(quiet_from, quiet_until)
    rule = AlertRule.objects.create(
        person=None if team else by, team=team, series=series, least=least, mail=mail, hook=hook,
        quiet_from=quiet_from, quiet_until=quiet_until, by=by,
    )  # fmt: skip
    trail.record(by, "asked for alerts", rule, series=series, team=str(team or ""), least=least)
    return rule


@transaction.atomic
def change_rule(
    *, by: Person, rule: AlertRule, series: str, least: int, mail: bool, hook: bool,
    quiet_from: time | None, quiet_until: time | None,
) -> None:  # fmt: skip
    """Change what a rule is about and how it tells."""
    directory_policy.require(by, policy.may_change_rule, rule)
    if hook and not rule.hook:
        directory_policy.require(by, policy.may_alert_teams)
    _refuse_half_a_night(quiet_from, quiet_until)
    rule.series, rule.least, rule.mail, rule.hook = series, least, mail, hook
    rule.quiet_from, rule.quiet_until = quiet_from, quiet_until
    rule.save()
    trail.record(by, "changed alerts", rule, series=series, least=least)


@transaction.atomic
def pause_rule(*, by: Person, rule: AlertRule, paused: bool) -> None:
    """Be left alone for now, or hear of things again."""
    directory_policy.require(by, policy.may_change_rule, rule)
    if rule.paused != paused:
        rule.paused = paused
        rule.save(update_fields=["paused"])
        trail.record(by, "paused alerts" if paused else "resumed alerts", rule)


@transaction.atomic
def end_rule(*, by: Person, rule: AlertRule) -> None:
    """Hear no more of it."""
    directory_policy.require(by, policy.may_change_rule, rule)
    trail.record(by, "ended alerts", rule, series=rule.series)
    rule.delete()


def _refuse_half_a_night(first: time | None, last: time | None) -> None:
    if (first is None) != (last is None):
        raise ValidationError(
            {"quiet_until": _("Say both from when and until when it is to be silent.")}
        )
