"""Reading delivery: whether somebody works, what is stuck, what waits to leave."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from django.conf import settings
from django.db.models import Count, Max, Model, Q, QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from openroads.connectors.answering import ANSWERING
from openroads.delivery.models import Channel, Delivery, Endpoint, Notice, QueuedJob, Worker
from openroads.directory.models import Person

FRESH = timedelta(seconds=45)
PAGE = 30
MOST_COUNTED = 100

Row = TypeVar("Row", bound=Model)


def mail_leaves() -> bool:
    """Whether a way out for mail is set."""
    return not str(settings.EMAIL_BACKEND).endswith("dummy.EmailBackend")


def worker_is_alive() -> bool:
    """Whether any worker was heard of lately."""
    return Worker.objects.filter(beat_at__gte=timezone.now() - FRESH).exists()


def seconds_since_beat() -> float | None:
    """How long ago any worker was heard of; None when there is none."""
    last = Worker.objects.aggregate(last=Max("beat_at"))["last"]
    return (timezone.now() - last).total_seconds() if last is not None else None


def jobs_by_state() -> dict[str, int]:
    """How many jobs are ready, running, done or given up; of the last two those not cleared out."""
    found = DBTaskResult.objects.order_by().values_list("status").annotate(n=Count("pk"))
    return {str(status).lower(): count for status, count in found}


def deliveries_by_state() -> dict[str, int]:
    """How many deliveries stand in which state."""
    found = Delivery.objects.order_by().values_list("state").annotate(n=Count("pk"))
    return {str(state): count for state, count in found}


def stuck_jobs(
    *, late: timedelta = timedelta(minutes=15), silent: timedelta = timedelta(hours=1)
) -> QuerySet[QueuedJob]:
    """Jobs that should have begun a while ago, and running ones that gave no sign for long."""
    now = timezone.now()
    never_begun = Q(task__status="READY") & (
        Q(task__run_after=get_date_max(), task__enqueued_at__lt=now - late)
        | Q(task__run_after__lt=now - late)
    )
    no_sign = Q(task__status="RUNNING", beat_at__lt=now - silent)
    return QueuedJob.objects.filter(never_begun | no_sign).select_related("task")


def failed_jobs(*, since: timedelta = timedelta(days=7)) -> QuerySet[QueuedJob]:
    """Jobs that were given up lately, newest first; cancelled ones left out."""
    failed = QueuedJob.objects.filter(
        task__status="FAILED", task__finished_at__gte=timezone.now() - since
    ).exclude(task__exception_class_path="openroads.delivery.Cancelled")
    return failed.select_related("task").order_by("-task__finished_at")


def unfinished_job(key: str) -> QueuedJob | None:
    """The job of this key that waits or runs, if there is one."""
    return QueuedJob.objects.filter(open_key=key).select_related("task").first()


def deliveries_to_look_at() -> QuerySet[Delivery]:
    """What a person must look at: nobody knows whether it left, or it was tried too often."""
    return Delivery.objects.filter(state=Delivery.State.NEEDS_A_LOOK)


def late_deliveries(*, late: timedelta = timedelta(hours=1)) -> QuerySet[Delivery]:
    """What should have left long ago."""
    due_before = timezone.now() - late
    return Delivery.objects.filter(state__in=Delivery.WAITING, due_at__lt=due_before)


@dataclass(frozen=True, slots=True)
class Shown(Generic[Row]):
    """Some rows of a list that is read backwards, and the number from which it goes on (None: no more)."""

    rows: list[Row]
    before: int | None


def notices_of(person: Person, before: int | None = None) -> Shown[Notice]:
    """What a person was told, newest first."""
    return _shown(Notice.objects.filter(to=person), before)


def unseen_notices(person: Person) -> int:
    """How many notices wait, at most `MOST_COUNTED`."""
    return Notice.objects.filter(to=person, seen_at=None)[:MOST_COUNTED].count()


def deliveries(
    state: str = "",
    *,
    before: int | None = None,
    endpoint: Endpoint | None = None,
    channel: Channel | None = None,
) -> Shown[Delivery]:
    """What leaves the house, newest first; of one state, endpoint or channel where asked."""
    found = Delivery.objects.select_related("endpoint", "channel").defer("picture")
    if state in Delivery.State:
        found = found.filter(state=state)
    if endpoint is not None:
        found = found.filter(endpoint=endpoint)
    if channel is not None:
        found = found.filter(channel=channel)
    return _shown(found, before)


def counts_of_states() -> list[tuple[str, str, int]]:
    """Every state of a delivery, its words, and how many stand in it."""
    counts = deliveries_by_state()
    return [(str(state), str(state.label), counts.get(str(state), 0)) for state in Delivery.State]


def endpoints() -> QuerySet[Endpoint]:
    """The addresses that are told what happens, with how many messages did not arrive."""
    stuck = Q(deliveries__state__in=(Delivery.State.NEEDS_A_LOOK, Delivery.State.REFUSED))
    waiting = Q(deliveries__state=Delivery.State.RETRY)
    return Endpoint.objects.filter(ended_at=None).annotate(
        stuck=Count("deliveries", filter=stuck),
        waiting=Count("deliveries", filter=waiting),
        last_sent_at=Max("deliveries__sent_at"),
    )


def channels() -> QuerySet[Channel]:
    """The accounts through which answers leave, with how many answers wait for somebody or something."""
    stuck = Q(deliveries__state__in=(Delivery.State.NEEDS_A_LOOK, Delivery.State.REFUSED))
    waiting = Q(deliveries__state__in=Delivery.WAITING)
    return Channel.objects.select_related("account").annotate(
        stuck=Count("deliveries", filter=stuck), waiting=Count("deliveries", filter=waiting)
    )


def channel_for(*, network: str, source: int) -> Channel | None:
    """Through which channel a post of a source is answered: first one that names the source, then one that
    answers whatever its networks bring, and a hook after the network's own way; None: at the network."""
    order = list(ANSWERING)
    fits = [
        channel
        for channel in Channel.objects.filter(is_on=True)
        if channel.kind in ANSWERING
        and network in ANSWERING[channel.kind].networks
        and (not channel.sources or source in channel.sources)
    ]
    fits.sort(key=lambda each: (not each.sources, order.index(each.kind), each.pk))
    return fits[0] if fits else None


def _shown(found: QuerySet[Row], before: int | None) -> Shown[Row]:
    older = found if before is None else found.filter(pk__lt=before)
    rows = list(older.order_by("-pk")[: PAGE + 1])
    return Shown(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)
