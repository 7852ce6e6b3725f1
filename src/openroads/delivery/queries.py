"""Reading delivery: whether somebody works, what is stuck, what waits to leave."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks_db.models import get_date_max

from openroads.delivery.models import Delivery, QueuedJob, Worker

FRESH = timedelta(seconds=45)


def mail_leaves() -> bool:
    """Whether a way out for mail is set."""
    return not str(settings.EMAIL_BACKEND).endswith("dummy.EmailBackend")


def worker_is_alive() -> bool:
    """Whether any worker was heard of lately."""
    return Worker.objects.filter(beat_at__gte=timezone.now() - FRESH).exists()


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
