"""What Windmee follows: its topics, some in a second version, and the days that explain its lines."""

from dataclasses import dataclass
from datetime import date, timedelta

from openroads.analysis.query.kept import node_of
from openroads.archive.queries.topics import verdicts
from openroads.demo import people
from openroads.demo.readers import Meant, meant_by_id
from openroads.demo.season import CLAIM, FROST, PLUG_BURST, PLUG_NEWS
from openroads.directory.company import Brand
from openroads.directory.conversations import archive
from openroads.directory.models import Department, Person
from openroads.listening.explore.actions import mark_event
from openroads.listening.explore.models import Event
from openroads.listening.labels.models import Aspect, Label
from openroads.listening.topics.actions import change_query, define_topic
from openroads.listening.topics.filing import file_labelled, file_topic
from openroads.listening.topics.models import Topic, TopicLabel
from openroads.listening.topics.queries import asked_by


@dataclass(frozen=True, slots=True)
class VersionPlan:
    """A query and why it is what it is."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class TopicPlan:
    """A topic with its versions, oldest first."""

    name: str
    description: str
    department: str
    versions: tuple[VersionPlan, ...]
    theme: str = ""
    """What posts are about that belong in it, where colleagues spoke of that; see `season.BASE`."""
    seeks_more: bool = True
    """Whether they spoke of posts it does not find as well."""


TOPICS = (
    TopicPlan(
        "Battery in winter",
        "Range and battery when it is cold, also where nobody says winter.",
        "Product",
        (
            VersionPlan("(accu* OR batter*) AND (winter* OR kou OR koude OR cold)"),
            VersionPlan(
                "(accu* OR batter* OR winterbereik) AND "
                "(winter* OR kou OR koud* OR vorst OR graden OR cold OR frost OR degrees)",
                "Many name the degrees and never say winter.",
            ),
        ),
        "winter",
    ),
    TopicPlan(
        "Charger plug",
        "The plug that breaks off, and the stronger one that came after it.",
        "Product",
        (
            VersionPlan('laadstekker* OR "charger plug"'),
            VersionPlan(
                'laadstekker* OR stekker* OR "charger plug" OR (plug NEAR/6 (broke* OR charger OR latch))',
                "Most riders just say stekker or plug.",
            ),
        ),
        "plug",
    ),
    TopicPlan(
        "Waiting for a repair",
        "How long it takes before somebody mends the bike.",
        "Service",
        (
            VersionPlan(
                "(wacht* OR weken OR waiting OR wait OR weeks) AND "
                "(reparatie* OR monteur OR repair* OR mechanic OR onderdeel OR onderdelen OR parts)"
            ),
        ),
    ),
    TopicPlan(
        "Delivery",
        "From the order to the bike at the door.",
        "Sales",
        (
            VersionPlan(
                "levering OR levertijd OR geleverd OR bezorg* OR besteld OR delivery OR delivered OR ordered"
            ),
        ),
        "order",
        seeks_more=False,
    ),
    TopicPlan(
        "Price and lease",
        "What it costs, and paying by the month.",
        "Marketing",
        (
            VersionPlan(
                'prijs OR duur OR duurder OR lease* OR leasen OR price OR expensive OR "per maand" OR "per month"'
            ),
        ),
    ),
    TopicPlan(
        "Theft",
        "Stolen bikes, and whether the lock and the app brought them back.",
        "Product",
        (VersionPlan("gestolen OR diefstal OR gejat OR stolen OR theft"),),
    ),
)

EVENTS = (
    (CLAIM, 28, "Kade: 140 km", Event.Kind.CAMPAIGN),
    (PLUG_BURST, 1, "Weak batch of plugs", Event.Kind.OUTAGE),
    (PLUG_NEWS, 1, "Stronger plug announced", Event.Kind.OWN),
    (61, 1, "Three range figures", Event.Kind.OWN),
    (FROST, 1, "First frost", Event.Kind.OTHER),
)
"""Days before today, for how many days, what happened on them, and what kind of event it was."""


def make_topics(brand: Brand) -> int:
    """Define the topics and file the posts under each version in turn; gives how many there are."""
    listener = Person.objects.get(email=people.SANNE.email)
    manager = Person.objects.get(email=people.NOOR.email)
    for plan in TOPICS:
        first, *later = plan.versions
        topic = define_topic(
            by=listener, name=plan.name, description=plan.description, text=first.text,
            note=first.note, brand=brand,
            department=Department.objects.filter(name=plan.department).first(),
        )  # fmt: skip
        file_topic(topic_id=topic.pk)
        for version in later:
            change_query(by=manager, topic=topic, text=version.text, note=version.note)
            file_topic(topic_id=topic.pk)
    return len(TOPICS)


def place_posts(meant: Meant) -> int:
    """Have who read the random samples say which of these posts belong in a topic, and which that its
    query found do not. Returns how many times somebody said so."""
    known = meant_by_id(meant)
    read = {label.post: label for label in Label.objects.filter(aspect=Aspect.TONE).order_by("-pk")}
    keys = [(label.post, label.published_at) for label in read.values()]
    said: list[TopicLabel] = []
    for plan in TOPICS:
        if not plan.theme:
            continue
        topic = Topic.objects.select_related("in_force").get(name=plan.name)
        version = asked_by(topic)
        for post, found in verdicts(archive(), node_of(version.canonical), keys).items():
            belongs, label = known[post].theme == plan.theme, read[post]
            if found or (belongs and plan.seeks_more):
                said.append(
                    TopicLabel(
                        topic=topic, post=post, published_at=label.published_at,
                        source=label.source, belongs=belongs, found=found, version=version,
                        by=label.by, at=label.at + timedelta(minutes=1),
                    )
                )  # fmt: skip
    TopicLabel.objects.bulk_create(said)
    file_labelled(said)
    return len(said)


def mark_events(brand: Brand, today: date) -> None:
    """Mark the days that explain what the lines do."""
    manager = Person.objects.get(email=people.NOOR.email)
    for ago, days, what, kind in EVENTS:
        on = today - timedelta(days=ago)
        until = on + timedelta(days=days - 1) if days > 1 else None
        mark_event(by=manager, on=on, until=until, what=what, brand=brand, kind=kind)
