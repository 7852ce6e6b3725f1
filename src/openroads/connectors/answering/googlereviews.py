"""Answering Google reviews: each review has one answer of the place, which is put there."""

import json
from datetime import UTC, datetime
from typing import ClassVar, Final

from openroads.connectors.answering.port import Answering, Draft, Limits, Receipt, done, same_words
from openroads.connectors.answers import MAX_BYTES, Told, as_object, inside, moment, text
from openroads.connectors.failures import Refused
from openroads.connectors.googlereviews import (
    API,
    CLIENT,
    CLIENT_SECRET,
    SIGN_IN,
    TOKEN,
    google_token,
    place_in,
)
from openroads.connectors.port import Field
from openroads.connectors.sentences import say

MOST: Final = 4_096
"""Bytes (https://developers.google.com/my-business/content/review-data)."""
PLACE: Final = Field(
    "place",
    say("A place of yours"),
    say("As Google numbers it: accounts/123/locations/456; only to try the connection."),
)


def _bytes(text: str) -> int:
    return len(text.encode())


class AnsweringGoogle(Answering):
    """Puts the answer of a place under a review. Putting the same once more changes nothing."""

    kind: ClassVar[str] = "google"
    label: ClassVar[str] = say("Google reviews")
    fields: ClassVar[tuple[Field, ...]] = (PLACE, CLIENT, CLIENT_SECRET, TOKEN)
    networks: ClassVar[tuple[str, ...]] = ("google",)
    limits: ClassVar[Limits] = Limits(MOST, False, True, False, counted=_bytes)
    asks: ClassVar[str] = say("A project at Google that was let in to Business Profile, and a refresh token.")  # fmt: skip
    api: ClassVar[str] = API
    sign_in: ClassVar[str] = SIGN_IN
    _session: str = ""

    def publish(self, draft: Draft) -> Receipt:
        review = _review_in(draft.reply_to)
        said = self.words(draft)
        there = inside(self._ask(review), "reviewReply")
        if text(there, "comment") and not same_words(text(there, "comment"), said):
            raise Refused(say("This review has another answer already; change that one at Google."))
        answer = self._client.do(
            "PUT", f"{self.api}/{review}/reply", json.dumps({"comment": said}).encode(),
            headers={**self._headers(), "Content-Type": "application/json"},
        )  # fmt: skip
        return _receipt(review, done(answer))

    def find(self, draft: Draft) -> Receipt | None:
        review = _review_in(draft.reply_to)
        there = inside(self._ask(review), "reviewReply")
        return _receipt(review, there) if same_words(text(there, "comment"), self.words(draft)) else None  # fmt: skip

    def check(self) -> str:
        place = place_in(self._text(PLACE.name))
        self._ask(f"{place}/reviews?pageSize=1")
        return place

    def _ask(self, what: str) -> Told:
        return as_object(
            self._client.get(f"{self.api}/{what}", max_bytes=MAX_BYTES, headers=self._headers())
        )

    def _headers(self) -> dict[str, str]:
        self._session = self._session or google_token(self._client, self.sign_in, self._told)
        return {"Authorization": f"Bearer {self._session}"}


def _review_in(told: str) -> str:
    """A review as Google numbers it. Raises Refused for what is none."""
    place, _, number = told.partition("/reviews/")
    if not number or not all(sign.isalnum() or sign in "-_" for sign in number):
        raise Refused(say("“{told}” is not a review as Google numbers them.", told=told[:80]))
    return f"{place_in(place)}/reviews/{number}"


def _receipt(review: str, there: Told) -> Receipt:
    at = moment(there, "updateTime", datetime.now(UTC)) or datetime.now(UTC)
    return Receipt(f"{review}/reply"[:500], "", at)
