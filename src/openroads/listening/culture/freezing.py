"""A choice of posts, counted and quoted as it stands now: what an insight rests on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openroads.analysis.intervals import net_sentiment
from openroads.archive.client import Archive
from openroads.archive.queries.choice import Condition, Sieve
from openroads.archive.queries.explore import newest_posts
from openroads.archive.queries.posts import Quote
from openroads.archive.queries.raised import raised_in
from openroads.archive.queries.samples import most_reacted
from openroads.changes.asking import kept
from openroads.changes.evidence import MOST_RAISED, SAMPLES, Frozen, Quoted, Raised
from openroads.changes.models import Evidence
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening.explore import asking
from openroads.listening.explore.asking import Asked
from openroads.listening.explore.models import SavedView
from openroads.listening.explore.queries import kept_view
from openroads.listening.explore.words import known_names, written
from openroads.listening.gap_queries import mark_of
from openroads.listening.labels.cards import post_at
from openroads.listening.sight.seeing import sight_of, unnamed
from openroads.listening.topics.models import Topic
from openroads.listening.topics.queries import asked_by
from openroads.ui.formats import day, listed, number, period

MOST_SINGLE = 50
"""Single posts that can be evidence together."""
EACH_TONE = (-1, 1, 0)


@dataclass(frozen=True)
class Chosen:
    """A set about to become evidence: as it would be frozen, the posts that could be quoted, and a
    sentence to begin with."""

    frozen: Frozen
    samples: Sequence[Quote]
    title: str
    sieve: Sieve | None = None
    posts: Sequence[Raised] = ()
    """Of posts chosen one by one, where they stand."""


def chosen_by(told: QueryDict, person: Person) -> Chosen | None:
    """The set an address asks for: single posts (`post`), or the sentence of Explore. None when it
    cannot be read, or holds nothing."""
    if told.getlist("post"):
        return _single_posts(told.getlist("post")[:MOST_SINGLE])
    asked = asking.asked(told, person, language=get_language() or "en")
    query = written(asked.filter.q, sight_of(person))
    if query.faults:
        return None
    chosen = _choice(asked, query.condition, kept_view(person, told.get("view", "")), person)
    return chosen if chosen.frozen.posts else None


def samples_of(engine: Archive, sieve: Sieve, limit: int = SAMPLES) -> list[Quote]:
    """Posts that stand for a choice, each once: the one with the most reactions, the newest of each
    tone, then the newest of all; newest first, without names: they are kept and sent on."""
    found: dict[int, Quote] = {}
    for post in most_reacted(engine, sieve, limit=1):
        found[post.id] = post
    newest = newest_posts(engine, sieve, limit=4 * limit)
    for mood in EACH_TONE:
        if not sieve.moods or mood in sieve.moods:
            ours = [post for post in newest if post.mood == mood] or newest_posts(
                engine, _of_mood(sieve, mood), limit=1
            )
            for post in ours[:1]:
                found[post.id] = post
    for post in newest:
        if len(found) >= limit:
            break
        found.setdefault(post.id, post)
    kept = unnamed().posts(list(found.values())[:limit])
    return sorted(kept, key=lambda post: post.place, reverse=True)


def quoted(post: Quote) -> Quoted:
    """A post as evidence keeps it."""
    return Quoted(
        post=post.id,
        published_at=post.published_at,
        source=post.source,
        network=post.network,
        language=post.language,
        tone=None if post.tone != post.tone else float(post.tone),
        mood=post.mood,
        title=post.title,
        text=post.text,
        place=reverse("labels:post", args=[mark_of(post)]),
    )


def evidence_of(chosen: Chosen, quotes: Sequence[Quote]) -> Frozen:
    """The set as it is handed to an insight: with these quotes, and where those who raised it stand, so
    that they can be told what became of it."""
    raised = tuple(chosen.posts)
    if chosen.sieve is not None:
        found = raised_in(archive(), chosen.sieve, limit=MOST_RAISED)
        raised = tuple(Raised(**vars(row)) for row in found)
    return replace(chosen.frozen, quotes=tuple(quoted(post) for post in quotes), raised=raised)


def count_now(told: QueryDict, person: Person) -> tuple[Frozen, int] | None:
    """The same question asked now, over its own days, and how many posts came after these; None when
    it cannot be read."""
    asked = asking.asked(told, person, language=get_language() or "en")
    query = written(asked.filter.q, sight_of(person))
    if query.faults:
        return None
    now = _counted(asked, query.condition)
    later = 0
    last = asked.last
    if last is not None and last > asked.filter.until:
        after = asking.with_days(asked.filter, asked.filter.until + timedelta(days=1), last)
        later = asking.reading(after, query.condition, words=False).posts
    return now, later


def describe(asked: Asked) -> str:
    """What a choice is about, in a few words: "Windmee, Kade, topic “Delivery”"."""
    parts = [asked.whose.brand or _("everything we heard")]
    chosen = asked.filter
    parts += [name for pk, name in asked.whose.products.items() if pk in chosen.products]
    parts += [chip.label for chip in asked.chips]
    if chosen.q:
        parts.append(f"“{chosen.q}”")
    return ", ".join(parts)


def _choice(
    asked: Asked, condition: Condition | None, view: SavedView | None, person: Person
) -> Chosen:
    frozen = _counted(asked, condition)
    sieve = asking.sieve_of(asked.filter, condition)
    samples = samples_of(archive(), sieve) if frozen.posts else []
    kind, name = frozen.kind, describe(asked)
    if view is not None:
        kind, name = Evidence.Kind.VIEW, view.name
    told = replace(frozen, kind=kind, name=name, sieve=_asked_again(asked, sieve, person))
    return Chosen(told, samples, _sentence(asked, told), sieve)


def _asked_again(asked: Asked, sieve: Sieve, person: Person) -> dict[str, Any]:
    """The question for the archive over other days. Topics are asked for by their query of today, not by
    how posts were filed: filings of a version go when another comes into force."""
    topics = Topic.objects.filter(pk__in=asked.filter.topics).select_related("in_force")
    texts = [f"({asked_by(topic).canonical})" for topic in topics]
    parts = [" OR ".join(texts)] if texts else []
    if asked.filter.q:
        parts.append(asked.filter.q)
    query = " AND ".join(f"({part})" for part in parts) if len(parts) > 1 else "".join(parts)
    known = known_names(sight_of(person))
    return kept(sieve, query, replace(known, people=known.people or bool(texts)))


def _counted(asked: Asked, condition: Condition | None) -> Frozen:
    chosen = asked.filter
    reading = asking.reading(chosen, condition, words=False)
    known = net_sentiment(reading.positive, reading.negative, reading.rated)
    rated = reading.rated > 0
    first = next((each.on for each in reading.days if each.posts), None)
    query, version = _question(asked)
    only_topics = bool(chosen.topics) and not (
        chosen.q or chosen.words or chosen.tones or chosen.kinds or chosen.sources or chosen.authors
    )
    address = chosen.query()
    return Frozen(
        kind=Evidence.Kind.TOPIC if only_topics else Evidence.Kind.POSTS,
        name="",
        url=f"{reverse('listening:explore_posts')}?{address}",
        now_url=f"{reverse('culture:now')}?{address}",
        query=query,
        version=version,
        since=chosen.scope.since,
        until=chosen.scope.until,
        first_on=first,
        posts=reading.posts,
        people=reading.people.people,
        nameless=reading.people.nameless,
        rated=reading.rated,
        net=float(known.value) if rated else None,
        net_low=float(known.low) if rated else None,
        net_high=float(known.high) if rated else None,
    )


def _question(asked: Asked) -> tuple[str, int | None]:
    """The question word for word; the version is a topic's, where one topic alone is asked for."""
    topics = list(Topic.objects.filter(pk__in=asked.filter.topics).select_related("in_force"))
    asks = {topic: asked_by(topic) for topic in topics}
    parts = [f"({version.text})" if len(topics) > 1 else version.text for version in asks.values()]
    text = " OR ".join(parts)
    if asked.filter.q:
        text = f"({text}) AND ({asked.filter.q})" if text else asked.filter.q
    for word in asked.filter.words:
        text = f"{text} AND {word}" if text else word
    only = len(topics) == 1 and not asked.filter.q and not asked.filter.words
    return text, asks[topics[0]].number if only else None


def _sentence(asked: Asked, frozen: Frozen) -> str:
    """A sentence to begin with: what people are surely negative or positive about, or talk about."""
    chosen = asked.filter
    about: list[str] = [*asked.topic_names.values(), *chosen.words]
    if chosen.q:
        about.append(chosen.q)
    what = listed(f"“{each}”" for each in about) or listed(
        [name for pk, name in asked.whose.products.items() if pk in chosen.products]
    )
    told = {
        "customers": asked.whose.customers,
        "what": what or asked.whose.brand or _("everything"),
    }
    told["customers"] = told["customers"][:1].upper() + told["customers"][1:]
    low, high = frozen.net_low, frozen.net_high
    if low is not None and high is not None:
        if high < 0:
            return (_("%(customers)s are negative about %(what)s") % told)[:200]
        if low > 0:
            return (_("%(customers)s are positive about %(what)s") % told)[:200]
    return (_("%(customers)s talk about %(what)s") % told)[:200]


def _single_posts(marks: Sequence[str]) -> Chosen | None:
    """Posts chosen one by one: the same figures, of these alone."""
    found = {post.id: post for mark in marks if (post := post_at(mark)) is not None}
    posts = unnamed().posts(sorted(found.values(), key=lambda post: post.place, reverse=True))
    if not posts:
        return None
    days: list[date] = sorted(post.published_at.date() for post in posts)
    rated = [post.mood for post in posts if post.mood != -128]
    known = net_sentiment(rated.count(1), rated.count(-1), len(rated))
    people = {post.author_key for post in posts if post.author_key}
    one = posts[0]
    name = _("one post, %(day)s") % {"day": day(days[0])}
    if len(posts) > 1:
        name = ngettext("%(n)s post chosen one by one", "%(n)s posts chosen one by one", len(posts)) % {"n": number(len(posts))}  # fmt: skip
    frozen = Frozen(
        kind=Evidence.Kind.POSTS,
        name=name,
        url=reverse("labels:post", args=[mark_of(one)]),
        since=days[0],
        until=days[-1] + timedelta(days=1),
        first_on=days[0],
        posts=len(posts),
        people=len(people),
        nameless=sum(not post.author_key for post in posts),
        rated=len(rated),
        net=float(known.value) if rated else None,
        net_low=float(known.low) if rated else None,
        net_high=float(known.high) if rated else None,
    )
    raised = [
        Raised(
            post.id, post.published_at, post.source, post.network, post.language, post.author_key
        )
        for post in posts
    ]
    return Chosen(frozen, posts[:SAMPLES], "", None, raised)


def _of_mood(sieve: Sieve, mood: int) -> Sieve:
    return replace(sieve, moods=(mood,))


def days_words(frozen: Frozen) -> str:
    """The days of a set."""
    return period(frozen.since, frozen.until) if frozen.since and frozen.until else ""
