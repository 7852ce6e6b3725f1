"""Figures agree with a hand that reads the log, show what they leave out, and are seen by whom they may be."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from openroads.analysis import cycles
from openroads.directory.models import Team
from openroads.webcare.actions.moving import merge_cases, split_case
from openroads.webcare.clocks import actions as clocks
from openroads.webcare.clocks.models import TargetPolicyVersion, WorkCalendarVersion
from openroads.webcare.figures import pages, queries
from openroads.webcare.figures.gathering import Asked
from openroads.webcare.happening import Actor, Type, happened
from openroads.webcare.models import CaseEvent, Identity, Message
from openroads.webcare.settling import add_message
from tests.webcare.logs import MONDAY, a_case, after

WEEK = Asked(date(2026, 11, 23), date(2026, 11, 30))


def read(person: Any, asked: Asked = WEEK) -> queries.Reading:
    """What somebody sees of the week of the Monday."""
    return queries.reading(person, asked)


@pytest.fixture
def a_week(noor: Any) -> None:
    """Five people wrote: three were answered (10, 30 and 50 minutes), one waits, one was spam; and we wrote
    first to one more."""
    for minutes in (10, 30, 50):
        a_case(
            (0, "opened", "house"), (0, "came_in", "they"), (1, "replied", "rule"), (minutes, "replied", "we"),
            (minutes, "closed answered", "we"),
        )  # fmt: skip
    a_case((0, "opened", "house"), (0, "came_in", "they"), network="x")
    a_case((0, "came_in", "they"), (5, "closed spam", "we"))
    a_case((0, "opened", "we"), (0, "replied", "we"))


def test_the_first_reply_of_a_week_by_hand(noor: Any, a_week: None) -> None:
    first = read(noor).figures[cycles.FIRST]
    assert (first.n, first.wall.median, first.wall.p90) == (3, 1800, 2760)
    assert (first.still_open, first.excluded) == (1, {"spam": 1, "we_wrote_first": 1})
    assert first.within.n == 0  # nothing was promised


def test_a_time_that_nobody_had_yet_says_so_and_is_not_called_unknown(noor: Any, a_week: None) -> None:  # fmt: skip
    seen = read(noor).figures[cycles.NEXT]
    with override("en"):
        told = pages.tile(seen)
    assert seen.n == 0
    assert (told.median, told.ninth, told.within) == ("none yet", "", "")
    assert told.wall == "Nobody in this choice has come to it yet."


def test_contact_moments_by_network_and_who_waits(noor: Any, a_week: None) -> None:
    seen = read(noor)
    told = {one.network: (one.came, one.answered, one.by_rule, one.cases) for one in seen.moments}
    assert told == {"bluesky": (4, 7, 3, 5), "x": (1, 0, 0, 1)}
    assert seen.waiting == [MONDAY]


def test_both_clocks_and_the_share_within_what_was_promised(noor: Any) -> None:
    version = clocks.set_calendar(
        by=noor,
        name="Office",
        zone="Europe/Amsterdam",
        week=[[(540, 1020)]] * 5 + [[], []],
        holidays={},
    )
    WorkCalendarVersion.objects.update(holds_from=after(-10_000))
    clocks.set_policy(by=noor, name="Usual", first_minutes=60, calendar=version.calendar)
    TargetPolicyVersion.objects.update(holds_from=after(-10_000))
    # At 16:30, answered at 9:15 the next day: 45 minutes of work; and one that took two hours.
    a_case((450, "came_in", "they"), (1455, "replied", "we"))
    a_case((0, "came_in", "they"), (120, "replied", "we"))
    first = read(noor).figures[cycles.FIRST]
    assert (first.working.median, first.wall.median) == ((45 + 120) * 30, (1005 + 120) * 30)
    assert (first.within.hits, first.within.n, first.within.value) == (1, 2, 0.5)


def test_the_team_is_the_one_it_was_then(noor: Any, bram: Any, daan: Any) -> None:
    desk = Team.objects.get(name="PR desk")
    case = a_case((0, "came_in", "they"), (10, "replied", "we"), team=desk)
    case.team = None
    case.save()
    a_case((60, "came_in", "they"), (100, "replied", "we"), of=case)
    assert read(bram).figures[cycles.FIRST].n == 1
    assert read(bram).figures[cycles.NEXT].n == 0
    assert read(daan).figures[cycles.NEXT].n == 1
    assert read(noor, Asked(WEEK.since, WEEK.until, team=desk.pk)).figures[cycles.FIRST].n == 1


def test_who_answers_for_one_team_sees_that_one_only(bram: Any, a_week: None) -> None:
    """A filter in the address opens no other team."""
    other = Team.objects.create(name="Webcare")
    a_case((0, "came_in", "they"), (10, "replied", "we"), team=other)
    for team in (None, other.pk):
        seen = read(bram, Asked(WEEK.since, WEEK.until, team=team))
        assert (seen.figures[cycles.FIRST].n, list(seen.moments), seen.waiting) == (0, [], [])
    assert [one.name for one in queries.teams_for(bram)] == ["PR desk"]


def test_a_time_counts_in_the_week_it_ended_and_what_waited_before_is_still_there(
    noor: Any,
) -> None:
    a_case((-3 * 24 * 60, "came_in", "they"), (10, "replied", "we"))
    a_case((-60 * 24 * 60, "came_in", "they"))  # two months ago, and nobody ever answered
    seen = read(noor)
    assert seen.figures[cycles.FIRST].wall.median == (3 * 24 * 60 + 10) * 60
    assert len(seen.waiting) == 1
    before = read(noor, Asked(date(2026, 11, 16), date(2026, 11, 23)))
    assert (before.figures[cycles.FIRST].n, before.figures[cycles.FIRST].still_open) == (0, 2)


def test_answers_taken_back_are_no_contact_moment(noor: Any) -> None:
    a_case((0, "came_in", "they"), (10, "replied", "we"), (10.1, "took_back", "we"))
    [moments] = read(noor).moments
    assert (moments.came, moments.answered) == (1, 0)


def said(case: Any, kind: str, minutes: float, actor: str, type: str) -> Message:
    """A message with the line of the log that belongs to it."""
    message = add_message(case, kind=kind, said_at=after(minutes), received_at=after(minutes))
    happened(case, type, actor=actor, at=after(minutes), message=message)
    return message


def test_a_case_that_became_part_of_another_brings_its_words_along(noor: Any, daan: Any) -> None:
    one, other = a_case((0, "opened", "house")), a_case((5, "opened", "house"))
    said(one, "theirs", 0, Actor.CUSTOMER, Type.CAME_IN)
    said(other, "theirs", 5, Actor.CUSTOMER, Type.CAME_IN)
    Identity.objects.filter(pk=other.identity_id).update(contact=one.identity.contact_id)
    other.refresh_from_db()
    merge_cases(by=daan, case=other, into=one)
    one.refresh_from_db()
    said(one, "ours", 20, Actor.HUMAN, Type.REPLIED)
    asked = Asked(WEEK.since, timezone.localdate() + timedelta(days=1))
    first = read(noor, asked).figures[cycles.FIRST]
    assert (first.n, first.wall.median, first.excluded) == (1, 20 * 60, {"merged": 1})
    [moments] = read(noor, asked).moments
    assert (moments.came, moments.answered, moments.cases) == (2, 1, 1)


def test_what_was_split_off_is_counted_once_and_waits_by_itself(noor: Any, daan: Any) -> None:
    case = a_case((0, "opened", "house"))
    said(case, "theirs", 0, Actor.CUSTOMER, Type.CAME_IN)
    later = said(case, "theirs", 30, Actor.CUSTOMER, Type.CAME_IN)
    apart = split_case(by=daan, case=case, messages=[later])
    said(apart, "ours", 50, Actor.HUMAN, Type.REPLIED)
    asked = Asked(WEEK.since, timezone.localdate() + timedelta(days=1))
    seen = read(noor, asked)
    assert (seen.figures[cycles.FIRST].n, seen.figures[cycles.FIRST].wall.median) == (1, 20 * 60)
    assert (seen.figures[cycles.FIRST].still_open, seen.moments[0].came) == (1, 2)


def test_scores_are_told_from_thirty_on_with_how_many_answered(noor: Any) -> None:
    def scored(n: int, score: int | None) -> None:
        for _n in range(n):
            case = a_case(
                (0, "came_in", "they"), (5, "replied", "we"), (5, "closed answered", "we")
            )
            happened(case, Type.SURVEYED, actor=Actor.HOUSE, at=after(60), cycle=1)
            if score is not None:
                happened(case, Type.SCORED, actor=Actor.CUSTOMER, at=after(70), score=1, cycle=1)
                happened(
                    case, Type.SCORED, actor=Actor.CUSTOMER, at=after(71), score=score, cycle=1
                )

    scored(20, 5)
    scored(9, 2)
    scored(11, None)
    few = pages.figures_page(read(noor), timezone.now()).score
    assert (few.value, few.of) == ("too few to say", "29 scores of 40 people asked: 72% answered")
    scored(1, 4)
    enough = read(noor).satisfaction
    assert (enough.good.hits, enough.good.n, enough.response.n) == (21, 30, 41)
    assert pages.figures_page(read(noor), timezone.now()).score.interval == "52 to 83"
    assert enough.counts == {5: 20, 2: 9, 4: 1}


# ----------------------------------------------------------------------------------------- pages
PERIOD = "since=2026-11-23&until=2026-11-29"


def test_the_page_says_it_in_a_sentence_and_shows_what_it_leaves_out(
    noor: Any, a_week: None, signed_in: Any
) -> None:
    page = signed_in(noor).get(f"/answer/figures/?{PERIOD}").content.decode()
    assert "Half of the people who wrote had a first reply within 30 min" in page
    assert "n = 3; 1 wait still" in page and "2 left out" in page and "1: spam" in page
    assert "nothing was promised for these" in page and "too few to say" in page
    assert "Nobody was asked how we did." in page
    assert 'href="/answer/figures/method/#first"' in page


def test_a_filter_is_in_the_address_and_nonsense_is_passed_over(
    noor: Any, a_week: None, signed_in: Any
) -> None:
    browser = signed_in(noor)
    only_x = browser.get(f"/answer/figures/?{PERIOD}&network=x").content.decode()
    assert "Nobody was answered in this time; 1 person waits" in only_x
    private = browser.get(f"/answer/figures/?{PERIOD}&kind=private").content.decode()
    assert "Nobody wrote to us in this time" in private
    odd = browser.get("/answer/figures/?since=9999-99-99&until=x&team=nobody&network=%00&kind=odd")
    assert odd.status_code == 200


def test_weeks_leave_as_a_sheet_in_minutes(noor: Any, a_week: None, signed_in: Any) -> None:
    answer = signed_in(noor).get(f"/answer/figures/weeks.csv?{PERIOD}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    head, row = list(csv.reader(io.StringIO(text)))
    assert head[:2] == ["week of", "First reply: n"]
    assert row[:4] == ["2026-11-23", "3", "30.0", "46.0"] and row[-2:] == ["5", "7"]


def test_weeks_in_which_nothing_happened_are_unknown_and_not_zero(noor: Any, a_week: None) -> None:
    seen = read(noor, Asked(date(2026, 11, 2), date(2026, 11, 30)))
    assert [len(one.times) for one in seen.weeks] == [0, 0, 0, 2]
    rows = pages.figures_page(seen, timezone.now()).weeks
    assert [(row.first, row.n) for row in rows] == [("", 0)] * 3 + [("30 min", 3)]


def test_a_line_is_drawn_from_two_weeks_on(noor: Any, a_week: None) -> None:
    a_case((-7 * 24 * 60, "came_in", "they"), (-7 * 24 * 60 + 90, "replied", "we"))
    page = pages.figures_page(
        read(noor, Asked(date(2026, 11, 16), date(2026, 11, 30))), timezone.now()
    )
    assert page.chart.startswith("<svg") and page.chart_title in page.chart
    assert page.chart_title == "The middle first reply lay between 30 min and 1 h 30 min a week"


def test_dutch_says_it_in_dutch(noor: Any, a_week: None) -> None:
    with override("nl"):
        page = pages.figures_page(read(noor), timezone.now())
        assert "eerste antwoord" in page.finding


def test_figures_follow_the_log_at_once(noor: Any, a_week: None) -> None:
    assert read(noor).figures[cycles.FIRST].n == 3
    a_case((0, "came_in", "they"), (3, "replied", "we"))
    assert read(noor).figures[cycles.FIRST].n == 4


def test_a_thousand_cases_ask_as_few_questions_as_one(
    noor: Any, signed_in: Any, a_week: None
) -> None:
    browser = signed_in(noor)

    def asked() -> int:
        caches["default"].clear()
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(f"/answer/figures/?{PERIOD}").status_code == 200
        # A cache that is shared is a table too, where the house stands on PostgreSQL; it is no question of the page.
        told = [one["sql"] for one in seen.captured_queries]
        return sum("openroads_cache" not in sql and "SAVEPOINT" not in sql for sql in told)

    few = asked()
    pattern = a_case((0, "came_in", "they"), (9, "replied", "we"))
    CaseEvent.objects.bulk_create(
        CaseEvent(
            case=pattern, cycle=n, type=type, at=after(n + minutes), actor=actor, network="bluesky"
        )
        for n in range(2, 502)
        for type, minutes, actor in (("came_in", 0, "customer"), ("replied", 1, "human"))
    )  # fmt: skip
    assert asked() <= few <= 16


def test_who_answers_leads_or_decides_sees_figures_and_nobody_else(
    cast: Any, signed_in: Any
) -> None:
    allowed = {"noor", "daan", "bram", "sanne", "tom", "omar", "ada"}
    for name, person in cast.items():
        for address in ("", "method/", "weeks.csv"):
            status = signed_in(person).get(f"/answer/figures/{address}").status_code
            assert status == (200 if name in allowed else 403), (name, address)


def test_no_page_of_figures_names_a_colleague(noor: Any, daan: Any, signed_in: Any) -> None:
    case = a_case((0, "came_in", "they"), assignee=daan)
    happened(case, Type.REPLIED, by=daan, at=after(10))
    page = signed_in(noor).get(f"/answer/figures/?{PERIOD}").content.decode()
    assert "10 min" in page and "Daan" not in page
