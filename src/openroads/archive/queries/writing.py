"""SQL of the writing side: what an ingest looks up, and what it changes besides plain inserts."""

TERM_HASHES = "SELECT hash, id FROM term ORDER BY id"

# What another process wrote since: new numbers, and whether any of the others went.
TERMS_SINCE = "SELECT hash, id FROM term WHERE id > {last:UInt32} ORDER BY id"
TERMS_UNTIL = "SELECT count() AS n FROM term WHERE id <= {last:UInt32}"

POSTS_SINCE = """
SELECT id, if(repost OR is_deleted, [], arrayPushBack(bands, same_key)) AS keys
FROM post WHERE version > {version:UInt32}
"""

MONTHS_OF_POSTS = """
SELECT DISTINCT toUInt32(partition) AS month FROM system.parts
WHERE active AND database = currentDatabase() AND table = 'post' ORDER BY month
"""

IDS_OF_MONTH = "SELECT id FROM post WHERE toYYYYMM(published_at) = {month:UInt32}"

COPY_KEYS_OF_MONTH = """
SELECT arrayJoin(arrayPushBack(bands, same_key)) AS key FROM post
WHERE toYYYYMM(published_at) = {month:UInt32} AND NOT repost AND is_deleted = 0
"""

LAST_VERSIONS = """
SELECT (SELECT max(version) FROM post) AS post, (SELECT max(version) FROM passage) AS passage
"""

# In PREWHERE where posts are read FINAL, which has to be said there: all versions of a post have one key,
# so none is overlooked, and the engine reads the other columns of these posts only.
BY_KEY = """
    published_at >= fromUnixTimestamp64Milli({first:Int64}, 'UTC')
    AND published_at <= fromUnixTimestamp64Milli({last:Int64}, 'UTC')
    AND published_at IN (
        SELECT fromUnixTimestamp64Milli(arrayJoin({moments:Array(Int64)}), 'UTC'))
    AND id IN {ids:Array(UInt64)}
"""

HELD_BY_KEY = f"""
SELECT id, toUnixTimestamp64Milli(published_at) AS at, digest FROM post FINAL PREWHERE {BY_KEY}
"""

HELD_BY_ID = """
SELECT id, toUnixTimestamp64Milli(published_at) AS at, digest
FROM post FINAL WHERE id IN {ids:Array(UInt64)}
"""

FULL_BY_KEY = f"""
SELECT id, toUnixTimestamp64Milli(published_at) AS at, author_key, source, network, voice, brands,
       products, language, terms, mood, kind, words, repost, original, likes, replies, reposts,
       same_key, bands
FROM post FINAL PREWHERE {BY_KEY}
"""

# The inner look-up needs no FINAL: it only proposes, the outer one reads what is true now.
TWINS = """
SELECT id, toUnixTimestamp64Milli(published_at) AS at, voice, original, same_key, bands, words
FROM post FINAL
PREWHERE published_at >= fromUnixTimestamp64Milli({first:Int64}, 'UTC')
  AND published_at <= fromUnixTimestamp64Milli({last:Int64}, 'UTC')
  AND id IN (
    SELECT id FROM post ARRAY JOIN arrayPushBack(bands, same_key) AS shared
    WHERE published_at >= fromUnixTimestamp64Milli({first:Int64}, 'UTC')
      AND published_at <= fromUnixTimestamp64Milli({last:Int64}, 'UTC')
      AND shared IN {keys:Array(UInt64)})
WHERE NOT repost
"""

COPIES_OF = """
SELECT id, toUnixTimestamp64Milli(published_at) AS at, voice, original, same_key, bands, words
FROM post FINAL
WHERE published_at >= fromUnixTimestamp64Milli({first:Int64}, 'UTC')
  AND published_at <= fromUnixTimestamp64Milli({last:Int64}, 'UTC')
  AND original IN {ids:Array(UInt64)}
"""

POINT_ELSEWHERE = f"""
INSERT INTO post
SELECT * REPLACE (
    {{version:UInt32}} AS version,
    transform(id, {{ids:Array(UInt64)}}, {{originals:Array(UInt64)}}, original) AS original)
FROM post FINAL PREWHERE {BY_KEY}
"""

PASSAGES_HELD = """
SELECT text_id, position, digest FROM passage FINAL WHERE text_id IN {texts:Array(UInt64)}
"""

GONE_PASSAGES = """
INSERT INTO passage (text_id, position, version, is_deleted)
SELECT pair.1, pair.2, {version:UInt32}, 1
FROM (SELECT arrayJoin(arrayZip({texts:Array(UInt64)}, {positions:Array(UInt32)})) AS pair)
"""

# Erasure. Every version of a row goes, so no older one can come back.
IDS_OF_AUTHORS = """
SELECT DISTINCT id FROM post WHERE author_key IN {keys:Array(UInt64)}
"""

ERASED_AUTHORS = "SELECT DISTINCT author_key FROM erased_author"

KEEP_OUT = """
INSERT INTO erased_author (author_key, erased_at)
SELECT arrayJoin({keys:Array(UInt64)}), fromUnixTimestamp64Milli({now:Int64}, 'UTC')
"""

LET_IN = "DELETE FROM erased_author WHERE author_key IN {keys:Array(UInt64)}"

TERMS_OF_IDS = """
SELECT DISTINCT arrayJoin(terms) AS term FROM post WHERE id IN {ids:Array(UInt64)}
"""

TERMS_OF_SOURCE = """
SELECT DISTINCT arrayJoin(terms) AS term FROM post WHERE source = {source:UInt32}
"""

# Every version again: a row that was replaced still names its terms.
TERMS_IN_USE = """
SELECT DISTINCT arrayJoin(arrayFilter(t -> t IN {terms:Array(UInt32)}, terms)) AS term
FROM post WHERE hasAny(terms, {terms:Array(UInt32)})
UNION DISTINCT
SELECT DISTINCT arrayJoin(arrayFilter(t -> t IN {terms:Array(UInt32)}, terms)) AS term
FROM passage WHERE hasAny(terms, {terms:Array(UInt32)})
"""

ERASE_TERMS = "DELETE FROM term WHERE id IN {terms:Array(UInt32)}"
CLEAN_TERMS = "ALTER TABLE term APPLY DELETED MASK"

# Files of parts that were rewritten stay on the disk for a while: half a minute in the embedded
# engine, eight on a server.
OLD_PARTS = """
SELECT concat(table, ' ', partition_id, ' ', name) AS part FROM system.parts
WHERE NOT active AND database = currentDatabase() AND table IN ('post', 'counted_post', 'term', 'passage',
                                                                'topic_post')
"""

IDS_OF_SOURCE = """
SELECT DISTINCT id FROM post WHERE source = {source:UInt32}
"""

MONTHS_OF_IDS = """
SELECT DISTINCT toYYYYMM(published_at) AS month FROM post WHERE id IN {ids:Array(UInt64)}
ORDER BY month
"""

MONTHS_OF_SOURCE = """
SELECT DISTINCT toYYYYMM(published_at) AS month FROM post WHERE source = {source:UInt32}
ORDER BY month
"""

ERASE_IDS = "DELETE FROM post WHERE id IN {ids:Array(UInt64)}"
ERASE_SOURCE = "DELETE FROM post WHERE source = {source:UInt32}"
ERASE_TEXT = "DELETE FROM passage WHERE text_id = {text_id:UInt64}"
CLEAN_POSTS = "ALTER TABLE post APPLY DELETED MASK"
CLEAN_PASSAGES = "ALTER TABLE passage APPLY DELETED MASK"

LEFT_OF_TEXT = """
SELECT count() AS n FROM passage FINAL WHERE text_id = {text_id:UInt64}
"""

ORPHANS = """
SELECT id, toUnixTimestamp64Milli(published_at) AS at, voice, original, same_key, bands, words
FROM post FINAL
WHERE published_at >= fromUnixTimestamp64Milli({first:Int64}, 'UTC')
  AND published_at <= fromUnixTimestamp64Milli({last:Int64}, 'UTC')
  AND original != 0
  AND original NOT IN (
    SELECT id FROM post FINAL
    WHERE published_at >= fromUnixTimestamp64Milli({first:Int64}, 'UTC') - INTERVAL 31 DAY
      AND published_at <= fromUnixTimestamp64Milli({last:Int64}, 'UTC'))
"""
