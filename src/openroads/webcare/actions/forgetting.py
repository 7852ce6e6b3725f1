"""When somebody is erased: what we wrote to and about them goes, too; that there were cases stays, without words."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_noop

from openroads.archive.queries.authors import erased_authors
from openroads.delivery.notices import take_out_of_notices
from openroads.directory.conversations import archive
from openroads.webcare.approach.models import ColleagueQuestion
from openroads.webcare.models import Case, Draft, Identity, Message
from openroads.webcare.satisfaction.models import Survey

INSTEAD = gettext_noop("(taken out: this person was erased)")
AT_ONCE = 500


def forget_erased() -> int:
    """Take our own words out of the cases of everybody whom the archive knows as erased: answers, notes,
    drafts, questions to colleagues with their answers, comments to a survey. Their words never stood here.
    Returns of how many cases. Doing it again changes nothing."""
    erased = list(erased_authors(archive()))
    done = 0
    for start in range(0, len(erased), AT_ONCE):
        some = erased[start : start + AT_ONCE]
        cases = Case.objects.filter(pk__in=_with_words(some))
        for case in cases.order_by("pk").iterator(chunk_size=AT_ONCE):
            done += _forget(case)
        told = Identity.objects.filter(author__in=some).exclude(verified_how="", blocked_why="")
        told.update(verified_how="", blocked_why="")
    return done


def cases_of_erased() -> list[int]:
    """Every case in which words to or about somebody erased may have stood."""
    erased = list(erased_authors(archive()))
    found: set[int] = set()
    for start in range(0, len(erased), AT_ONCE):
        found |= _with_words(erased[start : start + AT_ONCE])
    return sorted(found)


def _with_words(authors: Sequence[int]) -> set[int]:
    """The cases in which words to or about these people may stand: theirs, and those theirs were joined to,
    for what was said moved there."""
    found: set[int] = set()
    more = set(Case.objects.filter(identity__author__in=authors).values_list("pk", flat=True))
    while more:
        found |= more
        joined = Case.objects.filter(merged__in=more).exclude(pk__in=found)
        more = set(joined.values_list("pk", flat=True))
    return found


@transaction.atomic
def _forget(case: Case) -> bool:
    """Whether there was anything to take out."""
    told = Message.objects.filter(case=case).exclude(text__in=("", INSTEAD))
    taken = told.update(text=INSTEAD, elsewhere_url="")
    shown = Message.objects.filter(case=case, picture__isnull=False)
    taken += shown.update(picture=None, picture_kind="", picture_name="", picture_alt="")
    why = Message.objects.filter(case=case).exclude(approval_why__in=("", INSTEAD))
    taken += why.update(approval_why=INSTEAD)
    taken += take_out_of_notices(url=f"/answer/cases/{case.pk}/")
    taken += Draft.objects.filter(case=case).delete()[0]
    asked = ColleagueQuestion.objects.filter(case=case).exclude(words=INSTEAD)
    taken += asked.update(words=INSTEAD, answer="")
    taken += Survey.objects.filter(case=case).exclude(comment="").update(comment="")
    return bool(taken)
