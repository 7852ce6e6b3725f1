"""A house that was just begun, by the quickest way through its first pages."""

from tests.browser.visitor import Visitor

EMAIL, PASSWORD = "ada@windmee.example", "a bicycle goes against the wind"


def begin(visitor: Visitor, address: str) -> None:
    """From the address the console printed to the first page; Ada is its administrator."""
    page = visitor.page
    page.goto(address)
    page.locator("input[value=en]").check()
    answers = (
        {},
        {"name": "Windmee"},
        {"brand": "Windmee"},
        {"name": "Ada Vermeer", "email": EMAIL, "password": PASSWORD},
    )
    for told in answers:
        for name, value in told.items():
            page.fill(f"[name={name}]", value)
        page.locator("main form .btn.go").click()
    page.wait_for_url("**/listen/imports/")


def log_out(visitor: Visitor) -> None:
    """By the page and its button."""
    visitor.page.goto("/account/logout/")
    visitor.page.locator("main").get_by_role("button", name="Log out").click()
    visitor.page.wait_for_url("**/account/login/")
