"""SQL of what networks take back: whose posts a source holds, what was taken back, who has another handle."""

from dataclasses import dataclass
from datetime import datetime

# "at://did:plc:abc/app.bsky.feed.post/3k" is of "at://did:plc:abc": what stands before the third stroke.
OWNER = "arrayStringConcat(arraySlice(splitByChar('/', native_id), 1, 3), '/')"

OWNERS = f"""
SELECT DISTINCT {OWNER} AS owner FROM post
WHERE source IN {{sources:Array(UInt32)}} AND native_id != ''
"""

POSTS_OF_OWNERS = f"""
SELECT source, native_id, published_at FROM post FINAL
WHERE source IN {{sources:Array(UInt32)}} AND {OWNER} IN {{owners:Array(String)}}
ORDER BY source, published_at, id
"""

# A post that moved to another moment is buried at the old one too, and is alive.
_BURIED = """
    is_deleted = 1 AND source != 0
    AND collected_at <= fromUnixTimestamp64Milli({until:Int64}, 'UTC')
    AND id NOT IN (SELECT id FROM post FINAL WHERE id IN (SELECT id FROM post WHERE is_deleted = 1))
"""

TAKEN_BACK = f"""
SELECT source, toInt64(uniqExact(id)) AS posts, min(collected_at) AS first, max(collected_at) AS last
FROM post WHERE {_BURIED}
GROUP BY source ORDER BY source
"""

IDS_TAKEN_BACK = f"SELECT DISTINCT id FROM post WHERE {_BURIED}"

IDS_OF_OWNER = f"""
SELECT DISTINCT id FROM post FINAL
WHERE source IN {{sources:Array(UInt32)}} AND {OWNER} = {{owner:String}}
  AND author_key != {{author_key:UInt64}}
"""

RENAME = """
INSERT INTO post
SELECT * REPLACE (
    {version:UInt32} AS version, toUInt64(0) AS digest,
    {author:String} AS author, {author_key:UInt64} AS author_key)
FROM post FINAL WHERE id IN {ids:Array(UInt64)}
"""


@dataclass(frozen=True)
class Owner:
    """The beginning of an account's native ids."""

    owner: str


@dataclass(frozen=True)
class PostOfOwner:
    """A post by its source, its network's id, and when it was said."""

    source: int
    native_id: str
    published_at: datetime


@dataclass(frozen=True)
class TakenBack:
    """How many posts of a source their network took back and whose words are still in the files; when
    we heard of the first and the last of them."""

    source: int
    posts: int
    first: datetime
    last: datetime
