"""The golden thread beside a case: which insights rest on what was said in it."""

from collections.abc import Sequence

from openroads.changes.models import Insight
from openroads.changes.queries import insights_for
from openroads.directory.models import Person


def insights_of(person: Person, posts: Sequence[int]) -> list[Insight]:
    """Insights these posts are quoted in, as far as this person sees them; oldest first."""
    if not posts:
        return []
    found = insights_for(person).filter(evidence__samples__post__in=list(posts))
    return list(found.distinct().order_by("opened_at")[:3])
