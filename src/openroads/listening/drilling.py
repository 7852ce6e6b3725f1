"""One word of the gap: the people behind it, and what the brand says with it. Knows no database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from openroads.archive.client import Archive
from openroads.archive.queries import gap as asking
from openroads.archive.queries.newest import places_in_scope, quotes_at
from openroads.archive.queries.posts import OwnWords, Quote, passages_with_term
from openroads.archive.scope import Scope
from openroads.listening.gap_reading import GapReading

NEWEST = 24
GLANCE = 180
"""Characters of a quote beside a figure; the newest of `NEWEST` posts that are that short are shown."""


@dataclass(frozen=True)
class Drilled:
    """One word with its people and what the brand says with it."""

    id: int
    key: str
    shown: str
    language: str
    side: str
    posts_in_all: int
    people: int
    nameless: int
    posts: Sequence[Quote]
    passages: Sequence[OwnWords]


def telling(posts: Sequence[Quote], most: int) -> list[Quote]:
    """The newest posts short enough to be read at a glance; longer ones only where there is no other.

    One post a person: two quotes are two people.
    """
    chosen: dict[object, Quote] = {}
    for post in sorted(posts, key=lambda each: len(each.text) > GLANCE or len(each.text) < 30):
        chosen.setdefault(post.author_key or post.id, post)
    return list(chosen.values())[:most]


@dataclass(frozen=True)
class Uses:
    """How many posts use a word, how many people are known to have written them, and how many of the
    posts are of unknown authors."""

    posts: int
    people: int
    nameless: int


def uses_of(archive: Archive, scope: Scope, term: int) -> Uses:
    """Everybody in scope who uses a term, counted one by one."""
    rows = asking.term_people(archive, scope, [term])
    if not len(rows):
        return Uses(0, 0, 0)
    return Uses(int(rows.posts[0]), int(rows.people[0]), int(rows.nameless[0]))


def newest_with(archive: Archive, scope: Scope, term: int) -> list[Quote]:
    """The newest posts that count towards a term."""
    places = places_in_scope(archive, scope, term=term, counted=True, limit=NEWEST)
    return quotes_at(archive, places)


def drill(
    archive: Archive,
    scope: Scope,
    reading: GapReading,
    key: str,
    *,
    posts: int = 2,
    uses: Callable[[Archive, Scope, int], Uses] = uses_of,
    newest: Callable[[Archive, Scope, int], list[Quote]] = newest_with,
) -> Drilled | None:
    """The people behind a word and what the brand says with it; None for a word nobody ever used.
    `uses` counts them and `newest` finds what they say, or they remember."""
    word = next((each for each in reading.gap.words if each.key == key), None)
    term = word.id if word else asking.term_id(archive, key)
    if term is None:
        return None
    shown, language, side = (word.shown, word.language, word.side) if word else ("", "", "both")
    if word is None:
        known = asking.terms(archive, [term])
        shown, language = (known[0].shown, known[0].language) if known else (key, "")
    counted = uses(archive, scope, term)
    return Drilled(
        term,
        key,
        shown,
        language,
        side,
        counted.posts,
        counted.people,
        counted.nameless,
        telling(newest(archive, scope, term), posts) if posts else (),
        passages_with_term(archive, scope, term, limit=1) if posts else (),
    )
