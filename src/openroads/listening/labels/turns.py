"""Whose turn it is: the next post of a random sample for a person, with nothing the machine said of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from openroads.archive.queries.corrections import posts_read
from openroads.archive.queries.posts import Quote, post_by_id
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening.labels import cards, policy, queries
from openroads.listening.labels.cards import Group
from openroads.listening.labels.models import AuditItem, Label
from openroads.listening.labels.words import aspect_name, value_name
from openroads.listening.sight.seeing import sight_of
from openroads.listening.topics.placing import Placing, own_placing

AT_ONCE = 20
ENOUGH = 20
"""Posts of about five minutes; from so many on an accuracy is told."""


@dataclass(frozen=True)
class Turn:
    """What the page of reading shows."""

    aspect: str
    name: str
    item: AuditItem | None
    post: Quote | None
    group: Group
    read: int
    """Posts of this sample this person has read."""
    of: int
    """And those that are theirs to read."""
    today: int
    last: Label | None
    last_said: str
    may_draw: bool
    placing: Placing | None
    """Topics of the post by what this person said, not by what a query found."""
    is_placing: bool
    """Whether they were speaking of its topics, so that these stand open still."""


def turn_of(
    person: Person,
    aspect: str,
    *,
    leave: Collection[int] = (),
    last: Label | None = None,
    is_placing: bool = False,
) -> Turn:
    """The next post to read; without `post` there is none."""
    item, post = _next(person, aspect, leave)
    read = left = 0
    if item is not None:
        left = queries.items_to_read(person, aspect, leave).filter(sample=item.sample_id).count()
        read = queries.read_of_sample(person, aspect, item.sample_id)
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Turn(
        aspect,
        aspect_name(aspect),
        item,
        sight_of(person).post(post) if post is not None else None,
        next(group for group in cards.groups(cards.languages(), {}) if group.aspect == aspect),
        read,
        read + left,
        queries.read_today(person, aspect, midnight),
        last,
        value_name(last.aspect, last.value) if last is not None else "",
        policy.may_teach(person),
        own_placing(person, post.id) if post is not None else None,
        is_placing,
    )


def _next(
    person: Person, aspect: str, leave: Collection[int]
) -> tuple[AuditItem | None, Quote | None]:
    """The first item whose post is still there."""
    items = queries.items_to_read(person, aspect, leave)
    start = 0
    while some := list(items[start : start + AT_ONCE]):
        rows = posts_read(archive(), [(item.post, item.published_at) for item in some])
        for item in some:
            if row := rows.get(item.post):
                day = row.published_at.date()
                return item, post_by_id(archive(), row.id, day, day + timedelta(days=1))
        start += AT_ONCE
    return None, None
