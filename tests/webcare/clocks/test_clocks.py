"""Clocks of cases: what was promised when the wait began, by the hours that held, and who is told when it passed."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from openroads.analysis.worktime import WorkCalendar as Worked
from openroads.delivery.models import Notice
from openroads.directory.models import AppendOnly, Team, TrailEntry
from openroads.webcare.clocks import actions, pages, queries
from openroads.webcare.clocks.due import due_of
from openroads.webcare.clocks.forms import length_said, minutes_of
from openroads.webcare.clocks.models import (
    CaseClock,
    TargetPolicy,
    TargetPolicyVersion,
    WorkCalendar,
    WorkCalendarVersion,
)
from openroads.webcare.clocks.showing import clock_of
from openroads.webcare.clocks.words import length_words
from openroads.webcare.models import Case
from tests.webcare.logs import FRIDAY_AT_HALF_PAST_FOUR, MONDAY, a_case, after

NINE_TO_FIVE = [[(540, 1020)]] * 5 + [[], []]
LONG_AGO = MONDAY - timedelta(days=300)


def hours_of(by: Any, name: str = "Office", week: Any = NINE_TO_FIVE, **more: Any) -> WorkCalendar:
    """Opening hours that have held for long."""
    told = {"zone": "Europe/Amsterdam", "holidays": {}, **more}
    version = actions.set_calendar(by=by, name=name, week=week, **told)
    WorkCalendarVersion.objects.filter(pk=version.pk).update(holds_from=LONG_AGO)
    return version.calendar


def promise(
    by: Any, name: str = "Usual", *, at: datetime = LONG_AGO, **told: Any
) -> TargetPolicyVersion:
    """A promise that holds since a moment."""
    version = actions.set_policy(by=by, name=name, **told)
    TargetPolicyVersion.objects.filter(pk=version.pk).update(holds_from=at)
    return TargetPolicyVersion.objects.get(pk=version.pk)


# ---------------------------------------------------------------------------------------- due
def test_friday_half_past_four_with_two_hours_is_due_on_monday_at_half_past_ten(noor: Any) -> None:
    promise(noor, first_minutes=120, calendar=hours_of(noor))
    case = a_case((0, "came_in", "they"), since=FRIDAY_AT_HALF_PAST_FOUR)
    actions.set_due(case, now=after(1, FRIDAY_AT_HALF_PAST_FOUR))
    case.refresh_from_db()
    assert timezone.localtime(case.due_at).strftime("%A %H:%M") == "Monday 10:30"
    assert case.due_for == "first"


def test_without_a_promise_there_is_no_clock(noor: Any) -> None:
    case = a_case((0, "came_in", "they"))
    assert due_of(case, after(5)) is None
    promise(noor, resolution_minutes=60, matches={"network": ["x"]})
    actions.set_due(case, now=after(5))
    assert case.due_at is None and clock_of(case, after(5)).words == "no clock"


def test_the_clock_of_the_first_reply_gives_way_to_that_of_the_next(noor: Any) -> None:
    promise(noor, first_minutes=60, next_minutes=30)
    case = a_case((0, "came_in", "they"), (10, "came_in", "they"))
    assert due_of(case, after(12)).at == after(60)  # several in a row wait from the first
    a_case((20, "replied", "we"), (20, "waits", "we"), of=case)
    assert due_of(case, after(21)) is None  # we wait for them
    a_case((100, "came_in", "they"), of=case)
    due = due_of(case, after(101))
    assert (due.kind, due.at, due.since) == ("next", after(130), after(100))
    a_case((110, "thanks", "we"), of=case)
    assert due_of(case, after(111)) is None


def test_solving_stands_still_while_we_wait_for_them_and_what_is_due_first_is_shown(
    noor: Any,
) -> None:
    promise(noor, next_minutes=600, resolution_minutes=120)
    case = a_case(
        (0, "opened", "house"), (0, "came_in", "they"), (20, "replied", "we"), (20, "waits", "we")
    )
    assert due_of(case, after(50)) is None
    a_case((320, "came_in", "they"), of=case)
    due = due_of(case, after(321))
    assert (due.kind, due.at) == ("resolution", after(120 + 300))


def test_the_first_in_order_that_promises_it_counts(noor: Any) -> None:
    team = Team.objects.create(name="PR desk")
    promise(noor, "Everybody", place=20, first_minutes=480, next_minutes=240)
    promise(noor, "Press", place=5, first_minutes=30, matches={"team": [team.pk]})
    promise(
        noor, "Urgent", place=10, first_minutes=60, matches={"priority": [1], "kind": ["public"]}
    )
    usual, urgent = a_case((0, "came_in", "they")), a_case((0, "came_in", "they"), priority=1)
    press = a_case((0, "came_in", "they"), priority=1, team=team)
    assert [due_of(case, after(1)).at for case in (usual, urgent, press)] == [
        after(480),
        after(60),
        after(30),
    ]
    # What "Press" does not promise, the next that fits does.
    a_case((5, "replied", "we"), (6, "came_in", "they"), of=press)
    assert due_of(press, after(7)).at == after(246)


def test_a_wait_keeps_what_was_promised_when_it_began(noor: Any) -> None:
    first = promise(noor, first_minutes=60)
    case = a_case((0, "came_in", "they"))
    second = actions.set_policy(
        by=noor, name="Usual", first_minutes=10, policy_to_change=first.policy
    )
    TargetPolicyVersion.objects.filter(pk=second.pk).update(holds_from=after(5))
    assert due_of(case, after(6)).at == after(60)
    late = a_case((6, "came_in", "they"))
    assert due_of(late, after(7)).at == after(16)


def test_who_waited_before_anything_was_promised_gets_the_first_promise(noor: Any) -> None:
    promise(noor, first_minutes=60, at=after(30))
    case = a_case((0, "came_in", "they"))
    assert due_of(case, after(20)) is None
    assert due_of(case, after(31)).at == after(60)


def test_new_hours_count_from_when_they_hold_also_for_a_clock_that_runs(noor: Any) -> None:
    calendar = hours_of(noor)
    promise(noor, first_minutes=8 * 60, calendar=calendar)
    case = a_case((60, "came_in", "they"))  # Monday at ten: due Tuesday at ten
    assert due_of(case, after(61)).at == after(24 * 60 + 60)
    later = actions.set_calendar(
        by=noor, name="Office", calendar=calendar, zone="Europe/Amsterdam", holidays={},
        week=[[(540, 1260)]] * 5 + [[], []],
    )  # fmt: skip
    WorkCalendarVersion.objects.filter(pk=later.pk).update(holds_from=after(61))
    assert due_of(case, after(62)).at == after(60 + 8 * 60)
    assert later.number == 2


def test_an_ended_promise_promises_no_more_but_what_was_promised_stays(noor: Any) -> None:
    version = promise(noor, first_minutes=60)
    case = a_case((0, "came_in", "they"))
    actions.end_policy(by=noor, policy_to_end=version.policy)
    TargetPolicyVersion.objects.filter(ended=True).update(holds_from=after(10))
    assert due_of(case, after(20)).at == after(60)
    assert due_of(a_case((11, "came_in", "they")), after(20)) is None
    assert queries.promises_in_force() == []


def test_closed_cases_have_no_clock_and_a_taken_back_answer_starts_it_again(noor: Any) -> None:
    promise(noor, first_minutes=60)
    case = a_case((0, "came_in", "they"), (10, "replied", "we"), (10, "closed answered", "we"))
    actions.set_due(case, now=after(11))
    assert not CaseClock.objects.exists()
    a_case((10.2, "took_back", "we"), of=case)
    actions.set_due(case, now=after(11))
    assert case.due_at == after(60)


# ----------------------------------------------------------------------------------- in the inbox
@pytest.mark.parametrize(
    ("minutes", "words", "tone", "percent"),
    [(19, "41 min left", "", 32), (47, "13 min left", "", 78), (48, "12 min left", "soon", 80),
     (59.5, "under a minute left", "soon", 99), (78, "18 min late", "late", 100)],
)  # fmt: skip
def test_the_inbox_says_it_in_words_and_the_last_fifth_is_nearly_over(
    noor: Any, minutes: float, words: str, tone: str, percent: int
) -> None:
    promise(noor, first_minutes=60)
    case = a_case((0, "came_in", "they"))
    actions.set_due(case, now=after(0))
    shown = clock_of(case, after(minutes))
    assert (shown.words, shown.tone, shown.percent) == (words, tone, percent)
    assert (shown.promise, shown.due_at) == ("for the first reply", after(60))
    assert shown.definition.endswith("/answer/figures/method/#clocks")


def test_a_clock_counts_working_time_and_says_when_it_is_due(noor: Any) -> None:
    promise(noor, first_minutes=120, calendar=hours_of(noor))
    case = a_case((0, "came_in", "they"), since=FRIDAY_AT_HALF_PAST_FOUR)
    saturday = after(24 * 60, FRIDAY_AT_HALF_PAST_FOUR)
    actions.set_due(case, now=FRIDAY_AT_HALF_PAST_FOUR)
    shown = clock_of(case, saturday)
    assert (shown.words, shown.due, shown.percent) == ("1 h 30 min left", "Monday 10:30", 25)
    with override("nl"):
        assert clock_of(case, saturday).due == "maandag 10:30"


def test_a_list_of_clocks_asks_nothing_more(noor: Any, django_assert_num_queries: Any) -> None:
    promise(noor, first_minutes=60)
    for _n in range(4):
        actions.set_due(a_case((0, "came_in", "they")), now=after(1))
    a_case((0, "came_in", "they"), (1, "thanks", "we"))  # has none
    with django_assert_num_queries(2):
        known = queries.hours_book()
        cases = Case.objects.select_related("clock__promised")
        shown = [clock_of(case, after(30), known) for case in cases]
    assert [one.words for one in shown] == ["30 min left"] * 4 + ["no clock"]


# ------------------------------------------------------------------------------------------ told
def test_who_looks_after_a_case_is_told_once_that_its_time_is_over(noor: Any, daan: Any) -> None:
    promise(noor, first_minutes=60)
    case = a_case((0, "came_in", "they"), assignee=daan)
    actions.set_due(case, now=after(1))
    assert actions.tell_passed(now=after(59)) == 0
    assert actions.tell_passed(now=after(61)) == 1
    assert actions.tell_passed(now=after(62)) == 0
    [notice] = Notice.objects.all()
    assert (notice.to, notice.url) == (daan, f"/answer/cases/{case.pk}/")
    assert "too long for the first reply" in notice.title
    # Something else happens; the same wait is not told of again.
    case.refresh_from_db()
    a_case((70, "noted", "we"), of=case)
    actions.set_due(case, now=after(70))
    assert actions.tell_passed(now=after(71)) == 0


def test_of_a_case_nobody_has_its_team_is_told(noor: Any, daan: Any, bram: Any) -> None:
    desk = Team.objects.get(name="PR desk")
    promise(noor, first_minutes=60)
    actions.set_due(a_case((0, "came_in", "they"), team=desk), now=after(1))
    actions.tell_passed(now=after(61))
    assert set(Notice.objects.values_list("to__name", flat=True)) == {"Daan Kuipers", "Bram Postma"}


def test_the_first_promise_brings_no_flood(noor: Any, daan: Any) -> None:
    """What was late before there was a clock is late in the inbox, and nobody is called for it."""
    cases = [a_case((0, "came_in", "they"), assignee=daan) for _n in range(3)]
    promise(noor, first_minutes=60)
    assert actions.set_all_dues(now=after(600)) == 3
    assert actions.tell_passed(now=after(601)) == 0
    assert {clock_of(case, after(600)).tone for case in cases} == {"late"}


def test_the_watch_is_on_the_timetable() -> None:
    from openroads.config.rooms import SCHEDULES

    jobs = {entry.job for room in SCHEDULES for entry in room}
    assert {"webcare.watch_clocks", "webcare.ask_satisfaction"} <= jobs


def test_new_hours_reach_the_clocks_that_run(noor: Any) -> None:
    from openroads.delivery.runner import work_off

    calendar = hours_of(noor)
    promise(noor, first_minutes=480, calendar=calendar)
    case = a_case((0, "came_in", "they"))
    actions.set_due(case, now=after(1))
    work_off()
    actions.set_calendar(by=noor, name="Office", calendar=calendar, zone="Europe/Amsterdam", holidays={}, week=[[]] * 7, always=True)  # fmt: skip
    WorkCalendarVersion.objects.filter(always=True).update(holds_from=after(60))
    work_off()
    case.refresh_from_db()
    assert case.due_at == after(480)


# ------------------------------------------------------------------------------------ who may what
def test_only_who_leads_sets_hours_and_promises(daan: Any, sanne: Any, ada: Any) -> None:
    for person in (daan, sanne):
        with pytest.raises(PermissionDenied):
            hours_of(person)
        with pytest.raises(PermissionDenied):
            actions.set_policy(by=person, name="x", first_minutes=1)
    calendar = hours_of(ada)
    version = promise(ada, first_minutes=60)
    with pytest.raises(PermissionDenied):
        actions.end_policy(by=daan, policy_to_end=version.policy)
    with pytest.raises(PermissionDenied):
        actions.remove_calendar(by=daan, calendar=calendar)
    verbs = set(TrailEntry.objects.values_list("verb", flat=True))
    assert {"set opening hours", "set service times"} <= verbs


def test_versions_are_never_changed_and_the_same_again_is_none(noor: Any) -> None:
    calendar = hours_of(noor)
    again = actions.set_calendar(by=noor, name="Office", calendar=calendar, zone="Europe/Amsterdam", week=NINE_TO_FIVE, holidays={})  # fmt: skip
    assert again.number == 1
    again.zone = "UTC"
    with pytest.raises(AppendOnly):
        again.save()
    version = promise(noor, first_minutes=60)
    assert actions.set_policy(by=noor, name="Usual", first_minutes=60, policy_to_change=version.policy).number == 1  # fmt: skip


def test_hours_and_promises_that_cannot_be_are_refused(noor: Any) -> None:
    calendar = hours_of(noor)
    for week in ([[]] * 7, [[(600, 540)]] * 7, [[(540, 700), (600, 800)]] * 7):
        with pytest.raises(ValidationError):
            hours_of(noor, "Odd", week=week)
    with pytest.raises(ValidationError, match="already"):
        hours_of(noor, " office ")
    with pytest.raises(ValidationError, match="at least one time"):
        actions.set_policy(by=noor, name="Nothing")
    with pytest.raises(ValidationError):
        actions.set_policy(by=noor, name="Ever", first_minutes=10**9)
    promise(noor, first_minutes=60, calendar=calendar)
    with pytest.raises(ValidationError, match="they stay"):
        actions.remove_calendar(by=noor, calendar=calendar)
    assert not WorkCalendar.objects.filter(name="Odd").exists()
    assert TargetPolicy.objects.count() == 1


# ----------------------------------------------------------------------------------------- pages
def form_of(client: Client, address: str) -> dict[str, Any]:
    """What the form of a page would send as it stands."""
    form = client.get(address).context["form"]
    sent = {}
    for field in form:
        value = field.value()
        if value not in (None, "", False, []):
            sent[field.html_name] = value
    return sent


def test_noor_sets_hours_with_a_lunch_and_christmas_off(noor: Any, signed_in: Any) -> None:
    browser = signed_in(noor)
    page = browser.get("/answer/times/hours/add/")
    suggested = [value for value, _label in page.context["form"].fields["suggested"].choices]
    christmas = next(day for day in suggested if day.endswith("-12-25"))
    sent = form_of(browser, "/answer/times/hours/add/") | {
        "name": "Webcare", "day0_0_from": "09:00", "day0_0_until": "12:30",
        "day0_1_from": "13:00", "day0_1_until": "00:00",
        "other_days": "2030-12-24 09:00-12:00", "suggested": [christmas],
    }  # fmt: skip
    answer = browser.post("/answer/times/hours/add/", sent)
    assert answer.status_code == 302, answer.context["form"].errors
    version = WorkCalendarVersion.objects.get()
    assert version.week[0] == [[540, 750], [780, 1440]]
    assert version.holidays == {christmas: [], "2030-12-24": [[540, 720]]}
    shown = browser.get("/answer/times/").content.decode()
    assert "Monday: 09:00–12:30 and 13:00–24:00" in shown
    assert (
        "A question that comes in on Friday at 16:30 with 2 h is due on Monday at 10:30." in shown
    )
    # What is shown again is what was set.
    again = form_of(browser, f"/answer/times/hours/{version.calendar_id}/")
    browser.post(f"/answer/times/hours/{version.calendar_id}/", again)
    assert WorkCalendarVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"day0_0_until": ""}, "two ends"),
        ({"day0_0_from": "18:00"}, "follow each other"),
        ({"day0_1_from": "16:00", "day0_1_until": "18:00"}, "follow each other"),
        ({"other_days": "Christmas"}, "is no day with hours"),
        ({"other_days": "2026-13-41"}, "is no day with hours"),
        ({"other_days": "2026-12-24 12:00-09:00"}, "is no day with hours"),
        ({"zone": "Mars/Olympus"}, "Mars/Olympus"),
    ],
)
def test_hours_that_cannot_be_say_so_beside_the_field(
    noor: Any, signed_in: Any, change: dict[str, str], told: str
) -> None:
    browser = signed_in(noor)
    sent = form_of(browser, "/answer/times/hours/add/") | {"name": "Webcare"} | change
    answer = browser.post("/answer/times/hours/add/", sent)
    assert answer.status_code == 400 and told in answer.content.decode()
    assert not WorkCalendarVersion.objects.exists()


def test_noor_promises_two_hours_on_working_days(noor: Any, signed_in: Any) -> None:
    calendar = hours_of(noor)
    browser = signed_in(noor)
    sent = {
        "name": "Complaints", "first_minutes": "2 h", "resolution_minutes": "16:00", "place": "5",
        "calendar": calendar.pk, "intent": ["complaint"], "priority": ["1", "0"],
    }  # fmt: skip
    assert browser.post("/answer/times/promises/add/", sent).status_code == 302
    version = TargetPolicyVersion.objects.get()
    assert (version.first_minutes, version.next_minutes, version.resolution_minutes) == (
        120,
        None,
        960,
    )
    assert version.matches == {"intent": ["complaint"], "priority": [1, 0]}
    shown = browser.get("/answer/times/").content.decode()
    assert "complaint; priority first and priority usual" in shown and "nothing promised" in shown
    page = f"/answer/times/promises/{version.policy_id}/"
    assert browser.post(page, form_of(browser, page)).status_code == 302
    assert TargetPolicyVersion.objects.count() == 1
    assert browser.post(page, {**sent, "first_minutes": "soon"}).status_code == 400
    assert browser.post(f"{page}end/").status_code == 302
    assert browser.get("/answer/times/").context["promises"] == []
    assert TargetPolicyVersion.objects.filter(ended=True).count() == 1


def test_pages_of_service_times_are_for_who_leads(daan: Any, signed_in: Any) -> None:
    browser = signed_in(daan)
    for address in ("", "hours/add/", "hours/1/", "promises/add/", "promises/1/"):
        assert browser.get(f"/answer/times/{address}").status_code == 403
    for address in ("hours/1/remove/", "promises/1/end/"):
        assert browser.post(f"/answer/times/{address}").status_code == 403


# ----------------------------------------------------------------------------------------- words
@pytest.mark.parametrize(
    ("said", "minutes"),
    [("45 min", 45), ("2 h", 120), ("1 h 30 min", 90), ("1:30", 90), ("2 uur", 120), ("1,5 uur", 90),
     ("30m", 30), ("2u", 120)],
)  # fmt: skip
def test_lengths_are_read_as_people_write_them(said: str, minutes: int) -> None:
    assert minutes_of(said) == minutes
    assert minutes_of(length_said(minutes)) == minutes


@pytest.mark.parametrize("said", ["", "2", "soon", "1:75", "-3 h", "2 h 2 h"])
def test_what_is_no_length_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="no length"):
        minutes_of(said)


def test_lengths_in_words() -> None:
    said = [length_words(timedelta(minutes=n)) for n in (0.5, 41, 60, 89, 130, 120, 3060)]
    assert said == ["under a minute", "41 min", "1 h", "89 min", "2 h 10 min", "2 h", "51 h"]
    assert length_words(timedelta(hours=100), days=True) == "4 days"


def test_the_example_names_the_day_when_it_is_far() -> None:
    one_day = Worked("Europe/Amsterdam", ((), (), (), (), (), (), ((600, 660),)))
    said = pages.preview(one_day, MONDAY, timedelta(hours=2))
    assert (
        said
        == "A question that comes in on Friday at 16:30 with 2 h is due on Sunday 6 December at 11:00."
    )
    assert pages.preview(Worked("UTC", always=True), MONDAY).endswith("is due on Friday at 18:30.")


def test_holidays_are_proposed_with_their_countries() -> None:
    from openroads.webcare.clocks.holidays import name_of, suggested

    found = {one.on: (one.name, one.countries) for one in suggested(date(2026, 11, 24))}
    assert found[date(2026, 12, 25)] == ("Christmas", ("NL", "BE"))
    assert found[date(2027, 7, 21)] == ("National Day", ("BE",))
    assert found[date(2027, 4, 27)] == ("King’s Day", ("NL",))
    assert date(2026, 11, 11) not in found  # it is past
    assert name_of(date(2026, 11, 11)) == "Armistice Day" and name_of(date(2026, 11, 12)) == ""


# ------------------------------------------------------------------------- beside the real inbox
def test_a_question_that_is_taken_in_has_its_clock_and_an_answer_stops_it(
    practice: Any, lands: Any, noor: Any, daan: Any, signed_in: Any
) -> None:
    from openroads.webcare.actions.moving import set_priority
    from openroads.webcare.actions.replying import send_reply, take_back
    from openroads.webcare.actions.taking_in import take_in

    promise(noor, first_minutes=120)
    promise(noor, "Urgent", place=1, first_minutes=30, matches={"priority": [1]})
    lands("@windmee bij 2 graden haal ik met mijn Kade nog 48 km. Is dat normaal?", native="winter")
    take_in()
    case = Case.objects.get()
    assert (case.due_for, case.due_at) == ("first", case.waiting_since + timedelta(minutes=120))
    page = signed_in(daan).get(f"/answer/cases/{case.pk}/").content.decode()
    assert "for the first reply" in page and "/answer/figures/method/#clocks" in page
    assert "1 h 59 min left" in signed_in(daan).get("/answer/inbox/").content.decode()
    set_priority(by=daan, case=case, priority=1)
    case.refresh_from_db()
    assert case.due_at == case.waiting_since + timedelta(minutes=30)
    message = send_reply(by=daan, case=case, text="Dat hoort zo.", key="k", seen=99)
    case.refresh_from_db()
    assert case.due_at is None and not CaseClock.objects.exists()
    take_back(by=daan, message=message)
    case.refresh_from_db()
    assert case.due_at == case.waiting_since + timedelta(minutes=30)


def test_each_field_of_hours_and_promises_stands_by_itself(noor: Any, client: Client) -> None:
    """Two fields in one place would lie over each other: the page lays out a field, not a heap."""
    client.force_login(noor)
    for address, least in (("hours", 4), ("promises", 6)):
        page = client.get(f"/answer/times/{address}/add/").content.decode()
        places = re.findall(r'<div class="narrow">(.*?)</div>', page, re.DOTALL)
        assert len(places) >= least
        assert [place.count("<label") for place in places] == [1] * len(places)
