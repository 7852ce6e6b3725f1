"""Answering at Mastodon and what speaks as it does: a status in reply, in public or to one person alone."""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import ClassVar, Final
from urllib.parse import urlencode

from openroads.connectors.answering.counting import as_mastodon_counts
from openroads.connectors.answering.form_body import form_with
from openroads.connectors.answering.port import (
    Answering,
    Draft,
    Limits,
    Picture,
    Receipt,
    done,
    only_digits,
    picture_of,
    same_words,
)
from openroads.connectors.answers import (
    MAX_BYTES,
    Told,
    as_object,
    as_objects,
    count,
    inside,
    moment,
    rows,
    shown,
    text,
)
from openroads.connectors.failures import Refused, TryLater, Unsure
from openroads.connectors.http import Answer
from openroads.connectors.mastodon import address_of
from openroads.connectors.plain import clean, one_line, plain, web_address
from openroads.connectors.port import Field
from openroads.connectors.sentences import say
from openroads.connectors.servers import SERVER, server_of

MOST_OF_A_PICTURE: Final = 8_000_000
LOOKED_AT: Final = 80
"""Statuses of ours among which a lost one is looked for."""
TOKEN: Final = Field(
    "token",
    say("Access token"),
    say("From Preferences, Development, with the scopes “read” and “write”."),
    secret=True,
)
_MENTION: Final = re.compile(r"@([\w.-]*\w)(?:@[\w.-]*\w)?")


class AnsweringMastodon(Answering):
    """Publishes statuses of one account."""

    kind: ClassVar[str] = "mastodon"
    label: ClassVar[str] = "Mastodon"
    fields: ClassVar[tuple[Field, ...]] = (SERVER, TOKEN)
    networks: ClassVar[tuple[str, ...]] = ("mastodon",)
    limits: ClassVar[Limits] = Limits(500, True, True, True, counted=as_mastodon_counts)
    asks: ClassVar[str] = say("The address of your server and an access token that may write.")

    @classmethod
    def words(cls, draft: Draft) -> str:
        """The text, begun with a mention of who is answered: without it they are not told, and a private
        message has no reader."""
        said, to = clean(draft.text), draft.to.strip().lstrip("@")
        if not to or re.search(rf"(?<![\w@])@{re.escape(to)}(?![\w@])", said, re.IGNORECASE):
            return said
        return f"@{to} {said}"

    def publish(self, draft: Draft) -> Receipt:
        """One status. The server knows a repeated key for an hour; some servers never do, so a lost one
        is looked for before it is sent again."""
        if draft.private and not draft.to:
            raise Refused(say("A private message needs somebody it is for."))
        asked: dict[str, object] = {
            "status": self.words(draft),
            "visibility": "direct" if draft.private else "public",
        }
        if draft.language:
            asked["language"] = draft.language[:2]
        if draft.reply_to:
            asked["in_reply_to_id"] = self._still_there(self._number(draft.reply_to))
        if picture := picture_of(draft, MOST_OF_A_PICTURE):
            asked["media_ids"] = [self._upload(picture)]
        answer = self._client.do(
            "POST", f"{self._server}/api/v1/statuses", json.dumps(asked).encode(),
            headers={**self._signed(), "Content-Type": "application/json", "Idempotency-Key": _key(draft)},
            also=(400, 401, 403, 404, 422),
        )  # fmt: skip
        status = _accepted(answer)
        if not text(status, "id"):
            raise Unsure(say("{server} answers, but not as Mastodon does.", server=self._server))
        return self._receipt(status)

    def find(self, draft: Draft) -> Receipt | None:
        """Among the last statuses of ours, one that answers the same with the same words."""
        answered = self._number(draft.reply_to) if draft.reply_to else ""
        said = _without_servers(self.words(draft))
        for status in self._ours():
            if text(status, "in_reply_to_id") != answered:
                continue
            if (text(status, "visibility") == "direct") != draft.private:
                continue
            if same_words(_without_servers(plain(text(status, "content"))), said):
                return self._receipt(status)
        return None

    def check(self) -> str:
        """As the server names us where we are read: so that what is read back is known as ours."""
        found, host = address_of(self._me()), self._server.partition("://")[2]
        return f"@{found}" if "@" in found else f"@{found}@{host}"

    def characters(self) -> int | None:
        """As this server has it: many let people write more than 500."""
        told = as_object(self._get("/api/v2/instance", also=(404,)))
        found = count(inside(told, "configuration", "statuses"), "max_characters")
        return found or self.limits.characters

    @property
    def _server(self) -> str:
        return server_of(self._told)

    def _signed(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {shown(self._told.get(TOKEN.name, ''))}"}

    def _get(self, path: str, also: tuple[int, ...] = ()) -> Answer:
        return self._client.get(
            f"{self._server}{path}", max_bytes=MAX_BYTES, headers=self._signed(), also=also
        )

    def _me(self) -> Told:
        try:
            me = as_object(self._get("/api/v1/accounts/verify_credentials"))
        except Refused:
            raise Refused(say("Mastodon does not accept this access token; make a new one.")) from None  # fmt: skip
        if not text(me, "id"):
            raise Refused(say("{server} answers, but not as Mastodon does.", server=self._server))
        return me

    def _ours(self) -> Iterator[Told]:
        """Our newest statuses, newest first."""
        path, seen = f"/api/v1/accounts/{number_of(text(self._me(), 'id'))}/statuses", 0
        older = ""
        while seen < LOOKED_AT:
            found = as_objects(self._get(f"{path}?limit=40&exclude_reblogs=true{older}"))
            yield from found
            seen += len(found)
            if len(found) < 40:
                return
            older = f"&max_id={number_of(text(found[-1], 'id'))}"

    def _number(self, native_id: str) -> str:
        """What our server calls a status. Of another server's, that one is asked for the address it has
        everywhere, and ours to look it up."""
        host, _, number = native_id.rpartition("/")
        number_of(number)
        if host in ("", self._server.partition("://")[2]):
            return number
        theirs = server_of({SERVER.name: host})
        found = as_object(self._client.get(f"{theirs}/api/v1/statuses/{number}", max_bytes=MAX_BYTES))  # fmt: skip
        address = web_address(text(found, "uri")) or web_address(text(found, "url"))
        asked = urlencode({"q": address, "resolve": "true", "type": "statuses", "limit": 1})
        known = rows(as_object(self._get(f"/api/v2/search?{asked}")), "statuses") if address else []
        if not known or not text(known[0], "id"):
            raise Refused(say("{server} does not know the post of {host} that is answered.", server=self._server, host=host))  # fmt: skip
        return text(known[0], "id")

    def _still_there(self, number: str) -> str:
        """The number again. Some servers answer what was deleted with a post that hangs nowhere."""
        if self._get(f"/api/v1/statuses/{number}", also=(404, 410)).status >= 400:
            raise Refused(say("The post that is answered is not there any more."))
        return number

    def _upload(self, picture: Picture) -> str:
        """The number of a picture that stands ready. It is seen by nobody until a status shows it."""
        body, kind = form_with(picture, "file", {"description": clean(picture.alt)[:1_500]})
        answer = self._client.post_bytes(
            f"{self._server}/api/v2/media", body, timeout=60.0, also=(400, 422),
            headers={**self._signed(), "Content-Type": kind},
        )  # fmt: skip
        try:
            number = text(_accepted(answer), "id")
        except Unsure:
            number = ""
        if not number:
            raise TryLater(say("The picture could not be handed over."))
        return number

    def _receipt(self, status: Told) -> Receipt:
        host = self._server.partition("://")[2]
        return Receipt(
            f"{host}/{text(status, 'id')}"[:500],
            web_address(text(status, "url")) or web_address(text(status, "uri")),
            moment(status, "created_at", datetime.now(UTC)),
        )


def number_of(number: str) -> str:
    """A number of a status; some servers give words. Raises Refused for what would change an address."""
    return number if number.isalnum() and len(number) <= 80 else only_digits(number)


def _key(draft: Draft) -> str:
    return hashlib.sha256(draft.key.encode()).hexdigest()


def _accepted(answer: Answer) -> Told:
    """The object, where the server agreed. Raises Refused with what it says."""
    if answer.status < 400:
        return done(answer)
    if answer.status == 401:
        raise Refused(say("Mastodon does not accept this access token; make a new one."))
    if answer.status == 404:
        raise Refused(say("The post that is answered is not there any more."))
    try:
        why = one_line(text(as_object(answer), "error"), 200)
    except Refused:
        why = ""
    raise Refused(say("Mastodon refused: {why}", why=why or str(answer.status)))


def _without_servers(said: str) -> str:
    """Mentions by their name alone: that is how a server writes them out."""
    return _MENTION.sub(r"@\1", said)
