"""The word whose use rose most: the last 28 days against the 28 before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from openroads.analysis.gap import Totals, Word, assemble_gap
from openroads.analysis.pipeline import Name
from openroads.archive.queries.posts import Quote, posts_with_term
from openroads.archive.queries.timeline import WeekRow, weeks_of_term
from openroads.archive.scope import Scope
from openroads.directory.conversations import archive
from openroads.listening.filters import GapFilter
from openroads.listening.gap_reading import NEWEST, left_out_terms, telling, words_of
from openroads.listening.remembering import remembered

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
    since: date
    until: date
    weeks: Sequence[WeekRow]
    posts: Sequence[Quote]


def risen_most(chosen: GapFilter, names: Sequence[Name]) -> Risen | None:
    """The surest word of the last 28 days against the 28 days before; None when no word is sure.

    The same log-odds as the gap, with the past in the brand's place.
    """
    until = chosen.until + timedelta(days=1)
    middle = until - timedelta(days=DAYS)
    now = replace(chosen.scope, since=middle, until=until, products=(), languages=())
    found = remembered(f"risen:{chosen.brand}:{until}:{names}", lambda: _word_and_weeks(now, names))
    if found is None:
        return None
    word, weeks = found
    quotes = telling(posts_with_term(archive(), now, word.id, None, NEWEST), QUOTES)
    return Risen(
        word, word.they_docs, word.we_docs, word.they_people, middle, chosen.until, weeks, quotes
    )


def _word_and_weeks(now: Scope, names: Sequence[Name]) -> tuple[Word, Sequence[WeekRow]] | None:
    past = replace(now, since=now.since - timedelta(days=DAYS), until=now.since)
    counts, posts = words_of(archive(), now, past)
    totals = Totals(posts[0], posts[0], posts[0], 1, posts[1], posts[1])
    gap = assemble_gap(counts, totals, leave_out=left_out_terms(archive(), names))
    sure = [word for word in gap.words if word.z > 0 and word.sure and word.they_docs >= LEAST_NOW]
    if not sure:
        return None
    word = max(sure, key=lambda each: (each.z, each.key))
    weeks = weeks_of_term(archive(), replace(now, since=_weeks_ago(now.until)), word.id)
    return word, weeks


def _weeks_ago(until: date) -> date:
    return until - timedelta(days=until.weekday()) - timedelta(weeks=WEEKS)
