"""Filing the archive under topics: a new version from the first month on, and what was missed since."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import accumulate

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from openroads.archive.filing import Standing, file_months, file_posts, forget_gone, unfile
from openroads.archive.ingest import Landed
from openroads.archive.queries.corrections import posts_read
from openroads.archive.queries.timeline import revision
from openroads.archive.queries.topics import (
    filed_posts,
    filings_of,
    last_version,
    months_to_file,
)
from openroads.delivery.queries import unfinished_job
from openroads.directory import trail
from openroads.directory.conversations import archive
from openroads.directory.people import system_person
from openroads.listening.topics import queries
from openroads.listening.topics.known import make_known
from openroads.listening.topics.models import Filing, Topic, TopicLabel, TopicVersion

FILE_TOPIC = "listening.file_topic"
KEEP_FILED = "listening.keep_topics_filed"
LOOKED_AT = "listening.topics_filed_at"
AT_ONCE = 5_000
"""Posts looked up at once."""
MOST_PASSES = 20
"""Passes after the first, each over what came in during the one before; they get shorter quickly."""
FEW = 25_000
"""Posts of months that are filed together: a tenth of a second, in which nobody else can write."""

Alive = Callable[[], bool]
State = Filing.State


def job_key(topic_id: int) -> str:
    return f"topic-{topic_id}"


def note_landed(standing: Sequence[Standing], landed: Landed) -> None:
    """Remember that a batch was filed as it came, where nothing before it was missed: it need not be
    looked through again."""
    if standing and landed.stamp:
        versions = [one.version for one in standing]
        Filing.objects.filter(version__in=versions, filed_to=landed.stamp - 1).update(
            filed_to=landed.stamp
        )


def file_topic(*, topic_id: int, alive: Alive = lambda: True) -> bool:
    """File the newest version of a topic and put it in force; True when that is done.

    The latest month first, each durable before it is ticked off, so a kill costs what is filed at
    once, and that is filed again to the same. What comes in meanwhile is made up for before the switch. Until then the
    version before stays in force. Stops when somebody asked, or when `alive` answers no.
    """
    filing = _take_up(topic_id)
    if filing is None:
        return False
    for _pass in range(MOST_PASSES):
        if not _begin_pass(filing):
            break
        if not _file_months(filing, alive):
            return False
    _put_in_force(filing)
    forget_what_is_over(topic_id)
    return True


def make_up(*, alive: Alive = lambda: True) -> int:
    """File what was written to the archive in another way than a batch as it came (a corrected tone, an
    import from before, a backup brought back); returns how many filings that concerned."""
    now = str(revision(archive()))
    if cache.get(LOOKED_AT) == now:
        return 0
    last, made_up, there = last_version(archive()), 0, filed_posts(archive())
    for filing in _done():
        # An archive from a backup may stand before what was filed, and one that was built up anew has
        # nothing filed at all: then nothing is sure.
        sure = filing.filed_to <= last and filing.version_id in there
        since = filing.filed_to if sure else 0
        months = months_to_file(archive(), since) if since < last else []
        one = queries.standing_of(filing.version)
        for each in months:
            if not alive():
                return made_up
            file_months(archive(), one, [each.month], since=since)
        if filing.filed_to != last:
            Filing.objects.filter(pk=filing.pk).update(filed_to=last)
            made_up += 1
    forget_what_is_over()
    forget_gone(archive())
    cache.set(LOOKED_AT, str(revision(archive())), None)
    return made_up


def file_labelled(labels: Sequence[TopicLabel]) -> None:
    """Tell the archive what people said of posts, or took back: outside the transaction, because the
    label is what counts. What the archive misses now is told by `hold_topic_labels`."""
    standing = queries.standing({label.topic_id for label in labels})
    used = {one.topic for one in standing}
    told = [label for label in labels if label.topic_id in used]
    rows = posts_read(archive(), [(label.post, label.published_at) for label in told])
    for one in standing:
        mine = {label.post for label in told if label.topic_id == one.topic}
        keys = [(row.id, row.published_at) for row in rows.values() if row.id in mine]
        file_posts(archive(), [one], keys)
    pks = [label.pk for label in told]
    TopicLabel.objects.filter(pk__in=pks).update(filed_at=timezone.now())


def file_as_read(keys: Sequence[tuple[int, datetime]]) -> None:
    """File posts (id, moment) anew of which tone, kind or language was corrected, under the topics
    that ask for any of these."""
    asking = [one for one in queries.standing() if queries.asks_how_it_was_read(one.query)]
    rows = posts_read(archive(), keys) if asking else {}
    file_posts(archive(), asking, [(row.id, row.published_at) for row in rows.values()])


def hold_topic_labels() -> int:
    """Tell the archive again what people said of posts that stand otherwise in it: a batch or a month
    that was being filed meanwhile did not know. Returns how many posts that concerned."""
    wrong = list(TopicLabel.objects.filter(topic__archived_at=None, filed_at=None))
    standing = queries.standing()
    held = TopicLabel.objects.filter(topic__in={one.topic for one in standing}, undone_at=None)
    labels = list(held.order_by("pk")) if standing else []
    for start in range(0, len(labels), AT_ONCE):
        perhaps = _standing_otherwise(labels[start : start + AT_ONCE], standing)
        # Those few are looked up where they are now: a date may have moved, a post may be gone.
        rows = posts_read(archive(), [(label.post, label.published_at) for label in perhaps])
        for label in perhaps:
            if label.post in rows:
                label.published_at = rows[label.post].published_at
        wrong += _standing_otherwise([one for one in perhaps if one.post in rows], standing)
    if wrong:
        file_labelled(wrong)
    return len(wrong)


def _standing_otherwise(
    labels: Sequence[TopicLabel], standing: Sequence[Standing]
) -> list[TopicLabel]:
    """Labels of posts that are not filed as people say; one of each post and topic."""
    keys = [(label.post, label.published_at) for label in labels]
    filed = filings_of(archive(), [one.version for one in standing], keys)
    last = {(label.topic_id, label.post): label for label in labels}
    return [
        label
        for (topic, post), label in last.items()
        if any(
            (one.version in filed.get(post, ())) != (post in one.put_in)
            for one in standing
            if one.topic == topic
        )
    ]


def settle_filings() -> int:
    """Mark filings as failed that nobody is at any more: their worker was killed too often, or the job
    was called off. Returns how many."""
    settled = 0
    for row in Filing.objects.filter(state__in=Filing.UNFINISHED).select_related("version"):
        if unfinished_job(job_key(row.version.topic_id)) is None:
            same = Filing.objects.filter(pk=row.pk, state=row.state, done=row.done)
            settled += same.update(state=State.FAILED)
    return settled


def forget_what_is_over(topic_id: int | None = None) -> None:
    """Take out of the archive what versions are filed with that are not in force and not under way."""
    over = set(filed_posts(archive())) - set(_needed())
    if topic_id is not None:
        over &= set(TopicVersion.objects.filter(topic=topic_id).values_list("pk", flat=True))
    unfile(archive(), over)


def _take_up(topic_id: int) -> Filing | None:
    """The filing at hand, marked as running; None when there is nothing to do or nobody wants it."""
    newest = (
        Filing.objects.filter(version__topic=topic_id, version__topic__archived_at=None)
        .select_related("version__topic")
        .order_by("-version__number")
        .first()
    )
    if newest is None or not newest.is_unfinished or newest.stop_asked:
        return None
    newest.state = State.RUNNING
    newest.started_at = newest.started_at or timezone.now()
    newest.save(update_fields=["state", "started_at"])
    return newest


def _begin_pass(filing: Filing) -> bool:
    """Write down which months are to be filed; False when nothing is left. A pass that was broken off
    goes on with the months it had left."""
    if filing.months:
        return True
    filing.upto = last_version(archive())
    months = months_to_file(archive(), filing.filed_to)
    filing.months = [[each.month, each.posts] for each in months]
    filing.total = (filing.total or 0) + sum(each.posts for each in months)
    filing.save(update_fields=["upto", "months", "total"])
    return bool(months)


def _file_months(filing: Filing, alive: Alive) -> bool:
    """File the months of this pass; False when it must stop. The latest alone, which is looked at first;
    of those before as many at once as hold few posts, since each time costs the same."""
    count = 1
    while filing.months:
        if not _goes_on(filing, alive):
            return False
        some = filing.months[:count]
        # Asked anew: people may have said more since the months before.
        one = queries.standing_of(filing.version)
        file_months(archive(), one, [month for month, _posts in some], since=filing.filed_to)
        filing.months = filing.months[count:]
        filing.done += sum(posts for _month, posts in some)
        filing.save(update_fields=["months", "done"])
        held = accumulate(posts for _month, posts in filing.months)
        count = max(sum(posts <= FEW for posts in held), 1)
    filing.filed_to = filing.upto
    filing.save(update_fields=["filed_to"])
    return True


def _goes_on(filing: Filing, alive: Alive) -> bool:
    """Whether nobody asked to stop, nobody wrote a newer version, and the worker may go on."""
    now = Filing.objects.values("state", "stop_asked").get(pk=filing.pk)
    if now["stop_asked"]:
        stopped = Filing.objects.filter(pk=filing.pk, state=State.RUNNING)
        stopped.update(state=State.STOPPED, stop_asked=False)
        return False
    return now["state"] == State.RUNNING and alive()


@transaction.atomic
def _put_in_force(filing: Filing) -> None:
    """The switch: from now on this version counts."""
    version = filing.version
    mine = Filing.objects.filter(pk=filing.pk, state=State.RUNNING).update(
        state=State.DONE, finished_at=timezone.now(), stop_asked=False
    )
    if not mine:
        return
    topic = Topic.objects.select_for_update().get(pk=version.topic_id)
    if topic.in_force_id != version.pk:
        topic.in_force = version
        topic.save(update_fields=["in_force"])
        make_known(topic)
        trail.record(
            system_person(), "put a version of a topic in force", topic,
            name=topic.name, version=version.number,
        )  # fmt: skip


def _done() -> QuerySet[Filing]:
    """Filings in force that are complete and in use."""
    rows = Filing.objects.filter(state=State.DONE, version__topic__archived_at=None)
    return rows.filter(version__in=_in_force()).select_related("version").order_by("pk")


def _in_force() -> QuerySet[Topic, int | None]:
    return Topic.objects.exclude(in_force=None).values_list("in_force", flat=True)


def _needed() -> list[int]:
    """Versions whose filing must stay: in force, or on the way to it."""
    under_way = Filing.objects.filter(state__in=(*Filing.UNFINISHED, *Filing.MAY_GO_ON))
    return [
        *(pk for pk in _in_force() if pk is not None),
        *under_way.values_list("version", flat=True),
    ]
