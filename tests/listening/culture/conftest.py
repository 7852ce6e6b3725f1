"""A house that heard the corpus, with a topic of its battery posts, for all tests of a file that only look
and write in a transaction of their own."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conftest import on_the_payroll
from tests.listening import corpus

PERIOD = f"since={corpus.FIRST}&until={corpus.LAST}"
NOW = datetime(2026, 6, 29, 8, tzinfo=UTC)
"""The Monday after the corpus ends, ten in the morning in Amsterdam."""


@pytest.fixture(scope="module")
def heard(lasting_house: Any) -> Any:
    """Brand, Sanne, and the topics by name."""
    from openroads.delivery.runner import work_off
    from openroads.listening.actions import imports
    from openroads.listening.topics.actions import define_topic
    from openroads.listening.topics.filing import file_topic

    brand, sanne = lasting_house
    content = [corpus.posts_csv().encode()]
    item = imports.receive_file(by=sanne, name="posts.csv", content=content, brand=brand)
    imports.start_import(by=sanne, item=item)
    work_off()
    # All topics here: the archive keeps what it filed when a test takes its rows back, and the next row
    # with that number would find it.
    queries = {
        "Battery": "battery", "Charger": "charger", "Both": "battery OR charger",
        "Nothing": "xylophone",
    }  # fmt: skip
    topics = {}
    for name, text in queries.items():
        topic = define_topic(by=sanne, name=name, text=text, brand=brand)
        file_topic(topic_id=topic.pk)
        topic.refresh_from_db()
        topics[name] = topic
    return brand, sanne, topics


@pytest.fixture
def sanne_here(heard: Any, db: None) -> Any:
    """The listener of that house."""
    return heard[1]


@pytest.fixture
def topics(heard: Any, db: None) -> Any:
    """Topics by name."""
    return heard[2]


@pytest.fixture
def topic(topics: Any) -> Any:
    """The one of batteries."""
    return topics["Battery"]


@pytest.fixture
def webcare(heard: Any, db: None) -> Any:
    """A team of two agents and an employee who may not read."""
    from openroads.directory.models import Membership, Team

    team = Team.objects.create(name="Webcare")
    for name, role in (("Daan", "webcare_agent"), ("Joris", "webcare_agent"), ("Ida", "employee")):
        person = on_the_payroll(name, f"{name.lower()}@windmee.example", role)
        Membership.objects.create(person=person, team=team)
    return team


def member(name: str) -> Any:
    from openroads.directory.models import Person

    return Person.objects.get(name=name)
