"""Answering through a program of one's own: each answer is a signed message to an address, as Standard Webhooks says."""

import base64
import json
import uuid
from datetime import UTC, datetime
from typing import ClassVar, Final

from openroads.archive.networks import LABELS
from openroads.connectors.answering.port import Answering, Draft, Limits, Receipt, picture_of
from openroads.connectors.answers import as_object, text
from openroads.connectors.failures import Refused
from openroads.connectors.plain import clean, one_line, web_address
from openroads.connectors.port import Field
from openroads.connectors.sentences import say
from openroads.connectors.signatures import key_of, sign

PUBLISH, CHECK = "answer.publish", "answer.check"
MOST_OF_A_PICTURE: Final = 5_000_000
ADDRESS: Final = Field("address", say("Address"), say("Where answers are sent by POST."))
SECRET: Final = Field(
    "secret",
    say("Secret"),
    say("Signs every message, as Standard Webhooks writes it: whsec_ and base64."),
    secret=True,
)


class AnsweringHook(Answering):
    """Hands answers to an address that publishes them. Its message keeps its id over all tries, by which
    the other side knows a double; so what may have arrived is simply sent again."""

    kind: ClassVar[str] = "hook"
    label: ClassVar[str] = say("A program of yours")
    fields: ClassVar[tuple[Field, ...]] = (ADDRESS, SECRET)
    networks: ClassVar[tuple[str, ...]] = tuple(LABELS)
    limits: ClassVar[Limits] = Limits(None, True, True, True)
    asks: ClassVar[str] = say("An address that takes signed messages, for networks the house does not answer itself.")  # fmt: skip

    def publish(self, draft: Draft) -> Receipt:
        """The answer may tell the `id` and the `url` of what was published; without them the id of the
        message is the proof."""
        picture = picture_of(draft, MOST_OF_A_PICTURE)
        told: dict[str, object] = {
            "key": draft.key, "text": self.words(draft), "private": draft.private, "to": draft.to,
            "reply_to": draft.reply_to, "thread": draft.thread, "subject": draft.subject,
            "references": list(draft.references), "language": draft.language,
        }  # fmt: skip
        if picture:
            body = base64.b64encode(picture.body).decode()
            told["picture"] = {"name": picture.name, "kind": picture.kind, "alt": picture.alt, "base64": body}  # fmt: skip
        number = f"msg_{uuid.uuid5(uuid.NAMESPACE_URL, draft.key).hex}"
        answer = self._send(number, PUBLISH, told)
        number = clean(text(answer, "id"))[:500] or number
        return Receipt(number, web_address(text(answer, "url")), datetime.now(UTC))

    def find(self, draft: Draft) -> Receipt | None:
        """Nothing is asked: the other side knows a double by its id."""
        return None

    def check(self) -> str:
        answer = self._send(f"msg_{uuid.uuid4().hex}", CHECK, {})
        return one_line(text(answer, "name"), 120) or self._text(ADDRESS.name)

    def _send(self, number: str, kind: str, data: dict[str, object]) -> dict[str, object]:
        now = datetime.now(UTC)
        said = {"type": kind, "timestamp": now.isoformat(), "data": data}
        body, moment = json.dumps(said, ensure_ascii=False).encode(), str(int(now.timestamp()))
        secret = self._text(SECRET.name)
        try:
            key_of(secret)
        except ValueError:
            raise Refused(say("The secret is none of Standard Webhooks: whsec_ and base64.")) from None  # fmt: skip
        headers = {
            "Content-Type": "application/json", "webhook-id": number, "webhook-timestamp": moment,
            "webhook-signature": sign(secret, number, moment, body),
        }  # fmt: skip
        answer = self._client.do("POST", self._text(ADDRESS.name), body, headers=headers, timeout=20.0)  # fmt: skip
        try:
            return dict(as_object(answer))
        except Refused:
            return {}
