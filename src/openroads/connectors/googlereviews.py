"""Google Business Profile: reviews of our own places, with their stars; edits replace, and what was taken away goes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Final
from urllib.parse import urlencode

from openroads.archive.message import Message
from openroads.connectors.answers import MAX_BYTES, Told, as_object, inside, moment, rows, text
from openroads.connectors.failures import Refused
from openroads.connectors.http import Answer, Guarded
from openroads.connectors.plain import clean, one_line
from openroads.connectors.port import Field, Page
from openroads.connectors.refreshing import Refreshes, Rule
from openroads.connectors.searching import BACK, Searched, Slice, searches_in
from openroads.connectors.sentences import say

API: Final = "https://mybusiness.googleapis.com/v4"
SIGN_IN: Final = "https://oauth2.googleapis.com/token"
A_PAGE: Final = 50
STARS: Final = {"ONE": 1.0, "TWO": 2.0, "THREE": 3.0, "FOUR": 4.0, "FIVE": 5.0}
ORIGINAL: Final = "(Original)"
TRANSLATED: Final = "(Translated by Google)"
PLACES: Final = Field(
    "topic",
    say("Places"),
    say("As Google numbers them, separated by commas: accounts/123/locations/456."),
)
CLIENT: Final = Field("client", say("Client ID"), say("Of your project at Google Cloud."))
CLIENT_SECRET: Final = Field("client_secret", say("Client secret"), secret=True)
TOKEN: Final = Field(
    "token",
    say("Refresh token"),
    say("Of a manager of these places, for the scope business.manage."),
    secret=True,
)


class GoogleReviews(Searched, Refreshes):
    """Follows the reviews of places of ours."""

    kind: ClassVar[str] = "google"
    label: ClassVar[str] = say("Google reviews")
    reads: ClassVar[str] = say("Reviews of your own places, with their stars.")
    asks: ClassVar[str] = say("A project at Google that was let in to Business Profile, and a refresh token.")  # fmt: skip
    fields: ClassVar[tuple[Field, ...]] = (PLACES, CLIENT, CLIENT_SECRET, TOKEN, BACK)
    api: ClassVar[str] = API
    sign_in: ClassVar[str] = SIGN_IN
    _session: str = ""

    def read(self, topic: str, cursor: str = "") -> Iterator[Page]:
        """Reviews that are new or changed, place by place."""
        for place in searches_in(topic):
            place_in(place)
        return super().read(topic, cursor)

    def _ask(self, search: str, since: datetime, older: str) -> Slice:
        """Last changed first; `older` is the network's own mark."""
        told = as_object(
            self._signed(
                f"{search}/reviews",
                pageSize=str(A_PAGE),
                orderBy="updateTime desc",
                pageToken=older,
            )
        )
        found = rows(told, "reviews")
        messages = [said for each in found if (said := as_message(each, self._now)) is not None]
        changed = [when for each in found if (when := moment(each, "updateTime", self._now))]
        more = text(told, "nextPageToken")
        return Slice(messages, more if changed and min(changed) >= since else "")

    @classmethod
    def rule(cls, told: Mapping[str, str]) -> Rule:
        """Once a day: what was deleted there is to be gone here within one."""
        return Rule(after=timedelta(hours=24))

    def refresh(self, ids: Sequence[str]) -> Iterator[Message]:
        """Each review as it is now, or its deletion where Google says that it is not there."""
        for number in ids:
            answer = self._signed(number, also=(404,))
            if answer.status == 404:
                yield Message(number, "google", "", self._now, op="delete")
            elif (said := as_message(as_object(answer), self._now)) is not None:
                yield said

    def _signed(self, what: str, also: tuple[int, ...] = (), **params: str) -> Answer:
        if not self._session:
            self._session = google_token(self._client, self.sign_in, self._told)
        elif self._asked:
            self._pause(self.between)
        self._asked = True
        asked = urlencode({name: value for name, value in params.items() if value})
        return self._client.get(
            f"{self.api}/{what}?{asked}".rstrip("?"),
            max_bytes=MAX_BYTES,
            headers={"Authorization": f"Bearer {self._session}"},
            also=also,
        )


def google_token(client: Guarded, sign_in: str, told: Mapping[str, str]) -> str:
    """A token for this visit, for the one that lasts. Raises TryLater and Refused."""
    asked = {
        "client_id": told.get(CLIENT.name, ""),
        "client_secret": told.get(CLIENT_SECRET.name, ""),
        "refresh_token": told.get(TOKEN.name, ""),
        "grant_type": "refresh_token",
    }
    try:
        token = text(as_object(client.post_form(sign_in, asked)), "access_token")
    except Refused:
        token = ""
    if not token:
        raise Refused(say("Google does not accept the refresh token with this client; make a new one."))  # fmt: skip
    return token


def place_in(told: str) -> str:
    """A place as Google numbers it. Raises Refused for what is none."""
    parts = told.split("/")
    if len(parts) != 4 or parts[::2] != ["accounts", "locations"] or not all(each.isdigit() for each in parts[1::2]):  # fmt: skip
        raise Refused(say("“{told}” is not a place as Google numbers them: accounts/123/locations/456.", told=told[:80]))  # fmt: skip
    return told


def as_message(review: Told, now: datetime) -> Message | None:
    """A review as a message, in its own words rather than Google's translation; None for what has
    neither words nor stars."""
    said_at, number = moment(review, "createTime", now), text(review, "name")
    stars = STARS.get(text(review, "starRating"))
    said = original(text(review, "comment"))
    if said_at is None or not number or (not said and stars is None):
        return None
    who = inside(review, "reviewer")
    hidden = who.get("isAnonymous") is True
    return Message(
        native_id=number[:300],
        network="google",
        text=said,
        said_at=said_at,
        # Google gives no number of a reviewer: the name is all that tells two apart.
        author="" if hidden else one_line(text(who, "displayName"), 200),
        author_name="" if hidden else one_line(text(who, "displayName")),
        thread=number[:300],
        rating=stars,
    )


def original(comment: str) -> str:
    """The words of the reviewer. Google puts a translation before them, or after."""
    if ORIGINAL in comment:
        return clean(comment.partition(ORIGINAL)[2])
    return clean(comment.partition(TRANSLATED)[0] or comment.replace(TRANSLATED, ""))
