"""The list of what each room runs later, handed to the worker by the top of the house."""

from collections.abc import Collection

from openroads.changes import schedule as changes
from openroads.delivery.runner import Runner
from openroads.listening import schedule as listening
from openroads.listening.culture import schedule as culture
from openroads.listening.ear import schedule as ear
from openroads.listening.erasing import schedule as erasing
from openroads.listening.keeping import schedule as keeping
from openroads.listening.labels import schedule as labels
from openroads.listening.language_model import schedule as language_model  # noqa: F401 (declares its job)
from openroads.listening.patterns import schedule as patterns
from openroads.listening.pushed import schedule as pushed
from openroads.listening.refreshing import schedule as refreshing
from openroads.listening.spending import schedule as spending  # noqa: F401 (declares its job)
from openroads.listening.streams import schedule as streams
from openroads.listening.streams.collector import Collector
from openroads.listening.themes import schedule as themes
from openroads.listening.topics import schedule as topics
from openroads.safekeeping import schedule as safekeeping
from openroads.web import schedule as web
from openroads.webcare import schedule as webcare
from openroads.webcare.approach import schedule as approach
from openroads.webcare.clocks import schedule as clocks
from openroads.webcare.help import schedule as help_centre
from openroads.webcare.satisfaction import schedule as satisfaction
from openroads.webcare.saved import schedule as saved

SCHEDULES = (
    changes.SCHEDULE,
    listening.SCHEDULE,
    ear.SCHEDULE,
    culture.SCHEDULE,
    erasing.SCHEDULE,
    keeping.SCHEDULE,
    labels.SCHEDULE,
    streams.SCHEDULE,
    refreshing.SCHEDULE,
    themes.SCHEDULE,
    topics.SCHEDULE,
    pushed.SCHEDULE,
    patterns.SCHEDULE,
    help_centre.SCHEDULE,
    saved.SCHEDULE,
    approach.SCHEDULE,
    safekeeping.SCHEDULE,
    webcare.SCHEDULE,
    clocks.SCHEDULE,
    satisfaction.SCHEDULE,
    web.SCHEDULE,
)


def runner(threads: int, *, only: Collection[str] = ()) -> Runner:
    """Worker threads that know every room's jobs and schedules; with `only` they do jobs of these
    names and no others."""
    entries = [entry for room in SCHEDULES for entry in room]
    return Runner(threads=threads, schedules=entries, only=only)


def collector() -> Collector:
    """The threads that hear streams, beside the workers: a network that talks all day keeps no job waiting."""
    return Collector()
