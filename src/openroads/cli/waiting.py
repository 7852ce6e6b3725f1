"""Waiting for work that was put in line: a worker of the house does it, or this command when there is none."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

UNATTENDED = 15.0
"""Seconds without a worker after which nobody is going to come: one that starts beats at once."""


class NobodyWorks(Exception):
    """The archive is another process's, and that one has no workers: what was asked stays in line."""


@contextmanager
def attended(*, ours: bool, jobs: frozenset[str]) -> Iterator[Callable[[], None]]:
    """Gives what to call again and again while waiting for jobs of these kinds.

    It looks whether a worker of the house is alive. Where there is none and the archive may be
    opened here (`ours`), this process does such jobs until the block ends; else it raises
    NobodyWorks, after some seconds in which one may be starting.
    """
    from openroads.config.rooms import runner  # noqa: PLC0415 (needs settings)
    from openroads.delivery.models import Worker  # noqa: PLC0415
    from openroads.delivery.runner import Runner, is_dead  # noqa: PLC0415

    hands: list[Runner] = []
    since = time.monotonic()

    def look() -> None:
        nonlocal since
        if any(not is_dead(worker) for worker in Worker.objects.all()):
            since = time.monotonic()
        elif ours:
            hands.append(runner(1, only=jobs))
            hands[-1].start()
        elif time.monotonic() - since > UNATTENDED:
            raise NobodyWorks

    try:
        yield look
    finally:
        for each in hands:
            each.stop()
