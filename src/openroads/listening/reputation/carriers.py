"""Reading opinion makers from the archive: whose posts are taken up, by how many, and who was early."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.makers import lead_days, page_rank, shrunken_rates
from openroads.analysis.pseudonyms import pseudonym
from openroads.archive.client import Archive
from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.explore import names_of
from openroads.archive.queries.reputation import (
    Edges,
    MakerRow,
    days_of_words,
    engagement_edges,
    first_uses,
    makers,
)
from openroads.listening.sight.seeing import Sight

LEAST_POSTS = 3
"""Posts in the choice below which nobody is named."""
SHOWN = 12
LEADERS = 200
"""How many of the first are looked up for how early they were."""


@dataclass(frozen=True)
class Carrier:
    """One author: replies and reposts a post (shrunk, with interval; `raw` as measured), how many
    people answered them or passed them on, their rank among those who react to each other (times an
    even share), and how many days earlier than chance they took up rising words (None: unknown)."""

    author_key: int
    posts: int
    told: int
    rate: float
    low: float
    high: float
    raw: float
    engagers: int
    rank: float | None
    lead: float | None


@dataclass(frozen=True)
class Carriers:
    """The first of `authors` with enough posts, whose mean is `mean` reactions a post; an own figure
    counts as posts / (posts + weight). `people` and `ties` are the graph's."""

    first: tuple[Carrier, ...]
    authors: int
    mean: float
    weight: float
    people: int
    ties: int
    latest: dict[int, date]


def read_carriers(archive: Archive, sieve: Sieve, words: Sequence[int]) -> Carriers:
    """Who carries a conversation, surest first: by the lower end of the interval of reactions a post.

    `words` are terms that rose in it; below three of them nobody's lead is known.
    """
    rows = [row for row in makers(archive, sieve, least=LEAST_POSTS) if row.told]
    edges = engagement_edges(archive, sieve)
    engagers = engagers_of(edges)
    ranks, people = ranks_of(edges)
    shrunk = shrunken_rates(
        [row.received for row in rows],
        [row.told for row in rows],
        [row.squares for row in rows],
    )
    rate = shrunk.rate
    taken_up = np.array([engagers.get(row.author_key, 0) for row in rows], np.int64)
    # Where nobody differs from the mean beyond luck, how many people took somebody up decides.
    order = np.lexsort((-rate.value, -taken_up, -rate.low)) if rows else np.empty(0, np.int64)
    first = [int(place) for place in order[:SHOWN]]
    leads = _leads(archive, sieve, words, [rows[place] for place in first])
    return Carriers(
        first=tuple(
            Carrier(
                rows[place].author_key,
                rows[place].posts,
                rows[place].told,
                float(rate.value[place]),
                float(rate.low[place]),
                float(rate.high[place]),
                rows[place].received / rows[place].told,
                engagers.get(rows[place].author_key, 0),
                ranks.get(rows[place].author_key),
                leads.get(rows[place].author_key),
            )
            for place in first
        ),
        authors=len(rows),
        mean=shrunk.mean,
        weight=shrunk.weight,
        people=people,
        ties=len(edges.times),
        latest={rows[place].author_key: rows[place].latest for place in first},
    )


def engagers_of(edges: Edges) -> dict[int, int]:
    """How many different people reacted to each author."""
    authors, counts = np.unique(edges.engaged, return_counts=True)
    return dict(zip(authors.tolist(), counts.tolist(), strict=True))


def ranks_of(edges: Edges) -> tuple[dict[int, float], int]:
    """Everybody's PageRank in times an even share, and how many people there are in the graph."""
    both = np.concatenate((edges.engager, edges.engaged))
    people, place = np.unique(both, return_inverse=True)
    half = len(edges.times)
    ranks: NDArray[np.float64] = page_rank(place[:half], place[half:], edges.times, len(people))
    return dict(zip(people.tolist(), (ranks * len(people)).tolist(), strict=True)), len(people)


def names_for(
    archive: Archive, carriers: Carriers, sight: Sight
) -> dict[int, tuple[str, str, str]]:
    """Name, shown name and network of those shown, as somebody may see them; asked afresh, never
    remembered."""
    found = names_of(archive, carriers.latest)
    return {
        key: (author, name, network)
        if sight.names or sight.is_ours(author)
        else ("", pseudonym(key), network)
        for key, (author, name, network) in found.items()
    }


def _leads(
    archive: Archive, sieve: Sieve, words: Sequence[int], rows: Sequence[MakerRow]
) -> dict[int, float]:
    if not words or not rows:
        return {}
    since, days = sieve.scope.since, (sieve.scope.until - sieve.scope.since).days
    by_word: dict[int, NDArray[np.float64]] = {}
    for each in days_of_words(archive, sieve, words):
        found = by_word.setdefault(each.term, np.zeros(days))
        found[(each.day - since).days] += each.posts
    used: dict[int, list[tuple[NDArray[np.float64], int, int]]] = {}
    for use in first_uses(archive, sieve, words, [row.author_key for row in rows]):
        told = by_word[use.term], use.posts, (use.first - since).days
        used.setdefault(use.author_key, []).append(told)
    leads = {key: lead_days(list(told)) for key, told in used.items()}
    return {key: lead for key, lead in leads.items() if lead is not None}
