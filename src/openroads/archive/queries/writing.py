"""SQL of the writing side: what an ingest looks up, and what it changes besides plain inserts."""

TERM_HASHES = "SELECT hash, id FROM term ORDER BY id"

MONTHS_OF_POSTS = """
SELECT DISTINCT toUInt32(partition) AS month FROM system.parts
WHERE active AND database = currentDatabase() AND table = 'post' ORDER BY month
"""

IDS_OF_MONTH = "SELECT id FROM post WHERE toYYYYMM(published_at) = {month:UInt32}"

LAST_VERSIONS = """
SELECT (SELECT max(version) FROM post) AS post, (SELECT max(version) FROM passage) AS passage
"""

BY_KEY = """
    published_at >= fromUnixTimestamp64Milli({first:Int64}, 'UTC')
    AND published_at <= fromUnixTimestamp64Milli({last:Int64}, 'UTC')
    AND published_at IN (
        SELECT fromUnixTimestamp64Milli(arrayJoin({moments:Array(Int64)}), 'UTC'))
    AND id IN {ids:Array(UInt64)}
"""

HELD_BY_KEY = f"""
SELECT id, toUnixTimestamp64Milli(published_at) AS at, digest FROM post FINAL WHERE {BY_KEY}
"""

HELD_BY_ID = """
SELECT id, toUnixTimestamp64Milli(published_at) AS at, digest
FROM post FINAL WHERE id IN {ids:Array(UInt64)}
"""

FULL_BY_KEY = f"""
SELECT id, toUnixTimestamp64Milli(published_at) AS at, source, network, voice, brands, products,
       language, terms, mood, kind, words, repost, original, same_key, bands
FROM post FINAL WHERE {BY_KEY}
"""

# The inner look-up needs no FINAL: it only proposes, the outer one reads what is true now.
TWINS = """
SELECT id, toUnixTimestamp64Milli(published_at) AS at, voice, original, same_key, bands, words
FROM post FINAL
WHERE published_at >= fromUnixTimestamp64Milli({first:Int64}, 'UTC')
  AND published_at <= fromUnixTimestamp64Milli({last:Int64}, 'UTC')
  AND NOT repost
  AND id IN (
    SELECT id FROM post ARRAY JOIN arrayPushBack(bands, same_key) AS shared
    WHERE published_at >= fromUnixTimestamp64Milli({first:Int64}, 'UTC')
      AND published_at <= fromUnixTimestamp64Milli({last:Int64}, 'UTC')
      AND shared IN {keys:Array(UInt64)})
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
FROM post FINAL WHERE {BY_KEY}
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
IDS_OF_AUTHOR = """
SELECT DISTINCT id FROM post WHERE author_key = {author_key:UInt64}
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
