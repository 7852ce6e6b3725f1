"""Cases as they stand in the inbox: one person, one thread, what they said and what we said."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone


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
