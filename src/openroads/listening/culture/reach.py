"""How far listening reaches: people of each department who read anything, by month; never who."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.analysis.intervals import wilson
from openroads.changes import queries as changes
from openroads.changes.models import Insight, Reading
from openroads.directory.models import Department
from openroads.listening.topics.models import Topic
from openroads.ui.formats import between, listed, number, percent

LEAST_PEOPLE = 5
"""Fewer people than this are never told of: they could be guessed."""
MONTHS = 6


@dataclass(frozen=True)
class Cell:
    """A department in a month: the share of its people who read anything, as words; `part` is the
    share as a number for the bar, None where too few are to say."""

    words: str
    interval: str
    counted: str
    part: int | None


@dataclass(frozen=True)
class ReachRow:
    """A department over the months, the latest last."""

    department: str
    people: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class ThingRow:
    """A topic or insight, and the departments of which at least five people read it this month."""

    kind: str
    name: str
    url: str
    departments: str


@dataclass(frozen=True)
class ReachPage:
    """All that the page shows."""

    finding: str
    told: str
    months: Sequence[str]
    rows: Sequence[ReachRow]
    things: Sequence[ThingRow]


def reach_page(today: date) -> ReachPage:
    """The last six months; the people of a department are those who belong to it now."""
    months = last_months(today, MONTHS)
    people = changes.people_by_department()
    read = changes.readers_by_month(months[0])
    departments = list(Department.objects.filter(ended_on=None).order_by("name"))
    rows = [
        ReachRow(
            one.name,
            number(people.get(one.pk, 0)),
            [cell_of(read.get((one.pk, month), 0), people.get(one.pk, 0)) for month in months],
        )
        for one in departments
    ]
    reached = sum(row.cells[-1].part is not None for row in rows)
    return ReachPage(
        _finding(reached, len(rows), months[-1]),
        _("Shown where at least %(n)s people of a department read something; who they are is not kept.") % {"n": LEAST_PEOPLE},
        [date_format(month, "F") for month in months],
        rows,
        [
            *_things(months[-1], Reading.Kind.INSIGHT, departments),
            *_things(months[-1], Reading.Kind.TOPIC, departments),
        ],
    )  # fmt: skip


def cell_of(readers: int, people: int) -> Cell:
    """The share of a department that read anything. Fewer than five readers, or fewer than five
    people, are not told of; nobody at all is one of these."""
    if people < LEAST_PEOPLE or readers < LEAST_PEOPLE:
        return Cell(_("too few to say"), "", "", None)
    readers = min(readers, people)  # somebody may have left the department since
    share = wilson(readers, people)
    return Cell(
        percent(readers / people),
        between(float(share.low) * 100, float(share.high) * 100),
        _("%(n)s of %(of)s people") % {"n": number(readers), "of": number(people)},
        round(100 * readers / people),
    )


def last_months(today: date, n: int) -> list[date]:
    """The first days of the last `n` months, this one last."""
    month = today.replace(day=1)
    found = [month]
    while len(found) < n:
        year, before = (month.year - 1, 12) if month.month == 1 else (month.year, month.month - 1)
        month = date(year, before, 1)
        found.append(month)
    return found[::-1]


def _finding(reached: int, of: int, month: date) -> str:
    told = {"n": number(reached), "of": number(of), "month": date_format(month, "F")}
    if not reached:
        return _("Too few people read in %(month)s to say where listening reaches") % told
    return (
        ngettext(
            "In %(month)s, people of %(n)s of %(of)s departments listened",
            "In %(month)s, people of %(n)s of %(of)s departments listened",
            reached,
        )
        % told
    )


def _things(month: date, kind: str, departments: Sequence[Department]) -> list[ThingRow]:
    read = changes.readers_by_thing(month, kind)
    names = {one.pk: one.name for one in departments}
    rows: list[tuple[int, ThingRow]] = []
    for thing, by_department in read.items():
        told = [names[pk] for pk, n in by_department.items() if n >= LEAST_PEOPLE and pk in names]
        found = _named(kind, thing) if told else None
        if found:
            name, url = found
            word = str(Reading.Kind(kind).label)
            rows.append((len(told), ThingRow(word, name, url, listed(sorted(told)))))
    rows.sort(key=lambda row: (-row[0], row[1].name))
    return [row for _n, row in rows]


def _named(kind: str, thing: int) -> tuple[str, str] | None:

    if kind == Reading.Kind.TOPIC:
        topic = Topic.objects.filter(pk=thing).first()
        return (topic.name, reverse("listening:topic", args=[thing])) if topic else None
    insight = Insight.objects.filter(pk=thing).first()
    if insight is None:
        return None
    return str(insight), reverse("changes:insight", args=[insight.number])
