"""Asking for a choice of posts: the address becomes a filter with its sentence, the filter a sieve."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.archive.queries.choice import AuthorGroup, Condition, Sieve
from openroads.archive.queries.gap import term_ids
from openroads.archive.queries.posts import Place, Quote
from openroads.directory.company import Brand, Company
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening import queries
from openroads.listening.authors import both_counts
from openroads.listening.explore.filter import KINDS, MOODS, ExploreFilter, explore_filter
from openroads.listening.explore.reading import ExploreReading, Keep, read_choice
from openroads.listening.filters import days_asked, offered
from openroads.listening.gap_queries import Choice, days_kept, edge_of, language_name, mark_of
from openroads.listening.remembering import now_at, remembered
from openroads.listening.standing import posts_chosen
from openroads.listening.topics import queries as topic_queries
from openroads.listening.topics.queries import TopicName
from openroads.listening.whose import Whose
from openroads.ui.formats import listed, number, period

NOBODY_SAID = 2**32 - 1
"""A term id nobody has: a word that was never said finds nothing, rather than everything."""


@dataclass(frozen=True)
class Part:
    """One changeable part of the sentence: its words, and what it can be changed to. With `many`
    several may be chosen, each link adds or takes one away."""

    name: str
    words: str
    choices: Sequence[Choice]
    changed: bool = False


@dataclass(frozen=True)
class Chip:
    """A condition added to the sentence, with the address without it."""

    label: str
    query: str


@dataclass(frozen=True)
class Asked:
    """A filter with everything needed to say it as a sentence."""

    filter: ExploreFilter
    whose: Whose
    parts: dict[str, Part]
    more: Sequence[Part]
    """Conditions that can be added."""
    chips: Sequence[Chip]
    source_names: dict[int, str]
    topic_names: dict[int, str]
    last: date | None
    notes: Sequence[str] = ()
    """What of the period is not as the address says."""

    @property
    def period_words(self) -> str:
        return period(self.filter.since, self.filter.until + timedelta(days=1))


def asked(told: QueryDict, person: Person, *, language: str) -> Asked:
    """Read the address bar into a filter and the choices of its sentence."""
    brands = queries.brands()
    company = queries.company()
    languages = tuple(company.languages) if company else ("nl", "en")
    sources = {source.pk: source.name for source in queries.sources_for(person)}
    topics = topic_queries.topic_names()
    first, last = days_kept()
    today = timezone.localdate()
    newest = min(last, today) if last else today
    chosen = explore_filter(
        told,
        brands=brands,
        languages=languages,
        sources=tuple(sources),
        last=newest,
        first=first,
        topics=tuple(topics),
    )
    brand = next((each for each in brands if each.pk == chosen.brand), None)
    whose = _whose(brand, company, language)
    return Asked(
        filter=chosen,
        whose=whose,
        parts={
            "voice": _voice(chosen, whose),
            "brand": _brands(chosen, brands, whose),
            "product": _products(chosen, brand),
            "language": _languages(chosen, languages),
            "period": _periods(chosen, first or newest, newest),
        },
        more=[
            *_topics(chosen, topics),
            _sources(chosen, sources),
            _tones(chosen),
            _kinds(chosen),
            _authors(chosen),
        ],
        chips=_chips(chosen, sources, topics),
        source_names=sources,
        topic_names={pk: topics[pk].name for pk in chosen.topics},
        last=last,
        notes=days_asked(told, first=first, last=newest).notes(),
    )


def sieve_of(chosen: ExploreFilter, condition: Condition | None = None) -> Sieve:
    """The filter in the archive's words. A word nobody ever said finds nothing."""
    condition = topic_queries.beside_topics(chosen.topics, condition)
    ids = term_ids(archive(), list(chosen.words)) if chosen.words else {}
    authors: AuthorGroup = chosen.authors  # type: ignore[assignment]
    return Sieve(
        scope=chosen.scope,
        voice="brand" if chosen.voice == "brand" else "customer",
        sources=chosen.sources,
        moods=tuple(MOODS[tone] for tone in chosen.tones),
        kinds=chosen.kinds,
        terms=tuple(ids.get(word, NOBODY_SAID) for word in chosen.words),
        authors=authors,
        condition=condition,
    )


def reading(
    chosen: ExploreFilter, condition: Condition | None = None, *, words: bool = True
) -> ExploreReading:
    """The figures of a filter, its parts kept until the archive changes."""
    return read_choice(archive(), sieve_of(chosen, condition), words=words, keep=kept_parts(chosen))


def kept_parts(chosen: ExploreFilter) -> Keep:
    """What remembers the parts of a filter's reading until the archive changes."""
    asked_for = f"{chosen.query()}:{topic_queries.filed_as(chosen.topics)}"
    at = now_at()

    def keep(part: str, ask: Callable[[], Any]) -> Any:
        return remembered(f"explore {part}:{asked_for}", ask, at=at)

    return keep


def _whose(brand: Brand | None, company: Company | None, language: str) -> Whose:
    return Whose(
        brand.name if brand else "",
        company.customers(language) if company else _("customers"),
        {product.pk: product.name for product in brand.products.all()} if brand else {},
    )


def _part(name: str, every: str, choices: list[Choice]) -> Part:
    """A part whose words are its chosen choices, or those for "all"."""
    chosen = [choice.label for choice in choices[1:] if choice.chosen]
    return Part(name, listed(chosen) if chosen else every, choices, bool(chosen))


def _voice(chosen: ExploreFilter, whose: Whose) -> Part:
    choices = [
        Choice(whose.customers, chosen.query(voice="customer"), chosen.voice == "customer"),
        Choice(_("our own accounts"), chosen.query(voice="brand"), chosen.voice == "brand"),
    ]
    return Part("voice", choices[chosen.voice == "brand"].label, choices)


def _brands(chosen: ExploreFilter, brands: Sequence[Brand], whose: Whose) -> Part:
    every = _("everything we heard")
    choices = [Choice(every, chosen.query(brand=0, products=()), chosen.brand == 0)]
    choices += [
        Choice(each.name, chosen.query(brand=each.pk, products=()), each.pk == chosen.brand)
        for each in offered(brands, {chosen.brand})
    ]
    return Part("brand", whose.brand or every, choices)


def _products(chosen: ExploreFilter, brand: Brand | None) -> Part:
    every = _("everything")
    choices = [Choice(every, chosen.query(products=()), not chosen.products)]
    now = set(chosen.products)
    choices += [
        Choice(
            product.name,
            chosen.query(products=tuple(sorted(now ^ {product.pk}))),
            product.pk in now,
        )
        for product in offered(brand.products.all() if brand else (), now)
    ]
    return _part("product", every, choices if brand else [])


def _languages(chosen: ExploreFilter, languages: Sequence[str]) -> Part:
    every = _("every language")
    choices = [Choice(every, chosen.query(languages=()), not chosen.languages)]
    choices += [
        Choice(
            language_name(code),
            chosen.query(languages=_toggled(chosen.languages, code)),
            code in chosen.languages,
        )
        for code in languages
    ]
    return _part("language", every, choices)


def _periods(chosen: ExploreFilter, first: date, last: date) -> Part:
    spans = [
        (_("the last 7 days"), last - timedelta(days=6), last),
        (_("the last 28 days"), last - timedelta(days=27), last),
        (_("the last 90 days"), last - timedelta(days=89), last),
        (_("the last year"), last - timedelta(days=364), last),
        (_("all there is"), first, last),
    ]
    choices = [
        Choice(
            label,
            chosen.query(since=since, until=until),
            (since, until) == (chosen.since, chosen.until),
        )
        for label, since, until in spans
    ]
    words = period(chosen.since, chosen.until + timedelta(days=1))
    return Part("period", words, choices)


def _sources(chosen: ExploreFilter, sources: dict[int, str]) -> Part:
    return _several("source", _("every source"), chosen, "sources", list(sources.items()))


def _topics(chosen: ExploreFilter, topics: dict[int, TopicName]) -> list[Part]:
    """The topics in use, and those of the address that were put away; no part without any."""
    offered = [(pk, t.name) for pk, t in topics.items() if t.in_use or pk in chosen.topics]
    if not offered:
        return []
    return [_several("topic", _("every topic"), chosen, "topics", offered)]


def tone_names() -> dict[str, str]:
    """What each tone is called."""
    return {
        "positive": _("positive"),
        "neutral": _("neutral"),
        "negative": _("negative"),
        "unknown": _("tone unknown"),
    }


def kind_names() -> dict[str, str]:
    """What each kind of post is called, in the plural."""
    return {
        "question": _("questions"),
        "complaint": _("complaints"),
        "praise": _("praise"),
        "other": _("other posts"),
    }


def author_names() -> dict[str, str]:
    """What each group of authors is called."""
    return {
        "once": _("people who wrote once"),
        "few": _("people who wrote two to four times"),
        "often": _("people who wrote five times or more"),
    }


def _tones(chosen: ExploreFilter) -> Part:
    names = tone_names()
    return _several(
        "tone", _("every tone"), chosen, "tones", [(tone, names[tone]) for tone in MOODS]
    )


def _kinds(chosen: ExploreFilter) -> Part:
    names = kind_names()
    return _several(
        "kind", _("every kind"), chosen, "kinds", [(kind, names[kind]) for kind in KINDS]
    )


def _authors(chosen: ExploreFilter) -> Part:
    choices = [Choice(_("everybody"), chosen.query(authors=""), not chosen.authors)]
    choices += [
        Choice(name, chosen.query(authors=group), group == chosen.authors)
        for group, name in author_names().items()
    ]
    return _part("authors", _("everybody"), choices)


def _several(
    name: str,
    every: str,
    chosen: ExploreFilter,
    field: str,
    values: Sequence[tuple[int, str]] | Sequence[tuple[str, str]],
) -> Part:
    """A part of which several values may be chosen at once."""
    now: tuple[object, ...] = getattr(chosen, field)
    choices = [Choice(every, chosen.query(**{field: ()}), not now)]
    choices += [
        Choice(label, chosen.query(**{field: _toggled(now, value)}), value in now)
        for value, label in values
    ]
    return _part(name, every, choices)


def _toggled(now: tuple[object, ...], value: object) -> tuple[object, ...]:
    return tuple(v for v in now if v != value) if value in now else (*now, value)


def _chips(
    chosen: ExploreFilter, sources: dict[int, str], topics: dict[int, TopicName]
) -> list[Chip]:
    tones, kinds = tone_names(), kind_names()
    chips = [
        Chip(
            _("topic “%(name)s”") % {"name": topics[pk].name},
            chosen.query(topics=_toggled(chosen.topics, pk)),
        )
        for pk in chosen.topics
    ]
    chips += [
        Chip(sources[pk], chosen.query(sources=_toggled(chosen.sources, pk)))
        for pk in chosen.sources
    ]
    chips += [
        Chip(tones[tone], chosen.query(tones=_toggled(chosen.tones, tone))) for tone in chosen.tones
    ]
    chips += [
        Chip(kinds[kind], chosen.query(kinds=_toggled(chosen.kinds, kind))) for kind in chosen.kinds
    ]
    if chosen.authors:
        chips.append(Chip(author_names()[chosen.authors], chosen.query(authors="")))
    chips += [
        Chip(
            _("word “%(word)s”") % {"word": word}, chosen.query(words=_toggled(chosen.words, word))
        )
        for word in chosen.words
    ]
    return chips


@dataclass(frozen=True)
class PostsPage:
    """A page of posts with its headline, and the address of what follows (empty: nothing)."""

    finding: str
    posts: Sequence[Quote]
    older: str
    counted: str = ""
    """How many there are with copies, and how many different ones; empty where no post is a copy."""


def newest(
    chosen: ExploreFilter, condition: Condition | None, *, before: Place = None, limit: int
) -> list[Quote]:
    """The newest posts of the choice."""
    filed = topic_queries.filed_as(chosen.topics)
    return posts_chosen(sieve_of(chosen, condition), filed, before=before, limit=limit)


def posts_page(
    chosen: ExploreFilter, condition: Condition | None, *, before: str, limit: int
) -> PostsPage:
    """One page of the choice's posts; `before` is the end of the page before, from the address."""
    found = reading(chosen, condition, words=False)
    n = found.posts
    rows = newest(chosen, condition, before=edge_of(before), limit=limit + 1)
    older = ""
    if len(rows) > limit:
        rows = rows[:limit]
        older = f"{chosen.query()}&{urlencode({'before': mark_of(rows[-1])})}"
    finding = ngettext("%(n)s post fits this sentence", "%(n)s posts fit this sentence", n)
    return PostsPage(finding % {"n": number(n)}, rows, older, both_counts(n, found.copies))


def plain(chosen: ExploreFilter) -> ExploreFilter:
    """The same sentence without any added condition."""
    return replace(
        chosen, voice="customer", sources=(), tones=(), kinds=(), authors="", topics=(), words=(),
        q="",
    )  # fmt: skip


def with_days(chosen: ExploreFilter, since: date, until: date) -> ExploreFilter:
    """The same sentence over other days, both included."""
    return replace(chosen, since=since, until=until)


def days_before(chosen: ExploreFilter) -> ExploreFilter:
    """The same sentence over as many days right before."""
    until = chosen.since - timedelta(days=1)
    return replace(chosen, since=chosen.since - timedelta(days=chosen.days), until=until)


def year_before(chosen: ExploreFilter) -> ExploreFilter:
    """The same sentence 52 weeks earlier, so that weekdays fall alike."""
    back = timedelta(weeks=52)
    return replace(chosen, since=chosen.since - back, until=chosen.until - back)
