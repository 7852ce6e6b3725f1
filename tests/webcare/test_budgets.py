"""How many questions the inbox asks its database, and how they are answered: by what is open, not by all
that ever was."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from openroads.webcare import contacts, queries
from openroads.webcare.clocks import actions as clocks
from openroads.webcare.models import Case, Contact, Identity, Message
from tests.conftest import on_the_payroll

pytestmark = pytest.mark.django_db

BUDGETS = {
    "?queue=todo": 11,  # session, who asks, roles, cases, counts, teams, products, hours, company, insights, notices
    "?queue=mine": 11,
    "?queue=waiting": 10,
    "?queue=snoozed": 10,
    "?queue=approve": 11,
    "?queue=all": 11,
    "?queue=closed": 10,
    "?queue=team-{team}": 11,
    "?queue=todo&after={case}": 12,  # where the last page ended
    "?queue=closed&after={closed}": 11,
    "?q=%23{case}": 11,
    "?q=winter": 11,
}
"""Questions of one page of the inbox, the session and the whole shell of the page included. The road takes its
number of cases to do from the page."""
ONE_CASE = 22
"""The same and the case itself: messages, history, past cases, insights, who is there, channels, draft, survey,
and the successes and spotlights it became."""
THERE = 6
"""What an open case asks every fifteen seconds."""
ROLES = ("administrator", "conversation_manager", "listener", "webcare_agent", "decision_maker")

More = Callable[[int], None]


@pytest.fixture
def merlijn(windmee: Any) -> Any:
    """Somebody of a small company, who does everything."""
    return on_the_payroll("Merlijn Vos", "merlijn@windmee.example", *ROLES)


@pytest.fixture
def more(windmee: Any, merlijn: Any) -> More:
    """So many more cases of every kind, with clocks, products, teams and two messages each."""
    from openroads.directory.company import Product
    from openroads.directory.models import Team

    product = Product.objects.get()
    teams = [Team.objects.create(name=f"Desk {n}") for n in range(3)]
    clocks.set_policy(by=merlijn, name="Usual", first_minutes=60, next_minutes=60)

    def add(n: int) -> None:
        now, known = timezone.now(), Case.objects.count()
        for place in range(known, known + n):
            identity = Identity.objects.create(
                contact=Contact.objects.create(), network="x", author=1_000 + place
            )
            state = ("todo", "todo", "waiting", "snoozed", "closed", "closed")[place % 6]
            came = now - timedelta(minutes=30 + place)
            closed = now - timedelta(minutes=place) if state == "closed" else None
            case = Case.objects.create(
                identity=identity, network="x", source=1, thread=f"t{place}", state=state,
                product=product.pk, team=teams[place % 3], assignee=merlijn if place % 2 else None,
                opened_at=came, waiting_since=came if state == "todo" else None, closed_at=closed,
                snoozed_until=now + timedelta(days=1) if state == "snoozed" else None,
                due_at=came + timedelta(hours=1) if state == "todo" else None,
            )  # fmt: skip
            asked = Message.Approval.ASKED if state == "todo" else ""
            for seq in (1, 2):
                Message.objects.create(
                    case=case, seq=seq, kind="ours", text="Hoi, in de winter minder.", by=merlijn,
                    said_at=came, approval=asked,
                )  # fmt: skip
            if state == "todo":
                _clock(case)

    return add


def _clock(case: Case) -> None:
    from openroads.webcare.clocks.models import CaseClock, TargetPolicyVersion

    CaseClock.objects.create(
        case=case, cycle=1, kind="first", since=case.opened_at, due_at=case.due_at,
        promised=TargetPolicyVersion.objects.get(), told_at=timezone.now(),
    )  # fmt: skip


def questions(browser: Client, method: str, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        answer = browser.post(address) if method == "POST" else browser.get(address)
        assert answer.status_code == 200, address
    return len(asked)


def asked_by(browser: Client) -> dict[str, int]:
    """What every page asks: the deepest case there is to begin behind, and the first to look for."""
    todo = Case.objects.filter(state="todo").order_by("pk")
    closed = Case.objects.filter(state="closed").order_by("pk")[0]
    first = todo[0]
    told = {"team": first.team_id, "case": first.pk, "closed": closed.pk}
    found = {
        name: questions(browser, "GET", "/answer/inbox/" + name.format(**told)) for name in BUDGETS
    }
    return found | {
        "case": questions(browser, "GET", f"/answer/cases/{first.pk}/"),
        "there": questions(browser, "POST", f"/answer/cases/{first.pk}/there/"),
    }


def test_the_inbox_keeps_its_budget_however_many_cases_there_are(
    more: More, merlijn: Any, signed_in: Any
) -> None:
    browser = signed_in(merlijn)
    most = BUDGETS | {"case": ONE_CASE, "there": THERE}
    assert max(BUDGETS.values()) <= 12
    counted = []
    for n in (36, 300):
        more(n)
        asked_by(browser)
        counted.append(asked_by(browser))
    few, many = counted
    over = {name: (few[name], many[name]) for name in most if many[name] > most[name]}
    assert over == {}
    assert many == few


def test_who_answers_for_one_team_asks_no_more(more: More, signed_in: Any) -> None:
    more(120)
    team = Case.objects.filter(state="todo").order_by("pk")[0].team
    one = on_the_payroll("Bram Postma", "b@windmee.example", "webcare_agent", team=team)
    browser = signed_in(one)
    asked_by(browser)
    found = asked_by(browser)
    assert {name: found[name] for name in BUDGETS if found[name] > BUDGETS[name]} == {}


def test_a_queue_is_counted_as_far_as_it_is_told(more: More, merlijn: Any, signed_in: Any) -> None:
    more(330)  # 110 to do and 110 closed, 55 that wait for them and 55 snoozed
    page = signed_in(merlijn).get("/answer/inbox/")
    queue = page.context["queue"]
    counts = {tab["name"]: tab["count"] for tab in [*queue["tabs"], *queue["others"]]}
    assert counts["todo"] == counts["all"] == counts["closed"] == counts["approve"] == "99+"
    assert (counts["waiting"], counts["snoozed"]) == ("55", "55")
    standing = queries.standing_for(merlijn, timezone.now() + timedelta(days=1))
    assert standing.late == queries.MOST_COUNTED
    oldest = Case.objects.filter(state="todo").order_by("waiting_since")[0]
    assert standing.oldest == oldest.waiting_since


def test_the_road_takes_the_number_of_the_page_once(more: More, merlijn: Any) -> None:
    more(12)
    standing = queries.standing_for(merlijn, timezone.now())
    with CaptureQueriesContext(connection) as asked:
        assert queries.waiting_for(merlijn) == standing.counts["todo"] == 4
    assert len(asked) == 0
    Case.objects.filter(state="todo").update(state="waiting")
    assert queries.waiting_for(merlijn) == 0


def test_words_of_ours_are_looked_for_in_the_newest_and_the_page_says_so(
    more: More, merlijn: Any, signed_in: Any
) -> None:
    more(12)
    last = Message.objects.order_by("-pk")[0]
    found = queries.cases_said_in(merlijn, [], "WINTER", newest=1)
    assert [case.pk for case in found] == [last.case_id]
    assert queries.cases_said_in(merlijn, [], "winter").count() == 12
    page = signed_in(merlijn).get("/answer/inbox/?q=winter").content.decode()
    assert "your last 20,000 answers and notes" in page


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by how much there is")
def test_no_queue_walks_what_is_closed_and_none_is_sorted(more: More, merlijn: Any) -> None:
    more(60)
    for queue in queries.queues_of(merlijn):
        cases = queries.cases_for(merlijn).filter(queue.found)
        after = cases.order_by("pk")[0].pk
        with CaptureQueriesContext(connection) as asked:
            queries.page_of(cases, queue.name, after)
        plan = _explained(asked.captured_queries[-1]["sql"])
        assert "SCAN webcare_case" not in plan.replace("SCAN webcare_case USING INDEX", ""), plan
        if queue.name not in ("mine", "approve"):  # these are few, and put in order
            assert "TEMP B-TREE" not in plan, plan
            assert "cases_closed" in plan if queue.name == "closed" else "_in_order" in plan, plan
    with CaptureQueriesContext(connection) as asked:
        queries.standing_for(merlijn, timezone.now())
        queries.teams_with_cases(merlijn)
        queries.waiting_for(merlijn)
        queries.waiting_for(merlijn)
    for each in asked.captured_queries:
        plan = _explained(each["sql"])
        bare = [line for line in plan.splitlines() if "SCAN U0" in line and "INDEX" not in line]
        assert bare == [], plan


def _explained(text: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {text}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_a_contact_of_another_team_stays_out_of_sight(more: More, signed_in: Any) -> None:
    more(6)
    mine, other = Case.objects.order_by("pk")[:2]
    one = on_the_payroll("Bram Postma", "b@windmee.example", "webcare_agent", team=mine.team)
    seen = set(contacts.contacts_for(one).values_list("pk", flat=True))
    assert mine.identity.contact_id in seen
    assert other.identity.contact_id not in seen
