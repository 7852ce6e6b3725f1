"""What a network's API answered: JSON that is looked at with care, because nobody promised its shape."""

import json
import math
from collections.abc import Container, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from openroads.connectors.dates import FUTURE_SLACK, Unclear, check_moment, read_date
from openroads.connectors.failures import Refused
from openroads.connectors.http import Answer, Guarded
from openroads.connectors.sentences import say

MAX_BYTES: Final = 5_000_000

Told = Mapping[str, Any]


def ask(
    client: Guarded,
    address: str,
    params: Mapping[str, str | int],
    *,
    headers: Mapping[str, str] | None = None,
    also: Container[int] = (),
) -> Answer:
    """What an address answers to these parameters; empty ones are left out. Raises TryLater and
    Refused as the client does, but for a status in `also`."""
    asked = urlencode({name: value for name, value in params.items() if value != ""})
    whole = f"{address}?{asked}" if asked else address
    return client.get(whole, max_bytes=MAX_BYTES, headers=headers, also=also)


def shown(secret: str) -> str:
    """A key or token as it goes into a header. Raises Refused for what cannot be one."""
    told = secret.strip()
    if not told or not told.isascii() or not told.isprintable() or " " in told:
        raise Refused(say("The key or token of this source is not one; give it again."))
    return told


def as_object(answer: Answer) -> Told:
    """The answer as a JSON object. Raises Refused when it is none."""
    told = _json(answer)
    if not isinstance(told, dict):
        raise _no_api(answer)
    return told


def as_objects(answer: Answer) -> list[Told]:
    """The answer as a list of JSON objects. Raises Refused when it is no list."""
    told = _json(answer)
    if not isinstance(told, list):
        raise _no_api(answer)
    return [row for row in told if isinstance(row, dict)]


def _json(answer: Answer) -> object:
    try:
        return json.loads(answer.body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


def _no_api(answer: Answer) -> Refused:
    host = urlsplit(answer.url).hostname or ""
    return Refused(say("{host} answers with something that is not its API.", host=host))


def rows(told: Told, name: str) -> list[Told]:
    """The objects of a list; what is none is left out, and no list is an empty one."""
    found = told.get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def inside(told: Told, *names: str) -> Told:
    """The object that stands in an object, under one name after the other; empty when it is not there."""
    for name in names:
        found = told.get(name)
        if not isinstance(found, dict):
            return {}
        told = found
    return told


def text(told: Told, name: str) -> str:
    """A text or a number as text; empty when it is neither."""
    found = told.get(name)
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    return str(found)


def count(told: Told, name: str) -> int | None:
    """How many; None when it is not told: unknown is not zero."""
    found = told.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        return None
    return min(max(int(found), 0), 4_294_967_295)


def moment(told: Told, name: str, now: datetime) -> datetime | None:
    """A moment in UTC, told in ISO 8601 or in seconds since 1970; None when it cannot be one."""
    found = told.get(name)
    try:
        if isinstance(found, int | float) and not isinstance(found, bool):
            said = datetime.fromtimestamp(found, UTC)
        else:
            said = read_date(str(found or ""), "iso", UTC)
        check_moment(said, now + FUTURE_SLACK)
    except (Unclear, ValueError, OverflowError, OSError):
        return None
    return said
