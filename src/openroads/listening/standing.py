"""Posts that answer a question: where they stand is remembered, what they say is read afresh."""

from collections.abc import Callable, Sequence

from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.explore import places_chosen
from openroads.archive.queries.newest import PlaceFound, places_in_scope, quotes_at
from openroads.archive.queries.posts import Place, Quote
from openroads.archive.scope import Scope
from openroads.directory.conversations import archive
from openroads.listening.remembering import remembered


def standing(
    question: str, ask: Callable[[], Sequence[PlaceFound]], *, at: str = ""
) -> list[Quote]:
    """The posts at the places `ask` gives, newest first; asked only when the archive has changed.
    `question` says all that the places depend on besides the archive."""
    places = remembered(f"places {question}", ask, at=at, shelf="places")
    return quotes_at(archive(), places)


def posts_in_scope(
    scope: Scope,
    *,
    term: int = 0,
    before: Place = None,
    limit: int,
    counted: bool = False,
    at: str = "",
) -> list[Quote]:
    """The customers' newest posts in scope, as `places_in_scope` finds them."""
    return standing(
        f"in scope:{scope}:{term}:{before}:{limit}:{counted}",
        lambda: places_in_scope(
            archive(), scope, term=term, before=before, limit=limit, counted=counted
        ),
        at=at,
    )


def posts_chosen(sieve: Sieve, filed: str, *, before: Place = None, limit: int) -> list[Quote]:
    """The newest posts of a choice; `filed` is what `filed_as` says of its topics."""
    return standing(
        f"chosen:{sieve}:{filed}:{before}:{limit}",
        lambda: places_chosen(archive(), sieve, before=before, limit=limit),
    )
