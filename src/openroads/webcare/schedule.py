"""What webcare does by itself: takes in what was said, brings snoozed cases back, says of answers that did
not leave that they did not, tells programs and people what they must know; forgets who was erased,
and what was written too long ago."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy

from openroads.delivery.hooks import declare_event
from openroads.delivery.jobs import Job, job
from openroads.delivery.schedule import Daily, Every
from openroads.directory.kept import declare_kept
from openroads.directory.people import system_person
from openroads.webcare.about import note_topics_since
from openroads.webcare.actions.arriving import note_arrivals, note_failures
from openroads.webcare.actions.emptying import KEPT, empty_old
from openroads.webcare.actions.forgetting import forget_erased
from openroads.webcare.actions.moving import wake_cases
from openroads.webcare.actions.taking_in import take_in
from openroads.webcare.bursts.alerting import look_for_bursts
from openroads.webcare.telling import ANSWERED, CLOSED, OPENED, tell_cases

TAKE_IN = "webcare.take_in"
LOOK_AFTER = "webcare.look_after"
FORGET = "webcare.forget_erased"
EMPTY = "webcare.empty_old"
TOPICS = "webcare.note_topics"
TELL = "webcare.tell"
BURSTS = "webcare.look_for_bursts"

STILL_ABOUT = timedelta(days=60)
"""A topic that is made or changed is written to the cases of so long back."""

declare_event(OPENED, gettext_lazy("a case was opened"))
declare_event(ANSWERED, gettext_lazy("an answer in a case has left"))
declare_event(CLOSED, gettext_lazy("a case was closed"))
declare_kept(KEPT)


@job(TAKE_IN, attempts=2)
def take_in_job(work: Job) -> None:
    """Make cases of what was said to us."""
    take_in(alive=work.beat)


@job(LOOK_AFTER, attempts=2)
def look_after_job(work: Job) -> None:
    """Bring back what was put off, and say what did not leave, or did after all."""
    wake_cases()
    note_failures()
    note_arrivals()


@job(TELL, attempts=2)
def tell_job(work: Job) -> None:
    """Tell the programs of others what became of cases."""
    tell_cases(now=timezone.now())


@job(BURSTS, attempts=2)
def bursts_job(work: Job) -> None:
    """Tell who must know when far more comes in than usual."""
    look_for_bursts(now=timezone.now())


@job(TOPICS, attempts=2)
def topics_job(work: Job) -> None:
    """Write down what the cases of the last weeks are about, by the topics of today."""
    note_topics_since(timezone.now() - STILL_ABOUT)


@job(FORGET, attempts=5, follows="listening.erase_author")
def forget_job(work: Job) -> None:
    """Take our words out of the cases of who was erased."""
    forget_erased()


@job(EMPTY, attempts=3, follows="listening.take_out_old")
def empty_job(work: Job) -> None:
    """Take our own words out of cases that were closed too long ago."""
    empty_old(by=system_person(), alive=work.beat)


SCHEDULE = (
    Every(TAKE_IN, seconds=30),
    Every(LOOK_AFTER, minutes=1),
    Every(TELL, minutes=1),
    Every(BURSTS, minutes=5),
    Daily(TOPICS, at="04:00"),
    Daily(FORGET, at="04:20"),
    Daily(EMPTY, at="04:25"),
)
