"""What the register of approaches does by itself: placing cases, reminding colleagues, reading their answers."""

from datetime import datetime, timedelta

from django.utils import timezone

from openroads.archive.queries.corrections import posts_read
from openroads.delivery.jobs import Job, job
from openroads.delivery.schedule import Entry, Every
from openroads.directory.conversations import archive
from openroads.webcare.approach import queries
from openroads.webcare.approach.actions import asking, mailboxes, rows
from openroads.webcare.models import Case, Message

LATELY = timedelta(days=2)
"""A case whose words ask for no approach is looked at so long."""
AT_ONCE = 500


@job("webcare.place_cases", attempts=1)
def place_cases_job(work: Job) -> None:
    """Place new cases under the approach their first words ask for."""
    if not queries.in_force().exists():
        return
    new = Case.objects.filter(opened_at__gte=timezone.now() - LATELY, merged_into=None)
    cases = list(queries.unplaced(new).order_by("-opened_at")[:AT_ONCE])
    words = Message.objects.filter(case__in=cases, kind=Message.Kind.THEIRS)
    first: dict[int, tuple[int, datetime]] = {}
    for word in words.exclude(post=None).order_by("case", "seq"):
        if word.post is not None:
            first.setdefault(word.case_id, (word.post, word.said_at))
    if not first:
        return
    held = posts_read(archive(), list(first.values()))
    for case in cases:
        found = held.get(first[case.pk][0]) if case.pk in first else None
        if found is not None and work.beat():
            rows.place_by_words(case=case, text=found.whole_text)


@job("webcare.look_after_questions", attempts=2)
def look_after_questions_job(work: Job) -> None:
    """Remind colleagues, and end what was asked too long ago."""
    asking.look_after_questions(now=timezone.now())


@job("webcare.read_colleague_answers", attempts=1)
def read_colleague_answers_job(work: Job) -> None:
    """Read what colleagues answered by mail."""
    mailboxes.read_answers(now=timezone.now(), alive=work.beat)


SCHEDULE: tuple[Entry, ...] = (
    Every("webcare.place_cases", minutes=10),
    Every("webcare.look_after_questions", hours=1),
    Every("webcare.read_colleague_answers", minutes=1),
)
