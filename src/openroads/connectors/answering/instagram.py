"""Answering at an Instagram account of ours: a comment in reply, or a message to who made one."""

from datetime import UTC, datetime
from typing import ClassVar, Final

from openroads.connectors.answering.meta import PRIVATE_HOURS, AnsweringMeta, number_of
from openroads.connectors.answering.port import Draft, Limits, Receipt, same_words
from openroads.connectors.answers import moment, text
from openroads.connectors.failures import Refused, Unsure
from openroads.connectors.instagram import ACCOUNT
from openroads.connectors.meta import APP_SECRET, TOKEN, VERSION, NotThere, number_in
from openroads.connectors.plain import clean
from openroads.connectors.port import Field
from openroads.connectors.sentences import say

CHARACTERS: Final = 2_200


class AnsweringInstagram(AnsweringMeta):
    """Publishes as one business account."""

    kind: ClassVar[str] = "instagram"
    label: ClassVar[str] = say("Instagram account of ours")
    fields: ClassVar[tuple[Field, ...]] = (ACCOUNT, TOKEN, APP_SECRET, VERSION)
    networks: ClassVar[tuple[str, ...]] = ("instagram",)
    limits: ClassVar[Limits] = Limits(CHARACTERS, True, True, False, PRIVATE_HOURS)
    asks: ClassVar[str] = say("A business account tied to a page, an app at Meta, its secret and a token that may write.")  # fmt: skip

    @classmethod
    def words(cls, draft: Draft) -> str:
        """In public begun with a mention of who is answered: all answers to a comment hang under it."""
        said, to = clean(draft.text), draft.to.strip().lstrip("@")
        if draft.private or not to or f"@{to}".lower() in said.lower():
            return said
        return f"@{to} {said}"

    def publish(self, draft: Draft) -> Receipt:
        if draft.private:
            number_of(draft.reply_to)
            return self._private(draft, "me/messages")
        told = self._do(self._place(draft), {"message": self.words(draft)})
        number = text(told, "id")
        if not number:
            raise Unsure(say("Meta answers, but does not say what became of it."))
        return Receipt(number[:500], "", datetime.now(UTC))

    def find(self, draft: Draft) -> Receipt | None:
        """Among the comments where it should hang, one of ours with the same words. A private message
        cannot be looked up."""
        if draft.private:
            raise Unsure(say("Meta does not tell whether a private message arrived."))
        ours, said = self.check().lstrip("@"), self.words(draft)
        for comment in self._comments(self._place(draft), "id,text,timestamp,username"):
            if text(comment, "username") == ours and same_words(text(comment, "text"), said):
                now = datetime.now(UTC)
                return Receipt(text(comment, "id")[:500], "", moment(comment, "timestamp", now))
        return None

    def check(self) -> str:
        account = number_in(self._text(ACCOUNT.name))
        name = text(self._ask(account, fields="username"), "username")
        if not name:
            raise Refused(say("Meta knows no Instagram account of this number."))
        return f"@{name}"

    def _place(self, draft: Draft) -> str:
        """Where it hangs: under the post, under the comment, or under the comment that one answers."""
        answered = number_of(draft.reply_to)
        if answered == draft.thread:
            return f"{answered}/comments"
        try:
            parent = text(self._ask(answered, fields="id,parent_id"), "parent_id")
        except NotThere:
            raise Refused(say("The post that is answered is not there any more.")) from None
        return f"{number_of(parent or answered)}/replies"
