"""The collector: hears every stream that nobody else hears, each line in a thread of its own."""

import random
import threading
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from openroads.archive.lock import ArchiveBusy
from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.http import Guarded
from openroads.listening.models import Source
from openroads.listening.networks import stream_of
from openroads.listening.saying import translated
from openroads.listening.streams import leases
from openroads.listening.streams.actions import Sifter, note_open, note_silence
from openroads.listening.streams.models import Stream

log = structlog.get_logger(__name__)

BEAT = 5.0
"""Seconds between looks at who hears what."""
LONGEST_WAIT = 300.0
REFUSED_WAIT = 900.0
FORGIVEN = 2
"""Calls in vain before a source that can take its stream up again counts as deaf."""
_away = (DatabaseError, InterfaceError)


class Collector:
    """Threads of one process, beside its workers: what is said on a network keeps no job waiting."""

    def __init__(self, beat: float = BEAT, client: Callable[[], Guarded] | None = None) -> None:
        self.owner = leases.Owner()
        self._beat = beat
        self._client = client or (lambda: Guarded(settings.OPENROADS.http_allow))
        self._stopping = threading.Event()
        self._ears: dict[str, Ear] = {}
        self._keeper = threading.Thread(target=self._keep, name="collector", daemon=True)

    def start(self) -> None:
        """Begin; comes back at once."""
        self.owner.begin()
        self._keeper.start()

    def ask_to_stop(self) -> None:
        """Hear nothing more; comes back at once."""
        self._stopping.set()

    def stop(self, timeout: float = 8.0) -> bool:
        """Store what is at hand and end; True when that was done in time."""
        self.ask_to_stop()
        if self._keeper.ident is None:
            return True
        self._keeper.join(timeout)
        return not self._keeper.is_alive()

    def _keep(self) -> None:
        try:
            while not self._stopping.is_set():
                close_old_connections()
                try:
                    self.look()
                except _away:
                    log.exception("the streams could not be looked at")
                    connections.close_all()
                self._stopping.wait(self._beat)
            for ear in self._ears.values():
                ear.end()
            for ear in self._ears.values():
                ear.thread.join()
            try:
                self.owner.end()
            except _away:
                log.exception("the streams could not be let go")
        finally:
            connections.close_all()

    def look(self) -> None:
        """Renew what is held, take what is free, and see to it that each line is heard as its sources
        say now."""
        mine = leases.claim(self.owner, timezone.now())
        for line, ear in list(self._ears.items()):
            if line not in mine or ear.is_of(mine[line]) is False:
                ear.end()
            if not ear.thread.is_alive():
                del self._ears[line]
        for line, sources in mine.items():
            if line not in self._ears and not self._stopping.is_set():
                self._ears[line] = Ear(self.owner, line, sources, self._client(), self._stopping)
                self._ears[line].thread.start()


class Ear:
    """The thread of one line: calls, takes in what comes, calls again after a wait that grows."""

    def __init__(
        self,
        owner: leases.Owner,
        line: str,
        sources: list[Source],
        client: Guarded,
        stopping: threading.Event,
    ) -> None:
        self._owner, self._sources, self._client = owner, sources, client
        self._numbers = [source.pk for source in sources]
        self._said = _said(sources)
        self._stopping, self._over = stopping, threading.Event()
        self.thread = threading.Thread(target=self._run, name=f"ear {line}"[:60], daemon=True)

    def is_of(self, sources: list[Source]) -> bool:
        """Whether it hears these sources as they are told to listen now."""
        return self._said == _said(sources)

    def end(self) -> None:
        """Hear nothing more; comes back at once."""
        self._over.set()

    def _goes_on(self) -> bool:
        return not (self._stopping.is_set() or self._over.is_set())

    def _run(self) -> None:
        try:
            with override(settings.LANGUAGE_CODE):
                while self._goes_on():
                    close_old_connections()
                    self._wait(self._listen())
        except ArchiveBusy:  # the house closes; the cursor is where the archive is
            pass
        finally:
            connections.close_all()

    def _listen(self) -> float:
        """Hear until it ends; returns how many seconds to wait before the next call."""
        network = stream_of(self._sources[0], self._client)
        opened = False
        try:
            sifter = Sifter(self._owner, self._sources, network)
            topic = ",".join(source.told["topic"] for source in self._sources)
            for heard in network.listen(topic, self._cursor(), self._goes_on):
                if not opened:
                    note_open(
                        sources=self._numbers, remembers=network.remembers, now=timezone.now()
                    )
                    opened = True
                if not sifter.take_in(heard, now=timezone.now()):
                    self.end()  # in other hands by now
                    return 0.0
            return 0.0
        except Refused as refused:
            self._note(translated(refused.why), 0)
            return REFUSED_WAIT
        except TryLater as trouble:
            tries = self._note(translated(trouble.why), FORGIVEN if network.remembers else 0)
            return trouble.after if trouble.after is not None else _wait_after(tries)
        except ArchiveBusy:
            raise
        except _away:
            log.exception("what was heard could not be written down")
            connections.close_all()
            return _wait_after(3)
        except Exception:
            log.exception("a stream could not be heard", sources=self._numbers)
            why = _(
                "Something in the house went wrong. The administrator finds the fault in the log."
            )
            return _wait_after(self._note(why, FORGIVEN))

    def _cursor(self) -> str:
        """The earliest of the line: what a source heard already is nothing new to it."""
        cursors = Stream.objects.filter(source__in=self._numbers).values_list("cursor", flat=True)
        return min((each for each in cursors if each), default="")

    def _note(self, why: str, forgiven: int) -> int:
        return note_silence(
            owner=self._owner, sources=self._numbers, why=why, forgiven=forgiven, now=timezone.now()
        )

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while self._goes_on() and (left := until - time.monotonic()) > 0:
            self._over.wait(min(left, 0.5))


def _wait_after(tries: int) -> float:
    """Longer each time, and never the same for all who were thrown out at once."""
    longest = min(LONGEST_WAIT, 2.0 ** min(tries, 9))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 (spreads, hides nothing)


def _said(sources: list[Source]) -> list[tuple[object, ...]]:
    """What a line must be called anew for."""
    return [(source.pk, source.told, source.secrets, source.brand_id) for source in sources]
