"""What is behind a pattern: its words, who said it where, how far it was carried, and what may explain it."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import Q

from openroads.analysis.patterns.calendar import holiday
from openroads.analysis.query.words import fold
from openroads.archive.client import Archive
from openroads.archive.queries import explore as asking
from openroads.archive.queries import gap as terms
from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.explore import halvings_for
from openroads.archive.queries.patterns import carried, networks_of
from openroads.archive.scope import midnight
from openroads.listening import queries
from openroads.listening.explore.models import Event
from openroads.listening.explore.reading import odds_within
from openroads.listening.gap_counting import left_out_terms
from openroads.listening.models import Deafness, Import
from openroads.listening.patterns.counting import own_posts
from openroads.listening.patterns.series import Watched, sieve_of

WEEKS_BEFORE = timedelta(weeks=8)
LEAST_POSTS = 5
SURE = 2.6
"""Log-odds z from which a word belongs to the burst: p < .01, two-sided; these are hints, not findings."""
WORDS = 12
AUTHORS = 12
"""Of so many who wrote most the names are no words."""
_WORD = re.compile(r"[^\W_]+")
EVENT_BEFORE = timedelta(days=3)
"""An event explains what begins so many days after it."""
OWN_TIMES, OWN_LEAST = 2.0, 3
"""Own posts of a day explain something when there are so many times as many as usual, and so many."""


@dataclass(frozen=True)
class Behind:
    """Everything that is kept of what is behind a pattern: figures, words and hints, no posts."""

    people: int
    nameless: int
    by_one: int
    reposts: int
    copies: int
    networks: list[tuple[str, int]]
    words: list[tuple[str, str, str, int, float]]
    why: list[dict[str, str]]


def behind(archive: Archive, one: Watched, since: datetime, until: datetime) -> Behind:
    """What is behind a series on the UTC days that a stretch touches."""
    first, last = since.date(), _day_after(until)
    sieve = sieve_of(one, first, last)
    people = asking.people_in(archive, sieve, AUTHORS)
    passed = carried(archive, sieve)
    # Somebody who signs every post makes a word of their name.
    names = {part for row in people.most for part in _parts(f"{row.author} {row.author_name}")}
    return Behind(
        people=people.people,
        nameless=people.nameless,
        by_one=people.most[0].posts if people.most else 0,
        reposts=passed.reposts,
        copies=passed.copies,
        networks=[(row.network, row.posts) for row in networks_of(archive, sieve)][:8],
        words=[
            row for row in words_of(archive, one, sieve, passed.posts) if not names & _parts(row[0])
        ],
        why=reasons(archive, one, first, last),
    )


def _parts(text: str) -> set[str]:
    """The words of a name or term, as they are compared."""
    return set(_WORD.findall(fold(text)))


def words_of(
    archive: Archive, one: Watched, sieve: Sieve, posts: int
) -> list[tuple[str, str, str, int, float]]:
    """The words that set these posts apart from those of the same series in the eight weeks before
    (posts of a topic or with a word: from everything said in these): key, word, language, posts, and
    posts to be expected by its use before (log-odds z with the pooled counts as prior; Monroe, Colaresi
    and Quinn 2008)."""
    against = one
    if one.what in ("topic", "word"):
        against = Watched("", "brand" if one.brand else "all", "", brand=one.brand)
    past = sieve_of(against, sieve.scope.since - WEEKS_BEFORE, sieve.scope.since)
    halvings = halvings_for(posts)
    now = asking.terms_in(archive, sieve, halvings=halvings).docs()
    before = asking.terms_in(archive, past, halvings=halvings).docs()
    left_out = left_out_terms(archive, queries.reader().names)
    ids = now.at_least(LEAST_POSTS).ids
    ids = ids[~np.isin(ids, np.array(sorted(left_out), np.int64))]
    sizes = float(now.docs.sum()), float(before.docs.sum())
    if not len(ids) or min(sizes) <= 0:
        return []
    here, there = now.of(ids).astype(np.float64), before.of(ids).astype(np.float64)
    z = odds_within(here, there, sizes)
    order = [int(at) for at in np.argsort(-z, kind="stable") if z[at] >= SURE][:WORDS]
    called = {term.id: term for term in terms.terms(archive, ids[order].tolist())}
    usual = there * sizes[0] / sizes[1]
    return [
        (term.key, term.shown, term.language, int(here[at]) * 2**halvings, float(usual[at]) * 2**halvings)
        for at in order
        if (term := called.get(int(ids[at]))) is not None
    ]  # fmt: skip


def reasons(archive: Archive, one: Watched, since: date, until: date) -> list[dict[str, str]]:
    """What happened as it began: events people marked, own posts, holidays, files brought in, ears that
    are deaf. Each is {kind, on, told}; whether it is the cause is for people to say."""
    found = events_around(one.brand, since, until)
    found += _own(archive, since)
    found += _holidays(since, until)
    found += _brought_in(since, until)
    found += [
        {"kind": "deaf", "on": spell.began_at.date().isoformat(), "told": spell.source.name}
        for spell in deaf_spells(since - timedelta(days=1), until)[:3]
    ]
    return found


def events_around(brand: int, since: date, until: date) -> list[dict[str, str]]:
    """Events people marked about the brand or all brands that were going on when it began (`when`:
    during), were just over (after), or came while it lasted (while). Notes on somebody's view are no
    events."""
    rows = Event.objects.filter(view=None, on__lt=until).filter(
        Q(on__gte=since - EVENT_BEFORE) | Q(until__gte=since)
    )
    if brand:
        rows = rows.filter(Q(brand=None) | Q(brand=brand))
    return [
        {
            "kind": "event", "sort": event.kind, "on": event.on.isoformat(),
            "until": event.last_on.isoformat(), "told": event.what,
            "when": "while" if event.on > since else "during" if event.last_on >= since else "after",
        }
        for event in rows.order_by("on", "pk")
    ]  # fmt: skip


def deaf_spells(since: date, until: date) -> list[Deafness]:
    """Spells in which a source was not heard on some of these days."""
    rows = Deafness.objects.filter(began_at__lt=midnight(until)).select_related("source")
    return list(rows.filter(Q(heard_at=None) | Q(heard_at__gte=midnight(since))))


def _own(archive: Archive, since: date) -> list[dict[str, str]]:
    """The day from the one before it began on which we said much more than usual ourselves."""
    begins = since - WEEKS_BEFORE
    days = own_posts(archive, begins, since + timedelta(days=2))
    usual = float(days[:-3].mean()) if len(days) > 3 else 0.0
    lately = days[-3:]
    most = int(lately.argmax())
    if lately[most] < OWN_LEAST or lately[most] < OWN_TIMES * usual:
        return []
    on = since + timedelta(days=most - 1)
    return [{"kind": "own", "on": on.isoformat(), "told": str(int(lately[most]))}]


def _holidays(since: date, until: date) -> list[dict[str, str]]:
    days = [since + timedelta(days=n) for n in range(-1, min((until - since).days, 3))]
    return [{"kind": "holiday", "on": day.isoformat(), "told": key} for day in days if (key := holiday(day))]  # fmt: skip


def _brought_in(since: date, until: date) -> list[dict[str, str]]:
    """Files whose reading ended while it lasted and brought something."""
    done: Any = Import.objects.filter(
        state=Import.State.DONE, added__gt=0, finished_at__date__gte=since,
        finished_at__date__lte=until,
    ).order_by("-added")[:2]  # fmt: skip
    return [
        {"kind": "import", "on": item.finished_at.date().isoformat(), "told": item.name}
        for item in done
    ]


def _day_after(until: datetime) -> date:
    """The first day that lies wholly after a stretch."""
    return (until - timedelta(microseconds=1)).date() + timedelta(days=1)
