"""Drawings of the listening room: the room's figures and words handed to the house's charts."""

from collections.abc import Callable, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from openroads.analysis.divergence import per_hundred
from openroads.analysis.gap import Score, Word
from openroads.analysis.gap_views import GapPoint, axis_words
from openroads.archive.queries.timeline import WeekRow
from openroads.charts import lines, scales
from openroads.charts import word_axis as axis
from openroads.listening.gap_reading import GapReading
from openroads.listening.whose import Whose
from openroads.ui.formats import between, day, number, signed


def word_axis(
    reading: GapReading,
    whose: Whose,
    href: Callable[[Word], str],
    chosen: str,
    *,
    shape: axis.AxisShape = axis.WIDE,
) -> SafeString:
    """The words of the gap on one axis."""
    customers = whose.customers[:1].upper() + whose.customers[1:]
    told = {"customers": customers, "brand": whose.brand or _("the brand")}
    texts = axis.AxisTexts(
        label=axis_sentence(whose),
        they_more=_("%(customers)s say it more") % told,
        we_more=_("%(brand)s says it more") % told,
        no_difference=_("no difference we can see"),
    )  # fmt: skip
    words = [
        axis.DrawnWord(
            word.key,
            word.shown,
            word.language if word.language != "und" else "",
            word.place,
            word.rate,
            "contested" if word.contested else word.side,
            href(word),
        )
        for word in axis_words(reading.gap, most=shape.most)
    ]
    return _drawn(
        axis.word_axis(words, texts, shape=shape, band=reading.gap.thresholds.z, selected=chosen)
    )


def axis_sentence(whose: Whose) -> str:
    """What the word axis shows, for who hears the page."""
    return _(
        "Words on one axis: left what %(customers)s say more, right what %(brand)s says more. "
        "The same words stand in the three lists below."
    ) % {"customers": whose.customers, "brand": whose.brand or _("the brand")}


def _drawn(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308 (built element by element in charts.markup, every text escaped)


def _scored(score: Score) -> scales.Scored:
    return scales.Scored(
        100 * score.value,
        100 * score.interval.low,
        100 * score.interval.high,
        100 * score.chance.low,
        100 * score.chance.high,
    )


def score_sentence(score: Score, before: Score | None) -> str:
    """The score against chance and against a year ago."""
    told = _("Gap %(value)s on a scale of 0 to 100; chance gives %(chance)s") % {
        "value": number(per_hundred(score.value)),
        "chance": between(per_hundred(score.chance.low), per_hundred(score.chance.high)),
    }
    return f"{told}; {_ago(before)}" if before else told


def _ago(before: Score) -> str:
    return _("%(value)s a year ago") % {"value": number(per_hundred(before.value))}


def gap_scale(score: Score, before: Score | None) -> SafeString:
    """The score on 0 to 100 with chance and a year ago."""
    texts = scales.ScaleTexts(
        score_sentence(score, before),
        number(per_hundred(score.value)),
        _("chance"),
        _ago(before) if before else "",
        _("0, same words"),
        _("100, no word shared"),
    )
    return _drawn(
        scales.gap_scale(_scored(score), texts, before=100 * before.value if before else None)
    )


def product_strip(score: Score) -> SafeString:
    """A product's gap beside its chance."""
    label = _("%(value)s, interval %(interval)s, chance %(chance)s") % {
        "value": number(per_hundred(score.value)),
        "interval": between(per_hundred(score.interval.low), per_hundred(score.interval.high)),
        "chance": between(per_hundred(score.chance.low), per_hundred(score.chance.high)),
    }
    return _drawn(scales.mini_strip(_scored(score), label=label))


def feelings(word: Word) -> SafeString:
    """Net sentiment of both sides about one word."""
    assert word.they_feel is not None and word.we_feel is not None
    label = _("they %(they)s, we %(we)s") % {
        "they": signed(word.they_feel.value),
        "we": signed(word.we_feel.value),
    }
    return _drawn(scales.pair_strip(word.they_feel.value, word.we_feel.value, label=label))


def trend(months: Sequence[GapPoint], what: str) -> SafeString:
    """The gap per month with its band; a month with too little is a break in the line."""
    moments = [
        lines.Moment(
            100 * point.score.value, 100 * point.score.interval.low, 100 * point.score.interval.high
        )
        if point.score
        else lines.Moment(None)
        for point in months
    ]
    return _drawn(lines.trend(moments, trend_sentence(months, what)))


def trend_sentence(months: Sequence[GapPoint], what: str) -> str:
    """Every month with its gap, for who hears the line."""
    told = "; ".join(
        f"{date_format(point.since, 'F')} "
        + (number(per_hundred(point.score.value)) if point.score else _("too few to say"))
        for point in months
    )
    return _("Gap per month, %(what)s: %(told)s") % {"what": what, "told": told}


def weeks(rows: Sequence[WeekRow], measure: str, *, width: float = 548) -> SafeString:
    """Posts a week; the last week stands at the line's end."""
    moments = [lines.Moment(float(row.posts)) for row in rows]
    most = max((row.posts for row in rows), default=0)
    texts = lines.TimelineTexts(
        label=_("%(measure)s: %(posts)s in the week of %(week)s") % {
            "measure": measure, "posts": number(rows[-1].posts), "week": day(rows[-1].week),
        },
        last=(number(rows[-1].posts), _("last week")),
        periods=tuple(_months([row.week for row in rows], 3 if width > 400 else 5)),
        values=tuple(number(value) for value in lines.nice_ticks(float(most))),
    )  # fmt: skip
    return _drawn(lines.timeline(moments, texts, width=width, height=208))


def _months(starts: Sequence[date], apart: int) -> list[tuple[float, str]]:
    """A name at the first week of each month, not where two would touch."""
    names: list[tuple[float, str]] = []
    for place, start in enumerate(starts):
        new = place == 0 or starts[place - 1].month != start.month
        if new and (not names or place - names[-1][0] >= apart):
            names.append((float(place), date_format(start, "F")))
    return names


def weeks_table(rows: Sequence[WeekRow]) -> SafeString:
    """The same figures as a table."""
    body = format_html_join(
        "", '<tr><th scope="row">{}</th><td class="n">{}</td></tr>',
        ((day(row.week), number(row.posts)) for row in rows),
    )  # fmt: skip
    return format_html(
        '<table class="table tight"><thead><tr><th scope="col">{}</th><th scope="col" class="n">{}</th>'
        "</tr></thead><tbody>{}</tbody></table>",
        _("Week of"), _("Posts"), body,
    )  # fmt: skip
