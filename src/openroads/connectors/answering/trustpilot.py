"""Answering at Trustpilot: each review has one answer of the company."""

import base64
import json
from datetime import UTC, datetime
from typing import ClassVar, Final

from openroads.connectors.answering.port import Answering, Draft, Limits, Receipt, same_words
from openroads.connectors.answers import MAX_BYTES, Told, as_object, inside, moment, text
from openroads.connectors.failures import Refused
from openroads.connectors.port import Field
from openroads.connectors.sentences import say
from openroads.connectors.trustpilot import API, KEY

SECRET: Final = Field("secret", say("API secret"), say("Stands beside the API key."), secret=True)
USER: Final = Field(
    "user",
    say("Number of the user who answers"),
    say("Of somebody with a seat in Trustpilot Business; Trustpilot shows the company as the author."),
)  # fmt: skip


class AnsweringTrustpilot(Answering):
    """Puts the answer of the company under a review."""

    kind: ClassVar[str] = "trustpilot"
    label: ClassVar[str] = "Trustpilot"
    fields: ClassVar[tuple[Field, ...]] = (KEY, SECRET, USER)
    networks: ClassVar[tuple[str, ...]] = ("trustpilot",)
    limits: ClassVar[Limits] = Limits(None, False, True, False)
    asks: ClassVar[str] = say("An API key with its secret, which is part of a paid plan, and the number of a user.")  # fmt: skip
    api: ClassVar[str] = API
    _session: str = ""

    def publish(self, draft: Draft) -> Receipt:
        review, said = _review_in(draft.reply_to), self.words(draft)
        there = self._there(review)
        if text(there, "text") and not same_words(text(there, "text"), said):
            raise Refused(say("This review has another answer already; change that one at Trustpilot."))  # fmt: skip
        told = {"authorBusinessUserId": self._text(USER.name), "message": said}
        self._client.do(
            "POST", f"{self.api}/private/reviews/{review}/reply", json.dumps(told).encode(),
            headers={**self._headers(), "Content-Type": "application/json"},
        )  # fmt: skip
        return _receipt(review, {})

    def find(self, draft: Draft) -> Receipt | None:
        review = _review_in(draft.reply_to)
        there = self._there(review)
        return _receipt(review, there) if same_words(text(there, "text"), self.words(draft)) else None  # fmt: skip

    def check(self) -> str:
        self._headers()
        return self._text(USER.name)

    def _there(self, review: str) -> Told:
        """The answer that stands under a review; nothing where there is none."""
        answer = self._client.get(
            f"{self.api}/private/reviews/{review}", max_bytes=MAX_BYTES, headers=self._headers()
        )
        return inside(as_object(answer), "companyReply")

    def _headers(self) -> dict[str, str]:
        """A token for this visit, for the key and its secret."""
        if not self._session:
            pair = f"{self._text(KEY.name)}:{self._text(SECRET.name)}".encode()
            try:
                answer = self._client.post_form(
                    f"{self.api}/oauth/oauth-business-users-for-applications/accesstoken",
                    {"grant_type": "client_credentials"},
                    headers={"Authorization": f"Basic {base64.b64encode(pair).decode()}"},
                )
                self._session = text(as_object(answer), "access_token")
            except Refused:
                self._session = ""
        if not self._session:
            raise Refused(say("Trustpilot does not accept this key with this secret."))
        return {"Authorization": f"Bearer {self._session}"}


def _review_in(told: str) -> str:
    """The number of a review. Raises Refused for what is none."""
    if not (told.isascii() and told.isalnum() and len(told) <= 64):
        raise Refused(say("“{told}” is not a review as Trustpilot numbers them.", told=told[:80]))
    return told


def _receipt(review: str, there: Told) -> Receipt:
    at = moment(there, "createdAt", datetime.now(UTC)) or datetime.now(UTC)
    return Receipt(f"{review}/reply", f"https://www.trustpilot.com/reviews/{review}", at)
