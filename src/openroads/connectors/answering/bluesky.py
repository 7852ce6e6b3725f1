"""Answering at Bluesky: a post in reply, under a record key that is made from the deed, so that it is there once."""

import hashlib
import re
from datetime import UTC, datetime
from json import dumps
from typing import ClassVar, Final
from urllib.parse import urlencode

from openroads.connectors.answering.counting import LINK, graphemes, link_end
from openroads.connectors.answering.port import (
    Answering,
    Draft,
    Limits,
    Picture,
    Receipt,
    done,
    picture_of,
    same_words,
)
from openroads.connectors.answers import MAX_BYTES, Told, as_object, inside, moment, rows, text
from openroads.connectors.bluesky import HANDLE, HOME, WORD, Account, kept_token, sign_in
from openroads.connectors.failures import Refused, TryLater, Unsure
from openroads.connectors.http import Answer
from openroads.connectors.plain import clean, one_line
from openroads.connectors.port import Field
from openroads.connectors.sentences import say
from openroads.connectors.servers import SERVER, server_of

CHARACTERS: Final = 300
MOST_BYTES: Final = 3_000
MOST_OF_A_PICTURE: Final = 1_000_000
POSTS: Final = "app.bsky.feed.post"
ALPHABET: Final = "234567abcdefghijklmnopqrstuvwxyz"
A_YEAR: Final = 365 * 24 * 3_600 * 1_000_000
FIRST: Final = 1_704_067_200_000_000
"""1 January 2024 in microseconds: keys lie within the year after it, which no writer's clock makes any more."""
OLD_TOKEN: Final = frozenset({"ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired"})  # fmt: skip
_MENTION: Final = re.compile(r"(?<![\w@/])@((?:[a-z0-9-]+\.)+[a-z]{2,})(?![\w-])", re.IGNORECASE)
OURS: Final = Field(HANDLE.name, HANDLE.label, say("Of the account that answers: windmee.bsky.social."))  # fmt: skip
OUR_WORD: Final = Field(WORD.name, WORD.label, WORD.help, secret=True)


class AnsweringBluesky(Answering):
    """Publishes posts of one account. Private messages are not sent: their service tells nobody by what
    a double is known."""

    kind: ClassVar[str] = "bluesky"
    label: ClassVar[str] = "Bluesky"
    fields: ClassVar[tuple[Field, ...]] = (OURS, OUR_WORD, HOME)
    networks: ClassVar[tuple[str, ...]] = ("bluesky",)
    limits: ClassVar[Limits] = Limits(CHARACTERS, False, True, True, counted=graphemes)
    asks: ClassVar[str] = say("A handle and an app password.")

    def publish(self, draft: Draft) -> Receipt:
        """One record under the key of the deed: a server takes no second one under it."""
        said = self.words(draft)
        if draft.private:
            raise Refused(say("Private messages at Bluesky are not sent by the house."))
        if len(said.encode()) > MOST_BYTES:
            raise Refused(say("This is longer than Bluesky takes."))
        picture = picture_of(draft, MOST_OF_A_PICTURE)
        now = datetime.now(UTC)
        record: dict[str, object] = {
            "$type": POSTS,
            "text": said,
            "createdAt": now.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        }
        if facets := self._facets(said):
            record["facets"] = facets
        if draft.language:
            record["langs"] = [draft.language]
        if draft.reply_to:
            record["reply"] = self._place(draft.reply_to)
        if picture:
            shown = {"alt": clean(picture.alt), "image": self._upload(picture)}
            record["embed"] = {"$type": "app.bsky.embed.images", "images": [shown]}
        asked = {"repo": self._handle, "collection": POSTS, "rkey": key_of(draft), "record": record}
        told = self._do("com.atproto.repo.createRecord", dumps(asked).encode(), "application/json")
        address = text(told, "uri")
        if not address.startswith("at://"):
            raise Unsure(say("{server} answers, but not as Bluesky does.", server=self._server))
        return _receipt(address, now)

    def find(self, draft: Draft) -> Receipt | None:
        """The record under the key of the deed."""
        answer = self._ask(
            "com.atproto.repo.getRecord", repo=self._handle, collection=POSTS, rkey=key_of(draft)
        )
        told = as_object(answer)
        if answer.status == 400:
            if text(told, "error") == "RecordNotFound" or "not locate record" in text(told, "message"):  # fmt: skip
                return None
            raise TryLater(say("Bluesky does not say whether it is there."))
        record = inside(told, "value")
        if not same_words(text(record, "text"), self.words(draft)):
            raise Unsure(say("Something else stands under the key of this answer."))
        return _receipt(text(told, "uri"), moment(record, "createdAt", datetime.now(UTC)))

    def check(self) -> str:
        told = as_object(self._ask("com.atproto.server.getSession"))
        if not text(told, "handle"):
            raise Refused(say("{server} answers, but not as Bluesky does.", server=self._server))
        return f"@{text(told, 'handle')}"

    @property
    def _server(self) -> str:
        return server_of({SERVER.name: self._text(HOME.name, HOME.default)})

    @property
    def _handle(self) -> str:
        return self._text(HANDLE.name).lstrip("@")

    @property
    def _account(self) -> Account:
        return self._server, self._handle, self._told.get(WORD.name, "")

    def _ask(self, method: str, **params: str) -> Answer:
        """A question; also its 400, with an error that has a name."""
        address = f"{self._server}/xrpc/{method}"
        whole = f"{address}?{urlencode(params)}" if params else address
        for token in (kept_token(self._account), ""):
            token = token or sign_in(self._client, self._account)
            answer = self._client.get(
                whole, max_bytes=MAX_BYTES, headers=_signed(token), also=(400, 401)
            )
            if not _is_old(answer):
                return answer
        raise Refused(say("Bluesky does not let this handle in with this app password."))

    def _do(self, method: str, body: bytes, kind: str) -> Told:
        """A deed. What was refused because the token is old was not done, and is asked once more."""
        address = f"{self._server}/xrpc/{method}"
        for token in (kept_token(self._account), ""):
            token = token or sign_in(self._client, self._account)
            answer = self._client.do(
                "POST", address, body, headers={**_signed(token), "Content-Type": kind},
                also=(400, 401, 413), timeout=20.0,
            )  # fmt: skip
            if _is_old(answer):
                continue
            if answer.status < 400:
                return done(answer)
            told = as_object(answer)
            if "already" in text(told, "message").lower():
                raise Unsure(say("Something stands under the key of this answer already."))
            raise Refused(say("Bluesky refused: {why}", why=one_line(text(told, "message") or text(told, "error"), 200)))  # fmt: skip
        raise Refused(say("Bluesky does not let this handle in with this app password."))

    def _place(self, reply_to: str) -> Told:
        """The post that is answered and the first of its thread, each by address and content."""
        answer = self._ask("app.bsky.feed.getPosts", uris=reply_to)
        found = rows(as_object(answer), "posts") if answer.status < 400 else []
        parent = found[0] if found else {}
        if text(parent, "uri") != reply_to or not text(parent, "cid"):
            raise Refused(say("The post that is answered is not there any more."))
        here = {"uri": reply_to, "cid": text(parent, "cid")}
        root = inside(parent, "record", "reply", "root")
        first = {"uri": text(root, "uri"), "cid": text(root, "cid")}
        return {"root": first if all(first.values()) else here, "parent": here}

    def _facets(self, said: str) -> list[Told]:
        """Where addresses and people stand in the text, in bytes of it: without this they are mere words."""
        found: list[Told] = []
        for link in LINK.finditer(said):
            address = link_end(link[0])
            feature = {"$type": "app.bsky.richtext.facet#link", "uri": address}
            found.append(_facet(said, link.start(), link.start() + len(address), feature))
        for mention in _MENTION.finditer(said):
            answer = self._ask("com.atproto.identity.resolveHandle", handle=mention[1].lower())
            did = text(as_object(answer), "did") if answer.status < 400 else ""
            if did.startswith("did:"):
                feature = {"$type": "app.bsky.richtext.facet#mention", "did": did}
                found.append(_facet(said, mention.start(), mention.end(), feature))
        return found

    def _upload(self, picture: Picture) -> Told:
        """A picture that stands ready. One that no post shows is cleared away by the server."""
        try:
            told = self._do("com.atproto.repo.uploadBlob", picture.body, picture.kind)
        except Unsure as problem:
            raise TryLater(problem.why) from None
        blob = inside(told, "blob")
        if not blob:
            raise TryLater(say("The picture could not be handed over."))
        return blob


def key_of(draft: Draft) -> str:
    """A record key made from the key of the deed: a valid TID (https://atproto.com/specs/tid), the same
    every time. 44 bits of it are a moment in 2024 and 10 the clock's number, both from a hash: two of a
    hundred thousand answers share one with a chance of one in a million."""
    told = int.from_bytes(hashlib.sha256(draft.key.encode()).digest()[:16], "big")
    clock, at = told & 0x3FF, FIRST + (told >> 10) % A_YEAR
    number = (at << 10) | clock
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(60, -1, -5))


def _receipt(address: str, at: datetime | None) -> Receipt:
    did, _, rest = address.removeprefix("at://").partition("/")
    url = f"https://bsky.app/profile/{did}/post/{rest.rpartition('/')[2]}"
    return Receipt(address[:500], url, at)


def _signed(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _is_old(answer: Answer) -> bool:
    """Whether a token is taken no more. TRICKY: that is told as 400 as often as 401."""
    if answer.status not in (400, 401):
        return False
    try:
        return answer.status == 401 or text(as_object(answer), "error") in OLD_TOKEN
    except Refused:
        return answer.status == 401


def _facet(said: str, start: int, end: int, feature: Told) -> Told:
    begin = len(said[:start].encode())
    index = {"byteStart": begin, "byteEnd": begin + len(said[start:end].encode())}
    return {"index": index, "features": [feature]}
