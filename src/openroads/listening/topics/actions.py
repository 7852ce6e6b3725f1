"""Defining topics: new ones, new versions, going back, putting away, stopping the filing."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.analysis.query.parse import parse
from openroads.analysis.query.show import show
from openroads.analysis.query.veiling import is_of_one
from openroads.delivery.jobs import enqueue
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.company import Brand
from openroads.directory.models import Department, Person
from openroads.listening.explore.words import known_names
from openroads.listening.saying import translated
from openroads.listening.sight.seeing import sight_of
from openroads.listening.topics import policy, queries
from openroads.listening.topics.filing import FILE_TOPIC, job_key
from openroads.listening.topics.known import make_known
from openroads.listening.topics.models import Filing, Topic, TopicVersion

State = Filing.State


@transaction.atomic
def define_topic(
    *,
    by: Person,
    name: str,
    text: str,
    description: str = "",
    brand: Brand | None = None,
    department: Department | None = None,
    note: str = "",
) -> Topic:
    """Define a topic by a query and put the filing of the archive in line.

    Raises ValidationError for a query that cannot be searched and a name that is taken.
    """
    directory_policy.require(by, policy.may_define_topics)
    _refuse_taken_name(name, None)
    topic = Topic.objects.create(
        name=name, description=description, brand=brand, department=department, by=by
    )
    _write(by, topic, text, note)
    make_known(topic)
    # Never the query itself: it may name a customer, and the trail is for good.
    trail.record(by, "defined a topic", topic, name=name, version=1)
    return topic


@transaction.atomic
def describe_topic(
    *,
    by: Person,
    topic: Topic,
    name: str,
    description: str = "",
    brand: Brand | None = None,
    department: Department | None = None,
) -> Topic:
    """Change what a topic is called and who it concerns; what it finds stays the same."""
    directory_policy.require(by, policy.may_define_topics)
    _refuse_taken_name(name, topic)
    was, now = _told(topic), {"name": name, "description": description, "brand": str(brand or ""), "department": str(department or "")}  # fmt: skip
    changed = {key: {"was": was[key], "now": now[key]} for key in now if was[key] != now[key]}
    if changed:
        topic.name, topic.description, topic.brand, topic.department = name, description, brand, department  # fmt: skip
        topic.save(update_fields=["name", "description", "brand", "department"])
        make_known(topic)
        trail.record(by, "described a topic", topic, **changed)
    return topic


@transaction.atomic
def change_query(
    *, by: Person, topic: Topic, text: str, note: str = "", same_as: int | None = None
) -> TopicVersion:
    """Write a new version and put the filing of the archive under it in line; the version in force
    stays so until that is done. The same query once more is no new version. `same_as` is the number
    of the version it goes back to.

    Raises ValidationError for a query that cannot be searched and a topic that is put away.
    """
    directory_policy.require(by, policy.may_define_topics)
    topic = Topic.objects.select_for_update().get(pk=topic.pk)
    _refuse_put_away(topic)
    newest = topic.versions.first()
    if newest is not None and newest.canonical == canonical_of(by, text):
        return newest
    version = _write(by, topic, text, note, same_as)
    make_known(topic)
    trail.record(by, "wrote a version of a topic", topic, name=topic.name, version=version.number)
    return version


def go_back(*, by: Person, version: TopicVersion) -> TopicVersion:
    """Ask again what an earlier version asked: a new version with its query."""
    # By its one form when a name in it is no longer known: that means what it meant.
    read = parse(version.text, known_names(sight_of(by))).query
    means_the_same = read is not None and show(read, "en") == version.canonical
    text = version.text if means_the_same else version.canonical
    return change_query(by=by, topic=version.topic, text=text, same_as=version.number)


@transaction.atomic
def stop_filing(*, by: Person, topic: Topic) -> None:
    """Have the filing stop after the month at hand; it can go on later."""
    directory_policy.require(by, policy.may_define_topics)
    filing = queries.newest_filing(topic)
    if filing is None or not filing.is_unfinished:
        return
    waiting = Filing.objects.filter(pk=filing.pk, state=State.WAITING)
    if not waiting.update(state=State.STOPPED):
        Filing.objects.filter(pk=filing.pk, state=State.RUNNING).update(stop_asked=True)
    trail.record(by, "stopped the filing of a topic", topic, name=topic.name)


@transaction.atomic
def resume_filing(*, by: Person, topic: Topic) -> None:
    """Go on with the filing where it was."""
    directory_policy.require(by, policy.may_define_topics)
    _refuse_put_away(topic)
    filing = queries.newest_filing(topic)
    if filing is None or not filing.may_go_on:
        return
    Filing.objects.filter(pk=filing.pk).update(state=State.WAITING, stop_asked=False)
    _enqueue(by, topic)
    trail.record(by, "resumed the filing of a topic", topic, name=topic.name)


@transaction.atomic
def put_away(*, by: Person, topic: Topic) -> None:
    """Put a topic away: it is no longer offered and no longer filed; what it is and was stays."""
    directory_policy.require(by, policy.may_define_topics)
    if topic.archived_at is not None:
        return
    topic.archived_at = timezone.now()
    topic.save(update_fields=["archived_at"])
    make_known(topic)
    unfinished = Filing.objects.filter(version__topic=topic, state__in=Filing.UNFINISHED)
    unfinished.update(state=State.STOPPED, stop_asked=False)
    trail.record(by, "put a topic away", topic, name=topic.name)


@transaction.atomic
def take_up_again(*, by: Person, topic: Topic) -> None:
    """Use a topic again; what came in meanwhile is filed first."""
    directory_policy.require(by, policy.may_define_topics)
    if topic.archived_at is None:
        return
    topic.archived_at = None
    topic.save(update_fields=["archived_at"])
    make_known(topic)
    newest = queries.newest_filing(topic)
    if newest is not None:
        Filing.objects.filter(pk=newest.pk).update(state=State.WAITING, months=[], total=None, done=0)  # fmt: skip
        _enqueue(by, topic)
    trail.record(by, "took a topic up again", topic, name=topic.name)


def canonical_of(by: Person, text: str) -> str:
    """The one form of a query, in English and with numbers for names. Raises ValidationError with the
    first of its faults when it cannot be searched, by who asks: who sees no names, names nobody."""
    read = parse(text, known_names(sight_of(by)))
    if read.query is None:
        first = read.faults[0] if read.faults else None
        raise ValidationError(
            {"text": translated(first.text) if first else _("Write what to look for.")}
        )
    if is_of_one(read.query):
        raise ValidationError({"text": _("A topic is what people talk about, never one of them: leave the pseudonym out.")})  # fmt: skip
    return show(read.query, "en")


def _write(
    by: Person, topic: Topic, text: str, note: str, same_as: int | None = None
) -> TopicVersion:
    canonical = canonical_of(by, text)
    newest = topic.versions.first()
    # Whatever was under way is overtaken; the worker sees it before its next month.
    Filing.objects.filter(version__topic=topic).exclude(state=State.DONE).update(
        state=State.PASSED_OVER, stop_asked=False, months=[]
    )
    version = TopicVersion.objects.create(
        topic=topic, number=newest.number + 1 if newest else 1, text=text, canonical=canonical,
        note=note, same_as=same_as, by=by,
    )  # fmt: skip
    Filing.objects.create(version=version)
    _enqueue(by, topic)
    return version


def _enqueue(by: Person, topic: Topic) -> None:
    enqueue(FILE_TOPIC, key=job_key(topic.pk), by=by, topic_id=topic.pk)


def _refuse_taken_name(name: str, topic: Topic | None) -> None:
    others = Topic.objects.filter(name__iexact=name)
    if (others.exclude(pk=topic.pk) if topic else others).exists():
        raise ValidationError({"name": _("There is a topic of this name already.")})


def _refuse_put_away(topic: Topic) -> None:
    if topic.archived_at is not None:
        raise ValidationError(_("This topic is put away. Take it up again first."))


def _told(topic: Topic) -> dict[str, str]:
    return {
        "name": topic.name, "description": topic.description, "brand": str(topic.brand or ""),
        "department": str(topic.department or ""),
    }  # fmt: skip
