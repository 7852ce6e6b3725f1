"""New words: what people say this week that they did not, or hardly, in the eight weeks before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.db import transaction

from openroads.analysis.expected import interval
from openroads.analysis.patterns.words import risen_words
from openroads.analysis.term_docs import TermDocs
from openroads.archive.client import Archive
from openroads.archive.queries import gap as asking
from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.explore import counted
from openroads.archive.queries.patterns import sources_began
from openroads.archive.scope import Scope, midnight
from openroads.directory import trail
from openroads.directory.conversations import archive
from openroads.directory.people import system_person
from openroads.listening import queries
from openroads.listening.gap_counting import left_out_terms
from openroads.listening.gap_queries import days_kept
from openroads.listening.patterns.counting import utc_day, young_sources
from openroads.listening.patterns.evidence import reasons
from openroads.listening.patterns.models import Pattern
from openroads.listening.patterns.series import Watched

WEEK, BEFORE = timedelta(days=7), timedelta(days=56)
LEAST_BEFORE = timedelta(days=28)
LEAST_POSTS, LEAST_PEOPLE = 6, 3
MOST = 15
YOUNG_SHARE = 0.2
"""With more of the week's posts from sources that joined lately, their words are theirs, not new."""


SAME_POSTS = 1.25
"""A word with at most so many times the posts of a phrase it is in says the same."""


@dataclass(frozen=True)
class NewWord:
    """A word with its posts this week and what its use before led one to expect."""

    key: str
    shown: str
    language: str
    posts: int
    mean: float
    high: float
    chance: float
    people: int


def new_words(where: Archive, until: date) -> Sequence[NewWord] | None:
    """The words of the seven days before `until`, the surest first; None where there is too little to
    compare with."""
    first = days_kept()[0]
    now = Scope(until - WEEK, until)
    if first is None or first > now.since - LEAST_BEFORE:
        return None
    past = Scope(max(now.since - BEFORE, first), now.since)
    rows = counted(where, Sieve(now)).sources
    posts = sum(row.posts for row in rows)
    young = young_sources(sources_began(where), until)
    if not posts or sum(row.posts for row in rows if row.source in young) > YOUNG_SHARE * posts:
        return None
    before = sum(row.posts for row in counted(where, Sieve(past)).sources)
    here, there = (_docs(where, scope) for scope in (now, past))
    left_out = np.array(sorted(left_out_terms(where, queries.reader().names)), np.int64)
    ids = here.at_least(LEAST_POSTS).ids
    ids = ids[~np.isin(ids, left_out)]
    if not len(ids) or not before:
        return ()
    risen = risen_words(
        here.of(ids), there.of(ids), posts_now=posts, posts_before=before, least=LEAST_POSTS
    )
    order = [int(at) for at in np.argsort(risen.chance, kind="stable") if risen.out[at]][: 3 * MOST]
    people = asking.term_people(where, now, ids[order].tolist()) if order else None
    known = dict(zip(people.term.tolist(), people.people.tolist(), strict=True)) if people else {}
    called = {term.id: term for term in asking.terms(where, ids[order].tolist())}
    found = []
    for at in order:
        term, n = called.get(int(ids[at])), int(here.of(ids[at : at + 1])[0])
        by = int(known.get(int(ids[at]), 0))
        # One person, or a few who say it over and over, make no new word.
        if term is None or by < max(LEAST_PEOPLE, n / 4):
            continue
        mean = float(risen.mean[at])
        found.append(
            NewWord(term.key, term.shown, term.language, n, mean, interval(mean, 0.0)[1], float(risen.chance[at]), by)
        )  # fmt: skip
    return _each_once(found)[:MOST]


def _each_once(found: Sequence[NewWord]) -> list[NewWord]:
    """Without phrases that say no more than one of their words does: "new plug" where every plug is new."""
    alone = {word.key: word.posts for word in found if " " not in word.key}
    return [
        word
        for word in found
        if " " not in word.key
        or not any(
            alone[part] <= SAME_POSTS * word.posts for part in word.key.split() if part in alone
        )
    ]


def _docs(where: Archive, scope: Scope) -> TermDocs:
    return TermDocs.of_parts([(part.term, part.docs) for part in asking.docs_parts(where, scope)])


def look_for_words(*, now: datetime) -> int | None:
    """Find this week's new words and settle them with those that are known; gives how many there are,
    None where it cannot be said."""
    last = days_kept()[1]
    if last is None:
        return None
    until = min(utc_day(now), last + timedelta(days=1))
    found = new_words(archive(), until)
    if found is None:
        return None
    _settle(found, until, now, reasons(archive(), Watched("", "all", ""), until - WEEK, until))
    return len(found)


@transaction.atomic
def _settle(
    found: Sequence[NewWord], until: date, now: datetime, why: list[dict[str, str]]
) -> None:
    known = {row.word: row for row in Pattern.objects.filter(what="word", state=Pattern.State.OPEN)}
    week = midnight(until - WEEK), midnight(until)
    in_time = until >= utc_day(now) - timedelta(days=2)
    for word in found:
        row = known.pop(word.key, None)
        is_new = row is None
        row = row or Pattern(
            series=f"word:{word.key}"[:220], what="word", word=word.key, since=week[0], found_at=now, in_time=in_time
        )  # fmt: skip
        row.shown, row.grain, row.until = word.shown, Pattern.Grain.WEEK, week[1]
        row.posts, row.mean, row.low, row.high = word.posts, word.mean, 0.0, word.high
        row.chance, row.people, row.why = min(word.chance, row.chance), word.people, why
        row.changed_at = now
        row.save()
        if is_new:
            trail.record(system_person(), "found a pattern", row, name=word.shown, posts=word.posts)
    for row in known.values():
        row.state, row.ended_at, row.changed_at = Pattern.State.ENDED, now, now
        row.save(update_fields=["state", "ended_at", "changed_at"])
