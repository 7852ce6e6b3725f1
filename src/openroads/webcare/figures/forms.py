"""What somebody wants figures of: read from the address, what makes no sense left out."""

from datetime import date

from django.http import QueryDict

from openroads.directory.models import Person
from openroads.ui.networks import network_choices
from openroads.webcare.figures import queries
from openroads.webcare.figures.gathering import Asked
from openroads.webcare.models import Case


def asked_in(person: Person, told: QueryDict) -> Asked:
    """The filter of an address, within what this person may see."""
    teams = {str(one.pk): one.pk for one in queries.teams_for(person)}
    network, kind = told.get("network", ""), told.get("kind", "")
    return queries.asked_of(
        person,
        _day(told.get("since", "")),
        _day(told.get("until", "")),
        teams.get(told.get("team", "")),
        network if network in dict(network_choices()) else "",
        kind if kind in Case.Kind.values else "",
    )


def _day(said: str) -> date | None:
    try:
        found = date.fromisoformat(said)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None
