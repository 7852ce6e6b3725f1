"""The brand gap as a page reads it: the finding, the figures in words, three lists, the words of people.

Everything here is text and drawings made from a `GapReading`; nothing is counted. The same page is shown in the
browser, printed, and written by the report that needs no server.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote_plus

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openroads.analysis.divergence import per_hundred
from openroads.analysis.gap import Score, Word
from openroads.analysis.gap_views import GapPoint, course, headline
from openroads.archive.queries.posts import OwnWords, Quote
from openroads.charts.word_axis import NARROW
from openroads.listening import exhibits
from openroads.listening.authors import people_words
from openroads.listening.drilling import Drilled
from openroads.listening.filters import GapFilter
from openroads.listening.gap_beside import Beside
from openroads.listening.gap_lists import WordList, begun, both_sides, one_side
from openroads.listening.gap_reading import GapReading
from openroads.listening.whose import Whose
from openroads.ui.formats import between, day, listed, number

SHOWN = 6
"""Words of a list that stand open; the rest is one click away."""
ON_PAPER = 12
"""Words of a list where nothing can be clicked."""


@dataclass(frozen=True)
class Trend:
    """Twelve months as a line with its ends in words."""

    first: str
    last: str
    first_month: str
    last_month: str
    what: str
    drawing: SafeString


@dataclass(frozen=True)
class ProductRow:
    """The gap of one product."""

    name: str
    query: str
    score: int | None
    strip: SafeString | str
    posts: str


@dataclass(frozen=True)
class OursRow:
    """A passage in which the brand uses a word."""

    text: str
    title: str
    url: str
    language: str
    since: str
    linked: bool = True


@dataclass(frozen=True)
class Drill:
    """One word: the people who used it and what the brand says."""

    shown: str
    language: str
    side: str
    counted: str
    posts: Sequence[Quote]
    ours: Sequence[OursRow]
    nothing_of_ours: str
    query: str
    read_all: str


@dataclass(frozen=True)
class DrillLater:
    """A word whose people are not counted yet, and the address where they are."""

    shown: str
    language: str
    query: str


@dataclass(frozen=True)
class Step:
    label: str
    url: str


@dataclass(frozen=True)
class TooLittle:
    """Why there is no gap to show, and what to do."""

    finding: str
    why: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class BesidePart:
    """The score on its scale, and what it is set beside."""

    scale: SafeString | str = ""
    trend: Trend | None = None
    products: tuple[ProductRow, ...] = ()
    later: str = ""
    """The address of the same with the year before, the months and the products, where these are not
    counted yet."""


@dataclass(frozen=True)
class GapPage:
    """All that the template shows."""

    counted: str
    customers: str
    too_little: TooLittle | None = None
    finding: str = ""
    score: int = 0
    interval: str = ""
    axis: SafeString | str = ""
    axis_narrow: SafeString | str = ""
    beside: BesidePart = field(default_factory=BesidePart)
    they: WordList | None = None
    we: WordList | None = None
    contested: WordList | None = None
    drill: Drill | None = None
    drill_later: DrillLater | None = None


def gap_page(
    reading: GapReading,
    asked: GapFilter,
    whose: Whose,
    drilled: Drilled | None,
    *,
    linked: bool = True,
    everything: str = "",
) -> GapPage:
    """Say a reading in words and drawings. Unlinked pages (reports) lead nowhere. `everything` is the
    address of the same over all days with posts, where this is not that."""
    if reading.gap.score is None:
        return GapPage(
            counted(reading), whose.customers, _too_little(reading, whose, linked, everything)
        )
    gap = reading.gap

    plain = asked.query(word="")

    def link(word: Word) -> str:  # `asked.query(word=word.key)`, five hundred times on a page
        return f"{plain}&word={quote_plus(word.key)}"

    def href(word: Word) -> str:
        return f"?{link(word)}" if linked else ""

    chosen = asked.word if drilled else ""
    shown = SHOWN if linked else ON_PAPER
    score = gap.score
    assert score is not None
    return GapPage(
        counted=counted(reading),
        customers=whose.customers,
        finding=finding(reading, whose),
        score=per_hundred(score.value),
        interval=_interval(score),
        axis=exhibits.word_axis(reading, whose, href, chosen),
        axis_narrow=exhibits.word_axis(reading, whose, href, chosen, shape=NARROW),
        beside=beside_part(reading, asked, whose),
        they=one_side("they", gap.they_say, link, chosen, whose, shown, gap.totals),
        we=one_side("we", gap.we_say, link, chosen, whose, shown, gap.totals),
        contested=both_sides(gap.contested, link, chosen, whose, shown),
        drill=_drill(drilled, asked, reading, linked) if drilled else None,
        drill_later=DrillLater(first.shown, first.language, link(first))
        if linked and not drilled and (first := next(iter(gap.they_say), None))
        else None,
    )


def beside_part(reading: GapReading, asked: GapFilter, whose: Whose) -> BesidePart:
    """The scale, the months and the products of a gap that has a score."""
    score, beside = reading.gap.score, reading.beside
    if score is None:
        return BesidePart()
    if beside is None:
        return BesidePart(exhibits.gap_scale(score, None), later=f"{asked.query()}&whole=1")
    return BesidePart(
        exhibits.gap_scale(score, beside.year_ago),
        _trend(beside.months),
        _products(beside, asked, whose),
    )


def _interval(score: Score) -> str:
    """The ends of the interval, with one decimal where whole figures would hide it."""
    low, high = score.interval.low, score.interval.high
    if per_hundred(low) == per_hundred(high):
        return between(100 * low, 100 * high, 1)
    return between(per_hundred(low), per_hundred(high))


def finding(reading: GapReading, whose: Whose) -> str:
    """The headline: what the brand speaks of, and what its customers speak of instead."""
    words = headline(reading.gap, language=(get_language() or "en")[:2])
    we = listed(word.shown for word in words.we)
    they = listed(word.shown for word in words.they)
    told = {
        "brand": whose.brand or _("the brand"),
        "customers": whose.customers,
        "we": we,
        "they": they,
    }
    if we and they:
        said = _("%(brand)s speaks of %(we)s; %(customers)s talk about %(they)s") % told
    elif they:
        said = _("%(customers)s talk about %(they)s; %(brand)s hardly does") % told
    elif we:
        said = _("%(brand)s speaks of %(we)s; %(customers)s hardly do") % told
    else:
        said = _("No word sets %(brand)s and its %(customers)s apart that we can see") % told
    return begun(said)


def counted(reading: GapReading) -> str:
    """What was read and what was left out, in a sentence or two."""
    totals, out = reading.gap.totals, reading.left_out
    n, texts = totals.posts, totals.texts
    read = _("%(posts)s by %(people)s; %(texts)s.") % {
        "posts": ngettext("%(n)s post", "%(n)s posts", n) % {"n": number(n)},
        "people": people_words(totals.people, totals.nameless),
        "texts": ngettext("%(n)s text of ours", "%(n)s texts of ours", texts)
        % {"n": number(texts)},
    }
    left = _(
        "Left out: %(reposts)s reposts, %(copies)s copies, %(own)s posts of our own accounts, and "
        "words of fewer than %(least)s people."
    ) % {
        "reposts": number(out.reposts),
        "copies": number(out.copies),
        "own": number(out.own),
        "least": number(reading.gap.thresholds.min_people),
    }
    if totals.nameless:
        left = f"{left} {_('A post of an unknown author counts there as one of its own.')}"
    return f"{read} {left}"


def _too_little(reading: GapReading, whose: Whose, linked: bool, everything: str) -> TooLittle:
    limits = reading.gap.thresholds
    wider = (Step(_("See all there is"), f"?{everything}"),) if everything else ()
    if reading.gap.shortage == "posts":
        return TooLittle(
            _("Too few posts to speak of a gap"),
            _("Below %(n)s posts a gap is mostly chance. Choose a longer period or a wider sentence, or bring in more.")
            % {"n": number(limits.few_posts)},
            (*wider, Step(_("Import a file"), reverse("listening:imports"))) if linked else (),
        )  # fmt: skip
    return TooLittle(
        begun(_("%(brand)s’s own words are missing") % {"brand": whose.brand or _("the brand")}),
        _("A gap needs two sides. Let the house read your website or add your own texts; %(n)s passages are enough to begin.")
        % {"n": number(limits.few_passages)},
        (
            Step(_("Read our own website"), reverse("listening:add_site")),
            Step(_("Add our own texts"), reverse("listening:add_texts")),
        ) if linked else (),
    )  # fmt: skip


def _trend(months: Sequence[GapPoint]) -> Trend | None:
    scored = [point for point in months if point.score is not None]
    if len(scored) < 2:
        return None
    first, last = scored[0], scored[-1]
    assert first.score is not None and last.score is not None
    n = len(scored)
    spans = {
        "narrowing": ngettext("%(n)s month, narrowing", "%(n)s months, narrowing", n),
        "widening": ngettext("%(n)s month, widening", "%(n)s months, widening", n),
        "none": ngettext("%(n)s month, no change we can see", "%(n)s months, no change we can see", n),
        "unknown": ngettext("%(n)s month, too few to say", "%(n)s months, too few to say", n),
    }  # fmt: skip
    what = spans[course(months)] % {"n": number(n)}
    return Trend(
        str(per_hundred(first.score.value)),
        str(per_hundred(last.score.value)),
        _month(first.since),
        _month(last.since),
        what,
        exhibits.trend(months, what),
    )


def _month(since: date) -> str:
    return date_format(since, "F")


def _products(beside: Beside, asked: GapFilter, whose: Whose) -> tuple[ProductRow, ...]:
    rows = []
    for product, point in beside.products:
        score = point.score
        rows.append(
            ProductRow(
                whose.products.get(product, ""),
                asked.query(products=(product,), word=""),
                per_hundred(score.value) if score else None,
                exhibits.product_strip(score) if score else "",
                number(point.posts),
            )
        )
    return tuple(rows)


def _drill(drilled: Drilled, asked: GapFilter, reading: GapReading, linked: bool) -> Drill:
    posts = ngettext("%(n)s post", "%(n)s posts", drilled.posts_in_all) % {
        "n": number(drilled.posts_in_all)
    }
    people = people_words(drilled.people, drilled.nameless)
    texts = reading.gap.totals.texts
    return Drill(
        shown=drilled.shown,
        language=drilled.language,
        side=drilled.side,
        counted=f"{posts}, {people}",
        posts=drilled.posts,
        ours=[_ours(row, linked) for row in drilled.passages],
        nothing_of_ours=ngettext(
            "nothing: our one text does not name it.",
            "nothing: none of our %(n)s texts names it.",
            texts,
        ) % {"n": number(texts)},
        query=asked.query(word=drilled.key),
        read_all=ngettext("Read this one post", "Read all %(n)s posts", drilled.posts_in_all)
        % {"n": number(drilled.posts_in_all)},
    )  # fmt: skip


def _web(url: str) -> str:
    """The address when a browser may follow it: an uploaded file's name is none."""
    return url if url.startswith(("https://", "http://")) else ""


def _ours(row: OwnWords, linked: bool) -> OursRow:
    since = _("since %(day)s") % {"day": day(row.valid_from)}
    if row.valid_to:
        since = _("from %(since)s to %(until)s") % {
            "since": day(row.valid_from),
            "until": day(row.valid_to),
        }
    return OursRow(row.text, row.title or row.url, _web(row.url), row.language, since, linked)
