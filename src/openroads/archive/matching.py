"""Posts on their way in, as the matcher of queries sees them: what the archive would keep of them."""

from collections.abc import Sequence

from openroads.analysis.pipeline import Analysis
from openroads.analysis.query.matcher import Post
from openroads.archive.batch import Origin
from openroads.archive.message import Message


def candidates(
    messages: Sequence[Message], analysis: Analysis, origin: Origin
) -> list[tuple[Message, Post]]:
    """Each message beside the post it would become, in order; deletions are left out.

    `analysis` is of the same messages, in the same order, as `ingest` wants it.
    """
    return [
        (message, candidate(message, analysis, place, origin))
        for place, message in enumerate(messages)
        if message.op == "upsert"
    ]


def candidate(message: Message, analysis: Analysis, place: int, origin: Origin) -> Post:
    """The post that the message at this place of the analysis would become."""
    return Post(
        published_at=message.said_at,
        text=message.text,
        title=message.title,
        author=message.author,
        author_name=message.author_name,
        url=message.url,
        network=message.network,
        source=origin.source,
        language=analysis.language[place],
        mood=int(analysis.mood[place]),
        kind=analysis.kind[place],
        likes=message.likes,
        replies=message.replies,
        reposts=message.reposts,
        views=message.views,
        rating=message.rating,
        reply_to=message.reply_to,
        quotes=message.quotes,
        hashtags=analysis.hashtags[place],
        mentions=analysis.mentions[place],
        emoji=analysis.emoji[place],
        brands=sorted({*analysis.brands[place], origin.brand} - {0}),
        products=analysis.products[place],
    )
