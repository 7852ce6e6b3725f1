"""Who hears which line: one owner at a time, taken over from the dead."""

import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from openroads.delivery.hosts import is_gone, this_host
from openroads.listening.models import Source
from openroads.listening.networks import line_of
from openroads.listening.streams.models import Stream
from openroads.listening.streams.queries import streamed_sources

LEASE = timedelta(seconds=30)
"""Renewed several times as often; after this long without, somebody else may hear."""

_of_this_process: set[str] = set()


@dataclass(frozen=True)
class Owner:
    """A collector: one of a process, its name new each time it starts."""

    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    host: str = field(default_factory=this_host)
    pid: int = field(default_factory=os.getpid)

    def begin(self) -> None:
        """From now on others in this process know that it lives."""
        _of_this_process.add(self.id)

    def end(self) -> None:
        """Let go of everything, so that the next one need not wait."""
        _of_this_process.discard(self.id)
        Stream.objects.filter(owner=self.id).update(owner="", lease_until=None)


def claim(owner: Owner, now: datetime) -> dict[str, list[Source]]:
    """Take every line that nobody else hears, and keep what is held; gives the sources of each. All
    sources of a line go to one owner: it is called once."""
    lines: dict[str, list[Source]] = {}
    for source in streamed_sources():
        lines.setdefault(line_of(source), []).append(source)
    return {line: sources for line, sources in lines.items() if _take(owner, line, sources, now)}


def holds(owner: Owner, sources: Sequence[int]) -> bool:
    """Whether all of these are in these hands still."""
    return Stream.objects.filter(owner=owner.id, source__in=sources).count() == len(sources)


@transaction.atomic
def _take(owner: Owner, line: str, sources: Sequence[Source], now: datetime) -> bool:
    """One transaction, so that of two who look at once one finds it taken."""
    known = dict(Stream.objects.filter(source__in=sources).values_list("source", "line"))
    for source in sources:
        if known.get(source.pk) != line:
            Stream.objects.update_or_create(source=source, defaults={"line": line})
    rows = list(Stream.objects.select_for_update().filter(line=line).order_by("pk"))
    if any(_is_anothers(row, owner, now) for row in rows):
        return False
    Stream.objects.filter(pk__in=[row.pk for row in rows]).update(
        owner=owner.id, host=owner.host, pid=owner.pid, lease_until=now + LEASE
    )
    return True


def _is_anothers(row: Stream, owner: Owner, now: datetime) -> bool:
    if not row.is_held(now) or row.owner == owner.id:
        return False
    if row.host == owner.host and row.pid == owner.pid:
        return row.owner in _of_this_process
    return not is_gone(row.host, row.pid)
