"""The rules of who is alerted to what, in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.archive.queries.patterns import sources_began
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening.patterns import policy, queries
from openroads.listening.patterns.models import AlertRule, Pattern
from openroads.listening.patterns.saying import about
from openroads.listening.patterns.series import Watched, watched_series
from openroads.listening.remembering import remembered
from openroads.ui.formats import listed, moment, number


@dataclass(frozen=True)
class RuleRow:
    """A rule: whom it tells of what, how, and what it told last."""

    rule: AlertRule
    whom: str
    what: str
    how: str
    silent: str
    told: str
    may_change: bool


@dataclass(frozen=True)
class RulesPage:
    """All that the page shows."""

    finding: str
    rows: Sequence[RuleRow]


def rules_page(person: Person) -> RulesPage:
    """One's own rules first, then those of teams."""
    rules = sorted(queries.rules_for(person), key=lambda rule: (rule.team_id is not None, rule.pk))
    names = {one.key: about(one.what, one.name) for one in to_choose("")}
    rows = [_row(person, rule, names) for rule in rules]
    mine = sum(rule.person_id == person.pk and not rule.paused for rule in rules)
    if not rows:
        finding = _("Nobody is alerted yet")
    elif mine:
        finding = ngettext("You are alerted by %(n)s rule", "You are alerted by %(n)s rules", mine) % {"n": number(mine)}  # fmt: skip
    else:
        finding = _("You are not alerted yourself")
    return RulesPage(finding, rows)


def to_choose(also: str) -> list[Watched]:
    """Series a rule can be about; a word only where it is asked for by its address."""
    networks = remembered("patterns networks", lambda: sorted({row.network for row in sources_began(archive()) if row.network}))  # fmt: skip
    watched = watched_series(networks)
    if also.startswith("word:"):
        known = Pattern.objects.filter(series=also).first()
        watched += [Watched(also, "word", known.shown, word=known.word)] if known else []
    return watched


def _row(person: Person, rule: AlertRule, names: dict[str, str]) -> RuleRow:
    ways = [_("in Notices")]
    if rule.mail:
        ways.append(_("by mail"))
    if rule.hook:
        ways.append(_("by webhook"))
    what = names.get(rule.series) or (f"“{rule.series.partition(':')[2]}”" if rule.series else _("anything"))  # fmt: skip
    told = list(rule.alerts.all())
    silent = ""
    if rule.quiet_from and rule.quiet_until:
        silent = _("%(first)s to %(last)s") % {"first": f"{rule.quiet_from:%H:%M}", "last": f"{rule.quiet_until:%H:%M}"}  # fmt: skip
    return RuleRow(
        rule,
        _("you") if rule.person_id == person.pk else str(rule.team or rule.person),
        _("%(what)s, from %(n)s posts") % {"what": what, "n": number(rule.least)},
        listed(ways),
        silent,
        moment(told[0].at) if told else _("nothing yet"),
        policy.may_change_rule(person, rule),
    )
