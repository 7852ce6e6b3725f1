"""Reading the gap ahead, after anything changed what it would say."""

from openroads.delivery.jobs import enqueue
from openroads.directory.people import system_person

READ_AHEAD = "listening.read_ahead"


def read_ahead() -> None:
    """Put the reading of the default gap in line, once."""
    enqueue(READ_AHEAD, key=READ_AHEAD, by=system_person())
