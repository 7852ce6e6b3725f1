"""Asking for the gap: the address becomes a filter, the filter a reading, a word its people."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from openroads.archive.client import Archive
from openroads.archive.queries.posts import Quote
from openroads.archive.queries.state import Kept, kept
from openroads.archive.scope import Scope
from openroads.directory.company import Brand, Company
from openroads.directory.conversations import archive
from openroads.listening import queries
from openroads.listening.analysing import Reader
from openroads.listening.authors import both_counts, people_words
from openroads.listening.drilling import NEWEST, Drilled, Uses, drill, uses_of
from openroads.listening.filters import GapFilter, days_asked, gap_filter, offered
from openroads.listening.gap_beside import read_beside
from openroads.listening.gap_lists import begun
from openroads.listening.gap_reading import GapReading, read_gap_alone, with_people
from openroads.listening.models import Import
from openroads.listening.remembering import is_remembered, now_at, remembered
from openroads.listening.sight.seeing import Sight
from openroads.listening.standing import posts_in_scope
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
    at: str
    """Where the archive stood when this was asked."""
    notes: Sequence[str] = ()
    """What of the period is not as the address says."""
    everything: str = ""
    """The same over all days with posts; empty where this holds them all."""

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
            else language_name(code)
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
    at = now_at()
    first, last = days_kept(at)
    today = timezone.localdate()
    newest = min(last, today) if last else today
    chosen = gap_filter(told, brands=brands, languages=languages, last=newest, first=first)
    brand = next((each for each in brands if each.pk == chosen.brand), None)
    return Asked(
        filter=chosen,
        whose=_whose(brand, company, language),
        brands=[
            Choice(each.name, chosen.query(brand=each.pk, products=(), word=""), each.pk == chosen.brand)
            for each in offered(brands, {chosen.brand})
        ],
        products=_products(chosen, brand),
        languages=_languages(chosen, languages),
        periods=_periods(chosen, first or newest, newest),
        product_ids=tuple(product.pk for product in brand.products.all()) if brand else (),
        reader=queries.reader(),
        last=last,
        at=at,
        notes=days_asked(told, first=first, last=newest).notes(),
        everything=_everything(chosen, first, newest) if last else "",
    )  # fmt: skip


def asked_by_default(*, language: str) -> Asked:
    """The sentence of an address that says nothing: our first brand, the last 90 days."""
    return asked(QueryDict(""), language=language)


def days_kept(at: str = "") -> tuple[date | None, date | None]:
    """First and last day with posts in the whole archive."""
    rows = _rows_kept(at)
    return min((row.first for row in rows), default=None), max(
        (row.last for row in rows), default=None
    )


def _rows_kept(at: str = "") -> Sequence[Kept]:
    return remembered("kept", lambda: kept(archive()), at=at)


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
    now = set(chosen.products)
    for product in offered(brand.products.all(), now):
        with_it = tuple(sorted(now ^ {product.pk}))
        found.append(
            Choice(product.name, chosen.query(products=with_it, word=""), product.pk in now)
        )
    return found


def _languages(chosen: GapFilter, languages: Sequence[str]) -> list[Choice]:
    found = [Choice(_("every language"), chosen.query(languages=()), not chosen.languages)]
    found += [
        Choice(language_name(code), chosen.query(languages=(code,)), chosen.languages == (code,))
        for code in languages
    ]
    return found


def language_name(code: str) -> str:
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


def _everything(chosen: GapFilter, first: date | None, last: date) -> str:
    """The address over all days with posts, where some of them lie outside the period."""
    begin = first or last
    outside = begin < chosen.since or last > chosen.until
    return chosen.query(since=begin, until=last) if outside else ""


def query_of_import(item: Import) -> str:
    """The address of the gap over the days with posts of an import's source, about its brand; empty
    when there are none."""
    row = next((row for row in _rows_kept() if row.source == item.source_id), None)
    return GapFilter(row.first, row.last, brand=item.brand_id or 0).query() if row else ""


def year_before(chosen: GapFilter) -> GapFilter:
    """The same sentence 52 weeks earlier, so that weekdays fall alike."""
    back = timedelta(weeks=52)
    return replace(chosen, since=chosen.since - back, until=chosen.until - back)


def reading(told: Asked) -> GapReading:
    """The gap of a filter, nothing beside it; kept until the archive changes: the same question has the
    same answer."""
    plain = told.filter.without_word()
    return remembered(
        f"gap:{told.reader}:{plain.query()}",
        lambda: read_gap_alone(archive(), plain.scope, told.reader.names),
        at=told.at,
    )


def whole_reading(told: Asked) -> GapReading:
    """The same with its months, the year before and its products; these are kept as well."""
    found = reading(told)
    beside = remembered(
        _beside_of(told),
        lambda: read_beside(archive(), found.scope, found.vocabulary, told.product_ids),
        at=told.at,
    )
    return replace(found, beside=beside)


def reading_at_hand(told: Asked) -> GapReading:
    """The whole reading where everything beside the gap is remembered, else the gap alone: it is read
    in half the time, and what stands beside it can follow."""
    at_hand = is_remembered(_beside_of(told), at=told.at)
    return whole_reading(told) if at_hand else reading(told)


def _beside_of(told: Asked) -> str:
    plain = told.filter.without_word().query()
    return f"gap beside:{told.reader}:{told.product_ids}:{plain}"


def reading_with_people(told: Asked) -> GapReading:
    """The same with everybody behind each word counted: for a list that says how many."""
    return with_people(archive(), reading(told))


def read_ahead(told: Asked) -> None:
    """Have everything of a page remembered before somebody asks for it."""
    found = whole_reading(told)
    if found.gap.they_say:
        _uses(told, archive(), told.filter.scope, found.gap.they_say[0].id)


def drill_at_hand(told: Asked, found: GapReading) -> bool:
    """Whether a word was asked for, or who uses the surest one is remembered: else it can follow."""
    surest = found.gap.they_say[:1]
    return bool(told.filter.word) or any(
        is_remembered(_uses_of(told, word.id), at=told.at) for word in surest
    )


def drilled(told: Asked, found: GapReading, sight: Sight) -> Drilled | None:
    """The word of the address, or the surest word of the customers, with posts as somebody with this
    sight sees them; None when there is no gap."""
    word = told.filter.word
    if not word and found.gap.they_say:
        word = found.gap.they_say[0].key
    shown = _drilled(told, found, word, posts=2) if word else None
    return replace(shown, posts=sight.posts(shown.posts)) if shown else None


def _uses(told: Asked, where: Archive, scope: Scope, term: int) -> Uses:
    """The people behind a word, counted once while the archive stays as it is."""
    return remembered(_uses_of(told, term), lambda: uses_of(where, scope, term), at=told.at)


def _uses_of(told: Asked, term: int) -> str:
    return f"uses:{told.filter.without_word().query()}:{term}"


def _drilled(told: Asked, found: GapReading, word: str, *, posts: int) -> Drilled | None:
    """A word with its people."""

    def newest(_where: Archive, scope: Scope, term: int) -> list[Quote]:
        return posts_in_scope(scope, term=term, limit=NEWEST, counted=True, at=told.at)

    uses = partial(_uses, told)
    return drill(archive(), told.filter.scope, found, word, posts=posts, uses=uses, newest=newest)


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
    word = _drilled(told, found, told.filter.word, posts=0) if told.filter.word else None
    edge = edge_of(before)
    rows: list[Quote] = []
    n, finding = 0, ""
    if told.filter.word and word is None:
        pass  # nobody ever used it
    elif word is None:
        rows = posts_in_scope(
            told.filter.scope, before=edge, limit=PAGE + 1, counted=True, at=told.at
        )
        n = found.gap.totals.posts
        finding = ngettext("One post fits this sentence", "%(n)s posts fit this sentence", n)
    else:
        rows = posts_in_scope(
            told.filter.scope, term=word.id, before=edge, limit=PAGE + 1, counted=True, at=told.at
        )
        n = word.posts_in_all
        finding = ngettext("The post that says “%(word)s”", "%(n)s posts say “%(word)s”", n)
    older = ""
    if len(rows) > PAGE:
        rows = rows[:PAGE]
        older = f"{told.filter.query()}&{urlencode({'before': mark_of(rows[-1])})}"
    of = word or found.gap.totals
    counted = _("%(people)s, %(period)s; newest first. Reposts and copies are not shown.") % {
        "people": begun(people_words(of.people, of.nameless)),
        "period": told.period_words,
    }
    if word is None:
        told_both = both_counts(n, found.left_out.copies)
        counted = f"{told_both} {counted}" if told_both else counted
    none = (
        _("No post in this sentence uses that word.")
        if told.filter.word
        else _("No post fits this sentence.")
    )
    if not rows:
        finding = none
    said = finding % {"n": number(n), "word": word.shown if word else ""}
    return PostsPage(said, counted, rows, older, told.filter.query(), none)


def mark_of(post: Quote) -> str:
    """Where a page ended, as the address of the next one says it."""
    return f"{post.published_at.timestamp():.3f}-{post.id}"


def edge_of(before: str) -> tuple[datetime, int] | None:
    """Where the page before ended, from the address; a broken one means from the newest."""
    found = EDGE.fullmatch(before)
    if found is None or int(found["post"]) >= 2**64:
        return None
    return datetime.fromtimestamp(float(found["moment"]), tz=UTC), int(found["post"])
