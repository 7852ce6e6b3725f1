"""Adding people, giving and taking roles, keeping out; and what a role allows."""

import threading
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from openroads.directory import policy, queries
from openroads.directory.actions import (
    change_person,
    create_person,
    deactivate_person,
    grant_role,
    make_sign_in_link,
    reactivate_person,
    revoke_role,
)
from openroads.directory.models import Department, Grant, Membership, Person, Team, TrailEntry
from openroads.directory.people import system_person
from openroads.directory.roles import Role


def _again(person):
    return Person.objects.get(pk=person.pk)


def test_only_an_administrator_keeps_people(cast):
    for name, person in cast.items():
        assert policy.may_keep_people(person) == (name == "ada"), name
        assert policy.may_see_people(person) == (name in ("ada", "noor")), name
        assert policy.may_see_trail(person) == (name == "ada"), name


@pytest.mark.parametrize(
    "deed",
    [
        lambda by, who: create_person(by=by, email="x@windmee.example", name="X"),
        lambda by, who: grant_role(by=by, person=who, role=Role.ADMINISTRATOR),
        lambda by, who: revoke_role(by=by, grant=who.grants.get()),
        lambda by, who: deactivate_person(by=by, person=who),
        lambda by, who: reactivate_person(by=by, person=who),
        lambda by, who: make_sign_in_link(by=by, person=who),
    ],
)
def test_nobody_else_comes_through_an_action(noor, ida, deed):
    with pytest.raises(PermissionDenied, match="no right"):
        deed(noor, ida)


def test_a_stranger_has_no_role():
    assert not policy.has_role(AnonymousUser(), *Role)


def test_the_house_may_do_everything_but_never_signs_in(db, client):
    house = system_person()
    assert policy.has_role(house, Role.ADMINISTRATOR, everywhere=True)
    assert system_person() == house
    assert not house.is_active
    assert not house.has_usable_password()
    client.force_login(house)
    assert "_auth_user_id" in client.session
    from django.contrib.auth import get_user
    from django.http import HttpRequest

    request = HttpRequest()
    request.session = client.session
    assert not get_user(request).is_authenticated


def test_a_role_of_one_desk_holds_there_only(bram, db):
    desk, other = Team.objects.get(name="PR desk"), Team.objects.create(name="Contact centre")
    assert policy.has_role(bram, Role.WEBCARE_AGENT)
    assert policy.has_role(bram, Role.WEBCARE_AGENT, team=desk)
    assert not policy.has_role(bram, Role.WEBCARE_AGENT, team=other)
    assert not policy.has_role(bram, Role.WEBCARE_AGENT, everywhere=True)


def test_a_role_of_everywhere_holds_in_every_department(noor, tom):
    product, service = Department.objects.get(name="Product"), Department(name="Service", pk=99)
    assert policy.has_role(noor, Role.CONVERSATION_MANAGER, department=service)
    assert policy.has_role(tom, Role.DEPARTMENT_HEAD, department=product)
    assert not policy.has_role(tom, Role.DEPARTMENT_HEAD, department=service)


def test_an_administrator_of_one_department_does_not_keep_people(ada, ida):
    product = Department.objects.create(name="Product")
    grant_role(by=ada, person=ida, role=Role.ADMINISTRATOR, department=product)
    assert not policy.may_keep_people(_again(ida))


def test_a_role_begins_and_ends_on_its_days(ada, ida):
    today = timezone.localdate()
    grant_role(by=ada, person=ida, role=Role.CHAMPION, since=today + timedelta(days=1))
    assert not policy.has_role(_again(ida), Role.CHAMPION)
    Grant.objects.filter(role=Role.CHAMPION).update(since=today - timedelta(days=9), until=today)
    assert not policy.has_role(_again(ida), Role.CHAMPION)
    Grant.objects.filter(role=Role.CHAMPION).update(until=today + timedelta(days=1))
    assert policy.has_role(_again(ida), Role.CHAMPION)


def test_a_given_and_a_taken_role_count_at_once_for_the_person_in_hand(ada, ida):
    assert not policy.has_role(ida, Role.CHAMPION)
    grant = grant_role(by=ada, person=ida, role=Role.CHAMPION)
    assert policy.has_role(ida, Role.CHAMPION)
    revoke_role(by=ada, grant=grant)
    assert not policy.has_role(ida, Role.CHAMPION)
    assert queries.grants_of(ida, timezone.localdate())[1] == [grant]


def test_the_same_role_twice_is_one_grant(ada, ida):
    first = grant_role(by=ada, person=ida, role=Role.CHAMPION)
    assert grant_role(by=ada, person=ida, role=Role.CHAMPION) == first


def test_a_role_that_ends_before_it_begins_is_refused(ada, ida):
    with pytest.raises(ValidationError):
        grant_role(by=ada, person=ida, role=Role.CHAMPION, until=timezone.localdate())


def test_roles_are_asked_once_per_page(ada, django_assert_num_queries):
    ada = _again(ada)
    with django_assert_num_queries(1):
        policy.may_see_people(ada)
        policy.may_see_trail(ada)
        policy.has_role(ada, *Role)


def test_the_last_administrator_cannot_be_locked_out(ada):
    with pytest.raises(ValidationError, match="last administrator"):
        deactivate_person(by=ada, person=ada)
    with pytest.raises(ValidationError, match="last administrator"):
        revoke_role(by=ada, grant=ada.grants.get())
    assert _again(ada).is_active
    assert policy.may_keep_people(_again(ada))


def test_the_second_last_administrator_can(ada, ida, client):
    grant_role(by=ada, person=ida, role=Role.ADMINISTRATOR)
    client.force_login(ida)
    deactivate_person(by=_again(ida), person=ada)
    assert not policy.may_keep_people(_again(ada))


def test_who_never_found_the_door_or_leaves_by_itself_does_not_count_as_another(ada, ida, client):
    grant_role(by=ada, person=ida, role=Role.ADMINISTRATOR)
    with pytest.raises(ValidationError, match="log in once"):
        deactivate_person(by=ada, person=ada)
    client.force_login(ida)
    ida.grants.filter(role=Role.ADMINISTRATOR).update(
        until=timezone.localdate() + timedelta(days=7)
    )
    with pytest.raises(ValidationError, match="for good"):
        revoke_role(by=ada, grant=ada.grants.get())


def test_an_administrator_of_a_part_is_taken_away_freely(ada, ida):
    product = Department.objects.create(name="Product")
    grant = grant_role(by=ada, person=ida, role=Role.ADMINISTRATOR, department=product)
    revoke_role(by=ada, grant=grant)
    assert not policy.has_role(_again(ida), Role.ADMINISTRATOR)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_send_each_other_away_at_once_leave_one(client):
    from django.db import connections

    from tests.conftest import on_the_payroll

    pair = [
        on_the_payroll(name, f"{name}@windmee.example", "administrator") for name in ("eva", "jan")
    ]
    for person in pair:
        client.force_login(person)
    ready, refused = threading.Barrier(2), []

    def send_away(by, person):
        try:
            ready.wait()
            deactivate_person(by=_again(by), person=_again(person))
        except (ValidationError, PermissionDenied) as why:
            refused.append(why)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send_away, args=each) for each in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Person.objects.filter(is_active=True, is_system=False).count() == 1


def test_keeping_out_ends_every_session_and_letting_in_does_not_revive_them(
    ada, ida, signed_in, rf
):
    from django.contrib.auth import get_user

    browser = signed_in(ida)
    request = rf.get("/")
    request.session = browser.session
    assert get_user(request) == ida
    deactivate_person(by=ada, person=_again(ida))
    assert not get_user(request).is_authenticated
    reactivate_person(by=ada, person=_again(ida))
    request.session = browser.session
    assert not get_user(request).is_authenticated


@pytest.mark.parametrize(
    ("email", "name", "field"),
    [
        ("ida@WINDMEE.example", "Ida", "email"),
        ("no address", "Ida", "email"),
        ("new@windmee.example", "   ", "name"),
    ],
)
def test_a_person_needs_a_name_and_an_address_of_their_own(ada, ida, email, name, field):
    with pytest.raises(ValidationError) as problem:
        create_person(by=ada, email=email, name=name)
    assert field in problem.value.message_dict


def test_a_name_and_an_address_are_put_right_and_the_new_address_signs_in(ada, ida, signed_in):
    signed_in(ada).post(
        reverse("directory:change_person", args=(ida.pk,)),
        {"name": "Ida  Smit-Jansen", "email": "Ida.Smit@windmee.example"},
    )
    ida = _again(ida)
    assert (ida.name, ida.email) == ("Ida Smit-Jansen", "ida.smit@windmee.example")
    addresses = EmailAddress.objects.filter(user=ida)
    assert [(one.email, one.verified, one.primary) for one in addresses] == [
        (ida.email, True, True)
    ]
    entry = TrailEntry.objects.order_by("-number")[0]
    assert entry.verb == "changed person"
    assert entry.facts["address"] == {"was": "ida@windmee.example", "now": ida.email}
    before = TrailEntry.objects.count()
    change_person(by=ada, person=ida, name=ida.name, email=ida.email)
    assert TrailEntry.objects.count() == before, "nothing changed, nothing to tell"


def test_an_address_of_somebody_else_is_refused_beside_the_field(ada, ida, noor, signed_in):
    address = reverse("directory:change_person", args=(ida.pk,))
    answer = signed_in(ada).post(address, {"name": "Ida", "email": noor.email.upper()})
    assert answer.status_code == 400
    assert "Somebody with this address is here already." in answer.content.decode()
    assert _again(ida).email == "ida@windmee.example"


@pytest.mark.parametrize("password", ["short", "password1234", "marijke@windmee"])
def test_a_weak_password_is_refused(ada, password):
    with pytest.raises(ValidationError) as problem:
        create_person(by=ada, email="marijke@windmee.example", name="Marijke", password=password)
    assert "password" in problem.value.message_dict


def test_one_belongs_to_a_department_once(ida):
    from django.db import IntegrityError, transaction

    product = Department.objects.create(name="Product")
    Membership.objects.create(person=ida, department=product)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(person=ida, department=product)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(person=ida)


def test_who_may_not_see_people_finds_nobody(ida, noor):
    assert not queries.people_for(ida).exists()
    assert {person.name for person in queries.people_for(noor)} == {"Ida Smit", "Noor Verbeek"}


def test_people_are_found_by_every_word(cast):
    assert [person.name for person in queries.people_found(cast["ada"], "de windm")] == [
        "Sanne de Wit"
    ]
