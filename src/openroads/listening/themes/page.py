"""A month's themes as a reader reads them: told by their words, with how sure that is and some posts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.analysis.intervals import wilson
from openroads.analysis.themes import TOLD
from openroads.archive.queries.gap import Term
from openroads.archive.queries.posts import Quote
from openroads.charts import lines
from openroads.listening.explore.filter import ExploreFilter
from openroads.listening.language_model.part import WrittenPart
from openroads.listening.themes.models import MonthTheme
from openroads.ui.formats import between, listed, number, percent

COLOURS = 6


@dataclass(frozen=True)
class ThemeCard:
    """One theme of the month."""

    key: str
    colour: int
    """The same from month to month while the theme goes on."""
    words: Sequence[tuple[str, str]]
    name: str
    share: str
    interval: str
    posts: str
    coherence: str
    since: str
    line: SafeString | str
    quotes: Sequence[Quote]
    explore: str
    topic: str
    """The address that proposes a topic with its words."""
    written: WrittenPart | None
    """What a language model wrote of it, beside its words."""


@dataclass(frozen=True)
class ThemesPage:
    """All that the template shows."""

    finding: str
    counted: str
    months: Sequence[tuple[str, str, bool]]
    cards: Sequence[ThemeCard]


def chosen_words(row: MonthTheme, terms: Mapping[int, Term]) -> list[Term]:
    """The words a theme is told by; those the archive no longer knows are left out."""
    return [terms[int(term)] for term, _weight in row.words[:TOLD] if int(term) in terms]


def themes_page(
    rows: Sequence[MonthTheme],
    month: date | None,
    terms: Mapping[int, Term],
    quotes: Mapping[int, Sequence[Quote]],
    *,
    brand: int,
    written: Mapping[int, WrittenPart] | None = None,
) -> ThemesPage:
    """The themes of a month in the reader's language."""
    of_month = [row for row in rows if row.month == month]
    by_line: dict[int, dict[date, MonthTheme]] = {}
    for row in rows:
        by_line.setdefault(row.line, {})[row.month] = row
    months = sorted({row.month for row in rows})
    cards = [
        _card(
            row,
            terms,
            quotes.get(row.pk, ()),
            by_line[row.line],
            months,
            brand,
            (written or {}).get(row.pk),
        )
        for row in of_month
        if chosen_words(row, terms)
    ]
    return ThemesPage(
        _finding(cards, month),
        _counted(of_month),
        [
            (date_format(each, "F Y"), f"?{urlencode({'brand': brand, 'month': each.isoformat()[:7]})}", each == month)
            for each in reversed(months)
        ],
        cards,
    )  # fmt: skip


def _finding(cards: Sequence[ThemeCard], month: date | None) -> str:
    if month is None or not cards:
        return _("No themes yet")
    told = {"month": date_format(month, "F Y"), "first": cards[0].name}
    if len(cards) < 2:
        return _("%(month)s: %(first)s") % told
    return _("%(month)s: mostly %(first)s, then %(second)s") % {**told, "second": cards[1].name}


def _counted(rows: Sequence[MonthTheme]) -> str:
    if not rows:
        return ""
    of, found = rows[0].of, sum(row.posts for row in rows)
    return ngettext(
        "Made from %(of)s post; %(n)s of them are strongest in a theme that holds together.",
        "Made from %(of)s posts; %(n)s of them are strongest in a theme that holds together.",
        of,
    ) % {"of": number(of), "n": number(found)}


def _card(
    row: MonthTheme,
    terms: Mapping[int, Term],
    quotes: Sequence[Quote],
    line: Mapping[date, MonthTheme],
    months: Sequence[date],
    brand: int,
    written: WrittenPart | None,
) -> ThemeCard:
    words = chosen_words(row, terms)
    share = wilson(row.posts, row.of)
    first = min(line)
    before = (row.month - timedelta(days=1)).replace(day=1)
    since = (
        _("new this month")
        if before not in line
        else _("goes on since %(month)s") % {"month": date_format(first, "F Y")}
    )
    return ThemeCard(
        str(row.pk),
        row.line % COLOURS,
        [(word.shown, word.language if word.language != "und" else "") for word in words],
        listed(word.shown for word in words[:2]),
        percent(float(share.value)),
        between(100 * float(share.low), 100 * float(share.high)),
        number(row.posts),
        number(row.coherence, 2),
        since,
        _line(line, months, words[0].shown),
        quotes,
        month_filter(row, brand, words[:2]).query(),
        f"{reverse('listening:add_topic')}?{urlencode({'q': proposal(words), 'brand': brand})}",
        written,
    )


def month_filter(row: MonthTheme, brand: int, words: Sequence[Term]) -> ExploreFilter:
    """Exploring the month for posts with these words."""
    after = (row.month + timedelta(days=32)).replace(day=1)
    return ExploreFilter(
        row.month, after - timedelta(days=1), brand=brand, words=tuple(word.key for word in words)
    )


def proposal(words: Sequence[Term]) -> str:
    """A query to begin a topic with: the first word beside any of the next ones."""
    shown = [f'"{word.shown}"' if " " in word.shown else word.shown for word in words[:6]]
    if len(shown) < 2:
        return "".join(shown)
    return f"{shown[0]} AND ({' OR '.join(shown[1:])})"


def _line(line: Mapping[date, MonthTheme], months: Sequence[date], word: str) -> SafeString | str:
    """Its share month by month; a month without it is a hole, not zero."""
    moments = []
    for month in months:
        row = line.get(month)
        share = wilson(row.posts, row.of) if row is not None and row.of else None
        moments.append(
            lines.Moment(None)
            if share is None
            else lines.Moment(*(100 * float(end) for end in (share.value, share.low, share.high)))
        )
    if sum(moment.value is not None for moment in moments) < 2:
        return ""
    label = _("Share of the theme “%(word)s” month by month") % {"word": word}
    span = (0.0, max(lines.extent(moments)[1], 1.0))
    return mark_safe(lines.trend(moments, label, width=190, height=34, span=span))  # noqa: S308 (built element by element)
