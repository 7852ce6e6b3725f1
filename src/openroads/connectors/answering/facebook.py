"""Answering at a Facebook page of ours: a comment in reply, or a message to who made one."""

from datetime import UTC, datetime
from typing import ClassVar, Final

from openroads.connectors.answering.meta import PRIVATE_HOURS, AnsweringMeta, number_of
from openroads.connectors.answering.port import Draft, Limits, Receipt, same_words
from openroads.connectors.answers import Told, inside, moment, text
from openroads.connectors.facebook import PAGE
from openroads.connectors.failures import Unsure
from openroads.connectors.meta import APP_SECRET, TOKEN, VERSION, NotThere, number_in
from openroads.connectors.plain import web_address
from openroads.connectors.port import Field
from openroads.connectors.sentences import say

CHARACTERS: Final = 8_000
WORDS: Final = "id,message,from,created_time,permalink_url"


class AnsweringFacebook(AnsweringMeta):
    """Publishes as one page."""

    kind: ClassVar[str] = "facebook"
    label: ClassVar[str] = say("Facebook page of ours")
    fields: ClassVar[tuple[Field, ...]] = (PAGE, TOKEN, APP_SECRET, VERSION)
    networks: ClassVar[tuple[str, ...]] = ("facebook",)
    limits: ClassVar[Limits] = Limits(CHARACTERS, True, True, False, PRIVATE_HOURS)
    asks: ClassVar[str] = say("An app at Meta, its secret, and a token of the page that may write.")

    def publish(self, draft: Draft) -> Receipt:
        """A comment under what is answered; under a comment that is one in its thread."""
        answered = number_of(draft.reply_to)
        if draft.private:
            return self._private(draft, f"{self._page}/messages")
        told = self._do(f"{answered}/comments", {"message": self.words(draft)})
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
