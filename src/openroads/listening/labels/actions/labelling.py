"""Saying what a post is, and taking it back."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.analysis.language import UNKNOWN, base
from openroads.analysis.learning.aspects import CLASSES, MOOD_NAMES
from openroads.archive.queries.corrections import PostRead, posts_read
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening.actions.ahead import read_ahead
from openroads.listening.labels import policy
from openroads.listening.labels.models import Aspect, AuditItem, Label
from openroads.listening.labels.settling import PERSON, settle
from openroads.listening.topics.filing import file_as_read
from openroads.listening.topics.models import TopicLabel
from openroads.listening.topics.saying import undo_topics

NOTHING = "unknown"
"""What the analyser said when it had no answer."""


def label_post(
    *,
    by: Person,
    post: int,
    published_at: datetime,
    aspect: str,
    value: str,
    item: AuditItem | None = None,
) -> Label:
    """Say what a post is; the same answer as the analyser's confirms it.

    With `item` it is part of a random sample and may judge. The label holds at once; the archive and
    its sums follow before this returns. A person has one label per post and aspect: saying otherwise
    ends the one before. Raises ValidationError for an answer that is none and a post that is gone.
    """
    directory_policy.require(by, policy.may_label)
    value = _checked(aspect, value)
    row = posts_read(archive(), [(post, published_at)]).get(post)
    if row is None or (item is not None and item.post != post):
        raise ValidationError(_("This post is no longer here."))
    label = _write(by, row, aspect, value, item, timezone.now())
    _tell_archive(label)
    return label


def confirm_post(*, by: Person, post: int, published_at: datetime) -> list[Label]:
    """Say that tone and kind of a post stand there as they are; a tone nobody knows is left out.

    Raises ValidationError for a post that is gone.
    """
    directory_policy.require(by, policy.may_label)
    row = posts_read(archive(), [(post, published_at)]).get(post)
    if row is None:
        raise ValidationError(_("This post is no longer here."))
    known = {Aspect.TONE: _said(row, Aspect.TONE), Aspect.KIND: row.kind}
    with transaction.atomic():
        now = timezone.now()
        labels = [
            _write(by, row, aspect, value, None, now)
            for aspect, value in known.items()
            if value != NOTHING
        ]
    _tell_archive(labels[0])
    return labels


def undo_last(*, by: Person, post: int) -> list[Label] | list[TopicLabel]:
    """Take back what a person said of a post last (of tone and kind, or of its topics, when they were
    confirmed together); empty when they said nothing that holds."""
    directory_policy.require(by, policy.may_label)
    mine = Label.objects.filter(post=post, by=by, undone_at=None)
    placed = TopicLabel.objects.filter(post=post, by=by, undone_at=None)
    last = mine.order_by("-at", "-pk").first()
    last_placed = placed.order_by("-at", "-pk").first()
    if last_placed is not None and (last is None or last_placed.at > last.at):
        return undo_topics(by=by, labels=placed.filter(at=last_placed.at))
    if last is None:
        return []
    with transaction.atomic():
        gone = [_undo(by, label) for label in mine.filter(at=last.at)]
    _tell_archive(last)
    return gone


def undo_label(*, by: Person, label: Label) -> Label:
    """Take a label back: the post is again what another label says, or else the analyser."""
    directory_policy.require(by, policy.may_undo_label, label)
    with transaction.atomic():
        label = _undo(by, label)
    _tell_archive(label)
    return label


def _undo(by: Person, label: Label) -> Label:
    """End a label that holds."""
    label = Label.objects.select_for_update().get(pk=label.pk)
    if label.undone_at is None:
        label.undone_at = timezone.now()
        label.save(update_fields=["undone_at"])
        trail.record(by, "took a label back", label, aspect=label.aspect, value=label.value)
    return label


@transaction.atomic
def _write(
    by: Person, row: PostRead, aspect: str, value: str, item: AuditItem | None, now: datetime
) -> Label:
    held = Label.objects.select_for_update().filter(post=row.id, aspect=aspect, undone_at=None)
    earlier = held.order_by("pk").first()
    # Once a person said something the archive repeats it: what the analyser said stands there.
    said = earlier.said if earlier is not None else _said(row, aspect)
    said_by = earlier.said_by if earlier is not None else row.analyser.removesuffix(PERSON)
    why = Label.Why.CONFIRMATION if value == said else Label.Why.CORRECTION
    held.filter(by=by).update(undone_at=now)
    label = Label.objects.create(
        post=row.id,
        published_at=row.published_at,
        source=row.source,
        language=row.language,
        aspect=aspect,
        value=value,
        said=said,
        said_by=said_by[:100],
        why=Label.Why.AUDIT if item is not None else why,
        item=item,
        by=by,
        at=now,
    )
    trail.record(by, "labelled a post", label, aspect=aspect, value=value, said=said, why=label.why)
    return label


def _tell_archive(label: Label) -> None:
    """Outside the transaction: the label is what counts, and what the archive misses now is made up
    by the job that holds labels."""
    key = (label.post, label.published_at)
    if settle([key]).changed:
        file_as_read([key])
        read_ahead()


def _said(row: PostRead, aspect: str) -> str:
    if aspect == Aspect.TONE:
        return MOOD_NAMES.get(row.mood, NOTHING)
    return row.kind if aspect == Aspect.KIND else row.language


def _checked(aspect: str, value: str) -> str:
    """The answer as it is kept. Raises ValidationError when it is none."""
    if aspect == Aspect.LANGUAGE:
        found = UNKNOWN if value == UNKNOWN else base(value)
        if not found:
            raise ValidationError({"value": _("Give the code of a language: nl, en, de.")})
        return found
    for learned, classes in CLASSES.items():
        if learned == aspect and value in classes:
            return value
    raise ValidationError({"value": _("This is not one of the answers.")})
