"""What programs read with a key: pages that hold, what narrows them, words only with sight, and every refusal."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from openroads.analysis.pseudonyms import pseudonym
from openroads.api.asking import WrongQuestion, asked, cursor_of
from openroads.delivery.keys.actions import MOST_A_MINUTE, end_key, make_key, seconds_to_wait
from openroads.delivery.keys.models import ApiKey
from openroads.directory.models import Team
from openroads.webcare.actions.noting import add_note
from openroads.webcare.models import Case
from tests.changes.changing import begun, live
from tests.changes.conftest import product
from tests.changes.test_insights import opened
from tests.webcare.conftest import a_case, case, lands, practice, windmee

__all__ = ["a_case", "case", "lands", "practice", "product", "windmee"]

pytestmark = pytest.mark.django_db
Reads = Callable[..., Any]
PROBLEM = "application/problem+json"


@pytest.fixture
def reads(ada: Any) -> Reads:
    """A program with a key: `reads(daan, names=True)("/api/v1/cases")`."""

    def keyed(person: Any, *kinds: str, names: bool = False) -> Any:
        _key, token = make_key(by=ada, name="P", person=person, reads=kinds or ApiKey.Reads.values, names=names)  # fmt: skip
        client = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {token}"})
        return client.get

    return keyed


def items(answer: Any) -> list[Any]:
    assert answer.status_code == 200, answer.content
    return list(answer.json()["items"])


def walked(get: Any, address: str) -> Iterator[list[Any]]:
    """Every page from an address on."""
    following: str | None = address
    while following:
        answer = get(following.removeprefix("http://127.0.0.1:8000"))
        yield items(answer)
        following = answer.json()["next"]


def test_a_case_is_told_with_what_was_said_only_to_who_has_sight(
    case: Case, daan: Any, reads: Reads
) -> None:
    add_note(by=daan, case=case, text="Accu nameten bij Marloes")
    plain, sighted = reads(daan), reads(daan, names=True)
    told = plain(f"/api/v1/cases/{case.pk}").json()
    assert told["contact"]["name"] == pseudonym(case.identity.author) and told["contact"]["handle"] is None  # fmt: skip
    assert [(one["kind"], one["text"], one["by"]) for one in told["messages"]] == [
        ("theirs", None, None), ("note", None, "Daan Kuipers"),
    ]  # fmt: skip
    assert "arloes" not in json.dumps(told)
    seen = sighted(f"/api/v1/cases/{case.pk}").json()
    assert (seen["contact"]["name"], seen["contact"]["handle"]) == ("Marloes de Groot", "marloes")
    assert "48 km" in seen["messages"][0]["text"] and "nameten" in seen["messages"][1]["text"]
    assert {name: told[name] for name in told if name not in ("contact", "messages")} == {
        name: seen[name] for name in seen if name not in ("contact", "messages")
    }
    assert told["url"].endswith(f"/answer/cases/{case.pk}/") and told["says"] == "question"
    assert told["opened_at"].endswith("Z") and told["product"] == "Kade"
    assert items(plain("/api/v1/cases"))[0] == {name: told[name] for name in told if name != "messages"}  # fmt: skip
    assert items(sighted("/api/v1/cases"))[0]["contact"] == seen["contact"]


def test_what_is_taken_from_the_archive_is_gone_here_at_the_same_moment(
    case: Case, daan: Any, reads: Reads, lands: Any
) -> None:
    lands("", native="winter", op="delete")
    seen = reads(daan, names=True)(f"/api/v1/cases/{case.pk}").json()
    assert seen["messages"][0]["text"] is None
    assert seen["contact"]["name"] == "Somebody whose posts are gone"


def test_pages_hold_while_cases_come_and_go(a_case: Any, daan: Any, reads: Reads) -> None:
    made = [a_case() for _n in range(7)]
    get = reads(daan)
    pages = walked(get, "/api/v1/cases?limit=3")
    first = next(pages)
    late = a_case()
    made[0].delete()
    rest = [one["number"] for page in pages for one in page]
    numbers = [one["number"] for one in first] + rest
    assert numbers == [one.pk for one in reversed(made[1:])] and late.pk not in numbers


def test_a_list_is_narrowed(a_case: Any, daan: Any, reads: Reads) -> None:
    desk = Team.objects.create(name="PR desk")
    ago = timezone.now() - timedelta(days=3)
    old = a_case(came=ago, closed=timedelta(hours=1), by=daan)
    theirs, other = a_case(team=desk), a_case(kind="private")
    Case.objects.filter(pk=other.pk).update(network="mail")
    get = reads(daan)

    def found(narrowed: str) -> set[int]:
        return {one["number"] for one in items(get(f"/api/v1/cases?{narrowed}"))}

    assert found("") == {old.pk, theirs.pk, other.pk}
    assert found("state=closed") == {old.pk} and found(f"team={desk.pk}") == {theirs.pk}
    assert found("network=mail&kind=private") == {other.pk} and found("team=99999") == set()
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert found(f"until={yesterday}") == {old.pk} and found(f"since={yesterday}") == {theirs.pk, other.pk}  # fmt: skip
    moment = ago.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert found(f"since={moment}&state=closed") == {old.pk} and found(f"until={moment}") == set()
    page = get("/api/v1/cases?limit=1&state=todo").json()
    assert "state=todo" in page["next"] and "limit=1" in page["next"]


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("cases?sate=todo", "sate"), ("cases?state=nice", "state"), ("cases?network=%00", "network"),
        ("cases?team=desk", "team"), ("cases?team=-1", "team"), ("cases?team=99999999999999999999", "team"),
        ("cases?since=yesterday", "since"), ("cases?until=2026-02-30", "until"),
        ("cases?since=0001-01-01T00:00:00%2B14:00", "since"),
        ("cases?limit=0", "limit"), ("cases?limit=201", "limit"), ("cases?limit=x", "limit"),
        ("cases?cursor=AAAA", "cursor"), ("cases?cursor=é", "cursor"), ("cases?cursor=%00", "cursor"),
        ("insights?team=1", "team"), ("changes?state=open", "state"), ("changes?department=x", "department"),
        ("cases/1?limit=1", "limit"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said_with_its_part(
    daan: Any, reads: Reads, address: str, part: str
) -> None:
    answer = reads(daan)(f"/api/v1/{address}")
    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM), answer.content
    assert answer.json()["parameter"] == part


@given(st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_whatever_stands_in_a_cursor_is_a_number_or_refused(told: str) -> None:
    from django.http import QueryDict

    query = QueryDict(mutable=True)
    query["cursor"] = told
    try:
        found = asked(query, {}).before
    except WrongQuestion as wrong:
        assert wrong.parameter == "cursor"
    else:
        assert found is None or cursor_of(found).rstrip("=") == told.rstrip("=")


def test_insights_and_changes_are_told_with_what_came_of_them(
    sanne: Any, tom: Any, product: Any, reads: Reads
) -> None:
    waits = opened(sanne, product)
    change = live(tom, begun(sanne, tom, product, name="The plug"))
    get = reads(sanne, names=True)
    listed = items(get("/api/v1/insights"))
    assert [one["code"] for one in listed] == [change.insight.code, waits.code]
    assert listed[0]["change"] == change.code and listed[0]["decide_by"] is None
    assert listed[1]["change"] is None and listed[1]["decide_by"]
    assert [one["code"] for one in items(get("/api/v1/insights?state=open"))] == [waits.code]
    assert items(get(f"/api/v1/insights?department={product.pk + 1}")) == []
    one = get(f"/api/v1/insights/{change.insight.number}").json()
    assert one["evidence"][0]["posts"] == 438 and one["decisions"][0]["answer"] == "yes"
    assert one["evidence"][0]["quotes"] is None, "she has no sight, whatever the key says"
    whole = get(f"/api/v1/changes/{change.number}").json()
    assert whole["live_on"] and whole["proof"] == "Service bulletin 26-17" and whole["measurements"] == []  # fmt: skip
    assert items(get("/api/v1/changes?state=making")) == []
    assert {name: whole[name] for name in whole if name not in ("measurements", "told_back")} == items(get("/api/v1/changes"))[0]  # fmt: skip


def test_quotes_are_for_who_sees_names_by_a_key_made_for_it(
    daan: Any, sanne: Any, product: Any, reads: Reads
) -> None:
    insight = opened(sanne, product)
    address = f"/api/v1/insights/{insight.number}"
    for person, names, seen in ((daan, True, True), (daan, False, False), (sanne, True, False)):
        quotes = reads(person, names=names)(address).json()["evidence"][0]["quotes"]
        assert (quotes is not None and "48 km" in quotes[0]["text"]) is seen


def test_a_head_reads_what_is_of_the_department_and_no_more(
    sanne: Any, tom: Any, product: Any, reads: Reads
) -> None:
    from openroads.directory.models import Department

    ours = opened(sanne, product)
    other = opened(sanne, Department.objects.create(name="Service"))
    get = reads(tom)
    assert [one["code"] for one in items(get("/api/v1/insights"))] == [ours.code]
    assert get(f"/api/v1/insights/{other.number}").status_code == 404
    assert items(get("/api/v1/cases")) == []


def test_who_shows_no_key_that_holds_reads_nothing(
    case: Case, ada: Any, daan: Any, signed_in: Any
) -> None:
    key, token = make_key(by=ada, name="P", person=daan, reads=["cases"])
    signed = signed_in(daan)
    for client, headers in (
        (Client(), {}), (signed, {}), (Client(), {"Authorization": "Bearer or_x"}),
        (Client(), {"Authorization": f"Basic {token}"}), (Client(), {"Authorization": token}),
        (Client(), {"Authorization": "Bearer \udcff"}),
    ):  # fmt: skip
        answer = client.get("/api/v1/cases", headers=headers)
        assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM)
        assert answer["WWW-Authenticate"] == "Bearer"
    headers = {"Authorization": f"bearer {token}"}
    assert Client().get("/api/v1/cases", headers=headers).status_code == 200
    end_key(by=ada, key=key)
    assert Client().get("/api/v1/cases", headers=headers).status_code == 401


def test_a_key_reads_only_its_kinds_and_never_writes(case: Case, ada: Any, daan: Any) -> None:
    _key, token = make_key(by=ada, name="P", person=daan, reads=["changes"])
    client = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {token}"})
    for address in ("/api/v1/cases", f"/api/v1/cases/{case.pk}", "/api/v1/insights"):
        assert client.get(address).status_code == 403
    assert client.get("/api/v1/changes").status_code == 200
    answer = client.post("/api/v1/changes", {})
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert client.head("/api/v1/changes").status_code == 200


def test_too_many_requests_are_told_when_to_come_back(daan: Any, reads: Reads) -> None:
    cache.clear()
    get, now = reads(daan), timezone.now()
    assert get("/api/v1/changes").status_code == 200
    key = ApiKey.objects.get()
    for minute in (now, now + timedelta(minutes=1)):  # it may pass while this is read
        waits = [seconds_to_wait(key, minute) for _n in range(MOST_A_MINUTE + 1)]
        assert 1 <= waits[-1] <= 60 and waits.count(0) >= MOST_A_MINUTE - 1
    answer = get("/api/v1/changes")
    assert answer.status_code == 429 and 1 <= int(answer["Retry-After"]) <= 60


def test_no_answer_is_kept_on_the_way_and_none_is_in_another_language(
    case: Case, daan: Any, reads: Reads
) -> None:
    get = reads(daan)
    for address in ("/api/v1/cases", "/api/v1/cases/0", "/api/v1/cases?x=1"):
        answer = get(address, headers={"Accept-Language": "nl"})
        assert answer["Cache-Control"] == "private, no-store" and not answer.cookies
    assert get("/api/v1/cases/0").json()["detail"] == "There is no such conversation for this key."


def test_a_page_of_two_hundred_asks_no_more_than_one_of_ten(
    a_case: Any, daan: Any, reads: Reads, windmee: Any
) -> None:
    for _n in range(40):
        a_case()
    get = reads(daan, names=True)
    get("/api/v1/cases")
    counts = []
    for limit in (10, 40):
        with CaptureQueriesContext(connection) as asked:
            assert len(items(get(f"/api/v1/cases?limit={limit}"))) == limit
        # On PostgreSQL requests are counted in a table, which several processes share.
        counts.append(sum("openroads_cache" not in each["sql"] for each in asked))
    assert counts[0] == counts[1] <= 8, counts
