"""Setting calendars and promises, and the clocks of cases that follow from them; telling that one passed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from openroads.delivery.jobs import enqueue
from openroads.delivery.notices import language_of, notify
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person
from openroads.webcare import policy
from openroads.webcare.clocks import words
from openroads.webcare.clocks.due import CHUNK, dues_of
from openroads.webcare.clocks.models import (
    CaseClock,
    TargetPolicy,
    TargetPolicyVersion,
    WorkCalendar,
    WorkCalendarVersion,
)
from openroads.webcare.clocks.queries import CONDITIONS, Book, book
from openroads.webcare.models import Case
from openroads.webcare.queries import people_who_answer

SET_ALL, WATCH = "webcare.set_clocks", "webcare.watch_clocks"
AT_ONCE = 200
"""Clocks told of in one go; the next minute tells the others."""
LONGEST = 60 * 24 * 366
Blocks = Sequence[tuple[int, int]]


# ------------------------------------------------------------------------------------ opening hours
@transaction.atomic
def set_calendar(
    *,
    by: Person,
    name: str,
    zone: str,
    week: Sequence[Blocks],
    holidays: dict[date, Blocks],
    always: bool = False,
    calendar: WorkCalendar | None = None,
) -> WorkCalendarVersion:
    """Set opening hours that hold from now on: of a new calendar, or as the next version of one. Gives
    the version that holds. Clocks that run are worked out again.

    Raises ValidationError without a name, for one that is taken, and for hours that cannot be.
    """
    directory_policy.require(by, policy.may_lead)
    called = _name(name, WorkCalendar.objects.exclude(pk=calendar.pk if calendar else 0))
    told = {
        "zone": zone, "always": always, "week": [[list(block) for block in day] for day in week],
        "holidays": {day.isoformat(): [list(b) for b in some] for day, some in holidays.items()},
    }  # fmt: skip
    try:
        WorkCalendarVersion(**told).as_worked()
    except ValueError as problem:
        raise ValidationError(
            _("These hours cannot be: name at least one block, and let no block begin before the one before it ends.")
        ) from problem  # fmt: skip
    trail.wait_for_turn()
    if calendar is None:
        calendar = WorkCalendar.objects.create(name=called)
    elif calendar.name != called:
        calendar.name = called
        calendar.save(update_fields=["name"])
    last = WorkCalendarVersion.objects.filter(calendar=calendar).order_by("-number").first()
    if last is not None and all(getattr(last, key) == value for key, value in told.items()):
        return last
    version = WorkCalendarVersion.objects.create(
        calendar=calendar, number=last.number + 1 if last else 1, set_by=by, **told
    )
    trail.record(by, "set opening hours", calendar, name=called, version=version.number)
    enqueue(SET_ALL, key="set clocks", by=by)
    return version


@transaction.atomic
def remove_calendar(*, by: Person, calendar: WorkCalendar) -> None:
    """Take away opening hours that no promise ever counted by. Raises ValidationError for others."""
    directory_policy.require(by, policy.may_lead)
    if TargetPolicyVersion.objects.filter(calendar=calendar).exists():
        raise ValidationError(_("Promises count by these hours, or did: they stay."))
    trail.record(by, "removed opening hours", calendar, name=calendar.name)
    calendar.delete()


# -------------------------------------------------------------------------------------- promises
@transaction.atomic
def set_policy(
    *,
    by: Person,
    name: str,
    place: int = 10,
    matches: dict[str, list[Any]] | None = None,
    first_minutes: int | None = None,
    next_minutes: int | None = None,
    resolution_minutes: int | None = None,
    calendar: WorkCalendar | None = None,
    policy_to_change: TargetPolicy | None = None,
) -> TargetPolicyVersion:
    """Promise something for some cases from now on: anew, or as the next version. A wait that has begun
    keeps what was promised when it began.

    Raises ValidationError without a name, for one that is taken, and without any promise.
    """
    directory_policy.require(by, policy.may_lead)
    called = _name(
        name, TargetPolicy.objects.exclude(pk=policy_to_change.pk if policy_to_change else 0)
    )
    minutes = (first_minutes, next_minutes, resolution_minutes)
    if all(one is None for one in minutes):
        raise ValidationError(_("Promise at least one time."))
    if any(one is not None and not 0 < one <= LONGEST for one in minutes):
        raise ValidationError(_("A promise is at least a minute and at most a year."))
    unknown = set(matches or {}) - set(CONDITIONS)
    if unknown:
        raise ValueError(f"Promises do not ask about {sorted(unknown)}.")
    told: dict[str, Any] = {
        "place": place, "matches": {key: some for key, some in (matches or {}).items() if some},
        "first_minutes": first_minutes, "next_minutes": next_minutes,
        "resolution_minutes": resolution_minutes, "calendar": calendar, "ended": False,
    }  # fmt: skip
    trail.wait_for_turn()
    mine = policy_to_change or TargetPolicy.objects.create(name=called)
    if mine.name != called:
        mine.name = called
        mine.save(update_fields=["name"])
    last = TargetPolicyVersion.objects.filter(policy=mine).order_by("-number").first()
    if last is not None and all(getattr(last, key) == value for key, value in told.items()):
        return last
    version = _next_version(by, mine, told)
    trail.record(by, "set service times", mine, name=called, version=version.number)
    enqueue(SET_ALL, key="set clocks", by=by)
    return version


@transaction.atomic
def end_policy(*, by: Person, policy_to_end: TargetPolicy) -> None:
    """Promise this no more, from now on. What was promised stays a promise. Ending twice changes nothing."""
    directory_policy.require(by, policy.may_lead)
    trail.wait_for_turn()
    last = TargetPolicyVersion.objects.filter(policy=policy_to_end).order_by("-number").first()
    if last is None or last.ended:
        return
    _next_version(by, policy_to_end, {"place": last.place, "matches": last.matches, "ended": True})
    trail.record(by, "ended service times", policy_to_end, name=policy_to_end.name)
    enqueue(SET_ALL, key="set clocks", by=by)


def _next_version(by: Person, mine: TargetPolicy, told: dict[str, Any]) -> TargetPolicyVersion:
    rows = TargetPolicyVersion.objects.filter(policy=mine)
    number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    return TargetPolicyVersion.objects.create(policy=mine, number=number, set_by=by, **told)


def _name(name: str, others: Any) -> str:
    called = " ".join(name.split())[:80]
    if not called:
        raise ValidationError({"name": _("Give it a name.")})
    if others.filter(name__iexact=called).exists():
        raise ValidationError({"name": _("There is one with this name already.")})
    return called


# ---------------------------------------------------------------------------------------- clocks
def set_due(case: Case, now: datetime | None = None) -> None:
    """Work out anew what is due for a case, after something happened in it; in the transaction at hand."""
    set_dues([case], now=now)


@transaction.atomic
def set_dues(cases: Sequence[Case], now: datetime | None = None, known: Book | None = None) -> None:
    """The same for several. A clock of the same wait keeps whether it was told of; one that had passed
    before it was ever set is not told of: it would come as a flood with the first promise."""
    now = now or timezone.now()
    due = dues_of(cases, now, known)
    clocks = {one.case_id: one for one in CaseClock.objects.filter(case__in=[c.pk for c in cases])}
    gone = [pk for pk in clocks if pk not in due]
    if gone:
        CaseClock.objects.filter(case__in=gone).delete()
    for case in cases:
        case._state.fields_cache.pop("clock", None)  # what was selected with it is the one before
        one = due.get(case.pk)
        at, kind = (one.at, one.kind) if one else (None, "")
        if (case.due_at, case.due_for) != (at, kind):
            case.due_at, case.due_for = at, kind
            Case.objects.filter(pk=case.pk).update(due_at=at, due_for=kind)
        if one is None:
            continue
        was = clocks.get(case.pk)
        same = was is not None and was.is_for == (case.cycle, one.kind, one.since)
        if was is not None and same and (was.due_at, was.promised_id) == (one.at, one.promised.pk):
            continue
        told = was.told_at if was is not None and same and was.due_at <= now else None
        CaseClock.objects.update_or_create(
            case=case,
            defaults={
                "cycle": case.cycle, "kind": one.kind, "since": one.since, "due_at": one.at,
                "promised": one.promised, "told_at": told or (now if one.at <= now else None),
            },
        )  # fmt: skip


def set_all_dues(*, now: datetime | None = None) -> int:
    """Work out the clocks of all open cases, after hours or promises changed. Gives how many there are."""
    known, last, n = book(), 0, 0
    while True:
        some = list(Case.objects.filter(pk__gt=last, state__in=Case.OPEN).order_by("pk")[:CHUNK])
        if not some:
            return n
        set_dues(some, now=now, known=known)
        last, n = some[-1].pk, n + len(some)


def tell_passed(*, now: datetime | None = None) -> int:
    """Tell who looks after a case that a promise passed, once; of a case nobody looks after, its team. Gives
    how many clocks were told of."""
    now = now or timezone.now()
    passed = CaseClock.objects.filter(told_at=None, due_at__lte=now, case__state__in=Case.OPEN)
    rows = passed.select_related("case__assignee", "case__team").order_by("due_at", "pk")
    told = 0
    answering: dict[int | None, list[Person]] = {}
    for clock in rows[:AT_ONCE]:
        with transaction.atomic():
            mine = CaseClock.objects.filter(pk=clock.pk, told_at=None, due_at=clock.due_at).update(
                told_at=now
            )
            if not mine:
                continue
            case = clock.case
            if case.team_id not in answering:
                answering[case.team_id] = people_who_answer(case.team)
            for person in [case.assignee] if case.assignee else answering[case.team_id]:
                _tell(person, clock)
            told += 1
    return told


def _tell(person: Person, clock: CaseClock) -> None:
    with override(language_of(person)):
        notify(
            to=person,
            deed=f"case {clock.case_id} {clock.kind} passed {clock.due_at.isoformat()}",
            title=words.passed(clock),
            url=words.url_of(clock.case_id),
        )
