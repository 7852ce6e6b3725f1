"""Windmee's opening hours, what it promises to who writes, and what people said of how they were answered."""

from datetime import date, datetime, timedelta
from random import Random

from django.utils import timezone

from openroads.directory.models import Person
from openroads.webcare.clocks.actions import set_calendar, set_policy
from openroads.webcare.clocks.holidays import suggested
from openroads.webcare.clocks.models import TargetPolicyVersion, WorkCalendarVersion
from openroads.webcare.models import Case, CaseEvent
from openroads.webcare.satisfaction.actions import set_asking
from openroads.webcare.satisfaction.models import Survey
from openroads.webcare.satisfaction.queries import networks_to_ask

WORDS = {
    5: (
        "Snel en vriendelijk geholpen.",
        "Echt goed uitgelegd, dank!",
        "Within the hour, on a Saturday!",
    ),
    4: ("Duidelijk antwoord.",),
    2: ("Ik weet nu nog niet wanneer de monteur komt.",),
    1: ("Drie keer hetzelfde moeten vertellen.",),
}
Type, Actor = CaseEvent.Type, CaseEvent.Actor


def promise_times(*, by: Person, today: date) -> None:
    """Eight to eight from Monday to Saturday, closed on holidays; two hours for a first reply, half an hour
    for the press desk's priorities. They have held since before the first case."""
    hours = [[(8 * 60, 20 * 60)]] * 6 + [[]]
    version = set_calendar(
        by=by, name="Webcare", zone="Europe/Amsterdam", week=hours,
        holidays={one.on: () for one in suggested(today) if "NL" in one.countries},
    )  # fmt: skip
    set_policy(
        by=by, name="Iedereen", place=20, first_minutes=120, next_minutes=120,
        resolution_minutes=36 * 60, calendar=version.calendar,
    )  # fmt: skip
    set_policy(
        by=by, name="Voorrang", place=10, first_minutes=60, next_minutes=60,
        resolution_minutes=12 * 60, matches={"priority": [1]}, calendar=version.calendar,
    )  # fmt: skip
    since = timezone.now() - timedelta(days=400)
    WorkCalendarVersion.objects.update(holds_from=since)
    TargetPolicyVersion.objects.update(holds_from=since)


def ask_how_we_did(*, by: Person) -> None:
    """People are asked on the networks where they write, if that is possible in private."""
    wrote = set(Case.objects.order_by().values_list("network", flat=True).distinct())
    for network, (private, _hours) in networks_to_ask().items():
        if private and network in wrote:
            set_asking(by=by, network=network, on=True, also_public=False, delay_minutes=60)


def gather_scores(*, seed: int = 7) -> int:
    """Some of those who were answered were asked how it was, and some of them said; gives how many."""
    rng = Random(seed)  # noqa: S311 (a demo must come out the same)
    closed = Case.objects.filter(state=Case.State.CLOSED, ending=Case.Ending.ANSWERED)
    surveys, events, seen = list[Survey](), list[CaseEvent](), set[int]()
    for case in closed.select_related("identity", "team").order_by("closed_at", "pk"):
        contact = case.identity.contact_id
        if contact in seen or rng.random() > 0.6 or case.closed_at is None:
            continue
        seen.add(contact)
        survey = Survey(
            case=case, cycle=1, contact_id=contact, state=Survey.State.ASKED,
            at=case.closed_at + timedelta(hours=1), language="nl" if case.language == "nl" else "en",
        )  # fmt: skip
        surveys.append(survey)
        events.append(_line(case, Type.SURVEYED, Actor.HOUSE, survey.at))
        if rng.random() < 0.45:
            survey.score = rng.choices((5, 4, 3, 2, 1), (46, 30, 11, 7, 6))[0]
            survey.scored_at = survey.at + timedelta(minutes=rng.randint(3, 2_000))
            survey.given = 1
            if survey.score in WORDS and rng.random() < 0.3:
                survey.comment = rng.choice(WORDS[survey.score])
            events.append(_line(case, Type.SCORED, Actor.CUSTOMER, survey.scored_at, survey.score))
    Survey.objects.bulk_create(surveys)
    CaseEvent.objects.bulk_create(events)
    return sum(one.score is not None for one in surveys)


def _line(case: Case, type: str, actor: str, at: datetime, score: int | None = None) -> CaseEvent:
    told = {"cycle": 1} | ({"score": score} if score is not None else {})
    return CaseEvent(
        case=case, cycle=1, type=type, at=at, actor=actor, team_id=case.team_id, network=case.network,
        data=told,
    )  # fmt: skip
