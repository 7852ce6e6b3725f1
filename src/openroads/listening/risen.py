"""The word whose use rose most: the last 28 days against the 28 before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from openroads.analysis.gap import Word
from openroads.analysis.pipeline import Name
from openroads.archive.queries.posts import Quote
from openroads.archive.queries.timeline import WeekRow, weeks_of_term
from openroads.archive.scope import Scope
from openroads.directory.conversations import archive
from openroads.listening.drilling import NEWEST, Uses, telling, uses_of
from openroads.listening.filters import GapFilter
from openroads.listening.gap_reading import Changed, changed_words
from openroads.listening.remembering import remembered
from openroads.listening.standing import posts_in_scope

DAYS = 28
WEEKS = 26
LEAST_NOW = 20
QUOTES = 2


@dataclass(frozen=True)
class Risen:
    """A word, how often it was and is used, its weeks, and people who use it."""

    word: Word
    now: int
    before: int
    people: int
    nameless: int
    since: date
    until: date
    weeks: Sequence[WeekRow]
    posts: Sequence[Quote]


@dataclass(frozen=True)
class Unmoved:
    """No word rose for sure: the posts of both periods, and whether they were too few to say."""

    now: int
    before: int
    short: bool
    since: date
    until: date


def risen_most(chosen: GapFilter, names: Sequence[Name]) -> Risen | Unmoved:
    """The surest word of the last 28 days against the 28 days before; else how much was compared.

    The same log-odds as the gap, with the past in the brand's place.
    """
    until = chosen.until + timedelta(days=1)
    middle = until - timedelta(days=DAYS)
    now = replace(chosen.scope, since=middle, until=until, products=(), languages=())
    found = remembered(f"risen:{chosen.brand}:{until}:{names}", lambda: _word_and_weeks(now, names))
    if isinstance(found, Changed):
        return Unmoved(found.now, found.before, found.short, middle, chosen.until)
    word, weeks, uses = found
    quotes = telling(posts_in_scope(now, term=word.id, limit=NEWEST, counted=True), QUOTES)
    return Risen(
        word, word.they_docs, word.we_docs, uses.people, uses.nameless,
        middle, chosen.until, weeks, quotes,
    )  # fmt: skip


def _word_and_weeks(
    now: Scope, names: Sequence[Name]
) -> tuple[Word, Sequence[WeekRow], Uses] | Changed:
    past = replace(now, since=now.since - timedelta(days=DAYS), until=now.since)
    changed = changed_words(archive(), now, past, names)
    sure = [
        word for word in changed.words if word.z > 0 and word.sure and word.they_docs >= LEAST_NOW
    ]
    if not sure:
        return changed
    word = max(sure, key=lambda each: (each.z, each.key))
    weeks = weeks_of_term(archive(), replace(now, since=_weeks_ago(now.until)), word.id)
    return word, weeks, uses_of(archive(), now, word.id)


def _weeks_ago(until: date) -> date:
    return until - timedelta(days=until.weekday()) - timedelta(weeks=WEEKS)
