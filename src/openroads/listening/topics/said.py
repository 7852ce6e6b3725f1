"""Reading what people say of posts and topics: what holds, who said it, and what was ever said."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from openroads.directory.models import Person
from openroads.listening.labels import policy
from openroads.listening.topics.models import TopicLabel


@dataclass
class Says:
    """Ids of posts by what holds of them in one topic: the last thing said, by whomever."""

    put_in: set[int] = field(default_factory=set)
    taken_out: set[int] = field(default_factory=set)


def says_of(topics: Collection[int]) -> dict[int, Says]:
    """What holds, per topic; topics nobody said anything of are left out."""
    rows = TopicLabel.objects.filter(topic__in=topics, undone_at=None).order_by("pk")
    found: dict[int, Says] = {}
    for topic, post, belongs in rows.values_list("topic", "post", "belongs"):
        says = found.setdefault(topic, Says())
        (says.put_in if belongs else says.taken_out).add(post)
        (says.taken_out if belongs else says.put_in).discard(post)
    return found


def holding(topic: int) -> list[TopicLabel]:
    """The label that holds of each post people spoke of, oldest first."""
    rows = TopicLabel.objects.filter(topic=topic, undone_at=None).select_related("by")
    last = {label.post: label for label in rows.order_by("pk")}
    return sorted(last.values(), key=lambda label: label.pk)


def triples(topic: int) -> list[tuple[int, int, str]]:
    """(post, person, "in" or "out") of the labels that hold, for how far people agree."""
    rows = TopicLabel.objects.filter(topic=topic, undone_at=None).order_by("pk")
    told = rows.values_list("post", "by", "belongs")
    return [(post, person, "in" if belongs else "out") for post, person, belongs in told]


def holding_for(person: Person, topic: int) -> list[TopicLabel]:
    """The same for a person, newest first; none for who may not label."""
    return holding(topic)[::-1] if policy.may_label(person) else []


def labels_on(person: Person, posts: Sequence[int]) -> dict[int, list[TopicLabel]]:
    """Per post the labels that hold, oldest first, for posts that have any."""
    if not posts or not policy.may_label(person):
        return {}
    held = TopicLabel.objects.filter(post__in=list(posts), undone_at=None)
    found: dict[int, list[TopicLabel]] = {}
    for label in held.select_related("by", "topic").order_by("pk"):
        found.setdefault(label.post, []).append(label)
    return found


def history_of(person: Person, post: int) -> QuerySet[TopicLabel]:
    """Everything that was ever said of where a post belongs, newest first, taken back or not."""
    if not policy.may_label(person):
        return TopicLabel.objects.none()
    return TopicLabel.objects.filter(post=post).select_related("by", "topic").order_by("-pk")


def own_labels(person: Person, topic: int, post: int) -> QuerySet[TopicLabel]:
    """What this person says of a post and a topic; one at most."""
    return TopicLabel.objects.filter(topic=topic, post=post, by=person, undone_at=None)


def label_for(person: Person, pk: int) -> TopicLabel | None:
    """A label by its number."""
    if not policy.may_label(person):
        return None
    return TopicLabel.objects.filter(pk=pk).select_related("by", "topic").first()
