-- Which post a post quotes: its network's own id, as `reply_to` and `thread` have theirs. A repost says
-- nothing of its own, a quote does.

ALTER TABLE post ADD COLUMN IF NOT EXISTS quotes String CODEC(ZSTD) AFTER thread;
