"""SQL about the archive as a whole: the engine's own copy of it, what it counts, its tables in pages."""

# Names and not parameters: the engine takes none here. Both lie in the folder of `whole.WORK`.
COPY = "BACKUP DATABASE default TO File('whole')"
PUT_BACK = "RESTORE DATABASE default FROM File('whole')"

TABLES = "SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name"

STEPS = "SELECT DISTINCT toUInt32(number) AS number FROM step ORDER BY number"

# The sum tells apart what a count does not: another text, another version, another post.
COUNTS = {
    "post": """
SELECT toInt64(count()) AS rows, toString(groupBitXor(cityHash64(id, digest))) AS content
FROM post FINAL WHERE NOT has({staying:Array(UInt32)}, source)
""",
    "passage": """
SELECT toInt64(count()) AS rows, toString(groupBitXor(cityHash64(id, digest))) AS content
FROM passage FINAL
""",
    "term": """
SELECT toInt64(count()) AS rows, toString(groupBitXor(cityHash64(id, key))) AS content
FROM term FINAL
""",
    "erased_author": """
SELECT toInt64(uniqExact(author_key)) AS rows,
       toString(groupBitXor(cityHash64(author_key))) AS content
FROM (SELECT DISTINCT author_key FROM erased_author)
""",
    "topic_post": """
SELECT toInt64(count()) AS rows, toString(groupBitXor(cityHash64(version, id))) AS content
FROM topic_post FINAL WHERE id NOT IN (
    SELECT id FROM post FINAL WHERE has({staying:Array(UInt32)}, source))
""",
}

OURS = (
    "counted_post", "counted_post_feed", "delta", "erased_author", "passage", "post", "step", "term",
    "term_period", "term_period_feed", "topic_post", "unsettled_month", "volume_day", "volume_day_feed",
)  # fmt: skip
"""Every table and view the steps make, of any version. Whatever else stands in a database is not ours."""

TAKE_OUT = "DROP TABLE IF EXISTS {name:Identifier} SYNC"

BYTES = """
SELECT toInt64(sum(bytes_on_disk)) AS bytes FROM system.parts
WHERE active AND database = currentDatabase()
"""

MONTHS = """
SELECT DISTINCT toYYYYMM(published_at) AS month FROM post ORDER BY month
"""

POSTS = """
SELECT * FROM post FINAL
WHERE toYYYYMM(published_at) = {month:UInt32}
  AND (published_at, id) > (fromUnixTimestamp64Milli({after:Int64}, 'UTC'), {after_id:UInt64})
ORDER BY published_at, id LIMIT {limit:UInt32}
"""

PASSAGES = """
SELECT * FROM passage FINAL
WHERE (toInt128(text_id), toInt64(position)) > ({after:Int128}, {after_id:Int64})
ORDER BY text_id, position LIMIT {limit:UInt32}
"""

TERMS = """
SELECT * FROM term FINAL WHERE id > {after:UInt64} ORDER BY id LIMIT {limit:UInt32}
"""

ERASED = """
SELECT author_key, max(erased_at) AS erased_at FROM erased_author
WHERE author_key > {after:UInt64} GROUP BY author_key ORDER BY author_key LIMIT {limit:UInt32}
"""

VERSIONS_FILED = "SELECT DISTINCT version FROM topic_post ORDER BY version"

FILED = """
SELECT * FROM topic_post FINAL
WHERE version = {filed_as:UInt32}
  AND (published_at, id) > (fromUnixTimestamp64Milli({after:Int64}, 'UTC'), {after_id:UInt64})
ORDER BY published_at, id LIMIT {limit:UInt32}
"""

# The same without the posts of some sources. Apart, because looking for these costs a scan a page; what
# repeats a post that stays behind repeats nobody where it goes.
STAYING = "SELECT id FROM post FINAL WHERE has({staying:Array(UInt32)}, source)"

POSTS_BUT = f"""
SELECT * REPLACE (if(original IN ({STAYING}), 0, original) AS original) FROM post FINAL
WHERE NOT has({{staying:Array(UInt32)}}, source) AND toYYYYMM(published_at) = {{month:UInt32}}
  AND (published_at, id) > (fromUnixTimestamp64Milli({{after:Int64}}, 'UTC'), {{after_id:UInt64}})
ORDER BY published_at, id LIMIT {{limit:UInt32}}
"""

FILED_BUT = f"""
SELECT * FROM topic_post FINAL
WHERE version = {{filed_as:UInt32}} AND id NOT IN ({STAYING})
  AND (published_at, id) > (fromUnixTimestamp64Milli({{after:Int64}}, 'UTC'), {{after_id:UInt64}})
ORDER BY published_at, id LIMIT {{limit:UInt32}}
"""
