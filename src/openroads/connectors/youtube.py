"""YouTube: comments under the videos of a channel, under one video, and under videos that match words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from urllib.parse import parse_qs, urlsplit

from openroads.archive.message import Message
from openroads.connectors.answers import Told, as_object, count, inside, moment, rows, shown, text
from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.metering import Allowance, UsedUp
from openroads.connectors.plain import one_line, plain, web_address
from openroads.connectors.port import Field
from openroads.connectors.refreshing import Refreshes, Rule, gone, portions
from openroads.connectors.searching import BACK, LOOK_FOR, Searched, Slice, searches_in
from openroads.connectors.sentences import say

API: Final = "https://www.googleapis.com/youtube/v3"
PAGE: Final = 100
VIDEOS: Final = 50
"""Videos of one search, and ids of one question."""
MOST_PAGES_OF_REPLIES: Final = 5
LOOK_AT: Final = timedelta(days=90)
"""Videos that match words are listened to for so long after they were published."""
PACIFIC: Final = "America/Los_Angeles"
"""The day of a quota ends at midnight there: developers.google.com/youtube/v3/getting-started#quota."""
UNITS: Final = Allowance("units", say("units of the YouTube API"), zone=PACIFIC, units=10_000)
SEARCHES: Final = Allowance("searches", say("searches on YouTube"), zone=PACIFIC, units=100)
"""search.list has an allowance of its own, of 100 calls."""
SEARCHES_PLANNED: Final = 80
"""Of these: the rest is for visits a person asks for."""
KEY: Final = Field(
    "key",
    say("API key"),
    say("Of a Google Cloud project in which the YouTube Data API v3 is switched on."),
    secret=True,
)
WHOSE: Final = Field(
    LOOK_FOR.name,
    say("Channels, videos and words"),
    say(
        "Separated by commas. A channel by its handle (@windmee), a video by its address; anything else is "
        "searched for among videos of the last 90 days."
    ),
)
_CHANNEL = re.compile(r"UC[\w-]{22}")
_HANDLE = re.compile(r"@[\w.·-]{3,30}")
_VIDEO = re.compile(r"[\w-]{11}")
_HOSTS: Final = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be"})


class YouTube(Searched, Refreshes):
    """Follows channels, videos and searches; what is kept is looked at again, or goes within 30 days."""

    kind: ClassVar[str] = "youtube"
    label: ClassVar[str] = "YouTube"
    reads: ClassVar[str] = say(
        "Comments and replies under the videos of a channel, under one video, and under videos that match "
        "words; those videos too."
    )
    asks: ClassVar[str] = say("An API key of a Google Cloud project.")
    fields: ClassVar[tuple[Field, ...]] = (KEY, WHOSE, BACK)
    api: ClassVar[str] = API
    between: ClassVar[float] = 0.2
    # A reply does not bring its thread back to the top: two days of threads are read again for theirs.
    overlap: ClassVar[timedelta] = timedelta(days=2)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._channels: dict[str, str] = {}

    @classmethod
    def allowances(cls, told: Mapping[str, str]) -> tuple[Allowance, ...]:
        return UNITS, SEARCHES

    @classmethod
    def minutes(cls, told: Mapping[str, str]) -> int:
        """Every hour; less often where words would use up the searches of a day."""
        words = [each for each in searches_in(told[WHOSE.name]) if place_in(each)[0] == "words"]
        return max(60, -(-24 * 60 * len(words) // SEARCHES_PLANNED))

    @classmethod
    def rule(cls, told: Mapping[str, str]) -> Rule:
        """Developer policies III.E.4: stored data is refreshed or deleted within 30 days."""
        return Rule(after=timedelta(days=25), forget=timedelta(days=30))

    def _ask(self, search: str, since: datetime, older: str) -> Slice:
        """`older` is a page mark; for words, "video:mark" and the videos still to be read."""
        kind, place = place_in(search)
        if kind == "words":
            return self._of_words(place, since, older)
        whose = "videoId" if kind == "video" else "allThreadsRelatedToChannelId"
        if kind == "handle":
            place = self._channel_of(place)
        return self._threads(whose, place, since, older)

    def _threads(self, whose: str, place: str, since: datetime, older: str) -> Slice:
        asked: dict[str, str | int] = {
            whose: place,
            "part": "snippet,replies",
            "order": "time",
            "maxResults": PAGE,
        }
        told = self._told_by(
            "commentThreads", {**asked, "pageToken": older}, silent=whose == "videoId"
        )
        found = rows(told, "items")
        messages, young = [], True
        for thread in found:
            top = as_message(inside(thread, "snippet", "topLevelComment"), self._now)
            if top is None:
                continue
            young = young and top.said_at >= since
            messages += [top, *self._replies(thread, top)]
        said = [message for message in messages if message.said_at >= since]
        return Slice(said, text(told, "nextPageToken") if young else "")

    def _replies(self, thread: Told, top: Message) -> list[Message]:
        """Those that come with a thread, or all of them when it has more."""
        given = rows(inside(thread, "replies"), "comments")
        if (count(inside(thread, "snippet"), "totalReplyCount") or 0) > len(given):
            given, mark = [], ""
            for _ in range(MOST_PAGES_OF_REPLIES):
                parent = top.native_id.rpartition("/")[2]
                told = self._told_by("comments", {"parentId": parent, "part": "snippet", "maxResults": PAGE, "pageToken": mark})  # fmt: skip
                given += rows(told, "items")
                mark = text(told, "nextPageToken")
                if not mark:
                    break
        video = top.native_id.partition("/")[0]
        said = (as_message(reply, self._now, video) for reply in given)
        return [reply for reply in said if reply is not None]

    def _of_words(self, words: str, since: datetime, older: str) -> Slice:
        """First the videos that match, then the comments of each, a page a question."""
        if not older:
            self._meter.spend(SEARCHES)
            after = (self._now - LOOK_AT).strftime("%Y-%m-%dT%H:%M:%SZ")
            asked: dict[str, str | int] = {"part": "snippet", "type": "video", "order": "date", "q": words, "publishedAfter": after, "maxResults": VIDEOS}  # fmt: skip
            found = rows(self._told_by("search", asked, free=True), "items")
            videos = [number for each in found if _VIDEO.fullmatch(number := text(inside(each, "id"), "videoId"))]  # fmt: skip
            said = [one for each in found if (one := as_video(each, self._now)) is not None]
            return Slice(
                [each for each in said if each.said_at >= since],
                " ".join(f"{number}:" for number in videos),
            )
        first, *rest = older.split(" ")
        video, _, mark = first.partition(":")
        page = self._threads("videoId", video, since, mark)
        left = [f"{video}:{page.older}", *rest] if page.older else rest
        return Slice(page.messages, " ".join(left))

    def _channel_of(self, handle: str) -> str:
        if handle in self._channels:
            return self._channels[handle]
        told = self._told_by("channels", {"part": "id", "forHandle": handle})
        channels = [text(each, "id") for each in rows(told, "items")]
        if not channels:
            raise Refused(say("There is no channel {handle} on YouTube.", handle=handle))
        self._channels[handle] = channels[0]
        return channels[0]

    def refresh(self, ids: Sequence[str]) -> Iterator[Message]:
        """Comments and videos as they read now; what YouTube no longer gives is gone. One unit for 50."""
        videos = [each for each in ids if each.startswith("video/")]
        comments = [each for each in ids if not each.startswith("video/")]
        for some in portions(videos, VIDEOS):
            yield from self._again("videos", some)
        for some in portions(comments, VIDEOS):
            yield from self._again("comments", some)

    def _again(self, what: str, ids: Sequence[str]) -> Iterator[Message]:
        numbers = {each.partition("/")[2]: each for each in ids}
        told = self._told_by(
            what, {"part": "snippet", "id": ",".join(numbers), "maxResults": VIDEOS}
        )
        found = {text(each, "id"): each for each in rows(told, "items")}
        for number, native_id in numbers.items():
            place, now = native_id.partition("/")[0], found.get(number)
            make = as_video if what == "videos" else as_message
            message = make(now, self._now, place) if now else None
            yield replace(message, native_id=native_id) if message else gone(native_id, "youtube")

    def _told_by(
        self,
        what: str,
        params: Mapping[str, str | int],
        *,
        free: bool = False,
        silent: bool = False,
    ) -> Told:
        """One answer; asking is counted first. `silent`: a video without comments is an empty list."""
        if not free:
            self._meter.spend(UNITS)
        # By header: an address is written down in more places than a header is.
        headers = {"X-Goog-Api-Key": shown(self._told.get(KEY.name, ""))}
        plainly = {"textFormat": "plainText"} if what.startswith("comment") else {}
        wanted: dict[str, str | int] = {**params, **plainly}
        answer = self._question(f"{self.api}/{what}", headers, wanted, also=(400, 403, 404))
        told = as_object(answer)
        if answer.status == 200:
            if "items" not in told:
                raise Refused(say("YouTube answers, but not as its API does."))
            return told
        error = inside(told, "error")
        reasons = {text(each, "reason") for each in rows(error, "errors")}
        if silent and reasons & {"commentsDisabled", "videoNotFound", "forbidden"}:
            return {}
        raise self._why_not(reasons, one_line(text(error, "message"), 200))

    def _why_not(self, reasons: set[str], why: str) -> TryLater | Refused:
        if reasons & {"quotaExceeded", "dailyLimitExceeded"}:
            until = UNITS.renews_at(self._now)
            self._meter.close(UNITS, UNITS.seconds_left(self._now))
            return UsedUp(say("YouTube says that the quota of today is used up."), until, self._now)
        if reasons & {"rateLimitExceeded", "userRateLimitExceeded"}:
            return TryLater(say("YouTube asks us to come back later."), 60.0)
        return Refused(say("YouTube refused: {why}", why=why or "?"))


def place_in(search: str) -> tuple[str, str]:
    """What a search stands for: "channel", "handle", "video" or "words", and its id or the words."""
    name, address = search, False
    with suppress(ValueError):
        parts = urlsplit(search if "://" in search else f"https://{search}")
        if address := parts.hostname in _HOSTS:
            last = parts.path.rstrip("/").rpartition("/")[2]
            name = parse_qs(parts.query, max_num_fields=20).get("v", [last])[0]
    if _HANDLE.fullmatch(name):
        return "handle", name
    if _CHANNEL.fullmatch(name):
        return "channel", name
    if address and _VIDEO.fullmatch(name):
        return "video", name
    return "words", search


def as_message(comment: Told, now: datetime, video: str = "") -> Message | None:
    """A comment or reply as a message; None for what has no id, moment or words. Its id has that of the
    video before it, which a comment alone does not always tell; "-" stands for a channel's own page."""
    snippet, number = inside(comment, "snippet"), text(comment, "id")
    said_at = moment(snippet, "publishedAt", now)
    said = plain(text(snippet, "textOriginal") or text(snippet, "textDisplay"))
    if said_at is None or not number or not said:
        return None
    video = text(snippet, "videoId") or video or "-"
    parent = text(snippet, "parentId")
    name = one_line(text(snippet, "authorDisplayName"))
    return Message(
        native_id=f"{video}/{number}"[:500],
        network="youtube",
        text=said,
        said_at=said_at,
        author=text(inside(snippet, "authorChannelId"), "value") or name,
        author_name=name,
        url=""
        if video == "-"
        else web_address(f"https://www.youtube.com/watch?v={video}&lc={number}"),
        reply_to=f"{video}/{parent}" if parent else "",
        thread=f"video/{video}",
        likes=count(snippet, "likeCount"),
    )


def as_video(video: Told, now: datetime, _place: str = "") -> Message | None:
    """A video as a message: its title and description; None for what has no id, moment or title."""
    snippet = inside(video, "snippet")
    number = text(inside(video, "id"), "videoId") or text(video, "id")
    said_at = moment(snippet, "publishedAt", now)
    title = one_line(plain(text(snippet, "title")))
    said = plain(text(snippet, "description")) or title
    if said_at is None or not _VIDEO.fullmatch(number) or not said:
        return None
    return Message(
        native_id=f"video/{number}",
        network="youtube",
        text=said,
        said_at=said_at,
        author=text(snippet, "channelId"),
        author_name=one_line(text(snippet, "channelTitle")),
        url=f"https://www.youtube.com/watch?v={number}",
        title="" if said == title else title,
        thread=f"video/{number}",
    )
