"""Every address, every role: who may open what. A new address without a line here fails."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from openroads.listening.models import BrandText, Import, Source

ROLES = ("noor", "daan", "sanne", "fleur", "ilse", "tom", "omar", "ida", "marloes", "ada")
EVERYBODY = frozenset(ROLES)
READERS = EVERYBODY - {"ida", "marloes"}
LISTENERS = frozenset({"noor", "sanne", "ada"})
PEOPLE = frozenset({"noor", "ada"})
ADMINISTRATORS = frozenset({"ada"})

OPEN = "open to anonymous visitors"
TABLE: dict[str, Any] = {
    "web:home": EVERYBODY,
    "web:welcome": OPEN,
    "web:welcome_step": OPEN,
    "web:enter_demo": OPEN,
    "web:livez": OPEN,
    "web:robots": OPEN,
    "ui:menu": EVERYBODY,
    "ui:theme": OPEN,
    "ui:language": OPEN,
    "ui:keys": OPEN,
    "ui:parts": OPEN,  # exists on a demo only
    "listening:gap": READERS,
    "listening:gap_csv": READERS,
    "listening:gap_pdf": READERS,
    "listening:gap_method": READERS,
    "listening:posts": READERS,
    "listening:imports": LISTENERS,
    "listening:import": LISTENERS,
    "listening:start_import": LISTENERS,
    "listening:stop_import": LISTENERS,
    "listening:resume_import": LISTENERS,
    "listening:rejected_rows": LISTENERS,
    "listening:sources": READERS,
    "listening:add_feed": LISTENERS,
    "listening:add_site": LISTENERS,
    "listening:visit_source": LISTENERS,
    "listening:pause_source": LISTENERS,
    "listening:texts": READERS,
    "listening:add_texts": LISTENERS,
    "listening:text": READERS,
    "listening:remove_text": LISTENERS,
    "listening:names": READERS,
    "directory:people": PEOPLE,
    "directory:add_person": ADMINISTRATORS,
    "directory:me": EVERYBODY,
    "directory:person": PEOPLE,
    "directory:grant": ADMINISTRATORS,
    "directory:revoke": ADMINISTRATORS,
    "directory:keep_out": ADMINISTRATORS,
    "directory:let_in": ADMINISTRATORS,
    "directory:sign_in_link": ADMINISTRATORS,
    "directory:trail": ADMINISTRATORS,
}


def addresses(patterns: Any = None, space: str = "") -> Iterator[str]:
    """The full name of every address of ours; allauth's own pages are tested where they are closed."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            if str(pattern.pattern).startswith("account/"):
                continue
            inner = (
                f"{space}:{pattern.namespace}"
                if space and pattern.namespace
                else pattern.namespace or space
            )
            yield from addresses(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{space}:{pattern.name}" if space else str(pattern.name)


def test_every_address_stands_in_the_table() -> None:
    assert set(addresses()) == set(TABLE)


@pytest.fixture
def things(cast: dict[str, Any], archive_here: Any) -> dict[str, dict[str, Any]]:
    """One thing behind each address that names one."""
    from openroads.directory.company import COMPANY, Brand, Company

    Company.objects.create(pk=COMPANY, name="Windmee")
    brand = Brand.objects.create(name="Windmee")
    source = Source.objects.create(
        kind="feed", name="Blog", address="https://blog.example/feed", brand=brand
    )
    item = Import.objects.create(
        name="posts.csv", path="/nowhere", state=Import.State.DONE, source=source
    )
    text = BrandText.objects.create(
        brand=brand,
        source=source,
        title="Kade",
        text="Freedom.",
        digest="x",
        valid_from="2026-01-01",
    )
    grant = cast["ilse"].grants.get()
    ids = {
        "grant_id": grant.pk,
        "import_id": item.pk,
        "source_id": source.pk,
        "text_id": text.pk,
        "person_id": cast["ilse"].pk,
    }
    return {name: {key: ids[key] for key in _arguments(name) if key in ids} for name in TABLE}


def _arguments(name: str) -> list[str]:
    if name == "web:welcome_step":
        return []
    keys = {
        "listening:import": ["import_id"], "listening:start_import": ["import_id"],
        "listening:stop_import": ["import_id"], "listening:resume_import": ["import_id"],
        "listening:rejected_rows": ["import_id"], "listening:visit_source": ["source_id"],
        "listening:pause_source": ["source_id"], "listening:text": ["text_id"],
        "listening:remove_text": ["text_id"],
    }  # fmt: skip
    if name.startswith("directory:") and name.split(":")[1] in PERSON_PAGES:
        return ["person_id", "grant_id"] if name == "directory:revoke" else ["person_id"]
    return keys.get(name, [])


PERSON_PAGES = ("person", "grant", "revoke", "keep_out", "let_in", "sign_in_link")


def _address(name: str, things: dict[str, dict[str, Any]]) -> str:
    if name == "web:welcome_step":
        return reverse(name, args=("language",))
    return reverse(name, kwargs=things[name])


@pytest.mark.parametrize("role", ROLES)
def test_who_may_open_what(
    role: str, cast: dict[str, Any], things: dict[str, dict[str, Any]], signed_in: Any
) -> None:
    browser = signed_in(cast[role])
    for name, who in sorted(TABLE.items()):
        address = _address(name, things)
        status = browser.get(address).status_code
        if who == OPEN or role in who:
            assert status not in (401, 403, 500), f"{role} gets {status} at {address}"
        else:
            assert status in (403, 404, 405), f"{role} gets {status} at {address}"


def test_a_stranger_is_sent_to_the_login_page(things: dict[str, dict[str, Any]]) -> None:
    for name, who in TABLE.items():
        answer = Client().get(_address(name, things))
        to_login = answer.headers.get("Location", "").startswith("/account/login/")
        assert answer.status_code != 500, name
        assert to_login is (who != OPEN), name


def test_a_deed_without_its_token_is_refused(
    cast: dict[str, Any], things: dict[str, dict[str, Any]]
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["ada"])
    for name in TABLE:
        assert client.post(_address(name, things)).status_code in (403, 405), name


@pytest.mark.parametrize("role", ["ida", "marloes", "omar"])
def test_a_deed_by_who_may_not_is_refused_and_changes_nothing(
    role: str, cast: dict[str, Any], things: dict[str, dict[str, Any]], signed_in: Any
) -> None:
    deeds = [name for name, allowed in TABLE.items() if allowed in (LISTENERS, ADMINISTRATORS)]
    before = (Source.objects.count(), BrandText.objects.count(), Import.objects.count())
    for name in deeds:
        assert signed_in(cast[role]).post(_address(name, things)).status_code in (403, 404, 405), (
            name
        )
    assert (Source.objects.count(), BrandText.objects.count(), Import.objects.count()) == before
