"""Reading cases: which exist for somebody, the queues of the inbox, what stands in one, who is in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from openroads.directory.models import Person, Team
from openroads.directory.policy import grants_today
from openroads.directory.queries import people_to_choose
from openroads.directory.roles import Role
from openroads.webcare import policy
from openroads.webcare.models import Case, CaseEvent, Draft, Identity, Message, Presence

PAGE = 25
MOST_COUNTED = 100
"""A queue is counted so far and then called "99+": nobody decides by the difference."""


def teams_of(person: Person) -> set[int]:
    """The teams whose cases somebody answers who does not answer everywhere."""
    return {
        grant.team_id
        for grant in grants_today(person)
        if grant.role == Role.WEBCARE_AGENT and grant.team_id
    }


def cases_for(person: Person) -> QuerySet[Case]:
    """The cases this person may see; who answers for one team sees those of that team."""
    if not policy.may_answer(person):
        return Case.objects.none()
    found = Case.objects.select_related("identity", "assignee", "claimed_by", "team")
    if not policy.answers_everywhere(person):
        found = found.filter(team__in=teams_of(person))
    return found


@dataclass(frozen=True)
class Queue:
    """A queue of the inbox: its name in the address, and which cases stand in it."""

    name: str
    found: Q


def queues_of(person: Person) -> list[Queue]:
    """The queues of the inbox, in their order. What somebody else looks after stands in `all` only."""
    todo, waiting = Q(state=Case.State.TODO), Q(state=Case.State.WAITING)
    free_or_mine = Q(assignee=None) | Q(assignee=person)
    found = [
        Queue("todo", todo & free_or_mine),
        Queue("mine", Q(state__in=(Case.State.TODO, Case.State.WAITING), assignee=person)),
        Queue("waiting", waiting),
        Queue("snoozed", Q(state=Case.State.SNOOZED)),
        Queue("approve", Q(messages__approval=Message.Approval.ASKED)),
        Queue("all", Q(state__in=Case.OPEN)),
        Queue("closed", Q(state=Case.State.CLOSED, merged_into=None)),
    ]
    return found


def team_queue(team: int) -> Queue:
    """What a team has to do."""
    return Queue(f"team-{team}", Q(state=Case.State.TODO, team=team))


def in_order(cases: QuerySet[Case], queue: str) -> QuerySet[Case]:
    """A queue as it is worked: what is due first, then without a clock, then the oldest; closed ones latest
    first. The key of the order is `place_of`."""
    if queue == "closed":
        return cases.order_by("-closed_at", "-pk")
    return cases.order_by("-priority", F("due_at").asc(nulls_last=True), "opened_at", "pk")


def history_of(case: Case) -> list[CaseEvent]:
    """What happened in a case, oldest first."""
    return list(
        CaseEvent.objects.filter(case=case).select_related("by", "team").order_by("at", "pk")
    )


def messages_of(case: Case) -> list[Message]:
    """What was said in a case, in its order."""
    rows = Message.objects.filter(case=case).select_related("by", "delivery", "approved_by")
    return list(rows.order_by("seq"))


def draft_of(case: Case, person: Person) -> Draft | None:
    """What this person was writing there."""
    return Draft.objects.filter(case=case, by=person).first()


def others_in(case: Case, person: Person, now: datetime) -> list[Presence]:
    """Who else has the case before them now; who writes comes first."""
    rows = Presence.objects.filter(case=case, until__gt=now).exclude(person=person)
    return list(rows.select_related("person").order_by("-writes", "person__name"))


def people_who_answer(team: Team | None = None) -> list[Person]:
    """Colleagues a case can be handed to."""
    today = timezone.localdate()
    holds = Q(grants__until=None) | Q(grants__until__gt=today)
    where = Q(grants__team=None, grants__department=None)
    if team is not None:
        where |= Q(grants__team=team)
    rows = people_to_choose().filter(
        holds, where, grants__role=Role.WEBCARE_AGENT, grants__since__lte=today
    )
    return list(rows.distinct().order_by("name"))


def identities_by_author(pairs: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Identity]:
    """Identities we know among these authors of networks."""
    if not pairs:
        return {}
    authors = {author for _network, author in pairs}
    rows = Identity.objects.filter(author__in=authors).select_related("contact")
    wanted = set(pairs)
    return {(row.network, row.author): row for row in rows if (row.network, row.author) in wanted}


def counted(cases: QuerySet[Case], queues: Sequence[Queue]) -> dict[str, int]:
    """How many cases stand in each queue, in one question."""
    marks = {queue.name: Count("pk", filter=queue.found, distinct=True) for queue in queues}
    found = cases.order_by().aggregate(**marks)
    return {name: int(n) for name, n in found.items()}
