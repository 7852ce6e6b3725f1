"""X: posts of the last seven days that match a query, paid by the post. Off until a person has seen the price."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import ClassVar, Final

from openroads.archive.message import Message
from openroads.connectors.answers import Told, as_object, count, inside, moment, rows, shown, text
from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.files.headings import language_tag
from openroads.connectors.http import Answer
from openroads.connectors.metering import NOTHING, Allowance, Period, UsedUp
from openroads.connectors.plain import clean, one_line, web_address
from openroads.connectors.port import Field
from openroads.connectors.refreshing import RECHECK, Refreshes, Rule, gone, hours, portions
from openroads.connectors.searching import LOOK_FOR, Searched, Slice, searches_in
from openroads.connectors.sentences import say

API: Final = "https://api.x.com/2"
PER_POST: Final = Decimal("0.005")
PER_USER: Final = Decimal("0.010")
"""US dollars for what is read: docs.x.com/x-api/getting-started/pricing, November 2026."""
MOST_PAGE: Final = 100
LEAST_PAGE: Final = 10
LONGEST_QUERY: Final = 512
FAR_BACK: Final = timedelta(days=7) - timedelta(minutes=5)
"""Recent search knows seven days; a little less, or the network finds the beginning too early."""
DAYS_A_MONTH: Final = 30
BACK_DAYS: Final = 7
POSTS: Final = "posts"
TOKEN: Final = Field(
    "token",
    say("Bearer token"),
    say("Of your app in the developer console, with credit on it."),
    secret=True,
)
QUERY: Final = Field(
    LOOK_FOR.name,
    say("What to look for"),
    say(
        "Queries as X reads them, separated by commas, of 512 characters at most each: windmee lang:nl -is:retweet."
    ),
)
BUDGET: Final = Field(
    "budget",
    say("Budget a month, in US dollars"),
    say("Reading stops when it is spent, and begins again on the first of the next month (UTC)."),
    default="25",
)
MOST_BUDGET: Final = 100_000


@dataclass(frozen=True, slots=True)
class Price:
    """What a month would cost, reckoned from the posts of the last seven days.

    `posts` is a month at that pace, `reading` their price with one author each, `looking_again` the
    price of looking each kept post up again until the month ends; both in US dollars.
    """

    counted: int
    posts: int
    reading: Decimal
    looking_again: Decimal

    @property
    def together(self) -> Decimal:
        return self.reading + self.looking_again


class X(Searched, Refreshes):
    """Follows queries through recent search."""

    kind: ClassVar[str] = "x"
    label: ClassVar[str] = "X"
    reads: ClassVar[str] = say(
        "Posts of the last seven days that match, and from then on every hour."
    )
    asks: ClassVar[str] = say("A bearer token, and money: $ 0.005 a post and $ 0.010 an author.")
    agree: ClassVar[tuple[str, ...]] = (
        say("X is paid by the post. Nothing is read before you have seen what these queries would cost, and switched it on."),
        say("Posts that are deleted or protected there must go here too: looking kept posts up again is paid as well."),
    )  # fmt: skip
    fields: ClassVar[tuple[Field, ...]] = (TOKEN, QUERY, BUDGET, RECHECK)
    api: ClassVar[str] = API
    priced: ClassVar[bool] = True
    between: ClassVar[float] = 2.1

    @classmethod
    def allowances(cls, told: Mapping[str, str]) -> tuple[Allowance, ...]:
        return (Allowance(POSTS, say("posts of X"), Period.MONTH, money=budget(told)),)

    @classmethod
    def check(cls, told: Mapping[str, str]) -> None:
        for query in searches_in(told.get(QUERY.name, "")):
            if len(query) > LONGEST_QUERY:
                raise Refused(
                    say("A query on X has at most {most} characters; one of these has {n}.", most=LONGEST_QUERY, n=len(query))
                )  # fmt: skip
        budget(told)
        cls.rule(told)

    @classmethod
    def minutes(cls, told: Mapping[str, str]) -> int:
        return 60

    @classmethod
    def rule(cls, told: Mapping[str, str]) -> Rule:
        return Rule(after=hours(told, RECHECK))

    def price(self, topic: str) -> Price:
        """What a month of these queries would cost: asked of the network's own counts."""
        posts = 0
        for query in searches_in(topic):
            told = self._told_by("tweets/counts/recent", {"query": query, "granularity": "day"})
            found = count(inside(told, "meta"), "total_tweet_count")
            if found is None:
                raise Refused(say("X answers, but not as its API does."))
            posts += found
        return priced(posts, hours(self._told, RECHECK))

    def _ask(self, search: str, since: datetime, older: str) -> Slice:
        """`older` is the network's own mark. What is asked is paid beforehand, at its highest price, and
        what came cheaper is given back."""
        (allowance,) = self.allowances(self._told)
        size = self._affordable(allowance)
        beforehand = size * (PER_POST + PER_USER)
        self._meter.spend(allowance, size, beforehand)
        first = max(since, self._now - FAR_BACK).astimezone(UTC)
        told = self._told_by(
            "tweets/search/recent",
            {
                "query": search, "max_results": size, "next_token": older,
                "start_time": first.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "tweet.fields": "created_at,author_id,conversation_id,public_metrics,lang,referenced_tweets",
                "expansions": "author_id", "user.fields": "username,name,protected",
            },
        )  # fmt: skip
        if "meta" not in told and "data" not in told:
            raise Refused(say("X answers, but not as its API does."))
        posts, users = rows(told, "data"), rows(inside(told, "includes"), "users")
        paid = len(posts) * PER_POST + len(users) * PER_USER
        self._meter.give_back(allowance, size - len(posts), beforehand - paid)
        by_id = {text(user, "id"): user for user in users}
        said = (
            as_message(post, by_id.get(text(post, "author_id"), {}), self._now) for post in posts
        )
        young = [message for message in said if message is not None and message.said_at >= since]
        return Slice(young, text(inside(told, "meta"), "next_token"))

    def _affordable(self, allowance: Allowance) -> int:
        """Posts to ask for: a page, or as many as the rest of the budget pays at the highest price."""
        left = (allowance.money or NOTHING) - self._meter.used(allowance).money
        size = min(MOST_PAGE, int(left / (PER_POST + PER_USER)))
        return max(LEAST_PAGE, size)  # what is too little then is refused by who counts

    def refresh(self, ids: Sequence[str]) -> Iterator[Message]:
        """The deletions among these posts; of one that is still there nothing comes, because a post that is
        edited gets a new id. Paid by the post that is still there."""
        (allowance,) = self.allowances(self._told)
        for some in portions(ids, MOST_PAGE):
            self._meter.spend(allowance, len(some), len(some) * PER_POST)
            told = self._told_by("tweets", {"ids": ",".join(some)})
            if "data" not in told and "errors" not in told:
                raise Refused(say("X answers, but not as its API does."))
            there = {text(post, "id") for post in rows(told, "data")}
            missing = [each for each in some if each not in there]
            self._meter.give_back(allowance, len(missing), len(missing) * PER_POST)
            yield from (gone(each, "x") for each in missing)

    def _told_by(self, what: str, params: Mapping[str, str | int]) -> Told:
        headers = {"Authorization": f"Bearer {shown(self._told.get(TOKEN.name, ''))}"}
        also = (400, 401, 402, 403, 429)
        answer = self._question(f"{self.api}/{what}", headers, params, also=also)
        if answer.status == 200:
            return as_object(answer)
        raise self._why_not(answer)

    def _why_not(self, answer: Answer) -> TryLater | Refused:
        if answer.status == 429:
            until = _reset_of(answer) or self._now + timedelta(minutes=15)
            return UsedUp(say("X asks us to come back later."), until, self._now)
        if answer.status == 401:
            return Refused(say("X no longer accepts this bearer token; make a new one."))
        if answer.status == 402:
            return Refused(
                say("There is no credit left with X; put money on the app, or pause this source.")
            )
        try:
            told = as_object(answer)
        except Refused as refused:
            return refused
        why = one_line(text(told, "detail") or text(told, "title"), 200)
        return Refused(say("X refused: {why}", why=why or "?"))


def budget(told: Mapping[str, str]) -> Decimal:
    """US dollars a month. Raises Refused for what is no such amount."""
    given = told.get(BUDGET.name, "").strip().replace(",", ".") or BUDGET.default
    try:
        amount = Decimal(given)
    except InvalidOperation:
        amount = Decimal(-1)
    if not (amount.is_finite() and 0 < amount <= MOST_BUDGET):
        raise Refused(
            say("“{told}” is not an amount from 0.01 to {most}.", told=given[:20], most=MOST_BUDGET)
        )
    return amount.quantize(Decimal("0.01"))


def priced(counted: int, again: timedelta) -> Price:
    """The price of a month in which as much is said as in the last seven days.

    What is kept grows evenly from nothing, so half a month's posts are looked up again on average.
    """
    posts = -(-counted * DAYS_A_MONTH // BACK_DAYS)
    times = Decimal(DAYS_A_MONTH * 24) / Decimal(again.total_seconds() / 3_600)
    looking = (posts * times / 2 * PER_POST).quantize(Decimal("0.01"))
    return Price(counted, posts, (posts * (PER_POST + PER_USER)).quantize(Decimal("0.01")), looking)


def _reset_of(answer: Answer) -> datetime | None:
    told = answer.headers.get("x-rate-limit-reset", "").strip()
    if not (told.isascii() and told.isdigit() and len(told) < 12):
        return None
    return datetime.fromtimestamp(int(told), UTC)


def as_message(post: Told, user: Told, now: datetime) -> Message | None:
    """A post as a message; None for what has no id, moment or words, and for protected accounts."""
    number, said_at = text(post, "id"), moment(post, "created_at", now)
    said = clean(text(post, "text"))
    if said_at is None or not (number.isdigit() and said) or user.get("protected") is True:
        return None
    handle = text(user, "username")
    above = {text(each, "type"): text(each, "id") for each in rows(post, "referenced_tweets")}
    figures = inside(post, "public_metrics")
    return Message(
        native_id=number,
        network="x",
        text=said,
        said_at=said_at,
        author=handle or text(post, "author_id"),
        author_name=one_line(text(user, "name") or handle),
        url=web_address(f"https://x.com/{handle or 'i'}/status/{number}"),
        language=language_tag(text(post, "lang")),
        reply_to=above.get("replied_to", ""),
        thread=text(post, "conversation_id") or number,
        repost="retweeted" in above,
        likes=count(figures, "like_count"),
        replies=count(figures, "reply_count"),
        reposts=count(figures, "retweet_count"),
        views=count(figures, "impression_count"),
    )
