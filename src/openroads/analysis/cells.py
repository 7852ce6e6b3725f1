"""Text as the cell of a table that spreadsheets open: never run as a formula."""

import re
from typing import Final

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")


def safe_cell(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it as a formula.

    One that begins with apostrophes and a sign gets one more, so that taking the first off gives
    every text back as it was. https://owasp.org/www-community/attacks/CSV_Injection
    """
    return f"'{text}" if _FORMULA.match(text) else text
