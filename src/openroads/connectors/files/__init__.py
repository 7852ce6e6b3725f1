"""Files people bring: tables and JSON lines of posts, detected, previewed, read page by page."""

from openroads.connectors.files.detect import detect
from openroads.connectors.files.pages import PAGE_ROWS, own_authors, read, with_preview
from openroads.connectors.files.reading import FIELDS, REASON_COLUMNS, PreviewRow, Reading
from openroads.connectors.files.rejected import RejectedFile, write_rejected

__all__ = [
    "FIELDS",
    "PAGE_ROWS",
    "REASON_COLUMNS",
    "PreviewRow",
    "Reading",
    "RejectedFile",
    "detect",
    "own_authors",
    "read",
    "with_preview",
    "write_rejected",
]
