"""Reading what looking up again brought, and how old the oldest look is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from openroads.connectors.refreshing import Refreshes, Rule
from openroads.listening.models import Source
from openroads.listening.networks import BY_KIND
from openroads.listening.refreshing.actions import months_of
from openroads.listening.refreshing.models import RecheckDay

SHOWN = 31


@dataclass(frozen=True)
class Looked:
    """The rule of a source; since when every kept post is known to be as it is (None: it has none); the days
    on which something came of it, newest first."""

    rule: Rule
    fresh_since: datetime | None
    late: bool
    days: list[RecheckDay]


def refreshed_sources() -> Iterable[Source]:
    """Sources whose posts can be looked up again. Paused ones too: what is kept must stay true."""
    kinds = [kind for kind, network in BY_KIND.items() if issubclass(network, Refreshes)]
    return Source.objects.filter(kind=Source.Kind.NETWORK, network__in=kinds)


def looked(source: Source, now: datetime) -> Looked | None:
    """How a source's kept posts are looked up again; None where its network cannot be asked that."""
    network = BY_KIND[source.network]
    if not issubclass(network, Refreshes):
        return None
    rule = network.rule(source.told)
    fresh = min((month.fresh_since for month in months_of(source)), default=None)
    since = (now - timedelta(days=SHOWN)).date()
    days = list(RecheckDay.objects.filter(source=source, on__gt=since))
    # An hour: the time-table looks every half hour.
    late = fresh is not None and fresh < now - rule.after - timedelta(hours=1)
    return Looked(rule, fresh, late, days)
