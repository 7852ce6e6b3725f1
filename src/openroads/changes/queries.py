"""Reading insights: which exist for somebody, what they rest on, their history, and who reads what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from openroads.changes import policy
from openroads.changes.models import Change, Decision, Delegate, Evidence, Insight, Reading, Sample
from openroads.directory.models import Department, Membership, Person, TrailEntry
from openroads.directory.policy import grants_today
from openroads.directory.queries import departments, people_to_choose
from openroads.directory.roles import Role

KIND = Insight._meta.label_lower


def headed_by(person: Person) -> set[int]:
    """The departments somebody decides for: by the role there, named as their head, or standing in."""
    held = {
        grant.department_id
        for grant in grants_today(person)
        if grant.role == Role.DEPARTMENT_HEAD and grant.department_id
    }
    stands_in = Delegate.objects.filter(person=person, until__gte=timezone.localdate())
    held |= set(stands_in.values_list("department", flat=True))
    return held | set(Department.objects.filter(head=person).values_list("pk", flat=True))


def insights_for(person: Person) -> QuerySet[Insight]:
    """Insights this person may see, oldest first: the head of a department sees those of the
    department and those they opened themselves, other readers all."""
    if not policy.may_see_insights(person):
        return Insight.objects.none()
    found = Insight.objects.select_related("department", "owner", "opened_by", "joined_to")
    if not policy.sees_every_insight(person):
        found = found.filter(Q(department__in=headed_by(person)) | Q(opened_by=person))
    return found


def with_evidence(insights: QuerySet[Insight]) -> QuerySet[Insight]:
    """The same, each with what it rests on and the words quoted."""
    evidence = Evidence.objects.select_related("added_by").prefetch_related(
        Prefetch("samples", queryset=Sample.objects.order_by("pk"))
    )
    return insights.prefetch_related(Prefetch("evidence", queryset=evidence))


def open_insights_for(person: Person) -> QuerySet[Insight]:
    """Those that wait for a decision, oldest first."""
    return insights_for(person).filter(state=Insight.State.OPEN)


@dataclass(frozen=True)
class Listed:
    """The insights of one state, how many stand in each, and the departments that have any."""

    insights: list[Insight]
    counts: dict[str, int]
    departments: list[Department]
    department: int


def list_for(person: Person, state: str, department: str = "") -> Listed:
    """What the list shows somebody: of a department (its number, as an address says it) or of all.
    Those that ended come with the latest first."""
    every = insights_for(person)
    chosen = int(department) if department.isdecimal() and len(department) < 10 else 0
    within = every.filter(department=chosen) if chosen else every
    counts = dict(within.order_by().values_list("state").annotate(n=Count("pk")))
    waits = (Insight.State.OPEN, Insight.State.LATER)
    order = ("opened_at", "pk") if state in waits else ("-closed_at", "-pk")
    shown = with_evidence(within.filter(state=state)).select_related("department__head")
    having = Department.objects.filter(pk__in=every.order_by().values("department"))
    return Listed(
        list(shown.order_by("department__name", *order)),
        {value: counts.get(value, 0) for value in Insight.State.values},
        list(having.order_by("name")),
        chosen,
    )


def waiting_for(person: Person, *, stands_in: bool = True) -> int:
    """How many insights wait for a decision by this person, as head or standing in, in one question.
    Without `stands_in` nothing is asked for who holds no such role: the road stands on every page."""
    held = [
        grant.department_id for grant in grants_today(person) if grant.role == Role.DEPARTMENT_HEAD
    ]
    if not held and not stands_in:
        return 0
    rows = Delegate.objects.filter(person=person, until__gte=timezone.localdate())
    theirs = Q(department__head=person) | Q(department__in=held)
    theirs |= Q(department__in=rows.values("department"))
    return Insight.objects.filter(theirs, state=Insight.State.OPEN).count()


def history_of(insight: Insight) -> list[TrailEntry]:
    """What was done to an insight, oldest first."""
    entries = TrailEntry.objects.filter(kind=KIND, thing=str(insight.pk)).select_related("by")
    return list(entries.order_by("number"))


def change_of(insight: Insight) -> Change | None:
    """The change an insight led to."""
    return Change.objects.filter(insight=insight).select_related("owner").first()


def decisions_of(insight: Insight) -> list[Decision]:
    """What was decided on it, oldest first."""
    return list(insight.decisions.select_related("decided_by").order_by("decided_at", "pk"))


def heads_of(department: Department) -> list[Person]:
    """Who is told that something waits for this department."""
    by_role = Q(grants__role=Role.DEPARTMENT_HEAD, grants__department=department)
    people = people_to_choose().filter(by_role | Q(pk=department.head_id)).distinct()
    return [person for person in people if policy.is_head_of(person, department)]


def deciders_of(department: Department) -> list[Person]:
    """Who may decide for a department today: its heads and who stands in."""
    today = timezone.localdate()
    rows = Delegate.objects.filter(department=department, until__gte=today, person__is_active=True)
    heads = heads_of(department)
    return heads + [row.person for row in rows.select_related("person") if row.person not in heads]


def delegates_of(department: Department) -> list[Delegate]:
    """Who stands in for the head of a department, now."""
    rows = Delegate.objects.filter(department=department, until__gte=timezone.localdate())
    return list(rows.select_related("person", "department").order_by("until", "pk"))


def delegates_to_choose(department: Department) -> QuerySet[Person]:
    """Who could stand in: every colleague who may see insights or belongs to the department."""
    able = Q(memberships__department=department) | Q(grants__role__in=policy.READERS)
    return people_to_choose().filter(able).distinct()


def makers_to_choose() -> QuerySet[Person]:
    """Who could own a change: every colleague of a department or with a role of the house."""
    able = Q(memberships__department__isnull=False) | Q(grants__role__in=policy.READERS)
    return people_to_choose().filter(able).distinct()


def tellers() -> list[Person]:
    """Who answers people: webcare."""
    return list(people_to_choose().filter(grants__role=Role.WEBCARE_AGENT).distinct())


def conversation_managers() -> list[Person]:
    """Who leads the conversation."""
    return list(people_to_choose().filter(grants__role=Role.CONVERSATION_MANAGER).distinct())


def owners_to_choose(department: Department) -> QuerySet[Person]:
    """People of a department who could look after an insight."""
    return people_to_choose().filter(memberships__department=department).distinct()


def quoted_posts() -> list[tuple[int, datetime]]:
    """Every post whose words stand in an insight, with its moment."""
    rows = Sample.objects.filter(removed_on=None).order_by("pk")
    return list(dict.fromkeys(rows.values_list("post", "published_at")))


def people_of_departments() -> QuerySet[Person]:
    """Everybody who belongs to a department; the action holds them to the right one."""
    return people_to_choose().filter(memberships__department__isnull=False).distinct()


def departments_to_choose() -> QuerySet[Department]:
    """Departments an insight can be given to."""
    return departments().order_by("name")


def people_by_department() -> dict[int, int]:
    """How many people who may sign in belong to each department."""
    counted: dict[int, set[int]] = {}
    rows = Membership.objects.filter(
        department__isnull=False, person__is_active=True, person__is_system=False
    ).values_list("department", "person")
    for department, person in rows:
        counted.setdefault(department, set()).add(person)
    return {department: len(people) for department, people in counted.items()}


def departments_of(person: Person) -> list[int]:
    """The departments somebody belongs to."""
    rows = Membership.objects.filter(person=person, department__isnull=False)
    return sorted(set(rows.values_list("department", flat=True)))


def readers_by_month(since: date, *, kinds: Sequence[str] = ()) -> dict[tuple[int, date], int]:
    """How many different people of each department read anything (of these kinds) in each month."""
    rows = Reading.objects.filter(month__gte=since)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    seen: dict[tuple[int, date], set[str]] = {}
    for department, month, who in rows.values_list("department", "month", "who").distinct():
        seen.setdefault((department, month), set()).add(who)
    return {key: len(people) for key, people in seen.items()}


def readers_by_thing(month: date, kind: str) -> dict[int, dict[int, int]]:
    """Per thing of a kind, how many people of each department read it in a month."""
    seen: dict[int, dict[int, set[str]]] = {}
    rows = Reading.objects.filter(month=month, kind=kind)
    for thing, department, who in rows.values_list("thing", "department", "who"):
        seen.setdefault(thing, {}).setdefault(department, set()).add(who)
    return {
        thing: {department: len(people) for department, people in each.items()}
        for thing, each in seen.items()
    }
