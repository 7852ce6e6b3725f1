"""The jobs of delivery itself: sending what is due, and clearing out what is long done."""

from datetime import timedelta

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from openroads.delivery import sending
from openroads.delivery.channels import check_channel
from openroads.delivery.jobs import Job, job
from openroads.delivery.models import Channel, Delivery, QueuedJob

KEEP_JOBS = timedelta(days=14)
KEEP_TEXTS = timedelta(days=30)


@job("delivery.send_due", attempts=3)
def send_due_job(work: Job) -> None:
    """Send in small lots until nothing is due."""
    while work.beat() and not work.cancelled() and sending.send_due(limit=20):
        continue


@job("delivery.clear_out", attempts=3)
def clear_out_job(work: Job) -> None:
    """Forget finished jobs, and the texts (not the fact) of mail and answers that left."""
    now = timezone.now()
    finished = DBTaskResult.objects.filter(
        status__in=("SUCCESSFUL", "FAILED"), finished_at__lt=now - KEEP_JOBS
    )
    QueuedJob.objects.filter(task__in=finished).delete()
    finished.delete()
    Delivery.objects.filter(state=Delivery.State.SENT, sent_at__lt=now - KEEP_TEXTS).update(
        text="", html="", subject="", draft=None, picture=None
    )
    not_sent = (Delivery.State.RECALLED, Delivery.State.LEFT)
    Delivery.objects.filter(state__in=not_sent, due_at__lt=now - KEEP_TEXTS).update(
        draft=None, picture=None
    )


@job("delivery.check_channel", attempts=1)
def check_channel_job(work: Job, *, channel: int) -> None:
    """Try whether a channel lets us in."""
    if found := Channel.objects.filter(pk=channel).first():
        check_channel(found)


JOBS = (send_due_job, clear_out_job, check_channel_job)
