"""Reading what the habit of listening holds: subscriptions and digests, hours, exports, choices."""

from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from openroads.directory.models import Membership, Person, Team
from openroads.directory.policy import has_role
from openroads.directory.queries import people_to_choose, teams
from openroads.listening.culture import policy
from openroads.listening.culture.models import (
    Digest,
    Export,
    Hour,
    HourMark,
    HourPost,
    HourSeat,
    Subscription,
)
from openroads.listening.policy import LISTENERS, may_read_conversations
from openroads.listening.topics.models import Topic


def teams_to_choose(person: Person) -> QuerySet[Team]:
    """Teams somebody may subscribe or plan for: their own; for who listens, all."""
    if has_role(person, *LISTENERS):
        return teams().order_by("name")
    return teams().filter(memberships__person=person).distinct().order_by("name")


def topics_to_choose(person: Person) -> QuerySet[Topic]:
    """Topics in use."""
    if not may_read_conversations(person):
        return Topic.objects.none()
    return Topic.objects.filter(archived_at=None).order_by("name", "pk")


# --------------------------------------------------------------------------------- subscriptions
def subscriptions_for(person: Person) -> QuerySet[Subscription]:
    """One's own, those of one's teams and those one made; for who listens, every one."""
    if not may_read_conversations(person):
        return Subscription.objects.none()
    found = Subscription.objects.filter(ended_at=None).select_related(
        "person", "team", "topic", "view", "by"
    )
    if has_role(person, *LISTENERS):
        return found
    mine = Membership.objects.filter(person=person, team__isnull=False).values("team")
    return found.filter(Q(person=person) | Q(by=person) | Q(team__in=mine))


def with_figures(subscriptions: QuerySet[Subscription]) -> QuerySet[Subscription]:
    """The same with `sent` digests and how many of them were `opened`."""
    opened = Count("digests", filter=Q(digests__opened_at__isnull=False))
    return subscriptions.annotate(sent=Count("digests"), opened=opened)


def recipients_of(subscription: Subscription) -> list[Person]:
    """Who gets it now: the person or the team's people, who may sign in, may read conversations and
    did not leave."""
    people = people_to_choose().prefetch_related("grants")
    if subscription.team_id:
        ours = Membership.objects.filter(team=subscription.team_id).values("person")
        people = people.filter(pk__in=ours)
    else:
        people = people.filter(pk=subscription.person_id or 0)
    people = people.exclude(pk__in=subscription.left.values("person"))
    return [person for person in people if may_read_conversations(person)]


def has_left(person: Person, subscriptions: QuerySet[Subscription]) -> set[int]:
    """Which of these somebody gets no mail of, by their own choice."""
    return set(
        subscriptions.filter(left__person=person).order_by().values_list("pk", flat=True).distinct()
    )


def digests_for(person: Person) -> QuerySet[Digest]:
    """The digests somebody got, newest first."""
    return Digest.objects.filter(person=person).select_related(
        "subscription", "subscription__topic", "subscription__view"
    )


# ------------------------------------------------------------------------------- listening hours
def hours_for(person: Person) -> QuerySet[Hour]:
    """Hours of one's teams; for who listens, every one."""
    if not may_read_conversations(person):
        return Hour.objects.none()
    found = Hour.objects.select_related("team", "by", "insight")
    if not has_role(person, *LISTENERS):
        mine = Membership.objects.filter(person=person, team__isnull=False).values("team")
        found = found.filter(team__in=mine)
    return found.prefetch_related(
        "topics",
        Prefetch("seats", queryset=HourSeat.objects.select_related("person").order_by("sat_at")),
    ).annotate(
        agenda=Count("posts", distinct=True),
        marked=Count("posts", filter=Q(posts__marks__isnull=False), distinct=True),
    )


def agenda_of(hour: Hour) -> list[HourPost]:
    """The posts of an hour in their order, each with who wants to talk about it."""
    marks = HourMark.objects.select_related("person").order_by("at")
    return list(hour.posts.order_by("place").prefetch_related(Prefetch("marks", queryset=marks)))


# ----------------------------------------------------------------------------------------- exports
def exports_for(person: Person) -> QuerySet[Export]:
    """One's own exports, newest first."""
    if not policy.may_export_posts(person):
        return Export.objects.none()
    return Export.objects.filter(by=person)


def exports_past(moment: datetime) -> QuerySet[Export]:
    """Exports whose file has stood long enough."""
    return Export.objects.exclude(path="").filter(asked_at__lt=moment)
