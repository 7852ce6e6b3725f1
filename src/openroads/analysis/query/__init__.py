"""Boolean queries: their language, and a matcher that agrees with the archive on every post."""
