"""Rules, what they did, and what one would have done, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.archive.queries.cases import Collected
from openroads.directory.known_topics import KnownTopic, known_topics
from openroads.directory.models import Person
from openroads.ui.formats import day, listed, number
from openroads.ui.networks import network_word
from openroads.webcare import queries
from openroads.webcare.rules.actions import MOST_TRIED, Tried
from openroads.webcare.rules.forms import DAYS, KINDS, MOODS
from openroads.webcare.rules.models import Rule, RuleRun
from openroads.webcare.rules.topics import about_words, finds_nothing

LATELY = timedelta(days=28)
PAGE = 50


@dataclass(frozen=True)
class RuleRow:
    """A rule in a sentence, and how many posts it had a say in lately."""

    rule: Rule
    when: str
    does: str
    lately: str
    wrong: str = ""


def rule_rows() -> list[RuleRow]:
    """Every rule in use or put off, in its order."""
    since = timezone.now() - LATELY
    did: dict[int, int] = {}
    for told in RuleRun.objects.filter(at__gte=since).values_list("did", flat=True):
        for rule, *_said in told:
            did[rule] = did.get(rule, 0) + 1
    rules = Rule.objects.filter(ended_at=None).select_related("team", "assignee")
    known = known_topics()
    return [
        RuleRow(rule, when_words(rule, known), does_words(rule), number(did.get(rule.pk, 0)), finds_nothing(rule, known))
        for rule in rules
    ]  # fmt: skip


def when_words(rule: Rule, known: Mapping[int, KnownTopic]) -> str:
    """What a rule is about, as a sentence without its end."""
    parts = [_("said to us")] if rule.addressed else []
    parts += [about_words(rule, known)] if rule.topics else []
    parts += [listed(_names(rule.kinds, KINDS))] if rule.kinds else []
    parts += [listed(_names(rule.moods, MOODS))] if rule.moods else []
    parts += [listed(network_word(one) for one in rule.networks)] if rule.networks else []
    parts += [listed(rule.languages)] if rule.languages else []
    parts += [str(rule.get_history_display())] if rule.history else []
    if rule.sender:
        parts.append(_("mail, the sender’s address %(how)s") % {"how": rule.get_sender_display()})
    parts += [listed(_names(rule.days, DAYS))] if rule.days else []
    if rule.from_time is not None and rule.to_time is not None:
        parts.append(f"{rule.from_time:%H:%M}–{rule.to_time:%H:%M}")
    parts += [f"“{rule.query}”"] if rule.query else []
    return "; ".join(parts) or _("every post")


def wrong_with(rule: Rule | None) -> str:
    """What is wrong with the topics of a rule; empty for a new one."""
    return finds_nothing(rule, known_topics()) if rule is not None and rule.topics else ""


def does_words(rule: Rule) -> str:
    """What a rule does."""
    parts = [str(rule.get_does_display())] if rule.does else []
    if rule.priority is not None:
        parts.append(
            {1: _("comes first"), -1: _("comes last")}.get(rule.priority, _("usual priority"))
        )
    parts += [_("goes to %(who)s") % {"who": one} for one in (rule.team, rule.assignee) if one]
    if rule.needs_approval:
        parts.append(_("a second person looks first"))
    return ", ".join(parts)


def tried_words(tried: Tried, *, shown: bool) -> dict[str, Any]:
    """A trial as a page shows it; words of people only where names may be seen."""
    told = ngettext(
        "%(found)s of %(n)s post of the last seven days", "%(found)s of %(n)s posts of the last seven days",
        tried.looked_at,
    ) % {"found": number(tried.found), "n": number(tried.looked_at)}  # fmt: skip
    cases = ngettext(
        "All rules together would have opened %(n)s case.", "All rules together would have opened %(n)s cases.",
        tried.opened,
    ) % {"n": number(tried.opened)}  # fmt: skip
    cut = (
        _("Only the first %(n)s posts were looked at.") % {"n": number(MOST_TRIED)}
        if tried.cut
        else ""
    )
    newest: Sequence[Collected] = tried.newest if shown else ()
    days = [(day(on), number(n)) for on, n in tried.by_day.items()]
    return {
        "found": told,
        "opened": cases,
        "cut": cut,
        "days": days,
        "newest": newest,
        "hidden": not shown,
    }


def log_rows(person: Person, before: int | None) -> tuple[list[dict[str, Any]], int | None]:
    """What rules did, newest first, as far as its cases exist for somebody."""
    runs = RuleRun.objects.filter(case__in=queries.cases_for(person)).select_related("case")
    if before is not None:
        runs = runs.filter(pk__lt=before)
    found = list(runs.order_by("-pk")[: PAGE + 1])
    names, topics = dict(Rule.objects.values_list("pk", "name")), known_topics()
    rows = [
        {
            "at": run.at, "case": run.case,
            "did": [(_named(names.get(rule, _("a rule")), about, topics), _said(said)) for rule, said, *about in run.did],
        }
        for run in found[:PAGE]
    ]  # fmt: skip
    return rows, found[PAGE - 1].pk if len(found) > PAGE else None


def _named(name: str, about: Sequence[Sequence[int]], topics: Mapping[int, KnownTopic]) -> str:
    """A rule as the log names it, with the topics for which it had its say."""
    found = [topics[number].name for numbers in about for number in numbers if number in topics]
    if not found:
        return name
    return _("%(rule)s (about %(topics)s)") % {"rule": name, "topics": listed(found)}


def _said(said: str) -> str:
    words = {
        "open": _("opened it"), "team": _("chose the team"), "person": _("chose the person"),
        "priority": _("set the priority"), "second look": _("asked for a second look"),
        "leave": _("left it"),
    }  # fmt: skip
    return listed(words.get(one, one) for one in said.split(", "))


def _names(values: Sequence[object], choices: Sequence[tuple[object, Any]]) -> list[str]:
    known = dict(choices)
    return [str(known[value]) for value in values if value in known]
