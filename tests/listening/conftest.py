"""Windmee with its brand, products and accounts, and files brought in the way a person brings them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.conftest import Server

Receive = Callable[..., Any]


def found_windmee(owner: Any) -> Any:
    """The company: one brand, the products Kade and Polder, the account @windmee."""
    # Rooms with tables can be imported when Django has settled, which is after this file is read.
    from openroads.directory.company import COMPANY, Brand, Company, Product
    from openroads.directory.models import Account
    from openroads.listening import schedule  # noqa: F401 (declares the room's jobs)

    Company.objects.create(
        pk=COMPANY, name="Windmee", customers_en="riders", customers_nl="rijders"
    )
    brand = Brand.objects.create(name="Windmee")
    Product.objects.create(brand=brand, name="Kade", forms=["Windmee Kade"])
    Product.objects.create(brand=brand, name="Polder")
    Account.objects.create(network="", handle="windmee", owner=owner)
    return brand


@pytest.fixture
def windmee(archive_here: Any, sanne: Any) -> Any:
    """Windmee, with an archive of its own that is empty."""
    return found_windmee(sanne)


@pytest.fixture(scope="module")
def lasting_house(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """Windmee and Sanne for all tests of a file that only look. Tests see it inside a transaction
    that is rolled back after the last of them."""
    from django.conf import settings
    from django.db import transaction

    from openroads.directory import conversations
    from tests.conftest import on_the_payroll

    folder, given = tmp_path_factory.mktemp("lasting"), settings.OPENROADS
    before = given.archive_location, given.data
    conversations.close_archive()
    given.archive_location, given.data = folder / "archive", folder
    with django_db_blocker.unblock(), transaction.atomic():
        sanne = on_the_payroll("Sanne de Wit", "sanne@windmee.example", "listener")
        yield found_windmee(sanne), sanne
        transaction.set_rollback(True)
    conversations.close_archive()
    given.archive_location, given.data = before


@pytest.fixture
def received(windmee: Any, sanne: Any) -> Receive:
    """A file as Sanne uploads it: `received(b"text,date...", name="a.csv")`."""
    from openroads.listening.actions import imports

    def receive(content: bytes | str, name: str = "posts.csv", brand: Any = None) -> Any:
        body = content.encode() if isinstance(content, str) else content
        pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)]
        return imports.receive_file(by=sanne, name=name, content=pieces, brand=brand)

    return receive


@pytest.fixture
def brought(received: Receive, sanne: Any) -> Receive:
    """The same, started and read to its end by the line of jobs."""
    from openroads.delivery.runner import work_off
    from openroads.listening.actions import imports

    def bring(content: bytes | str, name: str = "posts.csv", brand: Any = None) -> Any:
        item = received(content, name, brand)
        imports.start_import(by=sanne, item=item)
        work_off()
        item.refresh_from_db()
        return item

    return bring


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    """A web server on this machine that the house may visit."""
    running = Server()
    before = settings.OPENROADS.http_allow
    settings.OPENROADS.http_allow = (f"127.0.0.1:{running.port}",)
    yield running
    settings.OPENROADS.http_allow = before
    running.close()


def outcome(item: Any) -> dict[str, int]:
    """What an import says came of it."""
    return {name: getattr(item, name) for name in ("read", "added", "changed", "same", "rejected")}


def rejected_file(item: Any) -> list[str]:
    return Path(item.rejected_path).read_text(encoding="utf-8-sig").splitlines()
