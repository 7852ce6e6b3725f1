"""Saying where a post belongs, confirming where it is, and taking that back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.analysis.query.kept import node_of
from openroads.archive.queries.corrections import PostRead, posts_read
from openroads.archive.queries.topics import filings_of, verdicts
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening.labels import policy
from openroads.listening.topics.filing import file_labelled
from openroads.listening.topics.models import Topic, TopicLabel, TopicVersion
from openroads.listening.topics.queries import asked_by


def say_topic(
    *, by: Person, topic: Topic, post: int, published_at: datetime, belongs: bool
) -> TopicLabel:
    """Say that a post belongs in a topic, or does not; as the query has it, this confirms it.

    It holds at once, whatever the query finds, and the archive is told before this returns. A person
    has one label per post and topic: saying otherwise ends the one before. Raises ValidationError for
    a topic that is put away, a repost and a post that is gone.
    """
    directory_policy.require(by, policy.may_label)
    topic = Topic.objects.select_related("in_force").get(pk=topic.pk)
    if topic.archived_at is not None:
        raise ValidationError(_("This topic is put away. Take it up again first."))
    row = _row(post, published_at)
    asked = _asked(topic, row)
    with transaction.atomic():
        label = _write(by, asked, row, belongs, timezone.now())
    file_labelled([label])
    return label


def confirm_topics(*, by: Person, post: int, published_at: datetime) -> list[TopicLabel]:
    """Say that a post belongs in every topic it is filed under now; empty when it is in none.

    Raises ValidationError for a post that is gone.
    """
    directory_policy.require(by, policy.may_label)
    row = _row(post, published_at)
    topics = Topic.objects.filter(archived_at=None).exclude(in_force=None)
    used = {topic.in_force_id: topic for topic in topics.select_related("in_force")}
    key = (row.id, row.published_at)
    filed = filings_of(archive(), [pk for pk in used if pk is not None], [key])
    asked = [_asked(used[pk], row) for pk in sorted(filed.get(post, ()))]
    with transaction.atomic():
        now = timezone.now()
        labels = [_write(by, one, row, True, now) for one in asked]
    file_labelled(labels)
    return labels


def undo_topic(*, by: Person, label: TopicLabel) -> TopicLabel:
    """Take a label back: the post is where another label says, or else where the query has it."""
    directory_policy.require(by, policy.may_undo_label, label)
    return undo_topics(by=by, labels=[label])[0]


def undo_topics(*, by: Person, labels: Iterable[TopicLabel]) -> list[TopicLabel]:
    """The same for labels that were given at once."""
    labels = list(labels)
    for label in labels:
        directory_policy.require(by, policy.may_undo_label, label)
    with transaction.atomic():
        gone = [_undo(by, label) for label in labels]
    file_labelled(gone)
    return gone


def _row(post: int, published_at: datetime) -> PostRead:
    row = posts_read(archive(), [(post, published_at)]).get(post)
    if row is None:
        raise ValidationError(_("This post is no longer here."))
    return row


@dataclass(frozen=True)
class _Asked:
    """What a topic's query says of a post before anybody spoke."""

    topic: Topic
    version: TopicVersion
    found: bool


def _asked(topic: Topic, row: PostRead) -> _Asked:
    """Asked outside the transaction: meanwhile nobody else could write."""
    version = asked_by(topic)
    query = node_of(version.canonical)
    found = verdicts(archive(), query, [(row.id, row.published_at)]).get(row.id)
    if found is None:
        raise ValidationError(_("A repost is in no topic."))
    return _Asked(topic, version, found)


def _write(by: Person, asked: _Asked, row: PostRead, belongs: bool, now: datetime) -> TopicLabel:
    mine = TopicLabel.objects.select_for_update().filter(
        topic=asked.topic, post=row.id, by=by, undone_at=None
    )
    mine.update(undone_at=now)
    label = TopicLabel.objects.create(
        topic=asked.topic, post=row.id, published_at=row.published_at, source=row.source,
        belongs=belongs, found=asked.found, version=asked.version, by=by, at=now,
    )  # fmt: skip
    trail.record(
        by, "said where a post belongs", label, topic=asked.topic.name, belongs=belongs,
        found=asked.found,
    )  # fmt: skip
    return label


def _undo(by: Person, label: TopicLabel) -> TopicLabel:
    """End a label that holds."""
    label = TopicLabel.objects.select_for_update().select_related("topic").get(pk=label.pk)
    if label.undone_at is None:
        label.undone_at, label.filed_at = timezone.now(), None
        label.save(update_fields=["undone_at", "filed_at"])
        trail.record(
            by, "took back where a post belongs", label,
            topic=label.topic.name, belongs=label.belongs,
        )  # fmt: skip
    return label
