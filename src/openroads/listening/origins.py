"""Whose words the posts of a source are, as the archive is told when it takes them in."""

from collections.abc import Collection

from openroads.archive.ingest import Origin
from openroads.listening import queries
from openroads.listening.models import Source


def origin_of(source: Source, brand: int | None, own_authors: Collection[str] = ()) -> Origin:
    """Who speaks at this source and about which brand (its number; None: the text itself tells).

    Posts of the company's own accounts are told apart in the archive. Where the house knows none, the
    `own_authors` that the file itself marks as the company are taken: in a heap of many companies'
    answers that would make all of them ours.
    """
    return Origin(
        source=source.pk,
        purpose_voice="brand" if source.voice == Source.Voice.BRAND else "customer",
        brand=brand or 0,
        own_handles=queries.own_handles()
        or frozenset(name.lstrip("@").lower() for name in own_authors),
    )
