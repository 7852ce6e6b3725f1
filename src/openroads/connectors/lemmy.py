"""Lemmy: posts and comments on one of its servers, and what that server has of the others."""

from datetime import datetime
from typing import ClassVar, Final

from openroads.archive.message import Message
from openroads.connectors.answers import Told, as_object, count, inside, moment, rows, text
from openroads.connectors.failures import Refused
from openroads.connectors.plain import one_line, plain, web_address
from openroads.connectors.port import Field
from openroads.connectors.searching import BACK, LOOK_FOR, Searched, Slice
from openroads.connectors.sentences import say
from openroads.connectors.servers import SERVER, server_of

PAGE: Final = 50


class Lemmy(Searched):
    """Follows searches on one server. No account is needed."""

    kind: ClassVar[str] = "lemmy"
    label: ClassVar[str] = "Lemmy"
    reads: ClassVar[str] = say("Posts and comments that match.")
    asks: ClassVar[str] = say("The address of a server.")
    fields: ClassVar[tuple[Field, ...]] = (SERVER, LOOK_FOR, BACK)
    # Searching is let through a hundred times in ten minutes.
    between: ClassVar[float] = 6.0

    def _ask(self, search: str, since: datetime, older: str) -> Slice:
        """`older` is the number of the page. A page holds posts and comments, each newest first."""
        server = server_of(self._told)
        number = int(older) if older.isdigit() else 1
        told = as_object(
            self._get(
                f"{server}/api/v3/search",
                q=search,
                type_="All",
                sort="New",
                listing_type="All",
                page=number,
                limit=PAGE,
            )
        )
        if "posts" not in told and "comments" not in told:
            raise Refused(say("{server} answers, but not as Lemmy does.", server=server))
        posts, comments = rows(told, "posts"), rows(told, "comments")
        found = [as_message(each, "post", server, self._now) for each in posts]
        found += [as_message(each, "comment", server, self._now) for each in comments]
        messages = [message for message in found if message is not None]
        young = [message for message in messages if message.said_at >= since]
        full = PAGE in (len(posts), len(comments))
        return Slice(young, str(number + 1) if full and young else "")


def as_message(view: Told, kind: str, server: str, now: datetime) -> Message | None:
    """A post or comment as a message, `op` delete when its author or a moderator took it away; None for
    what has no number, moment or words."""
    thing, counts = inside(view, kind), inside(view, "counts")
    said_at = moment(thing, "published", now)
    number = text(thing, "id")
    title = one_line(text(thing, "name")) if kind == "post" else ""
    said = plain(text(thing, "body") or text(thing, "content")) or title
    gone = thing.get("deleted") is True or thing.get("removed") is True
    if said_at is None or not number or not (said or gone):
        return None
    post = number if kind == "post" else text(thing, "post_id")
    # "0.5.17": the comment before the last stands above this one; 0 is the post itself.
    above = text(thing, "path").split(".")[-2:-1]
    parent = above[0] if above and above[0] != "0" else ""
    creator = inside(view, "creator")
    return Message(
        native_id=f"{kind}/{number}",
        network="lemmy",
        text=said,
        said_at=said_at,
        author=text(creator, "actor_id") or text(creator, "name"),
        author_name=one_line(text(creator, "display_name") or text(creator, "name")),
        url=web_address(text(thing, "ap_id")) or web_address(f"{server}/{kind}/{number}"),
        title="" if said == title else title,
        reply_to="" if kind == "post" else f"comment/{parent}" if parent else f"post/{post}",
        thread=f"post/{post}",
        likes=count(counts, "upvotes"),
        replies=count(counts, "comments" if kind == "post" else "child_count"),
        op="delete" if gone else "upsert",
    )
