"""Reading successes and spotlights: which exist for somebody, the list, and their history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date

from openroads.champions import policy
from openroads.champions.models import Spotlight, Success
from openroads.directory.models import Person, TrailEntry
from openroads.directory.queries import people_to_choose
from openroads.directory.roles import Role

PAGE = 25
TOLD = (Success.Tell.COLLEAGUES, Success.Tell.OUTSIDE)
NOT_CONFIRMED = Q(level__in=("A", "B"), confirmed_at=None)
VIEWS = ("all", "mine", "waiting", "withdrawn")
_PEOPLE = ("owner", "recorded_by")


def successes_for(person: Person) -> QuerySet[Success]:
    """Successes this person may see: their own and those they recorded, and of others what may be told to
    colleagues and was not withdrawn; who keeps them sees all."""
    found = Success.objects.select_related(*_PEOPLE)
    if not policy.may_read(person):
        return found.none()
    if policy.may_keep(person):
        return found
    told = Q(tell__in=TOLD, withdrawn_at=None)
    return found.filter(Q(owner=person) | Q(recorded_by=person) | told)


def with_everybody(successes: QuerySet[Success]) -> QuerySet[Success]:
    """The same, with everybody who did something with them."""
    return successes.select_related(*_PEOPLE, "tell_by", "confirmed_by", "withdrawn_by")


@dataclass(frozen=True)
class Asked:
    """What the list is asked for: a view, a kind, a level, days (`until` is out) and where it goes on."""

    view: str = "all"
    kind: str = ""
    level: str = ""
    since: date | None = None
    until: date | None = None
    after: tuple[date, int] | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind or self.level or self.since or self.until)


def asked(told: Mapping[str, Any]) -> Asked:
    """What an address asks for; what cannot be read is not asked."""
    view, kind, level = (str(told.get(name, "")) for name in ("view", "kind", "level"))
    return Asked(
        view if view in VIEWS else "all",
        kind if kind in Success.Kind.values else "",
        level if level in Success.Level.values else "",
        _day(told.get("since")),
        _day(told.get("until")),
        _place(str(told.get("after", ""))),
    )


@dataclass(frozen=True)
class Listed:
    """A page of the list, where the next begins, how many stand in each view, and what is not listed because
    nobody agreed to tell it."""

    rows: list[Success]
    more: str
    counts: dict[str, int]
    untold: int


def within(person: Person, wanted: Asked) -> QuerySet[Success]:
    """The successes of somebody's list: narrowed, and of the view that is asked."""
    return _narrowed(successes_for(person), wanted).filter(_views(person)[wanted.view])


def list_for(person: Person, wanted: Asked) -> Listed:
    """A page of the list, latest first, and the counts of its views."""
    narrowed, views = _narrowed(successes_for(person), wanted), _views(person)
    counts = narrowed.order_by().aggregate(
        **{name: Count("pk", filter=found) for name, found in views.items()}
    )
    rows = narrowed.filter(views[wanted.view])
    if wanted.after is not None:
        on, pk = wanted.after
        rows = rows.filter(Q(on__lt=on) | Q(on=on, pk__lt=pk))
    page = list(rows.order_by("-on", "-pk")[: PAGE + 1])
    last = page[PAGE - 1] if len(page) > PAGE else None
    return Listed(
        page[:PAGE], f"{last.on:%Y-%m-%d}.{last.pk}" if last else "", counts,
        0 if policy.may_keep(person) else _untold(person, wanted),
    )  # fmt: skip


def _untold(person: Person, wanted: Asked) -> int:
    """How many more there are that this person does not see. Only told to who reads sums: to others even
    the number says something of who was silent."""
    if not policy.sees_all_money(person):
        return 0
    every = _narrowed(Success.objects.filter(withdrawn_at=None), wanted)
    return every.exclude(Q(tell__in=TOLD) | Q(owner=person) | Q(recorded_by=person)).count()


def _views(person: Person) -> dict[str, Q]:
    lives = Q(withdrawn_at=None)
    mine = Q(owner=person) | Q(recorded_by=person)
    return {
        "all": lives,
        "mine": lives & mine,
        "waiting": lives & NOT_CONFIRMED & ~mine,
        "withdrawn": Q(withdrawn_at__isnull=False),
    }


def _narrowed(found: QuerySet[Success], wanted: Asked) -> QuerySet[Success]:
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.level:
        found = found.filter(level=wanted.level)
    if wanted.since:
        found = found.filter(on__gte=wanted.since)
    if wanted.until:
        found = found.filter(on__lt=wanted.until)
    return found


def _day(told: Any) -> date | None:
    try:
        return parse_date(str(told or ""))
    except ValueError:  # well written, and no day: 31 February
        return None


def _place(told: str) -> tuple[date, int] | None:
    on, _dot, pk = told.partition(".")
    day = _day(on)
    fits = pk.isascii() and pk.isdecimal() and len(pk) < 12
    return (day, int(pk)) if day is not None and fits else None


def waiting_for(person: Person) -> int:
    """How many colleagues wait until this person, who keeps them, has looked."""
    if not policy.may_keep(person):
        return 0
    return successes_for(person).filter(_views(person)["waiting"]).count()


def history_of(thing: Success | Spotlight) -> list[TrailEntry]:
    """What was done to it, oldest first."""
    entries = TrailEntry.objects.filter(kind=thing._meta.label_lower, thing=str(thing.pk))
    return list(entries.select_related("by").order_by("number"))


def living_of(room: str, id: str, owner: Person) -> Success | None:
    """The success that somebody has of a thing already."""
    return Success.objects.filter(
        origin_room=room, origin_id=id, owner=owner, withdrawn_at=None
    ).first()


def keepers() -> list[Person]:
    """Who is told that something waits to be confirmed: who leads the conversation."""
    return list(people_to_choose().filter(grants__role=Role.CONVERSATION_MANAGER).distinct())


def colleagues() -> QuerySet[Person]:
    """Everybody who works here, for whom something can be recorded or asked."""
    return people_to_choose().filter(grants__role__in=policy.INSIDE).distinct()


# ------------------------------------------------------------------------------------ spotlights
def spotlights_for(person: Person) -> QuerySet[Spotlight]:
    """Spotlights this person may see: those that are shown today, those on themselves, those they asked
    for; who keeps them sees all that are open."""
    found = Spotlight.objects.select_related("person", "asked_by", "success")
    if not policy.may_read(person):
        return found.none()
    theirs = Q(person=person) | Q(asked_by=person)
    if policy.may_keep(person):
        theirs |= Q(state__in=(Spotlight.State.ASKED, Spotlight.State.YES))
    return found.filter(theirs | _shown())


def shown_spotlights() -> list[Spotlight]:
    """Who stands in the spotlight today, for everybody who works here; latest first."""
    found = Spotlight.objects.filter(_shown()).select_related("person", "asked_by")
    return list(found.order_by("-since", "-pk")[:PAGE])


def spotlights_on_home(person: Person) -> list[Spotlight]:
    """The same for the front page of somebody; nobody for who does not work here."""
    return shown_spotlights() if policy.may_read(person) else []


def _shown() -> Q:
    today = timezone.localdate()
    return Q(state=Spotlight.State.YES, since__lte=today, until__gt=today, person__is_active=True)


def is_shown(spotlight: Spotlight) -> bool:
    """Whether everybody sees it today."""
    today = timezone.localdate()
    lit = spotlight.state == Spotlight.State.YES and spotlight.since <= today < spotlight.until
    return lit and spotlight.person.is_active


def pending_spotlights_for(person: Person) -> list[Spotlight]:
    """Those that are open and not shown to all yet: to answer, asked for, or still to come."""
    rows = spotlights_for(person).filter(
        state__in=(Spotlight.State.ASKED, Spotlight.State.YES), until__gt=timezone.localdate()
    )
    return [one for one in rows.order_by("since", "pk")[:100] if not is_shown(one)]
