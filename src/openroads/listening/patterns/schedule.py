"""What patterns do at set times: look, find new words, tell people, and try the detector out."""

from django.utils import timezone
from django.utils.translation import gettext_lazy

from openroads.delivery.hooks import declare_event
from openroads.delivery.jobs import Job, job
from openroads.delivery.schedule import Daily, Every
from openroads.listening.patterns.alerting import ALERT_RAISED, tell
from openroads.listening.patterns.looking import look
from openroads.listening.patterns.trying import (
    TRY_DETECTOR,
    try_by_hour,
    try_detector,
    try_when_due,
)
from openroads.listening.patterns.wording import look_for_words

LOOK = "listening.look_for_patterns"
WORDS = "listening.look_for_words"
TRY_WHEN_DUE = "listening.try_detector_when_due"

declare_event(ALERT_RAISED, gettext_lazy("something is louder or quieter than expected"))


@job(LOOK, attempts=2)
def look_for_patterns_job(work: Job) -> None:
    """Look at every series and tell who asked."""
    now = timezone.now()
    look(now=now)
    tell(now=now)


@job(WORDS, attempts=2)
def look_for_words_job(work: Job) -> None:
    """Find this week's new words and tell who asked."""
    now = timezone.now()
    look_for_words(now=now)
    tell(now=now)


@job(TRY_DETECTOR, attempts=2)
def try_detector_job(work: Job) -> None:
    """Try the detector out on the house's own history, by the day and by the hour."""
    try_detector()
    try_by_hour()


@job(TRY_WHEN_DUE, attempts=1)
def try_when_due_job(work: Job) -> None:
    """Have that done once a week."""
    try_when_due()


SCHEDULE = (
    Every(LOOK, minutes=60),
    Daily(WORDS, at="05:20"),
    Daily(TRY_WHEN_DUE, at="04:30"),
)
