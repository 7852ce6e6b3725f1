"""Everything one can do in the room of changes, a function per deed; what other rooms ask stands here."""

from openroads.changes.actions.forgetting import forget_posts, forget_posts_before, mask_quotes
from openroads.changes.actions.insights import (
    add_evidence,
    hand_insight,
    join_insights,
    note_reading,
    open_insight,
    withdraw_insight,
)

__all__ = [
    "add_evidence",
    "forget_posts",
    "forget_posts_before",
    "hand_insight",
    "join_insights",
    "mask_quotes",
    "note_reading",
    "open_insight",
    "withdraw_insight",
]
