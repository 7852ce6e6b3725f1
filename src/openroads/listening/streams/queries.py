"""Reading streams: what is to be heard, how each ear is, and what networks took back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum

from openroads.connectors.searching import STREAM
from openroads.listening.models import Source
from openroads.listening.networks import STREAM_OF
from openroads.listening.streams.models import Heard, PlatformDeletion, Stream

A_DAY = timedelta(days=1)


def streamed_sources() -> QuerySet[Source]:
    """Every source that is heard by its stream now."""
    return Source.objects.filter(
        kind=Source.Kind.NETWORK, listening=True, network__in=list(STREAM_OF), told__way=STREAM
    ).order_by("pk")


@dataclass(frozen=True)
class Ear:
    """How a streamed source hears. `since` None: not now, and `trouble` says why; it is searched meanwhile.
    `received` and `kept` are of the 24 whole hours before now and of this one; None: nothing counted yet."""

    since: datetime | None
    last_event_at: datetime | None
    lag_seconds: float | None
    trouble: str
    received: int | None
    kept: int | None

    @property
    def is_open(self) -> bool:
        return self.since is not None


def ears(sources: Collection[Source], now: datetime) -> Mapping[int, Ear]:
    """The ear of each of these that is streamed, by the source's number; two questions in all."""
    streamed = {source.pk: source for source in sources if source.is_streamed}
    if not streamed:
        return {}
    trouble = dict(Stream.objects.filter(source__in=streamed).values_list("source", "trouble"))
    counted = {
        row["source"]: (row["received"], row["kept"])
        for row in Heard.objects.filter(source__in=streamed, hour__gt=now - A_DAY - timedelta(hours=1))
        .values("source")
        .annotate(received=Sum("received"), kept=Sum("kept"))
    }  # fmt: skip
    return {
        number: Ear(
            source.hears_since, source.last_event_at, source.lag_seconds, trouble.get(number, ""),
            *counted.get(number, (None, None)),
        )
        for number, source in streamed.items()
    }  # fmt: skip


@dataclass(frozen=True)
class Deletions:
    """What a source's network took back: posts whose words are gone, posts whose words wait to go, since
    when, and the longest it took from hearing to gone (None: nothing is done yet)."""

    done: int
    waiting: int
    waiting_since: datetime | None
    longest: timedelta | None

    def is_late(self, now: datetime) -> bool:
        """Whether the promise of 24 hours is broken, or was."""
        waits = self.waiting_since is not None and now - self.waiting_since > A_DAY
        return waits or (self.longest is not None and self.longest > A_DAY)


def deletions(sources: Collection[int]) -> Mapping[int, Deletions]:
    """By source what is in the register; what was heard since it was last looked through is not yet."""
    waits = Q(done_at=None)
    rows = (
        PlatformDeletion.objects.filter(source__in=sources)
        .values("source")
        .annotate(
            n=Count("pk"),
            done=Sum("posts", filter=~waits, default=0),
            waiting=Sum("posts", filter=waits, default=0),
            waiting_since=Min("heard_at", filter=waits),
            longest=Max(F("done_at") - F("heard_at"), filter=~waits),
        )
    )
    return {
        row["source"]: Deletions(row["done"], row["waiting"], row["waiting_since"], row["longest"])
        for row in rows
    }
