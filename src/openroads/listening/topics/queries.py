"""Reading topics: what exists, what is in force, and under what posts are filed as they come in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import F, Max, Prefetch, Q, QuerySet
from django.db.models.functions import Lower

from openroads.analysis.query.kept import node_of
from openroads.analysis.query.syntax import Field, Node, leaves
from openroads.archive.filing import Standing, found_by
from openroads.archive.queries.choice import Condition
from openroads.archive.queries.topics import filed
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.topics.models import Filing, Topic, TopicVersion
from openroads.listening.topics.said import Says, says_of


def topics_for(person: Person) -> QuerySet[Topic]:
    """Topics this person may see, put away or not, each with its version in force and who made it."""
    if not policy.may_read_conversations(person):
        return Topic.objects.none()
    return Topic.objects.select_related("brand", "department", "by", "in_force").prefetch_related(
        Prefetch("versions", queryset=TopicVersion.objects.select_related("by", "filing"))
    )


@dataclass(frozen=True)
class TopicName:
    """What a topic is called, and whether it is not put away."""

    name: str
    in_use: bool


def topic_names() -> dict[int, TopicName]:
    """Every topic by its key, by name; of those put away an address may still speak."""
    rows = Topic.objects.order_by(Lower("name"), "pk").values_list("pk", "name", "archived_at")
    return {pk: TopicName(name, put_away is None) for pk, name, put_away in rows}


def newest_filing(topic: Topic) -> Filing | None:
    """How far the newest version of a topic is filed."""
    return Filing.objects.filter(version__topic=topic).order_by("-version__number").first()


def asked_by(topic: Topic) -> TopicVersion:
    """The version whose query speaks for a topic: the one in force, else the newest."""
    version = topic.in_force or topic.versions.first()
    assert version is not None  # a topic is made with its first
    return version


def standing_of(version: TopicVersion) -> Standing:
    """A version as the archive files under it, with what people say of its topic."""
    return standings_of([version])[0]


def standings_of(versions: Sequence[TopicVersion]) -> list[Standing]:
    """The same for several."""
    said = says_of({version.topic_id for version in versions}) if versions else {}
    nothing = Says()
    return [
        Standing(
            version.topic_id,
            version.pk,
            node_of(version.canonical),
            frozenset(said.get(version.topic_id, nothing).put_in),
            frozenset(said.get(version.topic_id, nothing).taken_out),
        )
        for version in versions
    ]


def standing(topics: Collection[int] | None = None) -> list[Standing]:
    """Every version posts are filed under as they come in: those in force, and those being filed; of
    some topics, or of all."""
    rows = TopicVersion.objects.filter(topic__archived_at=None).filter(
        Q(topic__in_force=F("pk")) | Q(filing__state__in=(*Filing.UNFINISHED, *Filing.MAY_GO_ON))
    )
    if topics is not None:
        rows = rows.filter(topic__in=topics)
    return standings_of(list(rows.order_by("pk")))


def asks_how_it_was_read(query: Node) -> bool:
    """Whether a query asks for what people correct: tone, kind or language."""
    return any(
        isinstance(leaf, Field) and leaf.name in ("tone", "kind", "lang") for leaf in leaves(query)
    )


def beside_topics(topics: Sequence[int], beside: Condition | None) -> Condition | None:
    """The condition that a post is in one of these topics, and in what stands beside it.

    A topic that was never filed to the end, or is put away and filed no more, is asked for by its
    query, which takes longer and says the same.
    """
    if not topics:
        return beside
    in_force: list[int] = []
    live: list[TopicVersion] = []
    for topic in Topic.objects.filter(pk__in=topics).select_related("in_force"):
        if topic.in_force is not None and topic.archived_at is None:
            in_force.append(topic.in_force.pk)
        elif asked_now := topic.in_force or topic.versions.first():
            live.append(asked_now)
    made = filed(in_force)
    parts, params = [made.sql], {**(beside.params if beside else {}), **made.params}
    for one in standings_of(live):
        asked = found_by(one, Condition("true", params))
        parts, params = [*parts, asked.sql], asked.params
    sql = f"({' OR '.join(f'({part})' for part in parts)})"
    return Condition(f"{sql} AND ({beside.sql})" if beside else sql, params)


def filed_as(topics: Sequence[int]) -> str:
    """What an answer about these topics depends on besides the archive: the versions in force, how far
    they are filed, and what people said last of their posts."""
    if not topics:
        return ""
    rows = Topic.objects.filter(pk__in=topics).order_by("pk")
    rows = rows.annotate(told=Max("said__filed_at"), said_last=Max("said"))
    return str(list(rows.values_list("pk", "in_force", "in_force__filing__filed_to", "told", "said_last")))  # fmt: skip
