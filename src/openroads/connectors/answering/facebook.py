"""Answering at a Facebook page of ours: a comment in reply, or a message to who made one."""

from datetime import UTC, datetime
from typing import ClassVar, Final

from openroads.connectors.answering.form_body import form_with
from openroads.connectors.answering.meta import PRIVATE_HOURS, AnsweringMeta, number_of
from openroads.connectors.answering.port import (
    Draft,
    Limits,
    Picture,
    Receipt,
    picture_of,
    same_words,
)
from openroads.connectors.answers import Told, inside, moment, text
from openroads.connectors.facebook import PAGE
from openroads.connectors.failures import Refused, TryLater, Unsure
from openroads.connectors.meta import APP_SECRET, TOKEN, VERSION, NotThere, number_in
from openroads.connectors.plain import clean, web_address
from openroads.connectors.port import Field
from openroads.connectors.sentences import say

CHARACTERS: Final = 8_000
MOST_OF_A_PICTURE: Final = 4_000_000
"""Meta takes ten; the answer has to be handed over within a minute on a slow line."""
PHOTOS: Final = frozenset({"image/jpeg", "image/png", "image/gif"})
WORDS: Final = "id,message,from,created_time,permalink_url"


class AnsweringFacebook(AnsweringMeta):
    """Publishes as one page."""

    kind: ClassVar[str] = "facebook"
    label: ClassVar[str] = say("Facebook page of ours")
    fields: ClassVar[tuple[Field, ...]] = (PAGE, TOKEN, APP_SECRET, VERSION)
    networks: ClassVar[tuple[str, ...]] = ("facebook",)
    limits: ClassVar[Limits] = Limits(CHARACTERS, True, True, True, PRIVATE_HOURS)
    asks: ClassVar[str] = say("An app at Meta, its secret, and a token of the page that may write.")

    def publish(self, draft: Draft) -> Receipt:
        """A comment under what is answered; under a comment that is one in its thread."""
        answered = number_of(draft.reply_to)
        picture = picture_of(draft, MOST_OF_A_PICTURE)
        if draft.private:
            if picture:
                raise Refused(say("A private message at Facebook takes no picture from here."))
            return self._private(draft, f"{self._page}/messages")
        said: dict[str, object] = {"message": self.words(draft)}
        if picture:
            said["attachment_id"] = self._upload(picture)
        told = self._do(f"{answered}/comments", said)
        number = text(told, "id")
        if not number:
            raise Unsure(say("Meta answers, but does not say what became of it."))
        return _receipt({**told, "id": number})

    def find(self, draft: Draft) -> Receipt | None:
        """Among the comments of the thread, newest first, one of our page that answers the same with the
        same words. A private message cannot be looked up."""
        if draft.private:
            raise Unsure(say("Meta does not tell whether a private message arrived."))
        answered, said = number_of(draft.reply_to), self.words(draft)
        thread = number_of(draft.thread or draft.reply_to)
        # An answer to an answer hangs under the first comment of both.
        under = {"", answered} if thread == answered else {answered, self._parent(answered)} - {""}
        fields = f"{WORDS},parent{{id}}"
        found = self._comments(
            f"{thread}/comments", fields, order="reverse_chronological", filter="stream"
        )
        for comment in found:
            is_ours = text(inside(comment, "from"), "id") == self._page
            is_here = text(inside(comment, "parent"), "id") in under
            if is_ours and is_here and same_words(text(comment, "message"), said):
                return _receipt(comment)
        return None

    def _upload(self, picture: Picture) -> str:
        """The number of a photo of the page that nobody sees until a comment shows it
        (https://developers.facebook.com/docs/graph-api/reference/object/comments)."""
        if picture.kind not in PHOTOS:
            raise Refused(say("Facebook takes no WebP pictures; give a JPEG, PNG or GIF."))
        told = {"published": "false", "alt_text_custom": clean(picture.alt)[:1_000]}
        try:
            number = text(
                self._send(f"{self._page}/photos", *form_with(picture, "source", told)), "id"
            )
        except Unsure as problem:
            # It may be there, and is seen by nobody.
            raise TryLater(problem.why) from None
        if not number:
            raise TryLater(say("The picture could not be handed over."))
        return number

    def _parent(self, comment: str) -> str:
        try:
            return text(inside(self._ask(comment, fields="parent{id}"), "parent"), "id")
        except NotThere:
            return ""

    def check(self) -> str:
        return text(self._ask(self._page, fields="name"), "name") or self._page

    @property
    def _page(self) -> str:
        return number_in(self._text(PAGE.name))


def _receipt(comment: Told) -> Receipt:
    number = text(comment, "id")[:500]
    url = web_address(text(comment, "permalink_url")) or f"https://www.facebook.com/{number}"
    now = datetime.now(UTC)
    return Receipt(number, url, moment(comment, "created_time", now) or now)
