"""`openroads user`: people added, given roles and passwords, kept out; no password where others look."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from typer.testing import CliRunner, Result

from openroads.cli import app
from openroads.directory.models import Department, Person, Team, TrailEntry
from openroads.directory.people import system_person
from openroads.directory.policy import has_role
from openroads.directory.roles import Role

pytestmark = pytest.mark.django_db
PASSWORD = "three-crates-of-oranges"


def openroads(*words: str, typed: str = "") -> Result:
    """The command in this process, on the database of the test."""
    return CliRunner().invoke(app, list(words), input=typed or None)


def said(told: Result) -> str:
    assert told.exit_code == 0, (told.output, told.exception)
    return str(told.output)


def refused(told: Result) -> str:
    assert told.exit_code == 2
    return " ".join(told.output.replace("│", " ").split())


def sentences(told: Result) -> str:
    """What `main` would make of the error an action raised."""
    assert told.exit_code == 1 and told.exception is not None
    return " ".join(told.exception.messages)  # type: ignore[attr-defined]


def signs_in(email: str, password: str) -> bool:
    client = Client()
    client.post("/account/login/", {"login": email, "password": password})
    return "_auth_user_id" in client.session


def test_a_first_administrator_comes_in_by_the_link_that_is_printed() -> None:
    told = said(openroads("user", "add", "Ada@Windmee.example", "--name", "Ada Vermeer", "--role", "administrator", "--language", "nl"))  # fmt: skip
    assert "Added Ada Vermeer (ada@windmee.example), administrator." in told
    ada = Person.objects.get(email="ada@windmee.example")
    assert (ada.language, ada.has_usable_password()) == ("nl", False)
    assert has_role(ada, Role.ADMINISTRATOR, everywhere=True)

    address = told.split()[-1]
    assert address.startswith("http://127.0.0.1:8000/account/password/reset/key/")
    visitor = Client()
    page = visitor.get(urlsplit(address).path, follow=True)
    chosen = {"password1": PASSWORD, "password2": PASSWORD}
    visitor.post(page.redirect_chain[-1][0], chosen)
    assert signs_in("ada@windmee.example", PASSWORD)
    again = Client().get(urlsplit(address).path, follow=True).content.decode()
    assert 'name="password1"' not in again, "the link worked once"


def test_who_did_it_stands_in_the_trail_and_no_password_does() -> None:
    said(openroads("user", "add", "eva@windmee.example", "--name", "Eva", "--password-stdin", typed=f"{PASSWORD}\n"))  # fmt: skip
    assert signs_in("eva@windmee.example", PASSWORD)
    entry = TrailEntry.objects.get(verb="added person")
    assert entry.by == system_person()
    assert PASSWORD not in "".join(TrailEntry.objects.values_list("facts_text", flat=True))


@pytest.mark.parametrize("command", ["add", "password"])
def test_no_password_can_be_given_where_the_shell_keeps_it(command: str) -> None:
    told = openroads("user", command, "eva@windmee.example", "--password", PASSWORD)
    assert told.exit_code == 2 and "No such option" in told.output


def test_without_anybody_to_ask_it_says_how_to_hand_a_password_over(ida: Any) -> None:
    assert "--password-stdin" in refused(openroads("user", "password", ida.email))


def test_a_weak_password_or_a_taken_address_changes_nothing(ida: Any) -> None:
    before = Person.objects.count()
    weak = openroads("user", "add", "eva@windmee.example", "--name", "Eva", "--role", "listener", "--password-stdin", typed="short\n")  # fmt: skip
    assert "too short" in sentences(weak)
    taken = openroads("user", "add", ida.email, "--name", "Ida")
    assert "here already" in sentences(taken)
    assert Person.objects.count() == before
    kept = Person.objects.get(pk=ida.pk).password
    assert "too short" in sentences(openroads("user", "password", ida.email, "--password-stdin", typed="short\n"))  # fmt: skip
    assert Person.objects.get(pk=ida.pk).password == kept


def test_a_new_password_ends_every_session(ida: Any, signed_in: Any) -> None:
    browser = signed_in(ida)
    assert browser.get("/").status_code == 200
    told = said(openroads("user", "password", "IDA@windmee.example", "--password-stdin", typed=f"{PASSWORD}\n"))  # fmt: skip
    assert "Ida Smit has a new password, and is signed out everywhere." in told
    assert PASSWORD not in told
    assert browser.get("/").status_code == 302
    assert signs_in(ida.email, PASSWORD)


def test_a_forgotten_password_is_mended_by_a_link(ida: Any) -> None:
    told = said(openroads("user", "password", ida.email, "--link"))
    assert Client().get(urlsplit(told.split()[-1]).path, follow=True).status_code == 200
    assert TrailEntry.objects.filter(verb="made sign-in link").count() == 1


def test_a_lost_second_step_is_taken_away(ida: Any, signed_in: Any) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(ida, generate_totp_secret())
    browser = signed_in(ida)
    assert openroads("user", "second-step", ida.email, typed="n\n").exit_code == 1
    assert Authenticator.objects.count() == 1
    assert "taken away: 1." in said(openroads("user", "second-step", ida.email, "--yes"))
    assert Authenticator.objects.count() == 0
    assert browser.get("/").status_code == 302


def test_the_list_names_people_with_roles_and_state(cast: dict[str, Any]) -> None:
    said(openroads("user", "deactivate", "tom@windmee.example"))
    lines = said(openroads("user", "list")).splitlines()
    assert len(lines) == len(cast)
    assert "bram@windmee.example  Bram Postma  webcare_agent (PR desk)  [no password yet]" in lines
    assert lines[-1].startswith("tom@windmee.example") and "[kept out]" in lines[-1]
    told = json.loads(said(openroads("user", "list", "verm", "--json")))
    assert told == [
        {
            "email": "ada@windmee.example", "name": "Ada Vermeer", "roles": ["administrator"],
            "may_sign_in": True, "has_password": False,
        }
    ]  # fmt: skip


def test_a_role_is_given_and_taken_everywhere_and_in_a_part(ida: Any) -> None:
    Department.objects.create(name="Product")
    Team.objects.create(name="PR desk")
    assert "the role listener." in said(openroads("user", "role", ida.email, "listener"))
    assert "the role champion (Product)." in said(openroads("user", "role", ida.email, "champion", "--department", "product"))  # fmt: skip
    said(openroads("user", "role", ida.email, "webcare_agent", "--team", "PR desk", "--until", "2999-01-01"))  # fmt: skip
    held = {(grant.role, str(grant.department or grant.team or ""), str(grant.until or "")) for grant in ida.grants.all()}  # fmt: skip
    assert held == {
        ("employee", "", ""), ("listener", "", ""), ("champion", "Product", ""),
        ("webcare_agent", "PR desk", "2999-01-01"),
    }  # fmt: skip
    assert "does not have that role there" in refused(openroads("user", "role", ida.email, "champion", "--take"))  # fmt: skip
    assert "no longer" in said(openroads("user", "role", ida.email, "listener", "--take"))
    assert not has_role(Person.objects.get(pk=ida.pk), Role.LISTENER)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("user", "role", "nobody@windmee.example", "listener"), "Nobody here has the address"),
        (("user", "role", "ida@windmee.example", "king"), "There is no role king; known: conversation_manager,"),
        (("user", "role", "ida@windmee.example", "listener", "--team", "X"), "There is no team X; known: none yet."),
        (("user", "add", "x@y.example", "--name", "X", "--language", "de"), "There is no language de; known: en, nl."),
        (("user", "deactivate", "system@openroads.invalid"), "Nobody here has the address"),
    ],
)  # fmt: skip
def test_wrong_input_is_one_sentence_and_changes_nothing(
    ida: Any, words: tuple[str, ...], sentence: str
) -> None:
    entries = TrailEntry.objects.count()
    assert sentence in refused(openroads(*words))
    assert TrailEntry.objects.count() == entries


def test_the_last_administrator_is_not_kept_out(ada: Any) -> None:
    assert "last administrator" in sentences(openroads("user", "deactivate", ada.email))
    assert Person.objects.get(pk=ada.pk).is_active


def test_kept_out_and_let_in_again(ida: Any, signed_in: Any) -> None:
    browser = signed_in(ida)
    said(openroads("user", "deactivate", ida.email))
    assert browser.get("/").status_code == 302
    assert "may sign in" in said(openroads("user", "reactivate", ida.email))
    assert browser.get("/").status_code == 302, "the old session stays ended"
    assert Person.objects.get(pk=ida.pk).is_active
