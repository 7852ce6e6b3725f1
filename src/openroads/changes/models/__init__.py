"""The tables of changes, a file per step of the golden thread."""

from openroads.changes.models.changing import Change, TrackerDoor, TrackerMove
from openroads.changes.models.deciding import Decision, Delegate
from openroads.changes.models.insights import DECIDE_WITHIN, Evidence, Insight, Reading, Sample
from openroads.changes.models.measuring import Measurement
from openroads.changes.models.publishing import PublicWord
from openroads.changes.models.telling import Telling, Told, Voice

__all__ = [
    "DECIDE_WITHIN",
    "Change",
    "Decision",
    "Delegate",
    "Evidence",
    "Insight",
    "Measurement",
    "PublicWord",
    "Reading",
    "Sample",
    "Telling",
    "Told",
    "TrackerDoor",
    "TrackerMove",
    "Voice",
]
