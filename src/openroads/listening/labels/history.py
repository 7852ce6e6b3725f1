"""What people said of one post, when, and what the analyser had said, as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from openroads.archive.queries.corrections import posts_read
from openroads.archive.queries.posts import Quote
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening.labels import policy, queries
from openroads.listening.labels.models import Label
from openroads.listening.labels.words import aspect_name, value_name, who_read


@dataclass(frozen=True)
class Said:
    """One label in words."""

    label: Label
    aspect: str
    value: str
    before: str
    """What the analyser had said."""
    may_undo: bool


@dataclass(frozen=True)
class History:
    """Who read a post, and every label it ever had, newest first."""

    read_by: str
    when: datetime
    rows: Sequence[Said]
    may_see: bool


def of(person: Person, post: Quote) -> History:
    """The history of a post; without labels for who may not label."""
    row = posts_read(archive(), [(post.id, post.published_at)]).get(post.id)
    rows = [
        Said(
            label,
            aspect_name(label.aspect),
            value_name(label.aspect, label.value),
            value_name(label.aspect, label.said),
            label.undone_at is None and policy.may_undo_label(person, label),
        )
        for label in queries.history_of(person, post.id)
    ]
    read_by = who_read(row.analyser) if row is not None else ""
    return History(read_by, post.published_at, rows, policy.may_label(person))
