"""Asking for the gap: the address becomes a filter, the filter a reading, a word its people."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from openroads.archive.queries.posts import Quote, posts_in_scope, posts_with_term
from openroads.archive.queries.state import kept
from openroads.directory.company import Brand, Company
from openroads.directory.conversations import archive
from openroads.listening import queries
from openroads.listening.analysing import Reader
from openroads.listening.filters import GapFilter, gap_filter
from openroads.listening.gap_reading import Drilled, GapReading, drill, read_gap
from openroads.listening.remembering import remembered
from openroads.listening.whose import Whose
from openroads.ui.formats import listed, number, period

PAGE = 20
EDGE = re.compile(r"(?P<moment>\d{1,10}\.\d{3})-(?P<post>\d{1,20})")


@dataclass(frozen=True)
class Choice:
    """One thing the filter sentence can be changed to."""

    label: str
    query: str
    chosen: bool


@dataclass(frozen=True)
class Asked:
    """A filter with everything needed to say it as a sentence."""

    filter: GapFilter
    whose: Whose
    brands: Sequence[Choice]
    products: Sequence[Choice]
    languages: Sequence[Choice]
    periods: Sequence[Choice]
    product_ids: tuple[int, ...]
    reader: Reader
    last: date | None
    """The newest day with posts; None in an empty archive."""

    @property
    def product_words(self) -> str:
        names = [
            self.whose.products[pk] for pk in self.filter.products if pk in self.whose.products
        ]
        return listed(names) if names else _("everything")

    @property
    def language_words(self) -> str:
        names = [
            pgettext("in a language", "Dutch")
            if code == "nl"
            else pgettext("in a language", "English")
            if code == "en"
            else _language(code)
            for code in self.filter.languages
        ]
        return listed(names) if names else _("every language")

    @property
    def without_word_query(self) -> str:
        return self.filter.without_word().query()

    @property
    def period_words(self) -> str:
        return period(self.filter.since, self.filter.until + timedelta(days=1))


def asked(told: QueryDict, *, language: str) -> Asked:
    """Read the address bar into a filter and the choices of its sentence."""
    brands = queries.brands()
    company = queries.company()
    languages = tuple(company.languages) if company else ("nl", "en")
    first, last = _days_kept()
    today = timezone.localdate()
    newest = min(last, today) if last else today
    chosen = gap_filter(told, brands=brands, languages=languages, last=newest)
    brand = next((each for each in brands if each.pk == chosen.brand), None)
    return Asked(
        filter=chosen,
        whose=_whose(brand, company, language),
        brands=[
            Choice(each.name, chosen.query(brand=each.pk, products=(), word=""), each.pk == chosen.brand)
            for each in brands
        ],
        products=_products(chosen, brand),
        languages=_languages(chosen, languages),
        periods=_periods(chosen, first or newest, newest),
        product_ids=tuple(product.pk for product in brand.products.all()) if brand else (),
        reader=queries.reader(),
        last=last,
    )  # fmt: skip


def asked_by_default(*, language: str) -> Asked:
    """The sentence of an address that says nothing: our first brand, the last 90 days."""
    return asked(QueryDict(""), language=language)


def _days_kept() -> tuple[date | None, date | None]:
    """First and last day with posts in the whole archive."""
    rows = remembered("kept", lambda: kept(archive()))
    return min((row.first for row in rows), default=None), max(
        (row.last for row in rows), default=None
    )


def _whose(brand: Brand | None, company: Company | None, language: str) -> Whose:
    return Whose(
        brand.name if brand else "",
        company.customers(language) if company else _("customers"),
        {product.pk: product.name for product in brand.products.all()} if brand else {},
    )


def _products(chosen: GapFilter, brand: Brand | None) -> list[Choice]:
    if brand is None:
        return []
    found = [Choice(_("everything"), chosen.query(products=(), word=""), not chosen.products)]
    for product in brand.products.all():
        now = set(chosen.products)
        with_it = tuple(sorted(now ^ {product.pk}))
        found.append(
            Choice(product.name, chosen.query(products=with_it, word=""), product.pk in now)
        )
    return found


def _languages(chosen: GapFilter, languages: Sequence[str]) -> list[Choice]:
    found = [Choice(_("every language"), chosen.query(languages=()), not chosen.languages)]
    found += [
        Choice(_language(code), chosen.query(languages=(code,)), chosen.languages == (code,))
        for code in languages
    ]
    return found


def _language(code: str) -> str:
    return {
        "nl": _("Dutch"), "en": _("English"), "de": _("German"), "fr": _("French"),
    }.get(code, code)  # fmt: skip


def _periods(chosen: GapFilter, first: date, last: date) -> list[Choice]:
    spans = [
        (_("the last 28 days"), last - timedelta(days=27), last),
        (_("the last 90 days"), last - timedelta(days=89), last),
        (_("the last year"), last - timedelta(days=364), last),
        (_("all there is"), first, last),
    ]
    return [
        Choice(label, chosen.query(since=since, until=until), (since, until) == (chosen.since, chosen.until))
        for label, since, until in spans
    ]  # fmt: skip


def year_before(chosen: GapFilter) -> GapFilter:
    """The same sentence 52 weeks earlier, so that weekdays fall alike."""
    back = timedelta(weeks=52)
    return replace(chosen, since=chosen.since - back, until=chosen.until - back)


def reading(told: Asked) -> GapReading:
    """The reading of a filter, kept until the archive changes: the same question has the same answer."""
    plain = told.filter.without_word()
    return remembered(
        f"gap:{told.reader}:{plain.query()}",
        lambda: read_gap(archive(), plain.scope, told.product_ids, told.reader.names),
    )


def drilled(told: Asked, found: GapReading) -> Drilled | None:
    """The word of the address, or the surest word of the customers; None when there is no gap."""
    word = told.filter.word
    if not word and found.gap.they_say:
        word = found.gap.they_say[0].key
    return drill(archive(), told.filter.scope, found, word) if word else None


@dataclass(frozen=True)
class PostsPage:
    """A page of posts, newest first."""

    finding: str
    counted: str
    posts: Sequence[Quote]
    older: str
    back: str
    none: str


def posts_page(told: Asked, before: str) -> PostsPage:
    """Posts in scope, or those that use the word of the address; `before` is the last page's end."""
    found = reading(told)
    word = (
        drill(archive(), told.filter.scope, found, told.filter.word, posts=0)
        if told.filter.word
        else None
    )
    edge = _edge(before)
    rows: list[Quote] = []
    n, finding = 0, ""
    if told.filter.word and word is None:
        pass  # nobody ever used it
    elif word is None:
        rows = posts_in_scope(
            archive(), told.filter.scope, before=edge, limit=PAGE + 1, counted=True
        )
        n = found.gap.totals.posts
        finding = ngettext("One post fits this sentence", "%(n)s posts fit this sentence", n)
    else:
        rows = posts_with_term(archive(), told.filter.scope, word.id, edge, PAGE + 1)
        n = word.posts_in_all
        finding = ngettext("The post that says “%(word)s”", "%(n)s posts say “%(word)s”", n)
    older = ""
    if len(rows) > PAGE:
        rows = rows[:PAGE]
        mark = f"{rows[-1].published_at.timestamp():.3f}-{rows[-1].id}"
        older = f"{told.filter.query()}&{urlencode({'before': mark})}"
    counted = _(
        "%(people)s people, %(period)s; newest first. Reposts and copies are not shown."
    ) % {
        "people": number(word.people if word else found.gap.totals.people),
        "period": told.period_words,
    }
    none = (
        _("No post in this sentence uses that word.")
        if told.filter.word
        else _("No post fits this sentence.")
    )
    if not rows:
        finding = none
    said = finding % {"n": number(n), "word": word.shown if word else ""}
    return PostsPage(said, counted, rows, older, told.filter.query(), none)


def _edge(before: str) -> tuple[datetime, int] | None:
    """Where the page before ended, from the address; a broken one means from the newest."""
    found = EDGE.fullmatch(before)
    if found is None or int(found["post"]) >= 2**64:
        return None
    return datetime.fromtimestamp(float(found["moment"]), tz=UTC), int(found["post"])
