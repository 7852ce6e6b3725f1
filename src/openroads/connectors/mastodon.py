"""Mastodon and what speaks as it does: public posts with a hashtag, a search on the own server, and what was said to an account."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Final

from openroads.archive.message import Message
from openroads.connectors.answers import (
    Told,
    as_object,
    as_objects,
    count,
    inside,
    moment,
    rows,
    text,
)
from openroads.connectors.failures import Refused
from openroads.connectors.files.headings import language_tag
from openroads.connectors.looking import Wanted
from openroads.connectors.plain import one_line, plain, web_address
from openroads.connectors.port import Field
from openroads.connectors.searching import (
    BACK,
    HEAR_FOR,
    LOOK_FOR,
    OWN,
    STREAM,
    WAY,
    Searched,
    Slice,
    searches_in,
    way_of,
)
from openroads.connectors.sentences import say
from openroads.connectors.servers import SERVER, server_of

PAGE: Final = 40
TOKEN: Final = Field(
    "token",
    say("Access token"),
    say(
        "Hashtags are read without one on most servers; words, streams and your own mentions with one only: from Preferences, "
        "Development, with the scope “read”."
    ),
    secret=True,
    required=False,
)


class Mastodon(Searched):
    """Follows hashtags, and words where a token is given, on one server; it sees what that server
    knows of the others."""

    kind: ClassVar[str] = "mastodon"
    label: ClassVar[str] = "Mastodon"
    reads: ClassVar[str] = say(
        "Public posts with a hashtag; with a token words too, as they are said, and what is said to your account."
    )
    asks: ClassVar[str] = say("The address of a server; a token for all but hashtags by search.")
    fields: ClassVar[tuple[Field, ...]] = (
        WAY, SERVER, HEAR_FOR, TOKEN, BACK,
    )  # fmt: skip
    # A server lets an account ask 300 times in five minutes.
    between: ClassVar[float] = 1.0

    def _ask(self, search: str, since: datetime, older: str) -> Slice:
        """`older` is the id of the oldest post so far, of a search the number of posts so far."""
        server = server_of(self._told)
        if search.startswith("#"):
            tag = search[1:]
            if not tag.isalnum() and not tag.replace("_", "").isalnum():
                raise Refused(say("“{tag}” is not one hashtag.", tag=search[:100]))
            found = as_objects(
                self._get(
                    f"{server}/api/v1/timelines/tag/{tag}",
                    self._headers(),
                    limit=PAGE,
                    max_id=older,
                )
            )
            mark = text(found[-1], "id") if len(found) == PAGE else ""
        else:
            if not self._told.get(TOKEN.name, ""):
                raise Refused(
                    say(
                        "Words are searched with an access token only; “#{word}” is read without.",
                        word=search,
                    )
                )
            told = as_object(
                self._get(
                    f"{server}/api/v2/search",
                    self._headers(),
                    q=search,
                    type="statuses",
                    limit=PAGE,
                    offset=older,
                )
            )
            found = rows(told, "statuses")
            mark = str((int(older) if older.isdigit() else 0) + PAGE) if len(found) == PAGE else ""
        return self._slice(found, mark, since)

    def _ask_own(self, search: str, since: datetime, older: str) -> Slice:
        """What people said to the account, in public: its mentions, which replies are too."""
        asked: dict[str, str | int] = {"types[]": "mention", "limit": PAGE, "max_id": older}
        address = f"{server_of(self._told)}/api/v1/notifications"
        found = as_objects(self._get(address, self._headers(), **asked))
        mark = text(found[-1], "id") if len(found) == PAGE else ""
        return self._slice([inside(each, "status") for each in found], mark, since)

    def _slice(self, found: Sequence[Told], mark: str, since: datetime) -> Slice:
        host = host_of(self._told)
        messages = [
            said for post in found if (said := as_message(post, self._now, host)) is not None
        ]
        young = [message for message in messages if message.said_at >= since]
        return Slice(young, mark if len(young) == len(messages) else "")

    @classmethod
    def check(cls, told: Mapping[str, str]) -> None:
        super().check(told)
        server_of(told)
        if way_of(told) == STREAM:
            Wanted(searches_in(told.get(LOOK_FOR.name, "")))
        if way_of(told) == OWN and not told.get(TOKEN.name, ""):
            raise Refused(say("What was said to you is read with an access token only."))

    def _headers(self) -> dict[str, str]:
        token = self._told.get(TOKEN.name, "")
        return {"Authorization": f"Bearer {token}"} if token else {}


def as_message(status: Told, now: datetime, host: str) -> Message | None:
    """A status as the server `host` tells of it, as a message; None for what is not public, for people who asked not to be found
    (`noindex`), and for what has no id, moment or words. A boost is a repost of what it boosts."""
    boosted = inside(status, "reblog")
    author = inside(status, "account")
    said_at = moment(status, "created_at", now)
    number = _native(host, text(status, "id"))
    shown = boosted or status
    said = "\n\n".join(
        part
        for part in (one_line(text(shown, "spoiler_text")), plain(text(shown, "content")))
        if part
    )
    is_public = text(status, "visibility") in ("public", "unlisted", "")
    if not is_public or author.get("noindex") is True or said_at is None or not (number and said):
        return None
    return Message(
        native_id=number[:500],
        network="mastodon",
        text=said,
        said_at=said_at,
        author=address_of(author),
        author_name=one_line(text(author, "display_name") or text(author, "username")),
        url=web_address(text(status, "url")) or web_address(text(status, "uri")),
        language=language_tag(text(shown, "language")),
        reply_to=_native(host, text(status, "in_reply_to_id")),
        quotes=_native(host, _quoted(shown)),
        repost=bool(boosted),
        likes=count(status, "favourites_count"),
        replies=count(status, "replies_count"),
        reposts=count(status, "reblogs_count"),
    )


def deletion(number: str, host: str, now: datetime) -> Message:
    """A server's word that a status is no more."""
    return Message(_native(host, number), "mastodon", "", now, op="delete")


def host_of(told: Told) -> str:
    """The server's name, without which its numbers mean nothing."""
    return server_of(told).partition("://")[2]


def _native(host: str, number: str) -> str:
    """TRICKY: a server deletes, answers and quotes by numbers of its own, never by the address a status
    has everywhere; so that is what a post is known by here."""
    return f"{host}/{number}"[:500] if number else ""


def _quoted(status: Told) -> str:
    quote = inside(status, "quote")
    return text(inside(quote, "quoted_status"), "id") or text(quote, "quoted_status_id")


def address_of(account: Told) -> str:
    """name@server, also for people of the server that answers: it names these without it."""
    name = text(account, "acct") or text(account, "username")
    home = text(account, "url").partition("://")[2].partition("/")[0]
    return name if "@" in name or not home else f"{name}@{home}"
