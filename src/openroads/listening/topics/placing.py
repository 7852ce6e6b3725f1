"""Where posts stand among the topics, as a card shows it: what each is in, and a key per topic."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Max
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from openroads.archive.queries.posts import Quote
from openroads.archive.queries.topics import filings_of
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening.remembering import remembered
from openroads.listening.topics import said
from openroads.listening.topics.models import Topic, TopicLabel
from openroads.ui.formats import listed

KEYS = "123456789"
"""The first topics by name, the same on every card: fingers learn them. The others have no key."""


@dataclass(frozen=True)
class Place:
    """A topic as a button of a post: pressed when the post is in it."""

    topic: int
    name: str
    key: str
    is_in: bool

    @property
    def says(self) -> str:
        """What pressing it says: the other way round."""
        return f"{self.topic}:{'out' if self.is_in else 'in'}"


@dataclass(frozen=True)
class Placing:
    """The topics of one post."""

    names: str
    """Those it is in, in one line; empty when it is in none."""
    shown: Sequence[Place]
    """The first nine by name, and every other it is in."""
    others: Sequence[Place]

    @property
    def is_any(self) -> bool:
        """Whether there is a topic to speak of."""
        return bool(self.shown)


def placings(
    posts: Sequence[Quote], labels: Mapping[int, Sequence[TopicLabel]]
) -> dict[int, Placing]:
    """The placing of each post, by how it is filed and by the labels that hold."""
    topics, mark = _in_use()
    by_version = {in_force: pk for pk, _name, in_force in topics if in_force is not None}
    keys = [(post.id, post.published_at) for post in posts]
    filed = remembered(
        f"filings:{keys}:{mark}",
        lambda: filings_of(archive(), by_version, keys),
        shelf="places",
    )
    found = {}
    for post in posts:
        now = {by_version[version]: True for version in filed.get(post.id, ())}
        now |= {label.topic_id: label.belongs for label in labels.get(post.id, ())}
        found[post.id] = _placing(topics, {topic for topic, is_in in now.items() if is_in})
    return found


def own_placing(person: Person, post: int) -> Placing:
    """Only by what this person said: for who reads before seeing what anybody made of it."""
    labels = said.labels_on(person, [post]).get(post, [])
    mine = {label.topic_id for label in labels if label.by_id == person.pk and label.belongs}
    return _placing(_in_use()[0], mine)


def told(label: TopicLabel) -> str:
    """What a label says: "in “Delivery”"."""
    if label.belongs:
        return _("in “%(topic)s”") % {"topic": label.topic.name}
    return _("not in “%(topic)s”") % {"topic": label.topic.name}


def _in_use() -> tuple[list[tuple[int, str, int | None]], str]:
    """The topics by name, and what their filings depend on besides the archive; see `filed_as`."""
    rows = Topic.objects.filter(archived_at=None).order_by(Lower("name"), "pk")
    rows = rows.annotate(told=Max("said__filed_at"), said_last=Max("said"))
    found = list(rows.values_list("pk", "name", "in_force", "in_force__filing__filed_to", "told", "said_last"))  # fmt: skip
    mark = [(pk, *rest) for pk, _name, *rest in found]
    return [(pk, name, in_force) for pk, name, in_force, *_rest in found], str(mark)


def _placing(topics: Iterable[tuple[int, str, int | None]], is_in: Collection[int]) -> Placing:
    places = [
        Place(topic, name, KEYS[n] if n < len(KEYS) else "", topic in is_in)
        for n, (topic, name, _in_force) in enumerate(topics)
    ]
    return Placing(
        listed(place.name for place in places if place.is_in),
        [place for place in places if place.key or place.is_in],
        [place for place in places if not place.key and not place.is_in],
    )
