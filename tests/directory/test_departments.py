"""Departments and teams: begun, changed, filled with people, ended and brought back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from openroads.directory import policy, queries
from openroads.directory.actions import departments as actions
from openroads.directory.actions import grant_role
from openroads.directory.models import Department, Membership, Person, Team, TrailEntry
from openroads.directory.roles import Role


def _page(name, *given):
    return reverse(f"directory:{name}", args=given)


def _again(person):
    return Person.objects.get(pk=person.pk)


@pytest.fixture
def service(noor):
    return actions.add_department(by=noor, name="Service")


@pytest.fixture
def desk(noor, service):
    return actions.add_team(by=noor, name="Service desk", department=service)


def test_only_who_keeps_the_company_divides_it(cast, service, desk):
    ida = cast["ida"]
    deeds = [
        lambda by: actions.add_department(by=by, name="HR"),
        lambda by: actions.change_department(by=by, department=service, name="S", head=None),
        lambda by: actions.add_team(by=by, name="HR"),
        lambda by: actions.change_team(by=by, team=desk, name="S", department=None),
        lambda by: actions.end_part(by=by, part=desk),
        lambda by: actions.bring_back_part(by=by, part=desk),
        lambda by: actions.add_member(by=by, person=ida, part=desk),
        lambda by: actions.remove_member(by=by, person=ida, part=desk),
    ]
    for name, person in cast.items():
        for deed in deeds if name not in ("ada", "noor") else ():
            with pytest.raises(PermissionDenied):
                deed(person)


def test_a_department_is_renamed_and_gets_a_head(noor, tom, service):
    actions.change_department(by=noor, department=service, name=" Customer  service ", head=tom)
    service.refresh_from_db()
    assert (service.name, service.head) == ("Customer service", tom)
    assert TrailEntry.objects.first().facts == {
        "name": {"was": "Service", "now": "Customer service"},
        "head": {"was": "", "now": "Tom Hendriks"},
    }


@pytest.mark.parametrize("name", ["service", " SERVICE ", ""])
def test_two_departments_never_share_a_name(noor, service, name):
    with pytest.raises(ValidationError) as problem:
        actions.add_department(by=noor, name=name)
    assert "name" in problem.value.message_dict


def test_people_join_once_and_leave(noor, ida, desk):
    actions.add_member(by=noor, person=ida, part=desk)
    actions.add_member(by=noor, person=ida, part=desk)
    assert queries.members_of(desk) == [ida]
    actions.remove_member(by=noor, person=ida, part=desk)
    assert queries.members_of(desk) == []
    assert [entry.verb for entry in TrailEntry.objects.all()[:2]] == ["left", "joined"]


def test_one_row_that_says_both_keeps_its_other_half(noor, ida, service, desk):
    Membership.objects.create(person=ida, department=service, team=desk)
    actions.remove_member(by=noor, person=ida, part=desk)
    assert (queries.members_of(service), queries.members_of(desk)) == ([ida], [])
    Membership.objects.create(person=ida, department=service, team=desk)
    actions.remove_member(by=noor, person=ida, part=service)
    assert (queries.members_of(service), queries.members_of(desk)) == ([], [ida])


def test_who_is_kept_out_does_not_join(noor, ada, ida, desk):
    Person.objects.filter(pk=ida.pk).update(is_active=False)
    with pytest.raises(ValidationError):
        actions.add_member(by=noor, person=_again(ida), part=desk)


def test_ending_a_team_ends_the_roles_that_hold_there_only(ada, ida, desk):
    grant_role(by=ada, person=ida, role=Role.WEBCARE_AGENT, team=desk)
    grant_role(by=ada, person=ida, role=Role.CHAMPION)
    actions.add_member(by=ada, person=ida, part=desk)
    actions.end_part(by=ada, part=desk)
    assert not policy.has_role(_again(ida), Role.WEBCARE_AGENT)
    assert policy.has_role(_again(ida), Role.CHAMPION)
    assert desk not in queries.teams() and _again(ida).parts == []
    with pytest.raises(ValidationError, match="ended"):
        grant_role(by=ada, person=ida, role=Role.WEBCARE_AGENT, team=desk)
    with pytest.raises(ValidationError, match="ended"):
        actions.add_member(by=ada, person=ida, part=desk)
    actions.bring_back_part(by=ada, part=desk)
    assert _again(ida).parts == [desk], "who belonged to it is known"
    assert not policy.has_role(_again(ida), Role.WEBCARE_AGENT), "roles are given anew"


def test_who_may_not_take_roles_ends_no_team_that_has_some(ada, noor, ida, desk):
    grant = grant_role(by=ada, person=ida, role=Role.WEBCARE_AGENT, team=desk)
    with pytest.raises(ValidationError, match="administrator"):
        actions.end_part(by=noor, part=desk)
    grant.until = timezone.localdate()
    grant.since -= timedelta(days=1)
    grant.save()
    actions.end_part(by=noor, part=desk)
    assert Team.objects.get(pk=desk.pk).ended_on


def test_a_department_with_teams_does_not_end(noor, service, desk):
    with pytest.raises(ValidationError, match="Service desk"):
        actions.end_part(by=noor, part=service)
    actions.change_team(by=noor, team=desk, name="Service desk", department=None)
    actions.end_part(by=noor, part=service)
    assert service not in queries.departments()


def test_an_ended_department_cannot_be_chosen_for_anything(noor, ada, service):
    from openroads.directory.forms import GrantForm, TeamForm

    actions.end_part(by=noor, part=service)
    assert service not in GrantForm().fields["department"].queryset
    assert service not in TeamForm().fields["department"].queryset


# ----------------------------------------------------------------------------------------- pages
def test_an_empty_company_is_told_what_departments_are_for(noor, signed_in):
    page = signed_in(noor).get(_page("departments")).content.decode()
    assert "one whole so far" in page and "No team yet" in page


def test_a_team_is_made_filled_and_ended_in_the_browser(ada, ida, signed_in):
    browser = signed_in(ada)
    browser.post(_page("add_department"), {"name": "PR", "head": ida.pk})
    part = Department.objects.get(name="PR")
    team = browser.post(_page("add_team"), {"name": "PR desk", "department": part.pk}, follow=True)
    desk = Team.objects.get(name="PR desk")
    assert team.request["PATH_INFO"] == _page("team", desk.pk)
    browser.post(_page("join", "team", desk.pk), {"person": ida.pk})
    grant_role(by=ada, person=ida, role=Role.WEBCARE_AGENT, team=desk)
    page = browser.get(_page("team", desk.pk)).content.decode()
    assert "1 person belongs here" in page and "webcare agent" in page
    assert "PR desk" in browser.get(_page("people")).content.decode()
    assert "PR desk" in browser.get(_page("person", ida.pk)).content.decode()
    asked = browser.get(_page("end_part", "team", desk.pk)).content.decode()
    assert "1 role that holds here only" in asked
    browser.post(_page("end_part", "team", desk.pk))
    assert "Bring back" in browser.get(_page("departments")).content.decode()
    browser.post(_page("bring_back_part", "team", desk.pk))
    assert Team.objects.get(pk=desk.pk).ended_on is None
    browser.post(_page("leave", "team", desk.pk, ida.pk))
    assert "Nobody belongs here yet" in browser.get(_page("team", desk.pk)).content.decode()


def test_a_name_that_is_taken_is_told_beside_the_field(noor, service, signed_in):
    answer = signed_in(noor).post(_page("add_department"), {"name": "service"})
    assert answer.status_code == 400 and "here already" in str(
        answer.context["form"].errors["name"]
    )
    answer = signed_in(noor).post(_page("change_department", service.pk), {"name": ""})
    assert answer.status_code == 400


def test_who_may_not_see_people_sees_no_departments(ida, service, desk, signed_in):
    browser = signed_in(ida)
    assert browser.get(_page("departments")).status_code == 403
    for address in (_page("department", service.pk), _page("team", desk.pk)):
        assert browser.get(address).status_code == 404


def test_many_people_cost_no_more_queries(ada, desk, signed_in, django_assert_max_num_queries):
    from tests.conftest import on_the_payroll

    for number in range(30):
        person = on_the_payroll(f"P {number}", f"p{number}@windmee.example", "webcare_agent", team=desk)  # fmt: skip
        actions.add_member(by=ada, person=person, part=desk)
    browser = signed_in(ada)
    with django_assert_max_num_queries(12):
        assert len(browser.get(_page("team", desk.pk)).context["members"]) == 30
    with django_assert_max_num_queries(8):
        browser.get(_page("departments"))
