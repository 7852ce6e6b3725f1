"""What people said of one post, when, and how it was read before, as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from openroads.archive.queries.corrections import posts_read
from openroads.archive.queries.posts import Quote
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening.labels import policy, queries
from openroads.listening.labels.models import Label
from openroads.listening.labels.words import aspect_name, value_name, who_read
from openroads.listening.topics import said
from openroads.listening.topics.models import TopicLabel
from openroads.listening.topics.placing import told


@dataclass(frozen=True)
class Said:
    """One label in words."""

    at: datetime
    by: Person
    aspect: str
    value: str
    before: str
    """What the analyser, or a topic's query, had said."""
    why: str
    undone_at: datetime | None
    undo: str
    """The address that takes it back; empty when this person may not, or it holds no more."""


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
    rows = [_said(person, label) for label in queries.history_of(person, post.id)]
    rows += [_placed(person, label) for label in said.history_of(person, post.id)]
    rows.sort(key=lambda row: row.at, reverse=True)
    read_by = who_read(row.analyser) if row is not None else ""
    return History(read_by, post.published_at, rows, policy.may_label(person))


def _said(person: Person, label: Label) -> Said:
    return Said(
        label.at,
        label.by,
        aspect_name(label.aspect),
        value_name(label.aspect, label.value),
        value_name(label.aspect, label.said),
        label.get_why_display(),
        label.undone_at,
        _undo(person, label, "labels:undo"),
    )


def _placed(person: Person, label: TopicLabel) -> Said:
    why = Label.Why.CONFIRMATION if label.confirms else Label.Why.CORRECTION
    return Said(
        label.at,
        label.by,
        pgettext("aspect of a post", "Topic"),
        told(label),
        _("found by the query") if label.found else _("not found by the query"),
        str(why.label),
        label.undone_at,
        _undo(person, label, "labels:undo_topic"),
    )


def _undo(person: Person, label: Label | TopicLabel, address: str) -> str:
    may_undo = label.undone_at is None and policy.may_undo_label(person, label)
    return reverse(address, args=(label.pk,)) if may_undo else ""
