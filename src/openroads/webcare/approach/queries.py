"""Reading how we answer: approaches, the one of a case, questions to colleagues."""

from collections.abc import Sequence

from django.db.models import F, Q, QuerySet

from openroads.directory.models import Department, Person
from openroads.directory.queries import departments, people_to_choose
from openroads.webcare.approach import policy
from openroads.webcare.approach.matching import best_of
from openroads.webcare.approach.models import (
    MAILBOX,
    AnswerMailbox,
    Approach,
    CaseApproach,
    ColleagueQuestion,
)
from openroads.webcare.approach.tokens import is_of, number_in
from openroads.webcare.models import Case
from openroads.webcare.queries import cases_for

COMMON = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com live.nl yahoo.com icloud.com me.com ziggo.nl "
    "kpnmail.nl planet.nl xs4all.nl gmx.net gmx.de proton.me protonmail.com post.example".split()
)
"""Domains anybody has an address at: no proof of working here."""
IN_LIST = 100


# -------------------------------------------------------------------------------------- approaches
def approaches_for(person: Person) -> QuerySet[Approach]:
    """How we answer, for who works here."""
    if not policy.may_read_approach(person):
        return Approach.objects.none()
    return in_force()


def in_force() -> QuerySet[Approach]:
    """The approaches that have not ended."""
    return Approach.objects.filter(ended_at=None).select_related("department")


def departments_to_choose() -> QuerySet[Department]:
    """Departments that can own one."""
    return departments().order_by("name")


def approach_for(case: Case, text: str = "") -> Approach | None:
    """The approach a case is answered by: the one it was placed under; else the one its words ask for
    (`text`: what the person wrote), which is not written down by looking."""
    placed = CaseApproach.objects.filter(case=case, approach__ended_at=None)
    found = placed.select_related("approach__department").first()
    if found is not None:
        return found.approach
    return best_of(in_force(), text, case.language, case.intent) if text else None


def unplaced(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Those of these cases that stand under no approach yet."""
    return cases.exclude(pk__in=CaseApproach.objects.values("case"))


# --------------------------------------------------------------------------------------- questions
def questions_for(person: Person) -> QuerySet[ColleagueQuestion]:
    """Questions to colleagues about cases this person may see."""
    cases = cases_for(person).order_by()
    found = ColleagueQuestion.objects.filter(case__in=cases.values("pk"))
    return found.select_related("case", "asked_by", "to", "case__team")


def waiting_first(person: Person) -> list[ColleagueQuestion]:
    """Those that wait, what is due first; then the newest of the others."""
    seen = questions_for(person)
    waiting = list(seen.filter(state=ColleagueQuestion.State.ASKED).order_by("due_on", "pk"))
    others = seen.exclude(state=ColleagueQuestion.State.ASKED)
    return waiting + list(others.order_by(F("ended_at").desc(nulls_last=True), "-pk")[:IN_LIST])


def questions_of(case: Case) -> list[ColleagueQuestion]:
    """What colleagues were asked about a case, in its order."""
    rows = ColleagueQuestion.objects.filter(case=case).select_related("asked_by", "to")
    return list(rows.order_by("asked_at", "pk"))


def question_of_token(token: str) -> ColleagueQuestion | None:
    """The question of a signed address; None for any other address."""
    number = number_in(token)
    rows = ColleagueQuestion.objects.select_related("case", "asked_by", "to")
    found = rows.filter(pk=number).first() if number is not None else None
    return found if found is not None and is_of(token, found) else None


def colleagues_to_ask() -> QuerySet[Person]:
    """Who can be asked by name: everybody who may sign in and works here."""
    inside = [role.value for role in policy.INSIDE]
    return people_to_choose().filter(grants__role__in=inside).distinct()


def our_domains() -> set[str]:
    """The mail domains of who works here, without those anybody has an address at."""
    rows: Sequence[str] = list(colleagues_to_ask().order_by().values_list("email", flat=True))
    return {row.rpartition("@")[2].lower() for row in rows} - COMMON


def mailbox() -> AnswerMailbox | None:
    """Where colleagues' answers arrive by mail, if anywhere."""
    return AnswerMailbox.objects.filter(pk=MAILBOX).first()


def open_mailbox() -> AnswerMailbox | None:
    """The same, when it is read."""
    return (
        AnswerMailbox.objects.filter(pk=MAILBOX, is_on=True)
        .exclude(Q(server="") | Q(user=""))
        .first()
    )
