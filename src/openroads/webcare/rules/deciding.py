"""What the rules say of one post. No database: the same function serves the intake and the dry run."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from openroads.analysis.query.kept import node_of
from openroads.analysis.query.matcher import Matcher, matcher
from openroads.archive.queries.cases import Collected
from openroads.webcare.networks import MAIL, TO_US
from openroads.webcare.rules.models import Rule

SENDERS = {True: Rule.Sender.PROVEN, False: Rule.Sender.FALSE, None: Rule.Sender.UNKNOWN}
"""What a rule asks of who sent a mail, by what is known."""


@dataclass(frozen=True)
class Seen:
    """A post as the rules see it. `local` is when it came in, by the clock of the house."""

    post: Collected
    addressed: bool
    known: Callable[[], bool]
    """Whether its author wrote to us before; asked only where a rule wants to know."""
    local: datetime
    topics: Mapping[int, str] = field(default_factory=dict)
    """What each topic in use asks, by number."""


@dataclass
class Decision:
    """What came of it: whether it becomes a case, whose it is, and which rules said so."""

    opens: bool = False
    team: int | None = None
    assignee: int | None = None
    priority: int = 0
    needs_approval: bool = False
    did: list[list[int | str | list[int]]] = field(default_factory=list)


def decide(rules: Sequence[Rule], seen: Seen) -> Decision:
    """Ask the rules in their order; the first with an opinion on a thing decides that thing."""
    found, opens, priority = Decision(), None, None
    for rule in rules:
        if not fits(rule, seen):
            continue
        said: list[str] = []
        if opens is None and rule.does:
            opens = rule.does == Rule.Does.OPEN
            said.append(rule.does)
            if not opens:
                found.did.append(_told(rule, said, seen))
                break
        if found.team is None and rule.team_id:
            found.team = rule.team_id
            said.append("team")
        if found.assignee is None and rule.assignee_id:
            found.assignee = rule.assignee_id
            said.append("person")
        if priority is None and rule.priority is not None:
            priority = rule.priority
            said.append("priority")
        if rule.needs_approval and not found.needs_approval:
            found.needs_approval = True
            said.append("second look")
        if said:
            found.did.append(_told(rule, said, seen))
    found.opens, found.priority = bool(opens), priority or 0
    return found


def fits(rule: Rule, seen: Seen) -> bool:
    """Whether all that a rule asks holds for a post; what costs least is asked first."""
    post = seen.post
    if rule.addressed and not seen.addressed:
        return False
    if not (
        _among(post.network, rule.networks)
        and _among(post.language, rule.languages)
        and _among(post.kind, rule.kinds)
        and _among(post.mood, rule.moods)
        and _among(seen.local.isoweekday(), rule.days)
        and _within(rule, seen.local)
    ):
        return False
    if rule.sender and (post.network != MAIL or rule.sender != SENDERS[post.proven]):
        return False
    if rule.topics and not topics_found(rule, seen):
        return False
    if rule.canonical and not asked_by(rule.canonical)(post.asked):
        return False
    return not rule.history or seen.known() == (rule.history == Rule.History.KNOWN)


def topics_found(rule: Rule, seen: Seen) -> list[int]:
    """Those of a rule's topics that a post is about, by the query in force. One that was put away, or is no more,
    finds nothing: a rule that asks for such topics only fits no post, and its page says so."""
    asked = [number for number, _called in rule.topics if number in seen.topics]
    return [number for number in asked if asked_by(seen.topics[number])(seen.post.asked)]


def _told(rule: Rule, said: Sequence[str], seen: Seen) -> list[int | str | list[int]]:
    """What the log keeps of a rule's word: with the topics it was for, where it asks for any."""
    told: list[int | str | list[int]] = [rule.pk, ", ".join(said)]
    return [*told, topics_found(rule, seen)] if rule.topics else told


@lru_cache(maxsize=512)
def asked_by(canonical: str) -> Matcher:
    """The question of a kept query."""
    return matcher(node_of(canonical))


def is_addressed(post: Collected, ours: frozenset[str], answered: Callable[[], bool]) -> bool:
    """Whether a post is said to us: it came where people write to us, names one of our handles, or
    answers something of ours."""
    if post.network in TO_US:
        return True
    if any(name.lstrip("@").lower() in ours for name in post.mentions) or _names(post.text, ours):
        return True
    return bool(post.reply_to) and answered()


def _names(text: str, ours: Iterable[str]) -> bool:
    """Whether one of our names that has more than letters stands in a text: of @windmee.bsky.social a mention
    is read as far as the point."""
    said = text.lower()
    return "@" in said and any(
        f"@{name}" in said and re.search(rf"(?<![\w@.-])@{re.escape(name)}(?![\w-]|\.\w)", said)
        for name in ours
        if not name.isalnum()
    )


def _among(value: object, wanted: Iterable[object]) -> bool:
    chosen = list(wanted)
    return not chosen or value in chosen


def _within(rule: Rule, local: datetime) -> bool:
    """Whether a time of day lies in [from, until); a stretch may go over midnight."""
    if rule.from_time is None or rule.to_time is None:
        return True
    clock = local.time().replace(tzinfo=None)
    if rule.from_time <= rule.to_time:
        return rule.from_time <= clock < rule.to_time
    return clock >= rule.from_time or clock < rule.to_time
