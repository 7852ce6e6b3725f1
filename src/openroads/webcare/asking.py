"""What stands in the address of the inbox: a queue, whose, words to look for, and where the last page ended."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.analysis.query.words import cut
from openroads.archive.queries.posts import ids_with_words
from openroads.archive.scope import Scope
from openroads.directory.company import Product
from openroads.directory.conversations import archive
from openroads.directory.models import Person, Team
from openroads.webcare import queries
from openroads.webcare.models import Case

LOOK_BACK = timedelta(days=2 * 365)
_NARROWS = re.compile(
    r'(?<!\S)(?P<what>product|kind):(?:"(?P<quoted>[^"]{1,100})"|(?P<plain>\S{1,100}))',
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Asked:
    """A view of the inbox, read from its address."""

    queue: str
    words: str = ""
    after: int | None = None

    def address(self, **more: Any) -> str:
        """The query string of this view, with some of it changed."""
        told = {"queue": self.queue, "q": self.words, **more}
        return "?" + urlencode({name: value for name, value in told.items() if value})


def asked(told: Mapping[str, str], person: Person) -> Asked:
    """The view an address asks for; what it does not know is the first queue."""
    names = [queue.name for queue in queries.queues_of(person)]
    queue = told.get("queue", "")
    if queue not in names and not _is_team(queue):
        queue = names[0]
    after = told.get("after", "")
    return Asked(
        queue,
        " ".join(told.get("q", "").replace("\0", " ").split())[:200],
        int(after) if after.isdecimal() and len(after) < 12 else None,
    )


def found_by(view: Asked, person: Person) -> QuerySet[Case]:
    """The cases of a view: a queue, or what was looked for in all of them."""
    if view.words:
        return _searched(view.words, person)
    if _is_team(view.queue):
        queue = queries.team_queue(int(view.queue.removeprefix("team-")))
    else:
        queue = next(one for one in queries.queues_of(person) if one.name == view.queue)
    return queries.cases_for(person).filter(queue.found)


def queue_words(name: str, teams: Sequence[Team] = ()) -> str:
    """What a queue is called; the name of a team is asked for only when it is not among these."""
    if _is_team(name):
        number = int(name.removeprefix("team-"))
        known = next((team for team in teams if team.pk == number), None)
        team = known or Team.objects.filter(pk=number).first()
        return str(team) if team is not None else _("a team")
    return {
        "todo": _("To do"), "mine": _("Mine"), "waiting": _("Waiting"), "snoozed": _("Snoozed"),
        "approve": _("To approve"), "all": _("All open"), "closed": _("Closed"),
    }[name]  # fmt: skip


def _searched(words: str, person: Person) -> QuerySet[Case]:
    """By number ("#1042"), else by what people wrote and by what we wrote; `product:Kade` and
    `kind:complaint` narrow it, alone to what is open. Of people's words the archive has an index: two years
    are looked through. Of our own answers and notes there is none: the newest `queries.MOST_READ` are. Of each the
    newest `queries.MOST_FOUND` finds count, and the page says so."""
    number = words.removeprefix("#")
    if words.startswith("#") and number.isdecimal() and len(number) < 12:
        return queries.cases_for(person).filter(pk=int(number))
    words, narrowed = _narrowed(words)
    if narrowed is not None and not words:
        return queries.cases_for(person).filter(narrowed, state__in=Case.OPEN)
    today = timezone.now().date()
    scope = Scope(today - LOOK_BACK, today + timedelta(days=1))
    posts = ids_with_words(archive(), scope, words, limit=queries.MOST_FOUND)
    found = queries.cases_said_in(person, posts, words if cut(words) else "")
    return found.filter(narrowed) if narrowed is not None else found


def _narrowed(words: str) -> tuple[str, Q | None]:
    """What is looked for without what narrows it, and that; None when nothing does."""
    told = list(_NARROWS.finditer(words))
    if not told:
        return words, None
    narrowed = Q()
    for one in told:
        value = one["quoted"] or one["plain"]
        if one["what"].lower() == "kind":
            narrowed &= Q(intent=value.lower())
        else:
            names = Product.objects.filter(name__iexact=value)
            narrowed &= Q(product__in=list(names.values_list("pk", flat=True)))
    return " ".join(_NARROWS.sub(" ", words).split()), narrowed


def _is_team(queue: str) -> bool:
    number = queue.removeprefix("team-")
    return queue != number and number.isdecimal() and len(number) < 10
