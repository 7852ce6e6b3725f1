"""Whether the house is awake and can do its work: what a load balancer or container asks."""

import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from queue import Empty, SimpleQueue

import structlog
from django.conf import settings

from openroads.archive.queries.timeline import revision
from openroads.delivery.queries import worker_is_alive
from openroads.directory import versions
from openroads.directory.conversations import archive, is_closing

log = structlog.get_logger(__name__)

LEAST_FREE = 100_000_000
"""Bytes on disk below which nothing more can be taken in."""
ARCHIVE_ANSWERS = 5.0
"""Seconds the archive gets: with every reader at work it is slow, and a health check must answer."""


@dataclass(frozen=True)
class Look:
    """One thing looked at. `told` is a word for machines, without names, paths or versions: anybody
    may ask. What is not `needed` is told, and does not count."""

    name: str
    told: str
    needed: bool = True

    @property
    def is_well(self) -> bool:
        return self.told == "ok"


def looks() -> list[Look]:
    """Database, archive, disk and worker, each looked at now."""
    return [_safely(name, look) for name, look in LOOKS]


def is_ready(found: list[Look]) -> bool:
    """Whether everything that is needed is well."""
    return all(look.is_well for look in found if look.needed)


def _safely(name: str, look: Callable[[], str]) -> Look:
    try:
        told = look()
    except Exception:
        log.exception("a health check failed", look=name)
        told = "wrong"
    # Elsewhere workers run beside this process: theirs is not this process's health.
    return Look(name, told, needed=name != "worker" or settings.OPENROADS.worker_threads > 0)


def _database() -> str:
    return "ok" if _newest_known() <= versions.applied() else "waits for migrations"


@cache
def _newest_known() -> set[versions.Migration]:
    return versions.newest_known()


_asking = threading.Lock()


def _archive() -> str:
    if is_closing():
        return "closing"
    answered: SimpleQueue[bool] = SimpleQueue()

    def ask() -> None:
        try:
            revision(archive())
            answered.put(True)
        except Exception:
            log.exception("the archive did not answer a health check")
            answered.put(False)
        finally:
            _asking.release()

    if not _asking.acquire(blocking=False):
        return "slow"  # the one who asked before still waits
    threading.Thread(target=ask, name="asks-archive", daemon=True).start()
    try:
        return "ok" if answered.get(timeout=ARCHIVE_ANSWERS) else "wrong"
    except Empty:
        return "slow"


def _disk() -> str:
    folder = settings.OPENROADS.data
    if not os.access(folder, os.W_OK):
        return "cannot be written"
    return "ok" if shutil.disk_usage(folder).free >= LEAST_FREE else "full"


def _worker() -> str:
    return "ok" if worker_is_alive() else "silent"


LOOKS = (("database", _database), ("archive", _archive), ("disk", _disk), ("worker", _worker))
