"""What every answer carries: a strict policy, no frames, no sniffing, no copies, an id."""

import pytest
from django.test import Client
from django.urls import reverse

from openroads.directory.actions import create_person
from openroads.directory.people import system_person

PASSWORD = "three-crates-of-oranges"

WANTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.fixture
def answers(ada, signed_in, settings):
    browser = signed_in(ada)
    static = Client().get("/static/ui/tokens.css")
    assert b"".join(static.streaming_content)  # read to its end, the file closes
    return {
        "signing in": Client().get(reverse("account_login")),
        "a page": browser.get(reverse("directory:people")),
        "not found": browser.get("/nowhere/"),
        "forbidden": Client(enforce_csrf_checks=True).post(reverse("account_login")),
        "static": static,
    }


def test_the_policy_is_strict_everywhere(answers):
    for name, answer in answers.items():
        policy = answer.headers["Content-Security-Policy"]
        for part in (
            "default-src 'self'", "script-src 'self'", "style-src 'self'", "object-src 'none'",
            "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
        ):  # fmt: skip
            assert part in policy, name
        assert "unsafe" not in policy, name
        assert "http:" not in policy, name


def test_the_other_headers_are_there(answers):
    for name, answer in answers.items():
        if name == "static":
            continue  # whitenoise answers before some of them; it sends no page
        for header, value in WANTED.items():
            assert answer.headers[header] == value, (name, header)
        assert "camera=()" in answer.headers["Permissions-Policy"]


def test_pages_are_not_kept_by_browsers_or_proxies(answers):
    assert "no-store" in answers["a page"].headers["Cache-Control"]
    assert "no-store" in answers["signing in"].headers["Cache-Control"]


def test_every_answer_has_an_id_and_a_given_one_is_kept_when_it_is_harmless(db, client):
    login = reverse("account_login")
    assert len(client.get(login).headers["X-Request-ID"]) == 32
    kept = client.get(login, HTTP_X_REQUEST_ID="abcd-1234_x").headers["X-Request-ID"]
    assert kept == "abcd-1234_x"
    bent = client.get(login, HTTP_X_REQUEST_ID="abcd 1234 (x)").headers["X-Request-ID"]
    assert len(bent) == 32


def test_the_log_names_the_route_and_not_the_path(db, client, caplog):
    client.get(reverse("account_reset_password_from_key", args=("2", "hunter2-secret")))
    assert "hunter2-secret" not in caplog.text
    assert "password/reset/key" in caplog.text


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(db):
    create_person(by=system_person(), email="eva@windmee.example", name="Eva", password=PASSWORD)
    client = Client()
    client.get(reverse("account_login"))
    client.post(reverse("account_login"), {"login": "eva@windmee.example", "password": PASSWORD})
    assert client.cookies["openroads"]["httponly"]
    assert client.cookies["openroads"]["samesite"] == "Lax"
    assert client.cookies["csrf"]["samesite"] == "Lax"


def test_nothing_is_changed_without_the_forms_own_token(ada, db):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    for name in ("directory:add_person", "directory:me", "directory:trail"):
        assert client.post(reverse(name)).status_code == 403
