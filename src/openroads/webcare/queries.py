"""Reading cases: which exist for somebody, the queues of the inbox, what stands in one, who is in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.utils import timezone

from openroads.directory.models import Person, Team
from openroads.directory.policy import grants_today
from openroads.directory.queries import people_to_choose
from openroads.directory.roles import Role
from openroads.webcare import policy
from openroads.webcare.models import (
    CLOSED,
    IN_ORDER,
    NOT_CLOSED,
    Case,
    CaseEvent,
    Draft,
    Identity,
    Message,
    Presence,
)
from openroads.webcare.networks import PRIVATE

_KEPT = "_cases_to_do"

PAGE = 25
MOST_COUNTED = 100
"""A queue is counted so far and then called "99+": nobody decides by the difference, and no page has to walk
a hundred thousand rows to say it."""
MOST_FOUND = 200
"""So many finds of a search are shown, of what people wrote and of what we wrote: who needs more looks for more."""
MOST_READ = 20_000
"""So many of our own answers and notes, the newest, are looked through for words: no index holds the words
within them, and to read a million takes seconds."""


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
    found = Case.objects.select_related(
        "identity", "assignee", "claimed_by", "team", "clock__promised"
    )
    if not policy.answers_everywhere(person):
        found = found.filter(team__in=teams_of(person))
    return found


@dataclass(frozen=True)
class Queue:
    """A queue of the inbox: its name in the address, and which cases stand in it."""

    name: str
    found: Q


def queues_of(person: Person) -> list[Queue]:
    """The queues of the inbox, in their order. What somebody else looks after stands in `all` only. All but
    the last say `NOT_CLOSED`, by which databases find the indexes of open cases."""
    todo, waiting = _with_state(Case.State.TODO), _with_state(Case.State.WAITING)
    to_approve = Message.objects.filter(approval=Message.Approval.ASKED).order_by().values("case")
    free_or_mine = Q(assignee=None) | Q(assignee=person)
    found = [
        Queue("todo", todo & free_or_mine),
        Queue(
            "mine", NOT_CLOSED & Q(state__in=(Case.State.TODO, Case.State.WAITING), assignee=person)
        ),
        Queue("waiting", waiting),
        Queue("snoozed", _with_state(Case.State.SNOOZED)),
        Queue("approve", Q(pk__in=to_approve)),
        Queue("all", NOT_CLOSED),
        Queue("closed", CLOSED & Q(merged_into=None)),
    ]
    return found


def team_queue(team: int) -> Queue:
    """What a team has to do."""
    return Queue(f"team-{team}", _with_state(Case.State.TODO) & Q(team=team))


def in_order(cases: QuerySet[Case], queue: str) -> QuerySet[Case]:
    """A queue as it is worked: what is due first, then without a clock, then the oldest; closed ones latest
    first. The key of the order is `place_of`."""
    if queue == "closed":
        return cases.order_by("-closed_at", "-pk")
    return cases.order_by(*IN_ORDER)


def history_of(case: Case) -> list[CaseEvent]:
    """What happened in a case, oldest first."""
    return list(
        CaseEvent.objects.filter(case=case).select_related("by", "team").order_by("at", "pk")
    )


def messages_of(case: Case) -> list[Message]:
    """What was said in a case, in its order."""
    rows = (
        Message.objects.filter(case=case)
        .select_related("by", "delivery", "approved_by")
        .defer("delivery__picture")
    )
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


@dataclass(frozen=True)
class Standing:
    """How the inbox stands for somebody: how many cases are in each queue and how many are past their moment,
    both counted so far as `MOST_COUNTED`, and since when the longest-waiting person waits."""

    counts: dict[str, int]
    late: int
    oldest: datetime | None


class Counted(Subquery):
    """How many rows a question finds. It has to be sliced: then no more are walked than are counted."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


class Hits(Subquery):
    """The places of those rows that are a `hit`, the last `most` of them. TRICKY: as a plain condition PostgreSQL would
    look through every text there is, and only then see which are the newest; a sliced question is answered
    as it stands, and left off when enough were found."""

    template = (
        "(SELECT place FROM (%(subquery)s) AS newest WHERE hit ORDER BY place DESC LIMIT %(most)s)"
    )


def standing_for(person: Person, now: datetime) -> Standing:
    """How the inbox stands, in one question."""
    cases = cases_for(person).order_by()
    todo = cases.filter(_with_state(Case.State.TODO))
    marks: dict[str, Subquery] = {
        f"in_{queue.name}": _counted(cases.filter(queue.found)) for queue in queues_of(person)
    }
    marks["late"] = _counted(todo.filter(due_at__lte=now))
    waiting = todo.filter(waiting_since__isnull=False).order_by("waiting_since")
    marks["oldest"] = Subquery(waiting.values("waiting_since")[:1])
    # One row to hang them on: whoever asks.
    told: dict[str, Any] = dict(Person.objects.filter(pk=person.pk).values(**marks).get())
    # Who sees no case is asked nothing, and told nothing instead of nought.
    counts = {
        name.removeprefix("in_"): int(n or 0) for name, n in told.items() if name.startswith("in_")
    }
    person.__dict__[_KEPT] = counts["todo"]
    return Standing(counts, int(told["late"] or 0), told["oldest"])


def waiting_for(person: Person) -> int:
    """How many cases this person has to do, counted so far as `MOST_COUNTED`. A page of the inbox counted
    them already for itself: its road takes that number, once."""
    kept: int | None = person.__dict__.pop(_KEPT, None)
    if kept is not None:
        return kept
    todo = queues_of(person)[0].found
    found = cases_for(person).order_by().filter(todo)
    return len(found.values_list("pk", flat=True)[:MOST_COUNTED])


def teams_to_choose() -> QuerySet[Team]:
    """Teams a case can be handed to."""
    return Team.objects.filter(ended_on=None).order_by("name")


def colleagues_to_choose() -> QuerySet[Person]:
    """Everybody who answers somewhere; the action holds them to the right team."""
    today = timezone.localdate()
    holds = Q(grants__until=None) | Q(grants__until__gt=today)
    found = people_to_choose().filter(
        holds, grants__role=Role.WEBCARE_AGENT, grants__since__lte=today
    )
    return found.distinct().order_by("name")


def cases_to_merge(person: Person, case: Case) -> QuerySet[Case]:
    """The other cases of the same contact that this one can go on in: of the same network and kind, for an
    answer leaves where they wrote, and private words stay private."""
    found = cases_for(person).filter(identity__contact=case.identity.contact_id, merged_into=None)
    found = found.filter(network=case.network, kind=case.kind)
    return found.exclude(pk=case.pk).order_by("-opened_at")


def page_of(cases: QuerySet[Case], queue: str, after: int | None) -> tuple[list[Case], int | None]:
    """A page of a queue behind a case (the last one seen), and the number to go on from; None at the end.
    A keyset: the page is as quick at the thousandth case as at the first. Of the related rows it holds those
    that a list shows; inner joins would let a database begin at them, and sort."""
    rows = cases.select_related(None).select_related("assignee", "claimed_by", "clock__promised")
    ordered = in_order(rows, queue)
    if after is not None:
        last = cases.model.objects.filter(pk=after).first()
        if last is not None and (queue != "closed" or last.closed_at is not None):
            ordered = ordered.filter(_behind(last, queue))
    found = list(ordered[: PAGE + 1])
    more = found[PAGE - 1].pk if len(found) > PAGE else None
    return found[:PAGE], more


def _behind(last: Case, queue: str) -> Q:
    """What comes after a case in the order of `in_order`. The first condition of each says nothing new, but
    by it a database begins at that place of its index."""
    if queue == "closed":
        if last.closed_at is None:  # it was opened again meanwhile: from the top
            return Q()
        same = Q(closed_at__lt=last.closed_at) | Q(closed_at=last.closed_at, pk__lt=last.pk)
        return Q(closed_at__lte=last.closed_at) & same
    opened = Q(opened_at__gt=last.opened_at) | Q(opened_at=last.opened_at, pk__gt=last.pk)
    if last.due_at is None:
        due = Q(due_at=None) & opened
    else:
        due = Q(due_at__gt=last.due_at) | Q(due_at=None) | (Q(due_at=last.due_at) & opened)
    behind = Q(priority__lt=last.priority) | (Q(priority=last.priority) & due)
    return Q(priority__lte=last.priority) & behind


def _with_state(state: Case.State) -> Q:
    return NOT_CLOSED & Q(state=state)


def _counted(cases: QuerySet[Case]) -> Subquery:
    return Counted(cases.values("pk")[:MOST_COUNTED])


def cases_said_in(
    person: Person, posts: Sequence[int], words: str, *, newest: int = MOST_READ
) -> QuerySet[Case]:
    """The cases that hold one of these posts, or in whose answers and notes the words stand: in the newest
    of all that was written here, so many, and no further back; of those the newest `MOST_FOUND`. Which they
    are is asked first: as one condition among others a database would walk all cases for it."""
    found = Message.objects.order_by().filter(post__in=list(posts)[:500]).values_list("case")
    if words:
        written = Message.objects.filter(by__isnull=False).order_by("-pk")
        hit = ExpressionWrapper(Q(text__icontains=words), output_field=BooleanField())
        rows = written.annotate(place=F("pk"), hit=hit).values("place", "hit")[:newest]
        hits = Hits(rows, most=MOST_FOUND)
        found = found.union(Message.objects.order_by().filter(pk__in=hits).values_list("case"))
    cases = {case for (case,) in found}
    return cases_for(person).filter(pk__in=cases, merged_into=None)


def past_cases(person: Person, case: Case) -> list[Case]:
    """The last other cases with the same contact that this person may see."""
    found = cases_for(person).filter(identity__contact=case.identity.contact_id, merged_into=None)
    return list(found.exclude(pk=case.pk).order_by("-opened_at")[:5])


def case_with(person: Person, post: int) -> Case | None:
    """The case a post is in, if this person may see it."""
    return cases_for(person).filter(messages__post=post).first()


def may_read_posts(person: Person, posts: Sequence[tuple[int, str]]) -> set[int]:
    """Those of these posts (id, network) whose words somebody who answers may read: of who answers for a
    team only, neither what stands in a case of others nor a private word that is in none of theirs."""
    asked = {post for post, _network in posts}
    if policy.answers_everywhere(person):
        return asked
    held = Message.objects.filter(post__in=asked)
    others = {post for post in held.values_list("post", flat=True) if post is not None}
    mine = held.filter(case__in=cases_for(person).order_by().values("pk"))
    seen = {post for post in mine.values_list("post", flat=True) if post is not None}
    private = {post for post, network in posts if network in PRIVATE}
    return seen | (asked - others - private)


def teams_with_cases(person: Person) -> list[Team]:
    """Teams that have something to do, as far as this person sees."""
    todo = cases_for(person).order_by().filter(_with_state(Case.State.TODO), team=OuterRef("pk"))
    return list(Team.objects.filter(Exists(todo)).order_by("name"))
