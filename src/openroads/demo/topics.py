"""What Windmee follows: its topics, some in a second version, and the days that explain its lines."""

from dataclasses import dataclass
from datetime import date, timedelta

from openroads.demo import people
from openroads.demo.season import CLAIM, FROST, PLUG_BURST, PLUG_NEWS
from openroads.directory.company import Brand
from openroads.directory.models import Department, Person
from openroads.listening.explore.actions import mark_event
from openroads.listening.topics.actions import change_query, define_topic
from openroads.listening.topics.filing import file_topic


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
    (CLAIM, "Kade: 140 km on the site"),
    (PLUG_BURST, "Weak batch of plugs"),
    (PLUG_NEWS, "Stronger plug announced"),
    (61, "Three range figures"),
    (FROST, "First frost"),
)
"""Days before today, and what happened on them."""


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


def mark_events(brand: Brand, today: date) -> None:
    """Mark the days that explain what the lines do."""
    manager = Person.objects.get(email=people.NOOR.email)
    for ago, what in EVENTS:
        mark_event(by=manager, on=today - timedelta(days=ago), what=what, brand=brand)
