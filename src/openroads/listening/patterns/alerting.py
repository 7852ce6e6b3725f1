"""Telling people and teams what is loud: once when it begins, again when it doubles, and when it is over."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from openroads.delivery.hooks import tell_hooks
from openroads.delivery.notices import language_of, notify
from openroads.directory import trail
from openroads.directory.models import Person
from openroads.directory.people import system_person
from openroads.listening.patterns import saying
from openroads.listening.patterns.models import Alert, AlertRule, Pattern
from openroads.listening.policy import may_read_conversations
from openroads.ui.formats import number

ALERT_RAISED = "alert.raised"
GROWN = 2.0
"""So many times as many posts as were told last are worth another message."""
TOLD_AFTERWARDS = timedelta(days=2)
"""What began and ended in quiet hours is still told for so long."""


def tell(*, now: datetime) -> int:
    """Tell everybody who asked what began, doubled or ended; returns how many alerts that were.

    A rule tells a thing once, whoever runs this and however often: what was told is written down in the
    same transaction. What came in late is shown on the page and told to nobody.
    """
    # Rules that write mail go first, because a person is told of a stage once.
    rules = AlertRule.objects.filter(paused=False).select_related("person", "team")
    rows = list(rules.order_by("-mail", "pk"))
    told = 0
    for pattern in _to_tell(now):
        for rule in rows:
            if _fits(rule, pattern) and not is_quiet(rule, now):
                told += _tell(rule, pattern, now)
    return told


def _to_tell(now: datetime) -> Sequence[Pattern]:
    lasting = Pattern.objects.filter(in_time=True, state=Pattern.State.OPEN)
    over = Pattern.objects.filter(
        in_time=True, state=Pattern.State.ENDED, ended_at__gte=now - TOLD_AFTERWARDS
    )
    return [*lasting.order_by("pk"), *over.order_by("pk")]


def _fits(rule: AlertRule, pattern: Pattern) -> bool:
    """Whether a rule is about this pattern. A lull is measured by what was expected, not by what came."""
    size = pattern.posts if pattern.side == Pattern.Side.LOUDER else pattern.mean
    return rule.series in ("", pattern.series) and size >= rule.least


def is_quiet(rule: AlertRule, now: datetime) -> bool:
    """Whether these are a rule's silent hours, by the clock of the house; they may span midnight."""
    first, last = rule.quiet_from, rule.quiet_until
    if first is None or last is None or first == last:
        return False
    clock: time = now.astimezone(ZoneInfo(settings.TIME_ZONE)).time()
    return first <= clock < last if first < last else clock >= first or clock < last


@transaction.atomic
def _tell(rule: AlertRule, pattern: Pattern, now: datetime) -> int:
    before = list(
        Alert.objects.select_for_update().filter(rule=rule, pattern=pattern).order_by("pk")
    )
    stage = _stage(pattern, before)
    if stage is None:
        return 0
    times = sum(each.stage == stage for each in before) + 1
    people = recipients(rule)
    deed = f"pattern {pattern.pk} {stage} {times}"
    for person in people:
        with override(language_of(person)):
            notify(
                to=person, deed=deed, title=title(pattern, stage), text=text(pattern),
                url=reverse("patterns:pattern", args=(pattern.pk,)), mail=rule.mail,
            )  # fmt: skip
    if rule.hook:
        tell_hooks(by=system_person(), event=ALERT_RAISED, deed=deed, facts=facts(pattern, stage))
    Alert.objects.create(
        rule=rule, pattern=pattern, stage=stage, posts=pattern.posts, people=len(people), at=now
    )
    trail.record(
        system_person(), "alerted", pattern, name=pattern.shown, posts=pattern.posts, stage=str(stage)
    )  # fmt: skip
    return 1


def _stage(pattern: Pattern, before: Sequence[Alert]) -> Alert.Stage | None:
    """What is to be told next, if anything."""
    if any(each.stage == Alert.Stage.OVER for each in before):
        return None
    if not before:
        return Alert.Stage.BEGAN
    if not pattern.is_open:
        # Told only after it was over, it was told as that.
        known = pattern.ended_at is None or before[0].at <= pattern.ended_at
        return Alert.Stage.OVER if known else None
    louder = pattern.side == Pattern.Side.LOUDER
    if louder and pattern.posts >= GROWN * before[-1].posts:
        return Alert.Stage.DOUBLED
    return None


def recipients(rule: AlertRule) -> list[Person]:
    """Who a rule tells: those who may sign in and read what people say."""
    if rule.person is not None:
        people = [rule.person]
    else:
        members = Person.objects.filter(memberships__team=rule.team, is_active=True).distinct()
        people = list(members.order_by("pk").prefetch_related("grants"))
    return [person for person in people if person.is_active and may_read_conversations(person)]


def title(pattern: Pattern, stage: str) -> str:
    """The subject: what, how loud, and how loud it could be expected to be."""
    told = {
        "about": saying.about_pattern(pattern),
        "posts": saying.posts_words(pattern.posts),
        "expected": saying.expected_words(pattern),
    }
    if stage == Alert.Stage.OVER:
        return _("%(about)s is back to what is usual, after %(posts)s (%(expected)s)") % told
    if stage == Alert.Stage.DOUBLED:
        return _("%(about)s has doubled: %(posts)s (%(expected)s)") % told
    if not pattern.is_open:
        return _("%(about)s was out of the ordinary: %(posts)s (%(expected)s)") % told
    if pattern.side == Pattern.Side.QUIETER:
        return _("%(about)s is quieter than expected: %(posts)s (%(expected)s)") % told
    return _("%(about)s is louder than expected: %(posts)s (%(expected)s)") % told


def text(pattern: Pattern) -> str:
    """Since when, with which words, and what may explain it."""
    said = [_("%(finding)s, %(since)s: %(posts)s, %(expected)s.") % {
        "finding": saying.finding(pattern), "since": saying.since_words(pattern),
        "posts": saying.posts_words(pattern.posts), "expected": saying.expected_words(pattern),
    }]  # fmt: skip
    if pattern.people:
        said.append(_("By %(n)s people.") % {"n": number(pattern.people)})
    if pattern.words:
        said.append(
            _("Words: %(words)s.") % {"words": ", ".join(row[1] for row in pattern.words[:6])}
        )
    said += [saying.reason(why) for why in pattern.why[:3]]
    said += saying.cautions(pattern)
    return "\n".join(said)


def facts(pattern: Pattern, stage: str) -> dict[str, object]:
    """What a webhook is told: figures, words and the address, nobody's post."""
    return {
        "pattern": pattern.pk,
        "stage": stage,
        "series": pattern.series,
        "name": pattern.shown,
        "side": pattern.side,
        "since": pattern.since.isoformat(),
        "until": pattern.until.isoformat(),
        "posts": pattern.posts,
        "expected": {"mean": round(pattern.mean, 1), "low": pattern.low, "high": pattern.high},
        "people": pattern.people,
        "words": [row[1] for row in pattern.words[:8]],
        "url": f"{settings.OPENROADS.url.rstrip('/')}{reverse('patterns:pattern', args=(pattern.pk,))}",
    }
