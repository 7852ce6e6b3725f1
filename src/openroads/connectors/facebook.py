"""Facebook: comments on our own page, posts on it by others, and posts that mention it."""

import hashlib
import json
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
from openroads.connectors.plain import clean, one_line, web_address
from openroads.connectors.port import Field, Page, Rejected
from openroads.connectors.searching import BACK, Slice, days_back, walk
from openroads.connectors.sentences import say

WORDS: Final = "id,message,from,created_time,permalink_url"
COMMENT: Final = f"{WORDS},parent{{id}},like_count,comment_count,attachment"
COMMENTS: Final = f"comments.order(reverse_chronological).filter(stream).limit(50){{{COMMENT}}}"
POST: Final = f"{WORDS},updated_time,shares,{COMMENTS}"
POSTS_A_PAGE: Final = 25
OF_POSTS: Final = frozenset(
    "post status photo video share link album note event offer story".split()
)
NO_MESSAGE: Final = frozenset({"reaction", "like"})
GONE: Final = frozenset({"remove", "delete", "removed", "deleted"})
PAGE: Final = Field(
    "topic",
    say("Number of the page"),
    say("The figures Meta knows your page by; they stand under About, Page transparency."),
)


class Facebook(OfMeta):
    """Follows one page of ours: visits, and what Meta sends."""

    kind: ClassVar[str] = "facebook"
    label: ClassVar[str] = say("Facebook page of ours")
    reads: ClassVar[str] = say(
        "Comments on your page and posts by others on it or about it; what the page itself says is left out."
    )
    asks: ClassVar[str] = say("An app at Meta, its secret, and a token of the page.")
    fields: ClassVar[tuple[Field, ...]] = (PAGE, TOKEN, APP_SECRET, BACK, VERSION)
    told_as: ClassVar[str] = "page"

    def read(self, topic: str, cursor: str = "") -> Iterator[Page]:
        """What is new on the page, then what mentions it."""
        first = self._now - timedelta(days=days_back(self._told.get(BACK.name, "")))
        page = number_in(topic)
        return walk(self._ask, (f"{page}/feed", f"{page}/tagged"), cursor, first, self._now)

    def _ask(self, search: str, since: datetime, older: str) -> Slice:
        """Of the page's own list every post that is watched, for its comments; of others' posts those
        from `since` on. `older` is the network's own mark."""
        page, _, edge = search.partition("/")
        own = edge == "feed"
        begin = min(since, self._now - WATCH) if own else since
        told = self.graph(
            search,
            fields=POST if own else f"{WORDS},shares",
            limit=POSTS_A_PAGE,
            since=int(begin.timestamp()),
            after=older,
        )
        messages: list[Message] = []
        for post in rows(told, "data"):
            found = [as_post(post, page, self._now)]
            found += [as_comment(each, text(post, "id"), page, self._now) for each in self._said_to(post, since)]  # fmt: skip
            messages += [each for each in found if each is not None and each.said_at >= since]
        return Slice(messages, after(told))

    def _said_to(self, post: Told, since: datetime) -> list[Told]:
        """The comments on a post from a moment on: all those of an answer, newest first."""
        number = text(post, "id")

        def ask(more: str) -> Told:
            return self.graph(
                f"{number}/comments", fields=COMMENT, order="reverse_chronological",
                filter="stream", limit=50, after=more,
            )  # fmt: skip

        def enough(comment: Told) -> bool:
            said = moment(comment, "created_time", self._now)
            return said is not None and said < since

        return every_comment(ask, inside(post, "comments"), enough)

    def hear(self, body: bytes) -> Iterator[Page]:
        """What Meta sends of this page: posts and comments with their edits and deletions, mentions."""
        page = number_in(self._told.get("topic", ""))
        messages, rejected = [], []
        for change in self.changes(body):
            if change.account != page:
                continue
            if change.field not in ("feed", "mention"):
                where = say("field {name}", name=change.field[:40] or "?")
                rejected.append(Rejected(where, say("This is no field with messages."), ""))
            elif (found := self._heard(change, page)) is not None:
                messages.append(found)
        yield Page(messages, "", rejected)

    def _heard(self, change: Change, page: str) -> Message | None:
        value, item = change.value, text(change.value, "item")
        number = text(value, "comment_id") or text(value, "post_id")
        if item in NO_MESSAGE:
            return None
        said_at = moment(value, "created_time", self._now) or change.at
        if text(value, "verb") in GONE:
            return Message(number, "facebook", "", said_at, op="delete") if number else None
        author = text(inside(value, "from"), "id") or text(value, "sender_id")
        if author == page:
            return None
        if change.field == "mention" and not text(value, "message"):
            return self._looked_up(number, page) or _unread(value, number, page, said_at)
        if item == "comment" and number:
            return as_comment({**value, "id": number, "parent": {"id": text(value, "parent_id")}, "created_time": said_at.isoformat()}, text(value, "post_id"), page, self._now)  # fmt: skip
        if item in OF_POSTS and number:
            return as_post({**value, "id": number, "created_time": said_at.isoformat()}, page, self._now)  # fmt: skip
        return _unread(value, number, page, said_at)

    def _looked_up(self, number: str, page: str) -> Message | None:
        """What mentions us, of which Meta sends the number only; None when we may not see it."""
        if not number:
            return None
        try:
            return as_post(self.graph(number, fields=WORDS), page, self._now)
        except Refused:
            return None


def as_post(post: Told, page: str, now: datetime) -> Message | None:
    """A post by somebody else as a message; None for the page's own and for what has no number or
    moment."""
    author, number = inside(post, "from"), text(post, "id")
    said_at = moment(post, "created_time", now)
    if said_at is None or not number or text(author, "id") == page:
        return None
    return Message(
        native_id=number[:200],
        network="facebook",
        text=clean(text(post, "message")) or UNSUPPORTED,
        said_at=said_at,
        author=text(author, "id"),
        author_name=one_line(text(author, "name")),
        url=web_address(text(post, "permalink_url") or f"https://www.facebook.com/{number}"),
        thread=number[:200],
        reposts=count(inside(post, "shares"), "count"),
    )


def as_comment(comment: Told, post: str, page: str, now: datetime) -> Message | None:
    """A comment by somebody else as a message; None for the page's own and for what has no number or
    moment. A comment that is only a picture or a sticker says so."""
    author, number = inside(comment, "from"), text(comment, "id")
    said_at = moment(comment, "created_time", now)
    if said_at is None or not number or text(author, "id") == page:
        return None
    attached = inside(comment, "attachment")
    said = clean(text(comment, "message")) or clean(text(attached, "title"))
    return Message(
        native_id=number[:200],
        network="facebook",
        text=said or UNSUPPORTED,
        said_at=said_at,
        author=text(author, "id"),
        author_name=one_line(text(author, "name")),
        url=web_address(text(comment, "permalink_url") or f"https://www.facebook.com/{number}"),
        reply_to=(text(inside(comment, "parent"), "id") or post)[:200],
        thread=post[:200],
        likes=count(comment, "like_count"),
        replies=count(comment, "comment_count"),
    )


def _unread(value: Told, number: str, page: str, said_at: datetime) -> Message:
    """What stands for something of a kind we do not know."""
    whole = json.dumps(value, sort_keys=True, default=str).encode()
    place = number or page
    return Message(
        native_id=(number or f"unread-{hashlib.sha256(whole).hexdigest()[:32]}")[:200],
        network="facebook",
        text=UNSUPPORTED,
        said_at=said_at,
        author=text(inside(value, "from"), "id"),
        author_name=one_line(text(inside(value, "from"), "name")),
        url=web_address(f"https://www.facebook.com/{place}"),
        thread=text(value, "post_id")[:200],
    )
