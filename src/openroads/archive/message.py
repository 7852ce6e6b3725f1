"""One thing somebody said, in the archive's own words: what every connector hands over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Message:
    """A post, review, comment or mail as its network told it, before any analysis.

    `native_id` is unique within its source and never changes; together they make the archive's id.
    `said_at` is aware and in UTC. Engagement is None where the network is silent: unknown is not 0.
    """

    native_id: str
    network: str
    text: str
    said_at: datetime
    author: str = ""
    """The handle or id that stays the same for one author; empty when the source names nobody."""
    author_name: str = ""
    url: str = ""
    title: str = ""
    language: str = ""
    """What the source claims (BCP 47), a hint for detection only."""
    reply_to: str = ""
    thread: str = ""
    quotes: str = ""
    """The native id of the post it quotes; what it says about that is its own."""
    repost: bool = False
    likes: int | None = None
    replies: int | None = None
    reposts: int | None = None
    views: int | None = None
    rating: float | None = None
    proven: bool | None = None
    """Whether its author was proven to be who they say, or shown not to be; None: nobody says."""
    op: Literal["upsert", "delete"] = "upsert"
