"""What topics do later and at set times: filing the archive, and making up for what was missed."""

from openroads.delivery.jobs import Job, job
from openroads.delivery.schedule import Every
from openroads.listening.topics import filing
from openroads.listening.topics.models import Filing

TRIES = 8


@job(filing.FILE_TOPIC, attempts=TRIES)
def file_topic_job(work: Job, *, topic_id: int) -> None:
    """File the archive under the newest version of a topic; goes on where the worker before died."""
    try:
        filing.file_topic(topic_id=topic_id, alive=lambda: work.beat() and not work.cancelled())
    except Exception:
        if work.attempt >= TRIES:
            Filing.objects.filter(version__topic=topic_id, state=Filing.State.RUNNING).update(
                state=Filing.State.FAILED
            )
        raise


@job(filing.KEEP_FILED, attempts=2)
def keep_topics_filed_job(work: Job) -> None:
    """Make up for what was written in another way than a batch as it came, hold to what people said
    of posts, and say so of filings that nobody is at any more."""
    filing.settle_filings()
    filing.make_up(alive=work.beat)
    filing.hold_topic_labels()


SCHEDULE = (Every(filing.KEEP_FILED, minutes=5),)
