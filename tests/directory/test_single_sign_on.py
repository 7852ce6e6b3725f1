"""Single sign-on against a real issuer that signs real tokens, and against every trap it can lay."""

import re
import time
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from openroads.directory import policy
from openroads.directory.actions import create_person, deactivate_person
from openroads.directory.models import Person, TrailEntry
from openroads.directory.people import system_person
from openroads.directory.roles import Role
from tests.directory.issuer import CLIENT, SECRET, Issuer, follow, says

LOGIN = "/account/oidc/company/login/"
CALLBACK = "/account/oidc/company/login/callback/"


@pytest.fixture
def issuer(settings: Any) -> Iterator[Issuer]:
    """The company's issuer, in a house that knows it."""
    running = Issuer()
    given = settings.OPENROADS
    before = given.oidc_issuer, given.oidc_open
    given.oidc_issuer = running.url
    providers = {**settings.SOCIALACCOUNT_PROVIDERS}
    app = {
        "provider_id": "company", "name": "Windmee account", "client_id": CLIENT, "secret": SECRET,
        "settings": {"server_url": running.url},
    }  # fmt: skip
    providers["openid_connect"] = {**providers["openid_connect"], "APPS": [app]}
    settings.SOCIALACCOUNT_PROVIDERS = providers
    yield running
    given.oidc_issuer, given.oidc_open = before
    running.close()


@pytest.fixture
def open_house(settings: Any, issuer: Issuer) -> None:
    settings.OPENROADS.oidc_open = True


def off(client: Client, **asked: str) -> str:
    """The issuer's address that a browser is sent to."""
    page = client.post(LOGIN, asked) if not asked else client.post(f"{LOGIN}?{asked['query']}")
    assert page.status_code == 200, page.content.decode()[:500]
    found = re.search(r"URL='([^']+)'", page.content.decode())
    assert found, "the page sends on"
    return unescape(found[1])


def come_in(client: Client | None = None) -> tuple[Client, Any]:
    """The whole way, as a browser goes it."""
    client = client or Client()
    return client, client.get(follow(off(client)))


def who(client: Client) -> Person | None:
    pk = client.session.get("_auth_user_id")
    return Person.objects.get(pk=pk) if pk else None


# ------------------------------------------------------------------------------------- coming in
def test_an_invited_person_comes_in_by_the_company_account(issuer: Issuer, ida: Any) -> None:
    client, answer = come_in()
    assert answer.status_code == 302 and who(client) == ida
    assert SocialAccount.objects.get(user=ida).uid == "u-1"
    again, _answer = come_in()
    assert who(again) == ida and SocialAccount.objects.count() == 1


def test_the_login_page_offers_it_and_says_where_it_leads(
    issuer: Issuer, client: Client, db: None
) -> None:
    page = client.get("/account/login/").content.decode()
    assert "Log in with Windmee account" in page and LOGIN in page
    asks = client.get(LOGIN).content.decode()
    assert "You go to Windmee account now" in asks
    assert client.get("/account/oidc/other/login/").status_code == 404


def test_what_is_sent_to_the_issuer_is_bound_to_this_browser(issuer: Issuer, ida: Any) -> None:
    first, second = off(Client()), off(Client())
    asked = [parse_qs(urlsplit(address).query) for address in (first, second)]
    assert asked[0]["state"] != asked[1]["state"]
    assert asked[0]["code_challenge"] != asked[1]["code_challenge"]
    assert asked[0]["code_challenge_method"] == ["S256"] and asked[0]["response_type"] == ["code"]
    assert set(asked[0]["scope"][0].split()) == {"openid", "profile", "email"}
    assert SECRET not in first


def test_no_token_of_the_issuer_is_kept_and_little_of_what_it_said(
    issuer: Issuer, ida: Any
) -> None:
    issuer.userinfo = {"picture": "https://x/y.png", "groups": ["board"], "phone_number": "06"}
    client, _answer = come_in()
    assert not SocialToken.objects.exists()
    kept = SocialAccount.objects.get().extra_data["id_token"]
    assert set(kept) == {"sub", "email", "name", "email_verified"}
    assert not [key for key in client.session.keys() if "token" in key.lower()]


def test_an_existing_link_is_by_subject_and_not_by_address(
    issuer: Issuer, ida: Any, tom: Any
) -> None:
    come_in()
    issuer.person = {"sub": "u-1", "email": tom.email, "name": "Ida, renamed"}
    client, _answer = come_in()
    assert who(client) == ida, "the subject never changes, an address may"


# ------------------------------------------------------------------------------ an open and a closed house
def test_a_stranger_stays_outside_a_closed_house(issuer: Issuer, db: None) -> None:
    client, answer = come_in()
    assert who(client) is None
    assert "An administrator lets people in" in answer.content.decode()
    assert not Person.objects.filter(email="ida@windmee.example").exists()


def test_in_an_open_house_a_colleague_comes_in_as_an_employee(open_house: None, db: None) -> None:
    client, _answer = come_in()
    person = who(client)
    assert person is not None
    assert (person.name, person.email) == ("Ida", "ida@windmee.example")
    assert policy.has_role(person, Role.EMPLOYEE) and not policy.may_see_people(person)
    assert not person.has_usable_password()
    verbs = [entry.verb for entry in TrailEntry.objects.all()[:2]]
    assert verbs == ["gave role", "let in by single sign-on"]


def test_without_a_name_the_address_gives_one(open_house: None, issuer: Issuer, db: None) -> None:
    issuer.person = {"sub": "u-9", "email": "joost.visser@windmee.example"}
    client, _answer = come_in()
    person = who(client)
    assert person is not None and person.name == "joost.visser"


@pytest.mark.parametrize("vouched", [False, "false", 0, ""])
def test_an_address_the_issuer_does_not_vouch_for_opens_nobodys_account(
    open_house: None, issuer: Issuer, ida: Any, vouched: Any
) -> None:
    issuer.person["email_verified"] = vouched
    client, answer = come_in()
    assert who(client) is None and answer.status_code < 500
    assert not SocialAccount.objects.filter(user=ida).exists()
    assert Person.objects.filter(email=ida.email).count() == 1


@pytest.mark.parametrize("vouched", [True, "true", "True"])
def test_an_address_the_issuer_vouches_for_does(issuer: Issuer, ida: Any, vouched: Any) -> None:
    issuer.person["email_verified"] = vouched
    assert who(come_in()[0]) == ida


def test_who_is_kept_out_stays_out(issuer: Issuer, ida: Any, ada: Any) -> None:
    come_in()
    deactivate_person(by=ada, person=ida)
    client, answer = come_in()
    assert who(client) is None and answer.status_code in (200, 302)


def test_nobody_comes_in_as_the_house_itself(open_house: None, issuer: Issuer, db: None) -> None:
    house = system_person()
    issuer.person["email"] = house.email
    client, answer = come_in()
    assert who(client) is None and answer.status_code < 500


def test_the_second_step_is_still_asked(issuer: Issuer, ida: Any) -> None:
    TOTP.activate(ida, "JBSWY3DPEHPK3PXP")
    client, answer = come_in()
    assert who(client) is None and answer.url == reverse("mfa_authenticate")


def test_the_door_leads_to_pages_of_this_house_only(issuer: Issuer, ida: Any) -> None:
    client = Client()
    back = client.get(follow(off(client, query="next=https://evil.example/")))
    assert "evil" not in back.headers.get("Location", "")
    client = Client()
    assert client.get(follow(off(client, query="next=/people/me/"))).url == "/people/me/"


# ------------------------------------------------------------------------------- what is not accepted
def refused(client: Client, answer: Any) -> bool:
    page = answer.content.decode()
    return who(client) is None and answer.status_code == 401 and "<h1" in page


TRAPS: dict[str, dict[str, Any]] = {
    "another key than is published": {"signs_with": "other"},
    "a published key under another name": {"header": {"kid": "other"}},
    "no signature": {"header": {"alg": "none"}},
    "a shared secret that everybody knows": {"header": {"alg": "HS256"}},
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "another client": {"claims": {"aud": "somebody-else"}},
    "several clients, made for another": {"claims": {"aud": [CLIENT, "other"], "azp": "other"}},
    "several clients, nobody named": {"claims": {"aud": [CLIENT, "other"]}},
    "long over": {"claims": {"iat": 1, "exp": 300}},
    "not yet": {"claims": {"iat": int(time.time()) + 9999, "exp": int(time.time()) + 99999}},
    "no end": {"claims": {"exp": None}},
    "nobody": {"claims": {"sub": None}},
    "a subject that is no text": {"claims": {"sub": {"a": 1}}},
    "two different people": {"userinfo": {"sub": "u-2"}},
    "a subject in one place only": {"userinfo": {"sub": None}},
    "an issuer that calls itself otherwise": {"describes": {"issuer": "https://evil.example"}},
    "no address for tokens": {"describes": {"token_endpoint": None}},
    "keys inside the network": {"describes": {"jwks_uri": "http://169.254.169.254/latest"}},
    "tokens fetched from a file": {"describes": {"token_endpoint": "file:///etc/passwd"}},
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_of_the_issuer_lets_nobody_in(issuer: Issuer, ida: Any, trap: str) -> None:
    vars(issuer).update(TRAPS[trap])
    client = Client()
    page = client.post(LOGIN)
    if page.status_code == 200:
        answer = client.get(follow(off(client)))
    else:
        answer = page  # it is stopped before anybody goes there
    assert refused(client, answer), answer.status_code
    assert not SocialAccount.objects.exists()


def test_a_key_that_was_changed_is_fetched_anew(issuer: Issuer, ida: Any) -> None:
    come_in()
    issuer.signs_with, issuer.published = "other", ["other"]
    assert who(come_in()[0]) == ida
    issuer.published, issuer.header = ["other"], {"kid": None}
    assert who(come_in()[0]) == ida, "one key needs no name"


FAULTS = {
    "nothing": lambda handler: says(handler, b"", 200),
    "no JSON": lambda handler: says(handler, b"<html>Sign in</html>"),
    "a list": lambda handler: says(handler, [1, 2]),
    "a fault": lambda handler: says(handler, {"error": "x"}, 500),
    "no": lambda handler: says(handler, {"error": "x"}, 403),
    "very much": lambda handler: says(handler, b'{"a":"' + b"x" * 2_000_000 + b'"}'),
    "half": lambda handler: (says(handler, b'{"issuer": "h'), handler.wfile.close()),
}


@pytest.mark.parametrize("place", ["/.well-known/openid-configuration", "/token", "/jwks", "/userinfo"])  # fmt: skip
@pytest.mark.parametrize("fault", FAULTS)
def test_an_issuer_in_trouble_is_a_page_and_no_fault_of_ours(
    issuer: Issuer, ida: Any, place: str, fault: str
) -> None:
    issuer.answers[place] = FAULTS[fault]
    client = Client()
    answer = client.post(LOGIN)
    if answer.status_code == 200:
        answer = client.get(follow(off(client)))
    assert refused(client, answer), (answer.status_code, answer.content.decode()[:300])


def test_an_issuer_that_is_away_is_a_page_too(issuer: Issuer, ida: Any) -> None:
    issuer.close()
    client = Client()
    assert refused(client, client.post(LOGIN))


def test_a_token_address_that_sends_on_gets_nothing_of_ours(issuer: Issuer, ida: Any) -> None:
    def sends_on(handler: Any) -> None:
        handler.send_response(307)
        handler.send_header("Location", f"{issuer.url}/elsewhere")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    issuer.answers["/token"] = sends_on
    assert refused(*come_in())
    assert "/elsewhere" not in [path for _method, path, _told in issuer.asked]


# ----------------------------------------------------------------------- state, code, browser
def test_a_callback_of_another_browser_lets_nobody_in(issuer: Issuer, ida: Any) -> None:
    mine, theirs = Client(), Client()
    back = follow(off(mine))
    off(theirs)
    assert refused(theirs, theirs.get(back))
    assert who(mine) is None


@pytest.mark.parametrize("changed", ["state=x", "", "state="])
def test_a_callback_without_its_state_lets_nobody_in(
    issuer: Issuer, ida: Any, changed: str
) -> None:
    client = Client()
    code = parse_qs(urlsplit(follow(off(client))).query)["code"][0]
    assert refused(client, client.get(f"{CALLBACK}?code={code}&{changed}"))


def test_a_callback_works_once(issuer: Issuer, ida: Any) -> None:
    client = Client()
    back = follow(off(client))
    client.get(back)
    client.logout()
    assert refused(client, client.get(back))
    assert len([1 for _m, path, _t in issuer.asked if path == "/token"]) == 1


def test_a_code_of_somebody_else_is_refused_by_its_proof(issuer: Issuer, ida: Any) -> None:
    """A code that leaked from one browser, brought into the flow of another."""
    victim, thief = Client(), Client()
    stolen = parse_qs(urlsplit(follow(off(victim))).query)["code"][0]
    state = parse_qs(urlsplit(follow(off(thief))).query)["state"][0]
    assert refused(thief, thief.get(f"{CALLBACK}?code={stolen}&state={state}"))


def test_who_stops_at_the_issuer_is_told_that_nothing_happened(issuer: Issuer, ida: Any) -> None:
    client = Client()
    state = parse_qs(urlsplit(off(client)).query)["state"][0]
    answer = client.get(f"{CALLBACK}?error=access_denied&state={state}", follow=True)
    assert "You stopped halfway" in answer.content.decode()
    client = Client()
    state = parse_qs(urlsplit(off(client)).query)["state"][0]
    wild = client.get(f"{CALLBACK}?error=<script>alert(1)</script>&state={state}")
    assert refused(client, wild) and "<script>alert" not in wild.content.decode()


def test_going_there_takes_a_post_with_its_token(issuer: Issuer, db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(LOGIN).status_code == 403
    assert not issuer.asked


# ------------------------------------------------------------------------------------ linked accounts
def test_somebody_links_and_unlinks_the_company_account(issuer: Issuer, db: None) -> None:
    eva = create_person(
        by=system_person(), email="eva@windmee.example", name="Eva", password="three-crates-of-oranges"
    )  # fmt: skip
    cache.clear()
    client = Client()
    client.post("/account/login/", {"login": eva.email, "password": "three-crates-of-oranges"})
    issuer.person = {"sub": "u-7", "email": "other@elsewhere.example"}
    asked = client.get(follow(off(client, query="process=connect")))
    assert asked.url == reverse("account_reauthenticate"), "the password is asked once more"
    assert not SocialAccount.objects.exists()
    client.post(asked.url, {"password": "three-crates-of-oranges"})
    account = SocialAccount.objects.get(user=eva)
    assert account.uid == "u-7"
    other, _answer = come_in()
    assert who(other) == eva
    page = client.get("/account/3rdparty/")
    assert page.status_code == 200
    client.post("/account/3rdparty/", {"account": account.pk})
    assert not SocialAccount.objects.exists()


def test_an_account_that_is_linked_to_one_is_not_linked_to_another(
    issuer: Issuer, ida: Any, tom: Any
) -> None:
    come_in()
    client = Client()
    client.force_login(tom)
    answer = client.get(follow(off(client, query="process=connect")))
    assert answer.status_code < 500
    assert SocialAccount.objects.get().user == ida
