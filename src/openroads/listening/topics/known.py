"""Telling the rooms that do not know this one what a topic is now: its name, what it asks, whether it is in use."""

from openroads.directory.known_topics import keep_known
from openroads.listening.topics.models import Topic
from openroads.listening.topics.queries import asked_by


def make_known(topic: Topic) -> None:
    """Called by every deed that changes one of the three, in its transaction."""
    keep_known(
        number=topic.pk,
        name=topic.name,
        canonical=asked_by(topic).canonical,
        in_use=topic.archived_at is None,
    )
