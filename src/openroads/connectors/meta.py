"""Meta's Graph API: questions signed with the secret of our app, and what its webhooks tell."""

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final
from urllib.parse import urlencode

from openroads.connectors.answers import MAX_BYTES, Told, as_object, count, inside, rows, text
from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.hooked import Hooked, object_in
from openroads.connectors.http import Answer
from openroads.connectors.plain import one_line
from openroads.connectors.port import Field
from openroads.connectors.sentences import say

API: Final = "https://graph.facebook.com"
WATCH: Final = timedelta(days=30)
"""How long after it was posted something of ours is watched for new comments by visits."""
MOST_COMMENT_PAGES: Final = 20
"""Of one post, in one visit."""
FULL: Final = 95
"""Percent of what Meta lets our app ask, from which on a visit stops by itself."""
TOO_OFTEN: Final = frozenset({4, 17, 32, 341, 613, 80001, 80002, 80006})
PASSING: Final = frozenset({1, 2})
NOT_THERE: Final = 100

TOKEN: Final = Field(
    "token",
    say("Access token"),
    say(
        "Of the page, one that does not expire: made by a system user in Meta’s business settings."
    ),
    secret=True,
)
APP_SECRET: Final = Field(
    "app_secret",
    say("App secret"),
    say(
        "Signs our questions and proves what Meta sends to us; from the settings of your app at Meta."
    ),
    secret=True,
)
VERSION: Final = Field(
    "version",
    say("Version of the Graph API"),
    say("Meta ends each version after about two years."),
    required=False,
    default="v25.0",
)


class NotThere(Refused):
    """Something that was deleted, or that we may not see."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a webhook tells: of which account, in which field, when it was sent."""

    account: str
    field: str
    value: Told
    at: datetime


class OfMeta(Hooked):
    """What Facebook and Instagram have in common."""

    hook: ClassVar[str] = "meta"
    told_as: ClassVar[str]
    """What Meta calls this network in what it sends."""
    api: ClassVar[str] = API

    def graph(self, what: str, /, **params: str | int) -> Told:
        """The answer to one question. Raises TryLater when Meta asks us to wait, NotThere for what is
        not there, Refused for everything else it will not tell."""
        if self._asked:
            self._pause(self.between)
        self._asked = True
        token = self._told.get(TOKEN.name, "")
        asked = {name: value for name, value in params.items() if value != ""}
        asked["appsecret_proof"] = proof(self._told.get(APP_SECRET.name, ""), token)
        version = self._told.get(VERSION.name, "") or VERSION.default
        answer = self._client.get(
            f"{self.api}/{version}/{what}?{urlencode(asked)}",
            max_bytes=MAX_BYTES,
            # Not in the address: addresses are written down on the way.
            headers={"Authorization": f"Bearer {token}"},
            also=(400, 401, 403, 404),
        )
        told = as_object(answer)
        if fault := inside(told, "error"):
            raise trouble(fault, answer)
        if answer.status >= 400:
            raise Refused(say("Meta refused the request ({code}).", code=str(answer.status)))
        if _how_full(answer) >= FULL:
            raise TryLater(say("What Meta lets us ask in an hour is used up."), 3_600.0)
        return told

    def changes(self, body: bytes) -> list[Change]:
        """What a body tells of this network, whosoever account it is."""
        told = object_in(body)
        if text(told, "object") not in ("page", "instagram"):
            raise Refused(say("What was sent is not what Meta sends of a page or an account."))
        if text(told, "object") != self.told_as:
            return []
        found = []
        for entry in rows(told, "entry"):
            at = moment_of(entry, self._now)
            for change in rows(entry, "changes"):
                named = Change(
                    text(entry, "id"), text(change, "field"), inside(change, "value"), at
                )
                found.append(named)
        return found


def proof(secret: str, token: str) -> str:
    """What proves that a token is used by our own app: HMAC-SHA256 of the token under its secret
    (https://developers.facebook.com/docs/graph-api/guides/secure-requests)."""
    return hmac.new(secret.encode(), token.encode(), "sha256").hexdigest()


def after(told: Told) -> str:
    """Where a list goes on; empty at its end."""
    paging = inside(told, "paging")
    return text(inside(paging, "cursors"), "after") if text(paging, "next") else ""


def moment_of(entry: Told, now: datetime) -> datetime:
    """When a webhook was sent. TRICKY: some are told in seconds, some in thousandths."""
    sent = count(entry, "time") or 0
    found = entry.get("time")
    if isinstance(found, int) and found > 100_000_000_000:
        sent = found // 1000
    try:
        told = datetime.fromtimestamp(sent, UTC)
    except (ValueError, OverflowError, OSError):
        return now
    return told if now - timedelta(days=3_650) < told <= now else now


def every_comment(
    ask: Callable[[str], Told], first: Told, enough: Callable[[Told], bool]
) -> list[Told]:
    """The comments of a post: of the answer at hand, and of those after it until there are enough."""
    found = rows(first, "data")
    told = first
    for _ in range(MOST_COMMENT_PAGES):
        more = after(told)
        if not more or (found and enough(found[-1])):
            break
        told = ask(more)
        found += rows(told, "data")
    return found


def number_in(topic: str) -> str:
    """The number of a page or account. Raises Refused for what is none."""
    told = topic.strip()
    if not (told.isascii() and told.isdigit() and len(told) <= 30):
        raise Refused(say("“{told}” is not the number of a page or account: that is figures only.", told=told[:40]))  # fmt: skip
    return told


def trouble(fault: Told, answer: Answer) -> TryLater | Refused:
    """What a fault of Meta means for who asked."""
    code = count(fault, "code") or 0
    why = one_line(text(fault, "message"), 200) or "?"
    if code in TOO_OFTEN or answer.status == 429:
        return TryLater(say("What Meta lets us ask in an hour is used up."), 3_600.0)
    if code in PASSING:
        return TryLater(say("Meta has trouble: {why}", why=why))
    if code in (102, 190):
        return Refused(say("Meta does not accept the token any more; give a new one. It says: {why}", why=why))  # fmt: skip
    if code == NOT_THERE or answer.status == 404:
        return NotThere(say("Meta does not have this, or does not let us see it: {why}", why=why))
    return Refused(say("Meta refused: {why}", why=why))


def _how_full(answer: Answer) -> float:
    """Percent of our share that is used, the most of all that Meta tells; 0 when it tells nothing."""
    most = 0.0
    for header in ("x-app-usage", "x-business-use-case-usage"):
        try:
            told = json.loads(answer.headers.get(header, "") or "{}")
        except (ValueError, RecursionError):
            continue
        most = max(most, _most_in(told))
    return most


def _most_in(told: object) -> float:
    if isinstance(told, list):
        return max(map(_most_in, told), default=0.0)
    if not isinstance(told, Mapping):
        return 0.0
    shares = ("call_count", "total_time", "total_cputime")
    own = [float(told[name]) for name in shares if isinstance(told.get(name), int | float)]
    return max([*own, *(_most_in(value) for value in told.values() if isinstance(value, list))], default=0.0)  # fmt: skip
