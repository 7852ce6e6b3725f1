"""The explore page as a reader reads it: the finding, the line over time, and figures in words.

Everything here is text and drawings made from an `ExploreReading`; nothing is counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from openroads.analysis.intervals import net_sentiment, wilson
from openroads.archive.queries.explore import AuthorRow, Figures
from openroads.charts import lines
from openroads.listening.authors import both_counts
from openroads.listening.explore.asking import Asked
from openroads.listening.explore.filter import ExploreFilter
from openroads.listening.explore.models import Event
from openroads.listening.explore.reading import DayFigure, ExploreReading, KeyWord
from openroads.listening.gap_queries import language_name
from openroads.ui.formats import between, day, listed, number, percent, signed
from openroads.ui.networks import network_word

FEW = 30
"""Rated posts under which no net sentiment is shown."""
SHOWN_WORDS = 12


@dataclass(frozen=True)
class Share:
    """One part of a whole in words: name, posts, share with interval, and where it leads."""

    name: str
    posts: str
    share: str
    interval: str
    query: str
    chosen: bool
    part: float
    """The share as a number, 0..1, for the bar beside it."""


@dataclass(frozen=True)
class Row:
    """A row of a table: name, posts, net sentiment with interval (or why not)."""

    name: str
    posts: str
    tone: str
    interval: str
    query: str = ""
    extra: str = ""


@dataclass(frozen=True)
class WordRow:
    """A word said more than in the rest."""

    shown: str
    language: str
    posts: str
    rest: str
    tone: str
    query: str


@dataclass(frozen=True)
class ExplorePage:
    """All that the template shows."""

    finding: str
    counted: str
    none: str
    measure: str
    line: SafeString | str
    line_narrow: SafeString | str
    days: Sequence[tuple[str, str, str]]
    outstanding: str
    tone: str
    tone_interval: str
    tone_counted: str
    tones: Sequence[Share]
    kinds: Sequence[Share]
    words: Sequence[WordRow]
    more_words: Sequence[WordRow]
    words_against: str
    sources: Sequence[Row]
    languages: Sequence[Row]
    authors: Sequence[Row]


def explore_page(
    reading: ExploreReading, asked: Asked, events: Sequence[Event] = ()
) -> ExplorePage:
    """The reading in the reader's language."""
    chosen = asked.filter
    measure = _("Posts a day")
    if any(each.high is not None for each in reading.days):
        measure = _("Posts a day; grey: what the eight weeks before lead one to expect")
    net = _net(reading.positive, reading.negative, reading.rated)
    words = [_word(word, chosen) for word in reading.words]
    return ExplorePage(
        finding=_finding(reading, asked),
        counted=_counted(reading),
        none="" if reading.posts else _("No post fits this sentence."),
        measure=measure,
        line=_line(reading, measure, events, 744, 216) if reading.posts else "",
        line_narrow=_line(reading, measure, (), 340, 180) if reading.posts else "",
        days=[_day_row(each) for each in reversed(reading.days)],
        outstanding=_outstanding(reading),
        tone=net[0],
        tone_interval=net[1],
        tone_counted=_rated(reading),
        tones=_tones(reading, chosen),
        kinds=_kinds(reading, chosen),
        words=words[:SHOWN_WORDS],
        more_words=words[SHOWN_WORDS:],
        words_against=_against(reading, chosen),
        sources=[
            _row(
                _source_name(asked.source_names.get(row.source, ""), row.network),
                row,
                chosen.query(sources=(row.source,)) if row.source in asked.source_names else "",
            )
            for row in reading.sources
        ],
        languages=[
            _row(
                pgettext("a language", "not told")
                if row.language == "und"
                else language_name(row.language),
                row,
                chosen.query(languages=(row.language,)) if row.language != "und" else "",
            )
            for row in reading.languages
        ],
        authors=[
            Row(
                f"{row.author_name or row.author}, {network_word(row.network)}",
                number(row.posts),
                _tones_of(row),
                "",
                extra=number(row.reactions) if row.told else _("unknown"),
            )
            for row in reading.people.most
        ],
    )


def _source_name(name: str, network: str) -> str:
    """A source and its network, said once when they are the same."""
    told = network_word(network)
    name = name or _("a source that is gone")
    return name if told.lower() in name.lower() else f"{name}, {told}"


def _finding(reading: ExploreReading, asked: Asked) -> str:
    n = reading.posts
    if not n:
        return _("No post fits this sentence")
    told = {"n": number(n), "about": asked.whose.brand or _("everything we heard")}
    if asked.filter.narrowed:
        said = ngettext("%(n)s post fits this sentence", "%(n)s posts fit this sentence", n) % told
    else:
        said = ngettext("%(n)s post about %(about)s", "%(n)s posts about %(about)s", n) % told
    if all(each.high is None for each in reading.days):
        return said
    out = len(reading.standing_out)
    if not out:
        return _("%(said)s; no day stands out") % {"said": said}
    more = ngettext(
        "%(said)s; more than expected on %(out)s day",
        "%(said)s; more than expected on %(out)s days",
        out,
    )
    return more % {"said": said, "out": number(out)}


def _counted(reading: ExploreReading) -> str:
    people = ngettext("%(n)s person", "%(n)s people", reading.people.people) % {
        "n": number(reading.people.people)
    }
    if reading.people.nameless:
        nameless = reading.people.nameless
        people += " " + ngettext(
            "and %(n)s post without a name", "and %(n)s posts without a name", nameless
        ) % {"n": number(nameless)}
    said = _("By %(people)s. Reposts and copies are left out; days are UTC days; intervals are 95%%.") % {
        "people": people
    }  # fmt: skip
    return f"{both_counts(reading.posts, reading.copies)} {said}" if reading.copies else said


def _line(
    reading: ExploreReading, measure: str, events: Sequence[Event], width: float, height: float
) -> SafeString:
    days = reading.days
    moments = [lines.Moment(float(each.posts), each.low, each.high) for each in days]
    most = max((max(each.posts, each.high or 0) for each in days), default=0)
    last = days[-1]
    first = days[0].on
    texts = lines.TimelineTexts(
        label=_("%(measure)s: %(posts)s on %(day)s. %(out)s") % {
            "measure": measure, "posts": number(last.posts), "day": day(last.on),
            "out": _outstanding(reading),
        },
        last=(number(last.posts), _("last day")),
        periods=tuple(_names([each.on for each in days], width)),
        values=tuple(number(value) for value in lines.nice_ticks(float(most))),
    )  # fmt: skip
    marks = [lines.Mark(float((event.on - first).days), event.marked) for event in events]
    drawn = lines.timeline(moments, texts, marks=marks, width=width, height=height)
    return mark_safe(drawn)  # noqa: S308 (built element by element, every text escaped)


def _names(days: Sequence[date], width: float) -> list[tuple[float, str]]:
    """A name at the first day of each month (or of each week, when there are few), none touching."""
    apart = len(days) * 64 / width
    names: list[tuple[float, str]] = []
    by_week = len(days) <= 45
    for place, on in enumerate(days):
        begins = on.weekday() == 0 if by_week else on.day == 1
        if begins and (not names or place - names[-1][0] >= apart):
            names.append((float(place), date_format(on, "j M" if by_week else "F")))
    return names


def _outstanding(reading: ExploreReading) -> str:
    """The days above what was expected, in words."""
    out = reading.standing_out[:3]
    if not out:
        return _("No day above what was expected.")
    told = [
        _("%(day)s (%(posts)s, expected %(range)s)") % {
            "day": day(each.on), "posts": number(each.posts),
            "range": between(each.low, each.high),
        }
        for each in sorted(out, key=lambda each: each.on)
    ]  # fmt: skip
    return _("Furthest above what was expected: %(days)s.") % {"days": listed(told)}


def _day_row(each: DayFigure) -> tuple[str, str, str]:
    expected = between(each.low, each.high) if each.high is not None else _("unknown")
    return day(each.on), number(each.posts), expected


def _net(positive: int, negative: int, rated: int) -> tuple[str, str]:
    """Net sentiment and its interval in words, or that there are too few."""
    if rated < FEW:
        return _("too few to say"), ""
    net = net_sentiment(positive, negative, rated)
    return signed(float(net.value)), between(float(net.low), float(net.high), sign=True)


def _rated(reading: ExploreReading) -> str:
    told = {"n": number(reading.rated), "unknown": number(reading.unknown)}
    if not reading.unknown:
        return _("100 × (positive − negative) ÷ %(n)s posts") % told
    return _("100 × (positive − negative) ÷ %(n)s posts; of %(unknown)s the tone is unknown") % told


def _shares(
    values: Sequence[tuple[str, str, int]], of: int, chosen: ExploreFilter, field: str
) -> list[Share]:
    now = getattr(chosen, field)
    rows = []
    for key, name, count in values:
        estimate = wilson(count, of)
        rows.append(
            Share(
                name,
                number(count),
                percent(float(estimate.value)) if of else _("unknown"),
                between(100 * float(estimate.low), 100 * float(estimate.high)) if of else "",
                chosen.query(**{field: () if now == (key,) else (key,)}),
                key in now,
                float(estimate.value) if of else 0.0,
            )
        )
    return rows


def _tones(reading: ExploreReading, chosen: ExploreFilter) -> list[Share]:
    neutral = reading.rated - reading.positive - reading.negative
    values = [
        ("negative", _("negative"), reading.negative),
        ("neutral", _("neutral"), neutral),
        ("positive", _("positive"), reading.positive),
    ]
    return _shares(values, reading.rated, chosen, "tones")


def _kinds(reading: ExploreReading, chosen: ExploreFilter) -> list[Share]:
    other = reading.posts - reading.questions - reading.complaints - reading.praise
    values = [
        ("question", _("questions"), reading.questions),
        ("complaint", _("complaints"), reading.complaints),
        ("praise", _("praise"), reading.praise),
        ("other", _("other posts"), other),
    ]
    return _shares(values, reading.posts, chosen, "kinds")


def _word(word: KeyWord, chosen: ExploreFilter) -> WordRow:
    return WordRow(
        word.shown,
        word.language if word.language != "und" else "",
        number(word.posts),
        number(word.rest),
        _net(word.positive, word.negative, word.posts)[0],
        chosen.query(words=(*chosen.words, word.key)),
    )


def _against(reading: ExploreReading, chosen: ExploreFilter) -> str:
    said = (
        _("against all other posts of the same days")
        if chosen.narrowed
        else _("against as many days before")
    )
    if reading.one_in > 1:
        said += _("; counted in one of %(n)s posts") % {"n": number(reading.one_in)}
    return said


def _tones_of(row: AuthorRow) -> str:
    """How many of somebody's posts are negative and positive: too few for more."""
    return _("%(negative)s − / %(positive)s +") % {
        "negative": number(row.negative),
        "positive": number(row.positive),
    }


def _row(name: str, figures: Figures, query: str) -> Row:
    net = _net(figures.positive, figures.negative, figures.posts - figures.unknown)
    return Row(name, number(figures.posts), *net, query)
