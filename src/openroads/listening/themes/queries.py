"""Reading themes: the months there are, one month's themes, and how each line went on."""

from datetime import date

from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.themes.models import MonthTheme


def themes_for(person: Person, brand: int) -> list[MonthTheme]:
    """Every theme of a brand, newest month first."""
    if not policy.may_read_conversations(person):
        return []
    return list(MonthTheme.objects.filter(brand=brand))


def month_of(rows: list[MonthTheme], told: str) -> date | None:
    """The month of an address where it has themes, else the newest that has."""
    months = {row.month for row in rows}
    chosen = next((month for month in months if month.isoformat()[:7] == told[:7]), None)
    return chosen or max(months, default=None)
