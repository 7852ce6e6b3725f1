"""How we answer: read by who works here, found by words, measured; our time and that of colleagues apart."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroads.directory.models import TrailEntry
from openroads.webcare.approach import figures
from openroads.webcare.approach.actions import answering, asking, rows
from openroads.webcare.approach.models import Approach, CaseApproach, ColleagueQuestion
from openroads.webcare.approach.queries import approach_for
from openroads.webcare.approach.waiting import colleague_seconds, covered
from tests.webcare.saying import ours

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
RANGE = {
    "name": "Bereik in de winter", "people": "klanten", "words": "accu, bereik, winter, battery, range",
    "intent": "", "steps": "- Vraag welke fiets\n- Stuur FAQ 1\n", "minutes": 120, "target": "dezelfde ochtend",
    "tone": "rustig", "legal": "Beloof geen kilometers.", "role": "webcare",
}  # fmt: skip
PRESS = {
    "name": "Vraag van de pers",
    "people": "journalisten",
    "words": "krant, interview, woordvoerder",
}
THEFT = {
    "name": "Gestolen",
    "people": "klanten",
    "words": "gestolen, diefstal, stolen",
    "intent": "complaint",
}


@pytest.fixture
def kept(noor):
    return [rows.add_approach(by=noor, told=told) for told in (RANGE, PRESS, THEFT)]


def test_everybody_who_works_here_reads_it_and_a_customer_does_not(
    kept, ida, daan, marloes, signed_in
):
    page = signed_in(ida).get("/answer/approach/").content.decode()
    assert (
        "Bereik in de winter" in page
        and "<li>Stuur FAQ 1</li>" in page
        and "Beloof geen kilometers" in page
    )
    assert "How it goes" not in page and "Add an approach" not in page
    assert "How it goes" in signed_in(daan).get("/answer/approach/").content.decode()
    assert signed_in(marloes).get("/answer/approach/").status_code == 403


def test_who_leads_keeps_it_and_what_it_said_stays_in_the_trail(kept, noor, daan, signed_in):
    with pytest.raises(PermissionDenied):
        rows.change_approach(by=daan, approach=kept[0], told=RANGE)
    rows.change_approach(by=noor, approach=kept[0], told=RANGE | {"minutes": 60})
    entry = TrailEntry.objects.get(verb="changed an approach")
    assert entry.facts["minutes"] == {"was": "120", "now": "60"} and "steps" not in entry.facts
    rows.change_approach(by=noor, approach=kept[0], told=RANGE | {"minutes": 60})
    assert TrailEntry.objects.filter(verb="changed an approach").count() == 1
    with pytest.raises(ValidationError):
        rows.add_approach(by=noor, told=PRESS)
    browser = signed_in(noor)
    browser.post(f"/answer/approach/{kept[1].pk}/", PRESS | {"tone": "kort", "intent": ""})
    assert Approach.objects.get(pk=kept[1].pk).tone == "kort"
    browser.post(f"/answer/approach/{kept[1].pk}/end/")
    assert "Vraag van de pers" not in browser.get("/answer/approach/").content.decode()
    rows.add_approach(by=noor, told=PRESS)


def test_a_case_goes_by_the_approach_most_of_whose_words_are_in_it(kept, a_case):
    winter, press, theft = kept
    case = a_case(intent="question")
    assert approach_for(case, "Haalt de accu in de winter het bereik van een krant?") == winter
    assert approach_for(case, "Mag ik een interview?") == press
    assert approach_for(case, "Mijn fiets is gestolen") is None, "that one is for complaints"
    assert approach_for(a_case(intent="complaint"), "Mijn fiets is gestolen") == theft
    assert approach_for(a_case(language="en"), "what happened to my range") == winter
    assert approach_for(case, "Mooie kleur!") is None and approach_for(case) is None
    assert not CaseApproach.objects.exists(), "looking writes nothing down"


def test_words_place_a_case_and_what_a_person_chose_stays(kept, a_case, daan, bram, signed_in):
    winter, press, _theft = kept
    case = a_case()
    assert rows.place_by_words(case=case, text="Mijn accu") == winter
    assert approach_for(case) == winter
    browser = signed_in(daan)
    browser.post(f"/answer/cases/{case.pk}/approach/", {"approach": press.pk})
    assert rows.place_by_words(case=case, text="Mijn accu") == press
    assert CaseApproach.objects.get().by == daan
    assert signed_in(bram).get(f"/answer/cases/{case.pk}/approach/").status_code == 404
    browser.post(f"/answer/cases/{case.pk}/approach/", {"approach": ""})
    assert approach_for(case) is None


# ------------------------------------------------------------------------------- our time and theirs
MINUTES = st.integers(0, 600)


# A machine that is busy with other tests makes examples slowly.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(MINUTES, MINUTES), max_size=8), MINUTES, MINUTES)
def test_covered_is_the_minutes_that_lie_in_any_span(spans, since, until):
    def at(minute):
        return NOW + timedelta(minutes=minute)

    inside = {
        minute for begin, end in spans for minute in range(begin, end) if since <= minute < until
    }
    found = covered([(at(begin), at(end)) for begin, end in spans], at(since), at(until))
    assert found == timedelta(minutes=len(inside))


def test_the_time_of_colleagues_counts_once_and_runs_until_they_answer(a_case, daan, tom, ada):
    case = a_case(came=NOW - 48 * HOUR)
    assert colleague_seconds(case) == 0
    first = asking.ask_colleague(
        by=daan, case=case, words="A?", due_on=timezone.localdate(), to=tom
    )
    second = asking.ask_colleague(
        by=daan, case=case, words="B?", due_on=timezone.localdate(), to=ada
    )
    ColleagueQuestion.objects.filter(pk=first.pk).update(
        asked_at=NOW - 10 * HOUR, ended_at=NOW - 6 * HOUR
    )
    ColleagueQuestion.objects.filter(pk=second.pk).update(
        asked_at=NOW - 8 * HOUR, ended_at=NOW - 5 * HOUR
    )
    assert colleague_seconds(case, until=NOW) == 5 * 3_600
    assert colleague_seconds(case, since=NOW - 7 * HOUR, until=NOW - 6 * HOUR) == 3_600
    ColleagueQuestion.objects.filter(pk=second.pk).update(ended_at=None)
    assert colleague_seconds(case, until=NOW) == 10 * 3_600, "who has not answered is waited for"


def test_what_is_measured_counted_by_hand(kept, a_case, daan, tom):
    winter = kept[0]  # within two hours
    waits = [HOUR, HOUR, HOUR, 2 * HOUR, 4 * HOUR]
    cases = [a_case(came=NOW - 24 * HOUR, answered=wait, by=daan) for wait in waits]
    cases += [a_case(came=NOW - HOUR), a_case(came=NOW - 5 * HOUR)]  # has time; too late already
    a_case(came=NOW - HOUR)  # goes by no approach
    old = a_case(came=NOW - timedelta(days=120), answered=HOUR, by=daan)
    for case in [*cases, old]:
        rows.place_case(by=daan, case=case, approach=winter)
    # The slow one waited three of its four hours for a colleague.
    question = asking.ask_colleague(
        by=daan, case=cases[4], words="?", due_on=timezone.localdate(), to=tom
    )
    answering.answer_question(question=question, text="Ja", how="link")
    ColleagueQuestion.objects.update(asked_at=NOW - 23.5 * HOUR, ended_at=NOW - 20.5 * HOUR)
    (found, press, _theft) = figures.measured(kept, NOW)
    assert (found.cases, found.in_time, found.late, found.still_open) == (7, 4, 2, 1)
    assert found.share_words == "too few to say (4 of 6)"
    assert found.first_words == "1 h (n 5)" and max(found.first) == 4 * HOUR
    assert sorted(found.ours)[-1] == 2 * HOUR, "four hours less three"
    assert (found.questions, found.waiting, found.asked) == (1, 0, [3 * HOUR])
    assert found.asked_words == "unknown (n 1)"
    assert (press.cases, press.share_words, press.first_words) == (
        0,
        "no target in minutes",
        "unknown (n 0)",
    )


def test_an_answer_of_a_machine_is_no_first_answer(kept, a_case, daan):
    case = a_case(came=NOW - 3 * HOUR)
    rows.place_case(by=daan, case=case, approach=kept[0])
    message = ours(case, NOW - 2 * HOUR, by=None)
    case.events.filter(message=message)  # written by the house:
    from openroads.webcare.models import CaseEvent

    CaseEvent.objects.filter(message=message).delete()
    CaseEvent.objects.create(
        case=case, cycle=1, type="replied", at=NOW - 2 * HOUR, actor="rule", network="x"
    )
    (found, *_others) = figures.measured(kept, NOW)
    assert (found.first, found.late) == ([], 1)


def test_the_table_asks_as_much_for_many_as_for_one(
    kept, a_case, daan, django_assert_max_num_queries
):
    for _number in range(6):
        rows.place_case(by=daan, case=a_case(came=NOW - HOUR), approach=kept[0])
    with django_assert_max_num_queries(4):
        figures.measured(kept, NOW)


@pytest.mark.slow
def test_a_new_case_is_placed_by_what_was_really_said(case, kept):
    import threading

    from openroads.delivery.jobs import Job
    from openroads.delivery.queue import Claimed
    from openroads.webcare.approach.schedule import place_cases_job

    class Alive(Job):
        def beat(self) -> bool:
            return True

    place_cases_job(
        Alive(Claimed("", "webcare.place_cases", 1, None, timezone.now()), threading.Event())
    )
    assert approach_for(case) == kept[0]
