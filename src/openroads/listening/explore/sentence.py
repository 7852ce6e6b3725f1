"""The sentence of a filter: its changeable parts, what can be added to it, and what was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from openroads.directory.company import Brand
from openroads.listening.explore.filter import KINDS, MOODS, ExploreFilter
from openroads.listening.filters import offered
from openroads.listening.gap_queries import Choice, language_name
from openroads.listening.topics.queries import TopicName
from openroads.listening.whose import Whose
from openroads.ui.formats import listed, period


@dataclass(frozen=True)
class Part:
    """One changeable part of the sentence: its words, and what it can be changed to. Where several may be
    chosen, each link adds or takes one away."""

    name: str
    words: str
    choices: Sequence[Choice]
    changed: bool = False


@dataclass(frozen=True)
class Chip:
    """A condition added to the sentence, with the address without it."""

    label: str
    query: str


def said_parts(
    chosen: ExploreFilter,
    whose: Whose,
    brands: Sequence[Brand],
    brand: Brand | None,
    languages: Sequence[str],
    first: date,
    last: date,
) -> dict[str, Part]:
    """The parts that every sentence has; `first` and `last` are the days that posts are of."""
    return {
        "voice": _voice(chosen, whose),
        "brand": _brands(chosen, brands, whose),
        "product": _products(chosen, brand),
        "language": _languages(chosen, languages),
        "period": _periods(chosen, first, last),
    }


def addable_parts(
    chosen: ExploreFilter, sources: dict[int, str], topics: dict[int, TopicName]
) -> list[Part]:
    """Conditions that can be added to the sentence."""
    return [
        *_topics(chosen, topics),
        _sources(chosen, sources),
        _tones(chosen),
        _kinds(chosen),
        _authors(chosen),
    ]


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


def chips_of(
    chosen: ExploreFilter, sources: dict[int, str], topics: dict[int, TopicName]
) -> list[Chip]:
    """The conditions that were added."""
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
