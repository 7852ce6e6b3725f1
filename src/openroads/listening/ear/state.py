"""The state of the ear: of each source whether it hears, how it usually sounds, and what is wrong first.

Whatever brings posts joins by what its source already tells: `last_ok_at`, `last_error`, visits, and
what the archive holds of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from openroads.analysis.silence import MOST, usual_silence
from openroads.archive.queries.ear import Arrivals, SourceVolume, arrivals, posts_by_source
from openroads.archive.queries.state import Kept, kept
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening import queries
from openroads.listening.ear.models import Deafness, Visited
from openroads.listening.models import Source, Stream
from openroads.listening.remembering import now_at, remembered

LATELY = 7
"""Days that count as now."""
USUAL = 56
"""Days before those that count as usual: eight weeks."""
LOOK_BACK = 372
"""Days in which silences are looked for."""
FEWEST_DAYS = 14
"""Days of the eight weeks that must be known before a rate is called usual."""
BEATS = 3
"""Visits that may be missed before what a source said last is stale."""
LEAST_PATIENCE = timedelta(hours=1)
SOON = timedelta(days=14)
"""How long before it expires a key is spoken of."""


class Health(IntEnum):
    """How well a source is heard; the lower, the sooner somebody should look."""

    DEAF = 0
    STALE = 1
    SILENT = 2
    UNKNOWN = 3
    HEARS = 4
    PAUSED = 5
    BY_ITSELF = 6


@dataclass(frozen=True)
class Ear:
    """One source and how it is heard at a moment. What cannot be told is None, never nought."""

    source: Source
    health: Health
    posts: int
    newest_on: date | None
    last_at: datetime | None
    """When the newest post that is here was said."""
    silent_for: timedelta | None
    usual_silence: timedelta | None
    lag: timedelta | None
    """Half of this week's posts were here within this after they were said."""
    a_day: float | None
    usual_a_day: float | None
    rejected: int
    failed: int
    """Visits that failed in a row, up to the last."""
    hole: Deafness | None
    """A spell after which something may be missing still."""

    @property
    def expires_soon(self) -> bool:
        """Whether its key stops working within two weeks, or has."""
        on = self.source.expires_on
        return on is not None and on - timezone.localdate() <= SOON


def ears_for(person: Person, now: datetime) -> list[Ear]:
    """Every source this person may see, what is worst first."""
    return sorted(_ears(queries.sources_for(person), now), key=_worst_first)


def ear_of(source: Source, now: datetime) -> Ear:
    """One of them."""
    (ear,) = _ears([source], now)
    return ear


def listening_ears(now: datetime) -> list[Ear]:
    """Every source that is visited and was heard before, whoever may see it."""
    sources = Source.objects.filter(listening=True).exclude(last_ok_at=None)
    return _ears([source for source in sources if source.is_visited and source.brings_posts], now)


def deaf_now() -> int:
    """How many sources are deaf, from what is written of them: asks no archive."""
    return Deafness.objects.filter(heard_at=None, source__listening=True).count()


def is_stale(source: Source, now: datetime) -> bool:
    """Whether what a visited source said last is too old to be true still. One that rests until a
    moment is not; one that hears by its stream is when nobody has held that line for a while."""
    if not (source.is_visited and source.listening and source.last_ok_at):
        return False
    if source.hears_since is not None:
        line = Stream.objects.filter(source=source).first()
        held_until = line.lease_until if line is not None else None
        return held_until is None or now - held_until > LEAST_PATIENCE
    beat = timedelta(minutes=source.every_minutes)
    due = max(source.last_ok_at, source.next_at or source.last_ok_at)
    return now - due > max(BEATS * beat, LEAST_PATIENCE)


def _worst_first(ear: Ear) -> tuple[int, bool, bool, str]:
    return (ear.health, not ear.expires_soon, ear.hole is None, ear.source.name.lower())


def _ears(sources: Iterable[Source], now: datetime) -> list[Ear]:
    sources = list(sources)
    if not sources:
        return []
    heard = _heard(timezone.localdate(now))
    rejected = dict(
        Visited.objects.filter(began_at__gte=now - timedelta(days=LATELY))
        .values_list("source").annotate(n=Sum("rejected")).order_by()
    )  # fmt: skip
    failed = failed_in_a_row([source.pk for source in sources])
    spells = _spells(now)
    return [
        _ear(source, heard, now, rejected.get(source.pk, 0), failed.get(source.pk, 0), spells)
        for source in sources
    ]


@dataclass(frozen=True)
class _Heard:
    """What the archive tells of every source."""

    kept: Mapping[int, Kept]
    volume: Mapping[int, SourceVolume]
    arrivals: Mapping[int, Arrivals]
    today: date


def _heard(today: date) -> _Heard:
    """Kept until the archive changes or the day does."""

    def ask() -> _Heard:
        here, until = archive(), today + timedelta(days=1)
        lately = until - timedelta(days=LATELY)
        volume = posts_by_source(here, lately - timedelta(days=USUAL), lately, until)
        came = arrivals(here, until - timedelta(days=LOOK_BACK), lately, until, MOST + 1)
        return _Heard(
            {row.source: row for row in kept(here)},
            {row.source: row for row in volume},
            {row.source: row for row in came},
            today,
        )

    return remembered(f"ear:{today}", ask, at=now_at())


def failed_in_a_row(sources: Sequence[int]) -> dict[int, int]:
    """Per source how many visits failed since the last that went well; none for those without any."""
    went_well = Visited.objects.filter(source=OuterRef("source"), error="").exclude(ended_at=None)
    last_well = Subquery(went_well.order_by("-began_at").values("began_at")[:1])
    failed = Visited.objects.filter(source__in=sources).exclude(error="").annotate(well=last_well)
    since = failed.filter(Q(well=None) | Q(began_at__gt=F("well")))
    return dict(since.order_by().values_list("source").annotate(n=Count("pk")))


def _spells(now: datetime) -> dict[int, Deafness]:
    """The newest spell of each source that is not over, or after which something may be missing."""
    rows = Deafness.objects.filter(filled_at=None, began_at__gte=now - Visited.KEPT)
    return {spell.source_id: spell for spell in rows.order_by("began_at")}


def _ear(
    source: Source,
    heard: _Heard,
    now: datetime,
    rejected: int,
    failed: int,
    spells: Mapping[int, Deafness],
) -> Ear:
    held, volume, came = (of.get(source.pk) for of in (heard.kept, heard.volume, heard.arrivals))
    assert held is None or isinstance(held, Kept)
    assert volume is None or isinstance(volume, SourceVolume)
    assert came is None or isinstance(came, Arrivals)
    moments = [float(moment) for moment in came.moments] if came else []
    last = datetime.fromtimestamp(moments[0], tz=now.tzinfo) if moments else None
    silent = max(now - last, timedelta()) if last else None
    usual = usual_silence(moments)
    patience = _patience(source, usual)
    return Ear(
        source=source,
        health=_health(source, now, silent, patience, spells.get(source.pk)),
        posts=held.posts if held else 0,
        newest_on=held.last if held else None,
        last_at=last,
        silent_for=silent,
        usual_silence=patience,
        lag=timedelta(seconds=max(came.lag, 0)) if came and came.lag != -1 else None,
        a_day=_a_day(source, volume),
        usual_a_day=_usual_a_day(volume, heard.today),
        rejected=rejected,
        failed=failed,
        hole=spells.get(source.pk),
    )


def _patience(source: Source, usual: float | None) -> timedelta | None:
    """How long a source may be silent: never less than two visits take, or an hour."""
    if usual is None:
        return None
    least = max(timedelta(minutes=2 * source.every_minutes), LEAST_PATIENCE)
    return max(timedelta(seconds=usual), least)


def _a_day(source: Source, volume: SourceVolume | None) -> float | None:
    """Posts a day this week; unknown for a source that was never heard."""
    if volume is not None:
        return volume.lately / LATELY
    return 0.0 if source.is_visited and source.last_ok_at else None


def _usual_a_day(volume: SourceVolume | None, today: date) -> float | None:
    """Posts a day in the eight weeks before, or in those of their days since the first post."""
    if volume is None:
        return None
    lately = today + timedelta(days=1 - LATELY)
    days = (lately - volume.first).days
    return volume.before / min(days, USUAL) if days >= FEWEST_DAYS else None


def _health(
    source: Source,
    now: datetime,
    silent: timedelta | None,
    patience: timedelta | None,
    spell: Deafness | None,
) -> Health:
    """What is worst of it: red before green."""
    if not source.is_visited:
        return Health.BY_ITSELF
    if not source.listening:
        return Health.PAUSED
    if source.last_error or (spell is not None and spell.heard_at is None):
        return Health.DEAF
    if source.last_ok_at is None:
        return Health.UNKNOWN
    if is_stale(source, now):
        return Health.STALE
    if not source.brings_posts:
        return Health.HEARS
    if silent is not None and patience is not None:
        return Health.SILENT if silent > patience else Health.HEARS
    return Health.UNKNOWN if silent is None else Health.HEARS
