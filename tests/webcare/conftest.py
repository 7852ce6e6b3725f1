"""People who wrote to Windmee, as networks bring them, and a channel by which answers leave for practice."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

Lands = Callable[..., Any]


@pytest.fixture
def windmee(archive_here: Any, noor: Any) -> Any:
    """Windmee with its account and products, an empty archive, and the ready-made rules."""
    from openroads.directory.company import COMPANY, Brand, Company, Product
    from openroads.directory.models import Account
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.rules.actions import begin_with_ready_rules

    Company.objects.create(pk=COMPANY, name="Windmee", languages=["nl", "en"])
    brand = Brand.objects.create(name="Windmee", forms=["Windmee", "@windmee"], own=True)
    Product.objects.create(brand=brand, name="Kade", forms=["Kade"])
    Account.objects.create(network="bluesky", handle="windmee", owner=noor)
    begin_with_ready_rules(by=noor)
    take_in(now=timezone.now() - timedelta(days=2))  # the house has been listening since
    return brand


@pytest.fixture
def practice(windmee: Any, ada: Any) -> Any:
    """A channel whose answers go through everything and reach nobody."""
    from openroads.delivery.channels import add_channel

    return add_channel(by=ada, kind="practice", name="Practice", account=None, told={}, sources=[])


@pytest.fixture
def lands(windmee: Any) -> Lands:
    """A post of a network comes in: `lands("Is dat normaal?", author="marloes")`."""
    from openroads.archive.ingest import Origin, ingest
    from openroads.archive.message import Message
    from openroads.connectors.port import Page
    from openroads.directory.conversations import archive
    from openroads.listening.analysing import analysed
    from openroads.listening.queries import reader

    count = iter(range(1, 10_000))

    def land(
        text: str, *, author: str = "marloes", name: str = "Marloes de Groot", network: str = "bluesky",
        native: str = "", reply_to: str = "", thread: str = "", ago: timedelta = timedelta(minutes=5),
        said_at: datetime | None = None, op: Any = "upsert", source: int = 7, **more: Any,
    ) -> Message:  # fmt: skip
        message = Message(
            native_id=native or f"p{next(count)}", network=network, text=text, author=author,
            author_name=name, said_at=said_at or datetime.now(UTC) - ago, reply_to=reply_to,
            thread=thread, op=op, **more,
        )  # fmt: skip
        own = frozenset({"windmee"})
        for page, analysis in analysed(iter([Page([message], "", [])]), reader(), 1):
            ingest(archive(), page.messages, analysis, Origin(source, "customer", windmee.pk, own), now=timezone.now())  # fmt: skip
        return message

    return land


@pytest.fixture
def case(lands: Lands, practice: Any) -> Any:
    """Marloes asks how far she should get in winter."""
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case

    lands("@windmee bij 2 graden haal ik met mijn Kade nog 48 km. Is dat normaal of is mijn accu stuk?", native="winter")  # fmt: skip
    take_in()
    return Case.objects.get()


@pytest.fixture
def merel(db: None) -> Any:
    """Merel Kuin, webcare agent beside Daan."""
    from tests.conftest import on_the_payroll

    return on_the_payroll("Merel Kuin", "merel@windmee.example", "webcare_agent")


@pytest.fixture
def a_case(db: None) -> Callable[..., Any]:
    """Makes a case: `came` is when its first word came in, `answered` and `closed` how much later; of
    the same `person` (an identity) or of somebody new."""
    from openroads.webcare.models import Case, Contact, Identity
    from tests.webcare.saying import close, ours, theirs

    made: list[Any] = []

    def make(
        *,
        came: datetime | None = None,
        answered: timedelta | None = None,
        closed: timedelta | None = None,
        person: Any = None,
        topics: tuple[str, ...] = (),
        by: Any = None,
        helped_by: tuple[str, ...] = (),
        **told: Any,
    ) -> Any:
        number = len(made) + 1
        came = came or timezone.now() - timedelta(hours=1)
        identity = person or Identity.objects.create(
            contact=Contact.objects.create(), network="bluesky", author=number
        )
        case = Case.objects.create(
            identity=identity, network="bluesky", source=1, thread=f"thread-{number}", opened_at=came,
            first_in_at=came, last_in_at=came, waiting_since=came, topics=list(topics),
            **{"language": "nl", "intent": "question", **told},
        )  # fmt: skip
        made.append(case)
        theirs(case, came, post=1_000 + number)
        if answered is not None:
            ours(case, came + answered, by=by, helped_by=helped_by)
        if closed is not None:
            close(case, came + closed, by=by)
        return case

    return make
