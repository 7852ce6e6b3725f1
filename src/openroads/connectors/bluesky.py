"""Bluesky: public posts that match a search, what is said to an account, and who said it."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import ClassVar, Final
from urllib.parse import urlencode

from openroads.archive.message import Message
from openroads.connectors.answers import Told, as_object, count, inside, moment, rows, text
from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.files.headings import language_tag
from openroads.connectors.http import Guarded
from openroads.connectors.looking import Wanted
from openroads.connectors.plain import clean, one_line, web_address
from openroads.connectors.port import Field
from openroads.connectors.searching import (
    BACK,
    HEAR_FOR,
    LOOK_FOR,
    STREAM,
    WAY,
    Searched,
    Slice,
    searches_in,
    way_of,
)
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
    say(
        "Of the account that searches, or whose mentions are read: windmee.bsky.social. A stream needs none, "
        "and fills holes of more than a day and a half only with one."
    ),
    required=False,
)
WORD: Final = Field(
    "word",
    say("App password"),
    say("Made for the house alone, under Settings, Privacy and security, App passwords."),
    secret=True,
    required=False,
)
JETSTREAM: Final = Field(
    "jetstream",
    say("Address of the stream"),
    say("A Jetstream server; it tells of everybody, and the house keeps what you look for."),
    required=False,
    default="https://jetstream2.us-east.bsky.network",
)
VIEWED: Final = Field(
    "viewed",
    say("Where names are asked"),
    say(
        "A stream knows accounts by number only; here the house asks their handles, and who is not to be shown."
    ),
    required=False,
    default="https://public.api.bsky.app",
)
SPEAKS_TO_US: Final = frozenset({"mention", "reply", "quote"})
AT_ONCE: Final = 25
MOST_PROFILES: Final = 20_000
A_DAY: Final = 86_400.0
KEPT: Final = 3_600.0
"""Seconds a token is used; servers take it for two hours."""
MOST_SESSIONS: Final = 1_000
Account = tuple[str, str, str]
"""A server, a handle and its app password."""
SESSIONS: Final[dict[Account, tuple[float, str]]] = {}
"""When each account signed in, and its token, by server, handle and app password; in memory alone. A server lets
an account sign in thirty times in five minutes and three hundred times a day: four sources visit more often."""


class Bluesky(Searched):
    """Follows searches, or what is said to an account, signed in with an app password."""

    kind: ClassVar[str] = "bluesky"
    label: ClassVar[str] = "Bluesky"
    reads: ClassVar[str] = say(
        "Public posts that match, as they are said or by search; what is said to your account."
    )
    asks: ClassVar[str] = say("A handle and an app password; a stream asks nothing.")
    fields: ClassVar[tuple[Field, ...]] = (
        WAY, HEAR_FOR, HANDLE, WORD, BACK, HOME, JETSTREAM, VIEWED,
    )  # fmt: skip
    # 3,000 questions in five minutes are let through; nobody needs as many.
    between: ClassVar[float] = 0.5

    def _ask(self, search: str, since: datetime, older: str) -> Slice:
        """`older` is the network's own cursor."""
        told = self._told_by(
            "app.bsky.feed.searchPosts",
            q=search,
            sort="latest",
            since=since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            cursor=older,
        )
        found = rows(told, "posts")
        return self._slice(told, found, found, since)

    def _ask_own(self, search: str, since: datetime, older: str) -> Slice:
        """What people said to the account: mentions, replies and quotes among its notifications."""
        told = self._told_by("app.bsky.notification.listNotifications", cursor=older)
        found = rows(told, "notifications")
        said = [each for each in found if text(each, "reason") in SPEAKS_TO_US]
        return self._slice(told, found, said, since)

    def _told_by(self, method: str, **params: str | int) -> Told:
        server = self._server()
        address, asked = f"{server}/xrpc/{method}", {"limit": PAGE, **params}
        if token := kept_token(self._account(server)):
            answer = self._question(address, _signed(token), asked, also=(400, 401))
            if answer.status not in (400, 401):
                return as_object(answer)
            # The token is taken no more, or the question is wrong: a new token tells which.
        token = sign_in(self._client, self._account(server))
        return as_object(self._question(address, _signed(token), asked))

    def _account(self, server: str) -> Account:
        return server, self._told.get(HANDLE.name, ""), self._told.get(WORD.name, "")

    def _slice(
        self, told: Told, found: Sequence[Told], posts: Sequence[Told], since: datetime
    ) -> Slice:
        """The posts that are young enough, and where to go on: until one of the list is too old."""
        messages = [said for post in posts if (said := as_message(post, self._now)) is not None]
        young = [message for message in messages if message.said_at >= since]
        heard = [moment(each, "indexedAt", self._now) for each in found]
        is_over = any(at is not None and at < since for at in heard) or len(young) < len(messages)
        return Slice(young, text(told, "cursor") if found and not is_over else "")

    @classmethod
    def check(cls, told: Mapping[str, str]) -> None:
        super().check(told)
        if way_of(told) == STREAM:
            Wanted(searches_in(told.get(LOOK_FOR.name, "")))
        elif not told.get(HANDLE.name, "") or not told.get(WORD.name, ""):
            raise Refused(say("Give a handle and an app password; only a stream does without."))

    def _server(self) -> str:
        return server_of({SERVER.name: self._told.get(HOME.name, "") or HOME.default})


def kept_token(account: Account) -> str:
    """The token of an earlier visit; empty where there is none, or it is old."""
    since, token = SESSIONS.get(account, (0.0, ""))
    return token if time.monotonic() - since < KEPT else ""


def sign_in(client: Guarded, account: Account) -> str:
    """A new token. TRICKY: a wrong password is told as 401, a wrong token as 400."""
    server, handle, word = account
    SESSIONS.pop(account, None)
    body = {"identifier": handle, "password": word}
    try:
        # 501: Bluesky's public view, say, where nobody can sign in.
        answer = client.post_json(
            f"{server}/xrpc/com.atproto.server.createSession", body, also=(501,)
        )
    except TryLater:
        raise
    except Refused:
        raise Refused(say("Bluesky does not let this handle in with this app password.")) from None  # fmt: skip
    token = text(as_object(answer), "accessJwt")
    if not token:
        raise Refused(say("{server} answers, but not as Bluesky does.", server=server))
    if len(SESSIONS) >= MOST_SESSIONS:
        SESSIONS.clear()
    SESSIONS[account] = (time.monotonic(), token)
    return token


class Profiles:
    """The public names of accounts, asked in lots and remembered for a day; one at a time asks."""

    def __init__(
        self, client: Guarded, address: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._address = server_of({SERVER.name: address})
        self._clock = clock
        self._known: dict[str, tuple[float, Told | None]] = {}

    def of(self, dids: Iterable[str]) -> dict[str, Told]:
        """The profiles of these accounts; who has none, or is not shown to the public, is left out.
        Raises TryLater and Refused when nobody can be asked."""
        now, found = self._clock(), {}
        unknown = []
        for did in sorted(set(dids)):
            at, profile = self._known.get(did, (-A_DAY, None))
            if now - at >= A_DAY:
                unknown.append(did)
            elif profile is not None:
                found[did] = profile
        for some in _lots(unknown):
            told = self._asked("app.bsky.actor.getProfiles", "actors", some, "profiles")
            shown = {text(profile, "did"): profile for profile in told}
            if len(self._known) > MOST_PROFILES:
                self._known.clear()
            for did in some:
                # Who is not there yet may be there in a moment: remembered for a minute.
                at = now if did in shown else now - A_DAY + 60.0
                self._known[did] = (at, shown.get(did))
            found |= {did: profile for did, profile in shown.items() if did in some}
        return found

    def forget(self, did: str) -> None:
        """Ask anew: something about the account changed."""
        self._known.pop(did, None)

    def posts_shown(self, addresses: Sequence[str]) -> set[str]:
        """Those of these posts that are still shown."""
        return {
            text(post, "uri")
            for some in _lots(addresses)
            for post in self._asked("app.bsky.feed.getPosts", "uris", some, "posts")
        }

    def _asked(self, method: str, name: str, values: Sequence[str], found: str) -> list[Told]:
        asked = urlencode([(name, value) for value in values])
        answer = self._client.get(f"{self._address}/xrpc/{method}?{asked}")
        return rows(as_object(answer), found)


def _signed(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _lots(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]


def as_message(post: Told, now: datetime) -> Message | None:
    """A post as a message; None for what has no address, moment or words, and for accounts that ask
    to be seen by people who are signed in only."""
    record, author = inside(post, "record"), inside(post, "author")
    address, did = text(post, "uri"), text(author, "did")
    said = words_of(record)
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
        author=_handle(author) or did,
        author_name=one_line(text(author, "displayName") or _handle(author)),
        url=web_address(f"https://bsky.app/profile/{did}/post/{address.rpartition('/')[2]}"),
        language=language_tag(str(languages[0]))
        if isinstance(languages, list) and languages
        else "",
        reply_to=text(inside(reply, "parent"), "uri"),
        thread=text(inside(reply, "root"), "uri") or address,
        quotes=_quoted(inside(record, "embed")),
        likes=count(post, "likeCount"),
        replies=count(post, "replyCount"),
        reposts=count(post, "repostCount"),
    )


def words_of(record: Told) -> str:
    """What a post says; of one without words what its pictures show."""
    return clean(text(record, "text")) or _of_pictures(record)


def _handle(author: Told) -> str:
    """The handle; empty where its owner lost it, which the network writes out."""
    handle = text(author, "handle")
    return "" if handle == "handle.invalid" else handle


def _quoted(embed: Told) -> str:
    """The address of the post that is quoted, alone or beside pictures; of nothing else."""
    address = text(inside(embed, "record"), "uri") or text(inside(embed, "record", "record"), "uri")
    return address if "/app.bsky.feed.post/" in address else ""


def _of_pictures(record: Mapping[str, object]) -> str:
    """What a post without words says: the descriptions of its pictures."""
    described = [clean(text(picture, "alt")) for picture in rows(inside(record, "embed"), "images")]
    return "\n".join(words for words in described if words)


def _earlier(first: datetime | None, second: datetime | None) -> datetime | None:
    told = [when for when in (first, second) if when is not None]
    return min(told) if told else None


def _is_hidden(author: Told) -> bool:
    return any(text(label, "val") == "!no-unauthenticated" for label in rows(author, "labels"))
