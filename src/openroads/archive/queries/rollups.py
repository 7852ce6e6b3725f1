"""SQL that keeps the sums equal to the posts they were made from."""

UNSETTLED = "SELECT month FROM unsettled_month FINAL WHERE unsettled = 1 ORDER BY month"

# Month 0 is none: its row says which process wrote last, of several that share a server.
LAST_TURN = "SELECT max(version) AS version FROM unsettled_month WHERE month = 0"

# Anything that is still changing this archive, whoever asked for it.
AT_WORK = """
SELECT (SELECT count() FROM system.processes
        WHERE current_database = currentDatabase()
          AND query_kind IN ('Insert', 'Alter', 'Delete', 'Drop', 'Create'))
     + (SELECT count() FROM system.mutations
        WHERE database = currentDatabase() AND NOT is_done AND NOT is_killed) AS n
"""

TAKE_TURN = """
INSERT INTO unsettled_month (month, version, unsettled) SELECT 0, {version:UInt64}, 0
"""

MARK_MONTHS = """
INSERT INTO unsettled_month (month, version, unsettled)
SELECT arrayJoin({months:Array(UInt32)}), toUnixTimestamp64Nano(now64(9)), {unsettled:UInt8}
"""

DROP_TERM_MONTH = "ALTER TABLE term_period DROP PARTITION {month:UInt32}"
DROP_VOLUME_MONTH = "ALTER TABLE volume_day DROP PARTITION {month:UInt32}"
DROP_COUNTED_MONTH = "ALTER TABLE counted_post DROP PARTITION {month:UInt32}"
DROP_POST_MONTH = "ALTER TABLE post DROP PARTITION {month:UInt32}"

FEED_MONTH = """
INSERT INTO delta
    (sign, id, published_at, author_key, source, network, voice, brands, products, language, terms,
     mood, kind, words, repost, original, likes, replies, reposts)
SETTINGS optimize_on_insert = 0
SELECT 1, id, published_at, author_key, source, network, voice, brands, products, language, terms,
       mood, kind, words, repost, original, likes, replies, reposts
FROM post FINAL WHERE toYYYYMM(published_at) = {month:UInt32}
"""

MONTHS = """
SELECT DISTINCT toYYYYMM(published_at) AS month FROM post ORDER BY month
"""

ALL_MONTHS = """
SELECT toUInt32(partition) AS month FROM system.parts
WHERE active AND database = currentDatabase() AND table IN ('post', 'term_period', 'volume_day',
                                                                'counted_post')
GROUP BY month ORDER BY month
"""

# The recount repeats the definition of the views in other words, on purpose: from single posts,
# with joins in the opposite order, so that one mistake cannot be in both.
TERM_DIFFERENCES = """
SELECT period, voice, brand, product, language, term, sum(n) AS docs, sum(r) AS rated,
       sum(p) AS positive, sum(m) AS negative
FROM (
    SELECT period, voice, brand, product, language, term, toInt64(docs) AS n,
           toInt64(term_period.rated) AS r, toInt64(positive) AS p, toInt64(negative) AS m
    FROM term_period WHERE toYYYYMM(period) = {month:UInt32}
    UNION ALL
    SELECT toDate(if(toMonday(published_at) >= toStartOfMonth(published_at),
                     toMonday(published_at), toStartOfMonth(published_at))) AS period,
           voice, pair.1 AS brand, pair.2 AS product, language, arrayJoin(terms) AS term,
           toInt64(-1) AS n, -toInt64(mood IN (-1, 0, 1)) AS r, -toInt64(mood = 1) AS p,
           -toInt64(mood = -1) AS m
    FROM (
        SELECT published_at, voice, language, terms, mood, arrayJoin(arrayPushFront(
                   arrayConcat(arrayMap(b -> tuple(b, toUInt16(0)), brands),
                               arrayFlatten(arrayMap(p -> arrayMap(b -> tuple(b, p), brands),
                                                     products))),
                   tuple(toUInt16(0), toUInt16(0)))) AS pair
        FROM post FINAL
        WHERE toYYYYMM(published_at) = {month:UInt32} AND repost = 0 AND original = 0
    )
)
GROUP BY period, voice, brand, product, language, term
HAVING docs != 0 OR rated != 0 OR positive != 0 OR negative != 0
ORDER BY period, voice, brand, product, language, term
"""

VOLUME_DIFFERENCES = """
SELECT day, voice, brand, product, language, source, network, mood, kind, sum(a) AS posts,
       sum(b) AS reposts, sum(c) AS duplicates, sum(d) AS words
FROM (
    SELECT day, voice, brand, product, language, source, network, mood, kind, posts AS a,
           reposts AS b, duplicates AS c, volume_day.words AS d
    FROM volume_day WHERE toYYYYMM(day) = {month:UInt32}
    UNION ALL
    SELECT toDate(published_at) AS day, voice, pair.1 AS brand, pair.2 AS product, language, source,
           network, mood, kind, -toInt64(counted) AS a, -toInt64(repost) AS b,
           -toInt64(NOT repost AND original > 0) AS c, if(counted, -toInt64(words), 0) AS d
    FROM (
        SELECT *, NOT repost AND original = 0 AS counted, arrayJoin(arrayPushFront(
                   arrayConcat(arrayMap(b -> tuple(b, toUInt16(0)), brands),
                               arrayFlatten(arrayMap(p -> arrayMap(b -> tuple(b, p), brands),
                                                     products))),
                   tuple(toUInt16(0), toUInt16(0)))) AS pair
        FROM post FINAL WHERE toYYYYMM(published_at) = {month:UInt32}
    )
)
GROUP BY day, voice, brand, product, language, source, network, mood, kind
HAVING posts != 0 OR reposts != 0 OR duplicates != 0 OR words != 0
ORDER BY day, voice, brand, product, language, source, network, mood, kind
"""

COUNTED_DIFFERENCES = """
SELECT day, voice, draw, sum(n) AS rows
FROM (
    SELECT day, voice, draw, author_key, source, network, language, mood, kind, brands, products,
           reactions, told, terms, toInt64(sign) AS n
    FROM counted_post WHERE toYYYYMM(day) = {month:UInt32}
    UNION ALL
    SELECT toDate(published_at) AS day, voice, cityHash64(id) AS draw, author_key, source, network,
           language, mood, kind, brands, products,
           arraySum(arrayMap(one -> toUInt64(ifNull(one, 0)), [likes, replies, reposts])) AS reactions,
           arrayExists(one -> one IS NOT NULL, [likes, replies, reposts]) AS told, terms,
           toInt64(-1) AS n
    FROM post FINAL
    WHERE toYYYYMM(published_at) = {month:UInt32} AND repost = 0 AND original = 0
)
GROUP BY day, voice, draw, author_key, source, network, language, mood, kind, brands, products,
         reactions, told, terms
HAVING rows != 0 ORDER BY day, draw
"""
