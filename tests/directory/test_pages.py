"""The pages of people, own account and trail: who sees them, what they do, with which headers."""

import pytest
from django.urls import reverse

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
    browser.post(_page("me"), {"name": "Ida Smit", "language": "nl"})
    assert "Mijn account" in browser.get(_page("me")).content.decode()
    assert "Mijn account" in signed_in(ida).get(_page("me")).content.decode()
    browser.cookies["language"] = "en"
    assert "My account" in browser.get(_page("me")).content.decode()


def test_nobody_makes_himself_administrator_on_his_own_page(ida, signed_in):
    signed_in(ida).post(
        _page("me"),
        {"name": "Ida", "email": "x@y.example", "is_active": "", "role": "administrator"},
    )
    changed = Person.objects.get(pk=ida.pk)
    assert (changed.email, changed.is_active) == ("ida@windmee.example", True)
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
    assert page.context["older"] == 0


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
    with django_assert_max_num_queries(8):
        browser.get(_page("trail"))
