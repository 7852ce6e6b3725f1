"""The road and the palette: an explicit list of what each room brings, for the person who looks."""

from functools import cache, partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from openroads.champions import menu as champions
from openroads.changes import menu as changes
from openroads.delivery import menu as delivery
from openroads.delivery.queries import unseen_notices
from openroads.directory import menu as directory
from openroads.directory.company import COMPANY, Company
from openroads.directory.models import Person
from openroads.listening import menu as listening
from openroads.listening.erasing import menu as erasing
from openroads.listening.keeping import menu as keeping
from openroads.listening.language_model import menu as language_model
from openroads.listening.requests import menu as requests
from openroads.listening.sight import menu as sight
from openroads.ui.road import Command, Way
from openroads.web.handing import handed_on
from openroads.webcare import menu as webcare

ROOMS = (listening, webcare, changes, champions)
KEPT = (keeping, erasing, requests, sight, language_model, delivery)


def road_for(person: Person, path: str) -> list[Way]:
    """Home, then every way this person may go, then settings."""
    ways = [Way(_("Home"), reverse("web:home"), current=path == reverse("web:home"), key="h")]
    for room in ROOMS:
        ways += room.ways(person, path)
    more = [page for room in (*KEPT, changes) for page in room.settings_pages(person)]
    return ways + directory.ways(person, path, more=more)


def commands_for(person: Person) -> list[Command]:
    """Everything this person can do from the palette."""
    rooms = (*ROOMS, *KEPT, directory)
    return [command for room in rooms for command in room.commands(person)]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: what the page shell shows (see openroads/ui/road.py). Nothing of it is asked for
    until a template shows it: a part of a page, such as who is in a case, asked every few seconds, has no
    shell."""
    person = getattr(request, "user", None)
    company = cache(_company)
    outside = {"house": lambda: company()[0], "accent": lambda: company()[1]}
    if not isinstance(person, Person):
        return outside
    return {
        **outside,
        "road": SimpleLazyObject(lambda: road_for(person, request.path)),
        "commands": SimpleLazyObject(lambda: commands_for(person)),
        "handed_on": partial(handed_on, person),
        "notices": cache(lambda: unseen_notices(person)),
        "notices_url": reverse("delivery:notices"),
    }


def _company() -> tuple[str, str]:
    """The name of the company, and its colour as an address says it."""
    found = Company.objects.filter(pk=COMPANY).values_list("name", "accent").first()
    return (found[0], found[1].removeprefix("#").lower()) if found else ("", "")
