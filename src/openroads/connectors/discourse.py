"""Discourse: what is said on a forum that runs it, found by its own search."""

from datetime import datetime
from typing import ClassVar, Final

from openroads.archive.message import Message
from openroads.connectors.answers import Told, as_object, count, moment, rows, text
from openroads.connectors.failures import Refused
from openroads.connectors.plain import one_line, plain, web_address
from openroads.connectors.port import Field
from openroads.connectors.searching import BACK, LOOK_FOR, Searched, Slice
from openroads.connectors.sentences import say
from openroads.connectors.servers import SERVER, server_of

MOST_RESULTS: Final = 5
"""Pages a Discourse gives of one search; what is older is asked for by its day."""
KEY: Final = Field(
    "key",
    say("API key"),
    say(
        "Only for a forum that asks its readers to log in: from its own administration, for reading."
    ),
    secret=True,
    required=False,
)
KEY_USER: Final = Field(
    "user",
    say("User name of that key"),
    required=False,
)


class Discourse(Searched):
    """Follows searches on one forum."""

    kind: ClassVar[str] = "discourse"
    label: ClassVar[str] = say("Discourse forum")
    reads: ClassVar[str] = say("Posts that match, each read whole.")
    asks: ClassVar[str] = say("Its address; a key where readers must log in.")
    fields: ClassVar[tuple[Field, ...]] = (SERVER, LOOK_FOR, BACK, KEY, KEY_USER)
    # A forum lets a stranger ask 60 times a minute, unless its keeper says otherwise.
    between: ClassVar[float] = 1.1

    def _ask(self, search: str, since: datetime, older: str) -> Slice:
        """`older` is "day page": posts before a day (empty: none), and which page of them."""
        server = server_of(self._told)
        before, _, page = older.rpartition(" ")
        query = f"{search} after:{since.date()} order:latest"
        if before:
            query += f" before:{before}"
        number = int(page) if page.isdigit() else 1
        told = as_object(self._get(f"{server}/search.json", self._headers(), q=query, page=number))
        if "posts" not in told and "grouped_search_result" not in told:
            raise Refused(
                say("{server} answers, but not as a Discourse forum does.", server=server)
            )
        found = rows(told, "posts")
        titles = {
            text(topic, "id"): one_line(text(topic, "title")) for topic in rows(told, "topics")
        }
        messages = []
        for hit in found:
            # A search gives the beginning of each post only.
            whole = as_object(self._get(f"{server}/posts/{text(hit, 'id')}.json", self._headers()))
            message = as_message(whole, server, titles, self._now)
            if message is not None:
                messages.append(message)
        return Slice(messages, self._next(found, before, number))

    def _next(self, found: list[Told], before: str, number: int) -> str:
        """The page after this one; after the last page that is given, the day of its oldest post."""
        if not found:
            return ""
        if number < MOST_RESULTS:
            return f"{before} {number + 1}".strip()
        days = [
            when.date().isoformat()
            for hit in found
            if (when := moment(hit, "created_at", self._now))
        ]
        return f"{min(days)} 1" if days and min(days) != before else ""

    def _headers(self) -> dict[str, str]:
        key = self._told.get(KEY.name, "")
        if not key:
            return {}
        return {"Api-Key": key, "Api-Username": self._told.get(KEY_USER.name, "") or "system"}


def as_message(post: Told, server: str, titles: dict[str, str], now: datetime) -> Message | None:
    """A post as a message, `op` delete when its author or the forum took it away; None for what has no
    number or moment."""
    said_at = moment(post, "created_at", now)
    number, topic = text(post, "id"), text(post, "topic_id")
    gone = bool(post.get("deleted_at") or post.get("user_deleted") or post.get("hidden"))
    said = text(post, "raw") or plain(text(post, "cooked"))
    if said_at is None or not number or not (said or gone):
        return None
    place = text(post, "post_number")
    return Message(
        native_id=number,
        network="forum",
        text=plain(said),
        said_at=said_at,
        author=text(post, "username"),
        author_name=one_line(text(post, "display_username") or text(post, "name")),
        url=web_address(f"{server}/t/{topic}/{place}"),
        title=titles.get(topic, "") if place == "1" else "",
        thread=topic,
        likes=_likes(post),
        replies=count(post, "reply_count"),
        views=count(post, "reads"),
        op="delete" if gone else "upsert",
    )


def _likes(post: Told) -> int | None:
    """How often people said they like it: action 2 of Discourse."""
    for action in rows(post, "actions_summary"):
        if count(action, "id") == 2:
            return count(action, "count")
    return None
