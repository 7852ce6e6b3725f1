"""Single sign-on in a real browser: its content policy stops forms that lead elsewhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.begun import begin, log_out
from tests.browser.pages import too_wide, violations
from tests.cli.houses import Served
from tests.directory.issuer import CLIENT, SECRET, Issuer


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    running = Issuer()
    yield running
    running.close()


@pytest.fixture
def house(tmp_path: Path, issuer: Issuer) -> Iterator[Served]:
    """A house whose people come in by the company's issuer, on another address than its own."""
    told = {
        "OPENROADS_OIDC_ISSUER": issuer.url, "OPENROADS_OIDC_CLIENT_ID": CLIENT,
        "OPENROADS_OIDC_CLIENT_SECRET": SECRET, "OPENROADS_OIDC_NAME": "Windmee account",
        "OPENROADS_OIDC_OPEN": "yes",
    }  # fmt: skip
    served = Served("run", "--data", tmp_path / "house", log=tmp_path / "house.log", env=told)
    yield served
    served.stop()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_a_colleague_comes_in_by_the_company_account(
    house: Served, issuer: Issuer, visit: Any, script: bool
) -> None:
    visitor = visit(house.address, script=script)
    begin(visitor, house.begin)
    log_out(visitor)
    page = visitor.page
    page.get_by_role("link", name="Log in with Windmee account").click()
    faults = violations(page) + too_wide(page) if script else []
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(f"{house.address}/")
    assert page.locator(".who summary").inner_text() == "Ida"
    away = [
        fault for fault in visitor.faults if f"outside the house: {issuer.url}/authorize" in fault
    ]
    assert len(away) == 1, "the browser was there"
    visitor.faults = [fault for fault in visitor.faults if fault not in away]
    assert faults == []
