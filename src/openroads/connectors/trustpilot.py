"""Trustpilot: reviews of our company, with their stars; what their webhook tells is looked up before it counts."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Final

from openroads.archive.message import Message
from openroads.connectors.answers import (
    MAX_BYTES,
    Told,
    as_object,
    count,
    inside,
    moment,
    rows,
    text,
)
from openroads.connectors.failures import Refused
from openroads.connectors.files.headings import language_tag
from openroads.connectors.hooked import Hooked, object_in
from openroads.connectors.plain import clean, one_line, web_address
from openroads.connectors.port import Field, Page, Rejected
from openroads.connectors.refreshing import Refreshes, Rule
from openroads.connectors.searching import BACK, Slice
from openroads.connectors.sentences import say

API: Final = "https://api.trustpilot.com/v1"
A_PAGE: Final = 100
EVENTS: Final = frozenset(
    {"service-review-created", "service-review-updated", "service-review-deleted"}
)
COMPANY: Final = Field(
    "topic",
    say("Your company at Trustpilot"),
    say("The name of your site as it stands in the address of your page there: windmee.example."),
)
KEY: Final = Field(
    "key",
    say("API key"),
    say("From Integrations, Developers, in Trustpilot Business."),
    secret=True,
)


class Trustpilot(Hooked, Refreshes):
    """Follows the reviews of one company: visits, and what Trustpilot sends."""

    kind: ClassVar[str] = "trustpilot"
    label: ClassVar[str] = "Trustpilot"
    reads: ClassVar[str] = say("Reviews of your company, with their stars; edits and deletions where Trustpilot sends them.")  # fmt: skip
    asks: ClassVar[str] = say("An API key, which is part of a paid plan.")
    fields: ClassVar[tuple[Field, ...]] = (COMPANY, KEY, BACK)
    hook: ClassVar[str] = "trustpilot"
    api: ClassVar[str] = API
    _unit: str = ""

    def _ask(self, search: str, since: datetime, older: str) -> Slice:
        """Last written first; `older` is the number of the page."""
        page = int(older) if older.isdigit() else 1
        told = as_object(
            self._get(
                f"{self.api}/business-units/{self._number(search)}/reviews",
                self._key(),
                perPage=A_PAGE,
                page=page,
                orderBy="createdat.desc",
            )
        )
        found = rows(told, "reviews")
        messages = [said for each in found if (said := as_message(each, self._now)) is not None]
        young = [said for said in messages if said.said_at >= since]
        whole = len(found) == A_PAGE and len(young) == len(messages)
        return Slice(young, str(page + 1) if whole else "")

    def _number(self, site: str) -> str:
        """What Trustpilot calls the company of a site."""
        if not self._unit:
            found = self._get(f"{self.api}/business-units/find", self._key(), name=site)
            self._unit = text(as_object(found), "id")
            if not self._unit.isalnum():
                raise Refused(say("Trustpilot knows no company of the site “{site}”.", site=site))
        return self._unit

    def _key(self) -> dict[str, str]:
        return {"apikey": self._told.get(KEY.name, "")}

    def hear(self, body: bytes) -> Iterator[Page]:
        """What Trustpilot sends, each review as its API has it now.

        TRICKY: Trustpilot signs nothing. So what was sent only says which reviews to ask for: who
        guesses our address can make us ask, and cannot make us believe.
        """
        told = object_in(body)
        numbers, rejected = [], []
        for place, event in enumerate(rows(told, "events"), 1):
            number = text(inside(event, "eventData"), "id")
            if text(event, "eventName") in EVENTS and number.isalnum() and len(number) <= 64:
                numbers.append(number)
            else:
                rejected.append(Rejected(say("event {number}", number=str(place)), say("This is no event of a service review."), ""))  # fmt: skip
        ours = self._number(self._told.get("topic", "").strip())
        yield Page([*self.refresh(tuple(dict.fromkeys(numbers)), of=ours)], "", rejected)

    @classmethod
    def rule(cls, told: Mapping[str, str]) -> Rule:
        """Once a day: what was deleted there is to be gone here within one."""
        return Rule(after=timedelta(hours=24))

    def refresh(self, ids: Sequence[str], of: str = "") -> Iterator[Message]:
        """Each review as it is now, or its deletion where Trustpilot says that it is not there; with `of`
        those of this company only."""
        for number in ids:
            if self._asked:
                self._pause(self.between)
            self._asked = True
            answer = self._client.get(
                f"{self.api}/reviews/{number}",
                max_bytes=MAX_BYTES,
                headers=self._key(),
                also=(404, 410),
            )
            if answer.status in (404, 410):
                yield Message(number, "trustpilot", "", self._now, op="delete")
                continue
            review = as_object(answer)
            whose = text(inside(review, "businessUnit"), "id")
            said = as_message(review, self._now)
            if said is not None and (not of or whose in ("", of)):
                yield said


def as_message(review: Told, now: datetime) -> Message | None:
    """A review as a message, `op` delete when Trustpilot keeps it from readers; None for what has no
    number or moment, or neither words nor stars."""
    said_at, number = moment(review, "createdAt", now), text(review, "id")
    stars = count(review, "stars")
    said = clean(text(review, "text"))
    if said_at is None or not number or (not said and stars is None):
        return None
    who = inside(review, "consumer")
    shown = text(review, "status") in ("", "active")
    return Message(
        native_id=number[:200],
        network="trustpilot",
        text=said,
        said_at=said_at,
        author=text(who, "id"),
        author_name=one_line(text(who, "displayName") or text(who, "name")),
        url=web_address(f"https://www.trustpilot.com/reviews/{number}"),
        title=one_line(text(review, "title")),
        language=language_tag(text(review, "language")),
        thread=number[:200],
        likes=count(review, "numberOfLikes"),
        rating=float(stars) if stars else None,
        op="upsert" if shown else "delete",
    )
