"""A house with a source that is pushed to, and somebody who knows its secret."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from openroads.connectors.signatures import sign

JSON_LINES = "application/x-ndjson"


def line(number: str = "t1", **more: Any) -> dict[str, Any]:
    return {"id": number, "text": "De accu is leeg.", "said_at": "2026-11-01T10:00:00Z", "author": "rider-7", **more}  # fmt: skip


def lines(*told: Any) -> bytes:
    return "\n".join(each if isinstance(each, str) else json.dumps(each) for each in told).encode()


@dataclass
class Sender:
    """A program that pushes to one source, as a stranger would: no session, only a secret."""

    source: Any
    secret: str
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    @property
    def address(self) -> str:
        return f"/api/v1/posts/{self.source.push_address.public_id}"

    def send(
        self, body: bytes, *, deed: str = "d1", kind: str = JSON_LINES, at: int | None = None,
        secret: str = "", signature: str | None = None, **headers: str,
    ) -> Any:  # fmt: skip
        """POST a body, signed now unless told otherwise."""
        moment = str(int(time.time()) if at is None else at)
        made = sign(secret or self.secret, deed, moment, body) if signature is None else signature
        told = {"webhook-id": deed, "webhook-timestamp": moment, "webhook-signature": made}
        return self.client.post(self.address, body, content_type=kind, headers={**told, **headers})


@pytest.fixture
def sender(sanne: Any) -> Sender:
    """Customer service of Windmee, which pushes its tickets."""
    from openroads.listening.pushed.actions import open_source

    cache.clear()
    return Sender(*open_source(by=sanne, name="Tickets", purpose="What customers ask"))


@pytest.fixture
def posts_of(archive_here: Any) -> Callable[[Any], int]:
    """How many posts the archive holds of a source, after the line of jobs is done."""
    from openroads.archive.queries.state import kept
    from openroads.delivery.runner import work_off
    from openroads.directory.conversations import archive
    from openroads.listening.pushed import schedule  # noqa: F401 (declares the room's jobs)

    def count(source: Any) -> int:
        work_off()
        return sum(row.posts for row in kept(archive()) if row.source == source.pk)

    return count
