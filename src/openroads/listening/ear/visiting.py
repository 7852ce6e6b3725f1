"""Writing a visit down while it is made, and what follows from how it ended."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from openroads.archive.ingest import Landed
from openroads.archive.message import Message
from openroads.connectors.port import Page
from openroads.listening.ear.models import Visited
from openroads.listening.models import Source


@dataclass
class Tally:
    """What one visit brought so far. `oldest` is the oldest moment that was told of: when that lies
    before a hole, the hole was looked into."""

    pages: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    deleted: int = 0
    withheld: int = 0
    rejected: int = 0
    oldest: datetime | None = None

    def over(self, pages: Iterable[Page]) -> Iterator[Page]:
        """The pages, counted as they come."""
        for page in pages:
            self.pages += 1
            self.rejected += len(page.rejected)
            self._look_at(page.messages)
            yield page

    def landed(self, landed: Landed) -> None:
        """What became of a page."""
        self.added += landed.added
        self.changed += landed.changed
        self.same += landed.same
        self.deleted += landed.deleted
        self.withheld += landed.withheld

    def _look_at(self, messages: Iterable[Message]) -> None:
        told = [message.said_at for message in messages if message.op == "upsert"]
        if told:
            self.oldest = min([*told, *([self.oldest] if self.oldest else [])])


def begin_visit(source: Source) -> Visited:
    """Write down that a visit begins."""
    return Visited.objects.create(source=source, began_at=timezone.now())


def end_visit(visited: Visited, tally: Tally, *, error: str = "", for_good: bool = False) -> None:
    """Write down how it ended."""
    for name in ("pages", "added", "changed", "same", "deleted", "withheld", "rejected"):
        setattr(visited, name, getattr(tally, name))
    visited.ended_at, visited.error, visited.for_good = timezone.now(), error[:500], for_good
    visited.save()
