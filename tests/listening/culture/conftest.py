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
    """Brand, Sanne, and the topic "Battery"."""
    from openroads.delivery.runner import work_off
    from openroads.listening.actions import imports
    from openroads.listening.topics.actions import define_topic
    from openroads.listening.topics.filing import file_topic

    brand, sanne = lasting_house
    content = [corpus.posts_csv().encode()]
    item = imports.receive_file(by=sanne, name="posts.csv", content=content, brand=brand)
    imports.start_import(by=sanne, item=item)
    work_off()
    topic = define_topic(by=sanne, name="Battery", text="battery", brand=brand, department=None)
    file_topic(topic_id=topic.pk)
    topic.refresh_from_db()
    return brand, sanne, topic


@pytest.fixture
def sanne_here(heard: Any, db: None) -> Any:
    """The listener of that house."""
    return heard[1]


@pytest.fixture
def topic(heard: Any, db: None) -> Any:
    return heard[2]


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
