"""LinkedIn: what a company posts on its own page, and what is commented there. Kept briefly; leaves the house in no file."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar, Final
from urllib.parse import quote

from openroads.archive.message import Message
from openroads.connectors.answers import Told, as_object, count, inside, moment, rows, shown, text
from openroads.connectors.failures import Refused
from openroads.connectors.http import Answer
from openroads.connectors.metering import Allowance
from openroads.connectors.plain import clean, one_line
from openroads.connectors.port import Field
from openroads.connectors.refreshing import Refreshes, Rule, gone, hours
from openroads.connectors.searching import BACK, LOOK_FOR, Searched, Slice, searches_in
from openroads.connectors.sentences import say

API: Final = "https://api.linkedin.com/rest"
PAGE: Final = 50
COMMENTS: Final = 100
MOST_COMMENT_PAGES: Final = 10
QUESTIONS: Final = Allowance("questions", say("questions to LinkedIn"))
TOKEN: Final = Field(
    "token",
    say("Access token"),
    say(
        "Of an administrator of the page, with r_organization_social; LinkedIn lets it run out after 60 days."
    ),
    secret=True,
)
PAGE_OF: Final = Field(
    LOOK_FOR.name,
    say("Number of your page"),
    say(
        "From its address as administrator: linkedin.com/company/12345/admin. More of them separated by commas."
    ),
)
VERSION: Final = Field(
    "version",
    say("Version of the API"),
    say("Year and month. LinkedIn retires a version about a year after it appeared."),
    required=False,
    default="202610",
)
NAMES: Final = Field(
    "names",
    say("Hours members' profiles are kept"),
    say(
        "Who commented. LinkedIn's terms said 24 hours when this was built, read at second hand: look them up."
    ),
    required=False,
    default="24",
)
ACTIVITY: Final = Field(
    "activity",
    say("Hours members' comments are kept"),
    say(
        "Each is looked up again in half the shorter of these times, and goes when that does not succeed. LinkedIn's "
        "terms said 48 hours when this was built, read at second hand: look them up."
    ),
    required=False,
    default="48",
)
_COMMENT = re.compile(r"urn:li:comment:\((urn:li:[\w:]+),(\d+)\)")


class LinkedIn(Searched, Refreshes):
    """Follows the company's own pages through the Community Management API."""

    kind: ClassVar[str] = "linkedin"
    label: ClassVar[str] = "LinkedIn"
    reads: ClassVar[str] = say("Posts of your own page, and the comments on them.")
    asks: ClassVar[str] = say(
        "Access to the Community Management API, and a token of an administrator of the page."
    )
    fields: ClassVar[tuple[Field, ...]] = (TOKEN, PAGE_OF, BACK, VERSION, NAMES, ACTIVITY)
    api: ClassVar[str] = API
    stays: ClassVar[bool] = True
    between: ClassVar[float] = 1.0
    # A new comment does not bring its post back to the top.
    overlap: ClassVar[timedelta] = timedelta(days=14)

    @classmethod
    def allowances(cls, told: Mapping[str, str]) -> tuple[Allowance, ...]:
        return (QUESTIONS,)

    @classmethod
    def check(cls, told: Mapping[str, str]) -> None:
        super().check(told)
        cls.rule(told)
        for page in searches_in(told.get(PAGE_OF.name, "")):
            page_urn(page)
        if not re.fullmatch(
            r"20\d\d(0[1-9]|1[0-2])", told.get(VERSION.name, "") or VERSION.default
        ):
            raise Refused(say("A version is a year and a month, such as 202610."))

    @classmethod
    def minutes(cls, told: Mapping[str, str]) -> int:
        return 60

    @classmethod
    def rule(cls, told: Mapping[str, str]) -> Rule:
        activity, names = hours(told, ACTIVITY), hours(told, NAMES)
        return Rule(after=min(activity, names) / 2, forget=activity, names=names)

    def _ask(self, search: str, since: datetime, older: str) -> Slice:
        """`older` is how many posts were seen."""
        start = int(older) if older.isdigit() else 0
        urn = page_urn(search)
        told = self._told_by("posts", {"q": "author", "author": urn, "count": PAGE, "start": start, "sortBy": "CREATED"})  # fmt: skip
        if "elements" not in told:
            raise Refused(say("LinkedIn answers, but not as its API does."))
        messages, young = [], True
        for post in rows(told, "elements"):
            message = as_post(post, self._now)
            if message is None:
                continue
            young = young and message.said_at >= since
            if young:
                messages += [message, *self._comments(message)]
        full = len(rows(told, "elements")) >= PAGE
        return Slice(messages, str(start + PAGE) if young and full else "")

    def _comments(self, post: Message) -> Iterator[Message]:
        for number in range(MOST_COMMENT_PAGES):
            what = f"socialActions/{quote(post.native_id, safe='')}/comments"
            told = self._told_by(what, {"count": COMMENTS, "start": number * COMMENTS})
            found = rows(told, "elements")
            for comment in found:
                if message := as_comment(comment, self._now):
                    yield replace(message, thread=post.native_id, url=post.url)
            if len(found) < COMMENTS:
                return

    def refresh(self, ids: Sequence[str]) -> Iterator[Message]:
        """Posts and comments as they read now, one question each; what LinkedIn no longer gives is gone."""
        for native_id in ids:
            comment = _COMMENT.fullmatch(native_id)
            if comment:
                what = f"socialActions/{quote(comment[1], safe='')}/comments/{comment[2]}"
            else:
                what = f"posts/{quote(native_id, safe='')}"
            told = self._told_by(what, {}, missing=True)
            message = (as_comment if comment else as_post)(told, self._now) if told else None
            yield (
                message
                if message and message.native_id == native_id
                else gone(native_id, "linkedin")
            )

    def _told_by(
        self, what: str, params: Mapping[str, str | int], *, missing: bool = False
    ) -> Told:
        """One answer; with `missing`, nothing for what is not there."""
        self._meter.spend(QUESTIONS)
        headers = {
            "Authorization": f"Bearer {shown(self._told.get(TOKEN.name, ''))}",
            "LinkedIn-Version": self._told.get(VERSION.name, "") or VERSION.default,
            "X-Restli-Protocol-Version": "2.0.0",
        }
        also = (400, 401, 403, 426, *((404, 410) if missing else ()))
        answer = self._question(f"{self.api}/{what}", headers, params, also=also)
        if answer.status == 200:
            return as_object(answer)
        if answer.status in (404, 410):
            return {}
        raise _why_not(answer)


def _why_not(answer: Answer) -> Refused:
    if answer.status == 401:
        return Refused(say("LinkedIn no longer accepts this access token; make a new one."))
    try:
        told = as_object(answer)
    except Refused as refused:
        return refused
    why = one_line(text(told, "message"), 200)
    if answer.status == 426 or "VERSION" in text(told, "code"):
        return Refused(say("LinkedIn no longer speaks this version of its API; give a newer one."))
    return Refused(say("LinkedIn refused: {why}", why=why or "?"))


def page_urn(page: str) -> str:
    """The page as LinkedIn names it. Raises Refused for what is no number of a page."""
    number = page.strip().removeprefix("urn:li:organization:")
    if not (number.isascii() and number.isdigit()):
        raise Refused(say("“{page}” is not the number of a page on LinkedIn.", page=page[:100]))
    return f"urn:li:organization:{number}"


def _moment(told: Told, now: datetime, *names: str) -> datetime | None:
    """A moment that stands in milliseconds under one of these names."""
    for name in names:
        if (found := told.get(name)) and isinstance(found, int):
            return moment({"at": found / 1_000}, "at", now)
    return None


def as_post(post: Told, now: datetime) -> Message | None:
    """A post of the page as a message, `op` delete when it is not published; None for what has no id,
    moment or words."""
    number, said = text(post, "id"), clean(text(post, "commentary"))
    said_at = _moment(post, now, "publishedAt", "createdAt")
    if said_at is None or not number.startswith("urn:li:") or not said:
        return None
    shown = text(post, "lifecycleState") in ("", "PUBLISHED")
    return Message(
        native_id=number,
        network="linkedin",
        text=said,
        said_at=said_at,
        author=text(post, "author"),
        url=f"https://www.linkedin.com/feed/update/{number}/"
        if re.fullmatch(r"[\w:]+", number)
        else "",
        thread=number,
        repost=bool(text(inside(post, "reshareContext"), "parent")),
        op="upsert" if shown else "delete",
    )


def as_comment(comment: Told, now: datetime) -> Message | None:
    """A comment as a message; None for what has no id, moment or words. Its author is the number of a
    member: names are not asked for."""
    number = text(comment, "commentUrn")
    said = clean(text(inside(comment, "message"), "text"))
    said_at = _moment(inside(comment, "created"), now, "time")
    if said_at is None or not _COMMENT.fullmatch(number) or not said:
        return None
    return Message(
        native_id=number,
        network="linkedin",
        text=said,
        said_at=said_at,
        author=text(comment, "actor"),
        reply_to=text(comment, "parentComment") or text(comment, "object"),
        thread=text(comment, "object"),
        likes=count(inside(comment, "likesSummary"), "totalLikes"),
        replies=count(inside(comment, "commentsSummary"), "aggregatedTotalComments"),
    )
