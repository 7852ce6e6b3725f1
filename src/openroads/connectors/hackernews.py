"""Hacker News: stories and comments, through the search that Algolia keeps of it."""

from datetime import datetime
from typing import ClassVar, Final

from openroads.archive.message import Message
from openroads.connectors.answers import Told, as_object, count, moment, rows, text
from openroads.connectors.plain import one_line, plain, web_address
from openroads.connectors.port import Field
from openroads.connectors.searching import BACK, LOOK_FOR, Searched, Slice
from openroads.connectors.sentences import say

API: Final = "https://hn.algolia.com/api/v1/search_by_date"
"""https://hn.algolia.com/api: newest first, at most 1,000 hits to a question, so older ones are asked by
their moment."""
HITS: Final = 200
ITEM: Final = "https://news.ycombinator.com/item?id="


class HackerNews(Searched):
    """Follows searches on Hacker News. No account is needed."""

    kind: ClassVar[str] = "hackernews"
    label: ClassVar[str] = "Hacker News"
    reads: ClassVar[str] = say("Stories and comments that match.")
    asks: ClassVar[str] = say("Nothing.")
    fields: ClassVar[tuple[Field, ...]] = (LOOK_FOR, BACK)
    api: ClassVar[str] = API

    def _ask(self, search: str, since: datetime, older: str) -> Slice:
        filters = [f"created_at_i>={int(since.timestamp())}"]
        if older:
            filters.append(f"created_at_i<={older}")
        told = as_object(
            self._get(
                self.api,
                query=search,
                tags="(story,comment)",
                numericFilters=",".join(filters),
                hitsPerPage=HITS,
                typoTolerance="false",
            )
        )
        hits = rows(told, "hits")
        messages = [said for hit in hits if (said := as_message(hit, self._now)) is not None]
        seconds = [when for hit in hits if (when := count(hit, "created_at_i")) is not None]
        more = len(hits) >= HITS and bool(seconds)
        return Slice(messages, str(min(seconds)) if more else "")


def as_message(hit: Told, now: datetime) -> Message | None:
    """A hit as a message; None for what has no text, number or moment."""
    said_at = moment(hit, "created_at_i", now)
    number = text(hit, "objectID")
    is_comment = bool(text(hit, "comment_text"))
    title = "" if is_comment else one_line(text(hit, "title"))
    said = plain(text(hit, "comment_text") or text(hit, "story_text")) or title
    if said_at is None or not number or not said:
        return None
    story = text(hit, "story_id")
    return Message(
        native_id=number,
        network="hackernews",
        text=said,
        said_at=said_at,
        author=text(hit, "author"),
        author_name=text(hit, "author"),
        url=web_address(ITEM + number),
        title="" if said == title else title,
        reply_to=text(hit, "parent_id") if is_comment else "",
        thread=story or number,
        # Points of a comment are not told; a story's are its upvotes, its own among them.
        likes=None if is_comment else count(hit, "points"),
        replies=None if is_comment else count(hit, "num_comments"),
    )
