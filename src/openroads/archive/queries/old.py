"""SQL of retention: posts past the time their source keeps them."""

# `latest` is the latest of the moments: with it the engine leaves later months alone.
PAST = """
    published_at < fromUnixTimestamp64Milli({latest:Int64}, 'UTC')
    AND has({sources:Array(UInt32)}, source)
    AND toUnixTimestamp64Milli(published_at)
        < transform(source, {sources:Array(UInt32)}, {moments:Array(Int64)}, toInt64(0))
"""

# Every version counts: what was replaced is on the disk until the parts are merged.
OLD_POSTS = f"""
SELECT source, toInt64(uniqExact(id)) AS posts, toDate(min(published_at)) AS first,
       toDate(max(published_at)) AS last
FROM post WHERE {PAST}
GROUP BY source ORDER BY source
"""

OLDEST = """
SELECT source, toDate(min(published_at)) AS first FROM post GROUP BY source
"""

OLD_AMONG = f"SELECT DISTINCT id FROM post WHERE id IN {{ids:Array(UInt64)}} AND {PAST}"

OLD_MONTHS = (
    f"SELECT DISTINCT toYYYYMM(published_at) AS month FROM post WHERE {PAST} ORDER BY month"
)

# Before the posts: after a kill they still say which.
ERASE_OLD_FILED = f"DELETE FROM topic_post WHERE id IN (SELECT id FROM post WHERE {PAST})"
ERASE_OLD = f"DELETE FROM post WHERE {PAST}"

# Every version again: a row that was replaced still names its terms.
ORPHANED_TERMS = """
SELECT DISTINCT id AS term FROM term
WHERE id NOT IN (SELECT arrayJoin(terms) FROM post)
  AND id NOT IN (SELECT arrayJoin(terms) FROM passage)
"""
"""Words that stand in no post and no text of the brand."""
