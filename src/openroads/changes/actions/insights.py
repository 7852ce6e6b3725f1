"""Doing things with insights: opening, adding evidence, handing on, withdrawing, joining, reading."""

from collections.abc import Sequence
from datetime import date

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from openroads.changes import policy, queries, telling
from openroads.changes.evidence import MOST_RAISED, SAMPLES, Frozen, Origin
from openroads.changes.models import Evidence, Insight, Reading, Sample, Voice
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Department, Person

AT_ONCE = 500
"""Rows written in one go."""


@transaction.atomic
def open_insight(
    *,
    by: Person,
    title: str,
    department: Department,
    evidence: Sequence[Frozen],
    explanation: str = "",
    owner: Person | None = None,
    origin: Origin | None = None,
) -> Insight:
    """Open an insight with what it rests on, and tell who decides.

    Raises ValidationError without a sentence, without evidence, and for a department that has ended.
    """
    directory_policy.require(by, policy.may_open_insight)
    said = _sentence(title)
    if not evidence:
        raise ValidationError({"title": _("An insight rests on something people said. Choose posts first.")})  # fmt: skip
    _check_lives(department)
    trail.wait_for_turn()  # two at the same moment must not get one number
    last = Insight.objects.aggregate(last=Max("number"))["last"] or 0
    begun = origin or Origin()
    insight = Insight.objects.create(
        number=last + 1, title=said, explanation=explanation.strip(), department=department,
        owner=owner, opened_by=by, opened_at=timezone.now(), origin_room=begun.room,
        origin_id=begun.id, origin_url=begun.url,
    )  # fmt: skip
    for one in evidence:
        _freeze(by, insight, one)
    trail.record(
        by, "opened an insight", insight, name=insight.code, title=said, department=department.name,
        posts=sum(one.posts or 0 for one in evidence),
    )  # fmt: skip
    telling.tell_waiting(insight, queries.heads_of(department), by=by, when="first")
    telling.tell_opened(insight, by=by)
    return insight


@transaction.atomic
def add_evidence(*, by: Person, insight: Insight, evidence: Frozen) -> Evidence:
    """Let an insight that waits rest on one more set. Raises ValidationError when it waits no more."""
    directory_policy.require(by, policy.may_open_insight)
    _check_open(insight)
    row = _freeze(by, insight, evidence)
    trail.record(by, "added evidence", insight, name=evidence.name, posts=evidence.posts or 0)
    return row


@transaction.atomic
def hand_insight(
    *, by: Person, insight: Insight, department: Department, owner: Person | None = None
) -> Insight:
    """Give an insight to a department, or to somebody in it. Its clock runs on: people have waited
    since it was opened, whoever had it."""
    directory_policy.require(by, policy.may_hand_insight, insight)
    _check_open(insight)
    _check_lives(department)
    if owner is not None and not queries.owners_to_choose(department).filter(pk=owner.pk).exists():
        raise ValidationError({"owner": _("Choose somebody of this department.")})
    if (insight.department_id, insight.owner_id) == (department.pk, owner.pk if owner else None):
        return insight
    was, moved = insight.department, insight.department_id != department.pk
    before = insight.owner
    insight.department, insight.owner = department, owner
    insight.save(update_fields=["department", "owner"])
    entry = trail.record(
        by, "handed an insight on", insight, name=insight.code,
        department={"was": was.name, "now": department.name} if moved else department.name,
        owner={"was": str(before or ""), "now": str(owner or "")} if before != owner else "",
    )  # fmt: skip
    told = queries.heads_of(department) if moved else []
    if owner is not None and owner != before and owner not in told:
        told.append(owner)
    telling.tell_waiting(insight, told, by=by, when=str(entry.number))
    return insight


@transaction.atomic
def withdraw_insight(*, by: Person, insight: Insight, why: str) -> Insight:
    """Take an insight back, saying why. Raises ValidationError without a reason."""
    directory_policy.require(by, policy.may_withdraw_insight, insight)
    _check_open(insight)
    reason = " ".join(why.split())
    if not reason:
        raise ValidationError({"why": _("Say why: who finds it later wants to know.")})
    insight.state, insight.closed_at, insight.closed_why = (
        Insight.State.WITHDRAWN, timezone.now(), reason[:300],
    )  # fmt: skip
    insight.save(update_fields=["state", "closed_at", "closed_why"])
    trail.record(by, "withdrew an insight", insight, name=insight.code, why=reason)
    telling.tell_ended(insight, queries.heads_of(insight.department), by=by)
    return insight


@transaction.atomic
def join_insights(*, by: Person, insight: Insight, into: Insight) -> Insight:
    """Say that an insight is another one's: its evidence moves there, and whoever opens it is led on.
    Gives the one that stays. Raises ValidationError unless both wait and are two."""
    directory_policy.require(by, policy.may_join_insights)
    _check_open(insight)
    _check_open(into)
    if insight.pk == into.pk:
        raise ValidationError({"into": _("This is the same insight.")})
    moved = Evidence.objects.filter(insight=insight).update(insight=into)
    Insight.objects.filter(joined_to=insight).update(joined_to=into)
    _move_voices(insight, into)
    insight.state, insight.closed_at, insight.joined_to = (
        Insight.State.JOINED, timezone.now(), into,
    )  # fmt: skip
    insight.save(update_fields=["state", "closed_at", "joined_to"])
    _settle_first(into)
    trail.record(by, "joined an insight to another", insight, name=insight.code, number=into.code)
    trail.record(by, "took another insight in", into, name=insight.code, entries=moved)
    telling.tell_ended(insight, queries.heads_of(insight.department), by=by)
    return into


# --------------------------------------------------------------------------------- who has read it
def note_reading(*, by: Person, kind: str, thing: int, on: date | None = None) -> None:
    """Count that somebody of each of this person's departments read a thing this month; nobody can
    tell afterwards who. Asked by pages, so it writes once a day at most. `on`: another day than today."""
    today = on or timezone.localdate()
    month = today.replace(day=1)
    if not cache.add(f"read-{kind}-{thing}-{by.pk}-{today}", 1, timeout=86_400):
        return
    who = salted_hmac("openroads.changes.Reading", f"{month}:{by.pk}", algorithm="sha256")
    rows = [
        Reading(
            month=month, department_id=department, kind=kind, thing=thing, who=who.hexdigest()[:32]
        )
        for department in queries.departments_of(by)
    ]
    if rows:
        Reading.objects.bulk_create(rows, ignore_conflicts=True)


# ------------------------------------------------------------------------------------------ within
def _sentence(title: str) -> str:
    said = " ".join(title.split())
    if not said:
        raise ValidationError({"title": _("Say the insight in one sentence.")})
    if len(said) > 200:
        raise ValidationError({"title": _("One sentence of at most 200 characters.")})
    return said


def _check_lives(department: Department) -> None:
    if department.ended_on is not None:
        raise ValidationError({"department": _("This department has ended. Choose another.")})


def _check_open(insight: Insight) -> None:
    if not Insight.objects.filter(pk=insight.pk, state=Insight.State.OPEN).exists():
        raise ValidationError(_("%(code)s waits for nothing any more.") % {"code": insight.code})


def _freeze(by: Person, insight: Insight, frozen: Frozen) -> Evidence:
    row = Evidence.objects.create(
        insight=insight, kind=frozen.kind, name=frozen.name[:300], url=frozen.url,
        now_url=frozen.now_url, query=frozen.query, version=frozen.version, since=frozen.since,
        until=frozen.until, first_on=frozen.first_on, posts=frozen.posts, people=frozen.people,
        nameless=frozen.nameless, rated=frozen.rated, net=frozen.net, net_low=frozen.net_low,
        net_high=frozen.net_high, cases=frozen.cases, sieve=frozen.sieve, added_by=by,
        as_of=timezone.now(),
    )  # fmt: skip
    Sample.objects.bulk_create(
        Sample(
            evidence=row, post=one.post, published_at=one.published_at, source=one.source,
            network=one.network[:40], language=one.language[:12], tone=one.tone, mood=one.mood,
            title=one.title[:500], text=one.text, place=one.place[:300],
        )
        for one in frozen.quotes[:SAMPLES]
    )  # fmt: skip
    Voice.objects.bulk_create(
        (Voice(insight=insight, **vars(one)) for one in frozen.raised[:MOST_RAISED]),
        batch_size=AT_ONCE, ignore_conflicts=True,
    )  # fmt: skip
    _settle_first(insight)
    return row


def _move_voices(insight: Insight, into: Insight) -> None:
    """Who raised one raised the other too; a post is kept once."""
    twice = Voice.objects.filter(insight=into).values("post")
    Voice.objects.filter(insight=insight, post__in=twice).delete()
    Voice.objects.filter(insight=insight).update(insight=into)


def _settle_first(insight: Insight) -> None:
    """The first post of an insight is the first of all its evidence."""
    rows = Evidence.objects.filter(insight=insight, first_on__isnull=False)
    insight.first_on = rows.order_by(F("first_on")).values_list("first_on", flat=True).first()
    Insight.objects.filter(pk=insight.pk).update(first_on=insight.first_on)
