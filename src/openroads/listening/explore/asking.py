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
from openroads.listening.explore.filter import MOODS, ExploreFilter, explore_filter
from openroads.listening.explore.reading import ExploreReading, Keep, read_choice
from openroads.listening.explore.sentence import Chip, Part, addable_parts, chips_of, said_parts
from openroads.listening.filters import days_asked
from openroads.listening.gap_queries import days_kept, edge_of, mark_of
from openroads.listening.remembering import now_at, remembered
from openroads.listening.standing import posts_chosen
from openroads.listening.topics import queries as topic_queries
from openroads.listening.whose import Whose
from openroads.ui.formats import number, period

NOBODY_SAID = 2**32 - 1
"""A term id nobody has: a word that was never said finds nothing, rather than everything."""


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
        parts=said_parts(chosen, whose, brands, brand, languages, first or newest, newest),
        more=addable_parts(chosen, sources, topics),
        chips=chips_of(chosen, sources, topics),
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
