"""SQL that keeps the sums equal to the posts they were made from."""

UNSETTLED = "SELECT month FROM unsettled_month FINAL WHERE unsettled = 1 ORDER BY month"

MARK_MONTHS = """
INSERT INTO unsettled_month (month, version, unsettled)
SELECT arrayJoin({months:Array(UInt32)}), toUnixTimestamp64Nano(now64(9)), {unsettled:UInt8}
"""

DROP_TERM_MONTH = "ALTER TABLE term_period DROP PARTITION {month:UInt32}"
DROP_VOLUME_MONTH = "ALTER TABLE volume_day DROP PARTITION {month:UInt32}"
DROP_POST_MONTH = "ALTER TABLE post DROP PARTITION {month:UInt32}"

FEED_MONTH = """
INSERT INTO delta
SELECT 1, published_at, source, network, voice, brands, products, language, terms, mood, kind,
       words, repost, original
FROM post FINAL WHERE toYYYYMM(published_at) = {month:UInt32}
"""

MONTHS = """
SELECT DISTINCT toYYYYMM(published_at) AS month FROM post ORDER BY month
"""

ALL_MONTHS = """
SELECT toUInt32(partition) AS month FROM system.parts
WHERE active AND database = currentDatabase() AND table IN ('post', 'term_period', 'volume_day')
GROUP BY month ORDER BY month
"""

# The recount repeats the definition of the views in other words, on purpose: from single posts,
# with joins in the opposite order, so that one mistake cannot be in both.
TERM_DIFFERENCES = """
SELECT period, voice, brand, product, language, term, sum(n) AS docs, sum(p) AS positive,
       sum(m) AS negative
FROM (
    SELECT period, voice, brand, product, language, term, toInt64(docs) AS n,
           toInt64(positive) AS p, toInt64(negative) AS m
    FROM term_period WHERE toYYYYMM(period) = {month:UInt32}
    UNION ALL
    SELECT toDate(if(toMonday(published_at) >= toStartOfMonth(published_at),
                     toMonday(published_at), toStartOfMonth(published_at))) AS period,
           voice, pair.1 AS brand, pair.2 AS product, language, arrayJoin(terms) AS term,
           toInt64(-1) AS n, -toInt64(mood = 1) AS p, -toInt64(mood = -1) AS m
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
HAVING docs != 0 OR positive != 0 OR negative != 0
ORDER BY period, voice, brand, product, language, term
"""

VOLUME_DIFFERENCES = """
SELECT day, voice, brand, product, language, source, network, sum(a) AS posts, sum(b) AS reposts,
       sum(c) AS duplicates, sum(d) AS mood_sum, sum(e) AS unknown, sum(f) AS words,
       sum(g) AS kinds
FROM (
    SELECT day, voice, brand, product, language, source, network, posts AS a, reposts AS b,
           duplicates AS c, positive * 1000003 + negative AS d, unknown AS e, volume_day.words AS f,
           questions * 1000003 + complaints * 1009 + praise AS g
    FROM volume_day WHERE toYYYYMM(day) = {month:UInt32}
    UNION ALL
    SELECT toDate(published_at) AS day, voice, pair.1 AS brand, pair.2 AS product, language, source,
           network, -toInt64(counted) AS a, -toInt64(repost) AS b,
           -toInt64(NOT repost AND original > 0) AS c,
           if(counted, -toInt64(mood = 1) * 1000003 - toInt64(mood = -1), 0) AS d,
           if(counted, -toInt64(mood = -128), 0) AS e,
           if(counted, -toInt64(words), 0) AS f,
           if(counted, -toInt64(kind = 'question') * 1000003 - toInt64(kind = 'complaint') * 1009
                       - toInt64(kind = 'praise'), 0) AS g
    FROM (
        SELECT *, NOT repost AND original = 0 AS counted, arrayJoin(arrayPushFront(
                   arrayConcat(arrayMap(b -> tuple(b, toUInt16(0)), brands),
                               arrayFlatten(arrayMap(p -> arrayMap(b -> tuple(b, p), brands),
                                                     products))),
                   tuple(toUInt16(0), toUInt16(0)))) AS pair
        FROM post FINAL WHERE toYYYYMM(published_at) = {month:UInt32}
    )
)
GROUP BY day, voice, brand, product, language, source, network
HAVING posts != 0 OR reposts != 0 OR duplicates != 0 OR mood_sum != 0 OR unknown != 0
    OR words != 0 OR kinds != 0
ORDER BY day, voice, brand, product, language, source, network
"""
