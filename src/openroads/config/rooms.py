"""The list of what each room runs later, handed to the worker by the top of the house."""

from openroads.delivery.runner import Runner
from openroads.listening import schedule as listening

SCHEDULES = (listening.SCHEDULE,)


def runner(threads: int) -> Runner:
    """Worker threads that know every room's jobs and schedules."""
    return Runner(threads=threads, schedules=[entry for room in SCHEDULES for entry in room])
