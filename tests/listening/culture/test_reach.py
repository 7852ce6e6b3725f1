"""Who has read what: shares per department, never of fewer than five people."""

from datetime import date
from typing import Any

import pytest

from openroads.changes.actions import note_reading
from openroads.directory.models import Department, Membership
from openroads.listening.culture.reach import cell_of, last_months, reach_page
from openroads.listening.topics.models import Filing, Topic
from tests.conftest import on_the_payroll

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def people(department: Any, n: int) -> list[Any]:
    made = []
    for place in range(n):
        name = f"{department.name}{place}"
        person = on_the_payroll(name, f"{name.lower()}@windmee.example", "champion")
        Membership.objects.create(person=person, department=department)
        made.append(person)
    return made


def test_fewer_than_five_are_too_few_to_say() -> None:
    for readers, of in ((4, 20), (0, 20), (4, 4), (3, 4)):
        cell = cell_of(readers, of)
        assert (cell.words, cell.interval, cell.counted, cell.part) == (
            "too few to say",
            "",
            "",
            None,
        )
    # Wilson for 6 of 12: 25.4 to 74.6.
    cell = cell_of(6, 12)
    assert (cell.words, cell.interval, cell.counted, cell.part) == ("50%", "25 to 75", "6 of 12 people", 50)  # fmt: skip
    assert cell_of(9, 7).part == 100, "somebody left the department since"


def test_months_go_back_over_the_year() -> None:
    assert last_months(date(2026, 2, 3), 4) == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]  # fmt: skip


def test_the_page_names_departments_things_and_nobody(sanne: Any, signed_in: Any) -> None:
    product = Department.objects.create(name="Product")
    hr = Department.objects.create(name="HR")
    many, few = people(product, 8), people(hr, 6)
    topic = Topic.objects.create(name="Battery", by=sanne)
    for person in many[:6]:
        note_reading(by=person, kind="topic", thing=topic.pk, on=TODAY)
    for person in few[:3]:
        note_reading(by=person, kind="topic", thing=topic.pk, on=TODAY)
    page = reach_page(TODAY)
    assert page.finding == "In November, people of 1 of 2 departments listened"
    assert [row.cells[-1].words for row in page.rows] == ["too few to say", "75%"]
    assert [(thing.name, thing.departments) for thing in page.things] == [("Battery", "Product")]
    assert reach_page(date(2026, 12, 2)).finding.startswith("Too few people read in December")


def test_opening_a_topic_is_reading_it(sanne: Any, signed_in: Any, archive_here: Any) -> None:
    from openroads.changes.models import Reading

    product = Department.objects.create(name="Product")
    (reader, *_others) = people(product, 5)
    topic = Topic.objects.create(name="Battery", by=sanne)
    version = topic.versions.create(number=1, text="battery", canonical="battery", by=sanne)
    Filing.objects.create(version=version)
    browser = signed_in(reader)
    for _time in range(2):
        assert browser.get(f"/listen/topics/{topic.pk}/").status_code == 200
    assert Reading.objects.filter(kind="topic", thing=topic.pk, department=product).count() == 1
