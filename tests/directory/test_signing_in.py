"""Signing in, with the traps of the sign-in library closed."""

import time
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client, override_settings
from django.urls import reverse

from openroads.directory.actions import create_person, deactivate_person, make_sign_in_link
from openroads.directory.models import Person
from openroads.directory.people import system_person

PASSWORD = "three-crates-of-oranges"


@pytest.fixture
def eva(db):
    return create_person(
        by=system_person(), email="eva@windmee.example", name="Eva", password=PASSWORD
    )


def _try(password, address="10.0.0.1", email="eva@windmee.example", client=None):
    client = client or Client()
    response = client.post(
        reverse("account_login"), {"login": email, "password": password}, REMOTE_ADDR=address
    )
    return client, response


def _signed_in(client):
    return "_auth_user_id" in client.session


def test_the_right_password_opens(eva):
    client, response = _try(PASSWORD)
    assert response.status_code == 302
    assert _signed_in(client)


def test_a_stranger_locks_out_only_himself(eva):
    for _ in range(6):
        _try("wrong", address="203.0.113.9")
    client, response = _try(PASSWORD, address="203.0.113.9")
    assert not _signed_in(client)
    assert "Too many" in response.content.decode()
    client, _response = _try(PASSWORD, address="10.0.0.1")
    assert _signed_in(client)


def test_the_eleventh_failure_of_an_address_is_blocked_whoever_it_is_about(eva):
    for number in range(10):
        _try("wrong", email=f"nobody{number}@windmee.example", address="203.0.113.9")
    client, response = _try(PASSWORD, address="203.0.113.9")
    assert response.status_code in (200, 429)
    assert not _signed_in(client)


def test_many_machines_at_once_meet_a_higher_limit(eva):
    with override_settings(
        ACCOUNT_RATE_LIMITS={"login_failed": "5/5m/key", "login_failed_anywhere": "12/h/key"}
    ):
        for number in range(12):
            _try("wrong", address=f"203.0.{number}.1")
        client, response = _try(PASSWORD, address="10.0.0.1")
        assert not _signed_in(client)
        assert "Too many" in response.content.decode()


def test_signing_in_well_costs_nothing_of_the_limit(eva):
    for _ in range(8):
        client, _response = _try(PASSWORD)
        assert _signed_in(client)


def test_a_forged_forwarded_address_is_ignored_without_proxy(eva):
    for number in range(6):
        Client().post(
            reverse("account_login"),
            {"login": eva.email, "password": "wrong"},
            REMOTE_ADDR="203.0.113.9",
            HTTP_X_FORWARDED_FOR=f"10.1.1.{number}",
        )
    client, _response = _try(PASSWORD, address="203.0.113.9")
    assert not _signed_in(client)


def test_the_answer_does_not_tell_who_has_an_account(eva):
    _client, known = _try("wrong")
    _client, unknown = _try("wrong", email="nobody@windmee.example")
    assert known.status_code == unknown.status_code
    errors = [response.context["form"].errors.as_json() for response in (known, unknown)]
    assert errors[0] == errors[1]


def test_nobody_signs_up(db, client):
    response = client.post(
        reverse("account_signup"),
        {"email": "new@windmee.example", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert response.status_code == 200
    assert not Person.objects.filter(email="new@windmee.example").exists()


def test_who_is_kept_out_does_not_come_in(eva, ada):
    deactivate_person(by=ada, person=eva)
    client, _response = _try(PASSWORD)
    assert not _signed_in(client)


def test_a_link_lets_a_new_person_choose_a_password_once(ada, client):
    new = create_person(by=ada, email="new@windmee.example", name="New")
    parts = make_sign_in_link(by=ada, person=new)
    address = reverse("account_reset_password_from_key", kwargs=parts)
    form = client.get(address, follow=True)
    assert form.status_code == 200
    chosen = client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    assert chosen.status_code == 302
    browser, _response = _try(PASSWORD, email=new.email)
    assert _signed_in(browser)
    again = Client().get(address, follow=True)
    assert "password1" not in again.content.decode()


def test_a_new_password_ends_the_other_sessions(eva):
    first, _response = _try(PASSWORD)
    second, _response = _try(PASSWORD)
    changed = second.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": PASSWORD + "!", "password2": PASSWORD + "!"},
    )
    assert changed.status_code == 302
    account = reverse("account_change_password")
    assert second.get(account).status_code == 200
    assert first.get(account).status_code == 302


@pytest.fixture(autouse=True)
def one_half_minute(monkeypatch):
    """A code holds for half a minute: a test that begins at the end of one ends in the same."""
    now = time.time()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", SimpleNamespace(time=lambda: now))


def _code(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_the_seed_of_the_second_step_stands_encrypted(eva):
    TOTP.activate(eva, "JBSWY3DPEHPK3PXP")
    stored = Authenticator.objects.get(user=eva).data["secret"]
    assert "JBSWY3DPEHPK3PXP" not in stored
    assert Authenticator.objects.get(user=eva).wrap().validate_code(_code("JBSWY3DPEHPK3PXP"))


def test_the_second_step_is_asked_and_a_code_works_once(eva):
    TOTP.activate(eva, "JBSWY3DPEHPK3PXP")
    code = _code("JBSWY3DPEHPK3PXP")
    client, response = _try(PASSWORD)
    assert not _signed_in(client)
    assert response.url == reverse("mfa_authenticate")
    client.post(response.url, {"code": code})
    assert _signed_in(client)
    other, response = _try(PASSWORD)
    other.post(response.url, {"code": code})
    assert not _signed_in(other)


@pytest.mark.django_db(transaction=True)
def test_turning_the_second_step_on_ends_the_other_sessions(eva):
    first, _response = _try(PASSWORD)
    second, _response = _try(PASSWORD)
    page = second.get(reverse("mfa_activate_totp"))
    assert page.url.startswith(reverse("account_reauthenticate"))  # the password is asked once more
    page = second.post(page.url, {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    done = second.post(reverse("mfa_activate_totp"), {"code": _code(secret)})
    assert done.status_code == 302
    account = reverse("account_change_password")
    assert second.get(account).status_code == 200
    assert first.get(account).status_code == 302


def test_without_mail_server_a_forgotten_password_is_no_error(eva, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    response = client.post(reverse("account_reset_password"), {"email": eva.email})
    assert response.status_code == 302


def test_a_mail_server_that_is_away_is_no_error_either(eva, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    response = client.post(reverse("account_reset_password"), {"email": eva.email})
    assert response.status_code == 302


def test_an_unknown_address_gets_no_mail(db, client, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": "stranger@elsewhere.example"})
    assert mailoutbox == []


def test_there_is_no_second_door(db, client):
    from django.conf import settings

    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert client.get("/admin/login/").status_code in (302, 404)
