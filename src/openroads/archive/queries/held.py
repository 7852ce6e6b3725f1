"""What the archive holds already of a few posts of one source, found by their ids."""

from collections.abc import Iterable
from dataclasses import dataclass

from openroads.archive.client import Archive

MOST_IDS = 50
BEGINNING = 300
"""Characters of a text that are compared."""

# Found through the index on id, so without bounds in time: another file has other dates.
TEXTS_OF_POSTS = """
SELECT id, substringUTF8(text, 1, {length:UInt32}) AS beginning
FROM post FINAL
WHERE id IN {ids:Array(UInt64)} AND source = {source:UInt32}
"""


@dataclass(frozen=True)
class HeldText:
    """The beginning of the text of one post."""

    id: int
    beginning: str


def post_texts_by_ids(archive: Archive, source: int, ids: Iterable[int]) -> dict[int, str]:
    """The first 300 characters of those posts of a source that are here, of at most 50 ids."""
    asked = list(dict.fromkeys(ids))[:MOST_IDS]
    if not asked:
        return {}
    params = {"ids": asked, "source": source, "length": BEGINNING}
    return {row.id: row.beginning for row in archive.rows(HeldText, TEXTS_OF_POSTS, params)}
