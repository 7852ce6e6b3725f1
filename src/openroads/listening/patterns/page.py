"""The page of patterns and that of one pattern as a reader reads them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.directory.models import Person
from openroads.listening.patterns import queries, saying
from openroads.listening.patterns.exhibit import Exhibit, PatternRow, exhibit_of, hot_before, row_of
from openroads.listening.patterns.looking import heard_now
from openroads.listening.patterns.models import Alert, Look, Pattern, PatternReading
from openroads.ui.formats import listed, moment, number
from openroads.ui.networks import network_word


@dataclass(frozen=True)
class WordRow:
    """A new word in the list."""

    pattern: Pattern
    posts: str
    expected: str
    people: str
    is_new: bool
    url: str


@dataclass(frozen=True)
class PatternsPage:
    """All that the list shows."""

    finding: str
    standfirst: str
    first: Exhibit | None
    others: Sequence[PatternRow]
    words: Sequence[WordRow]
    ended: Sequence[PatternRow]
    looked: str
    notes: Sequence[str]


@dataclass(frozen=True)
class Told:
    """An alert that was sent."""

    stage: str
    whom: str
    posts: str
    when: str
    people: str


@dataclass(frozen=True)
class PatternPage:
    """All that the page of one pattern shows."""

    exhibit: Exhibit
    hot: Sequence[str]
    readings: Sequence[PatternReading]
    mine: PatternReading | None
    told: Sequence[Told]
    alert_me: str
    counted: str


def patterns_page(person: Person) -> PatternsPage:
    """What is louder than expected now, the surest first; this week's new words; what is over."""
    rows = queries.open_patterns(person)
    look = queries.last_look()
    first = exhibit_of(person, rows[0], heard_now()) if rows else None
    finding, standfirst = _nothing(look)
    if first is not None:
        finding, standfirst = first.finding, first.standfirst
    return PatternsPage(
        finding=finding,
        standfirst=standfirst,
        first=first,
        others=[row_of(row) for row in rows[1:]],
        words=[_word(row) for row in queries.open_patterns(person, words=True)],
        ended=[row_of(row) for row in queries.ended_patterns(person)],
        looked=_looked(look),
        notes=_notes(look),
    )


def pattern_page(person: Person, pattern: Pattern) -> PatternPage:
    """One pattern with everything that is known of it."""
    heard = heard_now()
    return PatternPage(
        exhibit=exhibit_of(person, pattern, heard),
        hot=hot_before(pattern, heard),
        readings=queries.readings_of(pattern),
        mine=queries.reading_of(person, pattern),
        told=[_told(alert) for alert in queries.alerts_of(pattern)],
        alert_me=f"{reverse('patterns:add_rule')}?series={pattern.series}",
        counted=_("Counted %(when)s %(grain)s, in UTC days; reposts and copies are left out. Found %(found)s.") % {
            "when": moment(pattern.changed_at), "grain": pattern.get_grain_display(),
            "found": moment(pattern.found_at),
        },
    )  # fmt: skip


def _nothing(look: Look | None) -> tuple[str, str]:
    if look is None:
        return (
            _("Nobody has looked yet"),
            _("Every hour each topic, brand, product and network is held against what its last eight weeks lead one to expect. The first look comes with the first posts."),
        )  # fmt: skip
    return (
        _("Nothing is louder than expected"),
        ngettext(
            "%(n)s series was held against what its last eight weeks lead one to expect.",
            "%(n)s series were held against what their last eight weeks lead one to expect.",
            look.series,
        ) % {"n": number(look.series)},
    )  # fmt: skip


def _looked(look: Look | None) -> str:
    if look is None:
        return ""
    said = ngettext(
        "Looked at %(n)s series %(when)s", "Looked at %(n)s series %(when)s", look.series
    )
    return said % {"n": number(look.series), "when": moment(look.at)}


def _notes(look: Look | None) -> list[str]:
    """What could not be counted."""
    if look is None:
        return []
    said = []
    if look.left_out:
        said.append(
            _("Too young to compare, so left out: %(names)s. More heard is not more said.")
            % {"names": listed(look.left_out)}
        )
    for network, _on in look.deaf:
        name = network_word(network) if network else _("every network")
        said.append(_("Nothing came from %(name)s for a day or more: taken as a deaf ear, not as silence.") % {"name": name})  # fmt: skip
    return said


def _word(pattern: Pattern) -> WordRow:
    return WordRow(
        pattern,
        number(pattern.posts),
        number(pattern.mean) if pattern.mean >= 1 else _("below 1"),
        number(pattern.people) if pattern.people is not None else _("unknown"),
        pattern.mean < 1,
        reverse("patterns:pattern", args=(pattern.pk,)),
    )


def _told(alert: Alert) -> Told:
    whom = alert.rule.team or alert.rule.person
    return Told(
        alert.get_stage_display(),
        str(whom),
        saying.posts_words(alert.posts),
        moment(alert.at),
        ngettext("%(n)s person", "%(n)s people", alert.people) % {"n": number(alert.people)},
    )
