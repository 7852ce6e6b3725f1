"""What answering at Facebook and Instagram have in common: signed questions and deeds, comments looked through."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import ClassVar, Final
from urllib.parse import urlencode

from openroads.connectors.answering.port import Answering, Draft, Receipt, done
from openroads.connectors.answers import MAX_BYTES, Told, as_object, count, inside, rows, text
from openroads.connectors.failures import Refused, TryLater, Unsure
from openroads.connectors.http import Answer
from openroads.connectors.meta import (
    API,
    APP_SECRET,
    MOST_COMMENT_PAGES,
    PASSING,
    TOKEN,
    VERSION,
    after,
    proof,
    trouble,
)
from openroads.connectors.plain import one_line
from openroads.connectors.sentences import say

MOST_PRIVATE: Final = 1_000
"""Characters of a private message."""
PRIVATE_HOURS: Final = 7 * 24
"""Hours after a comment in which its writer may be written to, once
(https://developers.facebook.com/docs/messenger-platform/discovery/private-replies)."""


class AnsweringMeta(Answering):
    """Comments in reply, and one private message to who made a comment."""

    api: ClassVar[str] = API

    def _private(self, draft: Draft, path: str) -> Receipt:
        """Write to who made a comment; Meta allows it once within seven days."""
        said = self.words(draft)
        if len(said) > MOST_PRIVATE:
            raise Refused(say("A private message at Meta is at most {most} characters.", most=MOST_PRIVATE))  # fmt: skip
        told = self._do(path, {"recipient": {"comment_id": draft.reply_to}, "message": {"text": said}})  # fmt: skip
        number = text(told, "message_id")
        if not number:
            raise Unsure(say("Meta answers, but does not say what became of it."))
        return Receipt(number[:500], "", datetime.now(UTC))

    def _ask(self, what: str, **params: str) -> Told:
        """The answer to one question. Raises TryLater and Refused."""
        answer = self._client.get(
            self._address(what, params), max_bytes=MAX_BYTES, headers=self._signed(),
            also=(400, 401, 403, 404),
        )  # fmt: skip
        told = as_object(answer)
        if fault := inside(told, "error"):
            raise trouble(fault, answer)
        if answer.status >= 400:
            raise Refused(say("Meta refused the request ({code}).", code=str(answer.status)))
        return told

    def _do(self, what: str, body: dict[str, object]) -> Told:
        """One deed. TRICKY: what Meta calls a passing trouble may have been done all the same."""
        return self._send(what, json.dumps(body).encode(), "application/json")

    def _send(self, what: str, body: bytes, kind: str) -> Told:
        answer = self._client.do(
            "POST", self._address(what, {}), body, headers={**self._signed(), "Content-Type": kind},
            also=(400, 401, 403, 404, 429), timeout=60.0 if len(body) > 100_000 else 20.0,
        )  # fmt: skip
        if answer.status < 400:
            return done(answer)
        fault = self._fault(answer)
        if (count(fault, "code") or 0) in PASSING:
            raise Unsure(say("Meta has trouble: {why}", why=one_line(text(fault, "message"), 200)))
        raise trouble(fault, answer)

    def _fault(self, answer: Answer) -> Told:
        try:
            return inside(as_object(answer), "error")
        except Refused:
            return {}

    def _comments(self, path: str, fields: str, **more: str) -> Iterator[Told]:
        """The comments of a list, page by page. Raises TryLater when it is longer than is looked through:
        what is not seen is not told to be absent."""
        mark = ""
        for _ in range(MOST_COMMENT_PAGES):
            told = self._ask(path, fields=fields, limit="50", after=mark, **more)
            yield from rows(told, "data")
            mark = after(told)
            if not mark:
                return
        raise TryLater(say("There are too many comments to look through."))

    def _address(self, what: str, params: dict[str, str]) -> str:
        asked = {name: value for name, value in params.items() if value}
        asked["appsecret_proof"] = proof(self._text(APP_SECRET.name), self._text(TOKEN.name))
        version = self._text(VERSION.name, VERSION.default)
        return f"{self.api}/{version}/{what}?{urlencode(asked)}"

    def _signed(self) -> dict[str, str]:
        # Not in the address: addresses are written down on the way.
        return {"Authorization": f"Bearer {self._text(TOKEN.name)}"}


def number_of(native_id: str) -> str:
    """A post or comment as Meta numbers them: figures, with a stroke between two of them. Raises Refused."""
    if not native_id or not all(each.isascii() and each.isdigit() for each in native_id.split("_")):
        raise Refused(say("“{told}” is not a post or comment as Meta numbers them.", told=native_id[:60]))  # fmt: skip
    return native_id
