"""Posts that are pushed to us: one JSON object a line, or a JSON array; each line a message or a reason."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from openroads.archive.message import Message
from openroads.archive.networks import LABELS
from openroads.connectors.answers import moment
from openroads.connectors.dates import FUTURE_SLACK
from openroads.connectors.failures import Refused
from openroads.connectors.files.headings import language_tag
from openroads.connectors.plain import one_line, plain, web_address
from openroads.connectors.port import Rejected
from openroads.connectors.sentences import say

MOST_BYTES: Final = 2_000_000
MOST_LINES: Final = 5_000
MOST_TEXT: Final = 50_000
MOST_ID: Final = 300
MOST_REJECTED: Final = 100
"""Reasons that are told one by one; more are counted."""
KINDS: Final = {
    "application/json": False,
    "application/x-ndjson": True,
    "application/jsonl": True,
    "application/jsonlines": True,
}
"""Media types that are taken, and whether each line is an object of its own."""
TEXTS: Final = (
    "id", "text", "said_at", "author", "author_name", "url", "title", "language", "network",
    "reply_to", "thread",
)  # fmt: skip
COUNTS: Final = ("likes", "replies", "reposts", "views")
FIELDS: Final = frozenset((*TEXTS, *COUNTS, "rating", "repost", "op"))


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a body holds: messages in the order told, the lines that are none, how many there were."""

    messages: tuple[Message, ...]
    rejected: tuple[Rejected, ...]
    lines: int

    @property
    def deletions(self) -> int:
        return sum(message.op == "delete" for message in self.messages)


class _No(Exception):
    """Why a line is no message."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read_pushed(body: bytes, kind: str, now: datetime) -> Pushed:
    """The messages in a body of media type `kind`. Raises Refused for a body that cannot be read at
    all; a line that is no message comes back with its number and the reason."""
    messages: list[Message] = []
    rejected: list[Rejected] = []
    lines = 0
    for number, told in _objects(body, kind):
        lines += 1
        if lines > MOST_LINES:
            raise Refused(say("One request brings at most {most} lines; send the rest in another.", most=MOST_LINES))  # fmt: skip
        try:
            messages.append(as_message(told, now))
        except _No as no:
            rejected.append(Rejected(say("line {number}", number=str(number)), no.why, ""))
    if not lines:
        raise Refused(say("The request holds no line."))
    return Pushed(tuple(messages), tuple(rejected), lines)


def _objects(body: bytes, kind: str) -> Iterator[tuple[int, object]]:
    if len(body) > MOST_BYTES:
        raise Refused(say("The request is larger than {size} MB.", size=MOST_BYTES / 1_000_000))
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(say("The request is not UTF-8.")) from None
    if "\0" in text:  # JSON has none, and no database of ours keeps one
        raise Refused(say("The request is not JSON."))
    if KINDS.get(kind):
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                yield number, _parsed(line)
        return
    told = _parsed(text)
    if told is None:
        raise Refused(say("The request is not JSON."))
    yield from enumerate(told if isinstance(told, list) else [told], 1)


def _parsed(text: str) -> object:
    """A JSON value; None for what is none. TRICKY: Python also reads NaN and Infinity, which are none."""
    try:
        return json.loads(text, parse_constant=lambda _: math.nan)
    except (ValueError, RecursionError):
        return None


def as_message(told: object, now: datetime) -> Message:
    """A line as a message. Raises _No with the reason for what is none."""
    if not isinstance(told, Mapping):
        raise _No(say("This is not a JSON object."))
    if unknown := sorted(set(map(str, told)) - FIELDS):
        raise _No(say("There is no field “{name}”.", name=unknown[0][:40]))
    texts = {name: _text(told, name) for name in TEXTS}
    number = texts["id"].strip()
    if not number or len(number) > MOST_ID:
        raise _No(say("The field id is missing, or longer than {most} characters.", most=MOST_ID))
    network = texts["network"] or "web"
    if network not in LABELS:
        raise _No(say("There is no network “{name}”.", name=network[:40]))
    op = _op(told)
    said_at = moment(told, "said_at", now)
    if op == "delete":
        return Message(number, network, "", said_at or now, op="delete")
    said = plain(texts["text"][: 2 * MOST_TEXT])[:MOST_TEXT].strip()
    if not said:
        raise _No(say("The field text is missing or empty."))
    if said_at is None:
        raise _No(say("The field said_at is no moment such as 2026-11-24T14:05:00Z, or lies ahead."))  # fmt: skip
    counts = {name: _count(told, name) for name in COUNTS}
    return Message(
        native_id=number,
        network=network,
        text=said,
        said_at=min(said_at.astimezone(UTC), now + FUTURE_SLACK),
        author=one_line(texts["author"], 200),
        author_name=one_line(texts["author_name"], 200),
        url=web_address(texts["url"]),
        title=one_line(texts["title"]),
        language=language_tag(texts["language"]),
        reply_to=texts["reply_to"][:MOST_ID],
        thread=texts["thread"][:MOST_ID],
        repost=_flag(told, "repost"),
        rating=_rating(told),
        likes=counts["likes"],
        replies=counts["replies"],
        reposts=counts["reposts"],
        views=counts["views"],
    )


def _text(told: Mapping[str, Any], name: str) -> str:
    found = told.get(name)
    if found is None:
        return ""
    if name == "said_at" and isinstance(found, int | float) and not isinstance(found, bool):
        return ""
    if name in ("id", "reply_to", "thread") and isinstance(found, int) and not isinstance(found, bool):  # fmt: skip
        return str(found)
    if not isinstance(found, str):
        raise _No(say("The field {name} is not a text.", name=name))
    return found


def _count(told: Mapping[str, Any], name: str) -> int | None:
    found = told.get(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= 4_294_967_295:
        raise _No(say("The field {name} is not a whole number from 0 on.", name=name))
    return found


def _rating(told: Mapping[str, Any]) -> float | None:
    found = told.get("rating")
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found <= 10:
        raise _No(say("The field rating is not a number from 0 to 10."))
    return float(found)


def _flag(told: Mapping[str, Any], name: str) -> bool:
    found = told.get(name, False)
    if not isinstance(found, bool):
        raise _No(say("The field {name} is neither true nor false.", name=name))
    return found


def _op(told: Mapping[str, Any]) -> Literal["upsert", "delete"]:
    found = told.get("op", "upsert")
    if found == "delete":
        return "delete"
    if found != "upsert":
        raise _No(say("The field op is neither upsert nor delete."))
    return "upsert"
