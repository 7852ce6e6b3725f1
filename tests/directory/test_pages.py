"""The pages of people, own account and trail: who sees them, what they do, with which headers."""

import csv
import io
import re

import pytest
from django.urls import reverse

from openroads.directory import actions, trail
from openroads.directory.models import Person, Team, TrailEntry
from openroads.directory.seal import seal, unseal

PAGES = ["people", "add_person", "trail"]


def _page(name, *given):
    return reverse(f"directory:{name}", args=given)


@pytest.mark.parametrize("name", [*PAGES, "me"])
def test_without_a_name_every_page_leads_to_signing_in(db, client, name):
    response = client.get(_page(name))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_each_role_sees_what_it_may(cast, signed_in):
    allowed = {"ada": set(PAGES), "noor": {"people"}}
    for name, person in cast.items():
        browser = signed_in(person)
        seen = {page for page in PAGES if browser.get(_page(page)).status_code == 200}
        assert seen == allowed.get(name, set()), name
        assert browser.get(_page("me")).status_code == 200
        other = browser.get(_page("person", cast["ida"].pk))
        assert other.status_code == (200 if name in allowed else 404), name


@pytest.mark.parametrize("deed", ["grant", "keep_out", "let_in", "sign_in_link"])
def test_who_only_looks_cannot_do(noor, ida, signed_in, deed):
    response = signed_in(noor).post(_page(deed, ida.pk), {"role": "champion"})
    assert response.status_code == 403
    assert Person.objects.get(pk=ida.pk).is_active
    assert ida.grants.count() == 1


def test_a_person_is_added_gets_a_role_and_a_link(ada, signed_in):
    browser = signed_in(ada)
    told = {"name": "Joost Visser", "email": "Joost@windmee.example", "role": "listener"}
    answer = browser.post(_page("add_person"), told)
    joost = Person.objects.get(email="joost@windmee.example")
    assert answer.url == _page("person", joost.pk)
    page = browser.post(_page("sign_in_link", joost.pk))
    assert "http://127.0.0.1:8000/account/password/reset/key/" in page.content.decode()
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "password/reset/key" not in browser.get(_page("person", joost.pk)).content.decode()
    assert not any("reset" in entry.facts_text for entry in TrailEntry.objects.all())


def test_an_address_that_is_taken_is_told_beside_the_field(ada, ida, signed_in):
    answer = signed_in(ada).post(_page("add_person"), {"name": "Ida", "email": ida.email})
    assert answer.status_code == 400
    assert answer.context["form"].errors["email"]


def test_a_role_is_given_for_one_team_and_taken_away(ada, ida, signed_in):
    desk = Team.objects.create(name="PR desk")
    browser = signed_in(ada)
    browser.post(_page("grant", ida.pk), {"role": "webcare_agent", "team": desk.pk})
    grant = ida.grants.get(role="webcare_agent")
    assert grant.team == desk
    assert "PR desk" in browser.get(_page("person", ida.pk)).content.decode()
    browser.post(_page("revoke", ida.pk, grant.pk))
    grant.refresh_from_db()
    assert grant.until is not None


def test_a_role_until_yesterday_is_refused_beside_the_field(ada, ida, signed_in):
    told = {"role": "champion", "until": "2020-01-01"}
    answer = signed_in(ada).post(_page("grant", ida.pk), told)
    assert answer.status_code == 400
    assert ida.grants.count() == 1


def test_the_last_administrator_is_told_why_not(ada, signed_in):
    answer = signed_in(ada).post(_page("keep_out", ada.pk), follow=True)
    assert "last administrator" in answer.content.decode()
    assert Person.objects.get(pk=ada.pk).is_active


def test_the_house_itself_is_nobody_to_look_at(ada, signed_in):
    from openroads.directory.people import system_person

    assert signed_in(ada).get(_page("person", system_person().pk)).status_code == 404


def test_a_search_finds_by_name(cast, signed_in):
    page = signed_in(cast["ada"]).get(_page("people"), {"q": "sanne"})
    assert [person.name for person in page.context["people"]] == ["Sanne de Wit"]


def test_the_language_of_a_person_goes_along_to_a_new_device(ida, signed_in):
    browser = signed_in(ida)
    browser.post(_page("me"), {"name": "Ida Smit", "language": "nl", "theme": "system"})
    assert "Mijn account" in browser.get(_page("me")).content.decode()
    assert "Mijn account" in signed_in(ida).get(_page("me")).content.decode()
    browser.cookies["language"] = "en"
    assert "My account" in browser.get(_page("me")).content.decode()


def test_the_appearance_of_a_person_goes_along_too_until_this_device_chooses(ida, signed_in):
    def light(browser):
        page = browser.get(_page("me")).content.decode()
        found = re.search(r'<html[^>]*data-theme="(\w+)"', page)
        return found[1] if found else "system"

    browser = signed_in(ida)
    browser.post("/theme/", {"theme": "light"})
    browser.post(_page("me"), {"name": "Ida Smit", "language": "", "theme": "dark"})
    assert light(browser) == light(signed_in(ida)) == "dark", "the choice just made comes first"
    browser.post("/theme/", {"theme": "system"})
    assert (light(browser), light(signed_in(ida))) == ("system", "dark")


def test_nobody_makes_himself_administrator_on_his_own_page(ida, signed_in):
    signed_in(ida).post(
        _page("me"),
        {"name": "Ida", "theme": "dark", "email": "x@y.example", "is_active": "", "role": "boss"},
    )
    changed = Person.objects.get(pk=ida.pk)
    assert (changed.name, changed.email, changed.is_active) == ("Ida", "ida@windmee.example", True)
    assert ida.grants.count() == 1


def test_the_trail_is_checked_from_its_page(cast, signed_in):
    from django.db import connection

    browser = signed_in(cast["ada"])
    assert "all are as they were written" in browser.post(_page("trail")).content.decode()
    unseal(connection)
    connection.cursor().execute("UPDATE directory_trailentry SET verb = 'x' WHERE number = 3")
    seal(connection)
    assert "Entry 3 does not say" in browser.post(_page("trail")).content.decode()


def test_older_entries_are_a_page_away(cast, signed_in):
    page = signed_in(cast["ada"]).get(_page("trail"), {"before": "5"})
    assert [entry.number for entry in page.context["entries"]] == [4, 3, 2, 1]
    assert page.context["older"] == ""


def test_the_trail_is_read_page_by_page_to_its_beginning(ada, signed_in):
    for number in range(250):
        trail.record(ada, "looked at", ada, number=number)
    browser, query, seen = signed_in(ada), "", []
    for _step in range(5):
        page = browser.get(f"{_page('trail')}?{query}")
        seen += [entry.number for entry in page.context["entries"]]
        query = page.context["older"]
        if not query:
            break
    assert seen == list(range(TrailEntry.objects.count(), 0, -1))


def test_the_trail_can_be_asked_for_one_person_and_one_deed(cast, signed_in):
    actions.grant_role(by=cast["ada"], person=cast["ida"], role="champion")
    actions.grant_role(by=cast["ada"], person=cast["tom"], role="champion")
    browser = signed_in(cast["ada"])
    page = browser.get(_page("trail"), {"by": cast["ada"].pk})
    assert [entry.verb for entry in page.context["entries"]] == ["gave role", "gave role"]
    page = browser.get(_page("trail"), {"deed": "added person"})
    assert {entry.verb for entry in page.context["entries"]} == {"added person"}
    assert len(page.context["entries"]) == 11
    page = browser.get(_page("trail"), {"by": cast["ida"].pk})
    assert "No entry fits this choice" in page.content.decode()
    for nonsense in ("x", "-1", "1' OR 1=1", "9" * 30):
        assert browser.get(_page("trail"), {"by": nonsense, "before": nonsense}).status_code == 200


def test_the_trail_is_said_in_words_of_the_reader(ada, ida, signed_in):
    actions.grant_role(by=ada, person=ida, role="webcare_agent")
    browser = signed_in(ada)
    browser.cookies["language"] = "nl"
    said = browser.get(_page("trail")).content.decode()
    assert "rol: webcaremedewerker" in said and "webcare_agent" not in said
    assert f"persoon {ida.pk}" in said


def _csv(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_trail_leaves_as_a_file_that_no_spreadsheet_runs(ada, signed_in):
    trail.record(ada, "looked at", ada, name="=1+1", title="ok")
    Person.objects.filter(pk=ada.pk).update(name='=HYPERLINK("http://evil.example")')
    answer = signed_in(ada).get(_page("trail_csv"))
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="trail-')
    rows = _csv(answer)
    assert [int(row["number"]) for row in rows] == list(range(1, len(rows) + 1))
    assert rows[-1]["who"] == '\'=HYPERLINK("http://evil.example")'
    assert rows[-1]["facts"] == "name: =1+1; title: ok"
    assert rows[-1]["hash"] == TrailEntry.objects.first().hash
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@\t\r" and cell]


def test_a_file_of_the_trail_holds_what_was_asked_for(cast, signed_in):
    rows = _csv(signed_in(cast["ada"]).get(_page("trail_csv"), {"deed": "gave role"}))
    assert {row["deed as kept"] for row in rows} == {"gave role"} and len(rows) == 11


def test_a_list_of_many_costs_as_many_queries_as_a_list_of_one(
    ada, signed_in, django_assert_max_num_queries
):
    from tests.conftest import on_the_payroll

    for number in range(30):
        on_the_payroll(f"Person {number}", f"p{number}@windmee.example", "employee")
    browser = signed_in(ada)
    with django_assert_max_num_queries(10):
        assert len(browser.get(_page("people")).context["people"]) == 31


def test_the_trail_page_has_a_budget_too(cast, signed_in, django_assert_max_num_queries):
    browser = signed_in(cast["ada"])
    with django_assert_max_num_queries(9):
        browser.get(_page("trail"))
