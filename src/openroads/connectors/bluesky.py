"""Bluesky: public posts that match a search."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import ClassVar, Final

from openroads.archive.message import Message
from openroads.connectors.answers import Told, as_object, count, inside, moment, rows, text
from openroads.connectors.files.headings import language_tag
from openroads.connectors.plain import clean, one_line, web_address
from openroads.connectors.port import Field, Refused, TryLater
from openroads.connectors.searching import BACK, LOOK_FOR, Searched, Slice
from openroads.connectors.sentences import say
from openroads.connectors.servers import SERVER, server_of

PAGE: Final = 100
HOME: Final = Field(
    SERVER.name,
    say("Address of your server"),
    say("Where the account lives."),
    required=False,
    default="https://bsky.social",
)
HANDLE: Final = Field(
    "handle",
    say("Handle"),
    say("Of the account that searches: windmee.bsky.social"),
)
WORD: Final = Field(
    "word",
    say("App password"),
    say("Made for the house alone, under Settings, Privacy and security, App passwords."),
    secret=True,
)


class Bluesky(Searched):
    """Follows searches, signed in with an app password."""

    kind: ClassVar[str] = "bluesky"
    label: ClassVar[str] = "Bluesky"
    reads: ClassVar[str] = say("Public posts that match.")
    asks: ClassVar[str] = say("A handle and an app password.")
    fields: ClassVar[tuple[Field, ...]] = (HANDLE, WORD, LOOK_FOR, BACK, HOME)
    # 3,000 questions in five minutes are let through; nobody needs as many.
    between: ClassVar[float] = 0.5
    _session: str = ""

    def _ask(self, search: str, since: datetime, older: str) -> Slice:
        """`older` is the network's own cursor."""
        server = self._server()
        if not self._session:
            self._session = self._sign_in(server)
        told = as_object(
            self._get(
                f"{server}/xrpc/app.bsky.feed.searchPosts",
                {"Authorization": f"Bearer {self._session}"},
                q=search,
                sort="latest",
                since=since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
                limit=PAGE,
                cursor=older,
            )
        )
        found = rows(told, "posts")
        messages = [said for post in found if (said := as_message(post, self._now)) is not None]
        young = [message for message in messages if message.said_at >= since]
        more = text(told, "cursor") if found and len(young) == len(messages) else ""
        return Slice(young, more)

    def _server(self) -> str:
        return server_of({SERVER.name: self._told.get(HOME.name, "") or HOME.default})

    def _sign_in(self, server: str) -> str:
        """A token for this visit. TRICKY: a wrong password is told as 401, a wrong token as 400."""
        body = {"identifier": self._told.get(HANDLE.name, ""), "password": self._told.get(WORD.name, "")}  # fmt: skip
        try:
            answer = self._client.post_json(f"{server}/xrpc/com.atproto.server.createSession", body)
        except TryLater:
            raise
        except Refused:
            raise Refused(say("Bluesky does not let this handle in with this app password.")) from None  # fmt: skip
        token = text(as_object(answer), "accessJwt")
        if not token:
            raise Refused(say("{server} answers, but not as Bluesky does.", server=server))
        return token


def as_message(post: Told, now: datetime) -> Message | None:
    """A post as a message; None for what has no address, moment or words, and for accounts that ask
    to be seen by people who are signed in only."""
    record, author = inside(post, "record"), inside(post, "author")
    address, did = text(post, "uri"), text(author, "did")
    said = clean(text(record, "text")) or _of_pictures(record)
    # `createdAt` is the writer's clock; the network's own sort takes the earlier of the two.
    said_at = _earlier(moment(record, "createdAt", now), moment(post, "indexedAt", now))
    if said_at is None or not (address and did and said) or _is_hidden(author):
        return None
    reply = inside(record, "reply")
    languages = record.get("langs")
    return Message(
        native_id=address[:500],
        network="bluesky",
        text=said,
        said_at=said_at,
        author=text(author, "handle") or did,
        author_name=one_line(text(author, "displayName") or text(author, "handle")),
        url=web_address(f"https://bsky.app/profile/{did}/post/{address.rpartition('/')[2]}"),
        language=language_tag(str(languages[0]))
        if isinstance(languages, list) and languages
        else "",
        reply_to=text(inside(reply, "parent"), "uri"),
        thread=text(inside(reply, "root"), "uri") or address,
        likes=count(post, "likeCount"),
        replies=count(post, "replyCount"),
        reposts=count(post, "repostCount"),
    )


def _of_pictures(record: Mapping[str, object]) -> str:
    """What a post without words says: the descriptions of its pictures."""
    described = [clean(text(picture, "alt")) for picture in rows(inside(record, "embed"), "images")]
    return "\n".join(words for words in described if words)


def _earlier(first: datetime | None, second: datetime | None) -> datetime | None:
    told = [when for when in (first, second) if when is not None]
    return min(told) if told else None


def _is_hidden(author: Told) -> bool:
    return any(text(label, "val") == "!no-unauthenticated" for label in rows(author, "labels"))
