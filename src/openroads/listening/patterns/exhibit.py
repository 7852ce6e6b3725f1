"""One pattern as it is shown: headline, figures, line, people's words, and what is behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.analysis.patterns.hot import hot_stretches
from openroads.analysis.patterns.second_opinion import farrington
from openroads.archive.queries.gap import term_ids
from openroads.archive.queries.posts import Quote
from openroads.archive.queries.timeline import weeks_of_term
from openroads.archive.scope import Scope
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening.authors import people_words
from openroads.listening.drilling import NEWEST, telling
from openroads.listening.explore.queries import events_between
from openroads.listening.patterns import drawing, saying
from openroads.listening.patterns.drawing import LONG, Line
from openroads.listening.patterns.evidence import Behind, behind, events_around
from openroads.listening.patterns.looking import Heard
from openroads.listening.patterns.models import Pattern
from openroads.listening.patterns.series import Watched, address_of, series_of, sieve_of
from openroads.listening.remembering import remembered
from openroads.listening.sight.seeing import seen_by
from openroads.listening.standing import posts_chosen
from openroads.listening.topics.queries import filed_as
from openroads.ui.formats import between, day, number, percent, period
from openroads.ui.networks import network_word

DAY = timedelta(days=1)
QUOTES = 2
YEAR = timedelta(weeks=52)


@dataclass(frozen=True)
class Chart:
    """A drawing, wide and narrow, what it measures, and the same as a table."""

    measure: str
    drawing: SafeString | str
    narrow: SafeString | str
    table: SafeString | str
    marked: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class PatternRow:
    """A pattern in a list."""

    pattern: Pattern
    name: str
    posts: str
    expected: str
    since: str
    people: str
    url: str
    words: str


@dataclass(frozen=True)
class WordUse:
    """A word behind a pattern: its posts, and how many its use before led one to expect."""

    shown: str
    language: str
    posts: str
    expected: str
    address: str


@dataclass(frozen=True)
class Exhibit:
    """All that is shown of one pattern."""

    pattern: Pattern
    name: str
    finding: str
    standfirst: str
    sure: str
    chart: Chart | None
    posts: Sequence[Quote]
    words: Sequence[WordUse]
    networks: Sequence[tuple[str, str]]
    spread: Sequence[str]
    reasons: Sequence[str]
    cautions: Sequence[str]
    address: str
    """Its posts as an address of Explore, without the question mark."""
    explore: str
    read: str
    url: str


def row_of(pattern: Pattern) -> PatternRow:
    return PatternRow(
        pattern,
        saying.about_pattern(pattern),
        number(pattern.posts),
        between(pattern.low, pattern.high),
        saying.since_words(pattern),
        number(pattern.people) if pattern.people is not None else _("unknown"),
        reverse("patterns:pattern", args=(pattern.pk,)),
        ", ".join(row[1] for row in pattern.words[:4]),
    )


def exhibit_of(
    person: Person, pattern: Pattern, heard: Heard | None, *, finding: str = ""
) -> Exhibit:
    """A pattern with its line, two people's words as this person may see them, and everything that is
    known of it."""
    one = series_of(pattern)
    first, last = days_of(pattern)
    told = _behind(pattern, one)
    address = address_of(one, first, last)
    sieve = sieve_of(one, first, last)
    filed = filed_as([pattern.topic_id] if pattern.topic_id else [])
    return Exhibit(
        pattern=pattern,
        name=saying.about_pattern(pattern),
        finding=finding or saying.finding(pattern),
        standfirst=_standfirst(pattern, told),
        sure=_sure(pattern, one, heard),
        chart=_chart(pattern, one, heard),
        posts=seen_by(person, telling(posts_chosen(sieve, filed, limit=NEWEST), QUOTES)),
        words=[_word(row, one, first, last) for row in told.words if row[0] != one.word],
        networks=[(network_word(name), number(n)) for name, n in told.networks],
        spread=_spread(pattern, told),
        reasons=[saying.reason(why) for why in _why(pattern, one, first, last)],
        cautions=saying.cautions(pattern),
        address=address,
        explore=f"{reverse('listening:explore')}?{address}",
        read=f"{reverse('listening:explore_posts')}?{address}",
        url=reverse("patterns:pattern", args=(pattern.pk,)),
    )


def days_of(pattern: Pattern) -> tuple[date, date]:
    """The UTC days it touches: the first, and the first after."""
    return pattern.since.date(), saying.last_day(pattern) + DAY


def _behind(pattern: Pattern, one: Watched) -> Behind:
    """What is behind it: kept with the pattern, but for a word, of which there are many."""
    if pattern.what == "word":
        question = f"behind:{pattern.pk}:{pattern.changed_at}"
        return remembered(question, lambda: behind(archive(), one, pattern.since, pattern.until))
    return Behind(
        pattern.people or 0, pattern.nameless, pattern.by_one, pattern.reposts, pattern.copies,
        [(str(name), int(n)) for name, n in pattern.networks],
        [(str(key), str(shown), str(lang), int(n), float(mean)) for key, shown, lang, n, mean in pattern.words],
        pattern.why,
    )  # fmt: skip


def _why(pattern: Pattern, one: Watched, first: date, last: date) -> list[dict[str, str]]:
    """What may explain it, with events as they are marked now: many are marked only when a burst is
    seen, and what is behind it is read again only while it grows."""
    kept = [why for why in pattern.why if why.get("kind") != "event"]
    return [*events_around(one.brand, first, last), *kept]


def _standfirst(pattern: Pattern, told: Behind) -> str:
    facts = {
        "posts": saying.posts_words(pattern.posts),
        "since": saying.since_words(pattern),
        "people": people_words(told.people, told.nameless),
        "mean": number(pattern.mean),
        "range": between(pattern.low, pattern.high),
        "times": _times(pattern.posts / pattern.mean) if pattern.mean >= 1 else "",
    }
    if pattern.side == Pattern.Side.QUIETER:
        return _("%(posts)s %(since)s; %(mean)s were to be expected (%(range)s).") % facts
    if pattern.mean < 1 or pattern.posts < 1.05 * pattern.mean:
        return _("%(posts)s %(since)s by %(people)s; next to none were to be expected (%(range)s).") % facts  # fmt: skip
    return _("%(posts)s %(since)s by %(people)s, %(times)s times the %(mean)s that were to be expected (%(range)s).") % facts  # fmt: skip


def _times(ratio: float) -> str:
    """ "3.2" or plainly "4": no decimal where it is nought, none from ten on."""
    rounded = round(ratio, 1)
    return number(rounded, 0 if rounded >= 10 or rounded == int(rounded) else 1)


def _sure(pattern: Pattern, one: Watched, heard: Heard | None) -> str:
    """How odd it is, by the method that found it and by another."""
    said = _(
        "With nothing the matter, a moment as odd as its oddest has a chance of %(chance)s."
    ) % {"chance": saying.chance_words(pattern)}
    if pattern.side == Pattern.Side.QUIETER or pattern.grain != Pattern.Grain.DAY or heard is None:
        return said
    row = heard.counts.row(one.key)
    place = (pattern.since.date() - heard.first).days
    if row is None or place < 56:
        return said
    counts = heard.counts.posts[row]
    length = max(min((pattern.until - pattern.since).days, 7), 1)
    now = float(np.nansum(counts[place : place + length]))
    begins = range(place % length, place - length + 1, length)
    past = np.array([np.nansum(counts[at : at + length]) for at in begins])[-26:]
    opinion = farrington(past, last_four=float(past[-4:].sum() + now))
    if opinion.limit is None:
        return said
    facts = {
        "said": said,
        "limit": number(opinion.limit),
        "now": number(now),
        "days": number(length),
    }
    if now > opinion.limit:
        return _("%(said)s A second method agrees: its limit for the first %(days)s days is %(limit)s posts, and there were %(now)s.") % facts  # fmt: skip
    return _("%(said)s A second method does not call it out: its limit for the first %(days)s days is %(limit)s posts, and there were %(now)s.") % facts  # fmt: skip


def _chart(pattern: Pattern, one: Watched, heard: Heard | None) -> Chart | None:
    if heard is None:
        return None
    line = _line_of_word(one, heard) if one.what == "word" else None
    if one.what != "word":
        line = drawing.line_of(heard, one.key, by_week=pattern.until - pattern.since >= LONG)
    if line is None or not line.steps:
        return None
    marks = [
        (event.on, event.marked) for event in events_between(line.since, line.until, one.brand)
    ]
    marks += [mark for why in pattern.why if (mark := saying.mark_of(why)) is not None]
    label = _("%(name)s. %(measure)s: %(posts)s at the end, expected %(range)s") % {
        "name": saying.about_pattern(pattern), "measure": drawing.measure_of(line),
        "posts": number(line.steps[-1].posts), "range": between(line.steps[-1].low, line.steps[-1].high),
    }  # fmt: skip
    return Chart(
        _("Posts in each seven days") if one.what == "word" else drawing.measure_of(line),
        drawing.drawn(line, label, marks),
        drawing.drawn(line, label, (), width=340, height=190),
        drawing.as_table(line),
        [(day(on), what) for on, what in marks],
    )


def _line_of_word(one: Watched, heard: Heard) -> Line | None:
    """The weeks of a word, from the sums; without a band, because a word has no rhythm of its own."""
    ids = term_ids(archive(), [one.word])
    if one.word not in ids:
        return None
    until = heard.upto - timedelta(days=heard.partial)
    monday = until - timedelta(days=until.weekday())
    since = monday - timedelta(weeks=drawing.WEEKS)
    rows = {
        row.week: row.posts for row in weeks_of_term(archive(), Scope(since, monday), ids[one.word])
    }
    weeks = [since + timedelta(weeks=n) for n in range(drawing.WEEKS)]
    return Line(
        tuple(drawing.Step(week, float(rows.get(week, 0)), None, None) for week in weeks), 7
    )


def _word(row: tuple[str, str, str, int, float], one: Watched, first: date, last: date) -> WordUse:
    key, shown, language, posts, mean = row
    address = address_of(one, first, last)
    return WordUse(
        shown, language if language != "und" else "", number(posts),
        number(mean) if mean >= 1 else _("below 1"),
        f"{reverse('listening:explore_posts')}?{address}&word={key}",
    )  # fmt: skip


def _spread(pattern: Pattern, told: Behind) -> list[str]:
    """Who said it and how far it was carried, in sentences."""
    if pattern.side == Pattern.Side.QUIETER or not pattern.posts:
        return []
    said = [
        _("%(people)s wrote the %(posts)s; whoever wrote most wrote %(most)s (%(share)s).") % {
            "people": people_words(told.people, told.nameless).capitalize(),
            "posts": saying.posts_words(pattern.posts), "most": number(told.by_one),
            "share": percent(told.by_one / pattern.posts),
        }
    ]  # fmt: skip
    copies = ngettext("%(n)s copy in nearly the same words", "%(n)s copies in nearly the same words", told.copies) % {"n": number(told.copies)}  # fmt: skip
    reposts = ngettext("%(n)s repost", "%(n)s reposts", told.reposts) % {"n": number(told.reposts)}
    said.append(_("Beside these: %(copies)s and %(reposts)s, which are not counted.") % {"copies": copies, "reposts": reposts})  # fmt: skip
    return said


def hot_before(pattern: Pattern, heard: Heard | None) -> list[str]:
    """When it was hot before, in retrospect: Kleinberg's bursts over the weeks, as a share of everything
    said, so that a loud week for all is none for one."""
    if heard is None:
        return []
    one = series_of(pattern)
    line = _line_of_word(one, heard) if one.what == "word" else drawing.line_of(heard, one.key, by_week=True)  # fmt: skip
    row = heard.counts.row("all")
    if line is None or row is None or one.what == "all":
        return []
    everything = np.nan_to_num(heard.counts.posts[row])
    d = np.array([everything[(step.on - heard.first).days :][:7].sum() for step in line.steps])
    r = np.minimum([step.posts or 0.0 for step in line.steps], d)
    if r.sum() < 20:
        return []
    return [
        period(line.steps[hot.first].on, line.steps[hot.last].on + timedelta(days=7))
        for hot in hot_stretches(r, d)
    ]
