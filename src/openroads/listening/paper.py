"""The gap page on paper: the same words and drawings handed to the PDF."""

from functools import cache
from importlib import resources
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from openroads.charts import gap_report as paper
from openroads.charts.colours import Palette, Tokens
from openroads.listening import exhibits
from openroads.listening.drilling import Drilled
from openroads.listening.filters import GapFilter
from openroads.listening.gap_lists import WordList
from openroads.listening.gap_page import GapPage, gap_page
from openroads.listening.gap_reading import GapReading
from openroads.listening.whose import Whose
from openroads.ui.formats import day, moment, number, period
from openroads.ui.networks import network_word


@cache
def print_palette() -> Palette:
    """The colours of the house on white paper."""
    css = resources.files("openroads.ui") / "static" / "ui" / "tokens.css"
    return Tokens.parse(css.read_text(encoding="utf-8")).print


def page_pdf(
    reading: GapReading,
    asked: GapFilter,
    whose: Whose,
    drilled: Drilled | None,
    *,
    language: str,
    layout: Literal["portrait", "landscape"] = "portrait",
) -> bytes:
    """The gap as an A4 document that can be read aloud (PDF/UA-1); of a whole reading."""
    page = gap_page(reading, asked, whose, drilled, linked=False)
    report = paper.GapReport(
        language=language,
        author="Openroads",
        brand=whose.brand or "Openroads",
        kind=_("Brand gap"),
        dateline=period(reading.scope.since, reading.scope.until),
        finding=page.too_little.finding if page.too_little else page.finding,
        standfirst=page.counted,
        footer=_("Openroads, counted on %(day)s; intervals are 95%%")
        % {"day": day(timezone.localdate())},
        page_word=_("page"),
        of_word=pgettext("page n of m", "of"),
        score=_score(page, reading),
        months=_months(page, reading),
        products=_products(page),
        lists=_lists(page),
        quotes_title=_("In their words"),
        quotes=_quotes(drilled),
        method_title=_("How it is counted"),
        method=method_sentences(),
        axis=_axis(reading, whose),
    )
    return paper.gap_report_pdf(report, print_palette(), layout=layout)


def _axis(reading: GapReading, whose: Whose) -> paper.Drawing | None:
    if reading.gap.score is None:
        return None
    svg = exhibits.word_axis(reading, whose, lambda _word: "", "", shape=paper.PAPER_AXIS)
    return paper.Drawing(svg, exhibits.axis_sentence(whose))


def _score(page: GapPage, reading: GapReading) -> paper.ScorePart:
    title = _("The gap")
    score = reading.gap.score
    if page.too_little or score is None:
        return paper.ScorePart(title, shortage=page.too_little.why if page.too_little else "")
    told = exhibits.score_sentence(score, reading.beside.year_ago if reading.beside else None)
    drawing = paper.Drawing(page.beside.scale, told)
    return paper.ScorePart(
        title, str(page.score), _("of 100"), page.interval, meaning=told, scale=drawing
    )


def _months(page: GapPage, reading: GapReading) -> paper.MonthsPart:
    title = _("Per month")
    trend = page.beside.trend
    if trend is None or reading.beside is None:
        return paper.MonthsPart(title, shortage=_("Too few months to draw a line."))
    told = exhibits.trend_sentence(reading.beside.months, trend.what)
    return paper.MonthsPart(
        title,
        course=trend.what,
        first=trend.first,
        last=trend.last,
        since=trend.first_month,
        until=trend.last_month,
        trend=paper.Drawing(trend.drawing, told),
    )


def _products(page: GapPage) -> paper.ProductsPart:
    rows = tuple(
        paper.ProductRow(
            row.name,
            "" if row.score is None else str(row.score),
            row.posts,
            paper.Drawing(row.strip, f"{row.name}: {row.score}") if row.strip else None,
            _("too few to say") if row.score is None else "",
        )
        for row in page.beside.products
    )
    head = (_("Product"), _("Gap"), _("against chance"), _("Posts"))
    return paper.ProductsPart(_("Per product"), head, rows)


def _lists(page: GapPage) -> tuple[paper.ListPart, ...]:
    if page.they is None or page.we is None or page.contested is None:
        return ()
    we = pgettext("the company", "we")
    rate = (_("per 10,000 words"), page.customers, we)
    felt = (_("net sentiment"), page.customers, we)
    return (
        _list(page.they, "they", rate, page.they.title),
        _list(page.contested, "both", felt, _("Both say it, not alike")),
        _list(page.we, "we", rate, page.we.title),
    )


def _list(
    words: WordList, tone: Literal["they", "we", "both"], head: tuple[str, str, str], title: str
) -> paper.ListPart:
    rows = tuple(
        paper.ListRow(row.shown, _known(row.language), row.they, row.we)
        for row in (*words.rows, *words.rest)[:12]
    )
    return paper.ListPart(tone, title, words.count, head, rows, words.none)


def _known(language: str) -> str:
    """A language code the page may carry; the engine refuses "und"."""
    return language if len(language) == 2 else "en"


def _quotes(drilled: Drilled | None) -> tuple[paper.QuotePart, ...]:
    if drilled is None:
        return ()
    theirs = [
        paper.QuotePart(
            post.text[:400],
            _known(post.language),
            f"{post.author_name or post.author or _('somebody')}, {network_word(post.network)}, {moment(post.published_at)}",
            drilled.shown,
        )
        for post in drilled.posts
    ]
    ours = [
        paper.QuotePart(row.text[:400], _known(row.language), row.title or row.url, _("We say"))
        for row in drilled.passages
    ]
    return (*theirs, *ours)


def method_sentences() -> tuple[str, ...]:
    """How it was counted, in a few sentences that stand on every copy."""
    return (
        _("A word counts once per post or passage. Our texts are cut into passages of about a paragraph. Reposts, copies and our own accounts never count as customers."),
        _("Place on the axis: log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008), z. A word is on a side from z = 3.3, used in at least %(posts)s posts by %(people)s people, or in %(passages)s passages.")
        % {"posts": number(10), "people": number(5), "passages": number(5)},
        _("The gap is 100 times the square root of the Jensen-Shannon divergence of both distributions of words, over the 1,500 words both together use most. Chance is what shuffling posts and passages gives, 200 times."),
        _("Net sentiment is positive minus negative posts as a share of those whose tone is known, times 100. Tone is read by word lists and rules in Dutch and English; elsewhere it is unknown."),
    )  # fmt: skip
