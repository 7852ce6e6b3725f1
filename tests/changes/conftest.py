"""A department with its head, and evidence as a working room hands it over."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from openroads.changes.evidence import Frozen, Quoted


@pytest.fixture
def product(tom: Any) -> Any:
    """Tom's department."""
    department = tom.grants.get().department
    department.head = tom
    department.save()
    return department


@pytest.fixture
def service(db: None) -> Any:
    """A department nobody heads."""
    from openroads.directory.models import Department

    return Department.objects.create(name="Service")


def a_set(name: str = "Battery in winter", posts: int = 438, first: int = 3, **more: Any) -> Frozen:
    """A frozen set with two quotes; the second is not counted in any language we know."""
    quotes = (
        Quoted(2**64 - 5, datetime(2026, 11, first, 9, tzinfo=UTC), 7, "bluesky", "nl", -0.6, -1,
               "", "Bij 2 graden haal ik met mijn Kade nog 48 km."),
        Quoted(12, datetime(2026, 11, first + 1, 9, tzinfo=UTC), 7, "reddit", "en", None, -128,
               "", "Marloes says it loses a third the moment it freezes."),
    )  # fmt: skip
    told: dict[str, Any] = {
        "kind": "topic", "name": name, "url": "/listen/explore/posts/?topic=1", "query": "accu*",
        "version": 2, "since": date(2026, 11, 1), "until": date(2026, 11, 29),
        "first_on": date(2026, 11, first), "posts": posts, "people": 300, "nameless": 4,
        "rated": 400, "net": -52.0, "net_low": -61.0, "net_high": -44.0, "quotes": quotes,
    }  # fmt: skip
    return Frozen(**{**told, **more})
