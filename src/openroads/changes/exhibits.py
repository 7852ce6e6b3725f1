"""Drawings of changes: the question before and after, and the clocks, handed to the house's charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from openroads.analysis.survival import Durations
from openroads.changes.clocks import TARGET, Clock, thread_of
from openroads.changes.models import Change, Measurement
from openroads.charts import before_after as chart
from openroads.charts import clock_bars
from openroads.charts.lines import nice_ticks
from openroads.ui.formats import between, number


@dataclass(frozen=True)
class Week:
    """A week of the table: its first day, posts, posts of the set, and the rate."""

    on: date
    posts: int
    of: int
    others: int

    @property
    def rate(self) -> float | None:
        return 1000 * self.posts / self.of if self.of else None


@dataclass(frozen=True)
class Exhibit:
    """The drawing with its sentence, its measure, and the same as a table."""

    title: str
    measure: str
    drawing: SafeString
    weeks: Sequence[Week]


@dataclass(frozen=True)
class ClockRow:
    """One step: this change's days, half of all, and the bar."""

    name: str
    this: str
    half: str
    bar: SafeString


@dataclass(frozen=True)
class Clocks:
    """The clocks beside a change."""

    rows: Sequence[ClockRow]
    whole: str
    bar: SafeString
    told: str


def weeks_of(made: Measurement) -> list[Week]:
    """The weeks as they were counted."""
    return [Week(date.fromisoformat(on), posts, of, others) for on, posts, of, others in made.weeks]


def exhibit(change: Change, made: Measurement) -> Exhibit | None:
    """The line of the question with both levels; None where less than two weeks are known."""
    weeks = weeks_of(made)
    if len(weeks) < 2:
        return None
    first = weeks[0].on
    stretches = _stretches(made, first)
    rates = [week.rate for week in weeks]
    ticks = nice_ticks(chart.most_of(rates, stretches))
    title = _title(made)
    svg = chart.before_after(
        rates, stretches, _days(change, first, len(weeks)),
        chart.Texts(title, tuple(_months(weeks)), tuple(_tick(value) for value in ticks)),
    )  # fmt: skip
    return Exhibit(title, _measure(change, made), _drawn(svg), weeks)


def clocks_of(change: Change, every: dict[Clock, Durations], today: date) -> Clocks:
    """This change against half of all, step by step."""
    thread = thread_of(change)
    names = clock_names()
    steps = (Clock.INSIGHT, Clock.DECISION, Clock.LIVE, Clock.TOLD)
    spans = {clock: thread.span(clock, today) for clock in Clock}
    figures = [every[clock].median.value for clock in steps]
    figures += [span[0] for clock in steps if (span := spans[clock])]
    most = max((value for value in figures if value is not None), default=1.0) * 1.1
    # "93 so far" takes the room that a bar leaves it.
    wide = 110.0 if any(span and not span[1] for span in spans.values()) else clock_bars.WIDE
    rows = []
    for clock in steps:
        span, half = spans[clock], every[clock].median.value
        bar = clock_bars.step_bar(float(span[0]) if span else None, half, most, wide=wide)
        rows.append(ClockRow(names[clock], span_words(span), half_words(half), _drawn(bar)))
    return Clocks(rows, span_words(spans[Clock.WHOLE]), *_whole(spans[Clock.WHOLE], every[Clock.WHOLE]))  # fmt: skip


def clock_names() -> dict[Clock, str]:
    """What each stretch is called."""
    return {
        Clock.INSIGHT: _("First post to insight"), Clock.DECISION: _("Insight to decision"),
        Clock.LIVE: _("Decision to live"), Clock.TOLD: _("Live to told"),
        Clock.WHOLE: _("First post to live"),
    }  # fmt: skip


def span_words(span: tuple[int, bool] | None) -> str:
    """Days; with a sign that they still run."""
    if span is None:
        return ""
    days, done = span
    return number(days) if done else _("%(n)s so far") % {"n": number(days)}


def half_words(value: float | None) -> str:
    """Half of all; not known while less than half is done."""
    return number(value) if value is not None else _("not yet")


def _whole(span: tuple[int, bool] | None, every: Durations) -> tuple[SafeString, str]:
    half, low, high = every.median.value, every.median.low, every.median.high
    label = _("First post to live: %(this)s days; target %(target)s; half of all %(half)s") % {
        "this": span_words(span) or _("unknown"), "target": TARGET, "half": half_words(half),
    }  # fmt: skip
    texts = clock_bars.WholeTexts(
        label, _("half of all: %(n)s") % {"n": half_words(half)}, _("target %(n)s") % {"n": TARGET}
    )
    bar = clock_bars.whole_bar(float(span[0]) if span else None, half, low, high, TARGET, texts)
    told = _("%(n)s changes, of which %(open)s still open and counted as such (Kaplan–Meier)") % {
        "n": number(every.n), "open": number(every.open),
    }  # fmt: skip
    return _drawn(bar), f"{told}; {band_words(low, high)}."


def band_words(low: float | None, high: float | None) -> str:
    """The interval of half of all."""
    if low is None:
        return _("no band yet")
    if high is None:
        return _("band from %(low)s on, its end not known yet") % {"low": number(low)}
    return _("band %(interval)s") % {"interval": between(low, high)}


def _title(made: Measurement) -> str:
    if made.verdict == Measurement.Verdict.FELL and made.ratio is not None:
        if made.ratio < 0.5:
            return _("After the change, fewer than half as many posts are about it")
        return _("After the change, fewer posts are about it")
    if made.verdict == Measurement.Verdict.STAYED:
        return _("No fall we can see")
    if made.verdict == Measurement.Verdict.EARLY:
        return _("Too early to say whether it fell")
    return _("No change we can see")


def _measure(change: Change, made: Measurement) -> str:
    told = {
        "name": made.evidence.name, "n": number((made.until - made.live_on).days),
        "posts": number(made.set_posts),
    }  # fmt: skip
    if made.set_posts is None:
        return (
            _("Posts of %(name)s per 1,000 posts of the same brand and products, by week.") % told
        )
    return _("Posts of %(name)s per 1,000 posts of the same brand and products, by week; %(n)s days before and after, %(posts)s posts.") % told  # fmt: skip


def _stretches(made: Measurement, first: date) -> list[chart.Stretch]:
    if made.before_rate is None or made.after_rate is None:
        return []

    def place(on: date) -> float:
        return (on - first).days / 7

    def words(name: str, rate: float, low: float, high: float, posts: int) -> tuple[str, str]:
        n = _("%(interval)s, %(n)s posts") % {"interval": between(low, high, _digits(rate)), "n": number(posts)}  # fmt: skip
        return name % {"rate": number(rate, _digits(rate))}, n

    before = words(_("%(rate)s before"), made.before_rate, made.before_low or 0, made.before_high or 0, made.before_posts or 0)  # fmt: skip
    after = words(_("%(rate)s after"), made.after_rate, made.after_low or 0, made.after_high or 0, made.after_posts or 0)  # fmt: skip
    live = place(made.live_on)
    return [
        chart.Stretch(max(place(made.since), 0.0), live, made.before_rate, made.before_low or 0, made.before_high or 0, before),
        chart.Stretch(live, min(place(made.until), len(made.weeks)), made.after_rate, made.after_low or 0, made.after_high or 0, after),
    ]  # fmt: skip


def _digits(rate: float) -> int:
    return 0 if rate >= 10 else 1


def _tick(value: float) -> str:
    return number(value, 0 if value == int(value) else 1)


def _days(change: Change, first: date, weeks: int) -> list[chart.Day]:
    """The thread's days that lie on the line."""
    marks = (
        (change.insight.opened_on, _("insight")), (change.decided_on, _("decision")),
        (change.live_on, _("live")), (change.told_on, _("told back")),
    )  # fmt: skip
    last = first + timedelta(weeks=weeks)
    return [
        chart.Day((on - first).days / 7, word)
        for on, word in marks
        if on is not None and first <= on <= last
    ]


def _months(weeks: Sequence[Week]) -> list[tuple[float, str]]:
    """A short name where each month begins, none touching."""
    first, found = weeks[0].on, list[tuple[float, str]]()
    last = weeks[-1].on + timedelta(days=7)
    month = first.replace(day=1)
    while month < last:
        place = max((month - first).days / 7, 0.0)
        if not found or place - found[-1][0] >= 2.2:
            found.append((place, date_format(month, "M")))
        month = (month + timedelta(days=32)).replace(day=1)
    return found


def _drawn(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308 (built element by element in charts.markup, every text escaped)


def csv_rows(made: Measurement) -> list[list[object]]:
    """The same weeks for a file."""
    head: list[object] = ["week_from", "posts", "posts_of_the_set", "other_complaints", "per_1000"]
    body = [
        [week.on.isoformat(), week.posts, week.of, week.others, "" if week.rate is None else f"{week.rate:.2f}"]
        for week in weeks_of(made)
    ]  # fmt: skip
    return [head, *body]
