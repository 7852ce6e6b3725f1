-- What a narrowed choice is counted from: the sums by day told apart by tone and kind, and the posts that
-- count with their source, kind and reactions. Both are made anew from the posts: marking every month as
-- unsettled has the archive do so when it is opened.

DROP VIEW IF EXISTS volume_day_feed;

DROP VIEW IF EXISTS counted_post_feed;

DROP TABLE IF EXISTS volume_day SYNC;

DROP TABLE IF EXISTS counted_post SYNC;

ALTER TABLE delta ADD COLUMN IF NOT EXISTS likes Nullable(UInt32);

ALTER TABLE delta ADD COLUMN IF NOT EXISTS replies Nullable(UInt32);

ALTER TABLE delta ADD COLUMN IF NOT EXISTS reposts Nullable(UInt32);

-- Every figure of a day and what it is about. Of reposts and copies the tone and kind are kept too, but
-- nobody asks for them.
CREATE TABLE IF NOT EXISTS volume_day
(
    day        Date,
    voice      LowCardinality(String),
    brand      UInt16,
    product    UInt16,
    language   LowCardinality(String),
    source     UInt32,
    network    LowCardinality(String),
    mood       Int8,
    kind       LowCardinality(String),
    posts      Int64,
    reposts    Int64,
    duplicates Int64,
    words      Int64
)
ENGINE = SummingMergeTree((posts, reposts, duplicates, words))
PARTITION BY toYYYYMM(day)
ORDER BY (voice, brand, product, day, language, source, network, mood, kind)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS volume_day_feed TO volume_day AS
SELECT
    toDate(published_at) AS day,
    voice,
    about.1 AS brand,
    about.2 AS product,
    language,
    source,
    network,
    mood,
    kind,
    toInt64(sum(sign * (NOT repost AND original = 0))) AS posts,
    toInt64(sum(sign * repost)) AS reposts,
    toInt64(sum(sign * (NOT repost AND original != 0))) AS duplicates,
    toInt64(sum(toInt64(sign) * (NOT repost AND original = 0) * words)) AS words
FROM delta
ARRAY JOIN arrayConcat(
    [(toUInt16(0), toUInt16(0))],
    arrayMap(b -> (b, toUInt16(0)), brands),
    arrayFlatten(arrayMap(b -> arrayMap(p -> (b, p), products), brands))) AS about
GROUP BY day, voice, brand, product, language, source, network, mood, kind;

-- The posts that count (neither repost nor copy) without their words: when, whose, about what, which
-- terms. A draw is a random number that belongs to a post; bucket 0 holds the half of the posts whose
-- draw begins with a one, bucket 1 the quarter that begins with 01, and so on: a random sample of any
-- size lies together. A post told anew is a second row of the same draw with other content; rows
-- whose signs add up to nothing are no more. Read with sum(sign), or FINAL: merging changes nothing.
-- Reactions are likes, replies and reposts together; told says whether its network told any of them.
CREATE TABLE IF NOT EXISTS counted_post
(
    voice        LowCardinality(String),
    bucket       UInt8,
    day          Date,
    draw         UInt64,
    content      UInt32,
    author_key   UInt64,
    source       UInt32,
    network      LowCardinality(String),
    brands       Array(UInt16),
    products     Array(UInt16),
    language     LowCardinality(String),
    mood         Int8,
    kind         LowCardinality(String),
    reactions    UInt64,
    told         Bool,
    terms        Array(UInt32),
    sign         Int32
)
ENGINE = SummingMergeTree(sign)
PARTITION BY toYYYYMM(day)
ORDER BY (voice, bucket, day, draw, content)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS counted_post_feed TO counted_post AS
SELECT
    voice,
    toUInt8(least(20, 63 - floor(log2(greatest(cityHash64(id), 1))))) AS bucket,
    toDate(published_at) AS day,
    cityHash64(id) AS draw,
    toUInt32(cityHash64(author_key, source, network, brands, products, language, mood, kind,
                        ifNull(likes, 0) + ifNull(replies, 0) + ifNull(reposts, 0),
                        isNull(likes) AND isNull(replies) AND isNull(reposts), terms)) AS content,
    author_key,
    source,
    network,
    brands,
    products,
    language,
    mood,
    kind,
    toUInt64(ifNull(likes, 0)) + ifNull(replies, 0) + ifNull(reposts, 0) AS reactions,
    isNotNull(likes) OR isNotNull(replies) OR isNotNull(reposts) AS told,
    terms,
    toInt32(sign) AS sign
FROM delta
WHERE NOT repost AND original = 0;

INSERT INTO unsettled_month (month, version, unsettled)
SELECT DISTINCT toYYYYMM(published_at), toUnixTimestamp64Nano(now64(9)), 1 FROM post;
