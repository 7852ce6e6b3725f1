"""The door and the pages of one's own account: allauth's, in the shell and the words of the house."""

import html5lib
import pytest
from django import forms
from django.conf import settings
from django.template.loader import get_template

from openroads.ui.fields import FieldsOfTheHouse

OUTSIDE = ("/account/login/", "/account/password/reset/", "/account/password/reset/done/")
INSIDE = (
    "/account/email/",
    "/account/password/set/",
    "/account/password/change/",
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
    "/account/2fa/recovery-codes/generate/",
    "/account/sessions/",
    "/account/3rdparty/",
    "/account/logout/",
)


def tree(text):
    return html5lib.parse(text, namespaceHTMLElements=False)


def rules_broken(page):
    """What the policy of the site would refuse: handlers, styles and scripts inside the page."""
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        for name in element.keys():
            if name.startswith("on") or name == "style":
                yield f"<{element.tag} {name}>"
        kind = element.get("type", "text/javascript")
        if element.tag == "script" and not element.get("src") and kind != "application/json":
            yield "an inline script"
        if element.tag == "style":
            yield "an inline style sheet"


def assert_at_home(answer):
    page = tree(answer.content.decode())
    assert not list(rules_broken(page))
    assert len(list(page.iter("h1"))) == 1
    sheets = [link.get("href") for link in page.iter("link") if link.get("rel") == "stylesheet"]
    assert any(sheet.endswith("ui/frame.css") for sheet in sheets)


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_page_before_the_door_is_at_home(client, db, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert_at_home(answer)


@pytest.mark.parametrize("address", INSIDE)
def test_a_page_of_ones_account_is_at_home(client, noor, address):
    client.force_login(noor)
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    assert_at_home(answer)


@pytest.fixture
def demo_house(monkeypatch, tmp_path):
    """A house whose data are those of a demo."""
    monkeypatch.setattr(settings.OPENROADS, "demo", True)
    monkeypatch.setattr(settings.OPENROADS, "data", tmp_path)
    (tmp_path / "demo.json").write_text("{}")
    return tmp_path


def test_a_demo_has_a_door_for_everybody_and_a_house_has_none(
    client, noor, demo_house, monkeypatch
):
    def doors():
        page = tree(client.get("/account/login/").content.decode())
        return [form for form in page.iter("form") if form.get("action") == "/demo/enter/"]

    assert any("Noor" in "".join(door.itertext()) for door in doors())
    monkeypatch.setattr(settings.OPENROADS, "demo", False)
    assert doors() == []


def test_the_setting_alone_opens_no_house_that_is_no_demo(client, noor, demo_house):
    (demo_house / "demo.json").unlink()
    assert "/demo/enter/" not in client.get("/account/login/").content.decode()
    assert client.post("/demo/enter/", {"person": noor.pk}).status_code == 404


def test_a_door_of_the_demo_lets_in_who_stands_on_it(client, noor, demo_house):
    page = tree(client.get("/account/login/").content.decode())
    door = next(form for form in page.iter("form") if form.get("action") == "/demo/enter/")
    person = next(
        field.get("value") for field in door.iter("input") if field.get("name") == "person"
    )
    client.post("/demo/enter/", {"person": person})
    assert client.session["_auth_user_id"] == person


@pytest.mark.parametrize(
    "name",
    [
        "account/account_inactive.html",
        "account/signup_closed.html",
        "socialaccount/login_cancelled.html",
        "socialaccount/authentication_error.html",
    ],
)
def test_a_closed_door_says_so_in_one_headline(name, rf, db):
    page = tree(get_template(name).render({}, rf.get("/account/login/")))
    assert not list(rules_broken(page))
    assert len(list(page.iter("h1"))) == 1


class Trip(forms.Form):
    """A form of a test: one field that must be filled and one that may stay empty."""

    default_renderer = FieldsOfTheHouse
    where = forms.CharField(label="Where to", help_text="A town.")
    why = forms.CharField(label="Why", required=False)
    back = forms.BooleanField(label="And back", required=False)


def test_only_what_may_stay_empty_is_marked():
    page = tree(Trip().as_div())
    labels = {label.get("for"): "".join(label.itertext()) for label in page.iter("label")}
    assert labels == {"id_where": "Where to", "id_why": "Why optional", "id_back": "And back"}


def test_an_error_and_a_hint_are_tied_to_their_field():
    page = tree(Trip({"where": ""}).as_div())
    field = next(field for field in page.iter("input") if field.get("name") == "where")
    ids = {element.get("id") for element in page.iter()}
    assert field.get("aria-invalid") == "true"
    assert set(field.get("aria-describedby").split()) <= ids
