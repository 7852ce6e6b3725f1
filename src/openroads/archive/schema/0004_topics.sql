-- Which posts each version of a topic finds: ids and moments only, no word of anybody's. A version never
-- changes, so a post of a certain version is found by it or not: writing that again changes nothing, and
-- of two rows the one made from the later version of the post is right. Who reads this asks `post` for
-- the posts, so that a row whose post is gone counts for nothing. A partition per version: there are a
-- hundred of these at most, and a version that is over is dropped in a blink instead of deleted.

CREATE TABLE IF NOT EXISTS topic_post
(
    topic        UInt32,
    version      UInt32,
    id           UInt64,
    published_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
    stamp        UInt32,
    is_out       UInt8,
    INDEX by_id id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(stamp, is_out)
PARTITION BY version
ORDER BY (version, published_at, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
