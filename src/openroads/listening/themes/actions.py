"""Making the themes of a month from its posts; every night, and when somebody asks for it."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from openroads.analysis.themes import Theme, matched, themes_of
from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.explore import size_of, terms_in
from openroads.archive.scope import Scope
from openroads.delivery.jobs import enqueue
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.company import Brand
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening import queries as room
from openroads.listening.filters import offered
from openroads.listening.gap_counting import left_out_terms
from openroads.listening.gap_queries import days_kept
from openroads.listening.themes.models import MonthTheme
from openroads.listening.topics.policy import may_define_topics

MAKE = "listening.make_themes"
MONTHS = 12
"""Months that have themes, the one under way included."""
READ = 10_000
"""Posts of a month that are read at most: a fixed draw of so many or fewer."""


@transaction.atomic
def ask_themes(*, by: Person) -> None:
    """Put making the themes in line."""
    directory_policy.require(by, may_define_topics)
    trail.record(by, "asked for the themes to be made")
    enqueue(MAKE, key=MAKE, by=by)


def make_themes(*, today: date, months: int = MONTHS) -> int:
    """Make the themes of the last `months` where they have none or have gone on since; gives how many.

    A month is made again while it is under way and a week longer, for posts that come in late.
    """
    last = days_kept()[1]
    if last is None:
        return 0
    made = 0
    for brand in offered(room.brands()):
        if not brand.own:
            continue
        for month in months_before(min(last, today), months):
            settled = _after(month) + timedelta(days=7) <= today
            held = MonthTheme.objects.filter(brand=brand, month=month).first()
            if held is not None and settled and held.made_at.date() >= _after(month) + timedelta(days=7):  # fmt: skip
                continue
            made += make_month(brand=brand, month=month)
    return made


def months_before(day: date, count: int) -> list[date]:
    """The first days of so many months up to that of a day, oldest first."""
    months = [day.replace(day=1)]
    while len(months) < count:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months[::-1]


def make_month(*, brand: Brand, month: date) -> bool:
    """Make the themes of one month anew; whether there are any."""
    sieve = Sieve(Scope(month, _after(month), brand.pk))
    posts = size_of(archive(), sieve)
    halvings = max(-(-posts // READ) - 1, 0).bit_length()
    terms, lengths = terms_in(archive(), sieve, halvings=halvings).standing()
    names = left_out_terms(archive(), room.reader().names)
    found, of = themes_of(terms, lengths, leave_out=names)
    return _keep(brand, month, [theme for theme in found if theme.is_coherent], of)


@transaction.atomic
def _keep(brand: Brand, month: date, themes: list[Theme], of: int) -> bool:
    kept = MonthTheme.objects.filter(brand=brand)
    earlier = (month - timedelta(days=1)).replace(day=1)
    lines = _lines(themes, [list(kept.filter(month=each)) for each in (earlier, month)])
    newest = kept.aggregate(newest=Max("line"))["newest"] or 0
    kept.filter(month=month).delete()
    rows = []
    for place, (theme, line) in enumerate(zip(themes, lines, strict=True)):
        if line is None:
            newest += 1
        rows.append(
            MonthTheme(
                brand=brand, month=month, place=place, line=newest if line is None else line,
                words=[[term, round(weight, 5)] for term, weight in theme.words],
                posts=theme.posts, of=of, coherence=theme.coherence, made_at=timezone.now(),
            )
        )  # fmt: skip
    MonthTheme.objects.bulk_create(rows)
    return bool(rows)


def _lines(themes: Sequence[Theme], held: Sequence[Sequence[MonthTheme]]) -> list[int | None]:
    """The line each theme goes on: of the month before, else of how this month was made before."""
    lines: list[int | None] = [None] * len(themes)
    for rows in held:
        taken = {line for line in lines if line is not None}
        free = [row for row in rows if row.line not in taken]
        open_ = [n for n, line in enumerate(lines) if line is None]
        found = matched([dict(themes[n].words) for n in open_], [row.weights for row in free])
        for n, place in zip(open_, found, strict=True):
            if place is not None:
                lines[n] = free[place].line
    return lines


def _after(month: date) -> date:
    """The first day of the month after."""
    return (month + timedelta(days=32)).replace(day=1)
