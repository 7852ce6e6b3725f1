"""A post with what can be said of it: how it was read, what colleagues said, and a key per answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from openroads.analysis.learning.aspects import MOOD_NAMES
from openroads.archive.queries.alike import AlikeCount, alike_counts, quoted
from openroads.archive.queries.corrections import posts_read
from openroads.archive.queries.posts import Quote, post_by_id
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.directory.policy import has_role
from openroads.directory.roles import Role
from openroads.listening import queries as listening
from openroads.listening.gap_queries import edge_of, mark_of
from openroads.listening.labels import policy, queries
from openroads.listening.labels.models import Aspect, Label
from openroads.listening.labels.words import KEYS, aspect_name, value_name, values_of
from openroads.listening.remembering import remembered
from openroads.listening.sight.seeing import sight_of
from openroads.listening.topics import said
from openroads.listening.topics.models import TopicLabel
from openroads.listening.topics.placing import Placing, placings
from openroads.listening.topics.placing import told as placed
from openroads.ui.formats import listed


@dataclass(frozen=True)
class Choice:
    """One answer: its value, name and key, and whether it stands there now."""

    value: str
    name: str
    key: str
    is_now: bool


@dataclass(frozen=True)
class Group:
    """The answers of one aspect."""

    aspect: str
    name: str
    choices: Sequence[Choice]


@dataclass(frozen=True)
class Card:
    """A post on a card. `groups` is empty for who may not label."""

    post: Quote
    mark: str
    """Its address: the moment it was said and its id."""
    groups: Sequence[Group]
    read_as: str
    said: str
    """Who said what of it."""
    mine: bool
    """Whether this person said something that can be taken back."""
    news: str = ""
    """What just happened to it."""
    topics: Placing | None = None
    """Where it stands among the topics; None for who may not label, and where there are none."""
    is_placing: bool = False
    """Whether what just happened concerned its topics, so that these stand open still."""

    alike: AlikeCount | None = None
    """How many posts repeat it or pass it on; None where there are none."""
    takes: bool = False
    """Whether this person may make it a case, where people are answered."""
    quotes: bool = False
    """Whether it quotes a post, held or not."""
    quoted: Quote | None = None
    """That post as this person may see it; None where it is not held."""

    @property
    def key(self) -> str:
        """The post's number as a page names its parts: no thousands marks."""
        return str(self.post.id)

    @property
    def take_url(self) -> str:
        """Where it is made a case: an address, because that room stands beside this one."""
        return f"/answer/take/{self.mark}/"

    @property
    def quoted_mark(self) -> str:
        return mark_of(self.quoted) if self.quoted else ""


def cards(
    person: Person, posts: Sequence[Quote], news: str = "", *, is_placing: bool = False
) -> list[Card]:
    """Posts as cards for a person, who may see names or not."""
    if not posts:
        return []
    sight, meant = sight_of(person), quoted(archive(), posts)
    answers_people = has_role(person, Role.WEBCARE_AGENT)
    repeated = remembered(
        f"alike:{[post.id for post in posts]}", lambda: alike_counts(archive(), posts)
    )
    plain = {
        post.id: Card(
            sight.post(post), mark_of(post), (), "", "", False,
            alike=repeated.get(post.id), quotes=bool(post.quotes),
            takes=answers_people and post.voice == "customer",
            quoted=sight.post(meant[post.id]) if post.id in meant else None,
        )
        for post in posts
    }  # fmt: skip
    if not policy.may_label(person):
        return list(plain.values())
    posts = [card.post for card in plain.values()]
    ids = [post.id for post in posts]
    labels, where = queries.labels_on(person, ids), said.labels_on(person, ids)
    places, answers = placings(posts, where), _Answers(languages())
    return [
        replace(
            _card(person, plain[post.id], [*labels.get(post.id, []), *where.get(post.id, [])], answers, news),
            topics=places[post.id] if places[post.id].is_any else None,
            is_placing=is_placing,
        )
        for post in posts
    ]  # fmt: skip


def card_of(person: Person, mark: str, news: str = "", *, is_placing: bool = False) -> Card | None:
    """The card of a post at an address; None when there is none."""
    post = post_at(mark)
    return cards(person, [post], news, is_placing=is_placing)[0] if post is not None else None


def post_at(mark: str) -> Quote | None:
    """The post at an address, also when its date was changed since."""
    found = edge_of(mark)
    if found is None:
        return None
    moment, post = found
    rows = posts_read(archive(), [(post, moment)])
    return _whole(post, rows[post].published_at) if post in rows else None


def _whole(post: int, moment: datetime) -> Quote | None:
    day = moment.date()
    return post_by_id(archive(), post, day, day.fromordinal(day.toordinal() + 1))


def languages() -> tuple[str, ...]:
    """The company's own languages."""
    company = listening.company()
    return tuple(company.languages) if company else ("nl", "en")


def now_of(post: Quote) -> dict[str, str]:
    """What stands with a post, per aspect."""
    return {
        Aspect.TONE.value: MOOD_NAMES.get(post.mood, ""),
        Aspect.KIND.value: post.kind,
        Aspect.LANGUAGE.value: post.language,
    }


def groups(own: Sequence[str], now: dict[str, str]) -> list[Group]:
    """Every answer with its key."""
    return [
        Group(
            aspect,
            aspect_name(aspect),
            [
                Choice(value, value_name(aspect, value), key, now.get(aspect) == value)
                for value, key in zip(values_of(aspect, own), KEYS[aspect], strict=False)
            ],
        )
        for aspect in (Aspect.TONE, Aspect.KIND, Aspect.LANGUAGE)
    ]


class _Answers:
    """The answers of cards on one page, made once for all posts that were read alike."""

    def __init__(self, own: Sequence[str]) -> None:
        self._own = own
        self._known: dict[tuple[str, ...], tuple[Sequence[Group], str]] = {}

    def of(self, post: Quote) -> tuple[Sequence[Group], str]:
        """Its answers, and how it was read."""
        now = now_of(post)
        key = tuple(now.values())
        if key not in self._known:
            read_as = [
                value_name(aspect, value) if value else _("tone unknown")
                for aspect, value in now.items()
            ]
            self._known[key] = groups(self._own, now), ", ".join(read_as)
        return self._known[key]


def _card(
    person: Person,
    plain: Card,
    labels: Sequence[Label | TopicLabel],
    answers: _Answers,
    news: str,
) -> Card:
    """The card for who may label."""
    asked, read_as = answers.of(plain.post)
    return replace(
        plain,
        groups=asked,
        read_as=read_as,
        said=told(person, labels),
        mine=any(label.by_id == person.pk for label in labels),
        news=news,
    )


def told(person: Person, labels: Iterable[Label | TopicLabel]) -> str:
    """Who said what: "You: negative, complaint, in “Delivery”. Sanne de Wit: question"."""
    by: dict[int, list[str]] = {}
    names: dict[int, str] = {}
    for label in labels:
        value = value_name(label.aspect, label.value) if isinstance(label, Label) else placed(label)
        by.setdefault(label.by_id, []).append(value)
        names[label.by_id] = _("You") if label.by_id == person.pk else label.by.name
    return ". ".join(f"{names[one]}: {listed(said)}" for one, said in by.items())
