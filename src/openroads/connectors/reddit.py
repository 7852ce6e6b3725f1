"""Reddit: posts that match a search, and what is said in a subreddit. Off until a person confirms the terms."""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Final

from openroads import __version__
from openroads.archive.message import Message
from openroads.connectors.answers import Told, as_object, count, inside, moment, rows, shown, text
from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.http import Answer
from openroads.connectors.metering import Allowance
from openroads.connectors.plain import clean, one_line, plain, web_address
from openroads.connectors.port import Field
from openroads.connectors.refreshing import RECHECK, Refreshes, Rule, gone, hours, portions
from openroads.connectors.searching import BACK, LOOK_FOR, Searched, Slice, searches_in
from openroads.connectors.sentences import say

API: Final = "https://oauth.reddit.com"
DOOR: Final = "https://www.reddit.com/api/v1/access_token"
PAGE: Final = 100
NOBODY: Final = frozenset({"", "[deleted]", "[removed]"})
"""What stands in the place of an author, or of words, that were taken away."""
QUESTIONS: Final = Allowance("questions", say("questions to Reddit"))
CLIENT: Final = Field(
    "client",
    say("Client id"),
    say("Of your app, as Reddit approved it, under reddit.com/prefs/apps."),
)
SECRET: Final = Field("secret", say("Client secret"), say("Of the same app."), secret=True)
ACCOUNT: Final = Field(
    "account",
    say("Account of the app"),
    say("Reddit wants to know who asks: the name of the account it was approved for, without u/."),
)
WHERE: Final = Field(
    LOOK_FOR.name,
    say("Words and subreddits"),
    say(
        "Separated by commas: r/ebikes is read whole, posts and comments; words are searched in posts."
    ),
)
_SUBREDDIT = re.compile(r"/?r/(\w{2,21})/?", re.ASCII)


class Reddit(Searched, Refreshes):
    """Follows searches and subreddits, with an app of the company's own that Reddit approved."""

    kind: ClassVar[str] = "reddit"
    label: ClassVar[str] = "Reddit"
    reads: ClassVar[str] = say("Posts that match words; posts and comments of a subreddit.")
    asks: ClassVar[str] = say("An app that Reddit approved, and for a company a contract.")
    agree: ClassVar[tuple[str, ...]] = (
        say(
            "Reddit's Responsible Builder Policy asks for approval before anything is read through its API, also "
            "with an app that exists already."
        ),
        say(
            "Use by or for a company is commercial: it needs a written contract with Reddit. Without one, leave "
            "this off and import what you may lawfully hold from a file."
        ),
        say(
            "What its author or a moderator took away on Reddit must go here too, and everything of an account that "
            "was deleted. The house looks each kept post up again for that, within the hours you set."
        ),
        say("Nothing of it may be used to train a model that is given to others, or be sold on."),
    )
    fields: ClassVar[tuple[Field, ...]] = (CLIENT, SECRET, ACCOUNT, WHERE, BACK, RECHECK)
    api: ClassVar[str] = API
    door: ClassVar[str] = DOOR
    # A hundred questions a minute.
    between: ClassVar[float] = 0.65
    _token: str = ""

    @classmethod
    def allowances(cls, told: Mapping[str, str]) -> tuple[Allowance, ...]:
        return (QUESTIONS,)

    @classmethod
    def check(cls, told: Mapping[str, str]) -> None:
        super().check(told)
        cls.rule(told)
        if not re.fullmatch(r"[\w-]{3,20}", told.get(ACCOUNT.name, "").strip(), re.ASCII):
            raise Refused(say("That is not the name of a Reddit account."))

    @classmethod
    def rule(cls, told: Mapping[str, str]) -> Rule:
        return Rule(after=hours(told, RECHECK))

    def _searches(self, topic: str) -> tuple[str, ...]:
        """A subreddit is two lists: what is posted, and what is said under it."""
        asked: list[str] = []
        for search in searches_in(topic):
            found = _SUBREDDIT.fullmatch(search)
            asked += [f"r/{found[1]}/new", f"r/{found[1]}/comments"] if found else [search]
        return tuple(asked)

    def _ask(self, search: str, since: datetime, older: str) -> Slice:
        """`older` is the full name of the oldest post so far; Reddit gives at most 1,000 of a list."""
        if search.startswith("r/"):
            told = self._told_by(search, {"limit": PAGE, "after": older})
        else:
            asked: dict[str, str | int] = {
                "q": search,
                "sort": "new",
                "type": "link",
                "limit": PAGE,
                "after": older,
            }
            told = self._told_by("search", asked)
        listing = inside(told, "data")
        if "children" not in listing:
            raise Refused(say("Reddit answers, but not as its API does."))
        found = rows(listing, "children")
        messages = [said for thing in found if (said := as_message(thing, self._now)) is not None]
        young = [message for message in messages if message.said_at >= since]
        return Slice(young, text(listing, "after") if len(young) == len(messages) else "")

    def refresh(self, ids: Sequence[str]) -> Iterator[Message]:
        """Posts and comments as they read now, a hundred to a question; what is not given, or was taken
        away, or is of a deleted account, is gone."""
        for some in portions(ids, PAGE):
            told = self._told_by("api/info", {"id": ",".join(some)})
            found: dict[str, Message] = {}
            for thing in rows(inside(told, "data"), "children"):
                if message := as_message(thing, self._now):
                    found[message.native_id] = message
            for native_id in some:
                yield found.get(native_id) or gone(native_id, "reddit")

    def _told_by(self, what: str, params: Mapping[str, str | int]) -> Told:
        self._meter.spend(QUESTIONS)
        if not self._token:
            self._token = self._sign_in()
        headers = {"Authorization": f"Bearer {shown(self._token)}", "User-Agent": self._agent()}
        asked = {"raw_json": 1, **params}
        answer = self._question(f"{self.api}/{what}", headers, asked, also=(401, 429))
        if answer.status == 401:
            raise Refused(
                say("Reddit no longer lets this app in; look at it under reddit.com/prefs/apps.")
            )
        wait = _wait_of(answer)
        if answer.status == 429:
            raise TryLater(say("Reddit asks us to come back later."), wait or 60.0)
        told = as_object(answer)
        if wait:
            self._pause(min(wait, 600.0))
        return told

    def _sign_in(self) -> str:
        """A token for this visit, by client credentials."""
        pair = f"{self._told.get(CLIENT.name, '')}:{self._told.get(SECRET.name, '')}".encode()
        headers = {
            "Authorization": f"Basic {base64.b64encode(pair).decode()}", "User-Agent": self._agent(),
        }  # fmt: skip
        try:
            form = {"grant_type": "client_credentials"}
            answer = self._client.post_form(self.door, form, headers=headers)
        except TryLater:
            raise
        except Refused:
            raise Refused(say("Reddit does not let this app in with this secret.")) from None
        token = text(as_object(answer), "access_token")
        if not token:
            raise Refused(say("Reddit answers, but not as its API does."))
        return token

    def _agent(self) -> str:
        """Reddit's rule: platform, app, version and who."""
        name = "".join(
            c
            for c in self._told.get(ACCOUNT.name, "")
            if c.isascii() and (c.isalnum() or c in "_-")
        )
        return f"server:openroads:{__version__} (by /u/{name})"


def _wait_of(answer: Answer) -> float:
    """Seconds until Reddit's own count is renewed, when nothing is left of it; 0 while there is."""
    try:
        left = float(answer.headers.get("x-ratelimit-remaining", "1"))
        reset = float(answer.headers.get("x-ratelimit-reset", "0"))
    except ValueError:
        return 0.0
    return max(0.0, min(reset, 3_600.0)) if left < 1 or answer.status == 429 else 0.0


def as_message(thing: Told, now: datetime) -> Message | None:
    """A post (t3) or comment (t1) as a message, `op` delete when it was taken away or its account is
    gone; None for what is another thing, or has no name or moment."""
    what, name = inside(thing, "data"), text(inside(thing, "data"), "name")
    is_post = name.startswith("t3_")
    said_at = moment(what, "created_utc", now)
    if not (is_post or name.startswith("t1_")) or said_at is None:
        return None
    title = one_line(plain(text(what, "title"))) if is_post else ""
    words = text(what, "selftext" if is_post else "body")
    author = text(what, "author")
    taken = bool(text(what, "removed_by_category") or what.get("banned_by"))
    if taken or author in NOBODY or words in NOBODY - {""}:
        return gone_at(name, said_at)
    said = clean(words) or title
    if not said:
        return None
    post = name if is_post else text(what, "link_id")
    return Message(
        native_id=name,
        network="reddit",
        text=said,
        said_at=said_at,
        author=author,
        author_name=author,
        url=_address(text(what, "permalink"), name, post),
        title="" if said == title else title,
        reply_to="" if is_post else text(what, "parent_id"),
        thread=post,
        # A score is votes up less votes down, and blurred: it is no number of likes.
        replies=count(what, "num_comments") if is_post else None,
    )


def _address(link: str, name: str, post: str) -> str:
    """Where it stands; Reddit does not tell that of every comment."""
    if link.startswith("/"):
        return web_address(f"https://www.reddit.com{link.partition('?')[0]}")
    number = "" if name == post else f"_/{name[3:]}/"
    return web_address(f"https://www.reddit.com/comments/{post[3:]}/{number}") if post else ""


def gone_at(name: str, said_at: datetime) -> Message:
    """The deletion of a post of which Reddit still tells the moment."""
    return Message(name, "reddit", "", said_at, op="delete")
