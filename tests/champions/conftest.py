"""A success as a colleague writes it down."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone


@pytest.fixture
def told() -> Callable[..., Any]:
    """What is told of a success; `told(level="A", proof="CRM 12")` says it otherwise."""
    from openroads.champions.actions.successes import Told

    def tell(**more: Any) -> Any:
        usual = {
            "kind": "lead", "title": "A rider asked for a test ride", "on": timezone.localdate(),
            "level": "C",
        }  # fmt: skip
        return Told(**{**usual, **more})

    return tell


@pytest.fixture
def recorded(told: Callable[..., Any]) -> Callable[..., Any]:
    """A success that somebody wrote down of themselves: `recorded(ilse, level="D")`."""
    from openroads.champions.actions.successes import record_success

    def record(by: Any, *, owner: Any = None, tell: str = "colleagues", **more: Any) -> Any:
        how = "Said so on the phone" if tell == "outside" else ""
        return record_success(by=by, owner=owner or by, told=told(**more), tell=tell, tell_how=how)

    return record
