"""Sixty thousand posts about Windmee over eighteen months: the same for the same day and seed, to the byte."""

from bisect import bisect
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from openroads.archive.message import Message
from openroads.demo.cast_posts import CAST_POSTS, CastPost
from openroads.demo.company import GRACHT, KADE, POLDER
from openroads.demo.crowd import Author, Crowd
from openroads.demo.grammar import phrases, sentence
from openroads.demo.networks import NETWORKS, engagement, identify
from openroads.demo.scene import Scene
from openroads.demo.season import FROST, PLUG_NEWS, THEMES, Day, days, theme_weights
from openroads.demo.style import tags
from openroads.demo.writer import Meaning, Writer

ZONE = ZoneInfo("Europe/Amsterdam")
_HOURS = tuple(
    accumulate(
        (2, 1, 1, 1, 1, 3, 10, 26, 34, 30, 28, 28, 33, 30, 26, 27, 31, 38, 40, 46, 52, 48, 30, 12)
    )
)
# Days before today, with the share of that day's posts: press items that many sites copy, giveaways that many people copy.
PRESS = {480: 0.10, 402: 0.10, 338: 0.12, 251: 0.10, 188: 0.10, PLUG_NEWS: 0.16, 61: 0.12, 20: 0.12}
GIVEAWAY = {431: 0.16, 430: 0.12, 237: 0.18, 236: 0.14, 47: 0.16, 46: 0.10}
_OUTLETS = (
    "fietskrant",
    "stentornieuws",
    "ov_en_fiets",
    "wielwereld",
    "zwolsnieuws",
    "ebikedaily",
    "noordpers",
    "mobilitymail",
    "dagbladdijk",
    "regiokrant_oost",
    "bikewire",
    "streekblad",
)


_OWN_TOPICS = ("freedom", "design", "craft", "sustain", "belt", "lifestyle", "smart", "service")


@dataclass(slots=True)
class Root:
    """A post that can be answered or reposted."""

    message: Message
    theme: str
    mood: str
    bike: str


class Feed:
    """The running feed of the demo, day after day."""

    def __init__(self, today: date, seed: int, count: int) -> None:
        self.today, self.seed = today, seed
        self.rng = Random(seed * 1_000_003 + today.toordinal())  # noqa: S311  repeatable on purpose, guards nothing
        self.dice = self.rng.random
        self.crowd = Crowd(self.rng, max(200, count // 3))
        self.writer = Writer(self.rng)
        self.own = {language: phrases("voices", language, "own") for language in ("nl", "en")}
        self.copies = {language: phrases("voices", language, "copies") for language in ("nl", "en")}
        self.lines = {language: phrases("brand", language, "lines") for language in ("nl", "en")}
        self.recent: dict[str, deque[Root]] = {name: deque(maxlen=50) for name in NETWORKS}
        self.serial = 0
        self.meant: dict[tuple[str, str], Meaning] = {}
        """How people's posts were meant, by network and id: what an attentive reader sees."""

    def day(self, day: Day) -> Iterator[Message]:
        """One day's posts, oldest first."""
        midnight = datetime.combine(day.on, time(), ZONE).astimezone(UTC)
        after = datetime.combine(day.on + timedelta(days=1), time(), ZONE).astimezone(UTC)
        # TRICKY: the day the clocks change has 23 or 25 hours; its posts stay inside it.
        length = int((after - midnight).total_seconds())
        cast = [post for post in CAST_POSTS if post.ago == day.ago][: day.posts]
        planned = {post.second: post for post in cast}
        moments = sorted([self._second() for _ in range(day.posts - len(planned))] + list(planned))
        table = tuple(accumulate(theme_weights(day.ago)))
        for second in moments:
            self.serial += 1
            at = midnight + timedelta(seconds=second * length // 86_400)
            fixed = planned.pop(second, None)
            yield self._cast(fixed, at) if fixed else self._one(day, at, table)

    def _second(self) -> int:
        hour = bisect(_HOURS, self.dice() * _HOURS[-1])
        return min(hour, 23) * 3600 + int(self.dice() * 3600)

    def _one(self, day: Day, at: datetime, table: tuple[float, ...]) -> Message:
        dice = self.dice()
        if self.dice() < PRESS.get(day.ago, 0.0):
            return self._press(day, at)
        if self.dice() < GIVEAWAY.get(day.ago, 0.0):
            return self._giveaway(day, at)
        if dice < 0.014:
            return self._brand(day, at)
        author = self.crowd.someone()
        waiting = self.recent[author.network]
        if waiting and dice < 0.038:
            return self._webcare(day, at, waiting)
        if waiting and dice < 0.082 and author.network in {"x", "bluesky", "mastodon"}:
            return self._repost(at, author, waiting)
        if waiting and dice < 0.175 and NETWORKS[author.network].replies:
            found = self._reply(day, at, author, waiting)
            if found:
                return found
        if dice > 0.9975:
            return self._message(
                author.network,
                author.handle,
                author.name,
                self.writer.nasty(author, day.ago, day.on),
                at,
            )
        theme = THEMES[bisect(table, self.dice() * table[-1])]
        if author.network == "trustpilot" and theme in {"talk", "rain", "trip"}:
            theme = "ride"
        text = self.writer.write(author, theme, day.ago, day.on)
        rating = self._rating(text.mood) if author.network == "trustpilot" else None
        claim = author.language if NETWORKS[author.network].claims and self.dice() < 0.9 else ""
        message = self._message(
            author.network,
            author.handle,
            author.name,
            text.words,
            at,
            title=text.title,
            language=claim,
            rating=rating,
        )
        self.meant[author.network, message.native_id] = Meaning(text.mood, text.theme)
        if author.language != "de":
            waiting.append(Root(message, text.theme, text.mood, author.language))
        return message

    def _rating(self, mood: str) -> float:
        dice = self.dice()
        if mood == "-":
            return 1.0 if dice < 0.58 else 2.0 if dice < 0.87 else 3.0
        if mood == "+":
            return 5.0 if dice < 0.74 else 4.0
        return 3.0 if dice < 0.45 else 4.0

    def _message(
        self, network: str, handle: str, name: str, text: str, at: datetime, *, title: str = "", language: str = "", reply_to: str = "",
        thread: str = "", repost: bool = False, rating: float | None = None, lift: float = 1.0,
    ) -> Message:  # fmt: skip
        native, url = identify(network, self.serial, at, handle, thread, self.seed)
        told = engagement(self.rng, NETWORKS[network], lift)
        return Message(
            native_id=native, network=network, text=text, said_at=at, author=handle, author_name=name, url=url, title=title,
            language=language, reply_to=reply_to, thread=thread or native, repost=repost, rating=rating,
            likes=told.likes, replies=told.replies, reposts=told.reposts, views=told.views, proven=True if network == "mail" else None,
        )  # fmt: skip

    def _reply(
        self, day: Day, at: datetime, author: Author, waiting: deque[Root]
    ) -> Message | None:
        for _ in range(4):
            root = waiting[int(self.dice() ** 0.6 * len(waiting))]
            if root.bike == author.language and root.message.author != author.handle:
                text = self.writer.answer(author, root.theme, root.mood, day.ago, day.on)
                first = root.message
                message = self._message(
                    author.network, author.handle, author.name, text.words, at, reply_to=first.native_id, thread=first.thread,
                    language=author.language if NETWORKS[author.network].claims else "",
                )  # fmt: skip
                self.meant[author.network, message.native_id] = Meaning(text.mood, text.theme)
                return message
        return None

    def _repost(self, at: datetime, author: Author, waiting: deque[Root]) -> Message:
        first = waiting[int(self.dice() ** 0.7 * len(waiting))].message
        text = f"RT @{first.author}: {first.text}" if author.network == "x" else first.text
        if author.network == "x" and len(text) > 140:
            text = text[:139].rstrip() + "…"
        return self._message(
            author.network,
            author.handle,
            author.name,
            text,
            at,
            repost=True,
            language=first.language,
            lift=0.2,
        )

    def _scene(self, day: Day, language: str, name: str = "") -> Scene:
        dice = self.dice()
        bike = KADE if dice < 0.5 else POLDER if dice < 0.78 else GRACHT
        return Scene(self.rng, language, bike, name, day.on.month, day.on.year)

    def _brand(self, day: Day, at: datetime) -> Message:
        language = "nl" if self.dice() < 0.64 else "en"
        pool = self.own[language]["brand"]
        if PLUG_NEWS - 12 <= day.ago <= PLUG_NEWS and self.dice() < 0.4:
            pool = self.own[language]["plug"]
        elif day.ago <= FROST and self.dice() < 0.12:
            pool = self.own[language]["frost"]
        scene = self._scene(day, language)
        said = [sentence(self.writer.one(pool), scene.fill, self.dice)]
        for _ in range(int(self.dice() * 3.2)):
            topic = _OWN_TOPICS[int(self.dice() * len(_OWN_TOPICS))]
            line = sentence(self.writer.one(self.lines[language][topic]), scene.fill, self.dice)
            if line not in said:
                said.append(line)
        if self.dice() < 0.5:
            said.append(tags(self.rng, language, "ride", scene.bike.name))
        network = ("instagram", "facebook", "x", "bluesky", "mastodon")[int(self.dice() ** 1.4 * 5)]
        text = " ".join(said)
        return self._message(network, "windmee", "Windmee", text, at, language=language, lift=8.0)

    def _webcare(self, day: Day, at: datetime, waiting: deque[Root]) -> Message:
        root = waiting[int(self.dice() ** 0.6 * len(waiting))]
        first, language = root.message, root.bike
        named = first.author_name != first.author
        name = first.author_name.split(" ")[0] if named else f"@{first.author}"
        scene = self._scene(day, language, name)
        text = sentence(
            self.writer.one(self.own[language]["reply" + root.mood]), scene.fill, self.dice
        )
        handle = "service@windmee.example" if first.network == "mail" else "windmee_service"
        return self._message(
            first.network,
            handle,
            "Windmee Service",
            text,
            at,
            reply_to=first.native_id,
            thread=first.thread,
            language=language,
            lift=0.4,
        )

    def _press(self, day: Day, at: datetime) -> Message:
        """A syndicated item: one body per release, with an outlet's own first or last words."""
        language = "nl" if self.dice() < 0.8 else "en"
        book = self.copies[language]
        fixed = Random(day.ago + self.seed)  # noqa: S311  the same item all day
        scene = Scene(fixed, language, KADE, "", day.on.month, day.on.year)
        scene.kept["kop"] = sentence(
            book["headline"][day.ago % len(book["headline"])], scene.fill, fixed.random
        )
        text = sentence(book["press"][day.ago % len(book["press"])], scene.fill, fixed.random)
        outlet = _OUTLETS[int(self.dice() * len(_OUTLETS))]
        dice = self.dice()
        if dice < 0.3:
            text = f"{text} Via {outlet}."
        elif dice < 0.5:
            text = f"ZWOLLE - {text}"
        network = ("x", "facebook", "mastodon", "bluesky")[int(self.dice() * 4)]
        return self._message(network, outlet, outlet, text, at, language=language)

    def _giveaway(self, day: Day, at: datetime) -> Message:
        author = self.crowd.someone()
        language = "nl" if author.language != "en" else "en"
        text = sentence(
            self.writer.one(self.copies[language]["giveaway"]),
            self._scene(day, language).fill,
            self.dice,
        )
        network = (
            author.network
            if author.network in {"x", "instagram", "facebook", "bluesky", "mastodon"}
            else "instagram"
        )
        return self._message(network, author.handle, author.name, text, at)

    def _cast(self, post: CastPost, at: datetime) -> Message:
        first = next(
            (
                root.message
                for root in self.recent[post.network]
                if root.message.text == post.answers
            ),
            None,
        )
        message = self._message(
            post.network, post.handle, post.name, post.text, at, title=post.title, language=post.language, rating=post.rating,
            reply_to=first.native_id if first else "", thread=first.thread if first else "",
        )  # fmt: skip
        self.recent[post.network].append(Root(message, post.theme, post.mood, post.language))
        return message


def windmee_posts(
    today: date,
    count: int = 60_000,
    seed: int = 7,
    meant: dict[tuple[str, str], Meaning] | None = None,
) -> Iterator[Message]:
    """`count` messages of the eighteen months before `today`, oldest first; the last are of yesterday evening.

    Deterministic: the same `today`, `count` and `seed` give the same messages. Nothing looks at the clock.
    With `meant` it notes there how each post was meant, by network and native id.
    """
    feed = Feed(today, seed, count)
    feed.meant = feed.meant if meant is None else meant
    for day in days(today, count):
        yield from feed.day(day)
