"""SQL of masking names in what others wrote. Every version of a post counts: what was replaced is on the disk
until the parts are merged."""

NAMING = """
SELECT DISTINCT id FROM post
WHERE multiSearchAnyCaseInsensitiveUTF8(
    concat(title, ' ', text, ' ', url, ' ', reply_to, ' ', thread, ' ', quotes), {words:Array(String)})
  AND author_key NOT IN {keys:Array(UInt64)}
ORDER BY id
"""

WHOLE = "SELECT * FROM post FINAL WHERE id IN {ids:Array(UInt64)}"

MONTHS = """
SELECT DISTINCT toYYYYMM(published_at) AS month FROM post WHERE id IN {ids:Array(UInt64)}
ORDER BY month
"""

TERMS = "SELECT DISTINCT arrayJoin(terms) AS term FROM post WHERE id IN {ids:Array(UInt64)}"

ERASE_OLDER = """
DELETE FROM post
WHERE id IN {ids:Array(UInt64)} AND (id, version) NOT IN (
    SELECT id, max(version) FROM post WHERE id IN {ids:Array(UInt64)} GROUP BY id)
"""
