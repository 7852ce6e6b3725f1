"""SQL about the archive's own shape: which steps were applied."""

CREATE_STEPS = """
CREATE TABLE IF NOT EXISTS step (number UInt16, name String, applied_at DateTime64(3, 'UTC'))
ENGINE = ReplacingMergeTree(applied_at) ORDER BY number
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
"""

STEPS_DONE = "SELECT number FROM step FINAL"

RECORD_STEP = """
INSERT INTO step (number, name, applied_at)
SELECT {number:UInt16}, {name:String}, now64(3)
"""
