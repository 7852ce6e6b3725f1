"""Instagram: comments on our own business account, what mentions it, and posts with hashtags of ours."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import ClassVar, Final

from openroads.archive.message import Message
from openroads.connectors.answers import Told, count, inside, moment, rows, text
from openroads.connectors.failures import Refused
from openroads.connectors.hooked import UNSUPPORTED
from openroads.connectors.meta import (
    APP_SECRET,
    TOKEN,
    VERSION,
    WATCH,
    Change,
    OfMeta,
    after,
    every_comment,
    number_in,
)
from openroads.connectors.plain import clean, web_address
from openroads.connectors.port import Field, Page, Rejected
from openroads.connectors.searching import BACK, Slice, days_back, searches_in, walk
from openroads.connectors.sentences import say

COMMENT: Final = "id,text,timestamp,username,like_count,parent_id"
COMMENTS: Final = f"comments.limit(50){{{COMMENT},replies.limit(50){{{COMMENT}}}}}"
SHOWN: Final = "id,caption,timestamp,permalink,like_count,comments_count"
MEDIA_A_PAGE: Final = 25
ACCOUNT: Final = Field(
    "topic",
    say("Number of the account"),
    say("The figures Meta knows your business account by: instagram_business_account of the page."),
)
HASHTAGS: Final = Field(
    "hashtags",
    say("Hashtags"),
    say(
        "Separated by commas, at most ten. Meta gives posts of the last 24 hours, without who made them."
    ),
    required=False,
)


class Instagram(OfMeta):
    """Follows one business account of ours: visits, and what Meta sends."""

    kind: ClassVar[str] = "instagram"
    label: ClassVar[str] = say("Instagram account of ours")
    reads: ClassVar[str] = say(
        "Comments on your posts, posts you are tagged in, mentions where Meta sends them, and posts with your hashtags; without usernames there."
    )
    asks: ClassVar[str] = say("A business account tied to a page, an app at Meta, its secret and a token.")  # fmt: skip
    fields: ClassVar[tuple[Field, ...]] = (ACCOUNT, HASHTAGS, TOKEN, APP_SECRET, BACK, VERSION)
    told_as: ClassVar[str] = "instagram"

    def read(self, topic: str, cursor: str = "") -> Iterator[Page]:
        """What is new on the account, then where it is tagged, then each hashtag."""
        account = number_in(topic)
        first = self._now - timedelta(days=days_back(self._told.get(BACK.name, "")))
        tags = tags_in(self._told.get(HASHTAGS.name, ""))
        searches = (f"{account}/media", f"{account}/tags", *tags)
        self._numbers: dict[str, str] = {}
        return walk(self._ask, searches, cursor, first, self._now)

    def _ask(self, search: str, since: datetime, older: str) -> Slice:
        """`older` is the network's own mark."""
        if search.startswith("#"):
            return self._tagged(search.removeprefix("#"), since, older)
        if search.endswith("/tags"):
            told = self.graph(search, fields=f"{SHOWN},username", limit=MEDIA_A_PAGE, after=older)
            return self._slice(told, since)
        return self._comments(search, since, older)

    def _comments(self, search: str, since: datetime, older: str) -> Slice:
        """Comments from a moment on, on every post that is watched; what we say ourselves is left out."""
        begin = min(since, self._now - WATCH)
        told = self.graph(
            search, fields=f"{SHOWN},username,{COMMENTS}", limit=MEDIA_A_PAGE, after=older
        )
        media = rows(told, "data")
        messages: list[Message] = []
        for each in media:
            ours = text(each, "username")
            found = [as_comment(one, each, ours, self._now) for one in self._said_to(each)]
            messages += [one for one in found if one is not None and one.said_at >= since]
        shown = [when for each in media if (when := moment(each, "timestamp", self._now))]
        return Slice(messages, after(told) if shown and min(shown) >= begin else "")

    def _said_to(self, media: Told) -> list[Told]:
        """Every comment on a post with the answers to it. Their order is not promised: all are read."""
        number = text(media, "id")
        if count(media, "comments_count") == 0:
            return []

        def ask(more: str) -> Told:
            return self.graph(f"{number}/comments", fields=f"{COMMENT},replies.limit(50){{{COMMENT}}}", limit=50, after=more)  # fmt: skip

        found = every_comment(ask, inside(media, "comments"), lambda _: False)
        return found + [
            {"parent_id": text(one, "id"), **reply}
            for one in found
            for reply in rows(inside(one, "replies"), "data")
        ]

    def _tagged(self, tag: str, since: datetime, older: str) -> Slice:
        """Posts with a hashtag. Meta lets an account ask for thirty different ones in seven days."""
        account = number_in(self._told.get("topic", ""))
        if tag not in self._numbers:
            told = self.graph("ig_hashtag_search", user_id=account, q=tag)
            numbers = [text(row, "id") for row in rows(told, "data")]
            if not numbers or not numbers[0]:
                raise Refused(say("Instagram knows no hashtag “{tag}”.", tag=tag))
            self._numbers[tag] = numbers[0]
        told = self.graph(
            f"{self._numbers[tag]}/recent_media", user_id=account, fields=SHOWN, limit=50, after=older
        )  # fmt: skip
        return self._slice(told, since)

    def _slice(self, told: Told, since: datetime) -> Slice:
        found = [as_media(each, self._now) for each in rows(told, "data")]
        messages = [each for each in found if each is not None]
        young = [each for each in messages if each.said_at >= since]
        return Slice(young, after(told) if messages and len(young) == len(messages) else "")

    def hear(self, body: bytes) -> Iterator[Page]:
        """What Meta sends of this account: comments, and mentions of it elsewhere, which are asked for."""
        account = number_in(self._told.get("topic", ""))
        messages, rejected = [], []
        for change in self.changes(body):
            if change.account != account:
                continue
            if change.field in ("comments", "live_comments"):
                found = self._comment_heard(change)
            elif change.field == "mentions":
                found = self._mention_heard(change, account)
            else:
                where = say("field {name}", name=change.field[:40] or "?")
                rejected.append(Rejected(where, say("This is no field with messages."), ""))
                continue
            if found is not None:
                messages.append(found)
        yield Page(messages, "", rejected)

    def _comment_heard(self, change: Change) -> Message | None:
        value, author = change.value, inside(change.value, "from")
        if text(author, "id") == change.account:
            return None
        told = {**value, "username": text(author, "username"), "timestamp": change.at.isoformat()}
        if not text(value, "id"):
            return None
        media = inside(value, "media")
        return as_comment(told, media, "", self._now)

    def _mention_heard(self, change: Change, account: str) -> Message | None:
        """A mention, of which Meta sends numbers only; a placeholder where it will not show it."""
        comment, media = text(change.value, "comment_id"), text(change.value, "media_id")
        what, number = ("mentioned_comment", comment) if comment else ("mentioned_media", media)
        if not number.isdigit():
            return None
        words = "id,text,timestamp,like_count" if comment else f"{SHOWN},username"
        try:
            told = self.graph(
                account, fields=f"{what}.{what.removeprefix('mentioned_')}_id({number}){{{words}}}"
            )
        except Refused:
            told = {}
        shown = {"id": number, "timestamp": change.at.isoformat(), **inside(told, what)}
        if comment:
            return as_comment(shown, {"id": media}, "", self._now)
        return as_media(shown, self._now)


def tags_in(told: str) -> tuple[str, ...]:
    """The hashtags a person wrote, each with one #; none when nothing was written. Raises Refused for
    what is no hashtag, or too many."""
    if not told.strip():
        return ()
    tags = tuple(f"#{tag.lstrip('#').casefold()}" for tag in searches_in(told))
    for tag in tags:
        if not tag[1:] or not all(letter.isalnum() or letter == "_" for letter in tag[1:]):
            raise Refused(say("“{tag}” is not a hashtag.", tag=tag[:40]))
    return tags


def as_media(media: Told, now: datetime) -> Message | None:
    """A post as a message; None for what has no number or moment. Found by its hashtag it names nobody."""
    said_at, number = moment(media, "timestamp", now), text(media, "id")
    if said_at is None or not number:
        return None
    return Message(
        native_id=number[:200],
        network="instagram",
        text=clean(text(media, "caption")) or UNSUPPORTED,
        said_at=said_at,
        author=text(media, "username"),
        url=web_address(text(media, "permalink")),
        thread=number[:200],
        likes=count(media, "like_count"),
        replies=count(media, "comments_count"),
    )


def as_comment(comment: Told, media: Told, ours: str, now: datetime) -> Message | None:
    """A comment as a message; None for our own and for what has no number or moment."""
    said_at, number, author = moment(comment, "timestamp", now), text(comment, "id"), text(comment, "username")  # fmt: skip
    if said_at is None or not number or (ours and author == ours):
        return None
    thread = text(media, "id")
    return Message(
        native_id=number[:200],
        network="instagram",
        text=clean(text(comment, "text")) or UNSUPPORTED,
        said_at=said_at,
        author=author,
        url=web_address(text(media, "permalink")),
        reply_to=(text(comment, "parent_id") or thread)[:200],
        thread=thread[:200],
        likes=count(comment, "like_count"),
    )
