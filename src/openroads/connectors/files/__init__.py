"""Files people bring: tables and JSON lines of posts, detected, previewed, read page by page."""

from openroads.connectors.files.detect import detect, propose
from openroads.connectors.files.pages import PAGE_ROWS, own_authors, read, with_preview
from openroads.connectors.files.reading import FIELDS, REASON_COLUMNS, PreviewRow, Reading
from openroads.connectors.files.rejected import RejectedFile
from openroads.connectors.files.writing import NOTHING_SAID, Writing

__all__ = [
    "FIELDS",
    "NOTHING_SAID",
    "PAGE_ROWS",
    "REASON_COLUMNS",
    "PreviewRow",
    "Reading",
    "RejectedFile",
    "Writing",
    "detect",
    "own_authors",
    "propose",
    "read",
    "with_preview",
]
