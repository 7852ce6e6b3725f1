"""Keeping the rules of triage, and trying them on what people said last week before they do anything."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openroads.analysis.query.known import Known
from openroads.analysis.query.parse import parse
from openroads.analysis.query.show import show
from openroads.archive.networks import LABELS
from openroads.archive.queries.cases import Collected, collected_after
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.company import Brand
from openroads.directory.conversations import archive
from openroads.directory.known_topics import known_topics, queries_in_use
from openroads.directory.models import Person
from openroads.ui.saying import translated
from openroads.webcare import policy
from openroads.webcare.actions.taking_in import NOT_OLDER
from openroads.webcare.belonging import answering_handles, is_false, own_names
from openroads.webcare.models import Identity
from openroads.webcare.rules.deciding import Seen, decide, fits, is_addressed
from openroads.webcare.rules.models import Rule

CONDITIONS = (
    "name", "position", "is_on", "query", "topics", "addressed", "networks", "languages", "kinds", "moods",
    "history", "sender", "days", "from_time", "to_time", "does", "team", "assignee", "priority", "needs_approval",
)  # fmt: skip
MOST_TRIED = 5_000
SHOWN = 10
READY: tuple[dict[str, Any], ...] = (
    {"name": gettext_noop("Thanks and praise need no answer by themselves"), "position": 100, "kinds": ["praise"], "networks": [], "does": "leave"},
    {"name": gettext_noop("Mail and reviews always want an answer"), "position": 200, "networks": ["mail", "google", "trustpilot", "kiyoh", "appstore", "playstore", "review", "chat"], "does": "open"},
    {"name": gettext_noop("A complaint that is said to us comes first"), "position": 300, "addressed": True, "kinds": ["complaint"], "does": "open", "priority": 1},
    {"name": gettext_noop("A question that is said to us"), "position": 400, "addressed": True, "kinds": ["question"], "does": "open"},
    {"name": gettext_noop("Something negative that is said to us"), "position": 500, "addressed": True, "moods": [-1], "does": "open"},
)  # fmt: skip
"""Rules to begin with; everything in them can be changed."""


@dataclass(frozen=True)
class Tried:
    """What a rule would have done: posts looked at and found, how many by day, the newest of them, and
    how many cases all rules together would have opened."""

    looked_at: int
    found: int
    opened: int
    by_day: dict[date, int] = field(default_factory=dict)
    newest: Sequence[Collected] = ()
    cut: bool = False


def known_names() -> Known:
    """The names a rule may use; who answers sees names, and so do rules."""
    brands = list(Brand.objects.prefetch_related("products"))
    return Known(
        brands={brand.pk: brand.name for brand in brands},
        products={one.pk: one.name for brand in brands for one in brand.products.all()},
        networks=LABELS,
    )


def canonical_of(text: str) -> str:
    """The one form of a query, with numbers for names. Raises ValidationError that says what is wrong."""
    if not text.strip():
        return ""
    read = parse(text, known_names())
    if read.query is None:
        raise ValidationError({"query": [translated(fault.text) for fault in read.faults]})
    return show(read.query, "en")


def named_topics(chosen: Sequence[int | Sequence[int | str]], before: Sequence[Sequence[int | str]]) -> list[list[int | str]]:  # fmt: skip
    """Topics as a rule keeps them: with what they are called now, by which a later renaming is seen. One that was
    put away since, or is no more, stays only where it stood before. Raises ValidationError for any other."""
    numbers = [int(one) if isinstance(one, int) else int(one[0]) for one in chosen]
    known, kept = known_topics(), {int(number): str(called) for number, called in before}
    found: list[list[int | str]] = []
    for number in dict.fromkeys(numbers):
        topic = known.get(number)
        if topic is not None and topic.in_use:
            found.append([number, topic.name])
        elif number in kept:
            found.append([number, kept[number]])
        else:
            raise ValidationError({"topics": _("Choose topics that are in use.")})
    return found


@transaction.atomic
def keep_rule(*, by: Person, rule: Rule | None, told: dict[str, Any]) -> Rule:
    """Make a rule, or change one; it counts for what comes in from now on. Raises ValidationError for
    words that cannot be read, and for a rule that would do nothing."""
    directory_policy.require(by, policy.may_lead)
    # Afresh: a form has written on the row it was handed, and what it was would be lost.
    kept = (
        Rule.objects.select_for_update(of=("self",)).get(pk=rule.pk) if rule is not None else Rule()
    )
    was = {name: getattr(kept, name) for name in CONDITIONS} if rule is not None else {}
    for name in CONDITIONS:
        if name in told:
            setattr(kept, name, told[name])
    kept.canonical = canonical_of(kept.query)
    kept.topics = named_topics(kept.topics, was.get("topics", []))
    if (kept.from_time is None) != (kept.to_time is None):
        raise ValidationError({"to_time": _("Give both times, or neither.")})
    does_something = kept.does or kept.team or kept.assignee or kept.needs_approval
    if not does_something and kept.priority is None:
        raise ValidationError({"does": _("Say what the rule does with such a post.")})
    kept.save()
    changed = [name for name in CONDITIONS if was and was[name] != getattr(kept, name)]
    trail.record(
        by, "changed a rule of triage" if rule is not None else "made a rule of triage", kept,
        name=kept.name, **({"fields": ", ".join(changed)} if changed else {}),
    )  # fmt: skip
    return kept


@transaction.atomic
def end_rule(*, by: Person, rule: Rule) -> None:
    """Take a rule out; what it did stays in the log."""
    directory_policy.require(by, policy.may_lead)
    Rule.objects.filter(pk=rule.pk).update(ended_at=timezone.now(), is_on=False)
    trail.record(by, "took a rule of triage out", rule, name=rule.name)


@transaction.atomic
def begin_with_ready_rules(*, by: Person) -> int:
    """Put the ready-made rules in, where there are none yet; returns how many."""
    directory_policy.require(by, policy.may_lead)
    if Rule.objects.filter(ended_at=None).exists():
        return 0
    for told in READY:
        keep_rule(by=by, rule=None, told={**told, "name": _(told["name"])})
    return len(READY)


def try_rule(*, by: Person, rule: Rule, now: datetime | None = None, days: int = 7) -> Tried:
    """What a rule would have found among what came in over the last days, and what all rules with it would
    have opened. Nothing is done. At most `MOST_TRIED` posts are looked at, in the order
    in which they came in; when there were more `cut` says so."""
    directory_policy.require(by, policy.may_lead)
    moment = now or timezone.now()
    others = list(Rule.objects.filter(is_on=True, ended_at=None).exclude(pk=rule.pk))
    rules = sorted([*others, rule], key=lambda one: (one.position, one.pk or 0))
    posts, cut = _lately(moment, days)
    ours, names, topics = answering_handles(), own_names(), queries_in_use()
    known = set(Identity.objects.values_list("network", "author"))
    found: list[Collected] = []
    opened, by_day = 0, Counter[date]()
    for post in posts:
        if post.voice == "brand" or post.author.lstrip("@").lower() in ours:
            continue
        seen = Seen(
            post, is_addressed(post, names, lambda: False),
            lambda post=post: not is_false(post) and (post.network, post.author_key) in known,  # type: ignore[misc]
            timezone.localtime(post.collected_at.astimezone(UTC)), topics,
        )  # fmt: skip
        opened += decide(rules, seen).opens
        if fits(rule, seen):
            found.append(post)
            by_day[timezone.localdate(post.published_at)] += 1
    found.sort(key=lambda post: post.place, reverse=True)
    return Tried(len(posts), len(found), opened, dict(sorted(by_day.items())), found[:SHOWN], cut)


def _lately(now: datetime, days: int) -> tuple[list[Collected], bool]:
    """What was said in the last days, oldest first, and whether it was more than is looked at."""
    since = now - timedelta(days=days)
    posts: list[Collected] = []
    place: tuple[datetime, int] = (now - NOT_OLDER * 400, 0)
    while len(posts) < MOST_TRIED:
        page = collected_after(
            archive(), *place, since=since.date(), until=now.date() + timedelta(days=1), limit=1_000
        )
        posts += page
        if len(page) < 1_000:
            return posts, False
        place = (page[-1].collected_at, page[-1].id)
    return posts[:MOST_TRIED], True
