"""Passkeys and security keys, driven with Chromium's own virtual authenticator."""

from typing import Any

import pytest

from tests.browser.begun import EMAIL, PASSWORD, begin, log_out
from tests.browser.pages import too_wide, violations
from tests.browser.visitor import Visitor
from tests.cli.houses import Served


class Key:
    """A key of the browser: a passkey of the machine itself or, not `resident`, one on a stick."""

    def __init__(self, visitor: Visitor, *, resident: bool = True) -> None:
        self._devtools = visitor.context.new_cdp_session(visitor.page)
        self._devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal" if resident else "usb",
            "hasResidentKey": resident, "hasUserVerification": resident, "isUserVerified": resident,
            "automaticPresenceSimulation": True,
        }  # fmt: skip
        told = self._devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.id = told["authenticatorId"]

    def credentials(self) -> list[dict[str, Any]]:
        told = self._devtools.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        found: list[dict[str, Any]] = told["credentials"]
        return found


@pytest.fixture
def house(new_house: Served, visit: Any) -> Visitor:
    """A house that Ada has just begun, with Ada at its first page. Browsers give passkeys to names,
    not to numbers: so by the name of this machine."""
    visitor: Visitor = visit(new_house.address.replace("127.0.0.1", "localhost"))
    begin(visitor, new_house.begin.replace("127.0.0.1", "localhost"))
    return visitor


def add_key(page: Any, name: str, *, passkey: bool) -> None:
    page.goto("/account/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        page.fill("[name=password]", PASSWORD)
        page.get_by_role("button", name="Confirm").click()
    page.fill("[name=name]", name)
    if passkey:
        page.locator("[name=passwordless]").check()
    page.get_by_role("button", name="Add this key").click()


def judged(page: Any) -> list[str]:
    return violations(page) + too_wide(page)


def test_a_passkey_is_added_opens_the_house_and_is_removed(house: Visitor) -> None:
    page, key, faults = house.page, Key(house), []
    page.goto("/account/2fa/webauthn/add/")
    faults += judged(page)
    add_key(page, "Ada’s laptop", passkey=True)
    page.wait_for_url("**/recovery-codes/")
    faults += judged(page)
    assert len(key.credentials()) == 1
    page.goto("/account/2fa/webauthn/")
    faults += judged(page)
    row = page.locator("tbody tr").inner_text()
    assert "Ada’s laptop" in row and "passkey" in row
    log_out(house)
    faults += judged(page)

    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url(f"{house.address}/")
    assert "Ada Vermeer" in page.locator(".who summary").inner_text()

    log_out(house)
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url(f"{house.address}/")
    page.goto("/account/2fa/webauthn/")
    page.get_by_role("link", name="Rename").click()
    if "reauthenticate" in page.url:
        page.locator("main").get_by_role("link", name="key").click()
        faults += judged(page)
        page.get_by_role("button", name="Use my key").click()
    page.fill("[name=name]", "The old laptop")
    page.get_by_role("button", name="Keep this name").click()
    assert "The old laptop" in page.locator("tbody tr").inner_text()
    page.get_by_role("link", name="Remove").click()
    faults += judged(page)
    page.get_by_role("button", name="Remove this key").click()
    page.wait_for_url("**/account/2fa/webauthn/")
    assert page.locator("tbody tr").count() == 0
    faults += judged(page)
    log_out(house)
    page.get_by_role("button", name="Log in with a passkey").click()
    page.locator("[role=alert]").wait_for()
    assert "/account/login/" in page.url, "a removed passkey opens nothing"
    assert faults == []


def test_a_security_key_is_the_second_step_after_the_password(house: Visitor) -> None:
    page, faults = house.page, []
    Key(house, resident=False)
    add_key(page, "The key on my keys", passkey=False)
    page.wait_for_url("**/recovery-codes/")
    log_out(house)
    page.fill("[name=login]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/2fa/authenticate/")
    faults += judged(page)
    page.goto("/")
    assert "/2fa/authenticate/" in page.url, "without the key nobody is in"
    page.get_by_role("button", name="Use my key").click()
    page.wait_for_url(f"{house.address}/")
    assert faults == []


def test_an_address_of_numbers_gives_no_key_and_says_so(house: Visitor, visit: Any) -> None:
    """The console prints 127.0.0.1, where no browser gives a passkey."""
    page = visit(house.address.replace("localhost", "127.0.0.1")).page
    page.goto("/account/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.locator("[role=alert]").wait_for()
    assert "localhost" in page.locator("[role=alert]").inner_text()
    assert judged(page) == []
    page.get_by_role("button", name="Close").click()
    assert page.locator("[role=alert]").count() == 0
