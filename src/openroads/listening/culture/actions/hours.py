"""A listening hour: planning it, reading along, saying "let us talk about this", ending it."""

from collections.abc import Sequence
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.archive.queries.posts import Quote
from openroads.changes.models import Insight
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person, Team
from openroads.listening.culture import policy
from openroads.listening.culture.models import Hour, HourMark, HourPost, HourSeat
from openroads.listening.explore import asking
from openroads.listening.explore.filter import ExploreFilter
from openroads.listening.gap_queries import days_kept
from openroads.listening.topics.models import Topic

AGENDA = 20
WEEKS = timedelta(weeks=4)


@transaction.atomic
def plan_hour(*, by: Person, team: Team, title: str, topics: Sequence[Topic]) -> Hour:
    """Plan an hour with twenty posts of the last four weeks, as many of each topic as it has, one
    topic after the other. Raises ValidationError when nobody said anything of them."""
    directory_policy.require(by, policy.may_plan_hour, team)
    posts = draw(topics)
    if not posts:
        raise ValidationError({"topics": _("Nobody said anything of these topics in the last four weeks.")})  # fmt: skip
    hour = Hour.objects.create(
        team=team, title=" ".join(title.split()), by=by, made_at=timezone.now()
    )
    hour.topics.set(topics)
    HourPost.objects.bulk_create(
        HourPost(hour=hour, place=place, post=post.id, published_at=post.published_at)
        for place, post in enumerate(posts, 1)
    )
    trail.record(by, "planned a listening hour", hour, name=hour.title, team=team.name, posts=len(posts))  # fmt: skip
    return hour


def draw(topics: Sequence[Topic], most: int = AGENDA) -> list[Quote]:
    """The newest posts of each topic in turn, each post once, until there are enough; a topic that
    has fewer leaves its turns to the others."""
    _first, last = days_kept()
    if last is None or not topics:
        return []
    piles = []
    for topic in topics:
        chosen = ExploreFilter(
            since=last - WEEKS + timedelta(days=1), until=last, topics=(topic.pk,)
        )
        piles.append(asking.newest(chosen, None, limit=most))
    drawn: dict[int, tuple[int, Quote]] = {}
    for turn in range(most):
        for place, pile in enumerate(piles):
            if turn < len(pile) and len(drawn) < most:
                drawn.setdefault(pile[turn].id, (place, pile[turn]))
    # Read topic by topic: what one says about a thing is heard together.
    return [post for _place, post in sorted(drawn.values(), key=lambda one: one[0])]


@transaction.atomic
def read_along(*, by: Person, hour: Hour, place: int) -> None:
    """Take a seat, and note how far somebody read; the first reader begins the hour."""
    directory_policy.require(by, policy.may_sit, hour)
    if hour.ended_at is not None:
        return
    seat, made = HourSeat.objects.get_or_create(hour=hour, person=by, defaults={"read_to": place})
    if not made and seat.read_to < place:
        HourSeat.objects.filter(pk=seat.pk).update(read_to=place)
    if hour.begun_at is None:
        Hour.objects.filter(pk=hour.pk, begun_at=None).update(begun_at=timezone.now())


@transaction.atomic
def mark_post(*, by: Person, item: HourPost, marked: bool) -> None:
    """Say that this one is worth talking about, or take that back."""
    directory_policy.require(by, policy.may_sit, item.hour)
    _check_runs(item.hour)
    if marked:
        HourMark.objects.get_or_create(item=item, person=by)
    else:
        HourMark.objects.filter(item=item, person=by).delete()


@transaction.atomic
def end_hour(*, by: Person, hour: Hour, outcome: str = "") -> Hour:
    """End it and write down what came of it, which may be nothing."""
    directory_policy.require(by, policy.may_sit, hour)
    _check_runs(hour)
    hour.ended_at, hour.outcome = timezone.now(), " ".join(outcome.split())[:500]
    hour.save(update_fields=["ended_at", "outcome"])
    trail.record(
        by, "ended a listening hour", hour, name=hour.title, team=hour.team.name,
        number=hour.seats.count(), outcome=hour.outcome,
    )  # fmt: skip
    return hour


@transaction.atomic
def call_off(*, by: Person, hour: Hour) -> None:
    """Take away an hour nobody began. Raises ValidationError for one that was."""
    directory_policy.require(by, policy.may_sit, hour)
    if hour.begun_at is not None:
        raise ValidationError(_("This hour was begun; end it instead."))
    trail.record(by, "called off a listening hour", hour, name=hour.title, team=hour.team.name)
    hour.delete()


@transaction.atomic
def came_to_insight(*, by: Person, hour: Hour, insight: Insight) -> None:
    """Write down that an insight came of it."""
    directory_policy.require(by, policy.may_sit, hour)
    Hour.objects.filter(pk=hour.pk).update(insight=insight)
    trail.record(by, "came to an insight", hour, name=hour.title, number=insight.code)


def forget_posts(*, posts: Sequence[int]) -> int:
    """Take erased posts off every agenda."""
    gone, _each = HourPost.objects.filter(post__in=list(posts)).delete()
    return gone


def _check_runs(hour: Hour) -> None:
    if hour.ended_at is not None:
        raise ValidationError(_("This hour has ended."))
