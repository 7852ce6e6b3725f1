"""Signals as a reader reads them: promises with both sides, a map of brands, questions with an example."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.analysis.intervals import Estimate, wilson
from openroads.archive.queries.posts import Quote
from openroads.charts import lines
from openroads.charts.positions import MapTexts, Placed, Ranged, positions
from openroads.listening.signals.asked_most import AskedMost, QuestionsReading
from openroads.listening.signals.asking import AskedSignals, explore_query
from openroads.listening.signals.models import Promise
from openroads.listening.signals.reading import FEW, Part, PromiseReading, Standing
from openroads.ui.formats import between, number, percent, signed


@dataclass(frozen=True)
class PromiseRow:
    """A promise with its figures in words and the small line of its gap."""

    promise: Promise
    finding: str
    they: str
    they_interval: str
    we: str
    we_interval: str
    gap: str
    gap_interval: str
    tone: str
    tone_interval: str
    kinds: Sequence[tuple[str, str]]
    line: SafeString | str
    line_ends: str
    quotes: Sequence[Quote]
    explore: str


@dataclass(frozen=True)
class MapPage:
    """The map, its figures as a table, and what it is of."""

    wide: SafeString | str
    narrow: SafeString | str
    rows: Sequence[tuple[str, str, str, str]]
    across: Promise
    up: Promise


@dataclass(frozen=True)
class QuestionRow:
    """Questions that share two words."""

    words: Sequence[tuple[str, str]]
    posts: str
    change: str
    example: Quote | None
    answer: str
    answer_only: str
    """That one of the words alone stands there; empty: both do."""
    text_id: int
    explore: str


@dataclass(frozen=True)
class SignalsPage:
    """All that the template shows."""

    finding: str
    rows: Sequence[PromiseRow]
    map: MapPage | None
    questions: Sequence[QuestionRow]
    questions_counted: str


def signals_page(
    told: AskedSignals,
    readings: Sequence[tuple[Promise, PromiseReading]],
    quotes: dict[int, list[Quote]],
    standings: Sequence[Standing],
    questions: QuestionsReading,
    examples: Sequence[Quote | None],
) -> SignalsPage:
    """The readings in the reader's language."""
    return SignalsPage(
        finding=_finding(told, readings),
        rows=[_row(told, promise, reading, quotes.get(promise.pk, [])) for promise, reading in readings],
        map=_map(told, standings),
        questions=[
            _question(told, group, example)
            for group, example in zip(questions.groups, examples, strict=True)
        ],
        questions_counted=_asked(questions),
    )  # fmt: skip


def _finding(told: AskedSignals, readings: Sequence[tuple[Promise, PromiseReading]]) -> str:
    """The widest gap that is proven, in a sentence."""
    proven = [
        (promise, reading)
        for promise, reading in readings
        if reading.gap is not None and (reading.gap.low > 0 or reading.gap.high < 0)
    ]
    if not readings:
        return _("What we promise is not written down yet")
    if not proven:
        return _(
            "What we promise is spoken of about as much as we speak of it, as far as we can see"
        )
    promise, reading = max(proven, key=lambda each: abs(float(each[1].gap.value)))  # type: ignore[union-attr]
    words = {
        "promise": promise.called,
        "customers": told.asked.whose.customers,
        "they": percent(float(reading.they.share.value)),
        "we": percent(float(reading.we.share.value)),
    }
    return (
        _("“%(promise)s”: in %(we)s of what we say, in %(they)s of what %(customers)s say") % words
    )


def _row(
    told: AskedSignals, promise: Promise, reading: PromiseReading, quotes: Sequence[Quote]
) -> PromiseRow:
    they, we = reading.they.share, reading.we.share
    enough = reading.rated >= FEW
    net = reading.net
    moments = [_moment(month.gap) for month in reading.months]
    return PromiseRow(
        promise,
        ngettext(
            "%(n)s post speaks of it", "%(n)s posts speak of it", reading.they.hits
        ) % {"n": number(reading.they.hits)},
        *_share(reading.they, they),
        *_share(reading.we, we),
        signed(100 * float(reading.gap.value), 1) if reading.gap is not None else _("unknown"),
        between(100 * float(reading.gap.low), 100 * float(reading.gap.high), 1, sign=True)
        if reading.gap is not None
        else "",
        signed(float(net.value)) if enough else _("too few to say"),
        between(float(net.low), float(net.high), sign=True) if enough else "",
        _kinds(reading),
        _line(moments, promise.called),
        _ends(moments),
        quotes,
        explore_query(told, promise),
    )  # fmt: skip


def _share(part: Part, share: Estimate) -> tuple[str, str]:
    if not part.of:
        return _("unknown"), ""
    return percent(float(share.value), 1), _("%(ends)s; %(n)s of %(of)s") % {
        "ends": between(100 * float(share.low), 100 * float(share.high), 1),
        "n": number(part.hits), "of": number(part.of),
    }  # fmt: skip


def _kinds(reading: PromiseReading) -> list[tuple[str, str]]:
    names = (
        (_("questions"), reading.questions),
        (_("complaints"), reading.complaints),
        (_("praise"), reading.praise),
    )
    found = []
    for name, hits in names:
        if not reading.they.hits:
            found.append((name, _("unknown")))
            continue
        share = wilson(hits, reading.they.hits)
        told = {
            "share": percent(float(share.value)),
            "ends": between(100 * float(share.low), 100 * float(share.high)),
        }
        found.append((name, _("%(share)s (%(ends)s)") % told))
    return found


def _moment(gap: Estimate | None) -> lines.Moment:
    if gap is None:
        return lines.Moment(None)
    return lines.Moment(100 * float(gap.value), 100 * float(gap.low), 100 * float(gap.high))


def _line(moments: Sequence[lines.Moment], name: str) -> SafeString | str:
    if sum(moment.value is not None for moment in moments) < 2:
        return ""
    label = _("The gap of “%(promise)s” month by month") % {"promise": name}
    low, high = lines.extent(moments)
    span = (min(low, 0.0), max(high, 0.0))
    return mark_safe(lines.trend(moments, label, width=190, height=40, span=span))  # noqa: S308 (built element by element)


def _ends(moments: Sequence[lines.Moment]) -> str:
    values = [moment.value for moment in moments if moment.value is not None]
    if len(values) < 2:
        return ""
    return _("%(first)s to %(last)s") % {
        "first": signed(values[0], 1), "last": signed(values[-1], 1),
    }  # fmt: skip


def _map(told: AskedSignals, standings: Sequence[Standing]) -> MapPage | None:
    if told.axes is None or not standings:
        return None
    names = {brand.pk: brand for brand in told.brands}
    placed = [
        Placed(
            names[each.brand].name, _ranged(each.across), _ranged(each.up), names[each.brand].own
        )
        for each in standings
    ]
    across, up = told.axes
    axes = [_("speak of “%(promise)s”") % {"promise": promise.called} for promise in (across, up)]
    texts = MapTexts(
        _("Brands by how many of their posts speak of “%(across)s” (across) and of “%(up)s” (up).")
        % {"across": across.called, "up": up.called},
        axes[0] + " →",
        "↑ " + axes[1],
    )
    return MapPage(
        mark_safe(positions(placed, texts)),  # noqa: S308 (built element by element)
        mark_safe(positions(placed, texts, width=340, height=300)),  # noqa: S308 (built element by element)
        [
            (names[each.brand].name, number(each.across.of), _said(each.across), _said(each.up))
            for each in standings
        ],
        across,
        up,
    )


def _ranged(part: Part) -> Ranged:
    share = part.share
    return Ranged(100 * float(share.value), 100 * float(share.low), 100 * float(share.high))


def _said(part: Part) -> str:
    share = part.share
    return _("%(share)s (%(ends)s)") % {
        "share": percent(float(share.value), 1),
        "ends": between(100 * float(share.low), 100 * float(share.high), 1),
    }


def _question(told: AskedSignals, group: AskedMost, example: Quote | None) -> QuestionRow:
    answer = group.answer
    found = ""
    if answer is not None:
        found = answer.title or answer.url
    only = next((word.shown for word in group.words if answer and word.id == answer.only), "")
    return QuestionRow(
        [(word.shown, word.language if word.language != "und" else "") for word in group.words],
        number(group.posts),
        _trend(group),
        example,
        found,
        _("only “%(word)s” stands there") % {"word": only} if only else "",
        answer.text_id if answer is not None else 0,
        told.filter.query(kinds=("question",), words=tuple(word.key for word in group.words)),
    )


def _trend(group: AskedMost) -> str:
    change = group.change
    if change is None or change.value != change.value:
        return _("unknown")
    low, high = float(change.low), float(change.high)
    told = {"times": number(float(change.value), 1), "ends": between(low, high, 1)}
    if low > 1 or high < 1:
        return _("%(times)s times as many (%(ends)s)") % told
    return _("no change we can see (%(ends)s times)") % told


def _asked(reading: QuestionsReading) -> str:
    if not reading.posts:
        return _("Nobody asked anything in these days.")
    every = reading.posts + reading.copies
    said = ngettext(
        "%(n)s question, %(different)s different", "%(n)s questions, %(different)s different", every
    ) % {
        "n": number(every),
        "different": number(reading.posts),
    }
    if reading.one_in > 1:
        said += "; " + _("grouped in one of %(n)s") % {"n": number(reading.one_in)}
    return said + "."
