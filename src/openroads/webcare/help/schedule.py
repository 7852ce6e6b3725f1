"""What the help centre does later: who used what, whether people asked again, what nobody looked at."""

from django.utils import timezone

from openroads.delivery.jobs import Job, job
from openroads.delivery.schedule import Daily, Entry, Every
from openroads.webcare.help import actions, settling


@job("webcare.gather_uses", attempts=1)
def gather_uses_job(work: Job) -> None:
    """Note with what answers were made."""
    settling.gather_uses(now=timezone.now())


@job("webcare.settle_uses", attempts=2)
def settle_uses_job(work: Job) -> None:
    """Say whether people asked again."""
    settling.settle_uses(now=timezone.now(), alive=work.beat)


@job("webcare.look_after_articles", attempts=1)
def look_after_articles_job(work: Job) -> None:
    """Tell owners what nobody looked at, and forget old words of readers."""
    now = timezone.now()
    actions.tell_unchecked(now=now)
    actions.forget_words(now=now)


SCHEDULE: tuple[Entry, ...] = (
    Every("webcare.gather_uses", hours=1),
    Daily("webcare.settle_uses", at="04:10"),
    Daily("webcare.look_after_articles", at="07:10"),
)
