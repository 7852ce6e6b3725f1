-- The conversations, the brand's own words, the terms in both, and the sums the screens read.

CREATE TABLE IF NOT EXISTS post
(
    id           UInt64,
    published_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
    source       UInt32,
    network      LowCardinality(String),
    native_id    String CODEC(ZSTD),
    voice        LowCardinality(String),
    author_key   UInt64,
    author       String CODEC(ZSTD),
    author_name  String CODEC(ZSTD),
    url          String CODEC(ZSTD),
    title        String CODEC(ZSTD),
    text         String CODEC(ZSTD),
    reply_to     String CODEC(ZSTD),
    thread       String CODEC(ZSTD),
    repost       Bool,
    likes        Nullable(UInt32),
    replies      Nullable(UInt32),
    reposts      Nullable(UInt32),
    views        Nullable(UInt64),
    rating       Nullable(Float32),
    language     LowCardinality(String),
    language_p   Float32,
    tone         Float32,
    mood         Int8,
    kind         LowCardinality(String),
    words        UInt32,
    terms        Array(UInt32),
    hashtags     Array(LowCardinality(String)),
    mentions     Array(String),
    emoji        Array(LowCardinality(String)),
    brands       Array(UInt16),
    products     Array(UInt16),
    same_key     UInt64,
    bands        Array(UInt64) CODEC(LZ4),
    original     UInt64,
    analyser     LowCardinality(String),
    digest       UInt64,
    collected_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
    version      UInt32,
    is_deleted   UInt8,
    norm         String ALIAS removeDiacriticsUTF8(caseFoldUTF8(text)),
    INDEX norm_words norm TYPE text(tokenizer = icu('nl')),
    INDEX by_id id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version, is_deleted)
PARTITION BY toYYYYMM(published_at)
ORDER BY (published_at, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS term
(
    id       UInt32,
    hash     UInt64,
    key      String CODEC(ZSTD),
    shown    String CODEC(ZSTD),
    language LowCardinality(String),
    INDEX by_hash hash TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS passage
(
    id           UInt64,
    text_id      UInt64,
    position     UInt32,
    brand        UInt16,
    url          String CODEC(ZSTD),
    title        String CODEC(ZSTD),
    text         String CODEC(ZSTD),
    valid_from   Date,
    valid_to     Nullable(Date),
    language     LowCardinality(String),
    tone         Float32,
    mood         Int8,
    words        UInt32,
    terms        Array(UInt32),
    products     Array(UInt16),
    analyser     LowCardinality(String),
    digest       UInt64,
    version      UInt32,
    is_deleted   UInt8,
    norm         String ALIAS removeDiacriticsUTF8(caseFoldUTF8(text)),
    INDEX norm_words norm TYPE text(tokenizer = icu('nl'))
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (text_id, position)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- What an ingest changes in the sums: +1 for each row that came, -1 for each that went.
-- Nothing is kept here; the views below turn it into sums. A rebuild feeds the same table, so there
-- is one definition of what the sums mean.
CREATE TABLE IF NOT EXISTS delta
(
    sign         Int8,
    id           UInt64,
    published_at DateTime64(3, 'UTC'),
    author_key   UInt64,
    source       UInt32,
    network      LowCardinality(String),
    voice        LowCardinality(String),
    brands       Array(UInt16),
    products     Array(UInt16),
    language     LowCardinality(String),
    terms        Array(UInt32),
    mood         Int8,
    kind         LowCardinality(String),
    words        UInt32,
    repost       Bool,
    original     UInt64
)
ENGINE = Null;

-- period is the later of the Monday of the week and the first of the month, so that both weeks
-- and months are whole numbers of periods. Product 0 is every product, brand 0 every brand. Rated
-- are the posts whose tone is known. Terms stand before periods: a question about some words reads
-- those words only, and ids given early are of common words, so these lie together.
CREATE TABLE IF NOT EXISTS term_period
(
    period   Date,
    voice    LowCardinality(String),
    brand    UInt16,
    product  UInt16,
    language LowCardinality(String),
    term     UInt32,
    docs     Int32,
    rated    Int32,
    positive Int32,
    negative Int32
)
ENGINE = SummingMergeTree((docs, rated, positive, negative))
PARTITION BY toYYYYMM(period)
ORDER BY (voice, brand, product, term, period, language)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS term_period_feed TO term_period AS
SELECT
    toDate(greatest(toMonday(published_at), toStartOfMonth(published_at))) AS period,
    voice,
    about.1 AS brand,
    about.2 AS product,
    language,
    term,
    toInt32(sum(sign)) AS docs,
    toInt32(sum(sign * (mood != -128))) AS rated,
    toInt32(sum(sign * (mood = 1))) AS positive,
    toInt32(sum(sign * (mood = -1))) AS negative
FROM delta
ARRAY JOIN terms AS term
ARRAY JOIN arrayConcat(
    [(toUInt16(0), toUInt16(0))],
    arrayMap(b -> (b, toUInt16(0)), brands),
    arrayFlatten(arrayMap(b -> arrayMap(p -> (b, p), products), brands))) AS about
WHERE NOT repost AND original = 0
GROUP BY period, voice, brand, product, language, term;

CREATE TABLE IF NOT EXISTS volume_day
(
    day        Date,
    voice      LowCardinality(String),
    brand      UInt16,
    product    UInt16,
    language   LowCardinality(String),
    source     UInt32,
    network    LowCardinality(String),
    posts      Int64,
    reposts    Int64,
    duplicates Int64,
    positive   Int64,
    negative   Int64,
    unknown    Int64,
    words      Int64,
    questions  Int64,
    complaints Int64,
    praise     Int64
)
ENGINE = SummingMergeTree((posts, reposts, duplicates, positive, negative, unknown, words, questions, complaints, praise))
PARTITION BY toYYYYMM(day)
ORDER BY (voice, brand, product, day, language, source, network)
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
    toInt64(sum(sign * (NOT repost AND original = 0))) AS posts,
    toInt64(sum(sign * repost)) AS reposts,
    toInt64(sum(sign * (NOT repost AND original != 0))) AS duplicates,
    toInt64(sum(sign * (NOT repost AND original = 0) * (mood = 1))) AS positive,
    toInt64(sum(sign * (NOT repost AND original = 0) * (mood = -1))) AS negative,
    toInt64(sum(sign * (NOT repost AND original = 0) * (mood = -128))) AS unknown,
    toInt64(sum(toInt64(sign) * (NOT repost AND original = 0) * words)) AS words,
    toInt64(sum(sign * (NOT repost AND original = 0) * (kind = 'question'))) AS questions,
    toInt64(sum(sign * (NOT repost AND original = 0) * (kind = 'complaint'))) AS complaints,
    toInt64(sum(sign * (NOT repost AND original = 0) * (kind = 'praise'))) AS praise
FROM delta
ARRAY JOIN arrayConcat(
    [(toUInt16(0), toUInt16(0))],
    arrayMap(b -> (b, toUInt16(0)), brands),
    arrayFlatten(arrayMap(b -> arrayMap(p -> (b, p), products), brands))) AS about
GROUP BY day, voice, brand, product, language, source, network;

-- The posts that count (neither repost nor copy) without their words: when, whose, about what, which
-- terms. A draw is a random number that belongs to a post; bucket 0 holds the half of the posts whose
-- draw begins with a one, bucket 1 the quarter that begins with 01, and so on: a random sample of any
-- size lies together. A post told anew is a second row of the same draw with other content; rows
-- whose signs add up to nothing are no more. Read with sum(sign), or FINAL: merging changes nothing.
CREATE TABLE IF NOT EXISTS counted_post
(
    voice        LowCardinality(String),
    bucket       UInt8,
    day          Date,
    draw         UInt64,
    content      UInt32,
    author_key   UInt64,
    brands       Array(UInt16),
    products     Array(UInt16),
    language     LowCardinality(String),
    mood         Int8,
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
    toUInt32(cityHash64(author_key, brands, products, language, mood, terms)) AS content,
    author_key,
    brands,
    products,
    language,
    mood,
    terms,
    toInt32(sign) AS sign
FROM delta
WHERE NOT repost AND original = 0;

-- Months whose sums may differ from their posts because an ingest is (or was) under way.
-- Read at open: what is still marked there was interrupted, and is rebuilt from the posts.
CREATE TABLE IF NOT EXISTS unsettled_month
(
    month     UInt32,
    version   UInt64,
    unsettled UInt8
)
ENGINE = ReplacingMergeTree(version)
ORDER BY month
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
