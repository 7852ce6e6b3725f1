"""Reading how long things are kept: the rule of each source, and what is past its time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from openroads.archive.queries.state import kept
from openroads.archive.retention import OldPosts, old_posts, oldest_days
from openroads.connectors.failures import Refused
from openroads.connectors.refreshing import Refreshes
from openroads.directory.conversations import archive
from openroads.directory.kept import KEPT, Kept, kept_since, months_kept, past_its_time
from openroads.listening.keeping.models import THE_HOUSE, Keeping
from openroads.listening.models import Source
from openroads.listening.networks import BY_KIND

OVERDUE = timedelta(days=2)
"""Carried out every night: after so long something is wrong."""


@dataclass(frozen=True)
class KeptSource:
    """A source, how long its posts are kept (0: for good), what it has and what of that is past its
    time."""

    source: Source
    months: int
    until: date | None
    posts: int
    first: date | None
    old: OldPosts | None

    @property
    def forget_days(self) -> int:
        """After how many days a post goes that was not looked up again; 0 where none goes for that."""
        return forgotten_after(self.source)


def house_rule() -> Keeping:
    """What holds where a source says nothing else; for good until somebody says otherwise."""
    return Keeping.objects.filter(pk=THE_HOUSE).first() or Keeping(pk=THE_HOUSE)


def sources_with_posts() -> Iterable[Source]:
    """Sources whose posts grow old; the brand's own texts are kept as long as they hold."""
    return Source.objects.filter(
        kind__in=(Source.Kind.FILE, Source.Kind.FEED, Source.Kind.NETWORK, Source.Kind.PUSH)
    ).order_by("name", "pk")


def months_of(source: Source, house: Keeping) -> int:
    """How many months the posts of a source are kept; 0 is for good."""
    return house.months if source.keep_months is None else source.keep_months


def forgotten_after(source: Source) -> int:
    """The days its network lets a post be kept without looking it up again; 0 where it asks none."""
    network = BY_KIND.get(source.network) if source.kind == Source.Kind.NETWORK else None
    if network is None or not issubclass(network, Refreshes):
        return 0
    try:
        forget = network.rule(source.told).forget
    except Refused:
        return 0
    return forget.days if forget else 0


def rules(sources: Iterable[Source], house: Keeping, today: date) -> dict[int, datetime]:
    """For each source with a rule, the moment before which nothing of it is kept."""
    return {
        source.pk: kept_since(today, months)
        for source in sources
        if (months := months_of(source, house))
    }


def kept_sources(house: Keeping) -> list[KeptSource]:
    """Every source with posts: those with something past its time first."""
    today, sources = timezone.localdate(), list(sources_with_posts())
    since = rules(sources, house, today)
    counts = {row.source: row.posts for row in kept(archive())}
    first = oldest_days(archive())
    old = {row.source: row for row in old_posts(archive(), since)}
    rows = [
        KeptSource(
            source, months_of(source, house), since[source.pk].date() if source.pk in since else None,
            counts.get(source.pk, 0), first.get(source.pk), old.get(source.pk),
        )
        for source in sources
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.old is None, row.source.name.lower()))


@dataclass(frozen=True)
class KeptElsewhere:
    """Something of another room: how many months it is kept (0: for good) and how many are past that."""

    kept: Kept
    months: int
    past: int


def kept_elsewhere(*, counted: bool = False) -> list[KeptElsewhere]:
    """What other rooms keep for a time; `counted` with how many are past it now, otherwise 0."""
    found = []
    for one in KEPT.values():
        moment = past_its_time(one.name) if counted else None
        past = one.past(moment) if moment else 0
        found.append(KeptElsewhere(one, months_kept(one.name), past))
    return found


def is_overdue(now: datetime) -> bool:
    """Whether something is to be taken out by rule, and nobody did so lately."""
    house = house_rule()
    if not rules(sources_with_posts(), house, timezone.localdate()):
        return False
    since = house.ran_at or house.set_at
    return since is not None and now - since > OVERDUE
