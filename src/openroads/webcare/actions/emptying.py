"""When a case was closed long ago: what we wrote in it goes; that it was, who did what when, and the figures stay."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from openroads.delivery.actions import empty_replies
from openroads.delivery.notices import take_out_of_notices
from openroads.directory import trail
from openroads.directory.kept import Kept, past_its_time
from openroads.directory.models import Person
from openroads.webcare.approach.models import ColleagueQuestion
from openroads.webcare.models import Case, Draft, Message
from openroads.webcare.satisfaction.models import Survey

NAME = "webcare.words"
AT_ONCE = 200
WORDS = Q(text__gt="") | Q(approval_why__gt="") | Q(elsewhere_url__gt="") | Q(picture__isnull=False)

Alive = Callable[[], bool]


def cases_past(moment: datetime) -> QuerySet[Case]:
    """Cases that were closed before a moment, and in which something is written still."""
    of_case = {"case": OuterRef("pk")}
    written = (
        Exists(Message.objects.filter(WORDS, **of_case))
        | Exists(Draft.objects.filter(**of_case))
        | Exists(ColleagueQuestion.objects.filter(Q(words__gt="") | Q(answer__gt=""), **of_case))
        | Exists(Survey.objects.filter(comment__gt="", **of_case))
    )
    return Case.objects.filter(written, state=Case.State.CLOSED, closed_at__lt=moment)


def count_past(moment: datetime) -> int:
    """How many such cases there are."""
    return cases_past(moment).count()


def empty_old(*, by: Person, alive: Alive = lambda: True) -> int:
    """Empty every case that was closed longer ago than words in cases are kept: answers, notes, drafts, reasons,
    pictures, questions to colleagues with their answers, comments to a survey. What people said stands in the
    archive and goes with its source. Returns of how many cases; doing it again ends what was begun."""
    moment = past_its_time(NAME)
    if moment is None:
        return 0
    done = 0
    while alive():
        some = list(cases_past(moment).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        if not some:
            break
        done += _empty(some, moment)
    if done:
        trail.record(by, "took out words of cases that were past their time", None, number=done)
    return done


@transaction.atomic
def _empty(numbers: list[int], moment: datetime) -> int:
    """Empty these, as far as they are still closed: one that opens again meanwhile keeps its words."""
    locked = Case.objects.select_for_update(of=("self",)).filter(pk__in=numbers)
    closed = locked.filter(state=Case.State.CLOSED, closed_at__lt=moment)
    cases = list(closed.values_list("pk", flat=True))
    said = Message.objects.filter(case__in=cases)
    empty_replies(list(said.exclude(delivery=None).values_list("delivery", flat=True)))
    said.filter(WORDS).update(
        text="", approval_why="", elsewhere_url="", picture=None, picture_kind="", picture_name="", picture_alt="",
    )  # fmt: skip
    Draft.objects.filter(case__in=cases).delete()
    ColleagueQuestion.objects.filter(case__in=cases).update(words="", answer="")
    Survey.objects.filter(case__in=cases).update(comment="")
    for number in cases:
        take_out_of_notices(url=f"/answer/cases/{number}/")
    return len(cases)


KEPT = Kept(
    NAME, _("Our own words in closed cases"),
    _("Answers, notes, drafts, reasons, pictures, questions to colleagues and comments to surveys, counted from the day a case was closed. Counts, times and what happened stay, for the figures."),
    _("What we wrote in answering you, from the day the conversation was closed"),
    count_past,
)  # fmt: skip
