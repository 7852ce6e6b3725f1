"""What the habit of listening does later and at set times."""

from django.utils import timezone

from openroads.archive.queries.corrections import posts_read
from openroads.changes import actions as changes
from openroads.changes.queries import quoted_posts
from openroads.delivery.jobs import Job, job
from openroads.delivery.schedule import Every
from openroads.directory.conversations import archive
from openroads.listening.culture.actions import exporting, subscribing
from openroads.listening.culture.models import Export

AT_ONCE = 1_000


@job(subscribing.SEND_DIGESTS, attempts=3)
def send_digests_job(work: Job) -> None:
    """Send the digests that are due."""
    subscribing.send_due(now=timezone.now(), alive=work.beat)


@job(exporting.WRITE_EXPORT, attempts=3)
def write_export_job(work: Job, *, export_id: int) -> None:
    """Write one file of posts."""
    exporting.write_export(
        export=Export.objects.select_related("by").get(pk=export_id),
        alive=lambda: work.beat() and not work.cancelled(),
    )


@job("listening.delete_exports", attempts=1)
def delete_exports_job(work: Job) -> None:
    """Delete files of posts that have stood for a day."""
    exporting.delete_old(now=timezone.now())


@job("listening.forget_deleted_quotes", attempts=1)
def forget_deleted_quotes_job(work: Job) -> None:
    """Take out of insights the words of posts that were deleted where they were said."""
    keys = quoted_posts()
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        there = posts_read(archive(), some)
        changes.forget_posts(posts=[post for post, _moment in some if post not in there])


SCHEDULE = (
    Every(subscribing.SEND_DIGESTS, minutes=5),
    Every("listening.delete_exports", hours=1),
    Every("listening.forget_deleted_quotes", hours=6),
)
