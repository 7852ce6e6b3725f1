"""Saying how long posts are kept, and taking out what is past that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.archive.retention import OldPosts, Rules, erase_old, old_among, old_posts
from openroads.changes.actions import forget_posts_before
from openroads.delivery.jobs import enqueue
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.conversations import archive
from openroads.directory.kept import LONGEST, keep_for
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.actions.ahead import read_ahead
from openroads.listening.erasing.copies import delete_upload
from openroads.listening.keeping import queries
from openroads.listening.keeping.models import THE_HOUSE, Keeping
from openroads.listening.labels.actions.rescoring import forget_posts
from openroads.listening.labels.models import AuditItem, Label
from openroads.listening.models import Import, Source, TopicLabel
from openroads.listening.remembering import forget_answers

TAKE_OUT = "listening.take_out_old"
AT_ONCE = 10_000
"""Ids in one statement: databases take no more than some tens of thousands."""

Alive = Callable[[], bool]


@dataclass(frozen=True)
class TakenOut:
    """What one run took out: per source, the words nobody else used, files, judgements of people."""

    sources: tuple[OldPosts, ...]
    posts: int
    words: int
    files: int
    labels: int


@transaction.atomic
def set_keeping(
    *,
    by: Person,
    house: int,
    sources: Mapping[int, int | None],
    others: Mapping[str, int] | None = None,
) -> Keeping:
    """Say how many months posts are kept: of the house (0 is for good), and of sources by their
    number (None is as the house); and things of other rooms by their names. Nothing goes before the next run."""
    directory_policy.require(by, policy.may_set_keeping)
    for months in (house, *sources.values()):
        if months is not None and not 0 <= months <= LONGEST:
            raise ValidationError(_("Between 0 and %(n)s months.") % {"n": LONGEST})
    kept, _made = Keeping.objects.select_for_update().get_or_create(pk=THE_HOUSE)
    if kept.months != house or kept.set_at is None:
        trail.record(by, "set how long posts are kept", kept, months={"was": kept.months, "now": house})  # fmt: skip
    for source in Source.objects.select_for_update().filter(pk__in=sources):
        months = sources[source.pk]
        if source.keep_months != months:
            trail.record(by, "set how long posts of a source are kept", source, months={"was": source.keep_months, "now": months})  # fmt: skip
            source.keep_months = months
            source.save(update_fields=["keep_months"])
    keep_for(by=by, months=others or {})
    kept.months, kept.set_at = house, timezone.now()
    kept.save(update_fields=["months", "set_at"])
    return kept


@transaction.atomic
def ask_run(*, by: Person) -> None:
    """Put a run in line now instead of tonight."""
    directory_policy.require(by, policy.may_set_keeping)
    trail.record(by, "asked to take out what is past its time")
    enqueue(TAKE_OUT, key=TAKE_OUT, by=by)


def look_ahead() -> list[OldPosts]:
    """What a run would take out now, per source."""
    return old_posts(archive(), _rules())


def take_out(*, by: Person, alive: Alive = lambda: True) -> TakenOut:
    """Take out every post past its time, with what people said of it, and uploads of that time.
    Doing it again ends what was begun."""
    directory_policy.require(by, policy.may_set_keeping)
    rules = _rules()
    found = old_posts(archive(), rules)
    labels = _forget_labels(rules) if found else 0
    for source, moment in rules.items():
        forget_posts_before(source=source, moment=moment)
    files = _delete_files(rules, alive)
    erased = erase_old(archive(), rules) if found and alive() else None
    done = TakenOut(
        tuple(found) if erased else (), erased.posts if erased else 0, erased.words if erased else 0,
        files, labels,
    )  # fmt: skip
    _write_down(by, done)
    if erased:
        forget_answers()
        read_ahead()
    return done


def _rules() -> Rules:
    return queries.rules(queries.sources_with_posts(), queries.house_rule(), timezone.localdate())


def _forget_labels(rules: Rules) -> int:
    """What people said of posts goes with them; the posts are found while they are there."""
    posts: set[int] = set()
    for source, moment in rules.items():
        for model in (Label, TopicLabel):
            said = model.objects.filter(source=source, published_at__lt=moment)
            posts.update(said.values_list("post", flat=True))
    sampled = AuditItem.objects.filter(published_at__lt=max(rules.values()))
    ids = list(sampled.values_list("post", flat=True).distinct())
    for start in range(0, len(ids), AT_ONCE):
        posts.update(old_among(archive(), rules, ids[start : start + AT_ONCE]))
    gone, every = 0, sorted(posts)
    for start in range(0, len(every), AT_ONCE):
        gone += forget_posts(posts=every[start : start + AT_ONCE])
    return gone


def _delete_files(rules: Rules, alive: Alive) -> int:
    """Uploads, previews and rejected rows of imports that are older than what their source keeps."""
    deleted = 0
    for item in Import.objects.filter(source__in=rules).exclude(state__in=Import.UNFINISHED):
        if item.created_at >= rules[item.source_id or 0] or not alive():
            continue
        if item.path and delete_upload(item.pk):
            deleted += 1
        if item.rejected_path or item.reading.get("preview"):
            reading = {**item.reading, "preview": []}
            Import.objects.filter(pk=item.pk).update(rejected_path="", reading=reading)
            if item.rejected_path:
                Path(item.rejected_path).unlink(missing_ok=True)
                deleted += item.rejected > 0
    return deleted


@transaction.atomic
def _write_down(by: Person, done: TakenOut) -> None:
    Keeping.objects.get_or_create(pk=THE_HOUSE)
    Keeping.objects.filter(pk=THE_HOUSE).update(ran_at=timezone.now(), posts=done.posts)
    names = dict(Source.objects.filter(pk__in=[row.source for row in done.sources]).values_list("pk", "name"))  # fmt: skip
    for row in done.sources:
        trail.record(
            by, "took out posts that were past their time", Source(pk=row.source),
            name=names.get(row.source, ""), posts=row.posts, since=str(row.first), until=str(row.last),
        )  # fmt: skip
    if done.files:
        trail.record(by, "deleted files that were past their time", None, number=done.files)
