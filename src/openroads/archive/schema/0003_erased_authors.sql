-- Authors who asked to be erased, under their keyed pseudonyms: what they say is not taken in again.

CREATE TABLE IF NOT EXISTS erased_author
(
    author_key UInt64,
    erased_at  DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(erased_at)
ORDER BY author_key
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
