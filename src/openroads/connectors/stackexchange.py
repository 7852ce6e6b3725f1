"""Stack Exchange: questions on one of its sites, with their answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Final

from openroads.archive.message import Message
from openroads.connectors.answers import Told, as_object, count, inside, moment, rows, text
from openroads.connectors.failures import Refused
from openroads.connectors.metering import Allowance
from openroads.connectors.plain import one_line, plain, web_address
from openroads.connectors.port import Field
from openroads.connectors.searching import BACK, LOOK_FOR, Searched, Slice
from openroads.connectors.sentences import say

API: Final = "https://api.stackexchange.com/2.3"
PAGE: Final = 100
LONGEST_WAIT: Final = 60
WITH_BODY: Final = "withbody"
"""The built-in filter that also gives what was written, as HTML."""
SITE: Final = Field(
    "site",
    say("Site"),
    say("Its short name: stackoverflow, bicycles, superuser."),
    default="stackoverflow",
)
KEY: Final = Field(
    "key",
    say("API key"),
    say("Without one the house may ask 300 times a day, with one 10,000; from stackapps.com."),
    secret=True,
    required=False,
)


class StackExchange(Searched):
    """Follows searches on one site: each question found, and the answers to it."""

    kind: ClassVar[str] = "stackexchange"
    label: ClassVar[str] = "Stack Exchange"
    reads: ClassVar[str] = say("Questions that match, and the answers to them.")
    asks: ClassVar[str] = say("The short name of a site; a key for more than 300 questions a day.")
    fields: ClassVar[tuple[Field, ...]] = (SITE, LOOK_FOR, BACK, KEY)
    api: ClassVar[str] = API

    @classmethod
    def allowances(cls, told: Mapping[str, str]) -> tuple[Allowance, ...]:
        """Of a key, or of this address when there is none."""
        most = 10_000 if told.get(KEY.name) else 300
        return (Allowance("questions", say("questions to Stack Exchange"), units=most),)

    def _ask(self, search: str, since: datetime, older: str) -> Slice:
        """`older` is the number of the page."""
        number = int(older) if older.isdigit() else 1
        told = self._told_by(
            "search/advanced",
            q=search,
            sort="creation",
            order="desc",
            fromdate=int(since.timestamp()),
            page=number,
        )
        questions = rows(told, "items")
        answered = [text(question, "question_id") for question in questions if count(question, "answer_count")]  # fmt: skip
        found = [as_message(question, self._now) for question in questions]
        if answered:
            found += [as_message(each, self._now) for each in self._answers_to(answered)]
        messages = [message for message in found if message is not None]
        return Slice(messages, str(number + 1) if told.get("has_more") is True else "")

    def _answers_to(self, questions: list[str]) -> list[Told]:
        """Every answer to these questions, at most a hundred of them to a page."""
        found: list[Told] = []
        for number in range(1, 11):
            told = self._told_by(f"questions/{';'.join(questions)}/answers", sort="creation", page=number)  # fmt: skip
            found += rows(told, "items")
            if told.get("has_more") is not True:
                break
        return found

    def _told_by(self, what: str, **params: str | int) -> Told:
        """One answer; their wait is kept, by whatever visit comes next: who does not is shut out."""
        (allowance,) = self.allowances(self._told)
        self._meter.spend(allowance)
        told = as_object(
            self._get(
                f"{self.api}/{what}",
                site=self._told.get(SITE.name, "") or SITE.default,
                key=self._told.get(KEY.name, ""),
                filter=WITH_BODY,
                pagesize=PAGE,
                **params,
            )
        )
        if "items" not in told:
            why = one_line(text(told, "error_message"), 200)
            raise Refused(say("Stack Exchange refused: {why}", why=why or "?"))
        if wait := count(told, "backoff"):
            self._wait(allowance, wait)
        if (left := count(told, "quota_remaining")) is not None:
            self._meter.note(allowance, left)
            if not left:
                self._meter.close(allowance, allowance.seconds_left(self._now))
        return told

    def _wait(self, allowance: Allowance, seconds: int) -> None:
        """Wait here when it is short; what this visit does not see the end of holds for the next."""
        self._meter.close(allowance, seconds)
        if seconds <= LONGEST_WAIT:
            self._pause(float(seconds))
            self._meter.close(allowance, 0)


def as_message(item: Told, now: datetime) -> Message | None:
    """A question or answer as a message; None for what has no number, moment or words. Its text is
    shared under CC BY-SA: name and link go with it."""
    answer, question = text(item, "answer_id"), text(item, "question_id")
    said_at = moment(item, "creation_date", now)
    said = plain(text(item, "body"))
    if said_at is None or not question or not said:
        return None
    owner = inside(item, "owner")
    link = f"https://stackoverflow.com/a/{answer}" if answer else ""
    return Message(
        native_id=f"a{answer}" if answer else f"q{question}",
        network="stackexchange",
        text=said,
        said_at=said_at,
        author=text(owner, "user_id"),
        author_name=one_line(text(owner, "display_name")),
        url=web_address(text(item, "link")) or link,
        title="" if answer else one_line(text(item, "title")),
        reply_to=f"q{question}" if answer else "",
        thread=f"q{question}",
        # A score is votes up less votes down: it is no number of likes.
        replies=None if answer else count(item, "answer_count"),
        views=count(item, "view_count"),
    )
